"""Who lacks what their post calls for: HR's and heads' lists, a hint to those, a person's own. Rules: learning_gaps."""

from bot.chat.pages import page_of
from bot.chat.router import choice, notice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Stale
from bot.excel.cells import CellValue
from bot.excel.writer import Sheet, write_workbook
from bot.training import audit, calendar, learning_gaps, who_not
from bot.training.calendar import Calendar
from bot.training.courses import CATEGORIES, Filter
from bot.training.learning_gaps import Gap

_WHO = (Role.HR, Role.HEAD)
_SHEET = "learning_gaps/sheet"
_HEADINGS = ("number", "code", "name", "unit", "post", "priority", "category", "term", "state")


def _year(turn: Turn) -> int:
    return Calendar(turn.zone).local(turn.now).year


@choice("gaps", who=_WHO, reach="list")
async def groups(turn: Turn, page: int = 0) -> Screen:
    """Show, for each content group that posts call for, how many lack it this year."""
    year, days = _year(turn), Calendar(turn.zone)
    found = await learning_gaps.groups(turn.tx, turn.person.person_id, year, days, turn.now)
    shown = page_of(found, page)
    screen = Screen("learning_gaps/groups", year=year, page=shown, missing=any(group.missing for group in found))
    for group in shown.items:
        if group.missing:
            screen.button("group", "gaps_of", group.category, group=group)
    shown.buttons(screen, "gaps")
    if screen.values["missing"]:
        screen.button("sheet", "gaps_sheet")
    if turn.has(Role.HR_ALL):
        screen.button("posts", "posts")
    return _ways_back(turn, screen)


def _ways_back(turn: Turn, screen: Screen) -> Screen:
    screen.button("back", "desk_hours" if turn.has(Role.HR) else "unit_board")
    return screen.button("home", "home", beside=True)


@choice("gaps_of", who=_WHO, reach="list")
async def listed(turn: Turn, category: str, page: int = 0) -> Screen:
    """List who lacks one content group, by unit, holders of sensitive posts first."""
    year = _year(turn)
    found = await _gaps(turn, category)
    await audit.noted(turn, "gaps.list", f"category:{category}", new={"people": len(found)})
    urgent = [who_not.Missing(gap.person_id, gap.code, gap.name, gap.unit) for gap in found if gap.priority]
    others = [who_not.Missing(gap.person_id, gap.code, gap.name, gap.unit) for gap in found if not gap.priority]
    made = [turn.words("learning_gaps/list", "urgent", line=line) for line in who_not.lines(urgent)]
    shown = page_of(who_not.messages([*made, *who_not.lines(others)]), page, 1)
    seated = sum(gap.seated for gap in found)
    screen = Screen("learning_gaps/list", year=year, category=category, total=len(found), seated=seated, page=shown,
                    lines=shown.items[0] if shown.items else [])  # fmt: skip
    shown.buttons(screen, "gaps_of", category)
    if len(found) > seated:
        screen.button("hint", "gaps_hint", category)
        screen.button("nominate", "nominate_courses", beside=True)
    return screen.button("back", "gaps").button("home", "home", beside=True)


async def _gaps(turn: Turn, category: str = "") -> list[Gap]:
    if category and category not in CATEGORIES:
        raise Stale
    days = Calendar(turn.zone)
    return await learning_gaps.gaps(turn.tx, turn.person.person_id, _year(turn), days, turn.now, category)


@choice("gaps_sheet", who=_WHO, reach="list")
async def sheet(turn: Turn) -> Screen:
    """Send who lacks what as a workbook, a row for each content group that somebody lacks."""
    found = await _gaps(turn)
    await audit.noted(turn, "gaps.export", f"year:{_year(turn)}", new={"rows": len(found)})
    rows = [_row(turn, at, gap) for at, gap in enumerate(found, start=1)]
    title = turn.words(_SHEET, "title", year=_year(turn))
    headings = [turn.words(_SHEET, f"heading_{name}") for name in _HEADINGS]
    notes = [title, turn.words("uploads/report", "note")]
    content = write_workbook([Sheet(str(_year(turn)), headings, rows, notes=notes)], title=title, made_at=turn.now)
    screen = Screen(_SHEET, fresh=True, people=len({gap.person_id for gap in found}))
    screen.attach(turn.words(_SHEET, "filename", year=_year(turn)), content)
    return screen.button("back", "gaps").button("home", "home", beside=True)


def _row(turn: Turn, at: int, gap: Gap) -> list[CellValue]:
    words = [turn.words(_SHEET, name) for name in ("year_term" if gap.every_year else "once_term",
                                                   "seat" if gap.seated else "missing")]  # fmt: skip
    category = turn.words(_SHEET, "category", category=gap.category)
    urgent = turn.words(_SHEET, "urgent") if gap.priority else None
    return [at, gap.code, gap.name, gap.unit, gap.post, urgent, category, *words]


@choice("gaps_hint", who=_WHO, reach="list")
async def hint(turn: Turn, category: str, sure: int = 0) -> Screen:
    """Write to those who lack a content group and have no seat for it, after asking once."""
    if category not in CATEGORIES:
        raise Stale
    year, me = _year(turn), turn.person.person_id
    count = await learning_gaps.to_hint(turn.tx, me, year, Calendar(turn.zone), category, turn.now)
    if not sure:
        screen = Screen("learning_gaps/sure", category=category, count=count)
        if count:
            screen.button("sure", "gaps_hint", category, 1, tone="go")
        return screen.button("leave", "gaps_of", category, beside=bool(count))
    days = await calendar.load(turn.tx, turn.zone)
    told = await learning_gaps.hint(turn.tx, me, year, days, category, turn.now)
    await audit.noted(turn, "gaps.hint", f"category:{category}", new={"people": told})
    screen = Screen("learning_gaps/hinted", category=category, told=told, before=count - told)
    return screen.button("back", "gaps_of", category).button("home", "home", beside=True)


@notice(learning_gaps.HINTED)
async def hinted(turn: Turn, category: str) -> Screen | None:
    """Tell somebody what their post calls for and where it can be learned now, if they still lack it."""
    me, year, days = turn.person.person_id, _year(turn), Calendar(turn.zone)
    found = [one for one in await learning_gaps.own(turn.tx, me, year, days) if one.category == category]
    if not found or found[0].state != "missing":
        return None
    offered = await learning_gaps.suggested(turn.tx, me, found, turn.now)
    screen = Screen("learning_gaps/hint", one=found[0], year=year, courses=offered[category])
    if offered[category]:
        screen.button("courses", "courses", str(Filter(category)))
    return screen.button("own", "gaps_mine", beside=bool(offered[category]))


@choice("gaps_mine", who=Role.OFFICIAL, reach="own")
async def own(turn: Turn) -> Screen:
    """Show what the person's post calls for, and the open courses for what is missing."""
    me, year, days = turn.person.person_id, _year(turn), Calendar(turn.zone)
    found = await learning_gaps.own(turn.tx, me, year, days)
    offered = await learning_gaps.suggested(turn.tx, me, found, turn.now)
    screen = Screen("learning_gaps/own", year=year, found=found, offered=offered)
    for category, count in offered.items():
        if count:
            screen.button("category", "courses", str(Filter(category)), category=category, count=count)
    return screen.button("back", "hours").button("home", "home", beside=True)
