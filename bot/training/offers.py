"""The waiting list: a freed place is offered to the next, reserved for them, and goes on when they do not take it.

Nothing here depends on the sweep having run: an offer whose time is over holds no place and cannot be taken.
"""

from dataclasses import dataclass
from typing import NoReturn

from bot.errors import Refused, Stale
from bot.store import Reading, Tx
from bot.training import approval_deadlines, courses, deciders, enrolment_notices, enrolments, quotas, sessions
from bot.training.calendar import Calendar
from bot.training.courses import Course
from bot.training.enrolments import Enrolment
from bot.training.sessions import Clash

LIFE = 24 * 3600  # seconds to answer, from when the person is told
OUT_OF_TIME = "out_of_time"
NO_PLACE = "no_place"
UNDECIDED = "undecided"


@dataclass(frozen=True)
class Answered:
    """An offer after the person's answer: the enrolment as it stands now."""

    enrolment: Enrolment
    course: Course


async def advance(tx: Tx, course: Course, now: int, days: Calendar) -> int:
    """Clear offers whose time is over, then offer what is free to the next in order; gives how many moved.

    The caller holds the course. No offer once the first session has begun: whoever still waits then is let go.
    """
    moved = await _lapse(tx, course, now, days)
    if course.cancelled:
        return moved
    if now >= course.starts_at:
        return moved + await _let_go(tx, course, "waiting", NO_PLACE, now, days)
    for enrolment_id in await quotas.next_waiting(tx, course, now):
        await _offer(tx, course, await enrolments.find(tx, enrolment_id), now, days)
        moved += 1
    return moved


async def close(tx: Tx, course: Course, now: int, days: Calendar) -> int:
    """Let go, once the course is over, whoever was never decided on; gives how many."""
    if now < course.ends_at:
        return 0
    gone = 0
    for state in enrolments.UNDECIDED:
        gone += await _let_go(tx, course, state, UNDECIDED, now, days)
    return gone


async def _offer(tx: Tx, course: Course, enrolment: Enrolment, now: int, days: Calendar) -> None:
    """Offer one place; the day to answer begins in calm hours, when the person is told."""
    told_at = days.soon(now, course.starts_at)
    expires_at = min(told_at + LIFE, course.starts_at)
    step = await enrolments.offer(tx, enrolment.id, expires_at, now)
    await enrolment_notices.offer(tx, course, enrolment, expires_at, step, now, told_at)


async def _lapse(tx: Tx, course: Course, now: int, days: Calendar) -> int:
    over = [e for e in await enrolments.with_state(tx, course.id, "offered") if not e.offer_open(now)]
    for enrolment in over:
        step = await enrolments.move(tx, enrolment.id, "lapsed", now, reason=OUT_OF_TIME)
        await enrolment_notices.result(tx, course, enrolment, "lapsed", step, now, days)
        await enrolment_notices.nomination_lost(tx, course, enrolment, step, now, days)
    return len(over)


async def _let_go(tx: Tx, course: Course, state: str, reason: str, now: int, days: Calendar) -> int:
    left = await enrolments.with_state(tx, course.id, state)
    for enrolment in left:
        step = await enrolments.move(tx, enrolment.id, "lapsed", now, reason=reason)
        await enrolment_notices.result(tx, course, enrolment, "lapsed", step, now, days)
    return len(left)


async def next_state(tx: Reading, course: Course, person_id: int, head_by: int | None, now: int, days: Calendar) -> str:
    """Give the state in which a person with a place goes on: to their head, to HR, or straight to the seat.

    Without a head who could decide, or once heads are too late to, HR does; a head who has agreed is not asked twice.
    """
    if course.needs_head and head_by is None:
        late = now >= approval_deadlines.over_at(course, days)
        return "hr" if late or not await deciders.of_person(tx, person_id, now) else "head"
    return "hr" if course.needs_hr else "seat"


