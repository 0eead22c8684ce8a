"""Attendance on paper and in workbooks: the list to sign, the list that comes back, who was at which session."""

import asyncio

from bot.chat.events import ReceivedFile
from bot.chat.router import choice, file
from bot.chat.screens import Screen
from bot.chat.turns import Turn
from bot.excel.cells import CellValue
from bot.excel.writer import Sheet, write_workbook
from bot.training import attendance_pages, attendance_roll, attendance_sheet, audit, calendar, courses, rights, sessions
from bot.training.attendance_marks import Presence
from bot.training.attendance_roll import Line
from bot.training.courses import Course
from bot.training.sessions import Session
from bot.training.uploads import Parsed
from handlers import uploads
from handlers.attendance import RUNS, run

_PAPER = "attendance/paper"
_PAPER_HEADINGS = ("number", "code", "name", "unit", "sign", "state", "reason")
_PAPER_WIDTHS = (5, 11, 26, 22, 16, 11, 16)  # characters; together an upright A4
_BLANK_LINES = 3  # for whoever comes without a seat
_MATRIX = "attendance/matrix"


@choice("att_print", who=RUNS, reach="session")
async def print_session(turn: Turn, session_id: int) -> Screen:
    """Send the list of one session, to be printed and signed."""
    session, course = await run(turn, session_id)
    screen = await _paper(turn, course, [session])
    return screen.button("back", "att_s", session_id).button("home", "home", beside=True)


@choice("att_paper", who=RUNS, reach="course")
async def print_course(turn: Turn, course_id: int) -> Screen:
    """Send the lists of all sessions of a course, a sheet each."""
    course = await courses.find(turn.tx, course_id)
    await rights.check_runs_course(turn.tx, turn.person, course)
    screen = await _paper(turn, course, await sessions.of_course(turn.tx, course_id))
    return screen.button("back", "att", course_id).button("home", "home", beside=True)


async def _paper(turn: Turn, course: Course, held: list[Session]) -> Screen:
    sheets = [
        _paper_sheet(turn, course, session, await attendance_roll.of_session(turn.tx, session)) for session in held
    ]
    content = write_workbook(sheets, title=course.title, made_at=turn.now)
    await audit.record(turn.tx, turn.person.person_id, "attendance.print", course.subject, turn.now)
    screen = Screen(_PAPER, fresh=True, course=course, count=len(sheets))
    return screen.attach(turn.words(_PAPER, "filename", course=course), content)


def _paper_sheet(turn: Turn, course: Course, session: Session, roll: list[Line]) -> Sheet:
    headings = [turn.words(_PAPER, f"heading_{name}") for name in _PAPER_HEADINGS]
    rows: list[list[CellValue]] = [
        [at, line.code, line.name, line.unit, None, _state(turn, line.presence), _reason(line.presence)]
        for at, line in enumerate(roll, start=1)
    ]
    rows += [[len(roll) + at, *[None] * 6] for at in range(1, _BLANK_LINES + 1)]
    named = attendance_pages.session_line(course.code, session.number)
    notes = [
        turn.words(_PAPER, block, course=course, session=session, named=named)
        for block in ("heading", "of_course", "of_session", "session_code", "legend")
    ]
    title = turn.words(_PAPER, "sheet", session=session)
    return Sheet(title, headings, rows, widths=_PAPER_WIDTHS, notes=notes, upright=True)


def _state(turn: Turn, presence: Presence | None) -> str | None:
    return None if presence is None else turn.words(_PAPER, f"state_{presence.state}")


def _reason(presence: Presence | None) -> str | None:
    return None if presence is None else presence.reason


@choice("att_matrix", who=RUNS, reach="course")
async def matrix(turn: Turn, course_id: int) -> Screen:
    """Send who was at which session, with the lesson periods of each."""
    course = await courses.find(turn.tx, course_id)
    narrowed = await attendance_roll.scope(turn.tx, turn.person, course)
    found = await attendance_roll.of_course(turn.tx, course, narrowed)
    days = calendar.Calendar(turn.zone)
    headings = [turn.words(_MATRIX, f"heading_{name}") for name in ("number", "code", "name", "unit")]
    headings += [turn.words(_MATRIX, "heading_session", session=session) for session in found.sessions]
    headings += [turn.words(_MATRIX, f"heading_{name}") for name in ("hours", "share")]
    rows: list[list[CellValue]] = []
    for at, (line, told) in enumerate(found.lines, start=1):
        tenths = found.tenths.get(line.person_id, 0)
        states = [_state(turn, presence) for presence in told]
        share = round(100 * tenths / found.of) if found.of else 0
        rows.append([at, line.code, line.name, line.unit, *states, tenths / 10, share])
    made = f"{days.local(turn.now):%d/%m/%Y %H:%M}"
    notes = [course.title, turn.words(_MATRIX, "note", course=course, by=turn.person.name, made=made)]
    sheet = Sheet(turn.words(_MATRIX, "sheet"), headings, rows, notes=notes)
    content = write_workbook([sheet], title=course.title, made_at=turn.now)
    await audit.record(turn.tx, turn.person.person_id, "attendance.export", course.subject, turn.now)
    screen = Screen(_MATRIX, fresh=True, course=course).attach(turn.words(_MATRIX, "filename", course=course), content)
    return screen.button("back", "att", course_id).button("home", "home", beside=True)


@choice("att_file", who=RUNS, reach="course")
async def ask_file(turn: Turn, course_id: int) -> Screen:
    """Wait for the filled list; HR may also send it at any time."""
    course = await courses.find(turn.tx, course_id)
    await rights.check_runs_course(turn.tx, turn.person, course)
    turn.ask_file("att_sheet")
    return Screen("attendance/file", course=course).button("leave", "att", course_id)


async def _read(sent: ReceivedFile) -> Parsed:
    pages = await asyncio.to_thread(attendance_sheet.UPLOAD.read, sent.content, sent.name)
    return Parsed(attendance_sheet.UPLOAD, sent.name, sent.content, pages)


@file("att_sheet", who=RUNS, reach="list", prepare=_read)
async def received(turn: Turn, parsed: Parsed) -> Screen:
    """Show what the list would change; nothing is written yet."""
    return await uploads.received(turn, parsed)
