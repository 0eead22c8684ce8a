"""The tick that drops what need not be kept (least data, small tables) and plans what comes every quarter."""

from zoneinfo import ZoneInfo

from bot import inbox
from bot.chat.turns import drop_drafts
from bot.store import Store
from bot.training import audit_log, calendar, certificate_files, hours_nudge, uploads


async def tick(store: Store, now: int, zone: ZoneInfo) -> int:
    """Drop answered updates after 48 hours, files nobody said yes to after 24, half-filled forms after a week,
    files of certificates that nobody finished sending after a day.

    And lines of the log after the months that the agency keeps it. Gives how many rows.
    """
    async with store.transaction() as tx:
        await hours_nudge.plan(tx, await calendar.load(tx, zone), now)
        dropped = await inbox.purge(tx, now) + await uploads.purge(tx, now) + await drop_drafts(tx, now)
        return dropped + await certificate_files.purge(tx, now) + await audit_log.purge(tx, now, zone)
