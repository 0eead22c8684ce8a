"""What came due long ago while the program was away: it waits for a human yes. What is a little late just goes.

After an old copy of the database is put back, everything that was pending then looks due again, sent or not.
"""

from dataclasses import dataclass

from bot import outbox
from bot.outbox import HELD, Owed
from bot.store import Reading, Tx
from bot.training import rights
from bot.training.calendar import Calendar

KIND = "outbox_held"
AWAY = 86_400  # seconds without a sign of life after which the question is asked, and how late a thing is then
_ASKED_FOR = 7 * 86_400


@dataclass(frozen=True)
class Waiting:
    """What waits for a yes: messages already written, how many people they are for, reminders not yet worked out."""

    due_before: int
    messages: int
    people: int
    reminders: int

    @property
    def total(self) -> int:
        """Give how many things wait."""
        return self.messages + self.reminders


async def hold(tx: Tx, now: int, days: Calendar) -> int:
    """At the start, after more than a day away, hold what is more than a day late and ask HR; gives how many.

    A program that simply ran through a weekend holds nothing, however long its rows waited for calm hours.
    """
    seen: int | None = await tx.fetchval("select max(at) as at from heartbeat")
    if seen is None or now - seen <= AWAY:
        return 0
    late = await _count(tx, now - AWAY, now)
    if late.total:
        await tx.execute("delete from outbox_hold")
        await tx.execute("insert into outbox_hold (due_before, since) values ($1, $2)", late.due_before, now)
        for person_id in await rights.hr_people(tx):
            key = f"{KIND}:{now}:{person_id}"
            owed = Owed(key, KIND, KIND, person_id, days.soon(now), now + _ASKED_FOR)
            await outbox.put(tx, owed, now)
    return late.total


async def waiting(tx: Reading, now: int) -> Waiting | None:
    """Give what waits for a yes; None when nothing is held, or all of it has expired."""
    before: int = await tx.fetchval(f"select {HELD} as before")
    late = await _count(tx, before, now) if before else None
    return late if late is not None and late.total else None


async def _count(tx: Reading, before: int, now: int) -> Waiting:
    written = await tx.fetchrow(
        """
        select count(*) as messages, count(distinct person_id) as people from outbox
        where state = 'pending' and due_at < $1 and expires_at >= $2
        """,
        before,
        now,
    )
    reminders = await tx.fetchval(
        "select count(*) as n from milestones where state = 'pending' and due_at < $1 and expires_at >= $2", before, now
    )
    assert written is not None  # noqa: S101 (a count always gives a row)
    return Waiting(before, written["messages"], written["people"], reminders)


async def release(tx: Tx, now: int) -> int:
    """Let everything go that waits, as far as it is still of use; gives how many things."""
    late = await waiting(tx, now)
    await tx.execute("delete from outbox_hold")
    return late.total if late else 0


async def drop(tx: Tx, now: int) -> int:
    """Record everything that waits as dropped; gives how many things."""
    late = await waiting(tx, now)
    if late is not None:
        await tx.execute(
            """
            update outbox set state = 'skipped', reason = 'dropped', settled_at = $2
            where state = 'pending' and due_at < $1
            """,
            late.due_before,
            now,
        )
        await tx.execute(
            "update milestones set state = 'skipped', settled_at = $2 where state = 'pending' and due_at < $1",
            late.due_before,
            now,
        )
    await tx.execute("delete from outbox_hold")
    return late.total if late else 0
