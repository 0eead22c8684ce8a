"""Who was there and for how many hours: told, merged, counted. What may be told, and what it counts: attendance_marks.

How it is told (codes, sheets, taps) is in files of its own, as is what waits for a decision.
"""

from dataclasses import dataclass

from bot.store import Reading, Row, Tx
from bot.training import audit, rights
from bot.training.attendance_marks import ATTENDED, BY_THEMSELF, Mark, Presence, Verdict, merge, periods, tenths_of
from bot.training.sessions import Session


async def find(tx: Reading, session_id: int, person_id: int) -> Presence | None:
    """Read what is recorded."""
    row = await tx.fetchrow("select * from attendance where session_id = $1 and person_id = $2", session_id, person_id)
    return None if row is None else presence_of(row)


def presence_of(row: Row) -> Presence:
    """Read it from a row of `attendance`."""
    return Presence(
        row["session_id"],
        row["person_id"],
        row["state"],
        row["hours_tenths"],
        row["reason"],
        row["source"],
        bool(row["walk_in"]),
        row["at"],
        row["by_person"],
        row["changed_at"],
    )


async def of_session(tx: Reading, session_id: int) -> dict[int, Presence]:
    """Give what is recorded of a session, by person."""
    rows = await tx.fetch("select * from attendance where session_id = $1", session_id)
    return {row["person_id"]: presence_of(row) for row in rows}


async def foresee(tx: Reading, session: Session, person_id: int, mark: Mark) -> Verdict:
    """Tell what `tell` would do, for a dry run; writes nothing."""
    verdict = merge(await find(tx, session.id, person_id), mark)
    known = verdict == "conflict" and await _decided_before(tx, session.id, person_id, mark)
    return "same" if known else verdict


async def tell(tx: Tx, session: Session, person_id: int, mark: Mark, now: int) -> Verdict:
    """Record what is told, once; a contradiction is kept for a decision and the record stays as it is.

    Whatever somebody tells of another person goes into the log, with what was recorded before.
    """
    if await _first(tx, session, person_id, mark, now):
        await _log(tx, session, person_id, mark, None, now)
        return "take"
    there = await _held(tx, session.id, person_id)
    verdict = await foresee(tx, session, person_id, mark)
    if verdict == "take":
        await overwrite(tx, session, there, mark, now)
    elif verdict == "conflict":
        await _open_conflict(tx, session.id, person_id, mark, now)
    return verdict


async def _first(tx: Tx, session: Session, person_id: int, mark: Mark, now: int) -> bool:
    written = await tx.execute(
        """
        insert into attendance (session_id, person_id, state, hours_tenths, reason, source, walk_in, at, by_person)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (session_id, person_id) do nothing
        """,
        session.id,
        person_id,
        mark.state,
        _counted(session, mark),
        mark.reason,
        mark.source,
        int(mark.walk_in),
        now,
        mark.by,
    )
    return written > 0


def _counted(session: Session, mark: Mark) -> int:
    typed = mark.tenths is not None and mark.state in ATTENDED
    return min(mark.tenths or 0, 10 * periods(session)) if typed else tenths_of(session, mark.state)


async def _held(tx: Tx, session_id: int, person_id: int) -> Presence:
    row = await tx.fetchrow(
        "select * from attendance where session_id = $1 and person_id = $2 for update", session_id, person_id
    )
    if row is None:
        raise LookupError(f"attendance of {person_id} at {session_id} is gone")
    return presence_of(row)


async def overwrite(tx: Tx, session: Session, there: Presence, mark: Mark, now: int) -> None:
    """Put what is told in place of what is recorded; when it was told first stays known."""
    keeps = mark.state == "excused" or mark.reason is not None
    await tx.execute(
        """
        update attendance set state = $3, hours_tenths = $4, reason = $5, source = $6, by_person = $7, changed_at = $8
        where session_id = $1 and person_id = $2
        """,
        there.session_id,
        there.person_id,
        mark.state,
        _counted(session, mark),
        (mark.reason or there.reason) if keeps else None,
        mark.source,
        mark.by,
        now,
    )
    await _log(tx, session, there.person_id, mark, there, now)


async def _log(tx: Tx, session: Session, person_id: int, mark: Mark, old: Presence | None, now: int) -> None:
    if mark.by == person_id and mark.source in BY_THEMSELF:
        return  # one's own presence is nobody else's data
    new = Presence(
        session.id, person_id, mark.state, _counted(session, mark), mark.reason, mark.source, mark.walk_in, now, mark.by
    )
    told = {"person": person_id, **new.shown()}
    before = None if old is None else {"person": person_id, **old.shown()}
    await audit.record(tx, mark.by, "attendance.mark", session.subject, now, old=before, new=told)


