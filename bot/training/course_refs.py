"""What the fields of a course name, looked up in the database: units, people; and what is wrong with them as a whole.

What a single field may be is in course_fields; writing is in course_writing.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bot.folding import fold
from bot.store import Reading, Row
from bot.training import course_fields, rights
from bot.training.calendar import Calendar
from bot.training.course_fields import Fault

_END_OF_DAY = dt.time(23, 59, 59)
_LOOKED_UP = ("quotas", "only_units", "contact", "owner")


@dataclass
class Wanted:
    """Fields as they are stored: columns of `courses`, quotas (unit → places; None: as they are), what is wrong."""

    columns: dict[str, Any]
    quotas: dict[int, int] | None = None
    faults: list[Fault] = field(default_factory=list)


async def resolve(tx: Reading, fields: dict[str, Any], days: Calendar) -> Wanted:
    """Give what is stored for the fields that are told; what is not told is left out."""
    wanted = Wanted({key: _stored(key, value, days) for key, value in fields.items() if key not in _LOOKED_UP})
    if "quotas" in fields:
        wanted.quotas = await _quotas(tx, fields["quotas"], wanted.faults)
    if "only_units" in fields:
        names = [name for name in fields["only_units"].split("\n") if name]
        found = [await _unit(tx, name, "only_units", wanted.faults) for name in names]
        wanted.columns["only_units"] = ",".join(str(unit) for unit in dict.fromkeys(found) if unit)
    if "contact" in fields:
        wanted.columns["contact_person_id"] = await _person(tx, fields["contact"], wanted.faults)
    if "owner" in fields:
        name = fields["owner"]
        wanted.columns["owner_unit_id"] = await _unit(tx, name, "owner", wanted.faults) if name else None
    return wanted


def _stored(key: str, value: Any, days: Calendar) -> Any:
    if key in ("deadline", "approve_until"):
        return None if value is None else days.instant(value, _END_OF_DAY)
    if key == "document_on":
        return None if value is None else value.isoformat()
    if key == "lecturer" and value:
        return "; ".join(value.split("\n"))
    return int(value) if isinstance(value, bool) else value


async def _unit(tx: Reading, name: str, key: str, faults: list[Fault]) -> int | None:
    """Find a unit by its name, or the name before a renaming; of a merged one, the unit its people went to."""
    row = await tx.fetchrow("select * from units where fold = $1", fold(name)) or await tx.fetchrow(
        "select * from units where old_name = $1 order by id", name
    )
    while row is not None and row["merged_into"] is not None:
        row = await tx.fetchrow("select * from units where id = $1", row["merged_into"])
    if row is None:
        faults.append(Fault(key, "unit_unknown", name[:60]))
        return None
    return int(row["id"])


async def _quotas(tx: Reading, told: Iterable[tuple[str, int]], faults: list[Fault]) -> dict[int, int]:
    found: dict[int, int] = {}
    for name, count in told:
        unit_id = await _unit(tx, name, "quotas", faults)
        if unit_id in found:
            faults.append(Fault("quotas", "unit_twice", name[:60]))
        elif unit_id is not None:
            found[unit_id] = count
    return found


async def _person(tx: Reading, code: str | None, faults: list[Fault]) -> int | None:
    if not code:
        return None
    row = await tx.fetchrow("select id from people where lower(code) = lower($1) and active = 1", code)
    if row is None:
        faults.append(Fault("contact", "person_unknown", code[:40]))
        return None
    return int(row["id"])


async def check(tx: Reading, wanted: Wanted, row: Row | None, by: int | None) -> list[Fault]:
    """Give what is wrong with a course as it would be: `row` is the one there is, None for a new one.

    `by` is the clerk who wants it, whose rights must reach it before and after; None for the command line.
    """
    faults = list(wanted.faults)
    capacity = wanted.columns.get("capacity", row["capacity"] if row else 0)
    if row is not None and "capacity" in wanted.columns:
        firm = await _firm(tx, row["id"])
        if capacity < min(firm, row["capacity"]):
            faults.append(Fault("capacity", "capacity_below_seats", str(firm)))
    quotas = wanted.quotas if wanted.quotas is not None else await quotas_of(tx, row["id"]) if row else {}
    total = await kept(tx, quotas)
    if capacity and total > capacity:
        faults.append(Fault("quotas", "quota_over_capacity", f"{total} > {capacity}"))
    if by is not None and not await _within_reach(tx, wanted, row, by):
        faults.append(Fault("owner", "not_yours"))
    return faults


async def _firm(tx: Reading, course_id: int) -> int:
    """Count the places that cannot be taken back: seats and offers."""
    count: int = await tx.fetchval(
        "select count(*) from enrolments where course_id = $1 and state in ('seat', 'offered')", course_id
    )
    return count


async def _within_reach(tx: Reading, wanted: Wanted, row: Row | None, by: int) -> bool:
    if row is not None and not await rights.covers(tx, by, row["owner_unit_id"]):
        return False
    return "owner_unit_id" not in wanted.columns or await rights.covers(tx, by, wanted.columns["owner_unit_id"])


async def quotas_of(tx: Reading, course_id: int) -> dict[int, int]:
    """Give the quotas of a course: unit → places."""
    rows = await tx.fetch("select unit_id, places from course_quotas where course_id = $1", course_id)
    return {row["unit_id"]: row["places"] for row in rows}


async def kept(tx: Reading, quotas: dict[int, int]) -> int:
    """Sum the places that quotas keep; one inside another's unit is part of that one."""
    total = 0
    for unit_id, count in quotas.items():
        above = await tx.fetch("select above_id from units_below where unit_id = $1", unit_id)
        if not any(row["above_id"] in quotas and row["above_id"] != unit_id for row in above):
            total += count
    return total


async def default_owner(tx: Reading, by: int | None) -> int | None:
    """Give whose a clerk's new course is: their unit's; of the whole (None) for HR of the whole."""
    if by is None or await rights.covers(tx, by, None):
        return None
    unit: int | None = await tx.fetchval(
        """
        select min(unit_id) as unit_id from rights
        where person_id = $1 and role = 'hr' and revoked_at is null and unit_id is not null
        """,
        by,
    )
    return unit


async def fields_of(tx: Reading, row: Row, days: Calendar) -> dict[str, Any]:
    """Give the fields of a course (a row of `courses`) as course_fields reads them."""
    told: dict[str, Any] = {}
    for one in course_fields.FIELDS:
        if one.key not in _LOOKED_UP:
            told[one.key] = _told(one.key, row[one.key], days)
    kept_places = await quotas_of(tx, row["id"])
    told["quotas"] = tuple([(await _unit_name(tx, unit), count) for unit, count in kept_places.items()])
    units = [int(n) for n in row["only_units"].split(",") if n]
    told["only_units"] = "\n".join([await _unit_name(tx, unit) for unit in units])
    told["contact"] = await tx.fetchval("select code from people where id = $1", row["contact_person_id"])
    told["owner"] = await _unit_name(tx, row["owner_unit_id"]) if row["owner_unit_id"] else None
    return told


def _told(key: str, value: Any, days: Calendar) -> Any:
    if value is None:
        return None
    if key in ("deadline", "approve_until"):
        return days.local(value).date()
    if key == "document_on":
        return dt.date.fromisoformat(value)
    if key == "lecturer":
        return value.replace("; ", "\n")
    return bool(value) if course_fields.BY_KEY[key].ask == "yes_no" else value


async def _unit_name(tx: Reading, unit_id: int) -> str:
    return str(await tx.fetchval("select name from units where id = $1", unit_id))
