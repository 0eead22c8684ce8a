"""The schedule of a course as people know it: what holds of each session, what differs, what follows for the course.

Who changes it and why is in schedule_changes.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.clock import UNDATED
from bot.store import Reading, Row, Tx
from bot.training import approval_deadlines, courses, offers, places, session_reminders, sessions
from bot.training.calendar import Calendar
from bot.training.sessions import Session

CANCEL_BEFORE = 86_400  # seconds before the first session, until which a seat can be given back in the chat


@dataclass(frozen=True)
class Facts:
    """When (UTC seconds) and where a session is held."""

    starts_at: int
    ends_at: int
    place: str | None
    link: str | None


@dataclass(frozen=True)
class Line:
    """What became of one session: `old` is None when it was not held before, `new` when it is held no more."""

    session_id: int
    number: int
    old: Facts | None
    new: Facts | None

    @property
    def moved(self) -> bool:
        """Tell whether day or hour changed."""
        return self.old is None or self.new is None or _when(self.old) != _when(self.new)

    @property
    def elsewhere(self) -> bool:
        """Tell whether room or address changed."""
        return self.old is None or self.new is None or _where(self.old) != _where(self.new)

    def matters(self, now: int) -> bool:
        """Tell whether anybody need know: what is over before and after the change is a correction of the records."""
        return max(facts.ends_at for facts in (self.old, self.new) if facts) > now


def _when(facts: Facts) -> tuple[int, int]:
    return facts.starts_at, facts.ends_at


def _where(facts: Facts) -> tuple[str | None, str | None]:
    return facts.place, facts.link


@dataclass(frozen=True)
class Known:
    """A session in a snapshot: its number, and what holds of it; None when it is not held."""

    number: int
    facts: Facts | None


Snapshot = Mapping[int, Known]  # by the session's id


def facts_of(session: Session) -> Facts:
    """Give what people know of a session that is held."""
    return Facts(session.starts_at, session.ends_at, session.place, session.link)


async def snapshot(tx: Reading, course_id: int) -> Snapshot:
    """Read the schedule of a course as it holds now."""
    rows = await tx.fetch("select * from sessions where course_id = $1", course_id)
    return {row["id"]: _known(row) for row in rows}


def _known(row: Row) -> Known:
    session = sessions.session_of(row)
    return Known(session.number, None if session.cancelled else facts_of(session))


def differences(before: Snapshot, after: Snapshot) -> list[Line]:
    """Give what became of each session, in the order of the new dates."""
    lines = [
        Line(session_id, known.number, before[session_id].facts if session_id in before else None, known.facts)
        for session_id, known in after.items()
    ]
    return in_order(line for line in lines if line.old != line.new)


def in_order(lines: Iterable[Line]) -> list[Line]:
    """Sort lines by their new dates, or by the old ones of what is held no more."""
    return sorted(lines, key=lambda line: ((line.new or line.old or _NEVER).starts_at, line.number))


_NEVER = Facts(UNDATED, UNDATED, None, None)


def plain(facts: Facts | None) -> dict[str, Any] | None:
    """Give facts as JSON values."""
    return None if facts is None else asdict(facts)


def dumped(facts: Facts | None) -> str | None:
    """Give facts as the JSON they are kept as."""
    return None if facts is None else json.dumps(plain(facts), ensure_ascii=False)


def loaded(text: str | None) -> Facts | None:
    """Read what `dumped` gave."""
    return None if text is None else Facts(**json.loads(text))


async def put(tx: Tx, session_id: int, facts: Facts | None, now: int, days: Calendar) -> None:
    """Let a session be held as `facts` say, or not at all; its reminders follow. The caller holds the course."""
    before = await sessions.find(tx, session_id)
    if facts is None:
        await tx.execute(
            "update sessions set cancelled_at = $2, sequence = sequence + 1, updated_at = $2 where id = $1",
            session_id,
            now,
        )
        await session_reminders.withdraw(tx, before.subject, now, "cancelled")
        return
    await tx.execute(
        """
        update sessions set starts_at = $2, ends_at = $3, place = $4, link = $5, cancelled_at = null,
            sequence = sequence + 1, updated_at = $6 where id = $1
        """,
        session_id,
        facts.starts_at,
        facts.ends_at,
        facts.place,
        facts.link,
        now,
    )
    if before.cancelled or before.starts_at != facts.starts_at:
        await session_reminders.plan(tx, await sessions.find(tx, session_id), now, days)


async def follow(tx: Tx, course_id: int, now: int, days: Calendar) -> None:
    """Bring the course in line with its sessions, and its waiting list with its places. The caller holds it.

    A course put off has no end until new dates are set, and no start either if none of it was held.
    """
    course = await courses.find(tx, course_id)
    starts_at, ends_at = span(await sessions.of_course(tx, course_id), postponed=course.postponed)
    await tx.execute(
        "update courses set starts_at = $2, ends_at = $3, cancel_until = $4 where id = $1",
        course_id,
        starts_at,
        ends_at,
        starts_at - CANCEL_BEFORE,
    )
    await tx.execute(
        """
        update enrolments set offer_expires_at = $2
        where course_id = $1 and state = 'offered' and offer_expires_at > $2
        """,
        course_id,
        starts_at,
    )
    course = await courses.find(tx, course_id)
    if course.postponed:
        await session_reminders.withdraw(tx, course.end_subject, now, "moved")
    else:
        await session_reminders.plan_end(tx, course, now)
    await approval_deadlines.plan(tx, course, days, now)
    if (await places.of_course(tx, course_id, now)).waiting:
        await offers.advance(tx, course, now, days)


def span(held: Sequence[Session], *, postponed: bool) -> tuple[int, int]:
    """Give start and end (UTC seconds) of a course that holds these sessions."""
    starts_at = min((session.starts_at for session in held), default=UNDATED)
    ends_at = max((session.ends_at for session in held), default=UNDATED)
    return starts_at, UNDATED if postponed else ends_at
