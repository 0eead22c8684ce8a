"""Training of earlier years read from a workbook, one row a turn: in one list, or as classes with their learners.

What is new against the ledger, and bringing it in, is in history_import.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

from bot.errors import BadFile
from bot.excel import cells
from bot.excel.cells import Cell, CellError
from bot.excel.reader import Column, SheetRow, Table, read_table
from bot.training import row_reading
from bot.training.records import Record
from bot.training.roster_sheet import RowError
from bot.training.row_reading import RowReader

LARGEST_HOURS = 3000  # lesson periods of one turn; a whole degree has fewer
FIRST_YEAR = 1975
_CODE = Column("code", ("Mã CBCC", "Mã CBCCVC", "Mã cán bộ", "Mã công chức", "Mã"))
_NAME = Column("name", ("Họ và tên", "Họ tên"), required=True)
_UNIT = Column("unit", ("Đơn vị công tác", "Đơn vị", "Cơ quan"))
_OUTCOME = Column("outcome", ("Kết quả", "Xếp loại kết quả"))
_COURSE = (
    Column("category", ("Nhóm nội dung", "Mã loại", "Loại"), required=True),
    Column("from", ("Từ ngày", "Ngày khai giảng", "Khai giảng"), required=True),
    Column("to", ("Đến ngày", "Ngày bế giảng", "Bế giảng"), required=True),
    Column("hours", ("Số tiết", "Tiết")),
    Column("level", ("Cấp", "Cấp độ")),
    Column("institution", ("Cơ sở đào tạo", "Trường/cơ sở", "Đơn vị tổ chức", "Đơn vị mở lớp")),
)
FLAT = (
    _CODE, _NAME, _UNIT, Column("class", ("Mã lớp",)),
    Column("title", ("Tên chương trình", "Tên lớp", "Chương trình", "Tên khóa"), required=True),
    *_COURSE, _OUTCOME,
)  # fmt: skip
CLASSES = (
    Column("class", ("Mã lớp", "Mã khóa"), required=True),
    Column("title", ("Tên lớp", "Tên khóa", "Tên chương trình"), required=True),
    *_COURSE,
    Column("count", ("Số lượng", "Sĩ số", "Số học viên"), required=True),
)
LEARNERS = (Column("class", ("Mã lớp", "Mã khóa"), required=True), _CODE, _NAME, _UNIT, _OUTCOME)
OWN = frozenset({
    "missing", "too_long", "category_unknown", "outcome_unknown", "hours_wrong", "year_unlikely", "ends_before_start",
    "not_over", "twice", "class_unknown", "class_wrong", "class_twice", "count_differs", "not_covered", "other_name",
    "changed_here",
})  # fmt: skip


@dataclass(frozen=True)
class Turn:
    """One row that can be read: nobody of the HR list has been looked for yet."""

    row: int
    record: Record


@dataclass
class Plan:
    """What a workbook tells."""

    table: Table
    turns: list[Turn] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    notes: list[RowError] = field(default_factory=list)

    @property
    def classes(self) -> int:
        """Count the classes that are told by a code."""
        return len({turn.record.class_code for turn in self.turns if turn.record.class_code})


@dataclass(frozen=True)
class _Course:
    class_code: str
    title: str
    category: str
    level: str
    institution: str
    from_on: str
    to_on: str
    hours_tenths: int
    count: int = 0


def read(content: bytes, filename: str) -> Plan:
    """Read a workbook of either shape; long work, so call it in a thread. Raises BadFile when it is neither."""
    try:
        plan = _flat(read_table(content, filename, FLAT))
    except BadFile as error:
        if error.screen != "files/missing_columns":
            raise
        plan = _in_classes(content, filename, error)
    plan.errors.sort(key=lambda e: e.number)
    return plan


def _flat(table: Table) -> Plan:
    reader = RowReader(FLAT, "history/rows", OWN)
    plan = Plan(table, errors=reader.errors)
    for row in table.rows:
        before = len(reader.errors)
        course = _course(reader, row, reader.told(row, "class", row_reading.text) or "")
        _add(plan, reader, row, course, before)
    _no_row_twice(plan, reader)
    return plan


def _in_classes(content: bytes, filename: str, flat: BadFile) -> Plan:
    try:
        classes = read_table(content, filename, CLASSES)
        table = read_table(content, filename, LEARNERS)
    except BadFile:
        raise flat from None
    if classes.sheet == table.sheet:
        raise flat
    reader = RowReader(LEARNERS, "history/rows", OWN)
    plan = Plan(table, errors=reader.errors)
    known, faults = _classes(classes)
    for row in table.rows:
        before = len(reader.errors)
        code = reader.told(row, "class", row_reading.text, required=True) or ""
        course = known.get(code.casefold())
        if code and course is None:
            fault = faults.get(code.casefold())
            reader.wrong(row.number, "class", "class_wrong" if fault else "class_unknown", fault or code)
        _add(plan, reader, row, course, before)
    _no_row_twice(plan, reader)
    _note_counts(plan, reader, known)
    return plan


def _classes(table: Table) -> tuple[dict[str, _Course], dict[str, str]]:
    """Give the classes by their folded code, and for those that cannot be read "sheet, row"."""
    reader = RowReader(CLASSES, "history/rows", OWN)
    known: dict[str, _Course] = {}
    faults: dict[str, str] = {}
    for row in table.rows:
        code = reader.told(row, "class", row_reading.text, required=True) or ""
        course = _course(reader, row, code)
        if course is None or code.casefold() in known or code.casefold() in faults:
            known.pop(code.casefold(), None)
            faults[code.casefold()] = f"{code} – {table.sheet}, {row.number}"
        elif code:
            known[code.casefold()] = course
    return known, faults


def _course(reader: RowReader, row: SheetRow, class_code: str) -> _Course | None:
    before = len(reader.errors)
    title = reader.told(row, "title", row_reading.text, required=True)
    category = reader.told(row, "category", row_reading.category, required=True)
    from_on = reader.told(row, "from", cells.day, required=True)
    to_on = reader.told(row, "to", cells.day, required=True)
    hours = reader.told(row, "hours", _hours)
    level = reader.told(row, "level", row_reading.text)
    institution = reader.told(row, "institution", row_reading.text)
    count = reader.told(row, "count", cells.whole)
    if from_on and to_on:
        _check_days(reader, row, from_on, to_on)
    if len(reader.errors) > before or not (title and category and from_on and to_on):
        return None
    return _Course(
        class_code, title, category, level or "", institution or "", from_on.isoformat(), to_on.isoformat(),
        hours or 0, count or 0,
    )  # fmt: skip


def _check_days(reader: RowReader, row: SheetRow, from_on: dt.date, to_on: dt.date) -> None:
    if from_on.year < FIRST_YEAR:
        reader.wrong(row.number, "from", "year_unlikely", f"{from_on:%d/%m/%Y}")
    elif to_on < from_on:
        reader.wrong(row.number, "to", "ends_before_start", f"{from_on:%d/%m/%Y} – {to_on:%d/%m/%Y}")


def _hours(cell: Cell) -> int:
    """Read lesson periods as tenths: "40" or "7,5"; a blank is none."""
    found = cells.text(cell).replace(",", ".")
    if not found:
        return 0
    try:
        tenths = round(float(found) * 10, 6)
    except ValueError:
        raise CellError("hours_wrong", found[:40]) from None
    if not 0 <= tenths <= LARGEST_HOURS * 10 or tenths != int(tenths):
        raise CellError("hours_wrong", found[:40])
    return int(tenths)


def _add(plan: Plan, reader: RowReader, row: SheetRow, course: _Course | None, before: int) -> None:
    name = reader.told(row, "name", row_reading.text, required=True)
    code = reader.told(row, "code", row_reading.text) or ""
    unit = reader.told(row, "unit", row_reading.text) or ""
    passed = reader.told(row, "outcome", row_reading.passed)
    if len(reader.errors) > before or course is None or not name:
        return
    record = Record(
        None, code, name, unit, "history", None, course.class_code, course.title, course.category, course.level,
        course.institution, course.from_on, course.to_on, course.hours_tenths,
        "failed" if passed is False else "completed",
    )  # fmt: skip
    plan.turns.append(Turn(row.number, record))


def _no_row_twice(plan: Plan, reader: RowReader) -> None:
    seen: dict[str, int] = {}
    kept = []
    for turn in plan.turns:
        first = seen.setdefault(turn.record.key, turn.row)
        if first == turn.row:
            kept.append(turn)
        else:
            reader.wrong(turn.row, "name", "twice", str(first))
    plan.turns = kept


def _note_counts(plan: Plan, reader: RowReader, known: dict[str, _Course]) -> None:
    """Note a class whose number of learners is another than its own sheet says."""
    found = Counter(turn.record.class_code.casefold() for turn in plan.turns)
    first: dict[str, int] = {}
    for turn in plan.turns:
        first.setdefault(turn.record.class_code.casefold(), turn.row)
    for code, course in known.items():
        if course.count and course.count != found[code] and code in first:
            told = f"{course.class_code}: {course.count} – {found[code]}"
            plan.notes.append(reader.error(first[code], "class", "count_differs", told))
