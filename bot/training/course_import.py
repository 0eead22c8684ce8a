"""Bringing courses in by workbook: what is new or has changed. Writing and what follows from it is in course_writing.

What the rows of a workbook mean is in course_sheet.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from bot.store import Reading, Row, Tx
from bot.training import (
    audit,
    calendar,
    course_refs,
    course_reschedules,
    course_writing,
    courses,
    schedule_changes,
    schedules,
)
from bot.training.calendar import Calendar
from bot.training.course_refs import Wanted
from bot.training.course_reschedules import Reschedule
from bot.training.course_sheet import Plan, PlannedCourse, fault_error, read, row_error
from bot.training.roster_sheet import RowError
from bot.training.schedules import Line

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
__all__ = ["Change", "Difference", "Plan", "apply", "compare", "read"]


@dataclass(frozen=True)
class Change:
    """A course that is there already and would change: which of its columns, how many of its sessions."""

    course_id: int
    planned: PlannedCourse
    fields: tuple[str, ...]
    sessions_changed: int
    sessions_added: int
    sessions_gone: int
    lines: tuple[Line, ...] = ()  # what becomes of the schedule that people know
    put_off: bool = False  # it waits for new dates, and the sheet brings none


@dataclass
class Difference:
    """What a plan would change, or has changed; `refused` are courses that the clerk has no rights over.

    `rescheduled` tells whom new schedules concern, see `with_schedules`.
    """

    new: list[PlannedCourse] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: list[PlannedCourse] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    warnings: list[RowError] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    rescheduled: list[Reschedule] = field(default_factory=list)


async def compare(tx: Reading, plan: Plan, zone: ZoneInfo = ZONE, by: int | None = None) -> Difference:
    """Tell what `plan` would change; `zone` is the one the sheet's days and times are meant in.

    `by` is the clerk whose rights count; None for the command line.
    """
    difference = Difference(errors=list(plan.errors), warnings=list(plan.warnings))
    days = Calendar(zone)
    for planned in plan.courses:
        row = await tx.fetchrow("select * from courses where code = $1", planned.code)
        wanted = await course_refs.resolve(tx, planned.fields, days)
        faults = await course_refs.check(tx, wanted, row, by)
        if any(fault.reason == "not_yours" for fault in faults):
            difference.errors.append(row_error(planned.row, "code", "not_yours", planned.code))
            difference.refused.extend([row["id"]] if row else [])
        elif row is not None and row["state"] == "cancelled":
            difference.warnings.append(row_error(planned.row, "code", "course_cancelled", planned.code))
        elif faults:
            difference.errors.extend(fault_error(planned.row, fault) for fault in faults)
        elif row is None:
            difference.new.append(planned)
        else:
            await _compare_one(tx, planned, row, wanted, days, difference)
    difference.errors.sort(key=lambda error: error.number)
    return difference


async def _compare_one(
    tx: Reading, planned: PlannedCourse, row: Row, wanted: Wanted, days: Calendar, difference: Difference
) -> None:
    change = await _change(tx, planned, row, wanted, days)
    if change is None:
        difference.unchanged.append(planned)
    else:
        difference.changed.append(change)


async def _change(tx: Reading, planned: PlannedCourse, row: Row, wanted: Wanted, days: Calendar) -> Change | None:
    fields = tuple(await course_writing.changed(tx, row, wanted))
    rows = await tx.fetch("select * from sessions where course_id = $1", row["id"])
    if row["postponed_at"] is not None and _brings_no_date(planned, rows, days):
        return Change(row["id"], planned, fields, 0, 0, 0, put_off=True) if fields else None
    there = {r["number"]: r for r in rows if r["cancelled_at"] is None}
    numbers = {session.number for session in planned.sessions}
    both = [
        (there[one.number], course_writing.session_columns(one, days))
        for one in planned.sessions
        if one.number in there
    ]
    moved = (
        sum(course_writing.differs(*pair) for pair in both),
        len(numbers - there.keys()),
        len(there.keys() - numbers),
    )
    if not fields and not any(moved):
        return None
    lines = await course_reschedules.lines_of(tx, row["id"], planned.sessions, days)
    return Change(row["id"], planned, fields, *moved, lines=lines)


def _brings_no_date(planned: PlannedCourse, rows: Sequence[Row], days: Calendar) -> bool:
    """Tell whether the sheet has the very dates that a course was put off from."""
    kept = {row["number"]: row["starts_at"] for row in rows}
    return all(kept.get(one.number) == days.instant(one.day, one.start) for one in planned.sessions)


async def with_schedules(tx: Reading, difference: Difference, now: int, days: Calendar, wait: int) -> Difference:
    """Add whom the new schedules concern, with `wait` hours to answer; to be called before anything is written."""
    found = [await course_reschedules.of_course(tx, one.course_id, one.lines, now, days, wait)
             for one in difference.changed]  # fmt: skip
    difference.rescheduled = [one for one in found if one is not None]
    return difference


async def apply(
    tx: Tx, plan: Plan, now: int, zone: ZoneInfo = ZONE, by: int | None = None, wait: int = 0
) -> Difference:
    """Bring `plan` in and give what it changed; whoever is on a course with another schedule is told (R19).

    Rows in error are left out; nothing is taken away but sessions that the sheet no longer has. `by` is the clerk who
    sent it, None for the command line. `wait` is how many hours people have to answer before silence frees their
    seat; 0, unless the clerk chose otherwise: it frees none.
    """
    days = await calendar.load(tx, zone)
    await tx.lock("course import")
    for planned in plan.courses:
        await tx.fetchrow("select id from courses where code = $1 for update", planned.code)
    difference = await with_schedules(tx, await compare(tx, plan, zone, by), now, days, wait)
    for planned in difference.new:
        await _add(tx, planned, by, now, days)
    for change in difference.changed:
        await _bring_in(tx, change, by, now, days, wait)
    return difference


async def _add(tx: Tx, planned: PlannedCourse, by: int | None, now: int, days: Calendar) -> None:
    wanted = await course_refs.resolve(tx, planned.fields, days)
    wanted.columns.setdefault("owner_unit_id", await course_refs.default_owner(tx, by))
    await course_writing.create(tx, planned.code, wanted, planned.sessions, by, now, days)


async def _bring_in(tx: Tx, change: Change, by: int | None, now: int, days: Calendar, wait: int) -> None:
    """Change a course as its sheet says; what that does to its schedule is kept and told as one change."""
    course = await courses.find(tx, change.course_id)
    before = await schedules.snapshot(tx, course.id)
    await _update(tx, change, by, now, days)
    await schedule_changes.settle(tx, course, before, "import", "", by, now, days, wait)


async def _update(tx: Tx, change: Change, by: int | None, now: int, days: Calendar) -> None:
    row = await tx.fetchrow("select * from courses where id = $1", change.course_id)
    if row is None:
        return
    wanted = await course_refs.resolve(tx, change.planned.fields, days)
    await course_writing.change(tx, row, wanted, by, now)
    retold = "title" in change.fields
    if change.put_off:
        if retold:
            await course_writing.retell(tx, change.course_id)
        return
    await _update_sessions(tx, change, by, now, days, retold=retold)


async def _update_sessions(tx: Tx, change: Change, by: int | None, now: int, days: Calendar, *, retold: bool) -> None:
    rows = await tx.fetch("select * from sessions where course_id = $1", change.course_id)
    there = {row["number"]: row for row in rows}
    for session in change.planned.sessions:
        before = there.pop(session.number, None)
        await course_writing.put_session(tx, change.course_id, session, before, now, days, retold=retold)
    for row in there.values():
        await course_writing.take_out(tx, row, now)
    if change.sessions_changed or change.sessions_added or change.sessions_gone:
        counts = {"changed": change.sessions_changed, "added": change.sessions_added, "gone": change.sessions_gone}
        await audit.record(tx, by, "course.sessions", f"course:{change.course_id}", now, new=counts)
        await course_writing.touch(tx, change.course_id, now)
