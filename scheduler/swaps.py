"""The tick of seats that are to pass on: closes what nobody answered, or what cannot come about any more."""

from zoneinfo import ZoneInfo

from bot.store import Store
from bot.training import calendar, courses, swapping, swaps


async def tick(store: Store, now: int, zone: ZoneInfo) -> int:
    """Close what is over at `now` (UTC seconds), one course a transaction; gives how many swaps."""
    async with store.reading() as tx:
        overdue = await swaps.overdue(tx, now)
    closed = 0
    for course_id in overdue:
        async with store.transaction() as tx:
            days = await calendar.load(tx, zone)
            closed += await swapping.clear(tx, await courses.locked(tx, course_id), now, days)
    return closed
