"""What the parser does not tell of an .xlsx: formulas, faults, each sheet's true extent. Values are not here."""

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

MAX_CELLS = 3_000_000  # the parser holds a sheet as one full rectangle, so a stray far cell costs memory
MAX_TEXT = 100_000_000
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class Unreadable(Exception):
    """A part of the workbook is not what a spreadsheet program writes."""


@dataclass
class SheetScan:
    """One sheet: its formulas by (row, column), both 0-based, and how far its filled cells reach (1-based)."""

    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    last_row: int = 0
    last_column: int = 0

    def note(self, row: int, column: int) -> None:
        """Widen the extent to the filled cell (`row`, `column`), 0-based."""
        self.last_row = max(self.last_row, row + 1)
        self.last_column = max(self.last_column, column + 1)

    @property
    def area(self) -> int:
        """Give the number of cells of the rectangle that holds every filled one."""
        return self.last_row * self.last_column


def scan_sheets(parts: dict[str, bytes]) -> list[SheetScan]:
    """Scan every worksheet among `parts` (names to XML), in the order of the sheets. Raises Unreadable."""
    by_path = {path.lower(): part for path, part in parts.items()}
    if len(by_path) < len(parts):
        raise Unreadable
    lengths = _shared_lengths(by_path)
    scans = {path: _scan_sheet(part, lengths) for path, part in by_path.items() if b"sheetData" in part}
    found = []
    for path in _sheet_paths(by_path):
        if path not in by_path:
            raise Unreadable
        found.append(scans.get(path, SheetScan()))  # a page that is only a chart has no rows
    return found


def _sheet_paths(parts: dict[str, bytes]) -> list[str]:
    keys: list[str] = []
    targets: dict[str, str] = {}

    def on_sheet(tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            keys.append(next((value for name, value in attributes.items() if name.endswith(":id")), ""))

    def on_target(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship":
            targets[attributes.get("Id", "")] = _part_path(attributes.get("Target", ""))

    _parse(parts.get("xl/workbook.xml", b""), on_sheet)
    _parse(parts.get("xl/_rels/workbook.xml.rels", b""), on_target)
    return [targets.get(key, "") for key in keys]


def _part_path(target: str) -> str:
    path = target.replace("\\", "/").lower()
    whole = path if path.startswith(("/", "xl/")) else posixpath.join("xl", path)
    return posixpath.normpath(whole).lstrip("/")


def _shared_lengths(parts: dict[str, bytes]) -> list[int]:
    part = next((part for path, part in parts.items() if path.endswith("sharedstrings.xml")), None)
    lengths: list[int] = []
    if part is None:
        return lengths

    def on_start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "si":
            lengths.append(0)

    def on_text(piece: str) -> None:
        if lengths:
            lengths[-1] += len(piece)

    _parse(part, on_start, on_text=on_text)
    return lengths


class _SheetReader:
    """Follows one worksheet's XML, tag by tag."""

    def __init__(self, lengths: list[int]) -> None:
        self.scan = SheetScan()
        self._lengths = lengths
        self._row = self._column = -1
        self._kind = ""
        self._text: list[str] | None = None
        self._budget = MAX_TEXT

    def on_start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            self._kind = attributes.get("t", "")
            self._place(attributes.get("r"))
        elif tag in ("v", "is", "f"):
            self.scan.note(self._row, self._column)
            self._text = []
        elif tag == "row":
            number = attributes.get("r", "")
            self._row = int(number) - 1 if number.isdecimal() else self._row + 1
            self._column = -1

    def on_text(self, piece: str) -> None:
        if self._text is not None:
            self._text.append(piece)

    def on_end(self, tag: str) -> None:
        if tag not in ("v", "is", "f") or self._text is None:
            return
        found, self._text = "".join(self._text), None
        at = (self._row, self._column)
        if tag == "f":
            self.scan.formulas[at] = "=" + found
        elif self._kind == "e":
            self.scan.formulas.setdefault(at, found)
        elif self._kind == "s" and found.isdecimal() and int(found[:9]) < len(self._lengths):
            self._spend(self._lengths[int(found[:9])])

    def _place(self, reference: str | None) -> None:
        """Take the cell's place from "AB12"; without one it follows the cell before."""
        if reference is None:
            self._column += 1
        elif match := _REFERENCE.fullmatch(reference):
            self._column, self._row = _column_number(match[1]), int(match[2]) - 1
        else:
            raise Unreadable
        if not (0 <= self._row < LAST_ROW and 0 <= self._column < LAST_COLUMN):
            raise Unreadable

    def _spend(self, length: int) -> None:
        """One long text named by many cells would be copied once for each of them."""
        self._budget -= length
        if self._budget < 0:
            raise Unreadable


def _scan_sheet(part: bytes, lengths: list[int]) -> SheetScan:
    reader = _SheetReader(lengths)
    _parse(part, reader.on_start, on_text=reader.on_text, on_end=reader.on_end)
    return reader.scan


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _parse(
    part: bytes,
    on_start: Callable[[str, dict[str, str]], None],
    *,
    on_text: Callable[[str], None] | None = None,
    on_end: Callable[[str], None] | None = None,
) -> None:
    """Walk through `part`, tags without their prefixes. A document type, and with it entities, is refused."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda tag, attributes: on_start(tag.rpartition(":")[2], attributes)
    if on_text:
        parser.CharacterDataHandler = on_text
    if on_end:
        parser.EndElementHandler = lambda tag: on_end(tag.rpartition(":")[2])
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, ValueError) as error:
        raise Unreadable from error


def _refuse(*_: object) -> None:
    raise Unreadable
