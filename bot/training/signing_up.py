"""Signing up for a course and giving it up again: what an official may do by themself, and why not."""

from dataclasses import dataclass

from bot import outbox
from bot.errors import Refused, Stale
from bot.store import Reading, Tx
from bot.training import (
    approval_deadlines,
    courses,
    eligibility,
    enrolment_notices,
    enrolments,
    offers,
    people,
    places,
    quotas,
    rights,
    sessions,
    swapping,
)
from bot.training.calendar import Calendar
from bot.training.courses import Course
from bot.training.eligibility import Facts
from bot.training.enrolments import Enrolment
from bot.training.places import Places
from bot.training.quotas import Room

LEFT = "left"  # the reason kept when somebody works here no more
PUT_BACK = "put_back"  # the reason kept when what HR took off is given back

# Usual reasons to give a course up, offered as buttons; free text is kept as it was typed.
REASONS = ("work", "sick", "family", "other_course")


@dataclass(frozen=True)
class Standing:
    """How one person stands to one course: their enrolment, its place in the line, and what speaks against a new one.

    `objection` is one of cancelled, closed, postponed, deadline, started, those of eligibility, or "".
    """

    enrolment: Enrolment | None
    position: int
    objection: str
    places: Places
    room: Room
    now: int

    @property
    def active(self) -> bool:
        """Tell whether they are on the course in any way; an offer whose time is over is nothing."""
        e = self.enrolment
        return e is not None and (e.offer_open(self.now) if e.state == "offered" else e.active)

    @property
    def state(self) -> str:
        """Give the state to be shown, '' when they never asked."""
        if self.enrolment is None:
            return ""
        return "lapsed" if self.enrolment.state == "offered" and not self.active else self.enrolment.state


async def standing(tx: Reading, person_id: int, course: Course, now: int) -> Standing:
    """Read how a person stands to a course."""
    enrolment = await enrolments.latest(tx, person_id, course.id)
    facts = await eligibility.facts_of(tx, person_id)
    if facts is None:
        raise Stale
    count = await places.of_course(tx, course.id, now)
    return Standing(
        enrolment,
        await enrolments.position(tx, enrolment) if enrolment else 0,
        objection(course, facts, now),
        count,
        quotas.room_in(count, await quotas.concerned(tx, course.id, person_id, count, now)),
        now,
    )


def objection(course: Course, facts: Facts, now: int) -> str:
    """Name the rule that speaks against a new request at `now`, '' when none does."""
    if course.state != "open":
        return course.state
    if course.postponed:
        return "postponed"
    if now > course.deadline:
        return "deadline"
    if now >= course.starts_at:
        return "started"
    return eligibility.objection(course, facts)


async def sign_up(tx: Tx, person_id: int, course_id: int, arrival: int, now: int, days: Calendar) -> Enrolment:
    """Put a person on a course: waiting for their head or HR, seated, or at the end of the waiting list.

    `arrival` orders the waiting list. A request holds a place until it is decided. Somebody already on the course
    keeps their enrolment as it is. Raises Refused with the rule that says no.
    """
    await hold_presence(tx, person_id)
    course = await courses.locked(tx, course_id)
    await offers.hold_diary(tx, person_id)
    before = await standing(tx, person_id, course, now)
    if before.active and before.enrolment:
        return before.enrolment
    if before.objection:
        raise Refused("enrolments/refused", reason=before.objection, course=course, clash=None)
    offers.refuse_clash(await sessions.clash(tx, person_id, course_id), course)
    await offers.advance(tx, course, now, days)  # those who wait already come first
    return await _add(tx, person_id, course, arrival, now, days)


async def hold_presence(tx: Tx, person_id: int) -> None:
    """Hold whether somebody works here until the transaction ends, before any course: nobody signs up while leaving."""
    await tx.lock(f"presence:{person_id}")


async def _add(tx: Tx, person_id: int, course: Course, arrival: int, now: int, days: Calendar) -> Enrolment:
    room = await quotas.room(tx, course, person_id, now)
    state = await offers.next_state(tx, course, person_id, None, now, days) if room else "waiting"
    enrolment_id = await enrolments.add(tx, course.id, person_id, state, arrival, now)
    if state in enrolments.UNDECIDED:
        await approval_deadlines.ask(tx, course, enrolment_id, person_id, state, now, days)
    return await enrolments.find(tx, enrolment_id)


async def may_cancel(tx: Reading, person_id: int, course: Course, now: int) -> Enrolment:
    """Give the enrolment that a person may give up now.

    A seat, or a request for one, until the cut-off; a place in the line at any time. Raises Refused after it, with
    the names of those to turn to, or when there is nothing to give up.
    """
    now_standing = await standing(tx, person_id, course, now)
    if not now_standing.active or now_standing.enrolment is None:
        raise Refused("enrolments/not_on", course=course, state=now_standing.state)
    if now_standing.enrolment.state not in ("waiting", "offered") and now > course.cancel_until:
        raise Refused("enrolments/too_late", course=course, contacts=await contacts(tx, person_id))
    return now_standing.enrolment


