"""A unit's head set by HR: logged, and told to whoever begins and whoever ends. Who stands in for a head: acting."""

from bot.errors import Stale
from bot.store import Tx
from bot.training import audit, people, telling, units
from bot.training.calendar import Calendar

GIVEN, ENDED = "head_given", "head_ended"


async def give(tx: Tx, unit_id: int, person_id: int, by: int, days: Calendar, now: int) -> None:
    """Make somebody of the unit its head, in place of whoever was; both are told, but for whoever does it.

    Raises Stale for somebody of another unit or who has left. Whoever is its confirmed head already stays so.
    """
    await tx.fetchrow("select id from units where id = $1 for update", unit_id)
    unit, details = await units.find(tx, unit_id), await people.details(tx, person_id)
    if details.person.unit_id != unit_id or not details.active or unit.closed:
        raise Stale
    if unit.head_id == person_id and not unit.proposed:
        return
    await units.set_head(tx, unit_id, person_id)
    await audit.record(tx, by, "unit.head", f"unit:{unit_id}", now, old=unit.head_id, new=person_id)
    subject = f"unit_head:{unit_id}"
    pairs = [(person_id, GIVEN, ENDED)]
    if unit.head_id not in (None, person_id):
        pairs.append((unit.head_id or 0, ENDED, GIVEN))
    for told, kind, contrary in pairs:
        if told != by and not await telling.unsaid(tx, contrary, subject, told, now):
            await telling.tell(tx, kind, subject, told, [unit_id], days, now)
