"""The staff list as it goes out: the people within a clerk's reach, in the columns in which it is read again."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from bot.errors import Refused
from bot.excel.cells import CellValue
from bot.excel.reader import MAX_ROWS
from bot.store import Reading, Row, Tx
from bot.training import audit, exports, rights
from bot.training.roster_difference import FIELDS
from bot.training.roster_sheet import COLUMNS, HEADINGS, WRITTEN_GENDERS

KIND = "people"


@dataclass(frozen=True)
class Written:
    """A list ready to be written: its mark, headings, rows."""

    mark: str
    headings: list[str]
    rows: list[list[CellValue]]


async def of_clerk(tx: Tx, clerk_id: int, unit_id: int | None, now: int) -> Written:
    """Give the active people whom a clerk's rights cover, of one unit with what is under it or (None) of all.

    Keeps what the list told, so that it can come back edited. Raises NotAllowed for a unit beyond the clerk's
    rights, Refused for a list longer than the reader takes.
    """
    if unit_id is not None:
        await rights.check_unit(tx, clerk_id, unit_id)
    found = await _people(tx, clerk_id, unit_id)
    if len(found) > MAX_ROWS:
        raise Refused("uploads/too_long", count=len(found), limit=MAX_ROWS)
    subject = "people" if unit_id is None else f"unit:{unit_id}"
    lines = {str(row["id"]): _line(row) for row in found}
    export_id = await exports.keep(tx, KIND, subject, clerk_id, lines, now)
    await audit.record(tx, clerk_id, "people.export", subject, now, new={"people": len(found)})
    return Written(exports.mark(export_id), list(HEADINGS.values()), [_cells(row) for row in found])


async def _people(tx: Reading, clerk_id: int, unit_id: int | None) -> list[Row]:
    return await tx.fetch(
        f"""
        select p.*, u.name as unit, u.old_name as old_unit, above.name as parent from people p
        join units u on u.id = p.unit_id left join units above on above.id = u.parent_id
        where p.active = 1 and {rights.covered("p.unit_id", "$1")}
            and (cast($2 as bigint) is null or exists (
                select 1 from units_below b where b.above_id = $2 and b.unit_id = p.unit_id))
        order by u.fold, u.id, p.leader desc, p.fold, p.id
        """,  # noqa: S608 (constants)
        clerk_id,
        unit_id,
    )


def _line(row: Row) -> dict[str, Any]:
    """Give what the list tells of one person, as it is compared when it comes back."""
    told = [name for name in FIELDS if name not in ("active", "leader")]
    line = {name: None if row[name] == "" else row[name] for name in told}
    return line | {"leader": bool(row["leader"]), "parent": row["parent"], "old_unit": row["old_unit"]}


def _cells(row: Row) -> list[CellValue]:
    written: dict[str, CellValue] = {
        "birth": row["birth_year"],
        "gender": WRITTEN_GENDERS.get(row["gender"] or ""),
        "leader": "x" if row["leader"] else None,
        "appointed_on": dt.date.fromisoformat(row["appointed_on"]) if row["appointed_on"] else None,
    }
    return [written[column.key] if column.key in written else row[column.key] for column in COLUMNS]
