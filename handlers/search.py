"""Free text that nothing awaits: a code from a stranger, "ai chưa", a search from everybody else. Rules: training."""

from bot.chat.pages import page_of
from bot.chat.router import ANY_TEXT, answer, choice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.training import attendance_codes, invites, search
from bot.training.search import Candidate
from handlers import attend, link, start, who_not

SECTIONS = ("courses", "mine", "laws", "rate", "profile", "help")  # of the first screen, found by their buttons' words
LONGEST = 60  # letters of a query that are kept; what is longer is a letter, not a search


@answer(ANY_TEXT, who=Role.ANYONE)
async def free_text(turn: Turn, text: str) -> Screen:
    """Take eight digits for an invite, four for a class's code, else search; who is not linked is told how to."""
    code = invites.code_in(text)
    if code:
        return await link.claim(turn, code)
    if not turn.has(Role.OFFICIAL):
        return await start.home(turn)
    if who_not.asked(turn, text):
        return await who_not.menu(turn)
    presence = attendance_codes.code_in(text)
    answered = await attend.typed(turn, presence) if presence else None
    if answered is not None and (answered[1] or not await _finds(turn, text)):
        return answered[0]
    turn.draft["query"] = text[:LONGEST]
    return await found(turn, 0)


async def _finds(turn: Turn, text: str) -> bool:
    return bool(search.best(text, await _everything(turn)))


async def _everything(turn: Turn) -> list[Candidate]:
    """Give what the speaker may find, then the sections of the first screen."""
    found = await search.everything(turn.tx, turn.person.person_id, turn.now, desk=turn.has(Role.HR))
    return found + [Candidate(turn.words("start/home", name), name, 0) for name in SECTIONS]


@choice("found", who=Role.OFFICIAL)
async def found(turn: Turn, page: int) -> Screen:
    """Show a page of what the last typed words find."""
    query = str(turn.draft.get("query", ""))
    results = page_of(search.best(query, await _everything(turn)), page)
    screen = Screen("search/found" if results.total else "search/nothing", query=query, page=results)
    for result in results.items:
        screen.button("item", result.choice, *([result.id] if result.id else []), title=result.title)
    if not results.total:
        screen.button("courses", "courses").button("laws", "laws", beside=True)
    return results.buttons(screen, "found").button("home", "home")
