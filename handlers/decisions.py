"""HR records signed decisions of a class with their papers, finds them, fetches the register. Rules: decisions."""

from datetime import date

from bot.chat.events import ReceivedFile
from bot.chat.pages import page_of
from bot.chat.router import answer, choice, file
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Stale
from bot.excel import cells
from bot.excel.cells import Cell, CellError, CellValue
from bot.excel.writer import Sheet, write_workbook
from bot.training import audit, courses, decisions, rights
from bot.training.calendar import Calendar
from bot.training.courses import Course
from bot.training.decisions import Decision

LONGEST = 60  # letters of a query that are kept
_SHEET = "decisions/sheet"
_HEADINGS = ("number", "day", "class", "title", "file", "sha256")


async def _seen(turn: Turn, decision_id: int) -> Decision:
    """Give a decision on a class that the speaker may see. Raises Stale, NotAllowed."""
    one = await decisions.find(turn.tx, decision_id)
    await rights.check_sees_course(turn.tx, turn.person.person_id, await courses.find(turn.tx, one.course_id))
    return one


async def _changeable(turn: Turn, course_id: int) -> Course:
    course = await courses.find(turn.tx, course_id)
    await rights.check_course(turn.tx, turn.person.person_id, course)
    return course


@choice("decisions", who=Role.HR, reach="course")
async def of_class(turn: Turn, course_id: int, page: int = 0) -> Screen:
    """List the decisions of a class."""
    course = await courses.find(turn.tx, course_id)
    await rights.check_sees_course(turn.tx, turn.person.person_id, course)
    shown = page_of(await decisions.of_course(turn.tx, course_id), page)
    screen = Screen("decisions/of_class", course=course, page=shown)
    for one in shown.items:
        screen.button("item", "decision", one.id, one=one)
    shown.buttons(screen, "decisions", course_id)
    if await rights.covers(turn.tx, turn.person.person_id, course.owner_unit_id):
        screen.button("new", "decision_new", course_id, tone="go")
    return screen.button("back", "papers", course_id).button("home", "home", beside=True)


@choice("decision_new", who=Role.HR, reach="course")
async def ask_number(turn: Turn, course_id: int) -> Screen:
    """Ask for the number of the signed decision."""
    course = await _changeable(turn, course_id)
    turn.ask("decision_number", course_id)
    return Screen("decisions/ask_number", course=course).button("leave", "decisions", course_id)


@answer("decision_number", who=Role.HR, reach="course")
async def number_typed(turn: Turn, text: str, course_id: int) -> Screen:
    """Keep the number and ask for the day."""
    await _changeable(turn, course_id)
    number = decisions.checked_number(text)
    turn.draft["decision"] = {"course": course_id, "number": number}
    turn.ask("decision_day", course_id)
    screen = Screen("decisions/ask_day", number=number).button("today", "decision_today", course_id)
    return screen.button("leave", "decisions", course_id, beside=True)


@choice("decision_today", who=Role.HR, reach="course")
async def today(turn: Turn, course_id: int) -> Screen:
    """Record it as signed today."""
    course = await _changeable(turn, course_id)
    return await _record(turn, course, Calendar(turn.zone).local(turn.now).date(), "")


@answer("decision_day", who=Role.HR, reach="course")
async def day_typed(turn: Turn, text: str, course_id: int) -> Screen:
    """Record it as signed on the typed day."""
    course = await _changeable(turn, course_id)
    try:
        day = cells.day(Cell(text))
    except CellError:
        day = None
    return await _record(turn, course, day, text)


async def _record(turn: Turn, course: Course, day: date | None, told: str) -> Screen:
    draft = turn.draft.get("decision")
    if not isinstance(draft, dict) or draft["course"] != course.id:
        raise Stale
    signed_on = decisions.checked_day(day, Calendar(turn.zone).local(turn.now).date(), told)
    me = turn.person.person_id
    number = await decisions.record(turn.tx, course, draft["number"], signed_on, me, turn.now)
    turn.dialogue.forget()
    return await _card(turn, await decisions.find(turn.tx, number), "recorded")


@choice("decision", who=Role.HR, reach="decision")
async def card(turn: Turn, decision_id: int) -> Screen:
    """Show one decision."""
    return await _card(turn, await _seen(turn, decision_id))


async def _card(turn: Turn, one: Decision, said: str = "") -> Screen:
    course = await courses.find(turn.tx, one.course_id)
    covers = await rights.covers(turn.tx, turn.person.person_id, course.owner_unit_id)
    may_change = covers and not one.withdrawn
    screen = Screen("decisions/card", one=one, said=said)
    if one.filename and covers:
        screen.button("open", "decision_open", one.id)
    elif may_change:
        screen.button("attach", "decision_attach", one.id)
    if may_change:
        screen.button("withdraw", "decision_withdraw", one.id, 0, beside=True)
    return screen.button("list", "decisions", one.course_id).button("home", "home", beside=True)


