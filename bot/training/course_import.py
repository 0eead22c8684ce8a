"""Bringing courses in: what is new or has changed, and what follows for places, calendars and reminders.

What the rows of a workbook mean is in course_sheet.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from bot.folding import fold
from bot.store import Reading, Row, Tx
from bot.training import calendar, courses, schedule_changes, schedules, session_reminders, sessions
from bot.training.calendar import Calendar
from bot.training.course_sheet import Plan, PlannedCourse, PlannedSession, read, row_error
from bot.training.roster_sheet import RowError

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
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
    told: int = 0  # people on the course who hear of its new schedule
    put_off: bool = False  # it waits for new dates, and the sheet brings none


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
    rows = await tx.fetch("select * from sessions where course_id = $1", row["id"])
    if row["postponed_at"] is not None and _brings_no_date(planned, rows, days):
        return Change(row["id"], planned, fields, 0, 0, 0, put_off=True) if fields else None
    there = {r["number"]: r for r in rows if r["cancelled_at"] is None}
    numbers = {session.number for session in planned.sessions}
    both = [(there[one.number], _session_columns(one, days)) for one in planned.sessions if one.number in there]
    moved = sum(_differs(*pair) for pair in both), len(numbers - there.keys()), len(there.keys() - numbers)
    if not fields and not any(moved):
        return None
    news = moved[1] or moved[2] or any(old[key] != new[key] for old, new in both for key in _TOLD)
    return Change(row["id"], planned, fields, *moved, told=await _people_on(tx, row["id"]) if news else 0)


def _brings_no_date(planned: PlannedCourse, rows: Sequence[Row], days: Calendar) -> bool:
    """Tell whether the sheet has the very dates that a course was put off from."""
    kept = {row["number"]: row["starts_at"] for row in rows}
    return all(kept.get(one.number) == days.instant(one.day, one.start) for one in planned.sessions)


async def _people_on(tx: Reading, course_id: int) -> int:
    count: int = await tx.fetchval(
        """
        select count(*) as n from enrolments
        where course_id = $1 and state in ('head', 'hr', 'seat', 'waiting', 'offered')
        """,
        course_id,
    )
    return count


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


async def apply(tx: Tx, plan: Plan, now: int, zone: ZoneInfo = ZONE, by: int | None = None) -> Difference:
    """Bring `plan` in and give what it changed; whoever is on a course with another schedule is told (R19).

    Rows in error are left out; nothing is taken away but sessions that the sheet no longer has. `by` is the clerk who
    sent it, None for the command line.
    """
    days = await calendar.load(tx, zone)
    await tx.lock("course import")
    for planned in plan.courses:
        await tx.fetchrow("select id from courses where code = $1 for update", planned.code)
    difference = await compare(tx, plan, zone)
    for planned in difference.new:
        await schedules.follow(tx, await _add(tx, planned, now, days), now, days)
    for change in difference.changed:
        await _bring_in(tx, change, by, now, days)
    return difference


async def _bring_in(tx: Tx, change: Change, by: int | None, now: int, days: Calendar) -> None:
    """Change a course as its sheet says; what that does to its schedule is kept and told as one change."""
    course = await courses.find(tx, change.course_id)
    before = await schedules.snapshot(tx, course.id)
    await _update(tx, change, now, days)
    await schedule_changes.settle(tx, course, before, "import", "", by, now, days)


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
    if change.put_off:
        return
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
