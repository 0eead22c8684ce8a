"""What HR does to a course: opens and closes it, changes its size, cancels it. Coming in by workbook is elsewhere."""

from dataclasses import dataclass, replace

from bot import outbox
from bot.errors import Refused
from bot.outbox import REMINDER
from bot.store import Reading, Tx
from bot.training import (
    approval_deadlines,
    change_notices,
    courses,
    offers,
    places,
    quotas,
    schedule_history,
    session_reminders,
    sessions,
    swapping,
)
from bot.training.calendar import Calendar
from bot.training.courses import Course
from bot.training.schedules import Line, facts_of

LARGEST = 10_000  # places; more is a slip of the finger


@dataclass(frozen=True)
class Preview:
    """What cancelling would do: how many people would be told (some without a chat), how many sessions fall away."""

    course: Course
    people: int
    sessions: int
    unreached: int


async def set_open(tx: Tx, course_id: int, is_open: bool, now: int) -> Course:
    """Open or close sign-up. Raises Refused for a cancelled course."""
    course = await _living(tx, course_id)
    await _set_state(tx, course_id, "open" if is_open else "closed", now)
    return replace(course, state="open" if is_open else "closed")


async def set_capacity(tx: Tx, course_id: int, capacity: int, now: int, days: Calendar) -> Course:
    """Change the number of places; new ones are offered to those who wait.

    Raises Refused below what is firmly given away (seats and open offers): requests under decision may be pushed
    out, and go to the waiting list when they are decided.
    """
    course = await _living(tx, course_id)
    check_capacity(capacity, (await places.of_course(tx, course_id, now)).firm)
    kept = sum(quota.places.capacity for quota in await quotas.of_course(tx, course_id, now) if not quota.nested)
    if capacity < kept:
        raise Refused("desk_courses/quota_over", kept=kept)
    await tx.execute("update courses set capacity = $2, updated_at = $3 where id = $1", course_id, capacity, now)
    course = replace(course, capacity=capacity)
    await offers.advance(tx, course, now, days)
    return course


def check_capacity(capacity: int, firm: int) -> None:
    """Raise Refused for a size that no course can have, or that is below `firm` places given away."""
    if not max(1, firm) <= capacity <= LARGEST:
        raise Refused("desk_courses/capacity_wrong", firm=firm, largest=LARGEST)


async def preview(tx: Reading, course_id: int, now: int) -> Preview:
    """Tell what cancelling would do. Raises Refused when it is cancelled already, or over."""
    course = await courses.find(tx, course_id)
    _check_cancellable(course, now)
    count = await places.of_course(tx, course_id, now)
    held = await sessions.of_course(tx, course_id)
    return Preview(course, count.active, len(held), await change_notices.without_chat(tx, course_id, now))


async def cancel(tx: Tx, course_id: int, reason: str, by: int, now: int, days: Calendar) -> int:
    """Cancel a course: everybody on it is told, nobody is reminded of it any more; gives how many are told.

    Told in calm hours, unless a session would begin before them. All of it in this one transaction.
    """
    course = await courses.locked(tx, course_id)
    _check_cancellable(course, now)
    held = await sessions.of_course(tx, course_id)
    await session_reminders.withdraw(tx, course.end_subject, now, "cancelled")
    for session in held:
        await session_reminders.withdraw(tx, session.subject, now, "cancelled")
    await outbox.withdraw(tx, course.subject, now, "cancelled")
    await change_notices.withdraw_all(tx, course_id, now)
    lines = [Line(one.id, one.number, facts_of(one), None) for one in held if one.starts_at > now]
    await schedule_history.keep(tx, course_id, "cancel", lines, reason, by, now)
    await approval_deadlines.withdraw(tx, course_id, now)
    next_start = min((s.starts_at for s in held if s.starts_at > now), default=None)
    told = await _tell_everybody(tx, course, days.soon(now, next_start), now)
    await _withdraw_enrolments(tx, course_id, reason, by, now)
    await tx.execute(
        "update sessions set sequence = sequence + 1, updated_at = $2 where course_id = $1", course_id, now
    )
    await tx.execute(
        "update courses set state = 'cancelled', cancel_reason = $2, updated_at = $3 where id = $1",
        course_id,
        reason,
        now,
    )
    await swapping.end(tx, replace(course, state="cancelled"), now, days)
    return told


def _check_cancellable(course: Course, now: int) -> None:
    """A course that is over stays: who sat in it, and what they thought of it, is evidence."""
    if course.cancelled:
        raise Refused("desk_courses/is_cancelled", course=course)
    if now >= course.ends_at:
        raise Refused("desk_courses/is_over", course=course)


async def _living(tx: Tx, course_id: int) -> Course:
    course = await courses.locked(tx, course_id)
    if course.cancelled:
        raise Refused("desk_courses/is_cancelled", course=course)
    return course


async def _set_state(tx: Tx, course_id: int, state: str, now: int) -> None:
    await tx.execute("update courses set state = $2, updated_at = $3 where id = $1", course_id, state, now)


async def _tell_everybody(tx: Tx, course: Course, due_at: int, now: int) -> int:
    return await tx.execute(
        """
        insert into outbox (unique_key, kind, priority, subject, person_id, args, due_at, expires_at, created_at)
        select $1 || cast(e.person_id as text), 'course_cancelled', cast($2 as bigint), $3, e.person_id, $4,
            cast($5 as bigint), cast($6 as bigint), cast($7 as bigint)
        from enrolments e where e.course_id = $8
            and (e.state in ('seat', 'head', 'hr', 'waiting') or e.state = 'offered' and e.offer_expires_at > $7)
        on conflict (unique_key) do nothing
        """,
        f"{course.subject}:cancelled:",
        REMINDER,
        course.subject,
        f"[{course.id}]",
        due_at,
        max(course.ends_at, due_at + 86_400),
        now,
        course.id,
    )


async def _withdraw_enrolments(tx: Tx, course_id: int, reason: str, by: int, now: int) -> None:
    await tx.execute(
        """
        insert into enrolment_history (enrolment_id, state, by_person, reason, at)
        select id, 'withdrawn', cast($2 as bigint), $3, cast($4 as bigint) from enrolments
        where course_id = $1 and state in ('seat', 'head', 'hr', 'waiting', 'offered')
        """,
        course_id,
        by,
        reason,
        now,
    )
    await tx.execute(
        """
        update enrolments set state = 'withdrawn', decided_by = $2, decided_at = $4, reason = $3
        where course_id = $1 and state in ('seat', 'head', 'hr', 'waiting', 'offered')
        """,
        course_id,
        by,
        reason,
        now,
    )
