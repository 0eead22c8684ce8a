"""Courses read from a workbook, one row a session: what the rows mean and which are wrong.

What differs from what is there, and bringing it in, is in course_import.
"""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from bot.excel import cells
from bot.excel.cells import Cell, CellError
from bot.excel.reader import Column, SheetRow, Table, read_table
from bot.folding import fold
from bot.training.course_changes import LARGEST
from bot.training.courses import AUDIENCES, CATEGORIES
from bot.training.roster_sheet import RowError

COLUMNS = (
    Column("code", ("Mã lớp", "Mã khóa", "Mã"), required=True),
    Column("title", ("Tên lớp", "Tên khóa", "Tên lớp bồi dưỡng", "Nội dung bồi dưỡng"), required=True),
    Column("category", ("Mã loại", "Loại", "Nhóm nội dung"), required=True),
    Column("objective", ("Mục tiêu",)),
    Column("audience", ("Đối tượng", "Đối tượng tham gia"), required=True),
    Column("mode", ("Hình thức", "Hình thức tổ chức"), required=True),
    Column("capacity", ("Chỉ tiêu", "Số lượng", "Sĩ số"), required=True),
    Column("deadline", ("Hạn đăng ký", "Hạn chót đăng ký"), required=True),
    Column("number", ("Buổi", "Buổi số", "Buổi thứ")),
    Column("day", ("Ngày", "Ngày học"), required=True),
    Column("start", ("Giờ bắt đầu", "Bắt đầu", "Từ giờ"), required=True),
    Column("end", ("Giờ kết thúc", "Kết thúc", "Đến giờ"), required=True),
    Column("hours", ("Số tiết", "Tiết")),
    Column("place", ("Địa điểm/Đường dẫn", "Địa điểm", "Đường dẫn", "Nơi học")),
    Column("lecturer", ("Giảng viên", "Báo cáo viên")),
    Column("institution", ("Cơ sở đào tạo", "Đơn vị tổ chức", "Đơn vị thực hiện")),
    Column("payer", ("Đơn vị chi trả", "Ai chi trả", "Kinh phí")),
    Column("document", ("Số văn bản", "Văn bản", "Số kế hoạch")),
    Column("bring", ("Cần mang theo", "Mang theo")),
    Column("needs_head", ("Thủ trưởng duyệt",)),
    Column("needs_hr", ("HR duyệt", "Cơ quan duyệt", "Nội vụ duyệt")),
)
OF_COURSE = ("title", "category", "objective", "audience", "mode", "capacity", "deadline", "lecturer", "institution",
             "payer", "document", "bring", "needs_head", "needs_hr")  # fmt: skip
_MODES = {"truc tiep": "truc_tiep", "truc tuyen": "truc_tuyen", "online": "truc_tuyen", "ket hop": "ket_hop"}
_GROUPS = {
    "cb": "CB", "can bo": "CB", "cc": "CC", "cong chuc": "CC", "vc": "VC", "vien chuc": "VC",
    "hdld": "HDLD", "hop dong lao dong": "HDLD", "hop dong": "HDLD",
}  # fmt: skip
OWN_REASONS = {
    "missing", "too_long", "category_unknown", "audience_unknown", "mode_unknown", "capacity_wrong", "year_unlikely",
    "no_session", "ends_before_start", "number_twice", "differs", "capacity_below_seats", "sessions_overlap",
    "deadline_after_start", "course_cancelled",
}  # fmt: skip
_LINK = re.compile(r"https?://\S+")
_FIRST_YEAR = 2000  # an earlier session is a slip of the keyboard
_LONGEST = {"title": 200, "code": 40, "objective": 800, "bring": 300}
_LONGEST_OTHER = 200


HEADINGS = {column.key: column.names[0] for column in COLUMNS}


def row_error(row: int, key: str, reason: str, value: str = "") -> RowError:
    """Say what is wrong with (or worth a look at) the column `key` of a row, for the templates.

    Reasons are those of bot.excel.cells and of this feature: missing, too_long, category_unknown, audience_unknown,
    mode_unknown, capacity_wrong, year_unlikely, no_session, ends_before_start, number_twice, differs,
    capacity_below_seats; as warnings: sessions_overlap, deadline_after_start, course_cancelled.
    """
    template = "courses/rows" if reason in OWN_REASONS else "files/cells"
    return RowError(row, reason, {"heading": HEADINGS[key], "value": value}, template=template)


@dataclass(frozen=True)
class PlannedSession:
    """A session as the sheet tells it: local day and times, not yet instants."""

    row: int
    number: int
    day: dt.date
    start: dt.time
    end: dt.time
    hours: int | None
    place: str | None
    link: str | None


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
        code = _told(plan, row, "code", lambda cell: _text(cell, "code"))
        if code:
            rows_of.setdefault(code, []).append(row)
        elif code is not None:
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
    _warn(plan, sessions, fields["deadline"])
    plan.courses.append(PlannedCourse(rows[0].number, code, fields, tuple(sessions)))


