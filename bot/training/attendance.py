"""Who was there and for how many hours: states, what they count, how two tellings of the same thing are merged.

How it is told (codes, sheets, taps) is in files of its own, as is what waits for a decision.
"""

import re
from dataclasses import dataclass
from typing import Literal, get_args

from bot.store import Reading, Row, Tx
from bot.training import audit
from bot.training.sessions import Session

State = Literal["present", "late", "left_early", "half", "excused", "absent"]
Source = Literal["code", "qr", "phone", "sheet", "workbook", "proxy", "time"]
Verdict = Literal["take", "same", "conflict"]

STATES: tuple[State, ...] = get_args(State)
ATTENDED = ("present", "late", "left_early", "half")
BY_THEMSELF = ("code", "qr")
NOBODY: Source = "time"  # nobody told: the session was over
LATE_AFTER = 15 * 60  # seconds after the start
_PERIODS = re.compile(r"([0-9]{1,3})(?:[.,]([05]))?")
PERIOD = 45 * 60  # seconds of a lesson period (tiết)


@dataclass(frozen=True)
class Mark:
    """What somebody tells of a person: `by` is who tells it. `tenths` only when the hours were typed."""

    state: State
    source: Source
    by: int | None
    reason: str | None = None
    tenths: int | None = None
    walk_in: bool = False


@dataclass(frozen=True)
class Presence:
    """What is recorded of a person and session; instants in UTC seconds, `tenths` of lesson periods."""

    session_id: int
    person_id: int
    state: State
    tenths: int
    reason: str | None
    source: Source
    walk_in: bool
    at: int
    by: int | None
    changed_at: int | None = None

    @property
    def told_at(self) -> int:
        """Give when it was told as it stands."""
        return self.at if self.changed_at is None else self.changed_at

    @property
    def attended(self) -> bool:
        """Tell whether they were there at all."""
        return self.state in ATTENDED

    def shown(self) -> dict[str, object]:
        """Give what the log keeps of it."""
        return {"state": self.state, "tenths": self.tenths, "reason": self.reason, "source": self.source}


def periods(session: Session) -> int:
    """Give the lesson periods of a session: those of its plan, else its length in whole periods of 45 minutes."""
    if session.hours is not None:
        return session.hours
    return max(1, round((session.ends_at - session.starts_at) / PERIOD))


def tenths_of(session: Session, state: str) -> int:
    """Give the tenths of lesson periods that count: all when late, half when half or left early, else none (L4)."""
    whole = 10 * periods(session)
    return {"present": whole, "late": whole, "left_early": whole // 2, "half": whole // 2}.get(state, 0)


def typed_tenths(text: str, session: Session) -> int | None:
    """Read "3", "2,5" or "2.5" lesson periods in tenths; None for anything else, none, or more than there are."""
    found = _PERIODS.fullmatch(text.strip())
    tenths = 0 if found is None else 10 * int(found[1]) + int(found[2] or 0)
    return tenths if 0 < tenths <= 10 * periods(session) else None


def state_at(session: Session, now: int) -> State:
    """Give what somebody is who comes at `now`."""
    return "late" if now > session.starts_at + LATE_AFTER else "present"


def merge(there: Presence | None, told: Mark) -> Verdict:
    """Tell what becomes of what is told beside what is recorded: taken, nothing new, or for a person to decide.

    A contradiction about being there at all is never settled by who came last. What a clerk taps seeing the record
    corrects other clerks, but not what the person told by code in time.
    """
    if there is None or there.source == NOBODY:
        return "take"
    if told.state == there.state:
        news = (told.reason or there.reason) != there.reason or told.tenths not in (None, there.tenths)
        return "take" if news else "same"
    if told.source == "phone" and there.source not in BY_THEMSELF:
        return "take"
    if (told.state in ATTENDED) != there.attended:
        return "conflict"
    return _finer(there, told)


def _finer(there: Presence, told: Mark) -> Verdict:
    """Both say the person was there, or both that not: only what tells more than there is known is taken."""
    if told.source in BY_THEMSELF:
        return "same"
    if there.source in BY_THEMSELF and told.state in ("present", "late"):
        return "conflict" if told.source == "phone" or told.state == "late" else "same"  # the clock said otherwise
    return "same" if told.state in ("present", "absent") else "take"


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
    """How many of a session were there, and of how many anything is recorded."""

    attended: int = 0
    recorded: int = 0


async def tallies(tx: Reading, course_id: int) -> dict[int, Tally]:
    """Count the sessions of a course of which anything is recorded, by their number."""
    states = ", ".join(f"'{state}'" for state in ATTENDED)
    rows = await tx.fetch(
        f"""
        select a.session_id, count(*) as recorded, count(case when a.state in ({states}) then 1 end) as attended
        from attendance a join sessions s on s.id = a.session_id where s.course_id = $1 group by a.session_id
        """,  # noqa: S608 (constants)
        course_id,
    )
    return {row["session_id"]: Tally(row["attended"], row["recorded"]) for row in rows}
