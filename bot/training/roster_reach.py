"""Which rows of a staff list its sender may bring in: those of people and units that their rights cover.

What the others are told names nobody and no unit but what the row itself says.
"""

from collections.abc import Mapping
from dataclasses import replace

from bot.folding import fold
from bot.store import Reading, Row
from bot.training import rights
from bot.training.roster_sheet import Entry, Roster, RowError

NOT_YOURS = "not_yours"


async def keys(tx: Reading, clerk_id: int | None) -> frozenset[str] | None:
    """Give the folded names of the units that a clerk's rights cover; None for the whole, as of the command line."""
    if clerk_id is None or await rights.covers(tx, clerk_id, None):
        return None
    rows = await tx.fetch(f"select fold from units u where {rights.covered('u.id', '$1')}", clerk_id)  # noqa: S608
    return frozenset(row["fold"] for row in rows)


def within(
    roster: Roster, reach: frozenset[str], rows: list[Row], parents: Mapping[str, str | None], former: Mapping[str, str]
) -> tuple[Roster, list[RowError]]:
    """Give the list without the rows that are not the sender's to bring in, and their errors.

    `rows` are all people with the name of their `unit`, `parents` the key of the unit above by the key of a unit,
    `former` the key of a unit by that of its former name.
    """
    theirs = {row["code"].upper() for row in rows if fold(row["unit"]) not in reach}
    kept: list[Entry] = []
    errors: list[RowError] = []
    for entry in roster.rows:
        key = fold(entry.unit) if fold(entry.unit) in parents else former.get(fold(entry.unit), "")
        if key not in reach or (entry.code or "") in theirs:
            errors.append(RowError(entry.number, NOT_YOURS))
        elif entry.parent and fold(entry.parent) != parents[key]:
            errors.append(RowError(entry.number, "parent_not_yours", {"parent": entry.parent}))
        else:
            kept.append(replace(entry, parent=None))
    return replace(roster, rows=tuple(kept)), errors
