"""Reminders as milestones of the thing itself: planned, moved, withdrawn, taken when due. Who is told is not here."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.outbox import HELD
from bot.store import Reading, Row, Tx
from bot.training.calendar import Calendar

LATE = 60  # seconds by which a step may be past and still be planned


@dataclass(frozen=True)
class Step:
    """One wish for a reminder: `wanted_at` is moved earlier into calm hours; of no use after `expires_at`."""

    name: str
    wanted_at: int
    expires_at: int


@dataclass(frozen=True)
class Milestone:
    """A step of a subject that has come."""

    id: int
    kind: str
    subject: str
    step: str
    due_at: int
    expires_at: int

    @property
    def subject_id(self) -> int:
        """Give the number in 'session:17'."""
        return int(self.subject.rpartition(":")[2])


def timed(calendar: Calendar, steps: Sequence[Step], since: int = 0) -> list[Step]:
    """Move steps into calm hours, then keep one a local day: the first one named wins its day.

    What would have come before `since` (UTC seconds) is left out and takes no day.
    """
    taken: set[str] = set()
    kept: list[Step] = []
    for step in steps:
        at = calendar.earlier(step.wanted_at)
        if at >= since and calendar.day(at) not in taken:
            taken.add(calendar.day(at))
            kept.append(Step(step.name, at, step.expires_at))
    return sorted(kept, key=lambda s: s.wanted_at)


async def plan(tx: Tx, kind: str, subject: str, steps: Sequence[Step], now: int) -> None:
    """Write the steps of a subject, the most telling first; those already past are left out.

    Planning again moves what is still pending and withdraws what is no longer wanted.
    `steps` are taken as they are: call `timed` first for reminders.
    """
    await withdraw(tx, subject, now)
    for step in steps:
        if step.wanted_at >= now - LATE:
            await tx.execute(
                """
                insert into milestones (kind, subject, step, due_at, expires_at) values ($1, $2, $3, $4, $5)
                on conflict (subject, step) do update set
                    due_at = excluded.due_at, expires_at = excluded.expires_at, state = 'pending', settled_at = null
                where milestones.state <> 'done'
                """,
                kind,
                subject,
                step.name,
                step.wanted_at,
                step.expires_at,
            )


async def withdraw(tx: Tx, subject: str, now: int) -> int:
    """Take back the pending steps of a subject."""
    return await tx.execute(
        "update milestones set state = 'withdrawn', settled_at = $2 where subject = $1 and state = 'pending'",
        subject,
        now,
    )


async def retime(tx: Tx, kinds: Sequence[str], days: Calendar, now: int) -> int:
    """Move pending steps that the list of days off has made to fall outside calm hours earlier; gives how many.

    A step that would come before `now` comes now; of two that then share a local day the later one is kept.
    """
    moved = 0
    for kind in kinds:
        rows = await tx.fetch(
            "select id, subject, due_at from milestones where state = 'pending' and kind = $1 and due_at > $2 "
            "order by subject, due_at desc for update",
            kind,
            now,
        )
        taken: set[tuple[str, str]] = set()
        for row in rows:
            at = max(days.earlier(row["due_at"]), now)
            if at != row["due_at"]:
                state = "withdrawn" if (row["subject"], days.day(at)) in taken else "pending"
                await tx.execute("update milestones set due_at = $2, state = $3 where id = $1", row["id"], at, state)
                moved += 1
            taken.add((row["subject"], days.day(at)))
    return moved


async def due_subject(tx: Reading, now: int) -> str | None:
    """Give the subject whose step has been due longest."""
    subject: str | None = await tx.fetchval(
        f"""
        select subject from milestones where state = 'pending' and due_at <= $1 and due_at >= {HELD}
        order by due_at, id limit 1
        """,  # noqa: S608 (a constant)
        now,
    )
    return subject


async def take(tx: Tx, subject: str, now: int) -> Milestone | None:
    """Settle all due steps of a subject and give the latest, if it is still of use.

    The earlier ones are skipped: after a standstill nobody is told the same thing twice.
    """
    rows = await tx.fetch(
        """
        select id, kind, subject, step, due_at, expires_at from milestones
        where subject = $1 and state = 'pending' and due_at <= $2 order by due_at, id for update
        """,
        subject,
        now,
    )
    useful = rows[-1] if rows and rows[-1]["expires_at"] >= now else None
    for row in rows:
        state = "done" if useful is row else "skipped"
        await tx.execute("update milestones set state = $2, settled_at = $3 where id = $1", row["id"], state, now)
    return None if useful is None else _milestone(useful)


async def skip(tx: Tx, subject: str, now: int) -> None:
    """Skip the due steps of a subject, when they cannot be worked out."""
    await tx.execute(
        """
        update milestones set state = 'skipped', settled_at = $2
        where subject = $1 and state = 'pending' and due_at <= $2
        """,
        subject,
        now,
    )


def _milestone(row: Row) -> Milestone:
    return Milestone(row["id"], row["kind"], row["subject"], row["step"], row["due_at"], row["expires_at"])
