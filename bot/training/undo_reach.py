"""How far the rights of whoever undoes a file reach when they do: what they no longer cover stays as it is."""

from typing import Any

from bot.store import Reading, Tx
from bot.training import audit, nominations, rights
from bot.training.upload_changes import Change
from bot.training.upload_kinds import Sender

_UNITS = ("unit_id", "parent_id")  # columns that name a unit which somebody or something moves to or from


async def covers(tx: Tx, change: Change, sender: Sender) -> bool:
    """Tell whether a sender may still change a person, a unit, a course or an enrolment; a refusal is logged.

    Rights may have been narrowed within the day in which a file can be undone: what it asked then does not count.
    """
    noun = change.subject.partition(":")[0]
    if sender.person_id is not None and await _REACHES[noun](tx, sender.person_id, change, sender.now):
        return True
    await audit.record(tx, sender.person_id, "refused", change.subject, sender.now, new={"undo": True})
    return False


async def _person(tx: Reading, clerk: int, change: Change, now: int) -> bool:
    unit_id = await tx.fetchval("select unit_id from people where id = $1", change.number)
    return await _all_covered(tx, clerk, {unit_id} | _told(change, _UNITS))


async def _unit(tx: Reading, clerk: int, change: Change, now: int) -> bool:
    """The units above it count only where it would go under another one, as when a list puts it there."""
    return await _all_covered(tx, clerk, {change.number} | _told(change, _UNITS))


async def _course(tx: Reading, clerk: int, change: Change, now: int) -> bool:
    owner: int | None = await tx.fetchval("select owner_unit_id from courses where id = $1", change.number)
    if not await rights.covers(tx, clerk, owner):
        return False
    return change.old is None or await rights.covers(tx, clerk, change.old["course"]["owner_unit_id"])


async def _enrolment(tx: Reading, clerk: int, change: Change, now: int) -> bool:
    """Who was nominated is let go by whoever may nominate them, who was taken off comes back by HR of their unit."""
    row = await tx.fetchrow(
        "select p.id, p.unit_id from enrolments e join people p on p.id = e.person_id where e.id = $1", change.number
    )
    if row is None:
        return False
    if change.old is None:
        return await nominations.reaches(tx, clerk, row["id"], now)
    return await rights.covers(tx, clerk, row["unit_id"])


_REACHES = {"person": _person, "unit": _unit, "course": _course, "enrolment": _enrolment}


def _told(change: Change, names: tuple[str, ...]) -> set[int]:
    """Give the units that a change names, before and after."""
    sides: list[dict[str, Any]] = [side for side in (change.old, change.new) if side is not None]
    return {side[name] for side in sides for name in names if side.get(name) is not None}


async def _all_covered(tx: Reading, clerk: int, units: set[int]) -> bool:
    for unit_id in sorted(units):
        if not await rights.covers(tx, clerk, unit_id):
            return False
    return True
