"""The tick that turns due milestones into outbox rows; who is concerned is each feature's own knowledge."""

import logging
from collections.abc import Awaitable, Callable
from zoneinfo import ZoneInfo

from bot.errors import StoreUnavailable
from bot.store import Store, Tx
from bot.training import approval_deadlines, calendar, legal_reminders, milestones, ratings, sending, session_reminders
from bot.training.calendar import Calendar
from bot.training.milestones import Milestone

log = logging.getLogger(__name__)

# Each writes the outbox rows of one due milestone, set-based, and gives how many.
FanOut = Callable[[Tx, Milestone, Calendar, int], Awaitable[int]]

FAN_OUTS: dict[str, FanOut] = {
    sending.KIND: sending.fan_out,
    session_reminders.KIND: session_reminders.fan_out,
    ratings.KIND: ratings.fan_out,
    approval_deadlines.KIND: approval_deadlines.fan_out,
    legal_reminders.KIND: legal_reminders.fan_out,
    legal_reminders.SUMMARY_KIND: legal_reminders.fan_out_summary,
}


async def tick(store: Store, now: int, zone: ZoneInfo) -> int:
    """Take what is due at `now` (UTC seconds), a subject a transaction, and write who is to be told.

    Gives how many rows. A subject that cannot be worked out is skipped and logged: it does not hold the others.
    """
    written = 0
    while True:
        async with store.reading() as tx:
            subject = await milestones.due_subject(tx, now)
        if subject is None:
            return written
        try:
            written += await _fan_out(store, subject, now, zone)
        except StoreUnavailable:
            raise
        except Exception:
            log.exception("the reminders of %s are skipped", subject)
            async with store.transaction() as tx:
                await milestones.skip(tx, subject, now)


async def _fan_out(store: Store, subject: str, now: int, zone: ZoneInfo) -> int:
    async with store.transaction() as tx:
        days = await calendar.load(tx, zone)
        milestone = await milestones.take(tx, subject, now)
        return 0 if milestone is None else await FAN_OUTS[milestone.kind](tx, milestone, days, now)
