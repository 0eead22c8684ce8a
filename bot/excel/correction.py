"""An imported list given back with what is wrong in each row; the words of the errors come from the caller."""

import itertools
from collections.abc import Mapping, Sequence

from xlsxwriter.worksheet import Worksheet

from bot.excel.cells import Cell, CellValue, shown
from bot.excel.headers import Merge
from bot.excel.reader import Table
from bot.excel.writer import Book, content_widths, dress
from bot.folding import fold

_ERROR_WIDTH = 50


def return_with_errors(table: Table, errors: Mapping[int, Sequence[str]], heading: str) -> bytes:
    """Give the sheet of `table` back as an .xlsx, row for row, with a red column `heading` at its end.

    `errors` are the sentences for each row, by its Excel number (1-based); rows without any stay as they came.
    Values are copied, formulas are not: where a cell had only a formula, its text stands as plain text.
    A column of the same heading from an earlier round is written over.
    """
    header, below = table.header_row - 1, table.header_row - 1 + table.header_depth
    place = _error_place(table, heading)
    rows = [[_plain(cell) for cell in line[:place]] for line in table.grid]
    last = max((at for at, value in enumerate(rows[header]) if value is not None), default=place)
    with Book(title=table.filename) as book:
        page = book.add_sheet(table.sheet)
        for at, values in enumerate(rows):
            look = "header" if header <= at < below else "plain" if at < header else "text"
            for column, value in enumerate(values):
                if value is not None or (look != "plain" and column <= last):
                    book.write(page, at, column, value, look)
            for_row = "\n".join(errors.get(at + 1, ()))
            if for_row:
                book.write(page, at, place, for_row, "error")
        book.write(page, header, place, heading, "error_header")
        _merge(book, page, table.merges, rows, header, below)
        headings = [shown(value) for value in rows[header]]
        widths = [*content_widths(headings, rows[below:]), _ERROR_WIDTH]
        dress(page, below - 1, place + 1, len(rows) - below, widths)
    return book.content()


def _error_place(table: Table, heading: str) -> int:
    """Give the column after the last one, or the last one when it already has this heading."""
    line = table.grid[table.header_row - 1]
    last = max((place for place, cell in enumerate(line) if not cell.blank), default=len(line) - 1)
    return last if fold(shown(line[last].value)) == fold(heading) else len(line)


def _plain(cell: Cell) -> CellValue:
    return cell.formula if cell.value in (None, "") else cell.value


def _merge(
    book: Book,
    page: Worksheet,
    merges: Sequence[Merge],
    rows: Sequence[Sequence[CellValue]],
    header: int,
    below: int,
) -> None:
    """Merge the title and header cells as they were; merges that overlap or leave the rows are passed over."""
    taken: set[tuple[int, int]] = set()
    for (top, left), (bottom, right) in merges:
        if bottom >= below or right >= len(rows[0]) or (top, left) == (bottom, right):
            continue
        area = set(itertools.product(range(top, bottom + 1), range(left, right + 1)))
        if area & taken:
            continue
        taken |= area
        look = book.look("header" if top >= header else "title")
        page.merge_range(top, left, bottom, right, "", look)
        book.write(page, top, left, rows[top][left], "header" if top >= header else "title")
