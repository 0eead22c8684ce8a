"""What is owed to whom: put, withdraw, claim, settle. The only SQL that moves rows; words are composed elsewhere."""

import json
from dataclasses import dataclass, field
from typing import Any

from bot.chat.events import Address
from bot.store import Reading, Row, Tx

REMINDER = 1
BROADCAST = 2
LEASE = 120  # seconds; after that another pump may take over what this one holds
HELD = "coalesce((select max(due_before) from outbox_hold), 0)"  # what was due before waits for a human yes

# Of these a later row about the same subject says all that an earlier one says.
CATCH_UP = (
    "session_reminder",
    "legal_reminder",
    "legal_summary",
    "rate_reminder",
    "nominations_lost",
    "change_declined",
)


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
    replace_ref: str | None = None  # the message that this one is put in place of


@dataclass(frozen=True)
class Claimed:
    """A row under a lease; `holder` names the claim, so that a lease that was lost is noticed."""

    id: int
    kind: str
    subject: str
    person_id: int
    args: list[Any]
    priority: int
    attempts: int
    due_at: int
    expires_at: int
    holder: str
    chat: Address | None = None
    replace_ref: str | None = None


async def put(tx: Tx, owed: Owed, now: int) -> bool:
    """Write an intention; False when it had been written before (the same key)."""
    written = await tx.execute(
        """
        insert into outbox (unique_key, kind, priority, subject, person_id, args, due_at, expires_at,
            created_at, platform, address, replace_ref)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
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
        owed.replace_ref,
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


async def claim(tx: Tx, now: int, limit: int, holder: str, share: int = 0) -> list[Claimed]:
    """Take the lease of up to `limit` due rows, reminders first but for `share` places kept for broadcasts.

    One row a person at a time, so that whoever is owed much does not hold up the others. Any replica may do it;
    `holder` is new for each claim. Reminders that a later due one makes needless are recorded as superseded.
    """
    rows = await _claim(tx, now, REMINDER, limit - share, holder)
    rows += await _claim(tx, now, BROADCAST, limit - len(rows), holder)
    if share and len(rows) < limit:
        rows += await _claim(tx, now, REMINDER, limit - len(rows), holder)
    if any(row["kind"] in CATCH_UP for row in rows):
        needless = await _supersede(tx, now, holder)
        rows = [row for row in rows if row["id"] not in needless]
        if needless and not rows:
            return await claim(tx, now, limit, holder, share)
    return sorted((_claimed(row, holder) for row in rows), key=lambda c: (c.priority, c.id))


async def _claim(tx: Tx, now: int, priority: int, limit: int, holder: str) -> list[Row]:
    """Lease up to `limit` rows of one priority.

    Materialized, or PostgreSQL may choose a plan that runs the part with the limit once for each row of the outbox;
    `skip locked` then passes over what it has just taken, and more than `limit` rows are leased.
    """
    return await tx.fetch(
        f"""
        with due as materialized (
            select o.id from outbox o
            where o.state = 'pending' and o.priority = $5 and o.due_at <= $3 and o.due_at >= {HELD}
                and not exists (
                    select 1 from outbox e where e.person_id = o.person_id and e.state in ('pending', 'sending')
                        and (e.state = 'sending' or e.due_at <= $3 and e.due_at >= {HELD}
                            and (e.priority, e.due_at, e.id) < (o.priority, o.due_at, o.id)))
            order by o.due_at, o.id limit $4 for update skip locked
        )
        update outbox set state = 'sending', lease_until = $1, lease_holder = $2, wire_at = null,
            attempts = attempts + 1
        where id in (select id from due)
        returning id, kind, subject, person_id, args, priority, attempts, due_at, expires_at, platform, address,
            replace_ref
        """,  # noqa: S608 (HELD is a constant of this file)
        now + LEASE,
        holder,
        now,
        limit,
        priority,
    )


async def _supersede(tx: Tx, now: int, holder: str) -> set[int]:
    """Skip what was claimed just now although a later row about the same is due to the same person as well."""
    rows = await tx.fetch(
        f"""
        update outbox set state = 'skipped', reason = 'superseded', settled_at = $1, lease_until = null
        where state = 'sending' and lease_until = $2 and lease_holder = $3 and priority = $4 and exists (
            select 1 from outbox l where l.subject = outbox.subject and l.person_id = outbox.person_id
                and l.kind = outbox.kind and l.state = 'pending' and l.due_at <= $1 and l.id <> outbox.id)
            and kind in {CATCH_UP}
        returning id
        """,  # noqa: S608 (a constant)
        now,
        now + LEASE,
        holder,
        REMINDER,
    )
    return {row["id"] for row in rows}


def _claimed(row: Row, holder: str) -> Claimed:
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
        holder,
        Address(row["platform"], row["address"]) if row["platform"] else None,
        row["replace_ref"],
    )


async def on_wire(tx: Tx, row: Claimed, now: int) -> bool:
    """Note, before its request leaves, that a row may be on its way; False when its lease was lost meanwhile."""
    marked = await tx.execute(
        """
        update outbox set wire_at = $3, lease_until = $4
        where id = $1 and state = 'sending' and lease_holder = $2 and wire_at is null
        """,
        row.id,
        row.holder,
        now,
        now + LEASE,
    )
    return marked > 0


async def settle(tx: Tx, row: Claimed, now: int, state: str, reason: str = "", message_ref: str | None = None) -> None:
    """Record how a claimed row ended: sent, skipped, failed or unknown.

    A pump that was given up too early, since the clock had jumped, knows better than 'unknown'.
    """
    await tx.execute(
        """
        update outbox set state = $3, message_ref = $5, settled_at = $6, lease_until = null,
            reason = coalesce($4, case when reason = 'repeated' then reason end)
        where id = $1 and lease_holder = $2 and state in ('sending', 'unknown')
        """,
        row.id,
        row.holder,
        state,
        reason or None,
        message_ref,
        now,
    )


async def put_back(tx: Tx, row: Claimed, due_at: int, used_up: bool, repeated: bool = False) -> None:
    """Let a row wait until `due_at`; `used_up` counts the attempt, `repeated` records that it may come twice."""
    await tx.execute(
        """
        update outbox set state = 'pending', due_at = $3, lease_until = null, attempts = attempts - $4,
            reason = coalesce($5, reason)
        where id = $1 and lease_holder = $2 and state = 'sending'
        """,
        row.id,
        row.holder,
        due_at,
        0 if used_up else 1,
        "repeated" if repeated else None,
    )


async def abandoned(tx: Tx, now: int, me: str) -> int:
    """Take over what a dead pump held; gives how many rows.

    What had not been on the wire surely was not sent and is pending again. Of the rest nobody can tell: a
    reminder is repeated once, and that is recorded; a broadcast is unknown. `me` begins this pump's own
    holders: it knows its rows itself, even when the clock has jumped past their leases.
    """
    lost = "state = 'sending' and lease_until < $1 and lease_holder not like $2"
    others = f"{me}/%"
    unknown = await tx.execute(
        f"""
        update outbox set state = 'unknown', reason = 'interrupted', settled_at = $1, lease_until = null
        where {lost} and wire_at is not null and (priority <> $3 or attempts > 1)
        """,  # noqa: S608 (a constant)
        now,
        others,
        REMINDER,
    )
    return unknown + await tx.execute(
        f"""
        update outbox set state = 'pending', lease_until = null,
            attempts = attempts - case when wire_at is null then 1 else 0 end,
            reason = case when wire_at is null then reason else 'repeated' end
        where {lost}
        """,  # noqa: S608 (a constant)
        now,
        others,
    )


async def next_due(tx: Reading, after: int) -> int | None:
    """Give the earliest instant later than `after` at which something pending is due (UTC seconds)."""
    due: int | None = await tx.fetchval(
        "select min(due_at) as due from outbox where state = 'pending' and due_at > $1", after
    )
    return due
