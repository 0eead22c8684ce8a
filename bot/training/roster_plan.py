"""What a staff list would change: units, people, heads, all in memory. What is written of it is in roster.

Rules that the lists themselves do not settle:

* A person is known by their staff code; without one by name, year of birth and unit; after a move to another unit by
  name, year of birth and phone. Somebody new without a code gets one made of these ("TAM-…"), until a list tells it.
* Who is not on the list is told as left, never removed. A column that is there is believed, blank cells too.
* Units are one when their folded names are; a former name ("Tên đơn vị cũ") still means the unit.
* Good rows define new units, and the dry run names them. A unit that only bad rows name is told as unknown there.
  A new unit on one row alone, without a unit above, that is one letter away from another one is taken for a slip.
* A unit without a head gets the one person with its best title as a proposed head; HR can change it.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz.distance import Levenshtein

from bot.folding import fold
from bot.store import Reading, Row
from bot.training import roster_reach, units
from bot.training.roster_sheet import Entry, Roster, RowError

MADE = "TAM-"  # how a code starts that no list told
FIELDS = (
    "code", "name", "birth_year", "gender", "unit", "audience", "title", "leader", "position", "rank", "education",
    "politics", "management", "appointed_on", "phone", "active",
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """A known person of whom the list tells something else: field → (before, after)."""

    entry: Entry
    person_id: int
    fields: dict[str, tuple[Any, Any]]


@dataclass(frozen=True)
class Left:
    """An active person of the database who is not on the list."""

    person_id: int
    code: str
    name: str
    unit: str


@dataclass
class Difference:
    """What applying a list would do, or has done. `heads` are (unit, name of the proposed head)."""

    new: list[Entry] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    same: int = 0
    left: list[Left] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    notes: list[RowError] = field(default_factory=list)
    units_new: list[str] = field(default_factory=list)
    units_changed: list[str] = field(default_factory=list)
    heads: list[tuple[str, str]] = field(default_factory=list)

    @property
    def nothing(self) -> bool:
        """Tell whether applying would change nothing."""
        return not (self.new or self.changed or self.units_new or self.units_changed or self.heads)


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


@dataclass
class Plan:
    """All that is to be written; `codes` are the codes made for new rows, `heads` unit key → person or -row number."""

    difference: Difference
    units: dict[str, Unit]
    codes: dict[int, str]
    heads: dict[str, int]


async def plan_of(tx: Reading, roster: Roster, clerk_id: int | None = None) -> Plan:
    """Compare the list with the database and give all that would be written; writes nothing.

    Only rows, people and units count that the rights of its sender cover; None is the command line, the whole.
    """
    known_units = await _known_units(tx)
    rows = await tx.fetch("select p.*, u.name as unit from people p join units u on u.id = p.unit_id order by p.id")
    reach = await roster_reach.keys(tx, clerk_id)
    foreign: list[RowError] = []
    if reach is not None:
        parents = {key: unit.parent for key, unit in known_units.items()}
        former = {fold(unit.old_name): key for key, unit in known_units.items() if unit.old_name}
        roster, foreign = roster_reach.within(roster, reach, rows, parents, former)
        rows = [row for row in rows if fold(row["unit"]) in reach]
    difference = Difference(notes=list(roster.notes))
    entries, unit_errors = _with_sure_units(roster, known_units)
    unit_plan = UnitTree(known_units, difference)
    unit_plan.add(entries)
    matching = Matching(rows, roster.told, unit_plan)
    for entry in entries:
        matching.take(entry, difference)
    difference.errors = sorted([*roster.errors, *foreign, *unit_errors, *matching.errors], key=lambda e: e.number)
    difference.left = matching.left()
    heads = _propose_heads(matching, unit_plan, difference)
    return Plan(difference, unit_plan.units, matching.codes, heads)


async def _known_units(tx: Reading) -> dict[str, Unit]:
    rows = await tx.fetch(
        """
        select u.*, above.fold as parent from units u left join units above on above.id = u.parent_id order by u.id
        """
    )
    return {
        row["fold"]: Unit(
            row["id"], row["name"], row["old_name"], row["parent"], row["head_id"], bool(row["head_proposed"])
        )
        for row in rows
    }


def _with_sure_units(roster: Roster, known: dict[str, Unit]) -> tuple[list[Entry], list[RowError]]:
    """Give the entries whose unit is surely meant, and the errors of the other rows."""
    told = Counter(fold(entry.unit) for entry in roster.rows)
    names = {fold(entry.unit): entry.unit for entry in reversed(roster.rows)} | {k: u.name for k, u in known.items()}
    former = {fold(u.old_name) for u in known.values() if u.old_name}
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
        self._former = {fold(unit.old_name): key for key, unit in known.items() if unit.old_name}
        self._difference = difference

    def key(self, name: str) -> str:
        """Give the key of a unit by its present or former name."""
        folded = fold(name)
        return folded if folded in self.units else self._former.get(folded, folded)

    def add(self, entries: Iterable[Entry]) -> None:
        """Add the units these entries name, their former names and the units above them."""
        for entry in entries:
            unit = self._unit(entry.unit)
            if entry.old_unit and entry.old_unit != unit.old_name and fold(entry.old_unit) != fold(unit.name):
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


class Matching:
    """Finds for each row the person it speaks of."""

    def __init__(self, rows: list[Row], told: frozenset[str], unit_plan: UnitTree) -> None:
        self.rows = {row["id"]: row for row in rows}
        self.codes: dict[int, str] = {}
        self.errors: list[RowError] = []
        self.matched: dict[int, Entry] = {}
        self.new: list[Entry] = []
        self._told, self._units = told, unit_plan
        self._by_code = {row["code"].upper(): row for row in rows}
        self._by_name: dict[str, list[Row]] = {}
        for row in rows:
            self._by_name.setdefault(row["fold"], []).append(row)

    def take(self, entry: Entry, difference: Difference) -> None:
        """Put a row among the new, the changed, the same, or the errors."""
        found = self._find(entry)
        if isinstance(found, RowError):
            self.errors.append(found)
        elif found is None:
            self.codes[entry.number] = entry.code or self._made_code(entry)
            self.new.append(entry)
            difference.new.append(entry)
        elif found["id"] in self.matched:
            row = self.matched[found["id"]].number
            self.errors.append(RowError(entry.number, "person_twice", {"name": entry.name, "row": row}))
        else:
            self.matched[found["id"]] = entry
            fields = self._changes(entry, found)
            if fields:
                difference.changed.append(Change(entry, found["id"], fields))
            else:
                difference.same += 1

    def _find(self, entry: Entry) -> Row | RowError | None:
        if entry.code and entry.code in self._by_code:
            return self._by_code[entry.code]
        alike = [row for row in self._by_name.get(fold(entry.name), []) if self._same_birth(entry, row)]
        if entry.code:  # a code is told for the first time: it may be somebody who came in without one
            alike = [row for row in alike if row["code"].startswith(MADE)]
        here = [row for row in alike if fold(row["unit"]) == self._units.key(entry.unit)]
        if len(here) > 1:
            return RowError(entry.number, "person_unclear", {"name": entry.name, "count": len(here)})
        moved = [row for row in alike if entry.birth_year and entry.phone and row["phone"] == entry.phone]
        return next(iter(here or moved), None)

    def _same_birth(self, entry: Entry, row: Row) -> bool:
        return None in (entry.birth_year, row["birth_year"]) or entry.birth_year == row["birth_year"]

    def _made_code(self, entry: Entry) -> str:
        """Make a code that stays the same however often this person comes in without one."""
        for turn in range(1000):
            told = f"{fold(entry.name)}|{entry.birth_year}|{fold(entry.unit)}|{turn}"
            code = MADE + hashlib.sha256(told.encode()).hexdigest()[:8].upper()
            if code not in self._by_code and code not in self.codes.values():
                return code
        raise LookupError("no free code")

    def _changes(self, entry: Entry, row: Row) -> dict[str, tuple[Any, Any]]:
        changes: dict[str, tuple[Any, Any]] = {}
        for name in FIELDS:
            before, after = self._pair(name, entry, row)
            if before != after:
                changes[name] = (before, after)
        return changes

    def _pair(self, name: str, entry: Entry, row: Row) -> tuple[Any, Any]:
        before = row[name]
        match name:
            case "active":
                return bool(before), True
            case "unit":
                key = self._units.key(entry.unit)
                return before, before if fold(before) == key else self._units.units[key].name
            case "leader":
                return bool(before), entry.leader if "leader" in self._told else bool(before)
            case "code":
                return before, before if entry.code in (None, before.upper()) else entry.code
            case "phone" if entry.phone is None:  # a number that was left out does not erase a good one
                return before, before
        return before, getattr(entry, name) if name in self._told else before

    def left(self) -> list[Left]:
        """Give the active people whom no row spoke of."""
        return [
            Left(row["id"], row["code"], row["name"], row["unit"])
            for row in self.rows.values()
            if row["active"] and row["id"] not in self.matched
        ]


def _propose_heads(matching: Matching, unit_plan: UnitTree, difference: Difference) -> dict[str, int]:
    """Give the proposed head of each unit that has none, or whose proposed head has gone elsewhere."""
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
        unit = unit_plan.units[key]
        gone = unit.proposed and unit.head_id not in {token for token, _ in candidates}
        best = units.best_head(candidates) if unit.head_id is None or gone else None
        if best is not None:
            heads[key] = best
            difference.heads.append((unit.name, names[best]))
    return heads
