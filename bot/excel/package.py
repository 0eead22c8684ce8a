"""The file before it is a workbook: its kind, its size, its traps. What stands in the sheets' rows is not here."""

import io
import zipfile
import zlib
from dataclasses import dataclass

from bot.errors import BadFile
from bot.excel.sheet_scan import SheetScan, Unreadable, scan_sheets
from bot.excel.xls_scan import NotAWorkbook, Protected, scan_xls

MEBIBYTE = 1024 * 1024
MAX_FILE_MB = 20
MAX_PARTS = 2_000
MAX_UNPACKED = 160 * MEBIBYTE
MAX_RATIO = 250  # ordinary sheets pack 5–60 to 1, pages of equal rows up to about 200
_RATIO_MATTERS_FROM = 16 * MEBIBYTE
_CHUNK = 256 * 1024

_ZIP_MARK = b"PK\x03\x04"
_OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OFFICE_ENDINGS = (".xlsx", ".xlsm", ".xls")


@dataclass(frozen=True)
class Workbook:
    """A checked workbook: bytes to hand to the parser, what was seen of each sheet, in order, and if it is an .xls."""

    content: bytes
    scans: list[SheetScan]
    old: bool


def open_package(content: bytes, filename: str) -> Workbook:
    """Check `content` and give it as a safe workbook; the kind is told by the bytes, not by `filename`.

    Raises BadFile: files/too_large, files/wrong_type, files/protected, files/damaged, files/zip_bomb.
    """
    if len(content) > MAX_FILE_MB * MEBIBYTE:
        size_mb = -(-len(content) // MEBIBYTE)
        raise BadFile("files/too_large", filename=filename, limit_mb=MAX_FILE_MB, size_mb=size_mb)
    try:
        if content.startswith(_OLE_MARK):
            return _open_old(content, filename)
        if content.startswith(_ZIP_MARK):
            return _open_new(content, filename)
    except Unreadable:
        raise BadFile("files/damaged", filename=filename) from None
    known = filename.lower().endswith(_OFFICE_ENDINGS)
    raise BadFile("files/damaged" if known else "files/wrong_type", filename=filename)


def _open_old(content: bytes, filename: str) -> Workbook:
    try:
        return Workbook(content, scan_xls(content), old=True)
    except Protected:
        raise BadFile("files/protected", filename=filename) from None
    except NotAWorkbook:
        raise BadFile("files/wrong_type", filename=filename) from None


def _open_new(content: bytes, filename: str) -> Workbook:
    _, parts = open_parts(content, filename, "xl/workbook.xml")
    return Workbook(_repack(parts), scan_sheets(parts), old=False)


def open_parts(content: bytes, filename: str, main: str) -> tuple[list[str], dict[str, bytes]]:
    """Check an office file whose main part is `main`; gives the names of all its parts, and those of XML unpacked.

    Raises BadFile: files/wrong_type, files/protected, files/damaged, files/zip_bomb.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _check_directory(package, filename, main)
            return package.namelist(), _unpack(package, filename)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise BadFile("files/damaged", filename=filename) from error


def _check_directory(package: zipfile.ZipFile, filename: str, main: str) -> None:
    entries = package.infolist()
    unpacked, packed = sum(e.file_size for e in entries), sum(e.compress_size for e in entries)
    bursting = unpacked > _RATIO_MATTERS_FROM and unpacked > MAX_RATIO * max(packed, 1)
    if len(entries) > MAX_PARTS or unpacked > MAX_UNPACKED or bursting:
        raise BadFile("files/zip_bomb", filename=filename)
    if main not in package.namelist():
        raise BadFile("files/wrong_type", filename=filename)
    if any(entry.flag_bits & 1 for entry in entries):
        raise BadFile("files/protected", filename=filename)


def _unpack(package: zipfile.ZipFile, filename: str) -> dict[str, bytes]:
    """Read the XML parts, counting what really comes out; pictures and macros are left where they are."""
    parts: dict[str, bytes] = {}
    left = MAX_UNPACKED
    for entry in package.infolist():
        if not entry.filename.lower().endswith((".xml", ".rels")) or entry.filename in parts:
            continue
        pieces = []
        with package.open(entry) as stream:
            while piece := stream.read(_CHUNK):
                left -= len(piece)
                if left < 0:
                    raise BadFile("files/zip_bomb", filename=filename)
                pieces.append(piece)
        parts[entry.filename] = b"".join(pieces)
    return parts


def _repack(parts: dict[str, bytes]) -> bytes:
    """Write the parts anew, uncompressed: a zip header that lies about a size never reaches the parser."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        for name, part in parts.items():
            package.writestr(zipfile.ZipInfo(name), part)
    return out.getvalue()
