"""Bringing courses in: what is new or has changed, and what follows for places, calendars and reminders.

What the rows of a workbook mean is in course_sheet.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from bot.folding import fold
from bot.store import Reading, Row, Tx
from bot.training import calendar, courses, offers, places, session_reminders, sessions
from bot.training.calendar import Calendar
from bot.training.course_sheet import Plan, PlannedCourse, PlannedSession, read, row_error
from bot.training.roster_sheet import RowError

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
CANCEL_BEFORE = 86_400  # seconds before the first session, until which a seat can be given back in the chat
__all__ = ["Change", "Difference", "Plan", "apply", "compare", "read"]

_TOLD = ("starts_at", "ends_at", "place", "link")  # what a calendar shows of a session


@dataclass(frozen=True)
class Change:
    """A course that is there already and would change: which of its columns, how many of its sessions."""

    course_id: int
    planned: PlannedCourse
    fields: tuple[str, ...]
    sessions_changed: int
    sessions_added: int
    sessions_gone: int


@dataclass
class Difference:
    """What a plan would change, or has changed."""

    new: list[PlannedCourse] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: list[PlannedCourse] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    warnings: list[RowError] = field(default_factory=list)


async def compare(tx: Reading, plan: Plan, zone: ZoneInfo = ZONE) -> Difference:
    """Tell what `plan` would change; `zone` is the one the sheet's days and times are meant in."""
    difference = Difference(errors=list(plan.errors), warnings=list(plan.warnings))
    days = Calendar(zone)
    for planned in plan.courses:
        row = await tx.fetchrow("select * from courses where code = $1", planned.code)
        if row is None:
            difference.new.append(planned)
        elif row["state"] == "cancelled":
            difference.warnings.append(row_error(planned.row, "code", "course_cancelled", planned.code))
        else:
            await _compare_one(tx, planned, row, days, difference)
    return difference


async def _compare_one(tx: Reading, planned: PlannedCourse, row: Row, days: Calendar, difference: Difference) -> None:
    seats: int = await tx.fetchval(
        "select count(*) from enrolments where course_id = $1 and state in ('seat', 'offered')", row["id"]
    )
    if planned.fields["capacity"] < min(seats, row["capacity"]):
        error = row_error(planned.row, "capacity", "capacity_below_seats", str(seats))
        difference.errors.append(error)
        return
    change = await _change(tx, planned, row, days)
    if change is None:
        difference.unchanged.append(planned)
    else:
        difference.changed.append(change)


async def _change(tx: Reading, planned: PlannedCourse, row: Row, days: Calendar) -> Change | None:
    wanted = _columns(planned, days)
    fields = tuple(key for key, value in wanted.items() if row[key] != value)
    there = {
        r["number"]: r
        for r in await tx.fetch("select * from sessions where course_id = $1 and cancelled_at is null", row["id"])
    }
    planned_numbers = {session.number for session in planned.sessions}
    changed = sum(_differs(there[s.number], _session_columns(s, days)) for s in planned.sessions if s.number in there)
    change = Change(
        row["id"], planned, fields, changed, len(planned_numbers - there.keys()), len(there.keys() - planned_numbers)
    )
    told = change.fields or change.sessions_changed or change.sessions_added or change.sessions_gone
    return change if told else None


def _columns(planned: PlannedCourse, days: Calendar) -> dict[str, Any]:
    """Give the stored columns that the sheet tells of, as they are stored."""
    columns = dict(planned.fields)
    columns["deadline"] = days.instant(columns["deadline"], dt.time(23, 59, 59))
    for key in ("needs_head", "needs_hr"):
        if key in columns:
            columns[key] = int(columns[key])
    return columns


def _session_columns(planned: PlannedSession, days: Calendar) -> dict[str, Any]:
    return {
        "starts_at": days.instant(planned.day, planned.start),
        "ends_at": days.instant(planned.day, planned.end),
        "hours": planned.hours,
        "place": planned.place,
        "link": planned.link,
    }


