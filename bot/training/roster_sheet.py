"""The staff list of a workbook, row by row: what each cell means and what is wrong with it. The database is not asked.

Columns are those HR offices use; only these are read, so ethnicity, ID numbers and the like never come in.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.excel import cells
from bot.excel.cells import Cell, CellError
from bot.excel.reader import Column, SheetRow, Table, read_table
from bot.folding import fold
from bot.training.people import Audience

COLUMNS = (
    Column("code", ("Mã CBCC", "Mã CBCCVC", "Mã cán bộ", "Mã công chức", "Mã nhân viên", "Mã NV", "Mã số", "Mã")),
    Column("name", ("Họ và tên", "Họ tên", "Họ và tên khai sinh", "Tên cán bộ"), required=True),
    Column("birth", ("Năm sinh", "Ngày sinh", "Ngày tháng năm sinh", "Ngày, tháng, năm sinh", "Sinh ngày")),
    Column("gender", ("Giới tính", "Nam/Nữ", "Giới")),
    Column("title", ("Chức vụ/chức danh", "Chức danh", "Chức vụ", "Chức vụ, chức danh")),
    Column("unit", ("Đơn vị công tác", "Đơn vị", "Cơ quan", "Cơ quan, đơn vị", "Nơi công tác"), required=True),
    Column("parent", ("Đơn vị cấp trên", "Đơn vị chủ quản", "Cơ quan chủ quản", "Trực thuộc")),
    Column("old_unit", ("Tên đơn vị cũ", "Đơn vị cũ", "Đơn vị trước sáp nhập")),
    Column("audience", ("Đối tượng", "Nhóm đối tượng", "Loại cán bộ", "CB/CC/VC"), required=True),
    Column("leader", ("Lãnh đạo, quản lý", "Lãnh đạo", "Cờ lãnh đạo", "Là lãnh đạo, quản lý")),
    Column("position", ("Vị trí việc làm", "VTVL")),
    Column("rank", ("Ngạch/bậc", "Ngạch", "Ngạch, bậc", "Hạng")),
    Column("education", ("Trình độ chuyên môn", "Trình độ", "Chuyên môn")),
    Column("politics", ("LLCT", "Lý luận chính trị", "Trình độ LLCT")),
    Column("management", ("QLNN", "Quản lý nhà nước", "Trình độ QLNN")),
    Column("appointed_on", ("Ngày bổ nhiệm", "Bổ nhiệm ngày")),
    Column("phone", ("Số điện thoại", "SĐT", "Điện thoại", "Di động", "Số di động")),
)
HEADINGS = {column.key: column.names[0] for column in COLUMNS}

AUDIENCES: dict[str, Audience] = {
    "cb": "CB", "can bo": "CB",
    "cc": "CC", "cong chuc": "CC",
    "vc": "VC", "vien chuc": "VC",
    "hdld": "HDLD", "hd": "HDLD", "hop dong": "HDLD", "hop dong lao dong": "HDLD", "nguoi lao dong": "HDLD",
}  # fmt: skip
GENDERS = {"nam": "M", "nu": "F"}
WRITTEN_GENDERS = {"M": "Nam", "F": "Nữ"}  # as the list is sent out, in the words in which it is read
LONGEST = 200  # letters of one cell; a whole paragraph in a name is a slip
_DISTRICT = re.compile(r"(ubnd |uy ban nhan dan )?(huyen|quan|thi xa) .*")


@dataclass(frozen=True)
class RowError:
    """What is wrong in one row (its number as Excel shows it): worded by the block `reason` of `template`."""

    number: int
    reason: str
    values: dict[str, Any] = field(default_factory=dict)
    template: str = "people/rows"


@dataclass(frozen=True)
class Entry:
    """One person as the list tells them; `None` where it says nothing. Days are ISO text."""

    number: int
    name: str
    unit: str
    audience: Audience
    code: str | None = None
    birth_year: int | None = None
    gender: str | None = None
    title: str | None = None
    parent: str | None = None
    old_unit: str | None = None
    leader: bool = False
    position: str | None = None
    rank: str | None = None
    education: str | None = None
    politics: str | None = None
    management: str | None = None
    appointed_on: str | None = None
    phone: str | None = None


@dataclass(frozen=True)
class Roster:
    """A staff list: good rows, errors of the others, notes on what was left out of good rows.

    `told` names the facts the list has columns for; `bad_units` gives the unit that each bad row named.
    """

    rows: tuple[Entry, ...]
    errors: tuple[RowError, ...]
    notes: tuple[RowError, ...]
    told: frozenset[str]
    bad_units: dict[int, str]
    table: Table


def read(content: bytes, filename: str) -> Roster:
    """Read a staff list; long work, so call it in a thread. Raises BadFile (see bot.excel.reader)."""
    table = read_table(content, filename, COLUMNS)
    good: list[Entry] = []
    errors: list[RowError] = []
    notes: list[RowError] = []
    bad_units: dict[int, str] = {}
    seen = _Seen()
    for row in table.rows:
        reading = _Reading(row)
        entry = reading.entry()
        repeated = None if entry is None else seen.repeated(entry)
        if entry is None or repeated is not None:
            errors += reading.errors + ([repeated] if repeated else [])
            if not repeated:
                bad_units[row.number] = reading.unit
            continue
        good.append(entry)
        notes += reading.notes + seen.add(entry)
    return Roster(tuple(good), tuple(errors), tuple(notes), _told(table), bad_units, table)


def _told(table: Table) -> frozenset[str]:
    keys = {key.partition("/")[0] for key in table.columns}
    told = (keys - {"birth", "parent", "old_unit"}) | ({"birth_year"} if "birth" in keys else set())
    grouped = any(key.startswith("birth/") for key in table.columns)
    return frozenset(told | ({"gender"} if grouped else set()))


class _Seen:
    """The good rows so far, to tell one that comes twice."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self._people: dict[tuple[str, int | None, str], list[Entry]] = {}

    def repeated(self, entry: Entry) -> RowError | None:
        """Give the error of a row that repeats an earlier one: the same code, or the same person without one."""
        if entry.code in self._codes:
            return RowError(entry.number, "code_twice", {"code": entry.code, "row": self._codes[entry.code]})
        alike = self._people.get(_likeness(entry), [])
        twin = next((e for e in alike if not (e.code and entry.code)), None)
        return RowError(entry.number, "person_twice", {"name": entry.name, "row": twin.number}) if twin else None

    def add(self, entry: Entry) -> list[RowError]:
        """Keep a good row; gives a note when it looks like an earlier one under another code."""
        alike = self._people.setdefault(_likeness(entry), [])
        notes = [RowError(entry.number, "person_alike", {"name": entry.name, "row": e.number}) for e in alike[:1]]
        alike.append(entry)
        if entry.code:
            self._codes[entry.code] = entry.number
        return notes