async def accept(tx: Tx, person_id: int, enrolment_id: int, now: int, days: Calendar) -> Answered:
    """Take an offered place. Raises Refused (too late, a clash), Stale for somebody else's; twice is harmless."""
    course, enrolment = await _mine(tx, person_id, enrolment_id)
    if enrolment.state in ("head", "hr", "seat"):
        return Answered(enrolment, course)
    if not enrolment.offer_open(now):
        await _refuse_over(tx, course, enrolment)
    refuse_clash(await sessions.clash(tx, person_id, course.id), course)
    if enrolment.nominated_by_hr:
        state = "seat"
    else:
        state = await next_state(tx, course, person_id, enrolment.head_by, now, days)
    await enrolments.move(tx, enrolment.id, state, now, by=person_id)
    if state in enrolments.UNDECIDED:
        await approval_deadlines.ask(tx, course, enrolment.id, person_id, state, now, days)
    return Answered(await enrolments.find(tx, enrolment.id), course)


async def decline(tx: Tx, person_id: int, enrolment_id: int, now: int, days: Calendar) -> Answered:
    """Leave an offered place to the next. Raises Refused when it is no longer open; twice is harmless."""
    course, enrolment = await _mine(tx, person_id, enrolment_id)
    if enrolment.state == "declined":
        return Answered(enrolment, course)
    if not enrolment.offer_open(now):
        await _refuse_over(tx, course, enrolment)
    step = await enrolments.move(tx, enrolment.id, "declined", now, by=person_id)
    await enrolment_notices.nomination_lost(tx, course, enrolment, step, now, days)
    await advance(tx, course, now, days)
    return Answered(await enrolments.find(tx, enrolment.id), course)


def why_over(course: Course, enrolment: Enrolment, by: int | None) -> str:
    """Name why an offer cannot be answered any more; `by` took the last step of its enrolment, None was time.

    'cancelled' (the course), 'withdrawn' (by others), 'expired', 'declined', 'taken', 'refused' (taken, and not agreed
    to), 'given_up' (by the person), 'waiting' (in the line again), 'gone' (let go by time for another reason).
    """
    state = enrolment.state
    if course.cancelled:
        return "cancelled"
    if state == "offered" or (state == "lapsed" and enrolment.reason == OUT_OF_TIME):
        return "expired"
    if state in ("head", "hr", "seat"):
        return "taken"
    if state in ("cancelled", "withdrawn"):
        return "given_up" if by == enrolment.person_id else "withdrawn"
    return "gone" if state == "lapsed" else state


async def _refuse_over(tx: Reading, course: Course, enrolment: Enrolment) -> NoReturn:
    why = why_over(course, enrolment, await enrolments.last_by(tx, enrolment.id))
    raise Refused("enrolments/offer_over", course=course, why=why, reason=enrolment.reason)


async def _mine(tx: Tx, person_id: int, enrolment_id: int) -> tuple[Course, Enrolment]:
    """Hold the course, the person's own diary, and read the enrolment as it is now."""
    course = await courses.locked(tx, (await enrolments.find(tx, enrolment_id)).course_id)
    await hold_diary(tx, person_id)
    enrolment = await enrolments.find(tx, enrolment_id)
    if enrolment.person_id != person_id:
        raise Stale
    return course, enrolment


async def hold_diary(tx: Tx, person_id: int) -> None:
    """Let nobody sign this person up for two courses at the same time; asked for after the course is held."""
    await tx.lock(f"diary:{person_id}")


def refuse_clash(clash: Clash | None, course: Course) -> None:
    """Raise Refused, with the other session by name and time, if there is one."""
    if clash is not None:
        raise Refused("enrolments/refused", reason="clash", course=course, clash=clash)


async def overdue(tx: Reading, now: int) -> list[int]:
    """Give the courses where time alone has changed something."""
    rows = await tx.fetch(
        """
        select distinct e.course_id from enrolments e join courses c on c.id = e.course_id
        where (e.state = 'offered' and e.offer_expires_at <= $1)
            or (e.state = 'waiting' and c.starts_at <= $1)
            or (e.state in ('head', 'hr') and c.ends_at <= $1)
        order by e.course_id
        """,
        now,
    )
    return [row["course_id"] for row in rows]


async def next_due(tx: Reading, after: int) -> int | None:
    """Give the earliest instant later than `after` at which an offer lapses (UTC seconds)."""
    due: int | None = await tx.fetchval(
        "select min(offer_expires_at) as due from enrolments where state = 'offered' and offer_expires_at > $1", after
    )
    return due
