"""The fields of a course, read from a workbook's cell or typed words, and written back: one rule for both doors.

How rows make a course is in course_sheet, names looked up in the database in course_refs, writing in course_writing.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from bot.excel import cells
from bot.excel.cells import Cell, CellError, CellValue
from bot.folding import fold, tidy
from bot.training.course_changes import LARGEST
from bot.training.courses import AUDIENCES, CATEGORIES

KINDS = ("lop", "hoi_nghi", "tham_quan")  # R17
MOST_TAGS = 6
_KIND_WORDS = {"lop": "Lớp bồi dưỡng", "hoi_nghi": "Hội nghị tập huấn", "tham_quan": "Tham quan học tập"}
_MODE_WORDS = {"truc_tiep": "Trực tiếp", "truc_tuyen": "Trực tuyến", "ket_hop": "Kết hợp"}
_GROUP_WORDS = {"CB": "CB", "CC": "CC", "VC": "VC", "HDLD": "HĐLĐ"}
_KINDS = {
    "lop": "lop", "lop boi duong": "lop", "boi duong": "lop", "hoi nghi": "hoi_nghi", "hoi nghi tap huan": "hoi_nghi",
    "tap huan": "hoi_nghi", "tham quan": "tham_quan", "tham quan hoc tap": "tham_quan",
    "hoc tap kinh nghiem": "tham_quan",
}  # fmt: skip
_MODES = {"truc tiep": "truc_tiep", "truc tuyen": "truc_tuyen", "online": "truc_tuyen", "ket hop": "ket_hop"}
_GROUPS = {
    "cb": "CB", "can bo": "CB", "cc": "CC", "cong chuc": "CC", "vc": "VC", "vien chuc": "VC",
    "hdld": "HDLD", "hop dong lao dong": "HDLD", "hop dong": "HDLD",
}  # fmt: skip
_EVERYBODY = ("tat ca", "cbccvc")
FIRST_YEAR = 2000  # an earlier day is a slip of the keyboard
_LONGEST = {"title": 200, "code": 40, "objective": 800, "bring": 300}
_LONGEST_OTHER = 200
_MOST_HOURS = 2000  # lesson periods; more is a slip of the finger
_MARK = re.compile(r"([0-9]{1,2})(?:[.,]([0-9]))?")
_QUOTA = re.compile(r"(.+?)\s*[:=–-]\s*([0-9]{1,5})")
Ask = Literal["words", "number", "day", "one", "many", "yes_no"]


@dataclass(frozen=True)
class Field:
    """One field: its headings in a workbook, how it is read, how it is asked in the chat, what it is when not told.

    `read` gives the value, or raises CellError; of a blank cell it gives `blank` without being asked.
    """

    key: str
    names: tuple[str, ...]
    read: Callable[[Cell], Any]
    write: Callable[[Any], CellValue] = lambda value: value
    required: bool = False
    ask: Ask = "words"
    options: tuple[str, ...] = ()
    blank: Any = None


def text_of(cell: Cell, key: str) -> str:
    """Give the cell's words, "" for a blank one. Raises CellError when they are longer than the field takes."""
    found = cells.text(cell)
    if len(found) > _LONGEST.get(key, _LONGEST_OTHER):
        raise CellError("too_long", found[:40])
    return found


def _one(cell: Cell, *, known: dict[str, str], reason: str) -> str:
    found = cells.text(cell)
    if fold(found) not in known and fold(found).replace(" ", "_") not in known.values():
        raise CellError(reason, found[:40])
    return known.get(fold(found), fold(found).replace(" ", "_"))


def _category(cell: Cell) -> str:
    found = cells.text(cell)
    if found.upper() not in CATEGORIES:
        raise CellError("category_unknown", found[:40])
    return found.upper()


def _tags(cell: Cell) -> str:
    found = {part.upper() for part in re.split(r"[,;/+\s]+", cells.text(cell)) if part}
    if unknown := found - set(CATEGORIES):
        raise CellError("category_unknown", min(unknown)[:40])
    if len(found) > MOST_TAGS:
        raise CellError("too_many_tags", str(MOST_TAGS))
    return ",".join(code for code in CATEGORIES if code in found)


