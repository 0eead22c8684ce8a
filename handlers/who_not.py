"""Ai chưa?: one word, then the list, as text to paste or as a workbook. Who is on which list: training.who_not."""

from bot.chat.pages import page_of
from bot.chat.router import choice, notice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.excel.cells import CellValue
from bot.excel.writer import Sheet, write_workbook
from bot.folding import fold
from bot.training import (
    audit,
    broadcasts,
    calendar,
    change_answers,
    courses,
    hours,
    ratings,
    rights,
    topics,
    who_not,
    who_not_nudge,
)
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
        await _offer_nudge(turn, screen, listed)
    if await _has_console(turn, kind, thing_id):
        screen.button("of_class", "class_who_not", thing_id)
    return screen.button("lists", "who_not").button("home", "home", beside=True)


async def _offer_nudge(turn: Turn, screen: Screen, listed: Listed) -> None:
    """Offer to remind those on the list, each kind in its own way, where a reminder makes sense."""
    hr = turn.has(Role.HR)
    if listed.kind == "law" and listed.current:
        screen.button("nudge", "desk_law_nudge" if hr else "law_nudge", listed.id, beside=True)
    elif listed.kind == "receipt" and hr and await broadcasts.sees(turn.tx, listed.id, turn.person.person_id):
        screen.button("nudge", "rc_nudge", listed.id, beside=True)
    elif await who_not_nudge.possible(turn.tx, listed, turn.now):
        screen.button("nudge", "who_not_nudge", listed.kind, listed.id, beside=True)


@choice("who_not_nudge", who=WHO, reach="list")
async def nudge(turn: Turn, kind: str, thing_id: int) -> Screen:
    """Remind everybody on a list of a class, at most once a day each."""
    listed = await who_not.listed(turn.tx, kind, thing_id, turn.person.person_id, turn.now)
    days = await calendar.load(turn.tx, turn.zone)
    done = await who_not_nudge.nudge(turn.tx, listed, turn.person.person_id, days, turn.now)
    await audit.noted(turn, "who_not.nudge", f"{kind}:{thing_id}", new=done.reminded)
    later = days.soon(turn.now) if days.soon(turn.now) > turn.now else None
    screen = Screen("who_not/nudged", heading=_heading(turn, listed), done=done, left=listed.count, later=later)
    return screen.button("back", "who_not_list", kind, thing_id).button("home", "home", beside=True)


@notice("who_not_nudge")
async def reminder(turn: Turn, kind: str, course_id: int) -> Screen | None:
    """Remind a person of what a class still awaits from them, with the way to do it."""
    me, course = turn.person.person_id, await courses.find(turn.tx, course_id)
    if course.cancelled or not await who_not.has_not(turn.tx, kind, course_id, me, turn.now):
        return None
    screen = Screen("who_not/nudge", kind=kind, course=course)
    match kind:
        case "decide":
            screen.button("do", "approvals", kind=kind)
        case "change":
            asked = await change_answers.questions(turn.tx, me, turn.now, course_id)
            if not asked:
                return None
            screen.button("do", "change", asked[0].change_id, kind=kind)
        case "rate":
            unwanted = topics.RATINGS in await topics.off(turn.tx, me)
            if unwanted or await ratings.standing(turn.tx, me, course_id, turn.now) != "open":
                return None
            screen.button("do", "rate_course", course_id, kind=kind)
        case _:
            screen.button("do", "course", course_id, kind=kind)
    return screen.button("home", "home", beside=True)


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
