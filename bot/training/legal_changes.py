"""What HR changes about a legal update by hand: marking it as amended, closing it, opening it again."""

import datetime as dt
from zoneinfo import ZoneInfo

from bot.errors import Stale
from bot.excel import cells
from bot.excel.cells import Cell, CellError
from bot.store import Tx
from bot.training import calendar, legal, legal_import, legal_reminders
from bot.training.calendar import Calendar
from bot.training.legal import Update

PROPOSED = 30  # days from today, the proposed new deadline of an amended document
_FARTHEST = 3 * 366


def proposed_deadline(days: Calendar, now: int) -> str:
    """Give a working day about a month from today as ISO text."""
    day = days.local(now).date() + dt.timedelta(days=PROPOSED)
    while not days.working(day):
        day += dt.timedelta(days=1)
    return day.isoformat()


def typed_deadline(words: str, days: Calendar, now: int) -> str | None:
    """Read a typed day ("31/01/2027"), today or later, as ISO text; None when it is none of use."""
    try:
        day = cells.day(Cell(words))
    except CellError:
        return None
    return day.isoformat() if day is not None and useful_deadline(day, days, now) else None


def useful_deadline(day: dt.date, days: Calendar, now: int) -> bool:
    """Tell whether a day can be a deadline: today or later, within three years."""
    return 0 <= (day - days.local(now).date()).days <= _FARTHEST


async def amend(tx: Tx, update_id: int, version: int, deadline_on: str, now: int, zone: ZoneInfo) -> Update:
    """Mark `version` as amended: the next begins for everybody, with a new deadline (ISO day), and is published.

    Raises Stale when it is no longer the present version (a double tap).
    """
    update = await legal.locked(tx, update_id)
    days = await calendar.load(tx, zone)
    if update.version != version or not useful_deadline(dt.date.fromisoformat(deadline_on), days, now):
        raise Stale
    await tx.execute(
        """
        insert into legal_versions (update_id, version, cards, questions, since)
        select update_id, version + 1, cards, questions, cast($3 as bigint) from legal_versions
        where update_id = $1 and version = $2
        """,
        update_id,
        version,
        now,
    )
    await tx.execute(
        """
        update legal_updates set version = version + 1, edition = edition + 1, deadline = $2, amended_at = $3,
            closed_at = null where id = $1
        """,
        update_id,
        legal_import.end_of_day(days, deadline_on),
        now,
    )
    after = await legal.find(tx, update_id)
    await legal_reminders.plan(tx, after, days, now)
    return after


async def close(tx: Tx, update_id: int, now: int) -> Update:
    """End an update: nobody is reminded any more. Closing twice changes nothing."""
    update = await legal.locked(tx, update_id)
    if update.closed_at is None:
        await tx.execute("update legal_updates set closed_at = $2 where id = $1", update_id, now)
        await legal_reminders.withdraw(tx, update, now, "closed")
    return await legal.find(tx, update_id)


async def reopen(tx: Tx, update_id: int, now: int, zone: ZoneInfo) -> Update:
    """Open a closed update again, with the reminders that are still to come."""
    update = await legal.locked(tx, update_id)
    if update.closed_at is None:
        return update
    await tx.execute("update legal_updates set closed_at = null where id = $1", update_id)
    after = await legal.find(tx, update_id)
    await legal_reminders.plan(tx, after, await calendar.load(tx, zone), now)
    return after