def _audience(cell: Cell) -> str:
    found = cells.text(cell)
    if fold(found) in _EVERYBODY:
        return ",".join(AUDIENCES)
    groups = {_GROUPS.get(fold(part)) for part in re.split(r"[,;/+]| và ", found) if fold(part)}
    if not groups or None in groups:
        raise CellError("audience_unknown", found[:40])
    return ",".join(group for group in AUDIENCES if group in groups)


def _number(cell: Cell, *, least: int, most: int, reason: str) -> int | None:
    number = cells.whole(cell)
    if number is None or not least <= number <= most:
        raise CellError(reason, cells.text(cell)[:40])
    return number


_capacity = partial(_number, least=1, most=LARGEST, reason="capacity_wrong")
_hours = partial(_number, least=0, most=_MOST_HOURS, reason="hours_wrong")


def _share(cell: Cell) -> int | None:
    """Read a share of attendance in percent: "80", "80 %", or the fraction that a cell of percent holds."""
    if isinstance(cell.value, float) and 0 < cell.value <= 1:
        return round(cell.value * 100)
    return _number(Cell(cells.text(cell).rstrip(" %")), least=0, most=100, reason="share_wrong")


def _mark(cell: Cell) -> int:
    """Read a mark of 0 to 10 with at most one decimal, in tenths."""
    match = _MARK.fullmatch(cells.text(cell))
    tenths = int(match[1]) * 10 + int(match[2] or 0) if match else 101
    if tenths > 100:
        raise CellError("mark_wrong", cells.text(cell)[:40])
    return tenths


def day_of(cell: Cell) -> dt.date | None:
    """Give a day that a course may have. Raises CellError for years that cannot be meant (1926)."""
    day = cells.day(cell)
    if day is not None and day.year < FIRST_YEAR:
        raise CellError("year_unlikely", f"{day:%d/%m}/{day.year}")
    return day


def _names(cell: Cell) -> str:
    """Read names that stand between semicolons or on lines of their own; one a line."""
    raw = cell.value if isinstance(cell.value, str) and cell.formula is None else cells.text(cell)
    found = [text_of(Cell(part), "names") for part in re.split(r"[;\n]", raw) if tidy(part)]
    return "\n".join(dict.fromkeys(found))


def _quotas(cell: Cell) -> tuple[tuple[str, int], ...]:
    """Read "Xã A: 5; Xã B: 3". Raises CellError for a part that is not a unit with its number."""
    found: dict[str, int] = {}
    for part in _names(cell).split("\n"):
        match = _QUOTA.fullmatch(part)
        if match is None or not 1 <= int(match[2]) <= LARGEST or match[1] in found:
            raise CellError("quota_wrong", part[:40])
        found[match[1]] = int(match[2])
    return tuple(found.items())


def _texts(key: str) -> Callable[[Cell], str]:
    return partial(text_of, key=key)


def _listed(value: str) -> str:
    return "; ".join(value.split("\n"))


def _yes(value: bool) -> str:
    return "x" if value else "không"


def _codes(value: str, words: dict[str, str] | None = None) -> str:
    return ", ".join((words or {}).get(code, code) for code in value.split(",") if code)


