"""The roll of a session: everybody with a seat or a record, ticked one by one or all at once; the whole course at once.

What a tick is worth, and when it contradicts what is known, is told by attendance.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat.turns import Role, Speaker
from bot.errors import NotAllowed, Refused, Stale
from bot.folding import fold, tidy
from bot.store import Reading, Row, Tx
from bot.training import (
    attendance,
    attendance_marks,
    rights,
    sessions,
)
from bot.training.attendance_marks import Mark, Presence, Verdict
from bot.training.courses import Course
from bot.training.sessions import Session

TICKED_BEFORE = 30 * 60  # seconds before the start, from which on people can be ticked


@dataclass(frozen=True)
class Line:
    """One person of a roll with what is recorded, None when nothing is."""

    person_id: int
    code: str
    name: str
    unit: str
    presence: Presence | None


def _people(narrowed: str) -> str:
    return f"""
    select p.id, p.code, p.name, u.name as unit from people p join units u on u.id = p.unit_id
    where (exists (select 1 from enrolments e where e.course_id = $1 and e.person_id = p.id and e.state = 'seat')
        or exists (select 1 from attendance a join sessions s on s.id = a.session_id
            where s.course_id = $1 and a.person_id = p.id and s.id = coalesce(cast($2 as bigint), s.id)))
        and {narrowed} order by p.fold, p.id
    """  # noqa: S608 (constants)


async def _rows(tx: Reading, course_id: int, session_id: int | None, clerk_id: int | None) -> list[Row]:
    if clerk_id is None:
        return await tx.fetch(_people("1 = 1"), course_id, session_id)
    return await tx.fetch(_people(rights.covered("p.unit_id", "$3")), course_id, session_id, clerk_id)


async def of_session(tx: Reading, session: Session, clerk_id: int | None = None) -> list[Line]:
    """Give the roll of a session by name; only the people of a clerk's own units when `clerk_id` is given."""
    told = await attendance.of_session(tx, session.id)
    rows = await _rows(tx, session.course_id, session.id, clerk_id)
    return [Line(row["id"], row["code"], row["name"], row["unit"], told.get(row["id"])) for row in rows]


async def seats(tx: Reading, course_id: int, clerk_id: int | None = None) -> int:
    """Count who has a seat; only the people of a clerk's own units when `clerk_id` is given."""
    narrowed = "1 = 1" if clerk_id is None else rights.covered("p.unit_id", "$2")
    count: int = await tx.fetchval(
        f"""select count(*) as n from enrolments e join people p on p.id = e.person_id
        where e.course_id = $1 and e.state = 'seat' and {narrowed}""",  # noqa: S608 (constants)
        course_id,
        *([] if clerk_id is None else [clerk_id]),
    )
    return count


def counted(roll: Sequence[Line]) -> dict[str, int]:
    """Count a roll by state; "" stands for nothing recorded."""
    counts = dict.fromkeys((*attendance_marks.STATES, ""), 0)
    for one in roll:
        counts[one.presence.state if one.presence else ""] += 1
    return counts


async def line(tx: Reading, session: Session, person_id: int, by: int) -> Line:
    """Give the line of one person. For somebody not on the roll raises NotAllowed, or Stale if they are `by`'s own."""
    found = next((one for one in await of_session(tx, session) if one.person_id == person_id), None)
    if found is None:
        await rights.check_person(tx, by, person_id)
        raise Stale
    return found


@dataclass(frozen=True)
class Matrix:
    """Everybody of a course beside its sessions; `tenths` of lesson periods by person, `of` those of the course."""

    sessions: list[Session]
    lines: list[tuple[Line, list[Presence | None]]]
    tenths: dict[int, int]
    of: int


async def of_course(tx: Reading, course: Course, clerk_id: int | None = None) -> Matrix:
    """Give who was at which session of a course; only the people of a clerk's own units when `clerk_id` is given."""
    held = await sessions.of_course(tx, course.id)
    told = [await attendance.of_session(tx, session.id) for session in held]
    rows = await _rows(tx, course.id, None, clerk_id)
    lines = [
        (Line(row["id"], row["code"], row["name"], row["unit"], None), [one.get(row["id"]) for one in told])
        for row in rows
    ]
    of = 10 * sum(attendance_marks.periods(session) for session in held)
    return Matrix(held, lines, await attendance.hours(tx, course.id), of)


