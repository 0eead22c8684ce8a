"""What is owed to whom: put, withdraw, claim, settle. The only SQL on the outbox; the words are composed elsewhere."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.chat.events import Address
from bot.store import Reading, Row, Tx

REMINDER = 1
BROADCAST = 2
LEASE = 120  # seconds; after that another pump may look at a row that was being sent


@dataclass(frozen=True)
class Owed:
    """One intention: who is to be told what, when, until when it is of use. `key` makes it unique for ever."""

    key: str
    kind: str  # the @notice that composes it
    subject: str  # 'session:17'; what is withdrawn or superseded together
    person_id: int
    due_at: int
    expires_at: int
    args: list[Any] = field(default_factory=list)
    priority: int = REMINDER
    chat: Address | None = None  # only for a chat that is no longer the person's own


@dataclass(frozen=True)
class Claimed:
    """A row that this pump holds the lease of."""

    id: int
    kind: str
    subject: str
    person_id: int
    args: list[Any]
    priority: int
    attempts: int
    due_at: int
    expires_at: int
    chat: Address | None = None


async def put(tx: Tx, owed: Owed, now: int) -> bool:
    """Write an intention; False when it had been written before (the same key)."""
    written = await tx.execute(
        """
        insert into outbox (unique_key, kind, priority, subject, person_id, args, due_at, expires_at,
            created_at, platform, address)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        on conflict (unique_key) do nothing
        """,
        owed.key,
        owed.kind,
        owed.priority,
        owed.subject,
        owed.person_id,
        json.dumps(owed.args, ensure_ascii=False),
        owed.due_at,
        owed.expires_at,
        now,
        owed.chat.platform if owed.chat else None,
        owed.chat.id if owed.chat else None,
    )
    return written > 0


async def withdraw(tx: Tx, subject: str, now: int, reason: str, person_id: int | None = None, kind: str = "") -> int:
    """Take back what is still pending on a subject (of one person, of one kind); gives how many."""
    return await tx.execute(
        """
        update outbox set state = 'skipped', reason = $2, settled_at = $3
        where state = 'pending' and subject = $1
            and (cast($4 as bigint) is null or person_id = $4) and ($5 = '' or kind = $5)
        """,
        subject,
        reason,
        now,
        person_id,
        kind,
    )


async def expire(tx: Tx, now: int) -> int:
    """Record what nobody needs any more as skipped."""
    return await tx.execute(
        """
        update outbox set state = 'skipped', reason = 'expired', settled_at = $1
        where state = 'pending' and expires_at < $1
        """,
        now,
    )


async def claim(tx: Tx, now: int, limit: int, holder: str) -> list[Claimed]:
    """Take the lease of up to `limit` due rows, the more urgent kinds first. Any replica may do it."""
    rows = await tx.fetch(
        """
        update outbox set state = 'sending', lease_until = $1, lease_holder = $2, attempts = attempts + 1
        where id in (
            select id from outbox where state = 'pending' and due_at <= $3
            order by priority, due_at, id limit $4 for update skip locked
        )
        returning id, kind, subject, person_id, args, priority, attempts, due_at, expires_at, platform, address
        """,
        now + LEASE,
        holder,
        now,
        limit,
    )
    return sorted((_claimed(row) for row in rows), key=lambda c: (c.priority, c.id))


def _claimed(row: Row) -> Claimed:
    return Claimed(
        row["id"],
        row["kind"],
        row["subject"],
        row["person_id"],
        json.loads(row["args"]),
        row["priority"],
        row["attempts"],
        row["due_at"],
        row["expires_at"],
        Address(row["platform"], row["address"]) if row["platform"] else None,
    )


async def settle(tx: Tx, row_id: int, now: int, state: str, reason: str = "", message_ref: str | None = None) -> None:
    """Record how a claimed row ended: sent, skipped, failed or unknown."""
    await tx.execute(
        """
        update outbox set state = $2, reason = $3, message_ref = $4, settled_at = $5, lease_until = null
        where id = $1
        """,
        row_id,
        state,
        reason or None,
        message_ref,
        now,
    )


async def put_back(tx: Tx, row_id: int, due_at: int, used_up: bool) -> None:
    """Let a row that was surely not sent wait until `due_at`; `used_up` counts the attempt."""
    await tx.execute(
        """
        update outbox set state = 'pending', due_at = $2, lease_until = null, attempts = attempts - $3
        where id = $1 and state = 'sending'
        """,
        row_id,
        due_at,
        0 if used_up else 1,
    )


async def abandoned(tx: Tx, now: int) -> int:
    """Record rows whose pump died while sending: nobody can tell whether they went, so they are unknown."""
    return await tx.execute(
        """
        update outbox set state = 'unknown', reason = 'interrupted', settled_at = $1, lease_until = null
        where state = 'sending' and lease_until < $1
        """,
        now,
    )


async def next_due(tx: Reading, after: int) -> int | None:
    """Give the earliest instant later than `after` at which something pending is due (UTC seconds)."""
    due: int | None = await tx.fetchval(
        "select min(due_at) as due from outbox where state = 'pending' and due_at > $1", after
    )
    return due


async def history(tx: Reading, subjects: Sequence[str]) -> list[Row]:
    """Give every row of these subjects, oldest first."""
    rows: list[Row] = []
    for subject in subjects:
        rows += await tx.fetch("select * from outbox where subject = $1 order by id", subject)
    return rows
