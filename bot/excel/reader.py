"""The forgiving reader: finds the list in a workbook by meaning and gives its rows; knows no people and no courses."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.errors import BadFile
from bot.excel.cells import BLANK, Cell, CellValue, shown
from bot.excel.headers import GROUP_MARK, SEARCHED_ROWS, Column, Header, Merge, find_header
from bot.excel.package import Workbook, open_package
from bot.excel.parser import Locked, ParsedSheet, ParserFailed, parse, parse_apart
from bot.excel.rows import is_numbering, is_repeated_header, is_section, is_total, opens_signatures
from bot.excel.sheet_scan import MAX_CELLS, SheetScan

MAX_ROWS = 10_000

__all__ = ["MAX_ROWS", "Column", "SheetRow", "Table", "read_table", "words_above"]


@dataclass(frozen=True)
class SheetRow:
    """One row of data: its number as Excel shows it (1-based) and its cells by column key."""

    number: int
    cells: dict[str, Cell]

    def get(self, key: str) -> Cell:
        """Give the cell of `key`; a blank one when the list has no such column."""
        return self.cells.get(key, BLANK)

    def group(self, key: str) -> dict[str, Cell]:
        """Give the filled cells under a heading with sub-headings, by the folded sub-heading: {"nam": …}.

        Under a plain heading it is {"": …}, or nothing when the cell is blank.
        """
        mark = key + GROUP_MARK
        found = {name.removeprefix(mark): cell for name, cell in self.cells.items() if name.startswith(mark)}
        found[""] = self.get(key)
        return {name: cell for name, cell in found.items() if not cell.blank}


@dataclass(frozen=True)
class Table:
    """A list that was found: its data rows, and the whole sheet as it came, for giving it back.

    `grid` holds every row of the sheet from its first; `header_row` is 1-based and `header_depth` rows high.
    `left_out` tells the filled rows under the header that are no data (totals, section lines, signatures):
    number and text.
    `other_sheets` names further sheets that hold such a list too and were not read. `headings` tells, by the first
    name of a column, what stands above it in this sheet.
    """

    filename: str
    sheet: str
    columns: frozenset[str]
    rows: tuple[SheetRow, ...]
    header_row: int
    header_depth: int
    grid: list[list[Cell]] = field(repr=False)
    merges: tuple[Merge, ...] = ()
    left_out: tuple[tuple[int, str], ...] = ()
    other_sheets: tuple[str, ...] = ()
    headings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Sheet:
    name: str
    values: list[list[CellValue]]
    merges: tuple[Merge, ...]
    scan: SheetScan
    header: Header | None


def read_table(
    content: bytes,
    filename: str,
    columns: Sequence[Column],
    *,
    sheet: str | None = None,
    max_rows: int = MAX_ROWS,
) -> Table:
    """Find the list that fits `columns` best in a workbook and give its rows; long work, so call it in a thread.

    `sheet` reads that one only. A bad cell never raises here: its meaning is asked of bot.excel.cells.
    Raises BadFile with a screen of templates/…/files: too_large, wrong_type, protected, damaged, old_xls, zip_bomb,
    too_many_rows, missing_columns, empty.
    """
    package = open_package(content, filename)
    _check_extent(package, filename, max_rows)
    sheets = [found for found in _sheets(package, filename, columns) if sheet in (None, found.name)]
    best = max(sheets, key=lambda found: _rank(found, columns), default=None)
    if best is None or not any(map(any, best.values)):
        raise BadFile("files/empty", filename=filename)
    if best.header is None or best.header.missing(columns):
        missing = best.header.missing(columns) if best.header else [c for c in columns if c.required]
        names = [column.names[0] for column in missing]
        raise BadFile("files/missing_columns", filename=filename, sheet=best.name, names=names)
    table = _table(best, best.header, filename, columns, _others(sheets, best, columns))
    if len(table.rows) > max_rows:
        raise BadFile("files/too_many_rows", filename=filename, limit=max_rows, found=len(table.rows))
    if not table.rows:
        raise BadFile("files/empty", filename=filename)
    return table


def words_above(content: bytes, filename: str) -> list[str]:
    """Give the texts in the first rows of every sheet, where titles and marks stand; raises BadFile as `read_table`."""
    package = open_package(content, filename)
    _check_extent(package, filename, MAX_ROWS)
    rows = (row for sheet in _sheets(package, filename, ()) for row in sheet.values[:SEARCHED_ROWS])
    return [value for row in rows for value in row if isinstance(value, str)]


def _check_extent(package: Workbook, filename: str, max_rows: int) -> None:
    if sum(scan.area for scan in package.scans) > MAX_CELLS:
        found = max(scan.last_row for scan in package.scans)
        if found <= max_rows:
            raise BadFile("files/zip_bomb", filename=filename)
        raise BadFile("files/too_many_rows", filename=filename, limit=max_rows, found=found)


def _sheets(package: Workbook, filename: str, columns: Sequence[Column]) -> list[_Sheet]:
    """Read every visible sheet that has anything in it."""
    try:
        parsed = parse_apart(package.content) if package.old else parse(package.content)
    except Locked:
        raise BadFile("files/protected", filename=filename) from None
    except ParserFailed as error:
        raise BadFile("files/old_xls" if package.old else "files/damaged", filename=filename) from error
    if len(parsed) != len(package.scans):
        raise BadFile("files/damaged", filename=filename)
    pairs = zip(parsed, package.scans, strict=True)
    return [_sheet(sheet, scan, columns) for sheet, scan in pairs if sheet.visible and scan.area]


def _sheet(parsed: ParsedSheet, scan: SheetScan, columns: Sequence[Column]) -> _Sheet:
    """Fill the rows up to one rectangle: the parser leaves out rows that hold nothing but formulas."""
    values = parsed.values
    height = max(len(values), scan.last_row)
    width = max([scan.last_column, *map(len, values)])
    for row in values:
        row.extend([None] * (width - len(row)))
    values.extend([None] * width for _ in range(height - len(values)))
    return _Sheet(parsed.name, values, parsed.merges, scan, find_header(values, parsed.merges, columns))


def _rank(sheet: _Sheet, columns: Sequence[Column]) -> tuple[int, ...]:
    """The header's own rank, then the longer sheet; a sheet without header comes last."""
    return (*sheet.header.rank(columns)[:2], len(sheet.values)) if sheet.header else (-1, len(sheet.values))


