"""The tick that drops what need not be kept: least data, small tables."""

from zoneinfo import ZoneInfo

from bot import inbox
from bot.store import Store
from bot.training import uploads


async def tick(store: Store, now: int, zone: ZoneInfo) -> int:
    """Drop answered updates after 48 hours and files nobody said yes to after 24; gives how many rows."""
    async with store.transaction() as tx:
        return await inbox.purge(tx, now) + await uploads.purge(tx, now)
