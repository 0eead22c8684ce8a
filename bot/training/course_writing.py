"""Writing a course: new or changed, its sessions, and what follows for places, calendars and reminders.

Both doors come here: the chat's form and the workbook. What may be written is checked before, in course_refs.
"""

from collections.abc import Sequence
from typing import Any

from bot.folding import fold
from bot.store import Reading, Row, Tx
from bot.training import (
    audit,
    institutions,
    lecturers,
    quotas,
    schedules,
    session_reminders,
    sessions,
)
from bot.training.calendar import Calendar
from bot.training.course_refs import Wanted, quotas_of
from bot.training.planned_sessions import PlannedSession

_TOLD = ("starts_at", "ends_at", "place", "link")  # what a calendar shows of a session
_OPTIONAL = ("bring", "lecturer", "institution", "payer", "document", "objective")


def session_columns(planned: PlannedSession, days: Calendar) -> dict[str, Any]:
    """Give the stored columns of a session, its local times as instants."""
    return {
        "starts_at": days.instant(planned.day, planned.start),
        "ends_at": days.instant(planned.day, planned.end),
        "hours": planned.hours,
        "place": planned.place,
        "link": planned.link,
    }


def differs(row: Row, wanted: dict[str, Any]) -> bool:
    """Tell whether a stored row is not as wanted."""
    return any(row[key] != value for key, value in wanted.items())


def told_anew(row: Row, wanted: dict[str, Any]) -> bool:
    """Tell whether a calendar would show a stored session otherwise."""
    return any(row[key] != wanted[key] for key in _TOLD)


async def create(tx: Tx, code: str, wanted: Wanted, planned: Sequence[PlannedSession], by: int | None, now: int,
                 days: Calendar) -> int:  # fmt: skip
    """Write a new open course with its sessions and reminders; gives its number."""
    columns = {**dict.fromkeys(_OPTIONAL), "needs_head": 1, "needs_hr": 0, **wanted.columns}
    columns |= {"code": code, "fold": fold(columns["title"]), "created_at": now, "updated_at": now}
    columns |= {"cancel_until": 0, "starts_at": 0, "ends_at": 0}  # follow from the sessions
    names = sorted(columns)
    marks = ", ".join(f"${n}" for n in range(1, len(names) + 1))
    course_id: int = await tx.fetchval(
        f"insert into courses ({', '.join(names)}) values ({marks}) returning id",  # noqa: S608 (own names)
        *(columns[name] for name in names),
    )
    await _follow(tx, course_id, set(wanted.columns), wanted)
    for session in planned:
        await put_session(tx, course_id, session, None, now, days, retold=False)
    await schedules.follow(tx, course_id, now, days)
    await audit.record(tx, by, "course.create", f"course:{course_id}", now, new=_kept(columns, wanted))
    return course_id


def _kept(columns: dict[str, Any], wanted: Wanted) -> dict[str, Any]:
    return columns | ({"quotas": wanted.quotas} if wanted.quotas else {})


async def changed(tx: Reading, row: Row, wanted: Wanted) -> list[str]:
    """Give the columns, and 'quotas', in which a stored course is not as wanted."""
    keys = [key for key, value in wanted.columns.items() if row[key] != value]
    if wanted.quotas is not None and wanted.quotas != await quotas_of(tx, row["id"]):
        keys.append("quotas")
    return keys


async def change(tx: Tx, row: Row, wanted: Wanted, by: int | None, now: int) -> list[str]:
    """Write the columns that differ, with old and new in the log; gives which. The caller holds the course.

    `updated_at` grows with every change, also within one second: by it a second clerk is noticed.
    """
    keys = await changed(tx, row, wanted)
    for key in keys:
        if key != "quotas":
            await tx.execute(
                f"update courses set {key} = $2 where id = $1",  # noqa: S608 (one of our own columns)
                row["id"],
                wanted.columns[key],
            )
    if keys:
        old = {key: await quotas_of(tx, row["id"]) if key == "quotas" else row[key] for key in keys}
        new = {key: wanted.quotas if key == "quotas" else wanted.columns[key] for key in keys}
        await audit.record(tx, by, "course.edit", f"course:{row['id']}", now, old=old, new=new)
        await _follow(tx, row["id"], set(keys), wanted)
        await touch(tx, row["id"], now)
    return keys


async def touch(tx: Tx, course_id: int, now: int) -> None:
    """Note that a course has changed."""
    await tx.execute(
        "update courses set updated_at = case when updated_at >= $2 then updated_at + 1 else $2 end where id = $1",
        course_id,
        now,
    )


async def _follow(tx: Tx, course_id: int, keys: set[str], wanted: Wanted) -> None:
    """Write what follows from single columns: search, institution, lecturers, quotas."""
    columns = wanted.columns
    if "title" in keys:
        await tx.execute("update courses set fold = $2 where id = $1", course_id, fold(columns["title"]))
    if "institution" in keys:
        found = await institutions.called(tx, columns["institution"])
        await tx.execute("update courses set institution_id = $2 where id = $1", course_id, found)
    if "lecturer" in keys:
        await lecturers.teach(tx, course_id, [name for name in (columns["lecturer"] or "").split("; ") if name])
    if wanted.quotas is not None:
        await quotas.put(tx, course_id, wanted.quotas)


async def put_session(tx: Tx, course_id: int, planned: PlannedSession, row: Row | None, now: int, days: Calendar,
                      *, retold: bool) -> None:  # fmt: skip
    """Write a session and plan its reminders, if it is new or begins at another time than before."""
    wanted = session_columns(planned, days)
    if row is None:
        session_id = await tx.fetchval(
            """
            insert into sessions (course_id, number, starts_at, ends_at, hours, place, link, updated_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8) returning id
            """,
            course_id, planned.number, *wanted.values(), now,
        )  # fmt: skip
    else:
        session_id = row["id"]
        back = row["cancelled_at"] is not None
        told = retold or back or told_anew(row, wanted)
        if not told and row["hours"] == wanted["hours"]:
            return
        await tx.execute(
            """
            update sessions set starts_at = $2, ends_at = $3, hours = $4, place = $5, link = $6,
                cancelled_at = null, sequence = sequence + $7, updated_at = $8 where id = $1
            """,
            session_id, *wanted.values(), int(told), now,
        )  # fmt: skip
        if not back and row["starts_at"] == wanted["starts_at"]:
            return
    await session_reminders.plan(tx, await sessions.find(tx, session_id), now, days)


async def take_out(tx: Tx, row: Row, now: int) -> None:
    """Cancel a session that its course no longer has; it stays, so that calendars learn of it."""
    if row["cancelled_at"] is None:
        await tx.execute(
            "update sessions set cancelled_at = $2, sequence = sequence + 1, updated_at = $2 where id = $1",
            row["id"],
            now,
        )
        await session_reminders.withdraw(tx, f"session:{row['id']}", now, "cancelled")


async def retell(tx: Tx, course_id: int) -> None:
    """Let calendars learn of a new name: every session counts as changed."""
    await tx.execute("update sessions set sequence = sequence + 1 where course_id = $1", course_id)