async def _decided_before(tx: Reading, session_id: int, person_id: int, mark: Mark) -> bool:
    """Tell whether the same contradiction waits already, or was decided against: a sheet that comes twice."""
    known = await tx.fetchval(
        """
        select 1 as known from attendance_decisions where session_id = $1 and person_id = $2 and kind = 'conflict'
            and state = $3 and source = $4 and (decided_at is null or accepted = 0)
        """,
        session_id,
        person_id,
        mark.state,
        mark.source,
    )
    return known is not None


async def _open_conflict(tx: Tx, session_id: int, person_id: int, mark: Mark, now: int) -> None:
    await tx.execute(
        "delete from attendance_decisions where session_id = $1 and person_id = $2 and kind = 'conflict' "
        "and decided_at is null",
        session_id,
        person_id,
    )
    await tx.execute(
        """
        insert into attendance_decisions (session_id, person_id, kind, state, reason, source, at, by_person)
        values ($1, $2, 'conflict', $3, $4, $5, $6, $7)
        """,
        session_id,
        person_id,
        mark.state,
        mark.reason,
        mark.source,
        now,
        mark.by,
    )


async def hours(tx: Reading, course_id: int) -> dict[int, int]:
    """Give the tenths of lesson periods that each person attended of a course; who was never told of is missing."""
    rows = await tx.fetch(
        """
        select a.person_id, sum(a.hours_tenths) as tenths from attendance a join sessions s on s.id = a.session_id
        where s.course_id = $1 and s.cancelled_at is null group by a.person_id
        """,
        course_id,
    )
    return {row["person_id"]: int(row["tenths"]) for row in rows}


async def recorded_sessions(tx: Reading, course_id: int) -> set[int]:
    """Give the sessions with anybody's attendance recorded; an excuse told ahead is no record of who was there."""
    rows = await tx.fetch(
        """
        select distinct a.session_id from attendance a join sessions s on s.id = a.session_id
        where s.course_id = $1 and s.cancelled_at is null and a.state <> 'excused'
        """,
        course_id,
    )
    return {row["session_id"] for row in rows}


def attended_sql(course: str, person: str) -> str:
    """Give the SQL condition that a person was at one session of a course, or that nobody's attendance is recorded.

    An excuse told ahead is no record of who was there.
    `course` and `person` are columns or placeholders.
    """
    told = f"""from attendance a join sessions v on v.id = a.session_id
        where v.course_id = {course} and v.cancelled_at is null and a.state <> 'excused'"""
    states = ", ".join(f"'{state}'" for state in ATTENDED)
    return f"""(not exists (select 1 {told})
        or exists (select 1 {told} and a.person_id = {person} and a.state in ({states})))"""


@dataclass(frozen=True)
class Tally:
    """How many of a session were there (`late` and `cut` are among them), were excused or absent."""

    attended: int = 0
    late: int = 0
    cut: int = 0  # left early, or came for half of it
    excused: int = 0
    absent: int = 0

    @property
    def recorded(self) -> int:
        """Give of how many anything is recorded."""
        return self.attended + self.excused + self.absent


async def tallies(tx: Reading, course_id: int, clerk_id: int | None = None) -> dict[int, Tally]:
    """Count the sessions of a course of which anything is recorded, by their number; of a clerk's own people only."""
    states = ", ".join(f"'{state}'" for state in ATTENDED)
    narrowed = "1 = 1" if clerk_id is None else rights.covered("p.unit_id", "$2")
    rows = await tx.fetch(
        f"""
        select a.session_id, count(case when a.state in ({states}) then 1 end) as attended,
            count(case when a.state = 'late' then 1 end) as late,
            count(case when a.state in ('half', 'left_early') then 1 end) as cut,
            count(case when a.state = 'excused' then 1 end) as excused,
            count(case when a.state = 'absent' then 1 end) as absent
        from attendance a join sessions s on s.id = a.session_id join people p on p.id = a.person_id
        where s.course_id = $1 and {narrowed} group by a.session_id
        """,  # noqa: S608 (constants)
        course_id,
        *([] if clerk_id is None else [clerk_id]),
    )
    names = ("attended", "late", "cut", "excused", "absent")
    return {row["session_id"]: Tally(*(row[name] for name in names)) for row in rows}
