"""Results become final: completions go into the ledger, learners are told their own. The rule is in completion."""

from dataclasses import dataclass

from bot import outbox
from bot.errors import Refused
from bot.outbox import Owed
from bot.store import Reading, Tx
from bot.training import attendance, audit, courses, records, results, sessions
from bot.training.calendar import Calendar
from bot.training.courses import Course
from bot.training.records import Kept, Record
from bot.training.results import Line
from bot.training.sessions import Session

USEFUL = 14 * 86_400  # seconds that an undelivered result is kept for its learner


def subject_of(course_id: int) -> str:
    """Give the subject under which learners are told."""
    return f"result:{course_id}"


@dataclass(frozen=True)
class Outlook:
    """What closing would write, or has written."""

    completed: int
    failed: int
    undecided: int  # of the failed: without a mark, or without any attendance

    @classmethod
    def of(cls, lines: list[Line]) -> "Outlook":
        """Count a class."""
        open_ones = {"mark_missing", "attendance_missing"}
        return cls(
            sum(line.verdict.completed for line in lines),
            sum(not line.verdict.completed for line in lines),
            sum(any(reason.name in open_ones for reason in line.verdict.reasons) for line in lines),
        )


@dataclass(frozen=True)
class Gaps:
    """What was forgotten before closing: learners without the mark they need, sessions nobody recorded."""

    unmarked: list[Line]
    unrecorded: list[Session]


async def gaps(tx: Reading, course: Course, lines: list[Line]) -> Gaps:
    """Find what closing would count against `lines` only because nobody has entered it."""
    unmarked = [line for line in lines if any(reason.name == "mark_missing" for reason in line.verdict.reasons)]
    if all(line.attended.vouched for line in lines):
        return Gaps(unmarked, [])
    recorded = await attendance.recorded_sessions(tx, course.id)
    return Gaps(unmarked, [one for one in await sessions.of_course(tx, course.id) if one.id not in recorded])


def check_can_close(course: Course, now: int) -> None:
    """Raise Refused for a course that is cancelled or not over."""
    if course.cancelled:
        raise Refused("results/cancelled", course=course)
    if course.ends_at > now:
        raise Refused("results/not_over", course=course)


async def close(tx: Tx, course_id: int, by: int, days: Calendar, now: int) -> Outlook:
    """Write every learner's result into the ledger and owe it to them; again, only what has changed since.

    Raises Refused when there is nothing to close yet.
    """
    course = await courses.locked(tx, course_id)
    check_can_close(course, now)
    lines = await results.lines(tx, course)
    if not lines:
        raise Refused("results/nobody", course=course)
    there = await records.of_course(tx, course_id)
    for line in lines:
        await _write(tx, course, line, there.get(line.person_id), by, days, now)
    await tx.execute(
        """
        insert into closings (course_id, by_person, at) values ($1, $2, $3)
        on conflict (course_id) do update set by_person = excluded.by_person, at = excluded.at
        """,
        course_id,
        by,
        now,
    )
    outlook = Outlook.of(lines)
    counts = {"completed": outlook.completed, "failed": outlook.failed}
    await audit.record(tx, by, "results.close", course.subject, now, new=counts)
    return outlook


async def correct(tx: Tx, course_id: int, person_id: int, reason: str, by: int, days: Calendar, now: int) -> None:
    """Bring the ledger in line with a learner's marks after closing; the old row stays, with the reason."""
    course = await courses.locked(tx, course_id)
    line = await results.line_of(tx, course, person_id, by)
    there = await records.of_course(tx, course_id)
    await _write(tx, course, line, there.get(person_id), by, days, now, reason)
    await audit.record(tx, by, "results.correct", f"course:{course_id}:person:{person_id}", now, new=reason)


async def _write(
    tx: Tx, course: Course, line: Line, kept: Kept | None, by: int, days: Calendar, now: int, reason: str | None = None
) -> None:
    """Write one result and owe it to the learner, unless the ledger (`kept`) tells the same already."""
    record = _record(course, line, days)
    if kept is None:
        kept = await records.with_key(tx, record.key)  # a list of earlier years had it
    if kept is not None and _same(kept.record, record):
        return
    record_id = await records.put(tx, record, by, now, replaces=kept.id if kept else None, reason=reason)
    subject, due_at = subject_of(course.id), days.soon(now)
    await outbox.withdraw(tx, subject, now, "corrected", line.person_id)
    key = f"{subject}:{record_id}"
    owed = Owed(key, "course_result", subject, line.person_id, due_at, due_at + USEFUL, [course.id])
    await outbox.put(tx, owed, now)


def _same(there: Record, record: Record) -> bool:
    """Tell whether the result is the same; that a person has moved to another unit since makes no new one."""
    names = ("source", "outcome", "mark", "hours_tenths", "from_on", "to_on")
    return all(getattr(there, name) == getattr(record, name) for name in names)


def _record(course: Course, line: Line, days: Calendar) -> Record:
    return Record(
        person_id=line.person_id,
        code=line.code,
        name=line.name,
        unit=line.unit,
        source="course",
        course_id=course.id,
        class_code=course.code,
        title=course.title,
        category=course.category,
        level=course.level or "",
        institution=course.institution or "",
        from_on=days.day(course.starts_at),
        to_on=days.day(course.ends_at),
        hours_tenths=line.verdict.hours_tenths,
        outcome="completed" if line.verdict.completed else "failed",
        mark=line.marks.final,
    )
