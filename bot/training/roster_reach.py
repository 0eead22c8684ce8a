"""How far a clerk's staff list reaches: rows about units and people of others stay out, and the attempt is logged."""

from collections.abc import Iterable

from bot.store import Reading
from bot.training import rights
from bot.training.roster_sheet import Entry, RowError
from bot.training.roster_units import UnitTree

Reach = frozenset[int] | None  # units whose people a clerk may change; None: all
NOT_YOURS = "not_yours"


async def of_clerk(tx: Reading, clerk_id: int | None) -> Reach:
    """Give the units that a clerk's rights cover; None for the whole, and for the command line (None)."""
    if clerk_id is None or await rights.covers(tx, clerk_id, None):
        return None
    rows = await tx.fetch(f"select id from units where {rights.covered('id', '$1')}", clerk_id)  # noqa: S608 (constants)
    return frozenset(row["id"] for row in rows)


def of_own_units(entries: list[Entry], tree: UnitTree, reach: Reach) -> tuple[list[Entry], list[RowError]]:
    """Give the rows that speak of units within reach, and the errors of the others.

    A new unit is within reach when it is put under one that is; nothing is moved to or from a unit of others.
    """
    if reach is None:
        return entries, []
    kept: list[Entry] = []
    errors: list[RowError] = []
    for entry in entries:
        if _within(entry, tree, reach):
            kept.append(entry)
        else:
            about = f"unit:{unit.id if (unit := tree.units.get(tree.key(entry.unit))) else entry.unit}"
            errors.append(RowError(entry.number, NOT_YOURS, {"name": entry.unit, "about": about}))
    return kept, errors


def _within(entry: Entry, tree: UnitTree, reach: frozenset[int]) -> bool:
    unit = tree.units.get(tree.key(entry.unit))
    parent = tree.key(entry.parent) if entry.parent else None
    above = tree.units.get(parent) if parent else None
    under_own = above is not None and above.id in reach
    if unit is None:
        return under_own
    return unit.id in reach and (parent is None or parent == unit.parent or under_own)


def attempts(errors: Iterable[RowError]) -> list[str]:
    """Give what the rows that were not the clerk's spoke of, for the log: 'person:17', 'unit:3'."""
    return sorted({str(error.values["about"]) for error in errors if error.reason == NOT_YOURS})
