"""What a staff list would change, as data. How it is found is in roster_plan, how it is written in roster."""

from dataclasses import dataclass, field
from typing import Any

from bot.training.roster_sheet import Entry, RowError

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
    """What applying a list would do, or has done. `heads` are (unit, name of the proposed head).

    `conflicts` are facts that somebody else has changed since the list went out; `refused` subjects that the sender's
    rights do not cover.
    """

    new: list[Entry] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    same: int = 0
    left: list[Left] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    notes: list[RowError] = field(default_factory=list)
    units_new: list[str] = field(default_factory=list)
    units_changed: list[str] = field(default_factory=list)
    heads: list[tuple[str, str]] = field(default_factory=list)
    removed: list[Left] = field(default_factory=list)
    of: int = 0  # people on the export that the list was
    conflicts: list[RowError] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    @property
    def entries(self) -> list[Entry]:
        """Give the rows that bring something."""
        return [*self.new, *(change.entry for change in self.changed)]

    @property
    def nothing(self) -> bool:
        """Tell whether applying would change nothing."""
        return not (self.new or self.changed or self.units_new or self.units_changed or self.heads or self.removed)
