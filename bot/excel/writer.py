"""Workbooks that go out: tables of text, numbers and real dates in one look. What they tell, callers decide."""

import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bot.excel.cells import FIRST_YEAR, CellValue, shown

LONGEST_TEXT = 32_767  # in UTF-16 units, as Excel counts
_LARGEST_NUMBER = 10**15  # beyond it a cell would lose digits
_NARROWEST, _WIDEST, _WRAPPED_FROM = 6, 60, 45
_MEASURED_ROWS = 300
_A4 = 9  # Excel's number of the paper
_SIGNED_ROW = 24  # points
_UNTOLD_INSTANT = 315_532_800  # 1980, where a zip's own time begins: the bytes stay the same on every run
_UNFIT_FOR_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f\ud800-\udfff\ufffe\uffff\U00010000-\U0010ffff]")
_DANGEROUS = re.compile(r"\s*[=+\-@\uff0b\uff0d\uff1d\uff20]")
_ONLY_A_NUMBER = re.compile(r"[+\-]?[0-9 .,]*")

_LOOKS: dict[str, dict[str, object]] = {
    "title": {"bold": True, "font_size": 13},
    "header": {
        "bold": True,
        "bg_color": "#DCE6F1",
        "border": 1,
        "text_wrap": True,
        "align": "center",
        "valign": "vcenter",
    },
    "text": {"border": 1, "valign": "top"},
    "wrapped": {"border": 1, "valign": "top", "text_wrap": True},
    "day": {"border": 1, "valign": "top", "num_format": "dd/mm/yyyy"},
    "moment": {"border": 1, "valign": "top", "num_format": "dd/mm/yyyy hh:mm"},
    "time": {"border": 1, "valign": "top", "num_format": "hh:mm"},
    "plain": {},
    "error": {"border": 1, "valign": "top", "text_wrap": True, "font_color": "#C00000", "bg_color": "#FDE9E7"},
    "error_header": {"bold": True, "border": 1, "font_color": "#FFFFFF", "bg_color": "#C00000"},
}


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, headings and rows; `notes` are lines above the header, the first as a title.

    `widths` are in characters, one a column; without them the content decides. `upright` is for paper that people
    sign: A4 on end, rows of a hand's height.
    """

    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[CellValue]]
    widths: Sequence[float] | None = None
    notes: Sequence[str] = field(default=())
    upright: bool = False


def write_workbook(sheets: Sequence[Sheet], *, title: str = "", made_at: int = _UNTOLD_INSTANT) -> bytes:
    """Give an .xlsx of `sheets`: header styled, frozen and filtered, dates as dates, text as text.

    `title` and `made_at` (UTC seconds) are the file's properties. No text becomes a formula or a link.
    """
    with Book(title=title, made_at=made_at) as book:
        for sheet in sheets:
            _write_sheet(book, sheet)
    return book.content()


def harmless(text: str) -> str:
    """Give `text` with an apostrophe before it if a spreadsheet could take it for a formula.

    Writing it as a string cell is not enough: saved as CSV and opened again, or edited in its cell, "=…" would run.
    A mark of the file's format (a quote prefix) is lost in CSV, so the apostrophe is a real letter;
    bot.excel.cells.text takes it off again. A number such as "+84 912 345 678" or "-5" stays as it is.
    """
    clean = text.encode("utf-16-le", "replace")[: 2 * (LONGEST_TEXT - 1)].decode("utf-16-le", "ignore")
    if (_DANGEROUS.match(clean) or clean[:1] in ("\t", "\r", "\n")) and not _ONLY_A_NUMBER.fullmatch(clean):
        return "'" + clean
    return clean


class Book:
    """An open workbook in memory: adds sheets and writes single values in the common look."""

    def __init__(self, *, title: str = "", made_at: int = _UNTOLD_INSTANT) -> None:
        self._out = io.BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._book = xlsxwriter.Workbook(self._out, options)
        self._book.set_properties({"title": title, "created": dt.datetime.fromtimestamp(made_at, dt.UTC)})
        self._looks: dict[str, Format] = {name: self._book.add_format(look) for name, look in _LOOKS.items()}
        self._names: set[str] = set()

    def __enter__(self) -> "Book":
        return self

    def __exit__(self, *_: object) -> None:
        self._book.close()

    def content(self) -> bytes:
        """Give the finished file; only after the `with` block."""
        return self._out.getvalue()

    def add_sheet(self, title: str) -> Worksheet:
        """Add a sheet under `title`, cut to what Excel takes as a name and made unique."""
        bare = _UNFIT_FOR_NAMES.sub(" ", title).strip(" '")[:31].strip(" '") or "1"
        name, count = bare, 1
        while name.lower() in self._names or name.lower() == "history":
            count += 1
            name = f"{bare[: 31 - len(str(count)) - 1]} {count}"
        self._names.add(name.lower())
        return self._book.add_worksheet(name)

    def look(self, name: str) -> Format:
        """Give one of the common looks by its name."""
        return self._looks[name]

    def write(self, sheet: Worksheet, row: int, column: int, value: CellValue, look: str = "text") -> None:
        """Write one value (0-based place) by its type; `look` is for text and numbers, dates have their own."""
        match value:
            case None | "":
                sheet.write_blank(row, column, None, self._looks[look])
            case bool():
                sheet.write_boolean(row, column, value, self._looks[look])
            case int() | float() if abs(value) < _LARGEST_NUMBER:
                sheet.write_number(row, column, value, self._looks[look])
            case dt.datetime() if value.year >= FIRST_YEAR:
                sheet.write_datetime(row, column, value.replace(tzinfo=None), self._looks["moment"])
            case dt.date() if value.year >= FIRST_YEAR:
                sheet.write_datetime(row, column, value, self._looks["day"])
            case dt.time():
                sheet.write_datetime(row, column, value.replace(tzinfo=None), self._looks["time"])
            case str():
                sheet.write_string(row, column, harmless(value), self._looks[look])
            case _:
                sheet.write_string(row, column, harmless(shown(value)), self._looks[look])


def _write_sheet(book: Book, sheet: Sheet) -> None:
    page = book.add_sheet(sheet.title)
    for row, note in enumerate(sheet.notes):
        book.write(page, row, 0, note, "title" if row == 0 else "plain")
    top = len(sheet.notes)
    for column, heading in enumerate(sheet.headings):
        book.write(page, top, column, heading, "header")
    rows = [list(row) for row in sheet.rows]
    widths = list(sheet.widths) if sheet.widths else list(content_widths(sheet.headings, rows))
    looks = ["wrapped" if width >= _WRAPPED_FROM else "text" for width in widths]
    for at, values in enumerate(rows, start=top + 1):
        for column, value in enumerate(values):
            book.write(page, at, column, value, looks[column] if column < len(looks) else "text")
    dress(page, top, len(sheet.headings), len(rows), widths)
    if sheet.upright:
        _for_paper(page, top, len(rows))


def dress(page: Worksheet, header_row: int, columns: int, rows: int, widths: Sequence[float]) -> None:
    """Freeze and filter the header (0-based row), set the widths, and make the page fit a printed sheet."""
    page.freeze_panes(header_row + 1, 0)
    if columns:
        page.autofilter(header_row, 0, header_row + max(rows, 1), columns - 1)
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(header_row)


def _for_paper(page: Worksheet, header_row: int, rows: int) -> None:
    page.set_portrait()
    page.set_paper(_A4)
    page.set_margins(left=0.5, right=0.4, top=0.5, bottom=0.6)
    page.set_footer("&C&P/&N")
    for row in range(header_row + 1, header_row + 1 + rows):
        page.set_row(row, _SIGNED_ROW)


def content_widths(headings: Sequence[str], rows: Sequence[Sequence[CellValue]]) -> Iterator[float]:
    """Give a width for each column, from its heading's longest word and the first few hundred rows."""
    for column, heading in enumerate(headings):
        longest = max((len(word) for word in heading.split()), default=0)
        told = (len(shown(row[column])) for row in rows[:_MEASURED_ROWS] if column < len(row))
        yield min(max(_NARROWEST, longest + 3, *told, 0) + 1, _WIDEST)
