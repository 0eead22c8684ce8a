"""Support for one learner or for a whole class at once, amount by amount. What may be done to each is in money."""

from dataclasses import dataclass

from bot.store import Reading, Tx
from bot.training import money
from bot.training.courses import Course


@dataclass(frozen=True)
class Done:
    """How many learners it was done for, how many were passed over (too far already, or the clerk).

    `amount` is the sum in đồng, `payers` from what sources.
    """

    count: int
    skipped: int
    amount: int = 0
    payers: tuple[str, ...] = ()


async def open_for(tx: Reading, course: Course, item: str, by: int) -> list[int]:
    """Give the learners for whom an item may be planned: all but those already approved and the clerk themself."""
    settled = {s.person_id for s in await money.of_course(tx, course.id) if s.item == item and s.stage != "planned"}
    return [one for one in await money.learners(tx, course.id) if one != by and one not in settled]


async def plan(
    tx: Tx, course: Course, person_id: int | None, item: str, payer: str, amount: int, by: int, now: int
) -> Done:
    """Plan one amount for a learner, or for each (None) for whom it is open."""
    if person_id is not None:
        await money.plan(tx, course, person_id, item, payer, amount, by, now)
        return Done(1, 0, amount, (payer,))
    everybody, open_ones = await money.learners(tx, course.id), await open_for(tx, course, item, by)
    for one in open_ones:
        await money.plan(tx, course, one, item, payer, amount, by, now)
    return Done(len(open_ones), len(everybody) - len(open_ones), amount * len(open_ones), (payer,))


async def advance(
    tx: Tx, course: Course, person_id: int | None, item: str, stage: str, today: str, by: int, now: int
) -> Done:
    """Approve what is planned, or note as paid on the ISO day `today` what is approved, of a learner or everybody."""
    before = "planned" if stage == "approved" else "approved"
    found = [s for s in await money.of_course(tx, course.id) if s.item == item and person_id in (None, s.person_id)]
    ready = [s for s in found if s.stage == before and (s.person_id != by or person_id is not None)]
    total = 0
    for one in ready:
        if stage == "approved":
            await money.approve(tx, course, one.person_id, item, one.planned, by, now)
            total += one.planned
        else:
            await money.pay(tx, course, one.person_id, item, one.approved or 0, today, by, now)
            total += one.approved or 0
    payers = tuple(source for source in money.SOURCES if any(one.payer == source for one in ready))
    return Done(len(ready), len(found) - len(ready), total, payers)