def _likeness(entry: Entry) -> tuple[str, int | None, str]:
    return fold(entry.name), entry.birth_year, fold(entry.unit)


class _Reading:
    """Reads one row, gathering everything that is wrong with it."""

    def __init__(self, row: SheetRow) -> None:
        self._row = row
        self.errors: list[RowError] = []
        self.notes: list[RowError] = []
        self.unit = self._unit("unit") or ""

    def entry(self) -> Entry | None:
        """Give the person, or None when something is wrong."""
        name = self._name()
        if not self.unit and not self._failed("unit"):
            self._wrong("unit_missing")
        audience = self._audience()
        born, gender = self._birth()
        rest: dict[str, Any] = {key: self._text(key) for key in _TEXTS}
        rest |= {key: self._unit(key) for key in ("parent", "old_unit")}
        rest |= {
            "appointed_on": self._day(),
            "leader": bool(self._read("leader", cells.yes_no)),
            "phone": self._phone(),
        }
        code = "".join((self._text("code") or "").split()).upper() or None
        gender = self._gender() or gender
        if self.errors or name is None or audience is None:
            return None
        parent = rest.pop("parent")
        if parent and _DISTRICT.fullmatch(fold(parent)):
            self._note("district", parent=parent)
            parent = None
        return Entry(
            self._row.number,
            name,
            self.unit,
            audience,
            code=code,
            birth_year=born,
            gender=gender,
            parent=parent,
            **rest,
        )

    def _unit(self, key: str) -> str | None:
        """Give a unit's name; a mere dash is none."""
        name = self._text(key)
        return name if fold(name or "") else None

    def _name(self) -> str | None:
        name = self._text("name")
        if name is None:
            if not self._failed("name"):
                self._wrong("name_missing")
            return None
        if not any(c.isalpha() for c in name):
            self._wrong("name_wrong", name=name)
            return None
        return name.title() if name.isupper() and " " in name else name

    def _audience(self) -> Audience | None:
        told = self._text("audience")
        if told is None:
            if not self._failed("audience"):
                self._wrong("audience_missing")
            return None
        audience = AUDIENCES.get(fold(told))
        if audience is None:
            self._wrong("audience_unknown", value=told)
        return audience

    def _birth(self) -> tuple[int | None, str | None]:
        """Give the year of birth, and the gender where the year stands under "Nam" or "Nữ"."""
        told = self._row.group("birth")
        if len(told) > 1:
            self._wrong("birth_twice")
            return None, None
        for under, cell in told.items():
            return self._read("birth", cells.birth_year, cell), GENDERS.get(under)
        return None, None

    def _gender(self) -> str | None:
        told = self._text("gender")
        gender = GENDERS.get(fold(told or ""))
        if told and gender is None:
            self._note("gender_wrong", value=told)
        return gender

    def _day(self) -> str | None:
        day = self._read("appointed_on", cells.day)
        return day.isoformat() if day else None

    def _phone(self) -> str | None:
        """A phone number that cannot be one is left out and noted: it is optional, so the person still comes in."""
        try:
            return cells.phone(self._row.get("phone"))
        except CellError as error:
            if error.reason == "formula":
                self._cell_error("phone", error)
            else:
                self._note("phone_left_out", value=error.value)
            return None

    def _text(self, key: str) -> str | None:
        found = self._read(key, cells.text)
        if found and len(found) > LONGEST:
            self._wrong("too_long", heading=HEADINGS[key], limit=LONGEST)
            return None
        return found or None

    def _read(self, key: str, meaning: Callable[[Cell], Any], cell: Cell | None = None) -> Any:
        try:
            return meaning(cell or self._row.get(key))
        except CellError as error:
            self._cell_error(key, error)
            return None

    def _cell_error(self, key: str, error: CellError) -> None:
        values = {"heading": HEADINGS[key], "value": error.value}
        self.errors.append(RowError(self._row.number, error.reason, values, template="files/cells"))

    def _failed(self, key: str) -> bool:
        return any(e.values.get("heading") == HEADINGS[key] for e in self.errors)

    def _wrong(self, reason: str, **values: Any) -> None:
        self.errors.append(RowError(self._row.number, reason, values))

    def _note(self, reason: str, **values: Any) -> None:
        self.notes.append(RowError(self._row.number, reason, values))


_TEXTS = ("title", "position", "rank", "education", "politics", "management")
