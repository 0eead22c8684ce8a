"""The ledger of turns (lượt): who learned what, when, for how many hours. Append-only; what they add up to is in hours.

Rows come from history (history_import), closed courses (closing) and certificates; each is ended, never changed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.errors import Stale
from bot.folding import fold
from bot.store import Reading, Row, Tx
from bot.training import rights

Source = Literal["history", "course", "certificate"]
Outcome = Literal["completed", "failed"]
_COLUMNS = (
    "person_id", "code", "name", "unit", "source", "course_id", "class_code", "title", "category", "level",
    "institution", "from_on", "to_on", "hours_tenths", "outcome", "mark",
)  # fmt: skip


@dataclass(frozen=True)
class Record:
    """One turn. Days are ISO text; `hours_tenths` lesson periods and `mark` points, both in tenths."""

    person_id: int | None
    code: str
    name: str
    unit: str
    source: Source
    course_id: int | None
    class_code: str
    title: str
    category: str
    level: str
    institution: str
    from_on: str
    to_on: str
    hours_tenths: int
    outcome: Outcome = "completed"
    mark: int | None = None

    @property
    def year(self) -> int:
        """Give the calendar year that the hours count for: that of the last day."""
        return int(self.to_on[:4])

    @property
    def key(self) -> str:
        """Give what tells this turn from all others, whatever list it is told in."""
        who = self.code.casefold() or f"{fold(self.name)} {fold(self.unit)}"
        what = self.class_code.casefold() or fold(self.title)
        return f"{who}|{what}|{self.from_on}|{self.to_on}"

    def same_as(self, other: "Record") -> bool:
        """Tell whether both tell the same, whoever told it."""
        return all(
            getattr(self, name) == getattr(other, name) for name in _COLUMNS if name not in ("source", "course_id")
        )


@dataclass(frozen=True)
class Kept:
    """A row of the ledger."""

    id: int
    record: Record


def kept_of(row: Row) -> Kept:
    """Read a row of `training_records`."""
    return Kept(row["id"], Record(*(row[name] for name in _COLUMNS)))


async def put(
    tx: Tx, record: Record, by: int | None, now: int, *, replaces: int | None = None, reason: str | None = None
) -> int:
    """Write a turn, in the place of an earlier row if `replaces` says so; gives its number.

    The caller has made sure that no other living row has its key.
    """
    if replaces is not None:
        await end(tx, replaces, now)
    names = ["key", "year", *_COLUMNS, "reason", "replaces_id", "by_person", "at"]
    values = [record.key, record.year, *(getattr(record, name) for name in _COLUMNS), reason, replaces, by, now]
    marks = ", ".join(f"${n}" for n in range(1, len(names) + 1))
    record_id: int = await tx.fetchval(
        f"insert into training_records ({', '.join(names)}) values ({marks}) returning id",  # noqa: S608 (own names)
        *values,
    )
    return record_id


async def find(tx: Reading, record_id: int) -> Kept:
    """Give a row, ended or not. Raises Stale."""
    row = await tx.fetchrow("select * from training_records where id = $1", record_id)
    if row is None:
        raise Stale
    return kept_of(row)


async def stands(tx: Reading, record_id: int) -> bool:
    """Tell whether a row has neither ended nor been replaced."""
    found = await tx.fetchval("select 1 as found from training_records where id = $1 and ended_at is null", record_id)
    return found is not None


async def end(tx: Tx, record_id: int, now: int) -> None:
    """End a row without another in its place."""
    await tx.execute("update training_records set ended_at = $2 where id = $1", record_id, now)


async def living(tx: Reading, first_year: int, last_year: int) -> dict[str, Kept]:
    """Give every row that stands of some calendar years, by its key."""
    rows = await tx.fetch(
        "select * from training_records where ended_at is null and year between $1 and $2", first_year, last_year
    )
    return {row["key"]: kept_of(row) for row in rows}


async def with_key(tx: Reading, key: str) -> Kept | None:
    """Give the row that stands under a key."""
    row = await tx.fetchrow("select * from training_records where key = $1 and ended_at is null", key)
    return None if row is None else kept_of(row)


async def of_course(tx: Reading, course_id: int) -> dict[int, Kept]:
    """Give the rows that stand of a course, by person."""
    rows = await tx.fetch("select * from training_records where course_id = $1 and ended_at is null", course_id)
    return {row["person_id"]: kept_of(row) for row in rows}


async def of_person(tx: Reading, person_id: int, year: int) -> list[Record]:
    """Give the turns of a person in a calendar year, the newest first."""
    rows = await tx.fetch(
        """
        select * from training_records where person_id = $1 and year = $2 and ended_at is null
        order by to_on desc, id desc
        """,
        person_id,
        year,
    )
    return [kept_of(row).record for row in rows]


# Living turns within the reach of clerk $1; those of nobody on the list are seen by who has the whole.
IN_REACH = f"""
    from training_records r where r.ended_at is null and (
        exists (select 1 from people p where p.id = r.person_id and {rights.covered("p.unit_id", "$1")})
        or r.person_id is null and {rights.covered("cast(null as bigint)", "$1")})
"""  # noqa: S608 (constants)


@dataclass(frozen=True)
class Tally:
    """Turns of the ledger of one class ('' where no code is told), category, level and calendar year."""

    year: int
    category: str
    level: str
    class_code: str
    completed: int
    failed: int

    @property
    def turns(self) -> int:
        """Give all turns: one is a person on a course, whatever the result (R08, R15)."""
        return self.completed + self.failed


def classes_in(tallies: Iterable[Tally]) -> int:
    """Count distinct classes; turns without a class code belong to none."""
    return len({one.class_code.casefold() for one in tallies if one.class_code})


async def tallies(tx: Reading, clerk_id: int, first: int = 0, last: int = 9999) -> list[Tally]:
    """Count the turns in a clerk's reach, of the calendar years `first` to `last` or of all."""
    rows = await tx.fetch(
        f"""
        select r.year, r.category, r.level, r.class_code,
            sum(case when r.outcome = 'completed' then 1 else 0 end) as completed,
            sum(case when r.outcome = 'failed' then 1 else 0 end) as failed
        {IN_REACH} and r.year between $2 and $3
        group by r.year, r.category, r.level, r.class_code order by r.year, r.category, r.level, r.class_code
        """,
        clerk_id,
        first,
        last,
    )
    return [
        Tally(row["year"], row["category"], row["level"], row["class_code"], int(row["completed"]), int(row["failed"]))
        for row in rows
    ]


async def in_reach(tx: Reading, clerk_id: int) -> Sequence[Record]:
    """Give every turn in a clerk's reach, by last day and name."""
    rows = await tx.fetch(f"select r.* {IN_REACH} order by r.to_on, r.class_code, r.name, r.id", clerk_id)
    return [kept_of(row).record for row in rows]
