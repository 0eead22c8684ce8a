"""HR reads what became of a change of schedule: who can still come, and the history of a course. Rules: training."""

from collections.abc import Sequence

from bot.chat.pages import page_of
from bot.chat.router import choice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.excel.cells import CellValue
from bot.excel.writer import Sheet
from bot.training import audit, change_answers, courses, rights, schedule_history
from bot.training.change_answers import Reply
from bot.training.courses import Course

HISTORY_SIZE = 3  # changes a page: each has several lines
_SHEET = "desk_courses/sheet"
_HEADINGS = ("number", "name", "code", "unit", "phone", "answer")


@choice("desk_answers", who=Role.HR, reach="course")
async def answers(turn: Turn, course_id: int, page: int = 0) -> Screen:
    """List who can still come, those to be called first, with their phone."""
    course = await courses.find(turn.tx, course_id)
    clerk_id = turn.person.person_id
    await rights.check_sees_course(turn.tx, clerk_id, course)
    found = await change_answers.replies(turn.tx, course_id, clerk_id)
    await audit.record(turn.tx, clerk_id, "change_answers.list", course.subject, turn.now)
    shown = page_of(found, page)
    screen = Screen("desk_changes/answers", course=course, page=shown, counts=change_answers.counted(found))
    shown.buttons(screen, "desk_answers", course_id)
    if found:
        screen.button("sheet", "desk_class_sheet", course_id)
    return await _back(turn, screen, course)


@choice("desk_history", who=Role.HR, reach="course")
async def history(turn: Turn, course_id: int, page: int = 0) -> Screen:
    """Show every change of a course with who made it, the newest first."""
    course = await courses.find(turn.tx, course_id)
    await rights.check_sees_course(turn.tx, turn.person.person_id, course)
    shown = page_of(await schedule_history.of_course(turn.tx, course_id), page, HISTORY_SIZE)
    screen = Screen("schedule_changes/history", course=course, page=shown, who=True)
    return await _back(turn, shown.buttons(screen, "desk_history", course_id), course)


async def _back(turn: Turn, screen: Screen, course: Course) -> Screen:
    """Lead back to where a schedule is changed, or, where it cannot be, to what else can be done in the class."""
    mine = await rights.covers(turn.tx, turn.person.person_id, course.owner_unit_id)
    changes = mine and not course.cancelled and turn.now < course.ends_at
    return screen.button("back", "desk_change" if changes else "class_edit", course.id)


def sheets(turn: Turn, replies: Sequence[Reply]) -> list[Sheet]:
    """Give the answers, also of those who gave up their seat, as a sheet beside the class list; none without any."""
    if not replies:
        return []
    rows: list[list[CellValue]] = [
        [at, one.name, one.code, one.unit, one.phone, turn.words(_SHEET, f"answer_{one.answer}")]
        for at, one in enumerate(replies, start=1)
    ]
    headings = [turn.words(_SHEET, f"heading_{name}") for name in _HEADINGS]
    return [Sheet(turn.words(_SHEET, "heading_answer"), headings, rows)]