async def contacts(tx: Reading, person_id: int) -> list[tuple[str, str]]:
    """Give name and unit of the clerks whom a person can turn to, the nearest ones."""
    found = [await people.find(tx, clerk) for clerk in await rights.clerks_for(tx, person_id)]
    return [(person.name, person.unit) for person in found[:3]]


async def cancel(tx: Tx, person_id: int, course_id: int, reason: str, now: int, days: Calendar) -> Course:
    """Give a course up; what was still to be told about it is withdrawn and the place is offered on."""
    course = await courses.locked(tx, course_id)
    enrolment = await may_cancel(tx, person_id, course, now)
    await give_up(tx, course, enrolment, person_id, reason, now, days)
    return course


async def leave_all(tx: Tx, person_id: int, by: int, now: int, days: Calendar) -> int:
    """Free every place of somebody who works here no more, on courses that are not over; gives how many."""
    rows = await tx.fetch(
        """
        select e.id, e.course_id from enrolments e join courses c on c.id = e.course_id
        where e.person_id = $1 and e.state in ('head', 'hr', 'seat', 'waiting', 'offered') and c.ends_at > $2
        order by e.course_id
        """,
        person_id,
        now,
    )
    for row in rows:
        course = await courses.locked(tx, row["course_id"])
        await give_up(tx, course, await enrolments.find(tx, row["id"]), by, LEFT, now, days)
    return len(rows)


async def take_off(
    tx: Tx, course: Course, enrolment: Enrolment, by: int, reason: str, now: int, days: Calendar
) -> None:
    """Take somebody off a course by HR's word: they are told, the place is offered on. The caller holds the course."""
    step = await give_up(tx, course, enrolment, by, reason, now, days)
    await enrolment_notices.result(tx, course, enrolment, "cancelled", step, now, days)


async def put_back(
    tx: Tx, course: Course, enrolment: Enrolment, state: str, by: int, now: int, days: Calendar
) -> int | None:
    """Give back what was taken off, and ask anew who decides on a request; gives the number of that step.

    None when it cannot be any more: the person has left, is on the course again or has another one at that time, or
    there is no room for them. An offer comes back as a place in the line: its time may be over. The caller holds the
    course.
    """
    person_id = enrolment.person_id
    await offers.hold_diary(tx, person_id)
    newest = await enrolments.latest(tx, person_id, course.id)
    active = await tx.fetchval("select active from people where id = $1", person_id)
    over = course.cancelled or now >= course.starts_at
    if not active or newest is None or newest.id != enrolment.id or newest.state != "cancelled" or over:
        return None
    state = "waiting" if state == "offered" else state
    if state != "waiting" and not await _fits(tx, course, person_id, now):
        return None
    step = await enrolments.move(tx, enrolment.id, state, now, by=by, reason=PUT_BACK)
    if state in enrolments.UNDECIDED:
        await approval_deadlines.ask(tx, course, enrolment.id, person_id, state, now, days)
    if state == "waiting":
        await offers.advance(tx, course, now, days)
    return step


async def _fits(tx: Reading, course: Course, person_id: int, now: int) -> bool:
    room = await quotas.room(tx, course, person_id, now)
    return bool(room) and await sessions.clash(tx, person_id, course.id) is None


async def tell_put_back(tx: Tx, course: Course, enrolment_id: int, step: int, now: int, days: Calendar) -> None:
    """Tell somebody that they are on a course again.

    Nothing is said to who has not been told yet that they were off it, or has been offered a place by now.
    """
    enrolment = await enrolments.find(tx, enrolment_id)
    untold = await outbox.withdraw(tx, course.subject, now, PUT_BACK, enrolment.person_id, kind="enrolment_result")
    if not untold and enrolment.state != "offered":
        await enrolment_notices.result(tx, course, enrolment, enrolment.state, step, now, days)


async def give_up(tx: Tx, course: Course, enrolment: Enrolment, by: int | None, reason: str, now: int, days: Calendar,
                  *, state: str = "cancelled") -> int:  # fmt: skip
    """Take an enrolment off a course and offer its place on; gives the number of that step. The caller holds it."""
    step = await enrolments.move(tx, enrolment.id, state, now, by=by, reason=reason)
    await enrolment_notices.withdraw(tx, course, enrolment.person_id, now)
    await swapping.clear(tx, course, now, days)
    await offers.advance(tx, course, now, days)
    return step
