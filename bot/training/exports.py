"""Lists that go out to be edited and sent back: the mark they carry, and what stood in them. Coming back: uploads."""

import json
import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.excel.cells import shown
from bot.excel.reader import Table
from bot.store import Reading, Tx

REPORT = "BD-XEM"  # stands above a list that is there to be read only
KEPT = 60 * 86_400  # seconds that a list can be sent back as what it is; later it is read as any other
_BITS = 48
_MARK = re.compile(r"\bBD((?:-[0-9A-F]{4}){3})\b")


@dataclass(frozen=True)
class Export:
    """A list as it went out: of what, by whom, when (UTC seconds), and its lines by their key."""

    id: int
    subject: str
    person_id: int
    made_at: int
    lines: dict[str, dict[str, Any]]


async def keep(tx: Tx, kind: str, subject: str, person_id: int, lines: dict[str, dict[str, Any]], now: int) -> int:
    """Keep what a list tells when it goes out and give its number, from which `mark` is made."""
    await tx.execute("delete from exports where made_at < $1", now - KEPT)
    export_id = secrets.randbits(_BITS)
    await tx.execute(
        "insert into exports (id, kind, person_id, subject, lines, made_at) values ($1, $2, $3, $4, $5, $6)",
        export_id,
        kind,
        person_id,
        subject,
        json.dumps(lines, ensure_ascii=False),
        now,
    )
    return export_id


def mark(export_id: int) -> str:
    """Give the mark that stands above the list, where every program keeps it: "BD-5F3A-09BC-D1E2"."""
    digits = f"{export_id:012X}"
    return "-".join(["BD", digits[:4], digits[4:8], digits[8:]])


def is_report(words: Sequence[str]) -> bool:
    """Tell from the words above a list whether it is there to be read only: nothing of it can be sent back."""
    return any(REPORT in word for word in words)


def number_in(table: Table) -> int | None:
    """Give the number of the export that a sheet says it is, by the mark above its header."""
    return next((number for _, number in _marks(table)), None)


def row_of_mark(table: Table) -> int:
    """Give the row, as Excel shows it, in which the mark of a sheet stands; the header's for one without."""
    return next((row for row, _ in _marks(table)), table.header_row)


def _marks(table: Table) -> Iterator[tuple[int, int]]:
    for row, line in enumerate(table.grid[: table.header_row - 1], start=1):
        for cell in line:
            found = _MARK.search(shown(cell.value).upper())
            if found:
                yield row, int(found[1].replace("-", ""), 16)


async def of_table(tx: Reading, table: Table, kind: str) -> Export | None:
    """Give the export a sheet came from; None without a mark, and for one that is unknown or too old."""
    number = number_in(table)
    row = await tx.fetchrow("select * from exports where id = $1 and kind = $2", number, kind) if number else None
    if row is None:
        return None
    return Export(row["id"], row["subject"], row["person_id"], row["made_at"], json.loads(row["lines"]))
