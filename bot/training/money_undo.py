"""Support that a workbook brought or changed, taken back within a day, with who had planned, approved and paid it."""

from typing import Any

from bot.store import Reading, Tx
from bot.training import audit, courses, people, rights
from bot.training.upload_changes import Change
from bot.training.upload_kinds import Sender

_TOLD = ("payer", "planned", "approved", "paid", "paid_on")
_COLUMNS = (*_TOLD, "planned_by", "planned_at", "approved_by", "approved_at", "paid_by", "paid_at")


async def picture(tx: Reading, course_id: int, person_id: int, item: str) -> dict[str, Any] | None:
    """Give what is stored of a learner's support for one item (amounts in đồng), None for nothing."""
    row = await tx.fetchrow(
        "select * from support where course_id = $1 and person_id = $2 and item = $3", course_id, person_id, item
    )
    return None if row is None else {name: row[name] for name in _COLUMNS}


async def undo(tx: Tx, change: Change, sender: Sender) -> str | None:
    """Let the support be what it was; gives name and class where it stays, because anybody has moved it on since.

    A row that the file brought in goes; what it said stays in the log, as with every amount that is typed anew (R41).
    """
    course_id, person_id = change.numbers
    item = change.subject.rpartition(":")[2]
    course = await courses.locked(tx, course_id)
    present = await picture(tx, course_id, person_id, item)
    covered = await rights.covers(tx, sender.person_id or 0, course.owner_unit_id)
    if present is None or present != change.new or not covered:
        return f"{(await people.find(tx, person_id)).name} ({course.code})"
    await _put(tx, course_id, person_id, item, change.old)
    old, new = _told(present), None if change.old is None else _told(change.old)
    await audit.record(tx, sender.person_id, "money.undo", change.subject, sender.now, old=old, new=new)
    return None


def _told(columns: dict[str, Any]) -> dict[str, Any]:
    return {name: columns[name] for name in _TOLD}


async def _put(tx: Tx, course_id: int, person_id: int, item: str, old: dict[str, Any] | None) -> None:
    where = "where course_id = $1 and person_id = $2 and item = $3"
    if old is None:
        await tx.execute(f"delete from support {where}", course_id, person_id, item)  # noqa: S608 (a constant)
        return
    sets = ", ".join(f"{name} = ${place}" for place, name in enumerate(_COLUMNS, start=4))
    values = (old[name] for name in _COLUMNS)
    await tx.execute(f"update support set {sets} {where}", course_id, person_id, item, *values)  # noqa: S608 (own names)
