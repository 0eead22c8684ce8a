"""HR's courses: the list with counts, opening and closing, size, cancelling, participants. The card: class_console."""

from bot.chat.pages import page_of
from bot.chat.router import answer, choice, notice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Refused
from bot.excel.cells import CellValue
from bot.excel.writer import Sheet, write_workbook
from bot.training import (
    audit,
    calendar,
    change_answers,
    class_console,
    class_list,
    course_changes,
    courses,
    enrolments,
    places,
    rights,
)
from bot.training.courses import Course
from handlers import desk_answers
from handlers.class_console import card, show

LONGEST_REASON = 300  # characters kept of what was typed
_SHEET = "desk_courses/sheet"
_HEADINGS = ("number", "name", "code", "unit", "job", "state", "requested", "answer")


@choice("desk_courses", who=Role.HR, reach="list")
async def listed(turn: Turn, page: int = 0) -> Screen:
    """List every course with its counts, what is to be worked on first."""
    listing = await class_console.listing(turn.tx, turn.person.person_id, turn.now)
    shown = page_of(listing.courses, page)
    counts = await places.of_all(turn.tx, turn.now)
    phases = {course.id: class_console.phase(course, turn.now) for course in shown.items}
    screen = Screen("desk_courses/list", page=shown, counts=counts, phases=phases, unclosed=listing.unclosed)
    for course in shown.items:
        screen.button("item", "desk_course", course.id, course=course)
    shown.buttons(screen, "desk_courses").button("drafts", "desk_drafts")
    screen.button("sheet", "cx_all").button("lecturers", "lecturers", beside=True)
    return screen.button("desk", "desk").button("home", "home", beside=True)


async def _seen(turn: Turn, course_id: int) -> Course:
    course = await courses.find(turn.tx, course_id)
    await rights.check_sees_course(turn.tx, turn.person.person_id, course)
    return course


async def _own(turn: Turn, course_id: int) -> Course:
    course = await courses.find(turn.tx, course_id)
    await rights.check_course(turn.tx, turn.person.person_id, course)
    return course


@choice("desk_open", who=Role.HR, reach="course")
async def open_or_close(turn: Turn, course_id: int, is_open: int) -> Screen:
    """Open or close sign-up."""
    before = await _own(turn, course_id)
    after = await course_changes.set_open(turn.tx, course_id, bool(is_open), turn.now)
    await audit.noted(turn, "course.open", before.subject, old=before.state, new=after.state)
    done = "opened" if is_open else "closed"
    return await show(turn, course_id, done if before.state != after.state else "")


@choice("desk_capacity", who=Role.HR, reach="course")
async def ask_capacity(turn: Turn, course_id: int) -> Screen:
    """Ask for the new number of places."""
    course = await _own(turn, course_id)
    turn.ask("desk_capacity", course_id)
    screen = Screen("desk_courses/capacity", course=course)
    return screen.button("back", "desk_course", course_id)


@answer("desk_capacity", who=Role.HR, reach="course")
async def set_capacity(turn: Turn, text: str, course_id: int) -> Screen:
    """Change the number of places to the typed one."""
    before = await _own(turn, course_id)
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise Refused("desk_courses/not_a_number")
    days = await calendar.load(turn.tx, turn.zone)
    after = await course_changes.set_capacity(turn.tx, course_id, int(text), turn.now, days)
    await audit.noted(turn, "course.capacity", before.subject, old=before.capacity, new=after.capacity)
    return await show(turn, course_id, "resized")


@choice("desk_cancel", who=Role.HR, reach="course")
async def ask_cancel_reason(turn: Turn, course_id: int) -> Screen:
    """Ask why a course is to be cancelled; everybody on it will read it."""
    await _own(turn, course_id)
    preview = await course_changes.preview(turn.tx, course_id, turn.now)
    turn.ask("desk_cancel_reason", course_id)
    return Screen("desk_courses/why", course=preview.course).button("back", "desk_course", course_id)