def _course_fields(plan: Plan, row: SheetRow) -> dict[str, Any]:
    readers: dict[str, Callable[[Cell], Any]] = {
        "category": _category,
        "audience": _audience,
        "mode": _mode,
        "capacity": _capacity,
        "deadline": _day,
        "needs_head": _unless_no,
        "needs_hr": cells.yes_no,
    }
    required = {column.key for column in COLUMNS if column.required}
    fields: dict[str, Any] = {}
    for key in OF_COURSE:
        if key not in plan.table.columns:
            continue
        if key in required and row.get(key).blank:
            plan.errors.append(row_error(row.number, key, "missing"))
            continue
        reader = readers.get(key) or partial(_text_or_none, key=key)
        fields[key] = _told(plan, row, key, reader)
    return fields


def _session(plan: Plan, row: SheetRow, place_in_order: int) -> PlannedSession | None:
    """Read the session of a row; None, with the errors noted, when it cannot be held."""
    blank = [key for key in ("day", "start", "end") if row.get(key).blank]
    if blank:
        plan.errors.append(row_error(row.number, blank[0], "no_session" if len(blank) == 3 else "missing"))
        return None
    before = len(plan.errors)
    day = _told(plan, row, "day", _day)
    start = _told(plan, row, "start", cells.time_of_day)
    end = _told(plan, row, "end", cells.time_of_day)
    number = _told(plan, row, "number", cells.whole)
    hours = _told(plan, row, "hours", cells.whole)
    where = _told(plan, row, "place", lambda cell: _text(cell, "place")) or ""
    if start and end and end <= start:
        plan.errors.append(row_error(row.number, "end", "ends_before_start", f"{start:%H:%M} – {end:%H:%M}"))
    if len(plan.errors) > before or not (day and start and end):
        return None
    place, link = place_and_link(where)
    return PlannedSession(row.number, number or place_in_order, day, start, end, hours, place, link)


def place_and_link(text: str) -> tuple[str | None, str | None]:
    """Tell a room from an address: "Phòng 2, https://hop.vn/a" has both."""
    found = _LINK.search(text)
    if found is None:
        return text or None, None
    rest = (text[: found.start()] + text[found.end() :]).strip(" ,;-–()")
    return rest or None, found[0].rstrip(".,;)")


def _check_numbers(plan: Plan, sessions: Sequence[PlannedSession]) -> None:
    seen: set[int] = set()
    for session in sessions:
        if session.number in seen:
            plan.errors.append(row_error(session.row, "number", "number_twice", str(session.number)))
        seen.add(session.number)


def _warn(plan: Plan, sessions: Sequence[PlannedSession], deadline: dt.date) -> None:
    """Note what may be meant, but is worth a look."""
    for at, session in enumerate(sessions):
        for other in sessions[:at]:
            if session.day == other.day and session.start < other.end and other.start < session.end:
                plan.warnings.append(row_error(session.row, "day", "sessions_overlap", str(other.number)))
    first = min(session.day for session in sessions)
    if deadline > first:
        plan.warnings.append(row_error(sessions[0].row, "deadline", "deadline_after_start", f"{deadline:%d/%m/%Y}"))


def _told(plan: Plan, row: SheetRow, key: str, reader: Callable[[Cell], Any]) -> Any:
    """Read one cell; None, with the error noted, when it cannot be understood."""
    try:
        return reader(row.get(key))
    except CellError as error:
        plan.errors.append(row_error(row.number, key, error.reason, error.value))
        return None


def _text(cell: Cell, key: str) -> str:
    found = cells.text(cell)
    if len(found) > _LONGEST.get(key, _LONGEST_OTHER):
        raise CellError("too_long", found[:40])
    return found


def _text_or_none(cell: Cell, key: str) -> str | None:
    return _text(cell, key) or None


def _category(cell: Cell) -> str:
    found = cells.text(cell)
    code = found.upper()
    if code not in CATEGORIES:
        raise CellError("category_unknown", found[:40])
    return code


def _audience(cell: Cell) -> str:
    found = cells.text(cell)
    if fold(found) in ("tat ca", "cbccvc"):
        return ",".join(AUDIENCES)
    groups = {_GROUPS.get(fold(part)) for part in re.split(r"[,;/+]| và ", found) if fold(part)}
    if not groups or None in groups:
        raise CellError("audience_unknown", found[:40])
    return ",".join(group for group in AUDIENCES if group in groups)


def _mode(cell: Cell) -> str:
    found = cells.text(cell)
    if fold(found) not in _MODES:
        raise CellError("mode_unknown", found[:40])
    return _MODES[fold(found)]


def _capacity(cell: Cell) -> int:
    number = cells.whole(cell)
    if number is None or not 1 <= number <= LARGEST:
        raise CellError("capacity_wrong", cells.text(cell)[:40])
    return number


def _day(cell: Cell) -> dt.date | None:
    day = cells.day(cell)
    if day is not None and day.year < _FIRST_YEAR:
        raise CellError("year_unlikely", f"{day:%d/%m}/{day.year}")
    return day


def _unless_no(cell: Cell) -> bool:
    """Read a blank as yes: a head decides unless the sheet says they need not."""
    return cell.blank or cells.yes_no(cell)
