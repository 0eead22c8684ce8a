"""One field of an open course changed in the chat, unless a colleague has changed the course meanwhile.

Moving its sessions, which people have in their calendars, is not here.
"""

import json
from dataclasses import dataclass
from typing import Any

from bot.errors import Refused
from bot.excel.cells import Cell, CellError
from bot.store import Reading, Tx
from bot.training import course_drafts, course_fields, course_reach, course_refs, course_writing, courses, schedules
from bot.training.calendar import Calendar


@dataclass(frozen=True)
class Meanwhile:
    """What a colleague changed since the clerk looked: who and which fields.

    `value` is the field's as it is now, `wanted` the one that was not written.
    """

    by: str
    keys: tuple[str, ...]
    value: Any
    wanted: Any


async def values(tx: Reading, course_id: int, days: Calendar) -> dict[str, Any]:
    """Give the fields of a course as course_fields reads them."""
    row = await tx.fetchrow("select * from courses where id = $1", course_id)
    return {} if row is None else await course_refs.fields_of(tx, row, days)


async def version(tx: Reading, course_id: int) -> int:
    """Give the number that grows with every change of a course."""
    return int(await tx.fetchval("select updated_at from courses where id = $1", course_id) or 0)


async def put(tx: Tx, course_id: int, key: str, words: str, seen: int, by: int, now: int,
              days: Calendar) -> Meanwhile | None:  # fmt: skip
    """Write one field; None when it is written, else what happened since version `seen`, and nothing is written.

    Raises NotAllowed, Refused for a cancelled course, CellError for what the field cannot be.
    """
    course = await courses.locked(tx, course_id)
    await course_reach.to_change(tx, by, course_id)
    if course.cancelled:
        raise Refused("desk_courses/is_cancelled", course=course)
    told = course_drafts.canonical(key, words, days.local(now).date())
    row = await tx.fetchrow("select * from courses where id = $1", course_id)
    if row is None:
        return None
    wanted = await course_refs.resolve(tx, {key: course_fields.read(key, Cell(told))}, days)
    for fault in await course_refs.check(tx, wanted, row, by):
        raise CellError(fault.reason, fault.value)
    if row["updated_at"] != seen:
        value = course_fields.read(key, Cell(told))
        return await _meanwhile(tx, course_id, key, value, seen, days)
    changed = await course_writing.change(tx, row, wanted, by, now)
    if "title" in changed:
        await course_writing.retell(tx, course_id)
    if changed:
        await schedules.follow(tx, course_id, now, days)
    return None


_FIELD_OF = {"contact_person_id": "contact", "owner_unit_id": "owner"}


def _keys_of(new: str) -> list[str]:
    """Give the fields that a line of the log tells of."""
    told = [_FIELD_OF.get(column, column) for column in json.loads(new)]
    return [key for key in told if key in course_fields.BY_KEY]


async def _meanwhile(tx: Reading, course_id: int, key: str, wanted: Any, seen: int, days: Calendar) -> Meanwhile:
    rows = await tx.fetch(
        """
        select p.name, a.new from audit a join people p on p.id = a.by_person
        where a.subject = $1 and a.action = 'course.edit' and a.at >= $2 order by a.id desc
        """,
        f"course:{course_id}",
        seen,
    )
    keys = dict.fromkeys(key for row in rows[:5] for key in _keys_of(row["new"]))
    value = (await values(tx, course_id, days)).get(key)
    return Meanwhile(rows[0]["name"] if rows else "", tuple(keys), value, wanted)