# In the order in which a workbook has them and the chat's card shows them.
FIELDS: tuple[Field, ...] = (
    Field("kind", ("Loại hình", "Loại hình tổ chức"), partial(_one, known=_KINDS, reason="kind_unknown"),
          _KIND_WORDS.__getitem__, ask="one", options=KINDS, blank="lop"),
    Field("title", ("Tên lớp", "Tên khóa", "Tên lớp bồi dưỡng", "Nội dung bồi dưỡng"), _texts("title"), required=True),
    Field("category", ("Nhóm nội dung", "Mã loại", "Loại"), _category, required=True, ask="one", options=CATEGORIES),
    Field("tags", ("Thẻ nội dung", "Thẻ"), _tags, _codes, ask="many", options=CATEGORIES, blank=""),
    Field("level", ("Cấp độ", "Trình độ lớp"), _texts("level")),
    Field("objective", ("Mục tiêu",), _texts("objective")),
    Field("hours_theory", ("Tiết lý thuyết", "Số tiết lý thuyết"), _hours, ask="number"),
    Field("hours_practice", ("Tiết thực hành", "Số tiết thực hành"), _hours, ask="number"),
    Field("mode", ("Hình thức", "Hình thức tổ chức"), partial(_one, known=_MODES, reason="mode_unknown"),
          _MODE_WORDS.__getitem__, required=True, ask="one", options=tuple(_MODE_WORDS)),
    Field("audience", ("Đối tượng", "Đối tượng tham gia"), _audience, partial(_codes, words=_GROUP_WORDS),
          required=True, ask="many", options=AUDIENCES),
    Field("only_titles", ("Chức danh", "Chức danh được dự"), _names, _listed, blank=""),
    Field("only_ranks", ("Ngạch", "Ngạch được dự"), _names, _listed, blank=""),
    Field("only_units", ("Đơn vị được dự",), _names, _listed, blank=""),
    Field("only_leaders", ("Chỉ lãnh đạo",), cells.yes_no, _yes, ask="yes_no", blank=False),
    Field("capacity", ("Chỉ tiêu", "Số lượng", "Sĩ số"), _capacity, required=True, ask="number"),
    Field("quotas", ("Chỉ tiêu đơn vị", "Phân bổ chỉ tiêu"), _quotas,
          lambda value: "; ".join(f"{unit}: {places}" for unit, places in value), blank=()),
    Field("deadline", ("Hạn đăng ký", "Hạn chót đăng ký"), day_of, required=True, ask="day"),
    Field("approve_until", ("Hạn duyệt",), day_of, ask="day"),
    Field("lecturer", ("Giảng viên", "Báo cáo viên"), _names, _listed),
    Field("institution", ("Cơ sở đào tạo", "Đơn vị tổ chức", "Đơn vị thực hiện"), _texts("institution")),
    Field("payer", ("Chi trả", "Đơn vị chi trả", "Ai chi trả", "Kinh phí"), _texts("payer")),
    Field("document", ("Số văn bản", "Văn bản", "Số kế hoạch"), _texts("document")),
    Field("document_on", ("Ngày văn bản",), day_of, ask="day"),
    Field("contact", ("Người liên hệ (mã)", "Mã người liên hệ", "Người liên hệ"), _texts("contact")),
    Field("bring", ("Cần mang theo", "Mang theo"), _texts("bring")),
    Field("needs_head", ("Thủ trưởng duyệt",), cells.yes_no, _yes, ask="yes_no", blank=True),
    Field("needs_hr", ("Tổ chức duyệt", "HR duyệt", "Cơ quan duyệt", "Nội vụ duyệt"), cells.yes_no, _yes,
          ask="yes_no", blank=False),
    Field("mandatory", ("Bắt buộc",), cells.yes_no, _yes, ask="yes_no", blank=False),
    Field("attendance_share", ("Tỷ lệ dự", "Tỷ lệ dự lớp"), _share, ask="number", blank=80),
    Field("pass_mark", ("Điểm đạt",), _mark, lambda value: f"{value // 10},{value % 10}", ask="number", blank=50),
    Field("owner", ("Đơn vị mở lớp",), _texts("owner")),
)  # fmt: skip
BY_KEY = {field.key: field for field in FIELDS}
DAYS = tuple(field.key for field in FIELDS if field.ask == "day")


def read(key: str, cell: Cell) -> Any:
    """Give the value of a field as a cell or typed words tell it.

    Raises CellError: missing, the reasons of bot.excel.cells, or those of this file.
    """
    field = BY_KEY[key]
    if cell.blank or (isinstance(cell.value, str) and cell.formula is None and not tidy(cell.value)):
        if field.required:
            raise CellError("missing", "")
        return field.blank
    return field.read(cell)


def written(key: str, value: Any) -> CellValue:
    """Give what a workbook's cell holds for a value, so that reading it gives the value back."""
    return None if value is None else BY_KEY[key].write(value)


@dataclass(frozen=True)
class Fault:
    """What is wrong with a field, or with a course as a whole, for the templates (see course_sheet.row_error)."""

    key: str
    reason: str
    value: str = ""
