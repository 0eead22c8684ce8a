"""Lists that went out, edited as a clerk would in Excel, and sent back."""

import io
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from bot.excel.writer import Sheet, write_workbook
from tests.talking import DATA, Chat, Office

WARD = "dien-bien-phu-cbccvc.xlsx"


async def ward(office: Office, clerk: str = "Hạnh", **facts: Any) -> Chat:
    """A clerk of the whole in an office with the staff list of Điện Biên Phủ."""
    hr = await office.person(clerk, hr=True, unit="Sở Nội vụ", **facts)
    await hr.uploads(WARD, (DATA / WARD).read_bytes())
    await hr.taps("Ghi nhận")
    return hr


async def staff_list(hr: Chat) -> bytes:
    """The staff list within a clerk's reach, as they fetch it."""
    await hr.taps_data("desk_uploads")
    await hr.taps("Danh sách cán bộ")
    (file,) = hr.arrived[-1].attachments
    return file.content


def edited(content: bytes, change: Callable[[Worksheet, dict[str, int]], None]) -> bytes:
    """Open a workbook, let `change` edit its first sheet by heading → column, and save it."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    page = book.worksheets[0]
    change(page, columns(page))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def columns(page: Worksheet) -> dict[str, int]:
    """Give the columns of the header row, by heading."""
    return {str(cell.value): cell.column for cell in page[header_row(page)] if cell.value}


def header_row(page: Worksheet) -> int:
    return next(row[0].row for row in page.iter_rows() if sum(cell.value is not None for cell in row) > 4)


def row_of(page: Worksheet, words: str) -> int:
    """Give the row in which a cell is just `words`."""
    return next(row[0].row for row in page.iter_rows() if any(str(cell.value) == words for cell in row))


def sets(name: str, heading: str, value: object) -> Callable[[Worksheet, dict[str, int]], None]:
    """Write `value` under `heading` in the row of `name`."""

    def change(page: Worksheet, at: dict[str, int]) -> None:
        page.cell(row_of(page, name), at[heading]).value = value

    return change


def deletes(*names: str) -> Callable[[Worksheet, dict[str, int]], None]:
    """Delete the rows of these names."""

    def change(page: Worksheet, at: dict[str, int]) -> None:
        for name in names:
            page.delete_rows(row_of(page, name))

    return change


def adds(**values: object) -> Callable[[Worksheet, dict[str, int]], None]:
    """Add a row at the end; keys are headings with _ for a blank."""

    def change(page: Worksheet, at: dict[str, int]) -> None:
        last = page.max_row + 1
        for heading, value in values.items():
            page.cell(last, at[heading.replace("_", " ")]).value = value

    return change


async def sends(chat: Chat, headings: Sequence[str], *rows: Sequence[Any], notes: Sequence[str] = ()) -> None:
    """Send a list and say yes to it."""
    await chat.uploads("tep.xlsx", write_workbook([Sheet("Trang", headings, rows, notes=notes)]))
    await chat.taps("Ghi nhận")
    chat.sees("Đã ghi", "[Hoàn tác]")


def button(chat: Chat, words: str) -> str:
    """Give what a button of the newest message asks for, to press it later."""
    return next(data for label, data in chat.arrived[-1].menu if label == words)


async def undoes(chat: Chat, data: str = "") -> None:
    """Press "Hoàn tác" (the newest, or what `button` gave), and say yes where it may be undone."""
    await (chat.taps_data(data) if data else chat.taps("Hoàn tác"))
    yes = [asked for label, asked in chat.arrived[-1].menu if label in ("Có", "Yes")]
    if yes:
        await chat.taps_data(yes[0])
