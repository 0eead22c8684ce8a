"""From the bytes of a checked workbook to the plain values of its sheets; the only caller of the parsing library."""

import io
import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from bot.excel.cells import CellValue
from bot.excel.headers import Merge

CHILD_MEMORY = 2 * 1024**3  # bytes of address space
CHILD_SECONDS = 60  # of processor time


class ParserFailed(Exception):
    """The parser gave up on the workbook."""


class Locked(Exception):
    """The workbook is locked with a password."""


@dataclass(frozen=True)
class ParsedSheet:
    """One sheet as the parser gives it: all rows from the first, formulas as their stored results."""

    name: str
    visible: bool
    values: list[list[CellValue]]
    merges: tuple[Merge, ...]


def parse(content: bytes) -> list[ParsedSheet]:
    """Give every sheet in order. Raises Locked or ParserFailed. A panic of the parser is no Exception: told by name."""
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            return [
                _sheet(workbook.get_sheet_by_name(about.name), about.visible == SheetVisibleEnum.Visible)
                for about in workbook.sheets_metadata
            ]
    except PasswordError:
        raise Locked from None
    except (CalamineError, ValueError, OverflowError, OSError) as error:
        raise ParserFailed(str(error)) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise ParserFailed(str(error)) from None
        raise


def parse_apart(content: bytes) -> list[ParsedSheet]:
    """Do the same in a process of its own with bounded memory and time, for the old .xls.

    The parser reserves what a damaged .xls declares, and a reservation that fails ends the process it happens in.
    """
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, initializer=_bound) as child:
        try:
            return child.submit(parse, content).result()
        except BrokenProcessPool:
            raise ParserFailed("the parsing process ended") from None


def _bound() -> None:
    """Bound this child process."""
    import resource  # not there on every system, and only a child needs it

    resource.setrlimit(resource.RLIMIT_AS, (CHILD_MEMORY, CHILD_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CHILD_SECONDS, CHILD_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _sheet(sheet: CalamineSheet, visible: bool) -> ParsedSheet:
    rows: Sequence[Sequence[CellValue]] = sheet.to_python(skip_empty_area=False)
    return ParsedSheet(sheet.name, visible, [list(row) for row in rows], tuple(sheet.merged_cell_ranges or ()))
