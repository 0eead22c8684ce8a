"""Marks of a class and what they come to for each learner. When they become final is in closing."""

from dataclasses import dataclass, replace

from bot.errors import Refused, Stale
from bot.store import Reading, Row, Tx
from bot.training import attendance, attendance_marks, audit, courses, rights, sessions
from bot.training.completion import Attended, Marks, Verdict, judge
from bot.training.courses import Course

# Who is on a class ($1): seats, and who was there without one.
MEMBERS = """
    select e.person_id from enrolments e where e.course_id = $1 and e.state = 'seat'
    union
    select a.person_id from attendance a join sessions s on s.id = a.session_id
    where s.course_id = $1 and s.cancelled_at is null and a.hours_tenths > 0
"""


@dataclass(frozen=True)
class Line:
    """One learner of a class with what they have come to."""

    person_id: int
    code: str
    name: str
    unit: str
    marks: Marks
    attended: Attended
    verdict: Verdict
    vouched_reason: str | None


async def lines(tx: Reading, course: Course, clerk_id: int | None = None) -> list[Line]:
    """Give the learners of a class by name; with `clerk_id` only those in that clerk's reach."""
    return await _lines(tx, course, clerk_id, "" if clerk_id is None else f"where {rights.covered('p.unit_id', '$2')}")


async def line_of(tx: Reading, course: Course, person_id: int, by: int | None) -> Line:
    """Give one learner. For somebody not on the class raises NotAllowed, or Stale if the rights of `by` cover them."""
    found = await _lines(tx, course, person_id, "where p.id = $2")
    if not found:
        if by not in (None, person_id):
            await rights.check_person(tx, by, person_id)
        raise Stale
    return found[0]


async def _lines(tx: Reading, course: Course, about: int | None, where: str) -> list[Line]:
    rows = await tx.fetch(
        f"""
        select p.id, p.code, p.name, u.name as unit, r.score, r.resit, r.passed, r.attended_reason
        from ({MEMBERS}) m join people p on p.id = m.person_id join units u on u.id = p.unit_id
        left join results r on r.course_id = $1 and r.person_id = p.id {where}
        order by p.fold, p.id
        """,  # noqa: S608 (constants)
        course.id,
        *([] if about is None else [about]),
    )
    told = await attendance.hours(tx, course.id) if await attendance.recorded_sessions(tx, course.id) else {}
    held = await hours_held(tx, course)
    return [_line(row, course, told, held) for row in rows]


def _line(row: Row, course: Course, told: dict[int, int], held: int) -> Line:
    marks = Marks(row["score"], row["resit"], None if row["passed"] is None else bool(row["passed"]))
    tenths = told.get(row["id"], 0) if told else None
    attended = Attended(tenths, held, vouched=row["attended_reason"] is not None and tenths is None)
    verdict = judge(course.attendance_share, course.pass_mark, marks, attended)
    return Line(row["id"], row["code"], row["name"], row["unit"], marks, attended, verdict, row["attended_reason"])


async def hours_held(tx: Reading, course: Course) -> int:
    """Give the lesson periods of a course in tenths: of each session as planned, else its length in whole periods."""
    held = await sessions.of_course(tx, course.id)
    return 10 * sum(attendance_marks.periods(session) for session in held)


async def closed_at(tx: Reading, course_id: int) -> int | None:
    """Give when the results became final (UTC seconds)."""
    at: int | None = await tx.fetchval("select at from closings where course_id = $1", course_id)
    return at


def begun(course: Course, now: int) -> bool:
    """Tell whether the first session has begun (`now` in UTC seconds).

    Until then nobody can have come to anything: a mark is meant for another class, or the schedule is wrong and is to
    be put right first. Attendance is refused for the same reason.
    """
    return course.starts_at <= now


def check_begun(course: Course, now: int) -> None:
    """Raise Refused for a course whose first session has not begun."""
    if not begun(course, now):
        raise Refused("results/not_begun", course=course)


def with_mark(marks: Marks, mark: int, *, resit: bool, pass_mark: int) -> Marks:
    """Give the marks with a typed one; a resit typed again corrects the one there is. There is one only (L4).

    Raises Refused for a resit of who has passed, or has no mark yet.
    """
    if not resit:
        return Marks(score=mark, resit=None if mark >= pass_mark else marks.resit)
    check_resit(marks, pass_mark)
    return replace(marks, resit=mark, passed=None)


def check_resit(marks: Marks, pass_mark: int) -> None:
    """Raise Refused for a resit of who has passed, or has no mark yet."""
    if marks.score is None or marks.score >= pass_mark:
        raise Refused("results/no_resit", score=marks.score)


async def keep(tx: Tx, course: Course, person_id: int, marks: Marks, by: int | None, now: int) -> None:
    """Keep what was told about a learner, with the old in the log. The caller has checked who may.

    Raises Stale when they are not on the class, Refused when the course is cancelled.
    """
    await courses.locked(tx, course.id)
    if course.cancelled:
        raise Refused("results/cancelled", course=course)
    old = (await line_of(tx, course, person_id, by)).marks
    if old == marks:
        return
    await tx.execute(
        """
        insert into results (course_id, person_id, score, resit, passed, by_person, at)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (course_id, person_id) do update set score = excluded.score, resit = excluded.resit,
            passed = excluded.passed, by_person = excluded.by_person, at = excluded.at
        """,
        course.id,
        person_id,
        marks.score,
        marks.resit,
        None if marks.passed is None else int(marks.passed),
        by,
        now,
    )
    subject = f"course:{course.id}:person:{person_id}"
    await audit.record(tx, by, "results.edit", subject, now, old=told(old), new=told(marks))


def told(marks: Marks) -> dict[str, int | bool | None]:
    """Give marks as the log keeps them, in tenths."""
    return {"score": marks.score, "resit": marks.resit, "passed": marks.passed}


async def vouch(tx: Tx, course: Course, person_id: int, reason: str, by: int, now: int) -> None:
    """Let HR confirm the hours of a learner by hand where nobody's attendance was recorded. Raises Refused else."""
    line = await line_of(tx, course, person_id, by)
    if line.attended.tenths is not None:
        raise Refused("results/attendance_there", course=course)
    await tx.execute(
        """
        insert into results (course_id, person_id, attended_reason, attended_by, at) values ($1, $2, $3, $4, $5)
        on conflict (course_id, person_id) do update set attended_reason = excluded.attended_reason,
            attended_by = excluded.attended_by, at = excluded.at
        """,
        course.id,
        person_id,
        reason,
        by,
        now,
    )
    subject = f"course:{course.id}:person:{person_id}"
    await audit.record(tx, by, "results.vouch", subject, now, old=line.vouched_reason, new=reason)
