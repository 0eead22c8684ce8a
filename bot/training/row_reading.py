"""Reading the rows of a workbook cell by cell, with what is wrong noted for each row. What they mean is elsewhere."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from bot.excel import cells
from bot.excel.cells import Cell, CellError
from bot.excel.reader import Column, SheetRow
from bot.folding import fold
from bot.training.courses import CATEGORIES
from bot.training.roster_sheet import RowError

T = TypeVar("T")
LONGEST = 200  # letters of one cell


@dataclass
class RowReader:
    """Reads cells of a list with `columns`; `own` are the reasons that `template` words, all others are of a cell."""

    columns: Sequence[Column]
    template: str
    own: frozenset[str]
    errors: list[RowError] = field(default_factory=list)

    def error(self, row: int, key: str, reason: str, value: str = "") -> RowError:
        """Make (not note) the remark that something is wrong with column `key` of a row."""
        heading = next((column.names[0] for column in self.columns if column.key == key), key)
        template = self.template if reason in self.own else "files/cells"
        return RowError(row, reason, {"heading": heading, "value": value}, template=template)

    def wrong(self, row: int, key: str, reason: str, value: str = "") -> None:
        """Note that something is wrong."""
        self.errors.append(self.error(row, key, reason, value))

    def told(self, row: SheetRow, key: str, reader: Callable[[Cell], T], *, required: bool = False) -> T | None:
        """Read one cell; None, with the error noted, when it cannot be understood or is blank though required."""
        cell = row.get(key)
        if required and cell.blank:
            self.wrong(row.number, key, "missing")
            return None
        try:
            return reader(cell)
        except CellError as error:
            self.wrong(row.number, key, error.reason, error.value)
            return None


def text(cell: Cell) -> str:
    """Give the text of a cell. Raises CellError too_long."""
    found = cells.text(cell)
    if len(found) > LONGEST:
        raise CellError("too_long", found[:40])
    return found


_CATEGORIES = {
    "ly luan chinh tri": "LLCT", "quoc phong an ninh": "QPAN", "quan ly nha nuoc": "QLNN", "lanh dao quan ly": "LDQL",
    "vi tri viec lam": "VTVL", "ky nang theo vi tri viec lam": "VTVL",
    "chuyen mon nghiep vu": "CMNV", "chuc danh nghe nghiep": "CDNN", "phap luat": "PL",
    "dao duc cong vu": "DDCV", "cai cach hanh chinh": "CCHC", "chuyen doi so": "CDS", "tin hoc": "CDS",
    "ngoai ngu": "NN", "tieng dan toc": "TDT", "hoi nhap quoc te": "HNQT", "dao tao": "DT",
}  # fmt: skip


def category(cell: Cell) -> str:
    """Give the code of a content group from its code or its name. Raises CellError category_unknown."""
    found = cells.text(cell)
    code = _CATEGORIES.get(fold(found), found.upper())
    if code not in CATEGORIES:
        raise CellError("category_unknown", found[:40])
    return code


_COMPLETED = {"hoan thanh", "dat", "da hoan thanh", "dat yeu cau", "x", "trung binh", "kha", "gioi", "tot", "xuat sac"}
_FAILED = {"khong hoan thanh", "khong dat", "chua hoan thanh", "chua dat", "yeu", "kem"}


def passed(cell: Cell) -> bool | None:
    """Give whether somebody passed, None for a blank cell. Raises CellError outcome_unknown."""
    found = fold(cells.text(cell))
    if not found:
        return None
    if found in _COMPLETED:
        return True
    if found in _FAILED:
        return False
    raise CellError("outcome_unknown", cells.text(cell)[:40])


def refused(errors: Sequence[RowError]) -> list[str]:
    """Give what rows tried that their sender's rights do not cover, each thing once, for the log."""
    beyond = {"not_allowed": "class", "not_covered": "name"}
    told = [f"{beyond[error.reason]}:{error.values['value']}" for error in errors if error.reason in beyond]
    return list(dict.fromkeys(told))
