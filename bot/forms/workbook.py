"""Forms that are workbooks: the cells of a form keep their looks, its own formulas move with their rows."""

import copy
import datetime as dt
import io
import re
import warnings
import zipfile
from collections.abc import Sequence

import openpyxl
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.formula.tokenizer import Token, Tokenizer
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet

from bot.errors import BadFile
from bot.excel.writer import harmless
from bot.forms.marks import MARK, Row, Value, Values, name_of, names_in, replaced, worded
from bot.forms.text import FormText

MAX_CELLS = 50_000  # of a form; more is a slip of the mouse that dressed whole columns
_YEAR = re.compile(r"(19|20)[0-9]{2}")
_REFERENCE = re.compile(r"(\$?[A-Z]{1,3}\$?)([0-9]+)(?:(:\$?[A-Z]{1,3}\$?)([0-9]+))?")


def _opened(content: bytes, filename: str) -> openpyxl.Workbook:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it tells which decorations it drops
            return openpyxl.load_workbook(io.BytesIO(content))
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, zipfile.BadZipFile) as error:
        raise BadFile("files/damaged", filename=filename) from error


def text_of(content: bytes, filename: str) -> FormText:
    """Give the words and formulas of all sheets. Raises BadFile: files/damaged, forms/too_many_cells."""
    text = FormText()
    for page in _opened(content, filename).worksheets:
        if page.max_row * page.max_column > MAX_CELLS:
            raise BadFile("forms/too_many_cells", filename=filename)
        for line in page.iter_rows():
            for cell in line:
                if cell.data_type == "f":
                    text.code.append(str(cell.value))
                if isinstance(cell.value, str):
                    text.words.append(cell.value)
    return text


def fill(content: bytes, filename: str, values: Values, rows: Sequence[Row], row_marks: frozenset[str]) -> bytes:
    """Give the workbook with its marks replaced; a row that has `row_marks` stands once for each of `rows`."""
    book = _opened(content, filename)
    for page in book.worksheets:
        for at in reversed(_rows_of_learners(page, row_marks)):
            _repeat(page, at, values, rows)
        for line in page.iter_rows():
            for cell in line:
                _write(cell, values)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _rows_of_learners(page: Worksheet, row_marks: frozenset[str]) -> list[int]:
    return [
        at
        for at, line in enumerate(page.iter_rows(), start=1)
        if any(isinstance(cell.value, str) and names_in(cell.value) & row_marks for cell in line)
    ]


def _write(cell: Cell | MergedCell, values: Values) -> None:
    """Replace the marks of a cell; a mark alone gives its value as it is: a number, a day."""
    text = cell.value
    if not isinstance(cell, Cell) or not isinstance(text, str) or cell.data_type == "f" or not MARK.search(text):
        return
    alone = MARK.fullmatch(text.strip())
    value: Value = values.get(name_of(alone[1])) if alone else replaced(text, values)
    if alone and isinstance(value, str) and _YEAR.fullmatch(value):
        value = int(value)  # in a cell of its own a year is a number
    if isinstance(value, str):
        cell.value = harmless(worded(value) if alone else value)
        cell.data_type = "s"
        return
    looks = cell.number_format
    cell.value = value
    if isinstance(value, dt.date):
        cell.number_format = looks if looks != "General" else "dd/mm/yyyy"


def _repeat(page: Worksheet, at: int, values: Values, rows: Sequence[Row]) -> None:
    """Fill row `at` for the first learner and a copy of it, below, for each other one."""
    more = max(0, len(rows) - 1)
    pattern = [page.cell(at, column) for column in range(1, page.max_column + 1)]
    words = [cell.value for cell in pattern]
    if more:
        _make_room(page, at, more)
    for place, row in enumerate(rows or [{}], start=at):
        page.row_dimensions[place].height = page.row_dimensions[at].height
        for column, (model, text) in enumerate(zip(pattern, words, strict=True), start=1):
            cell = page.cell(place, column)
            if not isinstance(cell, Cell):
                continue
            if place != at:
                _dress(cell, model)
                cell.value = text
            _write(cell, {**values, **row})


def _dress(cell: Cell, model: Cell | MergedCell) -> None:
    for look in ("font", "border", "fill", "number_format", "protection", "alignment"):
        setattr(cell, look, copy.copy(getattr(model, look)))


def _make_room(page: Worksheet, at: int, more: int) -> None:
    """Move what stands below row `at` down by `more` rows: cells, heights, merged cells, formulas, the printed area."""
    merged = [CellRange(found.coord) for found in page.merged_cells.ranges]
    for area in merged:
        page.unmerge_cells(area.coord)
    last, width = page.max_row, page.max_column
    heights = {row: page.row_dimensions[row].height for row in range(at + 1, last + 1)}
    if last > at:
        page.move_range(CellRange(min_col=1, min_row=at + 1, max_col=width, max_row=last).coord, rows=more)
    for row, height in heights.items():
        page.row_dimensions[row + more].height = height
    for area in merged:
        for moved in _moved(area, at, more):
            page.merge_cells(moved.coord)
    for line in page.iter_rows():
        for cell in line:
            if cell.data_type == "f" and isinstance(cell.value, str):
                cell.value = _with_moved_references(cell.value, at, more)
    if page.print_area:
        page.print_area = _moved_references(page.print_area.partition("!")[2] or page.print_area, at, more)


def _moved(area: CellRange, at: int, more: int) -> list[CellRange]:
    """Give the merged cells as they stand afterwards; those within the repeated row stand in every copy of it."""
    top, bottom = area.min_row or 0, area.max_row or 0

    def placed(first: int, last: int) -> CellRange:
        return CellRange(min_col=area.min_col, max_col=area.max_col, min_row=first, max_row=last)

    if top == bottom == at:
        return [placed(row, row) for row in range(at, at + more + 1)]
    return [placed(top + more * (top > at), bottom + more * (bottom >= at))]


def _with_moved_references(formula: str, at: int, more: int) -> str:
    tokens = Tokenizer(formula)
    for token in tokens.items:
        if token.type == Token.OPERAND and token.subtype == Token.RANGE and "!" not in token.value:
            token.value = _moved_references(token.value, at, more)
    return "=" + "".join(str(token.value) for token in tokens.items)


def _moved_references(text: str, at: int, more: int) -> str:
    """Give references with rows below `at` moved; a range that reaches the repeated row takes its copies in."""

    def moved(found: re.Match[str]) -> str:
        first, last = int(found[2]), found[4]
        if last is None:
            return f"{found[1]}{first + more * (first > at)}"
        return f"{found[1]}{first + more * (first > at)}{found[3]}{int(last) + more * (int(last) >= at)}"

    return _REFERENCE.sub(moved, text)
