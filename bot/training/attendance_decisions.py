"""What about attendance waits for whoever runs the class: contradictions, excuses, people without a seat.

How a contradiction comes about is told by attendance, who is let in without asking by attendance_walk_ins.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from bot.errors import Stale
from bot.store import Reading, Row, Tx
from bot.training import attendance, audit, courses, sessions
from bot.training.attendance_marks import Mark, Presence, Source, State
from bot.training.sessions import Session

Kind = Literal["conflict", "excuse", "walk_in"]
LONGEST = 300  # letters kept of a reason


@dataclass(frozen=True)
class Decision:
    """One question: what the record would become, told by whom and when. Instants in UTC seconds."""

    id: int
    session_id: int
    person_id: int
    name: str
    unit: str
    kind: Kind
    state: State
    reason: str | None
    source: Source
    at: int
    by: int | None
    decided_at: int | None
    accepted: bool | None

    @property
    def open(self) -> bool:
        """Tell whether it still waits."""
        return self.decided_at is None


_SELECT = """
    select d.*, p.name, u.name as unit from attendance_decisions d
    join people p on p.id = d.person_id join units u on u.id = p.unit_id join sessions s on s.id = d.session_id
"""


def _decision(row: Row) -> Decision:
    return Decision(
        row["id"],
        row["session_id"],
        row["person_id"],
        row["name"],
        row["unit"],
        row["kind"],
        row["state"],
        row["reason"],
        row["source"],
        row["at"],
        row["by_person"],
        row["decided_at"],
        None if row["accepted"] is None else bool(row["accepted"]),
    )


async def find(tx: Reading, decision_id: int) -> Decision:
    """Read one. Raises Stale when there is none."""
    row = await tx.fetchrow(f"{_SELECT} where d.id = $1", decision_id)
    if row is None:
        raise Stale
    return _decision(row)


async def waiting(tx: Reading, course_id: int) -> list[Decision]:
    """Give what waits for a decision on a course, the oldest first."""
    rows = await tx.fetch(
        f"{_SELECT} where s.course_id = $1 and s.cancelled_at is null and d.decided_at is null order by d.at, d.id",
        course_id,
    )
    return [_decision(row) for row in rows]


async def conflict_of(tx: Reading, session_id: int, person_id: int) -> Decision | None:
    """Give the contradiction about one person that waits, if there is one."""
    row = await tx.fetchrow(
        f"{_SELECT} where d.session_id = $1 and d.person_id = $2 and d.kind = 'conflict' and d.decided_at is null",
        session_id,
        person_id,
    )
    return None if row is None else _decision(row)


async def ask(tx: Tx, kind: Kind, session: Session, person_id: int, mark: Mark, reason: str, now: int) -> bool:
    """Keep a question open, once a person, session and kind; new words replace those not yet decided on."""
    told = session.id, person_id, kind, mark.state, reason[:LONGEST], mark.source, now, mark.by
    replaced = await tx.execute(
        """
        update attendance_decisions set state = $4, reason = $5, source = $6, at = $7, by_person = $8
        where session_id = $1 and person_id = $2 and kind = $3 and decided_at is null
        """,
        *told,
    )
    if not replaced:
        await tx.execute(
            """
            insert into attendance_decisions (session_id, person_id, kind, state, reason, source, at, by_person)
            values ($1, $2, $3, $4, $5, $6, $7, $8)
            """,
            *told,
        )
    return not replaced


LetIn = Callable[[Tx, Session, int, Mark, int], Awaitable[None]]


async def decide(tx: Tx, decision_id: int, accepted: bool, by: int, let_in: LetIn, now: int) -> Decision:
    """Settle a question; one settled meanwhile stays as it was decided. What is accepted becomes the record.

    `let_in` is what happens to a walk-in who is accepted (attendance_walk_ins.let_in).
    """
    session = await sessions.find(tx, (await find(tx, decision_id)).session_id)
    await courses.locked(tx, session.course_id)  # before any row of it: a walk-in holds the course too
    await tx.fetchrow("select id from attendance_decisions where id = $1 for update", decision_id)
    decision = await find(tx, decision_id)
    if not decision.open:
        return decision
    await tx.execute(
        "update attendance_decisions set decided_at = $2, decided_by = $3, accepted = $4 where id = $1",
        decision_id,
        now,
        by,
        int(accepted),
    )
    told = {"person": decision.person_id, "kind": decision.kind, "state": decision.state, "accepted": accepted}
    await audit.record(tx, by, "attendance.decide", session.subject, now, new=told)
    if accepted:
        await _accept(tx, decision, session, by, let_in, now)
    return await find(tx, decision_id)


async def _accept(tx: Tx, decision: Decision, session: Session, by: int, let_in: LetIn, now: int) -> None:
    if decision.kind == "walk_in":
        mark = Mark(decision.state, decision.source, by, walk_in=True)
        await let_in(tx, session, decision.person_id, mark, now)
        return
    there = await attendance.find(tx, session.id, decision.person_id)
    source: Source = "phone" if decision.kind == "excuse" else decision.source
    mark = Mark(decision.state, source, by, reason=decision.reason)
    if there is None:
        await attendance.tell(tx, session, decision.person_id, mark, now)
    else:
        await attendance.overwrite(tx, session, there, mark, now)


async def recorded(tx: Reading, decision: Decision) -> Presence | None:
    """Give the record that a question is about, as it stands."""
    return await attendance.find(tx, decision.session_id, decision.person_id)
