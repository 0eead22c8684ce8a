"""HR of the whole says what posts call for, and which posts come first. Rules: training.post_requirements, posts."""

from bot.chat.pages import page_of
from bot.chat.router import answer, choice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Stale
from bot.excel.writer import Sheet, write_workbook
from bot.training import post_requirement_sheet, post_requirements, posts
from bot.training.courses import CATEGORIES
from bot.training.post_requirements import POST, Whom

LONGEST = 60  # letters of a query that are kept
_SHEET = "post_requirements/sheet"


@choice("posts", who=Role.HR_ALL, reach="whole")
async def listing(turn: Turn, page: int = 0) -> Screen:
    """List whom requirements may concern: everybody, groups, posts."""
    turn.draft.pop("post", None)
    return await _list(turn, page)


@choice("posts_found", who=Role.HR_ALL, reach="whole")
async def found(turn: Turn, page: int = 0) -> Screen:
    """Show a page of the posts found last."""
    return await _list(turn, page, str(turn.draft.get("post", "")))


async def _list(turn: Turn, page: int, words: str = "") -> Screen:
    shown = page_of(await post_requirements.everybody(turn.tx, words), page)
    screen = Screen("post_requirements/list", page=shown, words=words)
    for one, count in shown.items:
        screen.button("item", "post", one.kind, one.post_id, whom=one, count=count)
    shown.buttons(screen, "posts_found" if words else "posts")
    screen.button("find", "post_find")
    screen.button("sheet", "posts_sheet", beside=True)
    return screen.button("back", "gaps").button("home", "home", beside=True)


@choice("post_find", who=Role.HR_ALL, reach="whole")
async def ask_post(turn: Turn) -> Screen:
    """Ask for a post's name."""
    turn.ask("post_find")
    return Screen("post_requirements/find").button("back", "posts")


@answer("post_find", who=Role.HR_ALL, reach="whole")
async def post_told(turn: Turn, text: str) -> Screen:
    """Show the posts with these words in their names."""
    turn.draft["post"] = text[:LONGEST]
    return await _list(turn, 0, text[:LONGEST])


@choice("post", who=Role.HR_ALL, reach="whole")
async def card(turn: Turn, kind: str, post_id: int) -> Screen:
    """Show what is required of some people."""
    return await _card(turn, await post_requirements.whom(turn.tx, kind, post_id))


async def _card(turn: Turn, one: Whom, said: str = "") -> Screen:
    required = await post_requirements.of_whom(turn.tx, one)
    screen = Screen("post_requirements/card", whom=one, required=required, said=said)
    for requirement in required:
        screen.button("drop", "post_drop", one.kind, one.post_id, requirement.category, category=requirement.category)
    if len(required) < len(CATEGORIES):
        screen.button("add", "post_add", one.kind, one.post_id, tone="go")
    if one.kind == POST:
        screen.button("usual" if one.priority else "priority", "post_first", one.post_id, int(not one.priority))
    return screen.button("back", "posts").button("home", "home", beside=True)


@choice("post_add", who=Role.HR_ALL, reach="whole")
async def ask_category(turn: Turn, kind: str, post_id: int, page: int = 0) -> Screen:
    """Ask which content group is required."""
    one = await post_requirements.whom(turn.tx, kind, post_id)
    there = {requirement.category for requirement in await post_requirements.of_whom(turn.tx, one)}
    shown = page_of([category for category in CATEGORIES if category not in there], page)
    screen = Screen("post_requirements/ask_category", whom=one, page=shown)
    for category in shown.items:
        screen.button("category", "post_term", kind, post_id, category, category=category)
    return shown.buttons(screen, "post_add", kind, post_id).button("leave", "post", kind, post_id)


@choice("post_term", who=Role.HR_ALL, reach="whole")
async def ask_term(turn: Turn, kind: str, post_id: int, category: str) -> Screen:
    """Ask whether it is required each year or once."""
    if category not in CATEGORIES:
        raise Stale
    one = await post_requirements.whom(turn.tx, kind, post_id)
    screen = Screen("post_requirements/ask_term", whom=one, category=category)
    screen.button("every_year", "post_keep", kind, post_id, category, 1)
    screen.button("once", "post_keep", kind, post_id, category, 0, beside=True)
    return screen.button("leave", "post", kind, post_id)


@choice("post_keep", who=Role.HR_ALL, reach="whole")
async def keep(turn: Turn, kind: str, post_id: int, category: str, every_year: int) -> Screen:
    """Require it."""
    one = await post_requirements.whom(turn.tx, kind, post_id)
    await post_requirements.put(turn.tx, one, category, bool(every_year), turn.person.person_id, turn.now)
    return await _card(turn, one, "kept")


@choice("post_drop", who=Role.HR_ALL, reach="whole")
async def drop(turn: Turn, kind: str, post_id: int, category: str) -> Screen:
    """Require it no more; it can be added again."""
    one = await post_requirements.whom(turn.tx, kind, post_id)
    await post_requirements.drop(turn.tx, one, category, turn.person.person_id, turn.now)
    return await _card(turn, one, "dropped")


@choice("post_first", who=Role.HR_ALL, reach="whole")
async def put_first(turn: Turn, post_id: int, priority: int) -> Screen:
    """Let the holders of a sensitive post come first in lists of gaps, or no more."""
    await posts.set_priority(turn.tx, post_id, bool(priority), turn.person.person_id, turn.now)
    return await _card(turn, await post_requirements.whom(turn.tx, POST, post_id), "kept")


@choice("posts_sheet", who=Role.HR_ALL, reach="whole")
async def sheet(turn: Turn) -> Screen:
    """Send all requirements as a workbook that can be edited and sent back."""

    def said(category: str) -> str:
        return turn.words(_SHEET, "category", category=category)

    written = await post_requirement_sheet.written(turn.tx, turn.person.person_id, said, turn.now)
    title = turn.words(_SHEET, "title")
    notes = [title, turn.words(_SHEET, "note", mark=written.mark, made_at=turn.now)]
    page = Sheet(title, written.headings, written.rows, notes=notes)
    screen = Screen(_SHEET, fresh=True, count=len(written.rows))
    screen.attach(turn.words(_SHEET, "filename"), write_workbook([page], title=title, made_at=turn.now))
    return screen.button("back", "posts").button("home", "home", beside=True)