@choice("decision_attach", who=Role.HR, reach="decision")
async def ask_paper(turn: Turn, decision_id: int) -> Screen:
    """Ask for the scan or PDF."""
    one = await _seen(turn, decision_id)
    await _changeable(turn, one.course_id)
    turn.draft["decision_paper"] = decision_id
    turn.ask_file("decision_paper")
    return Screen("decisions/ask_paper", one=one).button("leave", "decision", decision_id)


@file("decision_paper", who=Role.HR, reach="own")
async def received(turn: Turn, sent: ReceivedFile) -> Screen:
    """Keep the paper."""
    decision_id = turn.draft.get("decision_paper")
    if not isinstance(decision_id, int):
        raise Stale
    one = await _seen(turn, decision_id)
    await _changeable(turn, one.course_id)
    kept = await decisions.attach(turn.tx, one, sent.content, turn.person.person_id, turn.now)
    turn.dialogue.forget()
    return await _card(turn, kept, "attached")


@choice("decision_open", who=Role.HR, reach="decision")
async def open_paper(turn: Turn, decision_id: int) -> Screen:
    """Send the paper as it was kept, to those whose all of its class is: it names people of other units."""
    one = await _seen(turn, decision_id)
    await _changeable(turn, one.course_id)
    content = await decisions.content(turn.tx, one)
    await audit.noted(turn, "decision.open", one.subject)
    screen = Screen("decisions/paper", one=one, fresh=True).attach(one.filename or "", content)
    return screen.button("back", "decision", decision_id).button("home", "home", beside=True)


@choice("decision_withdraw", who=Role.HR, reach="decision")
async def withdraw(turn: Turn, decision_id: int, sure: int) -> Screen:
    """Take a decision recorded by mistake out of the register, after asking once."""
    one = await _seen(turn, decision_id)
    await _changeable(turn, one.course_id)
    if not sure:
        screen = Screen("decisions/sure", one=one).button("sure", "decision_withdraw", decision_id, 1, tone="stop")
        return screen.button("leave", "decision", decision_id, beside=True)
    await decisions.withdraw(turn.tx, one, turn.person.person_id, turn.now)
    return await of_class(turn, one.course_id)


@choice("decisions_all", who=Role.HR, reach="list")
async def register(turn: Turn, page: int = 0) -> Screen:
    """List all decisions on classes the speaker sees."""
    turn.draft.pop("decisions", None)
    return await _register(turn, page)


@choice("decisions_found", who=Role.HR, reach="list")
async def found(turn: Turn, page: int = 0) -> Screen:
    """Show a page of the decisions found last."""
    return await _register(turn, page, str(turn.draft.get("decisions", "")))


async def _register(turn: Turn, page: int, words: str = "") -> Screen:
    shown = page_of(await decisions.in_reach(turn.tx, turn.person.person_id, words), page)
    screen = Screen("decisions/register", page=shown, words=words)
    for one in shown.items:
        screen.button("item", "decision", one.id, one=one)
    shown.buttons(screen, "decisions_found" if words else "decisions_all")
    screen.button("find", "decision_find").button("sheet", "decisions_sheet", beside=True)
    return screen.button("back", "desk_certs").button("home", "home", beside=True)


@choice("decision_find", who=Role.HR, reach="none")
async def ask_words(turn: Turn) -> Screen:
    """Ask for a number or words of a class."""
    turn.ask("decision_find")
    return Screen("decisions/find").button("back", "decisions_all")


@answer("decision_find", who=Role.HR, reach="list")
async def words_told(turn: Turn, text: str) -> Screen:
    """Show the decisions that the typed words find."""
    turn.draft["decisions"] = text[:LONGEST]
    return await _register(turn, 0, text[:LONGEST])


@choice("decisions_sheet", who=Role.HR, reach="list")
async def sheet(turn: Turn) -> Screen:
    """Send the register as a workbook, to be read only."""
    told = await decisions.in_reach(turn.tx, turn.person.person_id)
    await audit.noted(turn, "decisions.export", "decisions", new={"rows": len(told)})
    rows: list[list[CellValue]] = [
        [one.number, date.fromisoformat(one.signed_on), one.code, one.title, one.filename, one.sha256] for one in told
    ]
    title = turn.words(_SHEET, "title")
    headings = [turn.words(_SHEET, f"heading_{name}") for name in _HEADINGS]
    notes = [title, turn.words("uploads/report", "note")]
    content = write_workbook([Sheet(title, headings, rows, notes=notes)], title=title, made_at=turn.now)
    screen = Screen(_SHEET, fresh=True, count=len(rows)).attach(turn.words(_SHEET, "filename"), content)
    return screen.button("back", "decisions_all").button("home", "home", beside=True)
