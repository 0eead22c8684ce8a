"""Courses as the workbook that brings them in: sent back unchanged, it changes nothing. It is read in course_sheet."""

from collections.abc import Sequence

from bot.excel.cells import CellValue
from bot.excel.writer import Sheet
from bot.store import Reading, Row
from bot.training import course_fields, course_refs, rights, sessions
from bot.training.calendar import Calendar
from bot.training.course_sheet import COLUMNS
from bot.training.sessions import Session


async def own_courses(tx: Reading, by: int) -> list[int]:
    """Give the courses that a clerk may change and that are not cancelled, the earliest first."""
    reach = rights.covered("c.owner_unit_id", "$1")
    rows = await tx.fetch(
        f"select c.id from courses c where c.state <> 'cancelled' and {reach} order by c.starts_at, c.code",  # noqa: S608
        by,
    )
    return [row["id"] for row in rows]


async def sheet(tx: Reading, course_ids: Sequence[int], title: str, notes: Sequence[str], days: Calendar) -> Sheet:
    """Give the sheet of these courses, one row a session; the facts of a course stand in each of its rows."""
    rows: list[list[CellValue]] = []
    for course_id in course_ids:
        row = await tx.fetchrow("select * from courses where id = $1", course_id)
        if row is not None:
            rows.extend(await _rows(tx, row, days))
    return Sheet(title, [column.names[0] for column in COLUMNS], rows, notes=list(notes))


async def _rows(tx: Reading, row: Row, days: Calendar) -> list[list[CellValue]]:
    fields = await course_refs.fields_of(tx, row, days)
    of_course: dict[str, CellValue] = {"code": row["code"]}
    of_course |= {one.key: course_fields.written(one.key, fields[one.key]) for one in course_fields.FIELDS}
    held = await sessions.of_course(tx, row["id"])
    return [[(of_course | _session(session, days)).get(column.key) for column in COLUMNS] for session in held]


def _session(session: Session, days: Calendar) -> dict[str, CellValue]:
    starts, ends = days.local(session.starts_at), days.local(session.ends_at)
    return {
        "number": session.number,
        "day": starts.date(),
        "start": starts.time(),
        "end": ends.time(),
        "hours": session.hours,
        "place": ", ".join(filter(None, (session.place, session.link))),
    }
