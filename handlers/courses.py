"""/lop: the catalogue, its filters, the card of a course. What may be seen is decided in training.courses."""

from bot.chat.pages import page_of
from bot.chat.router import choice, command
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.training import (
    courses,
    decisions,
    materials,
    money,
    nominations,
    people,
    schedule_history,
    sessions,
    signing_up,
    swaps,
)
from bot.training.calendar import Calendar
from bot.training.courses import Course, Filter
from bot.training.signing_up import Standing


@command("lop", who=Role.OFFICIAL)
async def lop(turn: Turn, words: str) -> Screen:
    """Show the catalogue from its beginning."""
    return await catalogue(turn)


@choice("courses", who=Role.OFFICIAL)
async def catalogue(turn: Turn, where: str = "", page: int = 0) -> Screen:
    """Show a page of what the person may sign up for; `where` is a Filter as text."""
    narrowed = Filter.parse(where)
    offered = await _offered(turn)
    shown = page_of([c for c in offered if narrowed.fits(c, turn.zone)], page)
    screen = Screen("courses/catalogue", page=shown, filter=narrowed, offered=len(offered))
    for course in shown.items:
        screen.button("item", "course", course.id, str(narrowed), shown.number, course=course)
    shown.buttons(screen, "courses", str(narrowed))
    if offered:
        screen.button("by_category", "courses_by", "category", str(narrowed))
        screen.button("by_month", "courses_by", "month", str(narrowed), beside=True)
        screen.button("by_mode", "courses_by", "mode", str(narrowed))
        screen.button("by_length", "courses_by", "length", str(narrowed), beside=True)
    if narrowed:
        screen.button("all", "courses")
    return screen.button("home", "home")


async def _offered(turn: Turn) -> list[Course]:
    return await courses.with_days(
        turn.tx, await courses.catalogue(turn.tx, turn.person.person_id, turn.now), turn.zone
    )


@choice("courses_by", who=Role.OFFICIAL)
async def narrow(turn: Turn, by: str, where: str = "") -> Screen:
    """Offer the categories, months, modes or lengths that there are now, each with the number of courses."""
    narrowed = Filter.parse(where)
    offered = await _offered(turn)
    screen = Screen("courses/narrow", by=by if by in ("category", "month", "length") else "mode")
    for value, count in courses.values_of(offered, narrowed, by, turn.zone):
        screen.button("value", "courses", str(narrowed.with_value(by, value)), value=value, count=count)
    return screen.button("back", "courses", str(narrowed))


@choice("course", who=Role.OFFICIAL)
async def card(turn: Turn, course_id: int, where: str = "", page: int = 0) -> Screen:
    """Show one course; `where` and `page` lead back to the place in the catalogue it was opened from."""
    course = await courses.find(turn.tx, course_id)
    standing = await signing_up.standing(turn.tx, turn.person.person_id, course, turn.now)
    held = await sessions.of_course(turn.tx, course_id)
    contact = await people.find(turn.tx, course.contact_person_id) if course.contact_person_id else None
    days = len({Calendar(turn.zone).day(session.starts_at) for session in held})
    signed = (await decisions.of_course(turn.tx, course_id))[:3] if standing.state == "seat" else []
    screen = Screen("courses/card", course=course, sessions=held, standing=standing, contact=contact, decisions=signed,
                    days=days, short=0 < days <= courses.SHORT)  # fmt: skip
    _actions(screen, course, standing)
    if await money.of_person(turn.tx, turn.person.person_id, course_id):
        screen.button("money", "money_mine", course_id)
    if standing.state == "seat" and (there := len(await materials.current(turn.tx, course_id))):
        screen.button("materials", "mt", course_id, there=there)
    swap = await swaps.open_of(turn.tx, turn.person.person_id, course_id, turn.now)
    if swap is not None:
        screen.button("swap_card", "swap_card", swap.id)
    elif standing.state == "seat" and not course.cancelled and turn.now <= course.cancel_until:
        screen.button("swap", "swap", course_id)
    link = next((s.link for s in held if s.link and s.ends_at > turn.now), None)
    if link and standing.state == "seat":
        screen.copy("copy_link", link)
    if await schedule_history.changed(turn.tx, course_id):
        screen.button("changes", "changes", course_id)
    if turn.has(Role.HEAD) and nominations.open_for(course, turn.now):
        screen.button("nominate", "nominate", course_id)
    screen.button("back", "courses", str(Filter.parse(where)), page).button("home", "home", beside=True)
    if standing.active and standing.state != "offered":  # last: a number typed by mistake gives no seat up
        screen.button("cancel", "enrol_cancel", course.id, tone="stop")
    return screen


def _actions(screen: Screen, course: Course, standing: Standing) -> None:
    """Add what the person may do now; rights are checked again at the tap."""
    if standing.state == "offered" and standing.enrolment:
        screen.button("accept", "offer_yes", standing.enrolment.id, tone="go")
        screen.button("decline", "offer_no", standing.enrolment.id, beside=True, tone="stop")
    elif not standing.active and not standing.objection:
        screen.button("enrol" if standing.room else "wait", "enrol", course.id, tone="go")