def _others(sheets: Sequence[_Sheet], best: _Sheet, columns: Sequence[Column]) -> tuple[str, ...]:
    return tuple(
        sheet.name for sheet in sheets if sheet is not best and sheet.header and not sheet.header.missing(columns)
    )


def _table(
    sheet: _Sheet, header: Header, filename: str, columns: Sequence[Column], other_sheets: tuple[str, ...]
) -> Table:
    grid = [
        [Cell(value, sheet.scan.formulas.get((at, place))) for place, value in enumerate(row)]
        for at, row in enumerate(sheet.values)
    ]
    required = [key for key in header.places if any(c.required and c.key == key for c in columns)]
    rows, left_out = _data_rows(grid, header, required)
    return Table(
        filename=filename,
        sheet=sheet.name,
        columns=frozenset(header.places),
        rows=tuple(rows),
        header_row=header.row + 1,
        header_depth=header.depth,
        grid=grid,
        merges=sheet.merges,
        left_out=tuple(left_out),
        other_sheets=other_sheets,
        headings=dict(_own_headings(grid, header, columns)),
    )


def _own_headings(grid: list[list[Cell]], header: Header, columns: Sequence[Column]) -> Iterator[tuple[str, str]]:
    for column in columns:
        for place in header.places.get(column.key, ())[:1]:
            lines = (grid[at][place] for at in range(header.row + header.depth - 1, header.row - 1, -1))
            yield column.names[0], next((shown(cell.value) for cell in lines if not cell.blank), column.names[0])


def _data_rows(
    grid: list[list[Cell]], header: Header, required: Sequence[str]
) -> tuple[list[SheetRow], list[tuple[int, str]]]:
    heading = [cell for cell in grid[header.row] if not cell.blank]
    rows: list[SheetRow] = []
    left_out: list[tuple[int, str]] = []
    gap = signed = False
    for at in range(header.row + header.depth, len(grid)):
        filled = [cell for cell in grid[at] if not cell.blank]
        if not filled:
            gap = bool(rows)
            continue
        row = SheetRow(at + 1, dict(_cells(grid[at], header)))
        signed = signed or opens_signatures(filled, after_gap=gap)
        lone = len(filled) == 1 and all(row.get(key).blank for key in required)
        heads_others = is_section(filled) and sum(not cell.blank for cell in row.cells.values()) < 2
        if signed or lone or heads_others or _is_no_data(filled, heading, first=not rows):
            left_out.append((at + 1, " ".join(shown(cell.value) for cell in filled)))
            gap = is_total(filled)
            continue
        gap = False
        rows.append(row)
    return rows, left_out


def _is_no_data(filled: list[Cell], heading: list[Cell], *, first: bool) -> bool:
    numbering = first and is_numbering(filled)
    return numbering or is_total(filled) or is_repeated_header(filled, heading)


def _cells(line: list[Cell], header: Header) -> Iterator[tuple[str, Cell]]:
    for key, places in header.places.items():
        filled = [line[place] for place in places if place < len(line) and not line[place].blank]
        if len(filled) < 2:
            yield key, filled[0] if filled else BLANK
        else:
            formula = next((cell.formula for cell in filled if cell.formula is not None), None)
            yield key, Cell(" ".join(shown(cell.value) for cell in filled), formula)
