"""The tick that drops what need not be kept: least data, small tables."""

from zoneinfo import ZoneInfo

from bot import inbox
from bot.chat.turns import drop_drafts
from bot.store import Store
from bot.training import audit_log, uploads


async def tick(store: Store, now: int, zone: ZoneInfo) -> int:
    """Drop answered updates after 48 hours, files nobody said yes to after 24, half-filled forms after a week.

    And lines of the log after the months that the agency keeps it. Gives how many rows.
    """
    async with store.transaction() as tx:
        logged = await audit_log.purge(tx, now, zone)
        return logged + await inbox.purge(tx, now) + await uploads.purge(tx, now) + await drop_drafts(tx, now)
