"""Units that merge or get another name, in one step, taken back within a day. What it would do: merger_preview.

A renamed unit stays the same unit. Of units that merge, one stays (an existing one, or one made new) and the others
are closed: their names go on meaning it in lists, and stay on what was written before.
"""

from collections.abc import Sequence

from bot.errors import NotAllowed, Refused, Stale
from bot.folding import fold
from bot.store import Reading, Tx
from bot.training import audit, courses, merger_notices, merger_preview, offers, rights, units
from bot.training.calendar import Calendar
from bot.training.merger_preview import LONGEST, Preview, Wish
from bot.training.merging import Ledger, members
from bot.training.units import Unit

LIVES = 86_400  # seconds in which it can be undone


async def apply(tx: Tx, wish: Wish, by: int, now: int, days: Calendar) -> int:
    """Do it in this one transaction and give its number; heads that begin or end, and new deciders, are told once.

    Raises Refused and Stale as `preview` does, and for a head who is in none of the units.
    """
    await tx.lock("people")
    told = await merger_preview.preview(tx, wish, now)
    held = [] if told.renames else await hold_courses(tx, told.concerned)
    before = dict(await merger_preview.waiting(tx, told.concerned, now))
    ledger = Ledger(await _unit_that_stays(tx, told))
    await _name_it(tx, ledger, told)
    for unit in told.closes:
        await _hand_on_acting(tx, ledger, unit, now, goes_on=unit.head_id == told.head_id)
        await _close(tx, ledger, unit, by, now)
    await _head_it(tx, ledger, told, told.head_id)
    ledger.members = await members(tx, ledger.target_id)
    await _offer_places(tx, held, now, days)
    merger_id: int = await tx.fetchval(
        "insert into mergers (by_person, at, target_id, changes) values ($1, $2, $3, $4) returning id",
        by,
        now,
        ledger.target_id,
        ledger.dump(),
    )
    ended = [row for table, row, column, *_ in ledger.cells if (table, column) == ("acting_heads", "ended_at")]
    await merger_notices.tell(tx, merger_id, told, ended, by, days, now)
    await merger_notices.tell_deciders(tx, merger_id, ledger.target_id, before, days, now)
    old, new = (
        [unit.name for unit in told.sources],
        {"unit": ledger.target_id, "name": told.name, "people": told.people},
    )
    await audit.record(tx, by, "unit.rename" if told.renames else "unit.merge", f"unit:{ledger.target_id}", now,
                       old=old, new=new)  # fmt: skip
    return merger_id


async def hold_courses(tx: Tx, numbers: Sequence[int]) -> list[int]:
    """Hold, before any other row and in one order, the courses whose places move; gives their numbers."""
    held = await merger_preview.courses_of(tx, numbers)
    for course_id in held:
        await courses.locked(tx, course_id)
    return held


async def _offer_places(tx: Tx, held: Sequence[int], now: int, days: Calendar) -> None:
    """Offer to those who wait what has become free by another count of the places kept for units."""
    for course_id in held:
        await offers.advance(tx, await courses.find(tx, course_id), now, days)


async def _unit_that_stays(tx: Tx, told: Preview) -> int:
    """Give its number; a new unit is made, or one that had ended is taken up by its name."""
    if told.target is not None:
        return told.target.id
    number: int | None = await tx.fetchval("select id from units where fold = $1", fold(told.name))
    if number is not None:
        return number
    made: int = await tx.fetchval(
        "insert into units (name, fold) values ($1, $2) returning id", told.name, fold(told.name)
    )
    return made


async def _open(tx: Tx, ledger: Ledger, told: Preview) -> None:
    """Let the unit that is new, or had ended, work where the old ones stood; taken back, it works no more."""
    target = ledger.target_id
    parents = {unit.parent_id for unit in told.sources} - {unit.id for unit in told.sources}
    if await tx.fetchval("select closed_at from units where id = $1", target) is None:
        ledger.cells.append(["units", target, "closed_at", 1, None])
    cells = {"name": told.name, "parent_id": parents.pop() if len(parents) == 1 else None, "closed_at": None,
             "merged_into": None, "head_id": None, "head_proposed": 0}  # fmt: skip
    for column, value in cells.items():
        await ledger.set(tx, "units", target, column, value)


async def _name_it(tx: Tx, ledger: Ledger, told: Preview) -> None:
    """Give the unit its name; the name before, or those of the units that ended in it, stay beside it."""
    target = ledger.target_id
    if told.target is None:
        await _open(tx, ledger, told)
    elif told.target.name != told.name:
        if fold(told.target.name) != fold(told.name):
            await _free_the_name(tx, ledger, told.name)
            await ledger.set(tx, "units", target, "old_name", told.target.name)
        await ledger.set(tx, "units", target, "name", told.name)
        await ledger.set(tx, "units", target, "fold", fold(told.name))
    if told.target is None or (told.target.old_name is None and told.closes):
        await ledger.set(tx, "units", target, "old_name", "; ".join(unit.name for unit in told.closes)[:LONGEST])


async def _free_the_name(tx: Tx, ledger: Ledger, name: str) -> None:
    """Let a closed unit give up the key under which its name is found: the name means the renamed unit now."""
    closed = await tx.fetchval("select id from units where fold = $1 and closed_at is not null", fold(name))
    if closed is not None:
        await ledger.set(tx, "units", closed, "fold", f"{fold(name)} #{closed}")


