"""Changing a schedule: what it would do is shown first, then it is written and told in one transaction (R19, R20).

What may be wished for is in schedule_wishes; who can still come, and what becomes of their seats, in change_answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.store import Reading, Tx
from bot.training import (
    audit,
    change_notices,
    courses,
    places,
    planned_sessions,
    schedule_history,
    schedules,
    sessions,
)
from bot.training.calendar import Calendar
from bot.training.change_notices import ON_COURSE
from bot.training.course_fields import Fault
from bot.training.courses import Course
from bot.training.schedule_wishes import Schedule, Wish, days_off, lines_of, mode_after
from bot.training.schedules import Facts, Line, Snapshot, facts_of

WAITS = (12, 24, 48)  # hours that a clerk may give people to answer
WAIT = 48
HOUR = 3600
_START_LEFT = {48: 24 * HOUR}  # so long before the first new session the usual wait ends at the latest …
_START_LEFT_CHOSEN = 2 * HOUR  # … and a shorter one that the clerk chose
LEAST = 4 * HOUR  # seconds to answer, below which nobody loses a seat by silence


@dataclass(frozen=True)
class Preview:
    """What a wish would do, before it is done. `seen` is the schedule it was worked out on, see `apply`.

    `told` are all who would be told, `unreached` those of them without a chat, `clashes` other courses of theirs at
    the times of any session then to come with how many people, `clashing` how many people these are; both None when
    no session is to come. `remarks` are on deadlines that the new dates overtake.
    """

    wish: Wish
    course: Course
    lines: Sequence[Line]
    told: int
    unreached: int
    clashes: Sequence[tuple[str, int]] | None
    clashing: int | None
    asks: bool
    answer_by: int | None
    days_off: Sequence[str]
    remarks: Sequence[Fault]
    seen: list[int]

    @property
    def put_off(self) -> list[int]:
        """Give the sessions that would wait for a new day."""
        return schedule_history.put_off(self.wish.kind, self.lines)


@dataclass(frozen=True)
class Done:
    """What was done: how many people are told, how many of them have no chat, until when answers are awaited."""

    course: Course
    change_id: int
    told: int
    unreached: int
    answer_by: int | None


async def schedule_of(tx: Reading, course: Course) -> Schedule:
    """Read the sessions of a course: held, and, while it is put off, those that wait for new dates."""
    held = await sessions.of_course(tx, course.id)
    if not course.postponed:
        return Schedule(held)
    change = await schedule_history.last_of_kind(tx, course.id, "postpone")
    lines = change.lines if change else ()
    return Schedule(held, [await sessions.find(tx, line.session_id) for line in lines])


async def preview(tx: Reading, wish: Wish, now: int, days: Calendar) -> Preview:
    """Tell what a wish would do. Raises Refused when it cannot be done, Stale when it no longer fits."""
    course = await courses.find(tx, wish.course_id)
    schedule = await schedule_of(tx, course)
    lines = lines_of(wish, course, schedule, now, days)
    coming = [] if wish.kind == "postpone" else to_come(schedule, lines, now)
    clashes = await _clashes(tx, course.id, coming, now)
    return Preview(
        wish,
        course,
        lines,
        told=(await places.of_course(tx, course.id, now)).active,
        unreached=await change_notices.without_chat(tx, course.id, now),
        clashes=sorted((title, len(those)) for title, those in clashes.items()) if coming else None,
        clashing=len(set().union(*clashes.values())) if coming else None,
        asks=asks(lines),
        answer_by=answer_by(lines, course, now, days, wish.wait),
        days_off=days_off(lines, days),
        remarks=deadline_remarks(course, lines, coming, now, days),
        seen=_seen(course, schedule),
    )


def _seen(course: Course, schedule: Schedule) -> list[int]:
    """Give what tells one state of a schedule from another: every change raises a session's sequence."""
    every = sorted((*schedule.held, *schedule.off), key=lambda one: one.id)
    return [course.postponed_at or 0, *(n for one in every for n in (one.id, one.sequence))]


def to_come(schedule: Schedule, lines: Sequence[Line], now: int) -> list[Facts]:
    """Give what is held after these changes and is not over at `now`, changed or not."""
    touched = {line.session_id for line in lines}
    kept = [facts_of(one) for one in schedule.held if one.id not in touched]
    return [facts for facts in [*kept, *(line.new for line in lines)] if facts and facts.ends_at > now]


def deadline_remarks(
    course: Course, lines: Sequence[Line], coming: Sequence[Facts], now: int, days: Calendar
) -> list[Fault]:
    """Tell which deadlines of a course no longer lie before its first day after these changes.

    Nothing when no session is held at another time, and once the course has begun.
    """
    if not coming or course.starts_at <= now or not any(line.new and line.moved for line in lines):
        return []
    first = min(facts.starts_at for facts in coming)
    until = None if course.approve_until is None else days.local(course.approve_until).date()
    return planned_sessions.deadline_remarks(days.local(course.deadline).date(), until, days.local(first).date())


