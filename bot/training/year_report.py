"""Training over calendar years, added up: by content group, by level, by unit; turns and people told apart (R08, R15).

A turn is one person on one course whatever the result, as in the ledger; how many did not complete is told beside.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.folding import fold
from bot.store import Reading
from bot.training import records
from bot.training.plans import Target
from bot.training.records import IN_REACH, Tally

K = TypeVar("K")


@dataclass(frozen=True)
class Sum:
    """Turns with how many of them were not completed, and distinct classes told by a code."""

    turns: int
    failed: int
    classes: int


@dataclass(frozen=True)
class OfUnit:
    """Turns and people of a unit: that of today, or the one told for somebody who is not on the HR list."""

    name: str
    turns: int
    people: int


Kinds = Sequence[tuple[str, str, int]] | None  # category, level, year of the turns that are told; None for all


@dataclass(frozen=True)
class YearReport:
    """What a clerk's reach has in the years `first` to `last`; `people` are counted once each."""

    first: int
    last: int
    tallies: Sequence[Tally]
    people: int
    kinds: Kinds = None

    @property
    def years(self) -> range:
        """Give the calendar years."""
        return range(self.first, self.last + 1)

    @property
    def total(self) -> Sum:
        """Add up everything."""
        return add(self.tallies)


def by_year(tallies: Iterable[Tally]) -> dict[int, list[Tally]]:
    """Give the turns of each year in which there was anything."""
    return dict(sorted(_grouped(tallies, lambda one: one.year).items()))


def by_category(tallies: Iterable[Tally]) -> dict[str, list[Tally]]:
    """Give the turns of each content group."""
    return dict(sorted(_grouped(tallies, lambda one: one.category).items()))


def by_level(tallies: Iterable[Tally]) -> dict[tuple[str, str], list[Tally]]:
    """Give the turns of each content group and level, a level being one however it is written."""
    found = _grouped(tallies, lambda one: (one.category, fold(one.level)))
    return {(category, found[category, level][0].level): found[category, level] for category, level in sorted(found)}


def _grouped(tallies: Iterable[Tally], key: Callable[[Tally], K]) -> dict[K, list[Tally]]:
    found: dict[K, list[Tally]] = defaultdict(list)
    for one in tallies:
        found[key(one)].append(one)
    return found


def add(tallies: Iterable[Tally]) -> Sum:
    """Add up turns; a class that ran over two years is one."""
    every = list(tallies)
    return Sum(sum(one.turns for one in every), sum(one.failed for one in every), records.classes_in(every))


async def of_years(
    tx: Reading, clerk_id: int, first: int, last: int, targets: Sequence[Target] | None = None
) -> YearReport:
    """Give the report of calendar years, or only of what counts for some lines of a plan (R27, R30)."""
    tallies = await records.tallies(tx, clerk_id, first, last)
    kinds = None
    if targets is not None:
        tallies = [one for one in tallies if any(t.counts(one.category, one.level, one.year) for t in targets)]
        kinds = sorted({(one.category, one.level, one.year) for one in tallies})
    people = await _people(tx, clerk_id, first, last, kinds) if tallies else 0
    return YearReport(first, last, tallies, people, kinds)


# Who is not on the HR list is one person by code, else by name and unit as they were told.
_TURNS = f"""
    select coalesce((select u.name from people q join units u on u.id = q.unit_id where q.id = r.person_id), r.unit)
            as unit,
        case when r.person_id is not null then 'p' || cast(r.person_id as text)
            when r.code <> '' then 'c' || r.code else 'n' || r.name || '|' || r.unit end as who
    {IN_REACH} and r.year between $2 and $3
"""  # noqa: S608 (constants)


def _turns(kinds: Kinds) -> tuple[str, list[str | int]]:
    """Give the SQL of the turns of these kinds, each with unit and person, and its further arguments from $4 on."""
    if kinds is None:
        return _TURNS, []
    places = ", ".join(f"(${at}, ${at + 1}, cast(${at + 2} as bigint))" for at in range(4, 4 + 3 * len(kinds), 3))
    known = "select 1 from kinds k where k.category = r.category and k.level = r.level and k.year = r.year"
    sql = f"with kinds (category, level, year) as (values {places}) {_TURNS} and exists ({known})"
    return sql, [value for kind in kinds for value in kind]


async def units(tx: Reading, clerk_id: int, report: YearReport) -> list[OfUnit]:
    """Give turns and people of each unit that a report tells of, those with the most turns first."""
    if not report.tallies:
        return []
    turns, more = _turns(report.kinds)
    rows = await tx.fetch(
        f"""
        select unit, count(*) as turns, count(distinct who) as people from ({turns}) told
        group by unit order by turns desc, unit
        """,  # noqa: S608 (constants)
        clerk_id,
        report.first,
        report.last,
        *more,
    )
    return [OfUnit(row["unit"], int(row["turns"]), int(row["people"])) for row in rows]


async def _people(tx: Reading, clerk_id: int, first: int, last: int, kinds: Kinds) -> int:
    turns, more = _turns(kinds)
    found = await tx.fetchval(
        f"select count(distinct who) from ({turns}) told",  # noqa: S608 (constants)
        clerk_id,
        first,
        last,
        *more,
    )
    return int(found)
