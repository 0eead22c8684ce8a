"""Support that a file changed, as it was before: kept for a day and put back. What the file means is in money_sheet."""

from typing import Any

from bot.store import Tx
from bot.training import audit, courses, money, people, rights, upload_changes
from bot.training.courses import Course
from bot.training.money import Support
from bot.training.upload_changes import Change
from bot.training.upload_kinds import Sender


def _told(one: Support) -> dict[str, Any]:
    return {
        "person": one.person_id, "item": one.item, "payer": one.payer, "planned": one.planned,
        "approved": one.approved, "paid": one.paid, "paid_on": one.paid_on,
    }  # fmt: skip


async def note(tx: Tx, course: Course, person_id: int, item: str, old: Support | None, sender: Sender) -> None:
    """Keep what one row of a file made of a learner's support."""
    now = next(one for one in await money.of_person(tx, person_id, course.id) if one.item == item)
    before = None if old is None else _told(old)
    await upload_changes.note(tx, sender.upload_id, course.subject, before, _told(now))


async def undo(tx: Tx, change: Change, sender: Sender) -> str | None:
    """Put one learner's support back, unless it was changed since; then gives the learner's name."""
    course, new = await courses.locked(tx, change.number), change.new or {}
    there = await money.of_person(tx, new["person"], course.id)
    present = next((one for one in there if one.item == new["item"]), None)
    may = sender.person_id is not None and await rights.covers(tx, sender.person_id, course.owner_unit_id)
    if present is None or not may or _told(present) != new:
        return (await people.find(tx, new["person"])).name
    await _put_back(tx, present.id, change.old, sender)
    subject = f"{course.subject}:person:{new['person']}:{new['item']}"
    await audit.record(tx, sender.person_id, "money.undo", subject, sender.now, old=new, new=change.old)
    return None


async def _put_back(tx: Tx, support_id: int, old: dict[str, Any] | None, sender: Sender) -> None:
    """Who planned, approved and paid what is put back stays as it was noted, unless that stage is gone."""
    if old is None:
        await tx.execute("delete from support where id = $1", support_id)
        return
    await tx.execute(
        """
        update support set payer = $2, planned = $3, approved = $4, paid = $5, paid_on = $6,
            approved_by = case when cast($4 as bigint) is null then null else cast($7 as bigint) end,
            approved_at = case when cast($4 as bigint) is null then null else cast($8 as bigint) end,
            paid_by = case when cast($5 as bigint) is null then null else cast($7 as bigint) end,
            paid_at = case when cast($5 as bigint) is null then null else cast($8 as bigint) end
        where id = $1
        """,
        support_id, old["payer"], old["planned"], old["approved"], old["paid"], old["paid_on"],
        sender.person_id, sender.now,
    )  # fmt: skip
