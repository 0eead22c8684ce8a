"""The tick of waiting lists: clears offers whose time is over and offers their places on."""

from zoneinfo import ZoneInfo

from bot.store import Store
from bot.training import calendar, courses, offers


async def tick(store: Store, now: int, zone: ZoneInfo) -> int:
    """Bring every waiting list up to `now` (UTC seconds), one course a transaction; gives how many people moved."""
    async with store.reading() as tx:
        overdue = await offers.overdue(tx, now)
    moved = 0
    for course_id in overdue:
        async with store.transaction() as tx:
            days = await calendar.load(tx, zone)
            course = await courses.locked(tx, course_id)
            moved += await offers.advance(tx, course, now, days) + await offers.close(tx, course, now, days)
    return moved
