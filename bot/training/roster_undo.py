"""People taken off a staff list with what they had, and what a staff list changed taken back within a day."""

from typing import Any

from bot.chat.events import Address
from bot.store import Reading, Tx
from bot.training import (
    accounts,
    calendar,
    courses,
    directory,
    enrolments,
    people,
    places,
    rights,
    undo_reach,
    units,
    upload_changes,
)
from bot.training.calendar import Calendar
from bot.training.upload_changes import Change
from bot.training.upload_kinds import Sender


async def leave(tx: Tx, person_id: int, sender: Sender, days: Calendar) -> None:
    """Note that somebody has left, and what they had: chats, units they headed, HR rights, places."""
    had = await _had(tx, person_id)
    if sender.person_id is None:
        raise LookupError("people leave by somebody's word")
    await directory.leave(tx, person_id, sender.person_id, sender.now, days)
    await upload_changes.note(tx, sender.upload_id, f"person:{person_id}", had, None)


async def _had(tx: Reading, person_id: int) -> dict[str, Any]:
    chats = await tx.fetch("select platform, address from accounts where person_id = $1", person_id)
    heads = await tx.fetch("select id, head_proposed from units where head_id = $1", person_id)
    hr = await tx.fetch(
        "select unit_id from rights where person_id = $1 and role = 'hr' and revoked_at is null", person_id
    )
    seats = await tx.fetch("select id, state from enrolments where person_id = $1 and state = 'seat'", person_id)
    return {
        "chats": [[row["platform"], row["address"]] for row in chats],
        "heads": [[row["id"], row["head_proposed"]] for row in heads],
        "hr": [row["unit_id"] for row in hr],
        "seats": [row["id"] for row in seats],
    }


async def undo(tx: Tx, change: Change, sender: Sender) -> str | None:
    """Take one change of a staff list back; gives the name of what had to stay as it is now, or None."""
    if change.subject.startswith("unit:"):
        return await _undo_unit(tx, change, sender)
    name = (await people.find(tx, change.number)).name
    if not await undo_reach.covers(tx, change, sender):
        return name
    if change.new is None:
        return None if await _come_back(tx, change, sender) else name
    if change.old is not None:
        return None if await upload_changes.put_back(tx, change) else name
    return None if await _take_out(tx, change, sender) else name


async def _undo_unit(tx: Tx, change: Change, sender: Sender) -> str | None:
    unit = await units.find(tx, change.number)
    if not await undo_reach.covers(tx, change, sender):
        return unit.name
    if change.old is not None:
        return None if await upload_changes.put_back(tx, change) else unit.name
    below = await tx.fetchval("select id from units where parent_id = $1 and closed_at is null limit 1", unit.id)
    if unit.size or below is not None:
        return unit.name
    await tx.execute("update units set closed_at = $2 where id = $1", unit.id, sender.now)
    return None


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


async def _come_back(tx: Tx, change: Change, sender: Sender) -> bool:
    """Bring somebody back with what they had; False when a place or a chat of theirs is somebody else's by now."""
    had, person_id = change.old or {}, change.number
    if not await tx.execute("update people set active = 1 where id = $1 and active = 0", person_id):
        return False
    for unit_id, proposed in had["heads"]:
        await tx.execute(
            "update units set head_id = $2, head_proposed = $3 where id = $1 and head_id is null",
            unit_id,
            person_id,
            proposed,
        )
    for unit_id in had["hr"]:
        await rights.grant_hr(tx, person_id, sender.now, by=sender.person_id, unit_id=unit_id)
    chats = [await _relink(tx, Address(*chat), person_id, sender.now) for chat in had["chats"]]
    seats = [await _reseat(tx, enrolment_id, sender) for enrolment_id in had["seats"]]
    return all([*chats, *seats])


async def _relink(tx: Tx, address: Address, person_id: int, now: int) -> bool:
    if await accounts.owner(tx, address) is not None or await accounts.linked(tx, person_id):
        return False
    await accounts.attach(tx, address, person_id, now)
    return True


async def _reseat(tx: Tx, enrolment_id: int, sender: Sender) -> bool:
    """Give a seat back if nobody has it by now."""
    enrolment = await enrolments.find(tx, enrolment_id)
    course = await courses.locked(tx, enrolment.course_id)
    free = (await places.of_course(tx, course.id, sender.now)).free
    if enrolment.state != "cancelled" or course.cancelled or not free or sender.now >= course.starts_at:
        return False
    await enrolments.move(tx, enrolment_id, "seat", sender.now, by=sender.person_id)
    return True
