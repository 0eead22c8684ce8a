"""Which person each row of a staff list speaks of, and what it tells anew of them. The rules stand in roster_plan."""

import hashlib
from typing import Any

from bot.folding import fold
from bot.store import Row
from bot.training.roster_difference import FIELDS, Change, Difference, Left
from bot.training.roster_reach import NOT_YOURS, Reach
from bot.training.roster_sheet import Entry, RowError
from bot.training.roster_units import UnitTree

MADE = "TAM-"  # how a code starts that no list told


class Matching:
    """Finds for each row the person it speaks of."""

    def __init__(self, rows: list[Row], told: frozenset[str], unit_plan: UnitTree, reach: Reach) -> None:
        self.rows = {row["id"]: row for row in rows}
        self.codes: dict[int, str] = {}
        self.errors: list[RowError] = []
        self.matched: dict[int, Entry] = {}
        self.new: list[Entry] = []
        self._told, self._units, self._reach = told, unit_plan, reach
        self._by_code = {row["code"].upper(): row for row in rows}
        self._by_name: dict[str, list[Row]] = {}
        for row in rows:
            self._by_name.setdefault(row["fold"], []).append(row)

    def take(self, entry: Entry, difference: Difference) -> None:
        """Put a row among the new, the changed, the same, or the errors."""
        found = self._find(entry)
        if isinstance(found, RowError):
            self.errors.append(found)
        elif found is not None and not self._reached(found):
            self.errors.append(
                RowError(entry.number, NOT_YOURS, {"name": entry.name, "about": f"person:{found['id']}"})
            )
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
        before: Any = None if row[name] == "" else row[name]
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

    def _reached(self, row: Row) -> bool:
        return self._reach is None or row["unit_id"] in self._reach

    def left(self) -> list[Left]:
        """Give the active people within reach whom no row spoke of."""
        return [
            Left(row["id"], row["code"], row["name"], row["unit"])
            for row in self.rows.values()
            if row["active"] and row["id"] not in self.matched and self._reached(row)
        ]