async def _close(tx: Tx, ledger: Ledger, unit: Unit, by: int, now: int) -> None:
    """Move all that hangs on a unit to the one that stays, and end it."""
    target = ledger.target_id
    await ledger.move_people(tx, unit.id)
    for row in await merger_preview.rows(tx, "units", "parent_id", [unit.id]):
        if row["closed_at"] is None and row["id"] != target:
            await ledger.set(tx, "units", row["id"], "parent_id", target)
    for clerk in await merger_preview.clerks(tx, [unit.id]):
        await ledger.set(tx, "rights", clerk["id"], "revoked_at", now)
        await ledger.grant(tx, clerk["person_id"], by, now)
    await _move_courses(tx, ledger, unit.id)
    for draft in await merger_preview.drafts(tx, [unit.id]):
        await ledger.retarget(tx, draft["broadcast_id"], unit.id)
    for column, value in (("head_id", None), ("head_proposed", 0), ("merged_into", target), ("closed_at", now)):
        await ledger.set(tx, "units", unit.id, column, value)


async def _hand_on_acting(tx: Tx, ledger: Ledger, unit: Unit, now: int, *, goes_on: bool) -> None:
    """Let who stands in for a head that goes on do so in the unit that stays; another head's people are not theirs."""
    for row in await merger_preview.rows(tx, "acting_heads", "unit_id", [unit.id]):
        if row["ended_at"] is None and row["until_at"] > now:
            column, value = ("unit_id", ledger.target_id) if goes_on else ("ended_at", now)
            await ledger.set(tx, "acting_heads", row["id"], column, value)


async def _move_courses(tx: Tx, ledger: Ledger, unit_id: int) -> None:
    """Let courses, whom they are for, and places kept for a unit, speak of the one that stays."""
    target = ledger.target_id
    for table in ("courses", "course_drafts"):
        for row in await merger_preview.rows(tx, table, "owner_unit_id", [unit_id]):
            await ledger.set(tx, table, row["id"], "owner_unit_id", target)
    for row in await tx.fetch("select id, only_units from courses where only_units <> ''"):
        named = [int(number) for number in row["only_units"].split(",") if number]
        if unit_id in named:
            now_named = dict.fromkeys(target if number == unit_id else number for number in named)
            await ledger.set(tx, "courses", row["id"], "only_units", ",".join(map(str, now_named)))
    for row in await merger_preview.rows(tx, "course_quotas", "unit_id", [unit_id]):
        kept = await tx.fetchval(
            "select places from course_quotas where course_id = $1 and unit_id = $2", row["course_id"], target
        )
        await ledger.set_quota(tx, row["course_id"], target, row["places"] + (kept or 0))
        await ledger.set_quota(tx, row["course_id"], unit_id, None)


async def _head_it(tx: Tx, ledger: Ledger, told: Preview, head_id: int | None) -> None:
    if head_id is None:
        return
    if head_id not in await members(tx, ledger.target_id) and head_id not in {number for number, _, _ in told.heads}:
        raise Refused("mergers/head_elsewhere")
    await ledger.set(tx, "units", ledger.target_id, "head_id", head_id)
    await ledger.set(tx, "units", ledger.target_id, "head_proposed", 0)


async def to_undo(tx: Reading, now: int) -> list[tuple[int, str]]:
    """Give number and name of the mergers of the last day, the last first."""
    rows = await tx.fetch(
        """
        select m.id, u.name from mergers m join units u on u.id = m.target_id
        where m.undone_at is null and m.at >= $1 order by m.id desc
        """,
        now - LIVES,
    )
    return [(row["id"], row["name"]) for row in rows]


async def undo(tx: Tx, merger_id: int, by: int, now: int, days: Calendar) -> str:
    """Take a merger back within a day and give the name of its unit.

    Raises NotAllowed for whoever is not HR of the whole (any more), Stale when it was undone before or is older,
    Refused when anything of it has changed since or a name it gives back is another unit's now.
    """
    if not await rights.covers(tx, by, None):
        raise NotAllowed("units")
    await tx.lock("people")
    row = await tx.fetchrow("select * from mergers where id = $1 and undone_at is null for update", merger_id)
    if row is None or row["at"] < now - LIVES:
        raise Stale("mergers/undo_over")
    unit = await units.find(tx, row["target_id"])
    ledger = Ledger.load(row["changes"])
    held = await hold_courses(tx, ledger.units) if ledger.moved else []
    await tx.fetch("select id from rights where role = 'hr' and revoked_at is null for update")
    if not await ledger.intact(tx):
        raise Refused("mergers/changed", name=unit.name)
    await _clear_names(tx, ledger)
    await ledger.take_back(tx, now)
    await _offer_places(tx, held, now, days)
    await tx.execute("update mergers set undone_at = $2 where id = $1", merger_id, now)
    await merger_notices.take_back(tx, merger_id, by, days, now)
    await audit.record(tx, by, "unit.unmerge", f"unit:{unit.id}", now, old=unit.name)
    return unit.name


async def _clear_names(tx: Tx, ledger: Ledger) -> None:
    """Raise Refused when a name that would be given back has become another unit's.

    A unit that only an undone merger had made gives the name up: nothing else would ever free it.
    """
    given = [(row_id, before) for table, row_id, column, before, _ in ledger.last_cells()
             if (table, column) == ("units", "fold")]  # fmt: skip
    for _, before in given:
        row = await tx.fetchrow("select * from units where fold = $1", before)
        if row is None or row["id"] in [row_id for row_id, _ in given]:
            continue
        closed = row["closed_at"] is not None
        if not closed or row["merged_into"] is not None:
            raise Refused("mergers/name_taken", name=row["name"], before=row["old_name"], closed=closed)
        await tx.execute("update units set fold = $2 where id = $1", row["id"], f"{before} #{row['id']}")
