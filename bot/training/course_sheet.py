"""Courses read from a workbook, one row a session: what the rows mean and which are wrong.

What differs from what is there, and bringing it in, is in course_import.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.excel import cells
from bot.excel.cells import CellError
from bot.excel.reader import Column, SheetRow, Table, read_table
from bot.training import course_fields, planned_sessions
from bot.training.course_fields import FIELDS, Fault
from bot.training.planned_sessions import PlannedSession
from bot.training.roster_sheet import RowError

COLUMNS = (
    Column("code", ("Mã lớp", "Mã khóa", "Mã"), required=True),
    *(Column(one.key, one.names, one.required) for one in FIELDS),
    Column("number", ("Buổi", "Buổi số", "Buổi thứ")),
    Column("day", ("Ngày", "Ngày học"), required=True),
    Column("start", ("Giờ bắt đầu", "Bắt đầu", "Từ giờ"), required=True),
    Column("end", ("Giờ kết thúc", "Kết thúc", "Đến giờ"), required=True),
    Column("hours", ("Số tiết", "Tiết")),
    Column("place", ("Địa điểm/Đường dẫn", "Địa điểm", "Đường dẫn", "Nơi học")),
)
OF_COURSE = tuple(one.key for one in FIELDS)
OWN_REASONS = {
    "missing", "too_long", "kind_unknown", "category_unknown", "too_many_tags", "audience_unknown", "mode_unknown",
    "capacity_wrong", "hours_wrong", "share_wrong", "mark_wrong", "quota_wrong", "year_unlikely", "no_session",
    "ends_before_start", "number_twice", "differs", "capacity_below_seats", "quota_over_capacity", "unit_unknown",
    "unit_twice", "person_unknown", "not_yours", "sessions_overlap", "deadline_after_start", "course_cancelled",
    "deadline_past", "session_past", "weekday_wrong", "when_unclear", "deadline_on_start", "approval_late",
}  # fmt: skip
HEADINGS = {column.key: column.names[0] for column in COLUMNS}


def row_error(row: int, key: str, reason: str, value: str = "") -> RowError:
    """Say what is wrong with (or worth a look at) the column `key` of a row, for the templates.

    Reasons are those of bot.excel.cells and of this feature (OWN_REASONS); the last ones are warnings.
    """
    template = "courses/rows" if reason in OWN_REASONS else "files/cells"
    return RowError(row, reason, {"heading": HEADINGS[key], "value": value}, template=template)


def fault_error(row: int, fault: Fault) -> RowError:
    """Say what is wrong with a field in a row."""
    return row_error(row, fault.key, fault.reason, fault.value)


@dataclass(frozen=True)
class PlannedCourse:
    """A course as the sheet tells it. `fields` has the columns the sheet has; `deadline` there is a local day."""

    row: int
    code: str
    fields: dict[str, Any]
    sessions: tuple[PlannedSession, ...]

    @property
    def title(self) -> str:
        """Give the course's name."""
        return str(self.fields["title"])


@dataclass
class Plan:
    """What a workbook would bring in. A course with a row in error is held back whole: half of it would mislead."""

    table: Table
    courses: list[PlannedCourse] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    warnings: list[RowError] = field(default_factory=list)
    held_back: list[str] = field(default_factory=list)

    @property
    def sessions(self) -> int:
        """Count the sessions that would come in."""
        return sum(len(course.sessions) for course in self.courses)


def read(content: bytes, filename: str) -> Plan:
    """Read a workbook of courses; long work, so call it in a thread. Raises BadFile when there is no such list."""
    table = read_table(content, filename, COLUMNS)
    plan = Plan(table)
    rows_of: dict[str, list[SheetRow]] = {}
    for row in table.rows:
        try:
            code = course_fields.text_of(row.get("code"), "code")
        except CellError as error:
            plan.errors.append(row_error(row.number, "code", error.reason, error.value))
            continue
        if code:
            rows_of.setdefault(code, []).append(row)
        else:
            plan.errors.append(row_error(row.number, "code", "missing"))
    for code, rows in rows_of.items():
        _read_course(plan, code, rows)
    plan.errors.sort(key=lambda e: e.number)
    return plan


def _read_course(plan: Plan, code: str, rows: Sequence[SheetRow]) -> None:
    before = len(plan.errors)
    fields = _course_fields(plan, rows[0])
    for row in rows[1:]:
        for key in OF_COURSE:
            if not row.get(key).blank and cells.shown(row.get(key).value) != cells.shown(rows[0].get(key).value):
                plan.errors.append(row_error(row.number, key, "differs", cells.shown(row.get(key).value)[:60]))
    read_sessions = [_session(plan, row, at) for at, row in enumerate(rows, start=1)]
    sessions = [session for session in read_sessions if session is not None]
    _check_numbers(plan, sessions)
    if len(plan.errors) > before:
        plan.held_back.append(code)
        return
    _warn(plan, sessions, fields)
    plan.courses.append(PlannedCourse(rows[0].number, code, fields, tuple(sessions)))


def _course_fields(plan: Plan, row: SheetRow) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for key in OF_COURSE:
        if key in plan.table.columns:
            try:
                fields[key] = course_fields.read(key, row.get(key))
            except CellError as error:
                plan.errors.append(row_error(row.number, key, error.reason, error.value))
    if fields.get("owner", "") is None:  # a blank gives a course to nobody else
        del fields["owner"]
    return fields


def _session(plan: Plan, row: SheetRow, place_in_order: int) -> PlannedSession | None:
    """Read the session of a row; None, with the errors noted, when it cannot be held."""
    session, faults = planned_sessions.read_session(row.get, place_in_order, row.number)
    plan.errors.extend(fault_error(row.number, fault) for fault in faults)
    return session


def _check_numbers(plan: Plan, sessions: Sequence[PlannedSession]) -> None:
    seen: set[int] = set()
    for session in sessions:
        if session.number in seen:
            plan.errors.append(row_error(session.row, "number", "number_twice", str(session.number)))
        seen.add(session.number)


def _warn(plan: Plan, sessions: Sequence[PlannedSession], fields: dict[str, Any]) -> None:
    """Note what may be meant, but is worth a look."""
    for session, other in planned_sessions.overlaps(sessions):
        plan.warnings.append(row_error(session.row, "day", "sessions_overlap", str(other.number)))
    first = min(session.day for session in sessions)
    for fault in planned_sessions.deadline_remarks(fields["deadline"], fields.get("approve_until"), first):
        plan.warnings.append(fault_error(sessions[0].row, fault))
