"""The log read, narrowed, exported, shortened to the months kept. Lines are written by audit."""

from __future__ import annotations

import calendar as months
import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.excel.cells import CellValue
from bot.store import Reading, Row, Tx
from bot.training import agency
from bot.training.calendar import Calendar

COLUMNS = ("at", "code", "by", "action", "subject", "old", "new")  # of an export
MOST = 600  # newest lines that anybody pages through; the export has all


@dataclass(frozen=True)
class Line:
    """One line: who did what to what and when (UTC seconds). `old` and `new` are JSON, `by` None the command line."""

    id: int
    at: int
    by_person: int | None
    by: str | None
    action: str
    subject: str
    old: str | None
    new: str | None

    @property
    def noun(self) -> str:
        """Give the kind: 'course' of 'course.edit'."""
        return self.action.partition(".")[0]

    @property
    def verb(self) -> str:
        """Give what was done: 'edit' of 'course.edit'."""
        return self.action.partition(".")[2]


_SELECT = "select a.*, p.name as by from audit a left join people p on p.id = a.by_person"


async def newest(tx: Reading, kind: str = "", person_id: int = 0) -> list[Line]:
    """Give the newest lines first, of one kind or of all, by or about one person or anybody."""
    rows = await tx.fetch(
        f"""
        {_SELECT} where ($1 = '' or a.action = $1 or a.action like $1 || '.%')
            and (cast($2 as bigint) = 0 or a.by_person = $2
                or ':' || a.subject || ':' like '%:person:' || cast($2 as text) || ':%')
        order by a.id desc limit {MOST}
        """,
        kind,
        person_id,
    )
    return [_line(row) for row in rows]


async def find(tx: Reading, line_id: int) -> Line | None:
    """Give one line."""
    row = await tx.fetchrow(f"{_SELECT} where a.id = $1", line_id)
    return None if row is None else _line(row)


def _line(row: Row) -> Line:
    return Line(**{name: row[name] for name in Line.__dataclass_fields__})


async def kinds(tx: Reading) -> list[str]:
    """Give the kinds of which there are lines: 'course', 'people', 'refused' …, in no order that people know."""
    rows = await tx.fetch("select distinct action from audit")
    return sorted({row["action"].partition(".")[0] for row in rows})


async def rows(tx: Reading, zone: ZoneInfo) -> list[list[CellValue]]:
    """Give the whole log as rows of a sheet in the order of COLUMNS, the oldest line first, times local."""
    days = Calendar(zone)
    found = await tx.fetch(
        "select a.*, p.name as by, p.code from audit a left join people p on p.id = a.by_person order by a.id"
    )
    return [
        [days.local(row["at"]).replace(tzinfo=None), row["code"], row["by"], row["action"], row["subject"],
         row["old"], row["new"]]
        for row in found
    ]  # fmt: skip


async def purge(tx: Tx, now: int, zone: ZoneInfo) -> int:
    """Drop the lines that are older than the months the agency keeps; gives how many."""
    kept = (await agency.facts(tx)).audit_months
    return await tx.execute("delete from audit where at < $1", kept_from(now, kept, zone))


def kept_from(now: int, kept: int, zone: ZoneInfo) -> int:
    """Give the local midnight so many months before the day of `now`, as UTC seconds."""
    days = Calendar(zone)
    today = days.local(now).date()
    year, month = divmod(today.year * 12 + today.month - 1 - kept, 12)
    day = min(today.day, months.monthrange(year, month + 1)[1])
    return days.instant(dt.date(year, month + 1, day), dt.time())