def check_time(session: Session, now: int) -> None:
    """Raise Refused for a session that is cancelled or that nobody can have come to yet."""
    if session.cancelled or now < session.starts_at - TICKED_BEFORE:
        raise Refused("attendance/not_yet", session=session, opens_at=session.starts_at - TICKED_BEFORE)


async def tick(tx: Tx, session: Session, person_id: int, mark: Mark, now: int) -> Verdict:
    """Record what a clerk taps. Excused may be told ahead, all else not before people can have come."""
    await line(tx, session, person_id, mark.by or 0)
    if mark.state != "excused" or session.cancelled:
        check_time(session, now)
    return await attendance.tell(tx, session, person_id, mark, now)


async def tick_rest(tx: Tx, session: Session, by: int, now: int) -> int:
    """Record everybody of whom nothing is recorded as present; gives how many."""
    check_time(session, now)
    left = [one for one in await of_session(tx, session) if one.presence is None]
    for one in left:
        await attendance.tell(tx, session, one.person_id, Mark("present", "phone", by), now)
    return len(left)


async def scope(tx: Reading, speaker: Speaker, course: Course) -> int | None:
    """Tell how much of a course's roll somebody may see: all of it (None) who runs it, else a clerk their own people.

    Raises NotAllowed for everybody else.
    """
    try:
        await rights.check_runs_course(tx, speaker, course)
    except NotAllowed:
        if Role.HR not in speaker.roles:
            raise
        await rights.check_sees_course(tx, speaker.person_id, course)
        return speaker.person_id
    return None


@dataclass(frozen=True)
class Found:
    """Somebody who can be added to a roll."""

    id: int
    code: str
    name: str
    unit: str


async def named(tx: Reading, text: str) -> list[Found]:
    """Give the active people whose staff code or whole name was typed: who stands in the room can say either.

    No part of a name finds anybody: a lecturer has no business in the list of staff.
    """
    rows = await tx.fetch(
        """
        select p.id, p.code, p.name, u.name as unit from people p join units u on u.id = p.unit_id
        where p.active = 1 and (upper(p.code) = $1 or p.fold = $2) order by p.fold, p.id limit 6
        """,
        tidy(text).upper(),
        fold(text),
    )
    return [Found(row["id"], row["code"], row["name"], row["unit"]) for row in rows]


async def run_by(tx: Reading, person_id: int, now: int) -> list[tuple[Session, str]]:
    """Give the sessions that somebody runs, with the course's title: from a week ago to a month ahead.

    Those that are over for a day come last.
    """
    rows = await tx.fetch(
        f"""
        select s.*, c.title from sessions s join courses c on c.id = s.course_id and c.state <> 'cancelled'
        where s.cancelled_at is null and s.ends_at > $2 and s.starts_at < $3 and (
            exists (select 1 from course_lecturers t join lecturers l on l.id = t.lecturer_id
                where t.course_id = c.id and l.person_id = $1)
            or exists (select 1 from rights r where r.person_id = $1 and r.role = 'school' and r.revoked_at is null
                and r.institution_id = c.institution_id)
            or {rights.covered("c.owner_unit_id", "$1")})
        order by s.starts_at, s.id
        """,  # noqa: S608 (constants)
        person_id,
        now - 7 * 86_400,
        now + 30 * 86_400,
    )
    found = [(sessions.session_of(row), row["title"]) for row in rows]
    return sorted(found, key=lambda one: (one[0].ends_at < now - 86_400, one[0].starts_at))


@dataclass(frozen=True)
class Own:
    """One line of a person's own attendance."""

    session: Session
    title: str
    presence: Presence


async def of_person(tx: Reading, person_id: int) -> list[Own]:
    """Give a person's own attendance, the latest first."""
    rows = await tx.fetch(
        """
        select s.*, c.title from attendance a join sessions s on s.id = a.session_id
        join courses c on c.id = s.course_id where a.person_id = $1 and s.cancelled_at is null
        order by s.starts_at desc, s.id
        """,
        person_id,
    )
    told = await tx.fetch("select * from attendance where person_id = $1", person_id)
    presences = {row["session_id"]: attendance.presence_of(row) for row in told}
    return [Own(sessions.session_of(row), row["title"], presences[row["id"]]) for row in rows]
