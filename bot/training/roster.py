"""The staff list brought in: compared with the database, then written. The rules of comparing are in roster_plan."""

from typing import Any

from bot.errors import Refused
from bot.folding import fold
from bot.store import Reading, Tx
from bot.training import audit, calendar, exports, posts, roster_reach, roster_undo, units, upload_changes
from bot.training.roster_difference import Change, Difference, Left
from bot.training.roster_plan import Plan, plan_of
from bot.training.roster_sheet import COLUMNS, Entry, Roster, RowError, read
from bot.training.roster_units import Unit, UnitTree
from bot.training.upload_kinds import Kind, Report, Sender

__all__ = ["COLUMNS", "Change", "Difference", "Entry", "Left", "Roster", "RowError", "apply", "compare", "read"]
KIND = "people"


async def compare(tx: Reading, roster: Roster, sender: Sender) -> Difference:
    """Tell what applying the list would do; writes nothing."""
    return (await _plan(tx, roster, sender)).difference


async def _plan(tx: Reading, roster: Roster, sender: Sender) -> Plan:
    reach = await roster_reach.of_clerk(tx, sender.person_id)
    export = await exports.of_table(tx, roster.table, KIND)
    plan = await plan_of(tx, roster, reach, export, mine=sender.mine)
    if export is None and exports.number_in(roster.table) is not None:
        plan.difference.notes.append(RowError(exports.row_of_mark(roster.table), "export_unknown"))
    return plan


async def apply(tx: Tx, roster: Roster, sender: Sender) -> Difference:
    """Write the good rows of the list and tell what was done.

    Raises Refused when it takes another number of people off than the sender has said yes to, or the last one with
    HR rights.
    """
    await tx.lock("people")
    plan = await _plan(tx, roster, sender)
    if len(plan.difference.removed) != sender.removing:
        raise Refused("uploads/removal_unsure", count=len(plan.difference.removed))
    unit_ids = await _write_units(tx, plan, sender)
    people_ids = await _write_people(tx, plan, unit_ids, sender)
    for key, token in plan.heads.items():
        await _set_head(tx, plan.units[key], unit_ids[key], people_ids[-token] if token < 0 else token, sender)
    await _remove(tx, plan.difference.removed, sender)
    await posts.learn(tx)
    return plan.difference


async def _write_units(tx: Tx, plan: Plan, sender: Sender) -> dict[str, int]:
    """Write new and changed units and give the number of each by its key."""
    for key, unit in plan.units.items():
        if unit.id is None:
            unit.id = await tx.fetchval(
                """
                insert into units (name, fold, old_name) values ($1, $2, $3)
                on conflict (fold) do update set closed_at = null returning id
                """,
                unit.name,
                key,
                unit.old_name,
            )
            unit.changed = unit.parent is not None
            await upload_changes.note(tx, sender.upload_id, f"unit:{unit.id}", None, {"name": unit.name})
    ids = {key: unit.id for key, unit in plan.units.items() if unit.id is not None}
    for key, unit in plan.units.items():
        if unit.changed:
            columns = {"old_name": unit.old_name, "parent_id": ids[unit.parent] if unit.parent else None}
            await _write(tx, "unit", ids[key], columns, sender)
    return ids


async def _write_people(tx: Tx, plan: Plan, unit_ids: dict[str, int], sender: Sender) -> dict[int, int]:
    """Write new and changed people and give the number of each new one by its row."""
    difference = plan.difference
    by_name = {unit.name: unit_ids[key] for key, unit in plan.units.items()}
    progress = sender.progress or (lambda done, of: None)
    written: dict[int, int] = {}
    of = len(difference.new) + len(difference.changed)
    for entry in difference.new:
        columns = _columns(entry, plan.codes[entry.number], unit_ids[_key_of(plan, entry.unit)])
        written[entry.number] = await _insert(tx, columns, sender)
        progress(len(written), of)
    for done, change in enumerate(difference.changed, start=len(written) + 1):
        await _write(tx, "person", change.person_id, _changed_columns(change, by_name), sender)
        old, new = ({name: pair[at] for name, pair in change.fields.items()} for at in (0, 1))
        await audit.record(
            tx, sender.person_id, "person.edit", f"person:{change.person_id}", sender.now, old=old, new=new
        )
        progress(done, of)
    return written


def _key_of(plan: Plan, name: str) -> str:
    return UnitTree(plan.units, Difference()).key(name)


def _columns(entry: Entry, code: str, unit_id: int) -> dict[str, Any]:
    told = ("name", "birth_year", "gender", "audience", "title", "position", "rank", "education", "politics",
            "management", "appointed_on", "phone")  # fmt: skip
    columns = {name: getattr(entry, name) for name in told}
    return columns | {"code": code, "fold": fold(entry.name), "unit_id": unit_id, "leader": int(entry.leader)}


async def _insert(tx: Tx, columns: dict[str, Any], sender: Sender) -> int:
    names = [*columns, "created_at"]
    marks = ", ".join(f"${place}" for place in range(1, len(names) + 1))
    person_id: int = await tx.fetchval(
        f"insert into people ({', '.join(names)}) values ({marks}) returning id",  # noqa: S608 (our own names)
        *columns.values(),
        sender.now,
    )
    await upload_changes.note(tx, sender.upload_id, f"person:{person_id}", None, columns)
    return person_id


def _changed_columns(change: Change, unit_ids: dict[str, int]) -> dict[str, Any]:
    values = {name: after for name, (_, after) in change.fields.items()}
    if "unit" in values:
        values["unit_id"] = unit_ids[values.pop("unit")]
    if "name" in values:
        values["fold"] = fold(values["name"])
    return {name: int(value) if isinstance(value, bool) else value for name, value in values.items()}


async def _write(tx: Tx, noun: str, number: int, columns: dict[str, Any], sender: Sender) -> None:
    """Change columns of a person or a unit, and keep what they were."""
    await upload_changes.change(tx, sender.upload_id, f"{noun}:{number}", columns)


async def _set_head(tx: Tx, unit: Unit, unit_id: int, person_id: int, sender: Sender) -> None:
    old = {"head_id": unit.head_id, "head_proposed": int(unit.proposed)}
    await units.set_head(tx, unit_id, person_id, proposed=True)
    new = {"head_id": person_id, "head_proposed": 1}
    await upload_changes.note(tx, sender.upload_id, f"unit:{unit_id}", old, new)


async def _remove(tx: Tx, removed: list[Left], sender: Sender) -> None:
    if removed and sender.person_id is not None:
        days = await calendar.load(tx, sender.zone)
        for left in removed:
            await roster_undo.leave(tx, left.person_id, sender, days)


def _report(filename: str, roster: Roster, difference: Difference) -> Report:
    counts = {
        "new": len(difference.new),
        "changed": len(difference.changed),
        "same": difference.same,
        "left": len(difference.left),
        "removed": len(difference.removed),
        "units": len(difference.units_new) + len(difference.units_changed),
        "heads": len(difference.heads),
    }
    return Report(
        KIND,
        filename,
        counts,
        difference.errors,
        [*difference.notes, *difference.conflicts],
        roster.table,
        {"units": difference.units_new},
        [(change.entry.name, tuple(change.fields)) for change in difference.changed],
        [left.name for left in difference.removed],
        difference.of,
        len(difference.conflicts),
        difference.refused,
    )


UPLOAD = Kind(KIND, read, compare, apply, _report, undo=roster_undo.undo)
