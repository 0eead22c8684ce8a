"""HR takes courses as a workbook, to be edited and sent back. What it holds: training.course_export."""

from bot.chat.router import choice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.excel.writer import write_workbook
from bot.training import audit, calendar, course_export, course_reach

_SHEET = "course_form/sheet"


@choice("cx", who=Role.HR, reach="course")
async def of_course(turn: Turn, course_id: int) -> Screen:
    """Send one course as a workbook."""
    course = await course_reach.to_read(turn.tx, turn.person.person_id, course_id)
    screen = await _send(turn, [course_id], course.code, course.subject)
    return screen.button("back", "ce", course_id).button("home", "home", beside=True)


@choice("cx_all", who=Role.HR, reach="list")
async def of_all(turn: Turn) -> Screen:
    """Send every course that the clerk may change."""
    found = await course_export.own_courses(turn.tx, turn.person.person_id)
    screen = await _send(turn, found, "", "courses:all")
    return screen.button("back", "desk_courses").button("home", "home", beside=True)


async def _send(turn: Turn, course_ids: list[int], code: str, subject: str) -> Screen:
    screen = Screen(_SHEET, fresh=True, code=code, count=len(course_ids))
    if not course_ids:
        return screen
    days = await calendar.load(turn.tx, turn.zone)
    title = turn.words(_SHEET, "title")
    notes = [title, turn.words(_SHEET, "note")]
    sheet = await course_export.sheet(turn.tx, course_ids, title, notes, days)
    await audit.record(turn.tx, turn.person.person_id, "courses.export", subject, turn.now, new=len(course_ids))
    content = write_workbook([sheet], title=title, made_at=turn.now)
    return screen.attach(turn.words(_SHEET, "filename", code=code), content)
