"""A workbook of courses as a kind of uploaded file: what is told of it, and what it changed taken back within a day.

What its rows mean is in course_sheet, how they are brought in, in course_import.
"""

from typing import Any

from bot.store import Reading, Row, Tx
from bot.training import (
    calendar,
    course_import,
    course_refs,
    course_writing,
    courses,
    lecturers,
    places,
    quotas,
    schedule_changes,
    schedule_history,
    schedules,
    session_reminders,
    sessions,
    undo_reach,
    upload_changes,
)
from bot.training.calendar import Calendar
from bot.training.course_import import Difference
from bot.training.course_sheet import Plan, read
from bot.training.courses import Course
from bot.training.upload_changes import Change
from bot.training.upload_kinds import Kind, Report, Sender

_OF_ITSELF = ("id", "created_at", "updated_at", "sequence")  # what no workbook tells
CAME_WITH = ("sessions", "course_quotas", "course_lecturers")  # goes with a course that is taken away
HANGS_ON_COURSES = (  # table and column: a course with any of it stays
    ("enrolments", "course_id"), ("course_checks", "course_id"), ("materials", "course_id"),
    ("course_drafts", "copied_from"), ("courses", "copied_from"), ("schedule_changes", "course_id"),
    ("course_budget", "course_id"), ("support", "course_id"), ("results", "course_id"), ("closings", "course_id"),
    ("training_records", "course_id"), ("certificates", "course_id"), ("rating_answers", "course_id"),
    ("rating_comments", "course_id"), ("rating_receipts", "course_id"), ("decisions", "course_id"),
    ("rating_counts", "course_id"),
)  # fmt: skip
HANGS_ON_SESSIONS = ("attendance", "attendance_decisions", "attendance_boards", "schedule_change_lines")
_FIELD_OF = {"owner_unit_id": "owner", "contact_person_id": "contact"}  # columns named otherwise than their field
_FOLLOWS = ("starts_at", "ends_at", "cancel_until")  # from the sessions


async def compare(tx: Reading, plan: Plan, sender: Sender) -> Difference:
    """Tell what the workbook would change; writes nothing."""
    difference = await course_import.compare(tx, plan, sender.zone, sender.person_id)
    days = await calendar.load(tx, sender.zone)
    return await course_import.with_schedules(tx, difference, sender.now, days, sender.wait)


async def apply(tx: Tx, plan: Plan, sender: Sender) -> Difference:
    """Bring the workbook in, and keep what its courses were before and after."""
    codes = [planned.code for planned in plan.courses]
    before = await _pictures(tx, codes)
    difference = await course_import.apply(tx, plan, sender.now, sender.zone, sender.person_id, sender.wait)
    for number, picture in (await _pictures(tx, codes)).items():
        await upload_changes.note(tx, sender.upload_id, f"course:{number}", before.get(number), picture)
    return difference


async def _pictures(tx: Reading, codes: list[str]) -> dict[int, dict[str, Any]]:
    """Give what is stored of the courses with these codes, their sessions and quotas, by the course's number."""
    found: dict[int, dict[str, Any]] = {}
    for code in codes:
        row = await tx.fetchrow("select * from courses where code = $1", code)
        if row is not None:
            held = await tx.fetch("select * from sessions where course_id = $1 order by number", row["id"])
            found[row["id"]] = {
                "course": _told(row),
                "sessions": {str(s["number"]): _told(s) for s in held},
                "quotas": {str(unit): n for unit, n in (await course_refs.quotas_of(tx, row["id"])).items()},
            }
    return found


def _told(row: Row) -> dict[str, Any]:
    told = {name: row[name] for name in row.keys() if name not in _OF_ITSELF}  # noqa: SIM118 (a row is no dict)
    if "cancelled_at" in told:
        told["cancelled_at"] = int(told["cancelled_at"] is not None)
    return told


async def undo(tx: Tx, change: Change, sender: Sender) -> str | None:
    """Take a course back to what it was; gives its title when some of it had to stay, else None.

    What was changed since stays, and so does everything once somebody has signed up: they did so for what they saw.
    """
    course = await courses.locked(tx, change.number)
    if not await undo_reach.covers(tx, change, sender):
        return course.title
    days = await calendar.load(tx, sender.zone)
    joined = await tx.fetchval(
        "select id from enrolments where course_id = $1 and (requested_at >= $2 or $3 = 1) limit 1",
        course.id,
        change.at,
        int(change.old is None),
    )
    if joined is not None or course.cancelled or change.new is None:
        return course.title
    if change.old is None:
        return None if await _take_away(tx, course, change.new, sender.now) else course.title
    return None if await _go_back(tx, course, change.old, change.new, sender, days) else course.title


