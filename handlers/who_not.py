"""Ai chưa?: one word, then the list, as text to paste or as a workbook. Who is on which list: training.who_not."""

from bot.chat.pages import page_of
from bot.chat.router import choice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.excel.cells import CellValue
from bot.excel.writer import Sheet, write_workbook
from bot.folding import fold
from bot.training import audit, courses, hours, rights, who_not
from bot.training.calendar import Calendar
from bot.training.who_not import Listed

WHO = (Role.HR, Role.HEAD)
_SHEET = "who_not/sheet"
_HEADINGS = ("number", "code", "name", "unit")
_BEHIND = "behind"


def asked(turn: Turn, text: str) -> bool:
    """Tell whether typed words ask for these lists, of somebody who may see them."""
    words = turn.words("who_not/menu", "asked").split("|")
    return any(turn.has(role) for role in WHO) and fold(text).rstrip("? ") in words


@choice("who_not", who=WHO, reach="list")
async def menu(turn: Turn, page: int = 0) -> Screen:
    """Show every list with somebody on it."""
    found = await who_not.menu(turn.tx, turn.person.person_id, turn.now)
    shown = page_of(found + await _behind(turn), page)
    screen = Screen("who_not/menu", page=shown)
    for listed in shown.items:
        if listed.kind == _BEHIND:
            screen.button(_BEHIND, "hours_behind", listed=listed)
        else:
            screen.button(listed.kind, "who_not_list", listed.kind, listed.id, listed=listed)
    shown.buttons(screen, "who_not")
    if turn.has(Role.HR):
        screen.button("hours", "hours_none")
        return screen.button("desk", "desk").button("home", "home", beside=True)
    screen.button("gaps", "gaps")
    return screen.button("home", "home")


async def _behind(turn: Turn) -> list[Listed]:
    """Give the list of who is under the year's hours: HR's alone, with a screen of its own that tells how far."""
    if not turn.has(Role.HR):
        return []
    days = Calendar(turn.zone)
    year = days.local(turn.now).year
    count = await hours.count_behind(turn.tx, turn.person.person_id, year, days)
    return [Listed(_BEHIND, year, "", count)] if count else []


@choice("who_not_list", who=WHO, reach="list")
async def list_of(turn: Turn, kind: str, thing_id: int, page: int = 0) -> Screen:
    """Show one list by unit, as lines ready to paste."""
    listed = await who_not.listed(turn.tx, kind, thing_id, turn.person.person_id, turn.now)
    missing = await who_not.people(turn.tx, kind, thing_id, turn.person.person_id, turn.now)
    await _record(turn, listed, "who_not.list")
    shown = page_of(who_not.messages(who_not.lines(missing)), page, 1)
    lines = shown.items[0] if shown.items else []
    screen = Screen("who_not/list", heading=_heading(turn, listed), total=len(missing), page=shown, lines=lines)
    shown.buttons(screen, "who_not_list", kind, thing_id)
    if missing:
        screen.button("workbook", "who_not_file", kind, thing_id)
    if await _has_console(turn, kind, thing_id):
        screen.button("of_class", "class_who_not", thing_id)
    return screen.button("lists", "who_not").button("home", "home", beside=True)


async def _has_console(turn: Turn, kind: str, thing_id: int) -> bool:
    """Tell whether a list is of a class whose other lists the speaker may open."""
    if kind not in who_not.OF_CLASS or not turn.has(Role.HR):
        return False
    return await rights.sees_course(turn.tx, turn.person.person_id, await courses.find(turn.tx, thing_id))


@choice("who_not_file", who=WHO, reach="list")
async def workbook(turn: Turn, kind: str, thing_id: int) -> Screen:
    """Send one list as a workbook."""
    listed = await who_not.listed(turn.tx, kind, thing_id, turn.person.person_id, turn.now)
    missing = await who_not.people(turn.tx, kind, thing_id, turn.person.person_id, turn.now)
    await _record(turn, listed, "who_not.export")
    heading = _heading(turn, listed)
    rows: list[list[CellValue]] = [[at, one.code, one.name, one.unit] for at, one in enumerate(missing, start=1)]
    notes = [heading, turn.words(_SHEET, "made_at", now=turn.now), turn.words("uploads/report", "note")]
    sheet = Sheet(turn.words(_SHEET, "title"), [turn.words(_SHEET, name) for name in _HEADINGS], rows, notes=notes)
    screen = Screen(_SHEET, fresh=True, heading=heading, total=len(missing))
    name = turn.words(_SHEET, "filename", kind=kind, now=turn.now)
    screen.attach(name, write_workbook([sheet], title=heading, made_at=turn.now))
    return screen.button("back", "who_not_list", kind, thing_id).button("home", "home", beside=True)


def _heading(turn: Turn, listed: Listed) -> str:
    return turn.words("who_not/headings", listed.kind, listed=listed)


async def _record(turn: Turn, listed: Listed, action: str) -> None:
    subject = f"{listed.kind}:{listed.id}"
    await audit.record(turn.tx, turn.person.person_id, action, subject, turn.now, new=listed.count)