@answer("desk_cancel_reason", who=Role.HR, reach="course")
async def preview_cancel(turn: Turn, text: str, course_id: int) -> Screen:
    """Show what cancelling would do, before it is done."""
    await _own(turn, course_id)
    preview = await course_changes.preview(turn.tx, course_id, turn.now)
    turn.draft["desk_cancel"] = [course_id, text[:LONGEST_REASON]]
    screen = Screen("desk_courses/preview", preview=preview, reason=text[:LONGEST_REASON])
    return screen.button("confirm", "desk_cancel_yes", course_id, tone="stop").button(
        "back", "desk_course", course_id, beside=True
    )


@choice("desk_cancel_yes", who=Role.HR, reach="course")
async def cancel(turn: Turn, course_id: int) -> Screen:
    """Cancel the course for the reason that was typed for it."""
    course = await _own(turn, course_id)
    about, reason = turn.draft.pop("desk_cancel", (0, ""))
    if about != course_id:  # an old button, or another course was begun since
        return await card(turn, course_id)
    days = await calendar.load(turn.tx, turn.zone)
    told = await course_changes.cancel(turn.tx, course_id, reason, turn.person.person_id, turn.now, days)
    await audit.noted(turn, "course.cancel", course.subject, old=course.state, new=reason)
    screen = Screen("desk_courses/done", course=await courses.find(turn.tx, course_id), told=told)
    return screen.button("list", "desk_courses").button("home", "home", beside=True)


@choice("desk_class", who=Role.HR, reach="course")
async def people_on(turn: Turn, course_id: int, page: int = 0) -> Screen:
    """List everybody on a course whom the clerk's rights cover."""
    course = await _seen(turn, course_id)
    shown = page_of(await enrolments.participants(turn.tx, course_id, turn.person.person_id), page)
    await audit.noted(turn, "class.list", course.subject)
    screen = Screen("desk_courses/people", course=course, page=shown)
    shown.buttons(screen, "desk_class", course_id)
    if shown.total:
        screen.button("sheet", "desk_class_sheet", course_id)
    return screen.button("back", "desk_course", course_id)


@choice("desk_class_sheet", who=Role.HR, reach="course")
async def sheet(turn: Turn, course_id: int) -> Screen:
    """Send the same people as a workbook."""
    course = await _seen(turn, course_id)
    await audit.noted(turn, "class.export", course.subject)
    days = calendar.Calendar(turn.zone)
    replies = await change_answers.replies(turn.tx, course_id, turn.person.person_id)
    answered = {reply.code: turn.words(_SHEET, f"answer_{reply.answer}") for reply in replies}
    rows: list[list[CellValue]] = [
        [at, p.name, p.code, p.unit, p.job, turn.words(_SHEET, f"state_{p.state}"),
         days.local(p.requested_at).replace(tzinfo=None, second=0), answered.get(p.code)]
        for at, p in enumerate(await enrolments.participants(turn.tx, course_id, turn.person.person_id), start=1)
    ]  # fmt: skip
    headings = [turn.words(_SHEET, f"heading_{name}") for name in _HEADINGS]
    said = {state: turn.words(_SHEET, f"state_{state}") for state in enrolments.ACTIVE}
    mark = await class_list.went_out(turn.tx, turn.person.person_id, course, said.__getitem__, turn.now)
    notes = [course.title, turn.words(_SHEET, "note", course=course), turn.words(_SHEET, "mark", mark=mark)]
    sheets = [Sheet(turn.words(_SHEET, "title"), headings, rows, notes=notes), *desk_answers.sheets(turn, replies)]
    content = write_workbook(sheets, title=course.title, made_at=turn.now)
    screen = Screen(_SHEET, fresh=True, course=course).attach(turn.words(_SHEET, "filename", course=course), content)
    return screen.button("back", "desk_course", course_id).button("home", "home", beside=True)


@notice("course_cancelled")
async def told(turn: Turn, course_id: int) -> Screen:
    """Tell everybody who was on a course that it will not be held."""
    course = await courses.find(turn.tx, course_id)
    screen = Screen("desk_courses/cancelled", course=course)
    return screen.button("courses", "courses").button("mine", "mine", beside=True)