def _differs(row: Row, wanted: dict[str, Any]) -> bool:
    return any(row[key] != value for key, value in wanted.items())


async def apply(tx: Tx, plan: Plan, now: int, zone: ZoneInfo = ZONE) -> Difference:
    """Bring `plan` in and give what it changed; reminders are planned anew where a session moved.

    Rows in error are left out; nothing is taken away but sessions that the sheet no longer has.
    """
    days = await calendar.load(tx, zone)
    await tx.lock("course import")
    for planned in plan.courses:
        await tx.fetchrow("select id from courses where code = $1 for update", planned.code)
    difference = await compare(tx, plan, zone)
    for planned in difference.new:
        await finish(tx, await _add(tx, planned, now, days), now, days)
    for change in difference.changed:
        await _update(tx, change, now, days)
        await finish(tx, change.course_id, now, days)
    return difference


async def _add(tx: Tx, planned: PlannedCourse, now: int, days: Calendar) -> int:
    columns = {"bring": None, "needs_head": 1, "needs_hr": 0, **_columns(planned, days)}
    columns |= {"code": planned.code, "fold": fold(planned.title), "created_at": now, "updated_at": now}
    columns |= {"cancel_until": 0, "starts_at": 0, "ends_at": 0}  # follow from the sessions
    names = sorted(columns)
    course_id: int = await tx.fetchval(
        f"insert into courses ({', '.join(names)}) values ({_marks(len(names))}) returning id",  # noqa: S608 (own names)
        *(columns[name] for name in names),
    )
    for session in planned.sessions:
        await _put_session(tx, course_id, session, None, now, days, retold=False)
    return course_id


def _marks(count: int) -> str:
    return ", ".join(f"${n}" for n in range(1, count + 1))


async def _update(tx: Tx, change: Change, now: int, days: Calendar) -> None:
    columns = _columns(change.planned, days)
    for key in change.fields:
        await tx.execute(
            f"update courses set {key} = $2, updated_at = $3 where id = $1",  # noqa: S608 (one of our own columns)
            change.course_id,
            columns[key],
            now,
        )
    retitled = "title" in change.fields
    if retitled:
        await tx.execute("update courses set fold = $2 where id = $1", change.course_id, fold(change.planned.title))
    rows = await tx.fetch("select * from sessions where course_id = $1", change.course_id)
    there = {row["number"]: row for row in rows}
    for session in change.planned.sessions:
        await _put_session(tx, change.course_id, session, there.pop(session.number, None), now, days, retold=retitled)
    for row in there.values():
        await take_out(tx, row, now)


async def _put_session(tx: Tx, course_id: int, planned: PlannedSession, row: Row | None, now: int, days: Calendar,
                       *, retold: bool) -> None:  # fmt: skip
    """Write a session and plan its reminders, if it is new or begins at another time than before."""
    wanted = _session_columns(planned, days)
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
        told = retold or back or any(row[key] != wanted[key] for key in _TOLD)
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


async def finish(tx: Tx, course_id: int, now: int, days: Calendar) -> None:
    """Bring the course in line with its sessions, and its waiting list with its places."""
    held = await sessions.of_course(tx, course_id)
    starts_at, ends_at = held[0].starts_at, max(session.ends_at for session in held)
    await tx.execute(
        "update courses set starts_at = $2, ends_at = $3, cancel_until = $4 where id = $1",
        course_id,
        starts_at,
        ends_at,
        starts_at - CANCEL_BEFORE,
    )
    await tx.execute(
        """
        update enrolments set offer_expires_at = $2
        where course_id = $1 and state = 'offered' and offer_expires_at > $2
        """,
        course_id,
        starts_at,
    )
    course = await courses.find(tx, course_id)
    await session_reminders.plan_end(tx, course, now)
    if (await places.of_course(tx, course_id, now)).waiting:
        await offers.advance(tx, course, now, days)
