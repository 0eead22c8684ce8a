"""Who is told of a merger and of its being taken back: heads that begin, go on or end, and who stood in for them."""

from bot import outbox
from bot.store import Reading, Tx
from bot.training import acting, merger_preview, telling, units
from bot.training.calendar import Calendar
from bot.training.merger_preview import Preview
from bot.training.units import Unit

MERGED, ENDED, UNDONE = "merged_unit", "merged_head", "unmerged"


async def concerned(tx: Reading, told: Preview, now: int) -> list[int]:
    """Give whom a merger would concern: the head of the unit that stays, heads that end, who stands in for these."""
    if told.renames:
        return []
    ending = [unit for unit in told.closes if unit.head_id != told.head_id]
    found = [told.head_id, *(unit.head_id for unit in [*ending, *_replaced(told)])]
    for unit in ending:
        found += [one.person_id for one in await acting.of_unit(tx, unit.id, now)]
    return list(dict.fromkeys(one for one in found if one is not None))


def _replaced(told: Preview) -> list[Unit]:
    """Give the unit that stays when another than its head is to head it from now on."""
    target = told.target
    return [] if target is None or target.head_id in (None, told.head_id) else [target]


async def tell(tx: Tx, merger_id: int, told: Preview, ended: list[int], by: int, days: Calendar, now: int) -> None:
    """Owe the news to the head of the unit, to heads that end, and to those whose standing in (`ended`) ends with it.

    Who does it (`by`) sees it anyway.
    """
    if told.renames:
        return
    subject = subject_of(merger_id)
    if told.head_id not in (None, by):
        await telling.tell(tx, MERGED, subject, told.head_id or 0, [merger_id], days, now)
    for unit in [*told.closes, *_replaced(told)]:
        if unit.head_id not in (None, by, told.head_id):
            await telling.tell(tx, ENDED, subject, unit.head_id or 0, [merger_id, unit.id], days, now)
    for acting_id in ended:
        one = await acting.find(tx, acting_id)
        if one.person_id != by:
            await telling.tell(tx, acting.ENDED, subject, one.person_id, [acting_id], days, now)


async def tell_deciders(
    tx: Tx, merger_id: int, unit_id: int, before: dict[int, set[int]], days: Calendar, now: int
) -> None:
    """Tell each head who decides now on what waited for somebody else, once, however much it is."""
    after = dict(await merger_preview.waiting(tx, [unit_id], now))
    new = {head for enrolment_id, found in after.items() for head in found - before.get(enrolment_id, set())}
    for head in sorted(new):
        await telling.tell(tx, MERGED, subject_of(merger_id), head, [merger_id], days, now)


async def take_back(tx: Tx, merger_id: int, by: int, days: Calendar, now: int) -> None:
    """Take back what has not been told of an undone merger; who has been told hears that it was undone."""
    subject = subject_of(merger_id)
    await outbox.withdraw(tx, subject, now, "cancelled")
    rows = await tx.fetch(
        """
        select distinct person_id from outbox
        where subject = $1 and state in ('sending', 'sent', 'unknown') and person_id <> $2 order by person_id
        """,
        subject,
        by,
    )
    for row in rows:
        await telling.tell(tx, UNDONE, f"{subject}:undone", row["person_id"], [merger_id], days, now)


def subject_of(merger_id: int) -> str:
    """Give the subject of what is told about a merger."""
    return f"merger:{merger_id}"


async def unit_of(tx: Reading, merger_id: int, *, undone: bool = False) -> Unit | None:
    """Give the unit that a merger made, for telling of it; None when it was undone, or for an `undone` one was not."""
    row = await tx.fetchrow("select target_id, undone_at from mergers where id = $1", merger_id)
    if row is None or (row["undone_at"] is not None) is not undone:
        return None
    return await units.find(tx, row["target_id"])
