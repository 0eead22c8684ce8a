"""What a staff list would change: units, people, heads, all in memory. What is written of it is in roster.

Rules that the lists themselves do not settle:

* A person is known by their staff code; without one by name, year of birth and unit; after a move to another unit by
  name, year of birth and phone. Somebody new without a code gets one made of these ("TAM-…"), until a list tells it.
* Who is not on the list is told as left, never removed; only from a list that went out as an export and came back
  does one who stood on it and is gone leave (see roster_merge). A column that is there is believed, blank cells too.
* Units are one when their folded names are; a former name ("Tên đơn vị cũ") still means the unit.
* Good rows define new units, and the dry run names them. A unit that only bad rows name is told as unknown there.
  A new unit on one row alone, without a unit above, that is one letter away from another one is taken for a slip.
* A unit without a head gets the one person with its best title as a proposed head; HR can change it.
"""

from dataclasses import dataclass

from bot.folding import fold
from bot.store import Reading
from bot.training import roster_merge, roster_reach, units
from bot.training.exports import Export
from bot.training.roster_difference import Difference
from bot.training.roster_matching import Matching
from bot.training.roster_reach import Reach
from bot.training.roster_sheet import Roster
from bot.training.roster_units import Unit, UnitTree, known_units, with_sure_units


@dataclass
class Plan:
    """All that is to be written; `codes` are the codes made for new rows, `heads` unit key → person or -row number."""

    difference: Difference
    units: dict[str, Unit]
    codes: dict[int, str]
    heads: dict[str, int]


async def plan_of(
    tx: Reading, roster: Roster, reach: Reach = None, export: Export | None = None, *, mine: bool = False
) -> Plan:
    """Compare the list with the database and give all that would be written; writes nothing.

    `reach`: units of the clerk; `export`: what the list was when it went out; `mine`: see upload_kinds.Sender.
    """
    there = await known_units(tx)
    rows = await tx.fetch("select p.*, u.name as unit from people p join units u on u.id = p.unit_id order by p.id")
    difference = Difference(notes=list(roster.notes))
    entries, unit_errors = with_sure_units(roster, there)
    unit_plan = UnitTree(there, difference)
    entries, strange = roster_reach.of_own_units(roster_merge.units_as_told(entries, export), unit_plan, reach)
    unit_plan.add(entries)
    matching = Matching(rows, roster.told, unit_plan, reach)
    for entry in entries:
        matching.take(entry, difference)
    difference.errors = sorted([*roster.errors, *unit_errors, *strange, *matching.errors], key=lambda e: e.number)
    difference.refused = roster_reach.attempts(difference.errors)
    if export is None:
        difference.left = matching.left()
    else:
        roster_merge.merge(difference, export, roster, matching, mine=mine)
    touched = None if export is None else {unit_plan.key(entry.unit) for entry in difference.entries}
    heads = _propose_heads(matching, unit_plan, difference, touched)
    return Plan(difference, unit_plan.units, matching.codes, heads)


def _propose_heads(
    matching: Matching, unit_plan: UnitTree, difference: Difference, touched: set[str] | None
) -> dict[str, int]:
    """Give the proposed head of each unit (of `touched`) that has none, or whose proposed head has gone elsewhere."""
    titles: dict[str, list[tuple[int, str | None]]] = {}
    names: dict[int, str] = {}
    for person_id, row in matching.rows.items():
        entry = matching.matched.get(person_id)
        if entry is None and row["active"]:
            titles.setdefault(fold(row["unit"]), []).append((person_id, row["title"]))
            names[person_id] = row["name"]
    known = [(person_id, entry) for person_id, entry in matching.matched.items()]
    for token, entry in [*known, *((-entry.number, entry) for entry in matching.new)]:
        titles.setdefault(unit_plan.key(entry.unit), []).append((token, entry.title))
        names[token] = entry.name
    heads: dict[str, int] = {}
    for key, candidates in titles.items():
        if touched is not None and key not in touched:
            continue
        unit = unit_plan.units[key]
        gone = unit.proposed and unit.head_id not in {token for token, _ in candidates}
        best = units.best_head(candidates) if unit.head_id is None or gone else None
        if best is not None:
            heads[key] = best
            difference.heads.append((unit.name, names[best]))
    return heads
