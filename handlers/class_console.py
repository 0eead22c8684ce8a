"""HR's console of one class: the card and the screens its buttons open. What it tells: training.class_console."""

from bot.chat.pages import page_of
from bot.chat.router import choice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Refused
from bot.training import audiences, class_console, courses, money, nominations, rights, who_not
from bot.training.courses import Course
from handlers.broadcasts import ask_text


async def _seen(turn: Turn, course_id: int) -> tuple[Course, bool]:
    """Give a class that the clerk may see, and whether they may change it. Raises NotAllowed."""
    course = await courses.find(turn.tx, course_id)
    await rights.check_sees_course(turn.tx, turn.person.person_id, course)
    return course, await rights.covers(turn.tx, turn.person.person_id, course.owner_unit_id)


@choice("desk_course", who=Role.HR, reach="course")
async def card(turn: Turn, course_id: int) -> Screen:
    """Show one class at a glance, with all that can be done in it."""
    return await show(turn, course_id)


async def show(turn: Turn, course_id: int, said: str = "") -> Screen:
    """Show the card; `said` tells what was just done: opened, closed, resized."""
    course, _ = await _seen(turn, course_id)
    console = await class_console.of_course(turn.tx, course, turn.person.person_id, turn.now)
    screen = Screen("class_console/card", course=course, console=console, said=said)
    screen.button("people", "desk_class", course_id).button("attendance", "att", course_id, beside=True)
    screen.button("results", "res", course_id).button("money", "money", course_id, beside=True)
    if not course.cancelled:
        screen.button("message", "class_message", course_id)
    screen.button("who_not", "class_who_not", course_id, beside=not course.cancelled)
    screen.button("files", "class_files", course_id).button("change", "class_edit", course_id, beside=True)
    return screen.button("list", "desk_courses").button("home", "home", beside=True)


@choice("class_edit", who=Role.HR, reach="course")
async def edit(turn: Turn, course_id: int) -> Screen:
    """Offer what can be changed: sign-up, places, schedule, facts, people."""
    course, mine = await _seen(turn, course_id)
    screen = Screen("class_console/edit", course=course, mine=mine)
    if mine and not course.cancelled:
        is_open = course.state == "open"
        if course.ends_at > turn.now:
            screen.button("close" if is_open else "open", "desk_open", course_id, int(not is_open))
            screen.button("capacity", "desk_capacity", course_id, beside=True)
            screen.button("schedule", "desk_change", course_id)
        screen.button("materials", "mt", course_id, beside=course.ends_at > turn.now)
    screen.button("facts", "ce", course_id).button("history", "desk_history", course_id, beside=True)
    nominates = nominations.open_for(course, turn.now)
    if nominates:
        screen.button("nominate", "nominate", course_id, 1)
    if mine and not course.cancelled and course.ends_at > turn.now:
        screen.button("cancel", "desk_cancel", course_id, beside=nominates, tone="stop")
    return screen.button("back", "desk_course", course_id)


@choice("class_files", who=Role.HR, reach="course")
async def files(turn: Turn, course_id: int) -> Screen:
    """Offer what can be fetched of a class: lists to edit and send back, and the papers."""
    course, mine = await _seen(turn, course_id)
    screen = Screen("class_console/files", course=course)
    screen.button("learners", "desk_class_sheet", course_id).button("attendance", "att_matrix", course_id, beside=True)
    screen.button("results", "res_sheet", course_id)
    if await money.of_course(turn.tx, course_id, None if mine else turn.person.person_id):
        screen.button("money", "money_sheet", course_id, beside=True)
    if mine:
        screen.button("certificates", "cert_class_sheet", course_id).button("facts", "cx", course_id, beside=True)
    return screen.button("papers", "papers", course_id).button("back", "desk_course", course_id, beside=True)


@choice("class_message", who=Role.HR, reach="course")
async def message(turn: Turn, course_id: int) -> Screen:
    """Begin an announcement to everybody with a seat on the class; only its words are asked for."""
    course, _ = await _seen(turn, course_id)
    if course.cancelled:  # nobody has a seat any more, and everybody was told
        raise Refused("desk_courses/is_cancelled", course=course)
    return await ask_text(turn, await audiences.to_class(turn.tx, course.id, turn.person.person_id, turn.now))


@choice("class_who_not", who=Role.HR, reach="course")
async def missing(turn: Turn, course_id: int, page: int = 0) -> Screen:
    """Show the lists of this class with somebody on it who has not done something yet."""
    course, _ = await _seen(turn, course_id)
    found = await who_not.of_course(turn.tx, course_id, turn.person.person_id, turn.now)
    shown = page_of(found, page)
    screen = Screen("class_console/who_not", course=course, page=shown)
    for listed in shown.items:
        screen.button("item", "who_not_list", listed.kind, course_id, listed=listed)
    return shown.buttons(screen, "class_who_not", course_id).button("back", "desk_course", course_id)