async def _clashes(tx: Reading, course_id: int, coming: Sequence[Facts], now: int) -> dict[str, set[int]]:
    """Give, by title, the other courses at these times, with those people of this course who are on them.

    The same that each of them will read: see `sessions.clash`.
    """
    found: dict[str, set[int]] = {}
    for facts in coming:
        rows = await tx.fetch(
            f"""
            select distinct o.title, e.person_id from sessions b join courses o on o.id = b.course_id
            join enrolments t on t.course_id = o.id and t.state in ('seat', 'head', 'hr')
            join enrolments e on e.person_id = t.person_id and e.course_id = $1
                and {ON_COURSE.format(now="$4")}
            where b.starts_at < $3 and b.ends_at > $2 and b.cancelled_at is null and o.id <> $1
                and o.state <> 'cancelled'
            """,  # noqa: S608 (a constant)
            course_id,
            facts.starts_at,
            facts.ends_at,
            now,
        )
        for row in rows:
            found.setdefault(row["title"], set()).add(row["person_id"])
    return found


def asks(lines: Sequence[Line]) -> bool:
    """Tell whether people have to be asked if they can still come: not when sessions only fall away."""
    return any(line.new is not None for line in lines)


def answer_by(lines: Sequence[Line], course: Course, now: int, days: Calendar, wait: int) -> int | None:
    """Give until when (UTC seconds, in calm hours) answers are awaited; None when silence frees no seat.

    The wait begins when people are told. It frees none on a mandatory course, on one that has begun (who was there
    already keeps the seat), where the clerk wishes so, and where there would be less than four hours to answer.
    """
    starts = [line.new.starts_at for line in lines if line.new and line.new.starts_at > now]
    if not starts or not wait or course.mandatory or course.starts_at <= now:
        return None
    told_at = tell_at(lines, now, days)
    latest = min(starts) - _START_LEFT.get(wait, _START_LEFT_CHOSEN)
    at = min(told_at + wait * HOUR, latest)
    if not days.calm(at):
        later = days.soon(at)
        at = later if later <= latest and days.calm(later) else days.earlier(at)
    return at if at >= told_at + LEAST else None


def tell_at(lines: Sequence[Line], now: int, days: Calendar) -> int:
    """Give when people are told: in calm hours, unless an old or a new session begins before them."""
    starts = [facts.starts_at for line in lines for facts in (line.old, line.new) if facts and facts.starts_at > now]
    return days.soon(now, min(starts, default=None))


async def apply(tx: Tx, wish: Wish, seen: Sequence[int], by: int, now: int, days: Calendar) -> Done | None:
    """Change the schedule as previewed; None, and nothing done, when it has changed since `seen`.

    Raises as `preview` does.
    """
    course = await courses.locked(tx, wish.course_id)
    wanted = await preview(tx, wish, now, days)
    if list(seen) != wanted.seen:
        return None
    for line in wanted.lines:
        await schedules.put(tx, line.session_id, line.new, now, days)
    await _set_course(tx, wish, course, now)
    await schedules.follow(tx, course.id, now, days)
    old = {line.number: schedules.plain(line.old) for line in wanted.lines}
    new = {line.number: schedules.plain(line.new) for line in wanted.lines}
    await audit.record(tx, by, f"schedule.{wish.kind}", course.subject, now, old=old, new=new)
    return await announce(tx, course, wish.kind, wanted.lines, wish.reason, by, now, days, wish.wait)


async def _set_course(tx: Tx, wish: Wish, course: Course, now: int) -> None:
    """Put the course off or back on, and say how it is held now."""
    if wish.kind in ("postpone", "resume"):
        await mark_postponed(tx, course.id, now if wish.kind == "postpone" else None)
    after = [facts_of(one) for one in await sessions.of_course(tx, course.id)]
    mode = mode_after(wish.kind, course, after)
    await tx.execute("update courses set mode = $2, updated_at = $3 where id = $1", course.id, mode, now)


async def mark_postponed(tx: Tx, course_id: int, at: int | None) -> None:
    """Note that a course is put off since `at`, or, with None, that it has dates again."""
    await tx.execute("update courses set postponed_at = $2 where id = $1", course_id, at)


async def settle(tx: Tx, course: Course, before: Snapshot, kind: str, reason: str, by: int | None, now: int,
                 days: Calendar, wait: int) -> Done | None:  # fmt: skip
    """Let everything follow from sessions that were written otherwise than by `apply` (a workbook, a form).

    `course` and `before` are as they were; None when its schedule is what it was. The caller holds the course.
    """
    lines = schedules.differences(before, await schedules.snapshot(tx, course.id))
    if course.postponed and any(line.new for line in lines):
        await mark_postponed(tx, course.id, None)
    await schedules.follow(tx, course.id, now, days)
    return await announce(tx, course, kind, lines, reason, by, now, days, wait) if lines else None


async def announce(tx: Tx, before: Course, kind: str, lines: Sequence[Line], reason: str, by: int | None, now: int,
                   days: Calendar, wait: int = WAIT) -> Done:  # fmt: skip
    """Keep a change that was made, and tell everybody on the course of it; `before` is the course as it was.

    Of what is over before and after it nobody is told.
    """
    told_lines = [line for line in lines if line.matters(now)]
    until = answer_by(told_lines, before, now, days, wait)
    change_id = await schedule_history.keep(tx, before.id, kind, lines, reason, by, now, until)
    told_at = tell_at(told_lines, now, days)
    course = await courses.find(tx, before.id)
    told = 0
    await change_notices.withdraw_answered(tx, before.id, now)
    if told_lines:
        told = await change_notices.tell(tx, course, change_id, told_at, now, asks=asks(told_lines))
        await change_notices.plan(tx, change_id, told_at, until, course, now, days)
    return Done(course, change_id, told, await change_notices.without_chat(tx, course.id, now), until)