async def _take_away(tx: Tx, course: Course, new: dict[str, Any], now: int) -> bool:
    """Delete a course that the file brought in, if it and its sessions are as they came and nothing hangs on it."""
    present = (await _pictures(tx, [course.code]))[course.id]
    if await _hanging(tx, course.id) or present != new:
        return False
    for session in await sessions.of_course(tx, course.id):
        await session_reminders.withdraw(tx, session.subject, now, "cancelled")
    await session_reminders.withdraw(tx, course.end_subject, now, "cancelled")
    for table in CAME_WITH:
        await tx.execute(f"delete from {table} where course_id = $1", course.id)  # noqa: S608 (constants)
    await tx.execute("delete from courses where id = $1", course.id)
    return True


async def _hanging(tx: Reading, course_id: int) -> bool:
    """Tell whether anything hangs on a course or its sessions that did not come with it in the file."""
    own = "select id from sessions where course_id = $1"
    tests = [f"exists (select 1 from {table} where {column} = $1)" for table, column in HANGS_ON_COURSES]  # noqa: S608
    tests += [f"exists (select 1 from {table} where session_id in ({own}))" for table in HANGS_ON_SESSIONS]  # noqa: S608
    return await tx.fetchval(f"select 1 as found where {' or '.join(tests)}", course_id) is not None


async def _go_back(
    tx: Tx, course: Course, old: dict[str, Any], new: dict[str, Any], sender: Sender, days: Calendar
) -> bool:
    schedule = await schedules.snapshot(tx, course.id)
    firm = (await places.of_course(tx, course.id, sender.now)).firm
    fits = firm <= old["course"]["capacity"]
    names = [n for n, value in old["course"].items() if n not in _FOLLOWS and value != new["course"][n]]
    columns = Change(
        f"course:{course.id}", old["course"], {n: new["course"][n] for n in names if fits or n != "capacity"}
    )
    back = await upload_changes.put_back(tx, columns)
    whole = len(back) == len(names)
    whole = await _beside(tx, course.id, old, new) and whole
    for row in await tx.fetch("select * from sessions where course_id = $1", course.id):
        number = str(row["number"])
        before, after = old["sessions"].get(number), new["sessions"].get(number)
        if before == after:
            continue
        if _told(row) != after:
            whole = False
        else:
            await _session_back(tx, row, before, sender.now, days)
    undone = schedule_history.UNDONE
    await schedule_changes.settle(tx, course, schedule, "import", undone, sender.person_id, sender.now, days, wait=0)
    return whole


async def _beside(tx: Tx, course_id: int, old: dict[str, Any], new: dict[str, Any]) -> bool:
    """Let quotas be what they were, if they are as the file left them, and lecturers what the course names again."""
    lecturer = await tx.fetchval("select lecturer from courses where id = $1", course_id)
    await lecturers.teach(tx, course_id, [name for name in (lecturer or "").split("; ") if name])
    before, after = old.get("quotas", {}), new.get("quotas", {})
    if before == after:
        return True
    if {str(unit): n for unit, n in (await course_refs.quotas_of(tx, course_id)).items()} != after:
        return False
    await quotas.put(tx, course_id, {int(unit): n for unit, n in before.items()})
    return True


async def _session_back(tx: Tx, row: Row, before: dict[str, Any] | None, now: int, days: Calendar) -> None:
    """Let a session be what it was; calendars learn of it by its sequence."""
    if before is None or before["cancelled_at"]:
        await course_writing.take_out(tx, row, now)
        return
    await tx.execute(
        """
        update sessions set starts_at = $2, ends_at = $3, hours = $4, place = $5, link = $6, cancelled_at = null,
            sequence = sequence + 1, updated_at = $7 where id = $1
        """,
        row["id"],
        *(before[name] for name in ("starts_at", "ends_at", "hours", "place", "link")),
        now,
    )
    await session_reminders.plan(tx, await sessions.find(tx, row["id"]), now, days)


def _report(filename: str, plan: Plan, difference: Difference) -> Report:
    counts = {
        "new": len(difference.new),
        "changed": len(difference.changed),
        "same": len(difference.unchanged),
        "sessions": sum(len(course.sessions) for course in difference.new),
        "told": sum(one.told for one in difference.rescheduled),
    }
    names = {
        "new": [course.fields["title"] for course in difference.new],
        "changed": [change.planned.fields["title"] for change in difference.changed],
        "held_back": plan.held_back,
    }
    refused = [f"course:{number}" for number in difference.refused]
    changes = [(one.planned.title, [_FIELD_OF.get(key, key) for key in one.fields]) for one in difference.changed]
    return Report(
        "courses", filename, counts, difference.errors, difference.warnings, plan.table, names,
        changes=changes, rescheduled=difference.rescheduled, refused=refused,
    )  # fmt: skip


UPLOAD = Kind("courses", read, compare, apply, _report, undo=undo)
