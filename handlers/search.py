"""Free text that nothing awaits: a code from a stranger, "ai chưa", a search from everybody else. Rules: training."""

from bot.chat.pages import page_of
from bot.chat.router import ANY_TEXT, answer, choice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.training import invites, search
from handlers import link, start, who_not

LONGEST = 60  # letters of a query that are kept; what is longer is a letter, not a search


@answer(ANY_TEXT, who=Role.ANYONE)
async def free_text(turn: Turn, text: str) -> Screen:
    """Take eight digits for a code, else search; who is not linked is told how to."""
    code = invites.code_in(text)
    if code:
        return await link.claim(turn, code)
    if not turn.has(Role.OFFICIAL):
        return await start.home(turn)
    if who_not.asked(turn, text):
        return await who_not.menu(turn)
    turn.draft["query"] = text[:LONGEST]
    return await found(turn, 0)


@choice("found", who=Role.OFFICIAL)
async def found(turn: Turn, page: int) -> Screen:
    """Show a page of what the last typed words find."""
    query = str(turn.draft.get("query", ""))
    everything = await search.everything(turn.tx, turn.person.person_id, turn.now)
    results = page_of(search.best(query, everything), page)
    screen = Screen("search/found" if results.total else "search/nothing", query=query, page=results)
    for result in results.items:
        screen.button("item", result.choice, result.id, title=result.title)
    if not results.total:
        screen.button("courses", "courses").button("laws", "laws", beside=True)
    return results.buttons(screen, "found").button("home", "home")
