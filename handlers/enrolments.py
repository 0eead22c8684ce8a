"""Signing up, giving up, answering an offer, and what the person is told of it. The rules are in bot.training."""

from bot.chat.router import answer, choice, notice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.training import calendar, courses, enrolments, offers, quotas, sessions, signing_up
from bot.training.courses import Course
from bot.training.enrolments import Enrolment
from handlers import nominations

LONGEST_REASON = 300  # characters kept of what was typed


@choice("enrol", who=Role.OFFICIAL)
async def enrol(turn: Turn, course_id: int) -> Screen:
    """Sign up in one tap: to the head, to HR, to a seat, or to the waiting list."""
    days = await calendar.load(turn.tx, turn.zone)
    person_id = turn.person.person_id
    enrolment = await signing_up.sign_up(turn.tx, person_id, course_id, turn.arrival, turn.now, days)
    return await _status(turn, enrolment, await courses.find(turn.tx, course_id))


async def _status(turn: Turn, enrolment: Enrolment, course: Course) -> Screen:
    position = await enrolments.position(turn.tx, enrolment)
    room = await quotas.room(turn.tx, course, turn.person.person_id, turn.now)
    screen = Screen("enrolments/status", course=course, enrolment=enrolment, position=position, room=room)
    screen.button("card", "course", course.id)
    return screen.button("mine", "mine").button("home", "home", beside=True)


@choice("enrol_cancel", who=Role.OFFICIAL)
async def why(turn: Turn, course_id: int) -> Screen:
    """Ask for the reason: usual ones as buttons, anything else as text."""
    course = await courses.find(turn.tx, course_id)
    await signing_up.may_cancel(turn.tx, turn.person.person_id, course, turn.now)
    turn.ask("enrol_reason", course_id)
    screen = Screen("enrolments/why", course=course)
    for reason in signing_up.REASONS:
        screen.button(reason, "enrol_drop", course_id, reason)
    return screen.button("keep", "course", course_id)


@choice("enrol_drop", who=Role.OFFICIAL)
async def drop(turn: Turn, course_id: int, reason: str) -> Screen:
    """Give the course up for one of the usual reasons."""
    return await _drop(turn, course_id, reason if reason in signing_up.REASONS else "work")


@answer("enrol_reason", who=Role.OFFICIAL)
async def drop_with_words(turn: Turn, text: str, course_id: int) -> Screen:
    """Give the course up for the typed reason."""
    return await _drop(turn, course_id, text[:LONGEST_REASON])


async def _drop(turn: Turn, course_id: int, reason: str) -> Screen:
    days = await calendar.load(turn.tx, turn.zone)
    course = await signing_up.cancel(turn.tx, turn.person.person_id, course_id, reason, turn.now, days)
    screen = Screen("enrolments/cancelled", course=course)
    return screen.button("courses", "courses").button("mine", "mine", beside=True).button("home", "home")


@choice("offer_yes", who=Role.OFFICIAL)
async def accept(turn: Turn, enrolment_id: int) -> Screen:
    """Take an offered place."""
    days = await calendar.load(turn.tx, turn.zone)
    answered = await offers.accept(turn.tx, turn.person.person_id, enrolment_id, turn.now, days)
    return await _status(turn, answered.enrolment, answered.course)


@choice("offer_no", who=Role.OFFICIAL)
async def decline(turn: Turn, enrolment_id: int) -> Screen:
    """Leave an offered place to the next."""
    days = await calendar.load(turn.tx, turn.zone)
    answered = await offers.decline(turn.tx, turn.person.person_id, enrolment_id, turn.now, days)
    screen = Screen("enrolments/declined", course=answered.course)
    return screen.button("courses", "courses").button("home", "home", beside=True)


@notice("offer")
async def offered(turn: Turn, enrolment_id: int) -> Screen | None:
    """Offer a freed place to the next on the waiting list."""
    enrolment = await enrolments.find(turn.tx, enrolment_id)
    if not enrolment.offer_open(turn.now):
        return None
    course = await courses.find(turn.tx, enrolment.course_id)
    if enrolment.nominated_by is not None:
        return await nominations.asked(turn, course, enrolment, enrolment.nominated_by)
    screen = Screen("enrolments/offer", course=course, expires_at=enrolment.offer_expires_at)
    screen.button("accept", "offer_yes", enrolment_id, tone="go").button(
        "decline", "offer_no", enrolment_id, beside=True, tone="stop"
    )
    return screen.button("card", "course", course.id)


@notice("enrolment_result")
async def told(turn: Turn, enrolment_id: int, state: str) -> Screen | None:
    """Tell what became of a request, if it is still so."""
    enrolment = await enrolments.find(turn.tx, enrolment_id)
    if enrolment.state != state:
        return None
    course = await courses.find(turn.tx, enrolment.course_id)
    held = await sessions.of_course(turn.tx, course.id)
    position = await enrolments.position(turn.tx, enrolment)
    room = await quotas.room(turn.tx, course, enrolment.person_id, turn.now)
    screen = Screen(
        "enrolments/result", course=course, enrolment=enrolment, position=position, first=held[0], room=room
    )
    if state in ("refused", "lapsed"):
        return screen.button("courses", "courses").button("home", "home", beside=True)
    return screen.button("card", "course", course.id).button("mine", "mine", beside=True)
