"""What has come in: kept before it is acknowledged, done exactly once, answered. The only SQL on the inbox."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.store import Reading, Row, Tx

KEPT = 48 * 3600  # seconds; messengers repeat an update for at most 24 hours


@dataclass(frozen=True)
class Update:
    """One raw update: the messenger's unique key, the chat it belongs to, its JSON."""

    key: str
    chat: str
    payload: str


@dataclass(frozen=True)
class Arrived:
    """An update in the inbox; `reply` is set when it took effect but its answer has not been sent."""

    seq: int
    platform: str
    chat: str
    payload: str
    reply: str | None = None


async def keep(tx: Tx, platform: str, updates: Sequence[Update], now: int) -> list[Arrived]:
    """Write updates and give those that had not come before, in order."""
    arrived: list[Arrived] = []
    for update in updates:
        row = await tx.fetchrow(
            """
            insert into inbox (platform, update_key, chat, payload, received_at) values ($1, $2, $3, $4, $5)
            on conflict (platform, update_key) do nothing returning seq
            """,
            platform,
            update.key,
            update.chat,
            update.payload,
            now,
        )
        if row is not None:
            arrived.append(Arrived(row["seq"], platform, update.chat, update.payload))
    return arrived


async def done(tx: Tx, seq: int, now: int, reply: str | None) -> bool:
    """Mark an update as having taken effect and empty it; False when it already had (then nothing may be kept)."""
    return (
        await tx.execute(
            "update inbox set done_at = $2, reply = $3, payload = '' where seq = $1 and done_at is null",
            seq,
            now,
            reply,
        )
        > 0
    )


async def replied(tx: Tx, seqs: Sequence[int]) -> None:
    """Forget replies that have been sent."""
    these = ", ".join(f"${n}" for n, _ in enumerate(seqs, 1))
    await tx.execute(f"update inbox set reply = null where seq in ({these})", *seqs)  # noqa: S608 (placeholders)


async def unfinished(tx: Reading) -> list[Arrived]:
    """Give, in order of arrival, what was left undone or unanswered when the program stopped."""
    rows = await tx.fetch(
        "select seq, platform, chat, payload, reply from inbox where done_at is null or reply is not null order by seq"
    )
    return [_arrived(row) for row in rows]


def _arrived(row: Row) -> Arrived:
    return Arrived(row["seq"], row["platform"], row["chat"], row["payload"], row["reply"])


async def purge(tx: Tx, now: int) -> int:
    """Drop what was done and answered more than 48 hours ago.

    The newest row stays: SQLite would count from 1 again in an empty table, and who came last would seem to be first.
    """
    return await tx.execute(
        "delete from inbox where reply is null and done_at < $1 and seq < (select max(seq) from inbox)", now - KEPT
    )
