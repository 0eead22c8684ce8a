"""What a staff list changed taken back within a day, with a line in the log. How people come back is in coming_back."""

from bot.store import Tx
from bot.training import audit, calendar, coming_back, directory, people, undo_reach, units, upload_changes
from bot.training.calendar import Calendar
from bot.training.upload_changes import Change
from bot.training.upload_kinds import Sender


async def leave(tx: Tx, person_id: int, sender: Sender, days: Calendar) -> None:
    """Note that somebody has left, and what they had: chats, units they headed, rights, places on courses."""
    had = await coming_back.had(tx, person_id, sender.now)
    if sender.person_id is None:
        raise LookupError("people leave by somebody's word")
    await directory.leave(tx, person_id, sender.person_id, sender.now, days)
    await upload_changes.note(tx, sender.upload_id, f"person:{person_id}", had, None)


async def undo(tx: Tx, change: Change, sender: Sender) -> str | None:
    """Take one change of a staff list back; gives the name of what had to stay as it is now, or None."""
    if change.subject.startswith("unit:"):
        return await _undo_unit(tx, change, sender)
    name = (await people.find(tx, change.number)).name
    if not await undo_reach.covers(tx, change, sender):
        return name
    if change.new is None:
        return await coming_back.come_back(tx, change, sender)
    if change.old is not None:
        return None if await _put_back(tx, change, sender, "person.edit") else name
    return None if await _take_out(tx, change, sender) else name


async def _undo_unit(tx: Tx, change: Change, sender: Sender) -> str | None:
    unit = await units.find(tx, change.number)
    if not await undo_reach.covers(tx, change, sender):
        return unit.name
    if change.old is not None:
        return None if await _put_back(tx, change, sender, "unit.edit") else unit.name
    below = await tx.fetchval("select id from units where parent_id = $1 and closed_at is null limit 1", unit.id)
    if unit.size or below is not None:
        return unit.name
    await tx.execute("update units set closed_at = $2 where id = $1", unit.id, sender.now)
    await audit.record(tx, sender.person_id, "unit.close", change.subject, sender.now, old=unit.name)
    return None


async def _put_back(tx: Tx, change: Change, sender: Sender, action: str) -> bool:
    """Give columns their old values, with a line in the log of those that went back; False when some had to stay."""
    back, new = await upload_changes.put_back(tx, change), change.new or {}
    if back:
        old = {name: new[name] for name in back}
        await audit.record(tx, sender.person_id, action, change.subject, sender.now, old=old, new=back)
    return len(back) == len(new)


async def _take_out(tx: Tx, change: Change, sender: Sender) -> bool:
    """Take somebody whom the file brought in off again, unless they were changed, joined, or are on a course."""
    row = await tx.fetchrow("select * from people where id = $1 and active = 1 for update", change.number)
    busy = await tx.fetchval(
        """
        select 1 as found where exists (select 1 from accounts where person_id = $1)
            or exists (select 1 from enrolments where person_id = $1)
        """,
        change.number,
    )
    same = row is not None and all(row[name] == value for name, value in (change.new or {}).items())
    if busy or not same or sender.person_id is None:
        return False
    await directory.leave(tx, change.number, sender.person_id, sender.now, await calendar.load(tx, sender.zone))
    return True
