"""Deciding on requests: who may, what it leads to, and that capacity is counted once more at that moment."""

from dataclasses import dataclass

from bot.chat.turns import Role, Speaker
from bot.errors import NotAllowed
from bot.store import Reading, Tx
from bot.training import (
    approval_deadlines,
    courses,
    deciders,
    enrolment_notices,
    enrolments,
    offers,
    people,
    places,
    quotas,
    rights,
    sessions,
)
from bot.training.calendar import Calendar
from bot.training.courses import Course
from bot.training.enrolments import Enrolment
from bot.training.people import Person
from bot.training.places import Places
from bot.training.sessions import Session


@dataclass(frozen=True)
class Request:
    """A request as the one who decides sees it."""

    enrolment: Enrolment
    course: Course
    person: Person
    sessions: list[Session]
    places: Places

    @property
    def open(self) -> bool:
        """Tell whether it still waits for a decision."""
        return self.enrolment.state in enrolments.UNDECIDED


async def read(tx: Reading, speaker: Speaker, enrolment_id: int, now: int) -> Request:
    """Read a request. Raises Refused for whoever may not decide on it."""
    enrolment = await enrolments.find(tx, enrolment_id)
    await _check_rights(tx, speaker, enrolment, now)
    return Request(
        enrolment,
        await courses.find(tx, enrolment.course_id),
        await people.find(tx, enrolment.person_id),
        await sessions.of_course(tx, enrolment.course_id),
        await places.of_course(tx, enrolment.course_id, now),
    )


async def _check_rights(tx: Reading, speaker: Speaker, enrolment: Enrolment, now: int) -> None:
    """Let only those who decide on this person pass, or HR; nobody decides on themself but a lone HR person.

    A head may look at what has passed to HR, and has nothing to decide there.
    """
    if enrolment.person_id != speaker.person_id:
        if Role.HR in speaker.roles:
            return
        if await deciders.may(tx, speaker.person_id, enrolment.person_id, now):
            return
        if enrolment.head_by == speaker.person_id:  # may look, and has nothing more to decide
            return
    elif Role.HR in speaker.roles and await rights.hr_people(tx) == [speaker.person_id]:
        return
    raise NotAllowed(f"enrolment:{enrolment.id}")


async def approve(tx: Tx, speaker: Speaker, enrolment_id: int, now: int, days: Calendar) -> Request:
    """Agree to a request: it goes to HR, to the seat, or, if the course has shrunk meanwhile, to the waiting list.

    Decided meanwhile by somebody else: nothing happens, and the request is given as it stands.
    """
    course, enrolment = await _held(tx, speaker, enrolment_id, now, days)
    if await offers.close(tx, course, now, days):  # the course is over: nobody can be sent to it any more
        return await read(tx, speaker, enrolment_id, now)
    if enrolment.state in enrolments.UNDECIDED and not _spent(speaker, enrolment):
        state = await _agreed_state(tx, course, enrolment, speaker, now)
        if enrolment.state == "head":
            await enrolments.note_head(tx, enrolment.id, speaker.person_id)
        step = await enrolments.move(tx, enrolment.id, state, now, by=speaker.person_id)
        await enrolment_notices.result(tx, course, enrolment, state, step, now, days)
        if state == "hr":
            await enrolment_notices.to_decide(tx, course, enrolment.id, enrolment.person_id, state, now, days)
        await offers.advance(tx, course, now, days)
    return await read(tx, speaker, enrolment_id, now)


def _spent(speaker: Speaker, enrolment: Enrolment) -> bool:
    """Tell whether this speaker has said all they may: a head whose request lies with HR now."""
    return enrolment.state == "hr" and Role.HR not in speaker.roles


async def _agreed_state(tx: Tx, course: Course, enrolment: Enrolment, speaker: Speaker, now: int) -> str:
    """Count again: a request goes on only if the course has room for it beside what is firmer; its quota too."""
    count = await places.of_course(tx, course.id, now)
    to_hr = enrolment.state == "head" and course.needs_hr and Role.HR not in speaker.roles
    kept = await quotas.concerned(tx, course.id, enrolment.person_id, count, now)
    if any(_firmer(one, to_hr) + 1 > one.capacity for one in [count, *(quota.places for quota in kept)]):
        return "waiting"
    return "hr" if to_hr else "seat"


def _firmer(count: Places, to_hr: bool) -> int:
    return count.firm + (count.hr if to_hr else 0)


async def refuse(tx: Tx, speaker: Speaker, enrolment_id: int, reason: str | None, now: int, days: Calendar) -> Request:
    """Say no, with or without a reason; the place is offered to the next. Decided meanwhile: nothing happens."""
    course, enrolment = await _held(tx, speaker, enrolment_id, now, days)
    if enrolment.state in enrolments.UNDECIDED and not _spent(speaker, enrolment):
        step = await enrolments.move(tx, enrolment.id, "refused", now, by=speaker.person_id, reason=reason)
        await enrolment_notices.result(tx, course, enrolment, "refused", step, now, days)
        await offers.advance(tx, course, now, days)
    return await read(tx, speaker, enrolment_id, now)


async def _held(tx: Tx, speaker: Speaker, enrolment_id: int, now: int, days: Calendar) -> tuple[Course, Enrolment]:
    """Hold the course and read the request as it is now: heads who are too late find it with HR."""
    course = await courses.locked(tx, (await enrolments.find(tx, enrolment_id)).course_id)
    enrolment = await enrolments.find(tx, enrolment_id)
    await _check_rights(tx, speaker, enrolment, now)
    if enrolment.state == "head" and not course.cancelled and now >= approval_deadlines.over_at(course, days):
        await approval_deadlines.hand_over(tx, course, now, days)
        enrolment = await enrolments.find(tx, enrolment_id)
    return course, enrolment
