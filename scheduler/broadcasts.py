"""The tick of announcements under way: finished, their progress cards, starts that were missed."""

from zoneinfo import ZoneInfo

from bot.store import Store
from bot.training import calendar, sending


async def tick(store: Store, now: int, zone: ZoneInfo) -> int:
    """Bring every announcement up to `now` (UTC seconds), one a transaction; gives how many were looked at."""
    async with store.reading() as tx:
        watched = await sending.watched(tx, now)
    for broadcast_id, count in watched:
        async with store.transaction() as tx:
            await sending.watch(tx, broadcast_id, count, await calendar.load(tx, zone), now)
    return len(watched)
