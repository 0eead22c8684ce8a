"""Training plans and their lines as they are kept: read here, changed in plan_changes, measured in plan_actual."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.errors import Stale
from bot.folding import fold
from bot.store import Reading, Row, Tx


@dataclass(frozen=True)
class Facts:
    """What a decision tells of a plan; calendar years, one of them is a yearly plan; `decided_on` is an ISO day."""

    number: str
    title: str
    first_year: int
    last_year: int
    decided_on: str | None = None


@dataclass(frozen=True)
class Plan:
    """One plan; `version` goes up with each change of its facts."""

    id: int
    version: int
    facts: Facts

    @property
    def subject(self) -> str:
        """Give the subject of what is logged of it."""
        return f"plan:{self.id}"


@dataclass(frozen=True)
class Target:
    """What a line promises: classes and turns (0: none told) and đồng, of a category.

    `level` '' is any level, `year` None the whole period.
    """

    category: str
    level: str
    year: int | None
    classes: int
    turns: int
    money: int | None = None

    @cached_property  # each line is compared with each other one
    def key(self) -> tuple[str, str, int]:
        """Give what tells it from the other lines of its plan."""
        return self.category, fold(self.level), self.year or 0

    def counts(self, category: str, level: str, year: int) -> bool:
        """Tell whether training of this category, level and calendar year counts for it."""
        return (
            category == self.category
            and self.year in (None, year)
            and (not self.level or level == self.level or fold(level) == self.key[1])
        )

    def within(self, other: "Target") -> bool:
        """Tell whether all that counts for it counts for `other` too ("trong đó")."""
        return (
            self.key != other.key
            and self.category == other.category
            and (not other.level or self.key[1] == other.key[1])
            and other.year in (None, self.year)
        )


def added_up(targets: Sequence[Target]) -> list[Target]:
    """Give the lines whose figures make the total: those that are no part of another line."""
    return [one for one in targets if not any(one.within(other) for other in targets)]


@dataclass(frozen=True)
class Line:
    """A line of a plan; `version` goes up with each change."""

    id: int
    plan_id: int
    version: int
    target: Target

    @property
    def subject(self) -> str:
        """Give the subject of what is logged of it: that of its plan."""
        return f"plan:{self.plan_id}"


def _plan(row: Row) -> Plan:
    facts = Facts(row["number"], row["title"], row["first_year"], row["last_year"], row["decided_on"])
    return Plan(row["id"], row["version"], facts)


def _line(row: Row) -> Line:
    target = Target(row["category"], row["level"], row["year"], row["classes"], row["turns"], row["money"])
    return Line(row["id"], row["plan_id"], row["version"], target)


async def everyone(tx: Reading) -> list[Plan]:
    """Give every plan, the latest period first."""
    rows = await tx.fetch(
        "select * from plans where removed_at is null order by last_year desc, first_year desc, number_fold, id"
    )
    return [_plan(row) for row in rows]


async def find(tx: Reading, plan_id: int) -> Plan:
    """Give a plan. Raises Stale for one that was removed or never was."""
    return _found(await tx.fetchrow("select * from plans where id = $1 and removed_at is null", plan_id))


async def locked(tx: Tx, plan_id: int) -> Plan:
    """Give a plan and hold it until the transaction ends. Raises Stale."""
    return _found(await tx.fetchrow("select * from plans where id = $1 and removed_at is null for update", plan_id))


def _found(row: Row | None) -> Plan:
    if row is None:
        raise Stale
    return _plan(row)


async def numbered(tx: Reading, number: str, first_year: int) -> Plan | None:
    """Give the plan of a number that begins in a year, None when there is none."""
    row = await tx.fetchrow(
        "select * from plans where number_fold = $1 and first_year = $2 and removed_at is null",
        fold(number),
        first_year,
    )
    return None if row is None else _plan(row)


async def lines(tx: Reading, plan_id: int) -> list[Line]:
    """Give the lines of a plan by category, level and year."""
    rows = await tx.fetch(
        "select * from plan_lines where plan_id = $1 order by category, level_fold, coalesce(year, 0), id", plan_id
    )
    return [_line(row) for row in rows]


async def line(tx: Reading, line_id: int) -> tuple[Plan, Line]:
    """Give a line with its plan. Raises Stale when either was removed."""
    row = await tx.fetchrow("select * from plan_lines where id = $1", line_id)
    if row is None:
        raise Stale
    return await find(tx, row["plan_id"]), _line(row)
