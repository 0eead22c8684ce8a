"""HR reads what became of a change of schedule: who can still come, and the history of a course. Rules: training."""

from bot.chat.pages import page_of
from bot.chat.router import choice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.training import audit, change_answers, courses, rights, schedule_history

HISTORY_SIZE = 3  # changes a page: each has several lines


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
    return screen.button("back", "desk_change", course_id)


@choice("desk_history", who=Role.HR, reach="course")
async def history(turn: Turn, course_id: int, page: int = 0) -> Screen:
    """Show every change of a course with who made it, the newest first."""
    course = await courses.find(turn.tx, course_id)
    await rights.check_sees_course(turn.tx, turn.person.person_id, course)
    shown = page_of(await schedule_history.of_course(turn.tx, course_id), page, HISTORY_SIZE)
    screen = Screen("schedule_changes/history", course=course, page=shown, who=True)
    return shown.buttons(screen, "desk_history", course_id).button("back", "desk_change", course_id)
