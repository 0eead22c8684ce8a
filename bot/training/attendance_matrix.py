"""The table of who was at which session of a course, come back as a workbook: read as a page a session."""

import re
from dataclasses import replace

from bot.errors import BadFile
from bot.excel import cells
from bot.excel.cells import Cell, CellError
from bot.excel.reader import Column, SheetRow, Table, read_table
from bot.training.attendance_pages import Page, Told, row_error, state_of
from bot.training.roster_sheet import RowError

COLUMNS = (
    Column("code", ("Mã", "Mã cán bộ", "Mã CBCC", "Mã CBCCVC")),
    Column("name", ("Họ và tên", "Họ tên"), required=True),
    Column("share", ("Tỷ lệ", "Share"), required=True),
)
_COURSE = re.compile(r"(?:m[aã]\s+l[oớ]p|course)\s*:\s*(\S.*?)\.\s+(?:người\s+lập|made\s+by)", re.IGNORECASE)
_SESSION = re.compile(r"(?:bu[oổ]i|session)\s+([0-9]{1,3})\b", re.IGNORECASE)


def read(content: bytes, filename: str) -> list[Page]:
    """Read the table, a page for each session that it tells anything of. Raises BadFile when it is none."""
    table = read_table(content, filename, COLUMNS)
    course_code, places = _course_of(table), _sessions(table)
    if course_code is None or not places:
        names = ["Mã lớp", "Buổi"]
        raise BadFile("files/missing_columns", filename=filename, sheet=table.sheet, names=names)
    pages: list[Page] = []
    errors: list[RowError] = []
    for place, (number, heading) in places.items():
        rows = tuple(told for row in table.rows if (told := _told(table, row, place, heading, errors)) is not None)
        pages.append(Page(table, course_code, number, rows, (), heading))
    telling = [page for page in pages if page.rows] or pages[:1]
    telling[0] = replace(telling[0], errors=tuple(errors))  # told once
    return telling


def _course_of(table: Table) -> str | None:
    above = (cells.shown(cell.value) for line in table.grid[: table.header_row - 1] for cell in line)
    found = next((match for match in map(_COURSE.search, above) if match), None)
    return None if found is None else found[1]


def _sessions(table: Table) -> dict[int, tuple[int, str]]:
    """Give the session's number and the heading of each column (from 0) of one."""
    headings = [cells.shown(cell.value) for cell in table.grid[table.header_row - 1]]
    found = {place: (_SESSION.match(heading), heading) for place, heading in enumerate(headings)}
    return {place: (int(match[1]), heading) for place, (match, heading) in found.items() if match}


def _told(table: Table, row: SheetRow, place: int, heading: str, errors: list[RowError]) -> Told | None:
    line = table.grid[row.number - 1]
    try:
        state = state_of(line[place] if place < len(line) else Cell())
        code, name = cells.text(row.get("code")), cells.text(row.get("name"))
    except CellError as error:
        errors.append(row_error(row.number, error.reason, heading, error.value))
        return None
    return None if state is None else Told(row.number, code, name, state, None)
