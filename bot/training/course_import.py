"""Bringing courses in by workbook: what is new or has changed. Writing and what follows from it is in course_writing.

What the rows of a workbook mean is in course_sheet.
"""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from bot.store import Reading, Row, Tx
from bot.training import audit, calendar, course_refs, course_writing
from bot.training.calendar import Calendar
from bot.training.course_refs import Wanted
from bot.training.course_sheet import Plan, PlannedCourse, fault_error, read, row_error
from bot.training.planned_sessions import PlannedSession
from bot.training.roster_sheet import RowError

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


@dataclass
class Difference:
    """What a plan would change, or has changed; `refused` are courses that the clerk has no rights over."""

    new: list[PlannedCourse] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: list[PlannedCourse] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    warnings: list[RowError] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)


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
    there = {
        r["number"]: r
        for r in await tx.fetch("select * from sessions where course_id = $1 and cancelled_at is null", row["id"])
    }
    planned_numbers = {session.number for session in planned.sessions}
    changed = sum(_differs(there[s.number], s, days) for s in planned.sessions if s.number in there)
    change = Change(
        row["id"], planned, fields, changed, len(planned_numbers - there.keys()), len(there.keys() - planned_numbers)
    )
    told = change.fields or change.sessions_changed or change.sessions_added or change.sessions_gone
    return change if told else None


def _differs(row: Row, planned: PlannedSession, days: Calendar) -> bool:
    return course_writing.differs(row, course_writing.session_columns(planned, days))


async def apply(tx: Tx, plan: Plan, now: int, zone: ZoneInfo = ZONE, by: int | None = None) -> Difference:
    """Bring `plan` in and give what it changed; reminders are planned anew where a session moved.

    Rows in error are left out; nothing is taken away but sessions that the sheet no longer has.
    """
    days = await calendar.load(tx, zone)
    await tx.lock("course import")
    for planned in plan.courses:
        await tx.fetchrow("select id from courses where code = $1 for update", planned.code)
    difference = await compare(tx, plan, zone, by)
    for planned in difference.new:
        await _add(tx, planned, by, now, days)
    for change in difference.changed:
        await _update(tx, change, by, now, days)
        await course_writing.finish(tx, change.course_id, now, days)
    return difference


async def _add(tx: Tx, planned: PlannedCourse, by: int | None, now: int, days: Calendar) -> None:
    wanted = await course_refs.resolve(tx, planned.fields, days)
    wanted.columns.setdefault("owner_unit_id", await course_refs.default_owner(tx, by))
    await course_writing.create(tx, planned.code, wanted, planned.sessions, by, now, days)


async def _update(tx: Tx, change: Change, by: int | None, now: int, days: Calendar) -> None:
    row = await tx.fetchrow("select * from courses where id = $1", change.course_id)
    if row is None:
        return
    wanted = await course_refs.resolve(tx, change.planned.fields, days)
    await course_writing.change(tx, row, wanted, by, now)
    retold = "title" in change.fields
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
