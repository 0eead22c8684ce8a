"""When each tick last ran: for whoever watches the service. What the ticks do is not here."""

from bot.store import Reading, Store

EVERY = 30  # seconds; a sign of life need not be finer


async def beat(store: Store, tick: str, now: int) -> None:
    """Note that `tick` ran at `now` (UTC seconds)."""
    async with store.transaction() as tx:
        await tx.execute(
            "insert into heartbeat (tick, at) values ($1, $2) on conflict (tick) do update set at = excluded.at",
            tick,
            now,
        )


async def ages(tx: Reading, now: int) -> dict[str, int]:
    """Give, per tick, how many seconds ago it last ran."""
    return {row["tick"]: now - row["at"] for row in await tx.fetch("select tick, at from heartbeat order by tick")}
