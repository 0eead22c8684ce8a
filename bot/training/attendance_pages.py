"""The roll on paper, come back as a workbook: whose session each sheet is, what its rows tell. Nobody is looked up.

What that changes is in attendance_sheet; the table of a whole course, in attendance_matrix.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.errors import BadFile
from bot.excel import cells
from bot.excel.cells import Cell, CellError
from bot.excel.reader import Column, SheetRow, Table, read_table
from bot.folding import fold
from bot.training import attendance_marks
from bot.training.attendance_marks import State
from bot.training.roster_sheet import RowError

COLUMNS = (
    Column("code", ("Mã", "Mã cán bộ", "Mã CBCC", "Mã CBCCVC")),
    Column("name", ("Họ và tên", "Họ tên"), required=True),
    Column("state", ("Trạng thái", "Điểm danh", "Có mặt"), required=True),
    Column("reason", ("Lý do", "Ghi chú", "Lý do vắng")),
)
HEADINGS = {column.key: column.names[0] for column in COLUMNS}
WORDS: dict[str, State] = {
    "x": "present", "co": "present", "co mat": "present", "du": "present", "1": "present", "dung gio": "present",
    "muon": "late", "di muon": "late", "den muon": "late", "tre": "late", "di tre": "late", "m": "late",
    "ve som": "left_early", "som": "left_early",
    "nua buoi": "half", "nua": "half", "1 2": "half",
    "co phep": "excused", "phep": "excused", "cp": "excused", "p": "excused", "vang co phep": "excused",
    "vang co ly do": "excused", "co ly do": "excused",
    "vang": "absent", "vang mat": "absent", "khong": "absent", "ko": "absent", "k": "absent", "kp": "absent",
    "0": "absent", "khong phep": "absent", "vang khong phep": "absent",
}  # fmt: skip
_TICKS = {"✓", "✔", "☑", "√"}
_SESSION = re.compile(r"m[aã]\s+bu[oổ]i\s*:\s*(\S.*?)\s*/\s*([0-9]{1,3})", re.IGNORECASE)
LONGEST_REASON = 200


@dataclass(frozen=True)
class Told:
    """One filled row: `number` as Excel shows it."""

    number: int
    code: str
    name: str
    state: State
    reason: str | None


@dataclass(frozen=True)
class Page:
    """One sheet of one session, or its column in the table of a course: `heading` is then what stands above it."""

    table: Table
    course_code: str
    session_number: int
    rows: tuple[Told, ...]
    errors: tuple[RowError, ...]
    heading: str = ""


def session_line(course_code: str, number: int) -> str:
    """Give what the line "Mã buổi:" of the paper says, by which its session is found again."""
    return f"{course_code}/{number}"


def read(content: bytes, filename: str) -> list[Page]:
    """Read every sheet that is a roll of a session; long work, so call it in a thread. Raises BadFile."""
    try:
        first = read_table(content, filename, COLUMNS)
    except BadFile as error:
        lacks = error.screen == "files/missing_columns"
        raise _no_roll(filename, error.values["sheet"]) if lacks else error from None
    tables = [first, *(read_table(content, filename, COLUMNS, sheet=name) for name in first.other_sheets)]
    pages = [page for page in map(_page, tables) if page is not None]
    if not pages:
        raise _no_roll(filename, first.sheet)
    return pages


def _no_roll(filename: str, sheet: str) -> BadFile:
    """A list without the line that names its session is some other list, whichever columns it has."""
    names = ["Mã buổi", *(column.names[0] for column in COLUMNS)]
    return BadFile("files/missing_columns", filename=filename, sheet=sheet, names=names)


def _page(table: Table) -> Page | None:
    above = (cells.shown(cell.value) for line in table.grid[: table.header_row - 1] for cell in line)
    found = next((match for match in map(_SESSION.search, above) if match), None)
    if found is None:
        return None
    told: list[Told] = []
    errors: list[RowError] = []
    for row in table.rows:
        try:
            told += _told(row)
        except CellError as error:
            errors.append(row_error(row.number, error.reason, HEADINGS["state"], error.value))
    return Page(table, found[1], int(found[2]), tuple(told), tuple(errors))


def _told(row: SheetRow) -> Iterator[Told]:
    """Give what a row tells, nothing for one left blank. Raises CellError."""
    state, reason = state_of(row.get("state")), cells.text(row.get("reason"))[:LONGEST_REASON]
    if state is None:
        if reason:
            raise CellError("state_missing", reason[:40])
        return
    code, name = cells.text(row.get("code")), cells.text(row.get("name"))
    yield Told(row.number, code, name, state, reason if reason and state not in attendance_marks.ATTENDED else None)


def state_of(cell: Cell) -> State | None:
    """Give the state that a cell tells, None for a blank one. Raises CellError state_unknown."""
    word = cells.text(cell)
    if not word:
        return None
    state = "present" if word in _TICKS else WORDS.get(fold(word))
    if state is None:
        raise CellError("state_unknown", word[:40])
    return state


def row_error(number: int, reason: str, heading: str, value: str = "") -> RowError:
    """Say what is wrong under a heading of a row."""
    template = "files/cells" if reason == "formula" else "attendance/rows"
    return RowError(number, reason, {"heading": heading, "value": value}, template=template)
