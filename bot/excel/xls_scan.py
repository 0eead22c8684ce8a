"""What the parser does not tell of an old .xls: locks, formulas and the true extent of each sheet; no values."""

import io
import struct
from collections.abc import Iterator

import olefile

from bot.excel.sheet_scan import SheetScan, Unreadable

_STREAMS = ("Workbook", "Book")
_FILEPASS, _BOUNDSHEET, _FORMULA = 0x002F, 0x0085, 0x0006
# Records that open with their row and column: LABELSST, LABEL, RSTRING, NUMBER, RK, BOOLERR, FORMULA.
_FILLED = {0x00FD, 0x0204, 0x00D6, 0x0203, 0x027E, 0x0205, _FORMULA}
_MULRK = 0x00BD  # several numbers of one row; its last two bytes are the last column
_UNTOLD = "="  # the formula is stored as tokens: that there is one is enough to refuse it


class Protected(Exception):
    """The workbook is locked with a password."""


class NotAWorkbook(Exception):
    """The container holds something else: a letter, slides, an installer."""


def scan_xls(content: bytes) -> list[SheetScan]:
    """Scan every sheet of an old workbook, in the order of the sheets.

    Raises Protected (also for a locked .xlsx, which comes in such a container), NotAWorkbook or Unreadable.
    """
    stream = _workbook_stream(content)
    records = list(_records(stream))
    kinds = {kind for _, kind, _ in records}
    if _FILEPASS in kinds:
        raise Protected
    starts = [struct.unpack_from("<I", body)[0] for _, kind, body in records if kind == _BOUNDSHEET and len(body) >= 4]
    scans = {start: SheetScan() for start in starts}
    if not scans.keys() <= {at for at, _, _ in records}:
        raise Unreadable
    current = None
    for at, kind, body in records:
        current = scans.get(at, current)
        if current is not None:
            _follow(current, kind, body)
    return [scans[start] for start in starts]


def _workbook_stream(content: bytes) -> bytes:
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as container:
            if container.exists("EncryptedPackage"):
                raise Protected
            name = next((name for name in _STREAMS if container.exists(name)), None)
            if name is None:
                raise NotAWorkbook
            return bytes(container.openstream(name).read())
    except (OSError, ValueError, IndexError, struct.error) as error:
        raise Unreadable from error


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Walk all records: (offset, kind, body)."""
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield at, kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _follow(scan: SheetScan, kind: int, body: bytes) -> None:
    if kind in _FILLED and len(body) >= 4:
        row, column = struct.unpack_from("<HH", body)
        scan.note(row, column)
        if kind == _FORMULA:
            scan.formulas[row, column] = _UNTOLD
    elif kind == _MULRK and len(body) >= 6:
        scan.note(struct.unpack_from("<H", body)[0], struct.unpack_from("<H", body, len(body) - 2)[0])
