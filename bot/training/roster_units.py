"""The units that a staff list names: found by present and former names, new ones, slips, the tree as it will be."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from rapidfuzz.distance import Levenshtein

from bot.folding import fold
from bot.store import Reading
from bot.training.roster_difference import Difference
from bot.training.roster_sheet import Entry, Roster, RowError


@dataclass
class Unit:
    """A unit as it will be; `id` is None while it is new."""

    id: int | None
    name: str
    old_name: str | None = None
    parent: str | None = None  # key of the unit above
    head_id: int | None = None
    proposed: bool = False
    changed: bool = False
    former: list[str] = field(default_factory=list)  # keys of names that mean it as well


async def known_units(tx: Reading) -> dict[str, Unit]:
    """Give the units that work, by their key; the names of those merged away mean the one their people went to."""
    rows = await tx.fetch(
        """
        select u.*, above.fold as parent from units u left join units above on above.id = u.parent_id order by u.id
        """
    )
    units = {
        row["id"]: Unit(
            row["id"], row["name"], row["old_name"], row["parent"], row["head_id"], bool(row["head_proposed"])
        )
        for row in rows
        if row["closed_at"] is None
    }
    into = {row["id"]: row["merged_into"] for row in rows}
    for row in rows:
        at = row["id"]
        while at is not None and at not in units:
            at = into[at]
        names = [row["old_name"]] if row["id"] in units else [row["name"], row["old_name"]]
        if at is not None:
            units[at].former += [fold(name) for name in names if name]
    return {row["fold"]: units[row["id"]] for row in rows if row["id"] in units}


def with_sure_units(roster: Roster, known: dict[str, Unit]) -> tuple[list[Entry], list[RowError]]:
    """Give the entries whose unit is surely meant, and the errors of the other rows."""
    told = Counter(fold(entry.unit) for entry in roster.rows)
    names = {fold(entry.unit): entry.unit for entry in reversed(roster.rows)} | {k: u.name for k, u in known.items()}
    former = {name for u in known.values() for name in u.former}
    sure = set(known) | former | {key for key, count in told.items() if count > 1}
    kept: list[Entry] = []
    errors: list[RowError] = []
    for entry in roster.rows:
        key = fold(entry.unit)
        near = None if key in sure or entry.parent else _near(key, sure)
        if near is None:
            kept.append(entry)
        else:
            errors.append(RowError(entry.number, "unit_near", {"unit": entry.unit, "near": names.get(near, near)}))
    errors += [
        RowError(number, "unit_unknown", {"unit": unit})
        for number, unit in roster.bad_units.items()
        if unit and fold(unit) not in sure and fold(unit) not in told
    ]
    return kept, errors


def _near(key: str, sure: Iterable[str]) -> str | None:
    """Give the unit that differs in one letter only; "số 1" and "số 2" are never taken for each other."""
    digits = [c for c in key if c.isdigit()]
    for other in sure:
        if Levenshtein.distance(key, other, score_cutoff=1) <= 1 and digits == [c for c in other if c.isdigit()]:
            return other
    return None


class UnitTree:
    """The tree of units as it will be."""

    def __init__(self, known: dict[str, Unit], difference: Difference) -> None:
        self.units = known
        self._former = {name: key for key, unit in known.items() for name in unit.former}
        self._difference = difference

    def key(self, name: str) -> str:
        """Give the key of a unit by its present or former name."""
        folded = fold(name)
        return folded if folded in self.units else self._former.get(folded, folded)

    def add(self, entries: Iterable[Entry]) -> None:
        """Add the units these entries name, their former names and the units above them."""
        for entry in entries:
            unit = self._unit(entry.unit)
            if entry.old_unit and fold(entry.old_unit) not in (*unit.former, fold(unit.name)):
                unit.old_name = entry.old_unit
                self._change(unit)
            if entry.parent:
                self._put_under(entry, unit)

    def _unit(self, name: str) -> Unit:
        key = self.key(name)
        if key not in self.units:
            self.units[key] = Unit(None, name)
            self._difference.units_new.append(name)
        return self.units[key]

    def _put_under(self, entry: Entry, unit: Unit) -> None:
        self._unit(entry.parent or "")
        above = self.key(entry.parent or "")
        if unit.parent == above:
            return
        if self._below(above, self.key(entry.unit)):
            values = {"unit": unit.name, "parent": entry.parent}
            self._difference.notes.append(RowError(entry.number, "circle", values))
            return
        unit.parent = above
        self._change(unit)

    def _below(self, key: str, top: str) -> bool:
        """Tell whether a unit is `top` or stands somewhere under it."""
        at: str | None = key
        for _ in range(len(self.units)):
            if at is None or at == top:
                break
            at = self.units[at].parent
        return at == top

    def _change(self, unit: Unit) -> None:
        if unit.id is not None and not unit.changed:
            unit.changed = True
            self._difference.units_changed.append(unit.name)
