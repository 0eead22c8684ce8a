"""The staff list brought in: compared with the database, then written. The rules of comparing are in roster_plan."""

from zoneinfo import ZoneInfo

from bot.folding import fold
from bot.store import Reading, Tx
from bot.training import units
from bot.training.roster_plan import Change, Difference, Left, Plan, UnitTree, plan_of
from bot.training.roster_sheet import COLUMNS, Entry, Roster, RowError, read
from bot.training.upload_kinds import Kind, Progress, Report, Sender

__all__ = ["COLUMNS", "Change", "Difference", "Entry", "Left", "Roster", "RowError", "apply", "compare", "read"]


async def compare(tx: Reading, roster: Roster, zone: ZoneInfo | None = None) -> Difference:
    """Tell what applying the list would do; writes nothing. `zone`: as for every import, but a roster has no hours."""
    return (await plan_of(tx, roster)).difference


async def apply(
    tx: Tx, roster: Roster, now: int, zone: ZoneInfo | None = None, progress: Progress | None = None
) -> Difference:
    """Write the good rows of the list (`now` in UTC seconds) and tell what was done; `progress` gets (done, of)."""
    await tx.lock("people")
    plan = await plan_of(tx, roster)
    unit_ids = await _write_units(tx, plan)
    people_ids = await _write_people(tx, plan, unit_ids, now, progress or (lambda done, of: None))
    for key, token in plan.heads.items():
        person_id = people_ids[-token] if token < 0 else token
        await units.set_head(tx, unit_ids[key], person_id, proposed=True)
    return plan.difference


async def _write_units(tx: Tx, plan: Plan) -> dict[str, int]:
    """Write new and changed units and give the number of each by its key."""
    for key, unit in plan.units.items():
        if unit.id is None:
            unit.id = await tx.fetchval(
                "insert into units (name, fold, old_name) values ($1, $2, $3) returning id",
                unit.name,
                key,
                unit.old_name,
            )
            unit.changed = unit.parent is not None
    ids = {key: unit.id for key, unit in plan.units.items() if unit.id is not None}
    for unit in plan.units.values():
        if unit.changed:
            parent_id = ids[unit.parent] if unit.parent else None
            await tx.execute(
                "update units set old_name = $2, parent_id = $3 where id = $1", unit.id, unit.old_name, parent_id
            )
    return ids


async def _write_people(tx: Tx, plan: Plan, unit_ids: dict[str, int], now: int, progress: Progress) -> dict[int, int]:
    """Write new and changed people and give the number of each new one by its row."""
    difference = plan.difference
    by_name = {unit.name: unit_ids[key] for key, unit in plan.units.items()}
    written: dict[int, int] = {}
    of = len(difference.new) + len(difference.changed)
    for entry in difference.new:
        unit_id = unit_ids[_key_of(plan, entry.unit)]
        written[entry.number] = await _insert(tx, entry, plan.codes[entry.number], unit_id, now)
        progress(len(written), of)
    for done, change in enumerate(difference.changed, start=len(written) + 1):
        await _update(tx, change, by_name)
        progress(done, of)
    return written


def _key_of(plan: Plan, name: str) -> str:
    return UnitTree(plan.units, Difference()).key(name)


async def _insert(tx: Tx, entry: Entry, code: str, unit_id: int, now: int) -> int:
    person_id: int = await tx.fetchval(
        """
        insert into people (code, name, fold, birth_year, gender, unit_id, audience, title, leader, position, rank,
            education, politics, management, appointed_on, phone, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) returning id
        """,
        code,
        entry.name,
        fold(entry.name),
        entry.birth_year,
        entry.gender,
        unit_id,
        entry.audience,
        entry.title,
        int(entry.leader),
        entry.position,
        entry.rank,
        entry.education,
        entry.politics,
        entry.management,
        entry.appointed_on,
        entry.phone,
        now,
    )
    return person_id


async def _update(tx: Tx, change: Change, unit_ids: dict[str, int]) -> None:
    values = {name: after for name, (_, after) in change.fields.items()}
    if "unit" in values:
        values["unit_id"] = unit_ids[values.pop("unit")]
    if "name" in values:
        values["fold"] = fold(values["name"])
    sets = ", ".join(f"{name} = ${place}" for place, name in enumerate(values, start=2))
    plain = [int(value) if isinstance(value, bool) else value for value in values.values()]
    await tx.execute(f"update people set {sets} where id = $1", change.person_id, *plain)  # noqa: S608 (our own names)


async def _compare_sent(tx: Reading, roster: Roster, sender: Sender) -> Difference:
    return await compare(tx, roster, sender.zone)


async def _apply_sent(tx: Tx, roster: Roster, sender: Sender) -> Difference:
    return await apply(tx, roster, sender.now, sender.zone, sender.progress)


def _report(filename: str, roster: Roster, difference: Difference) -> Report:
    counts = {
        "new": len(difference.new),
        "changed": len(difference.changed),
        "same": difference.same,
        "left": len(difference.left),
        "units": len(difference.units_new) + len(difference.units_changed),
        "heads": len(difference.heads),
    }
    changes = [(change.entry.name, tuple(change.fields)) for change in difference.changed]
    names = {"units": difference.units_new}
    return Report("people", filename, counts, difference.errors, difference.notes, roster.table, names, changes)


UPLOAD = Kind("people", read, _compare_sent, _apply_sent, _report)
