"""Where the header of a list stands and which column means what; the rows under it are not read here."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.excel.cells import CellValue, shown
from bot.folding import fold

SEARCHED_ROWS = 30
SEARCHED_COLUMNS = 200
GROUP_MARK = "/"

Grid = Sequence[Sequence[CellValue]]
Merge = tuple[tuple[int, int], tuple[int, int]]

_JOINED, _WHOLE, _BEFORE_BRACKET, _ALTERNATIVE = 8, 7, 6, 5
_UNDER_A_GROUP = 4  # taken off when only the group's heading fits: a heading of its own is surer


@dataclass(frozen=True)
class Column:
    """One thing a list may tell: `key` names it in code, `names` are the headings it goes by, compared folded."""

    key: str
    names: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True)
class Header:
    """A header that was found: its first row (0-based), how many rows it takes, and the columns of each key.

    A sub-column of a group has the key "birth/nam": the group's key, GROUP_MARK, the sub-heading folded.
    A key has several columns when one heading is merged over them without sub-headings.
    """

    row: int
    depth: int
    places: dict[str, tuple[int, ...]]
    quality: int

    def rank(self, columns: Sequence[Column]) -> tuple[int, int, int, int, int]:
        """Give what makes one candidate better than another: required columns first.

        A title over the header looks like a group over sub-headings, so of equals the single row is taken.
        """
        needed = sum(column.required for column in columns) - len(self.missing(columns))
        return (needed, len(self.keys()), self.quality, -self.depth, -self.row)

    def keys(self) -> set[str]:
        """Give the keys found, groups by their own key."""
        return {key.partition(GROUP_MARK)[0] for key in self.places}

    def missing(self, columns: Sequence[Column]) -> list[Column]:
        """Give the required columns that this header lacks."""
        return [column for column in columns if column.required and column.key not in self.keys()]


def find_header(grid: Grid, merges: Sequence[Merge], columns: Sequence[Column]) -> Header | None:
    """Find the row (or two rows) among the first 30 whose headings fit `columns` best; None when none fits at all."""
    best: Header | None = None
    for row in range(min(SEARCHED_ROWS, len(grid))):
        candidate = _header_at(grid, merges, columns, row)
        if candidate and (best is None or candidate.rank(columns) > best.rank(columns)):
            best = candidate
    return best


def _header_at(grid: Grid, merges: Sequence[Merge], columns: Sequence[Column], row: int) -> Header | None:
    tops = [shown(value) for value in grid[row][:SEARCHED_COLUMNS]]
    below = grid[row + 1][:SEARCHED_COLUMNS] if row + 1 < len(grid) else []
    subs = [shown(value) for value in below] or [""] * len(tops)
    depth = 2 if _are_sub_headings(tops, subs, below) else 1
    if depth == 1:
        subs = [""] * len(tops)
    places, quality = _assign(_headings(tops, subs), columns)
    if not places:
        return None
    return Header(row, depth, _widen(places, subs, merges, row), quality)


def _are_sub_headings(tops: list[str], subs: list[str], values: Sequence[CellValue]) -> bool:
    """Tell sub-headings from a first row of data: they are words, and stand only under a heading that spreads."""
    filled = [place for place, sub in enumerate(subs) if sub]
    if len(filled) < 2 or not all(isinstance(values[place], str) for place in filled):
        return False
    return all(not tops[p] or (p + 1 < len(tops) and not tops[p + 1] and subs[p + 1]) for p in filled)


def _headings(tops: list[str], subs: list[str]) -> list[tuple[str, str]]:
    """Give (heading, sub-heading) of every column; a heading reaches over the sub-headings to its right."""
    headings = []
    top = ""
    for own, sub in zip(tops, subs, strict=True):
        top = own or (top if sub else "")
        headings.append((top, sub))
    return headings


def _assign(headings: Sequence[tuple[str, str]], columns: Sequence[Column]) -> tuple[dict[str, tuple[int, ...]], int]:
    """Give each column its best heading, the surest pairs first, and the sum of their qualities."""
    pairs = [
        (-quality, place, column.key, key)
        for place, (top, sub) in enumerate(headings)
        for column in columns
        for quality, key in [_match(top, sub, column)]
        if quality
    ]
    places: dict[str, tuple[int, ...]] = {}
    used: set[int] = set()
    grouped: dict[str, bool] = {}
    total = 0
    for minus, place, own, key in sorted(pairs):
        if place in used or key in places or grouped.setdefault(own, key != own) != (key != own):
            continue
        used.add(place)
        places[key] = (place,)
        total -= minus - (_UNDER_A_GROUP if key != own else 0)
    return places, total


def _match(top: str, sub: str, column: Column) -> tuple[int, str]:
    """Give how well one heading fits `column` (0: not at all) and the key it would have."""
    names = _folded(column.names)
    if not (top and sub):
        return _fit(top or sub, names), column.key
    if fold(f"{top} {sub}") in names:
        return _JOINED, column.key
    if fit := _fit(sub, names):
        return fit, column.key
    return max(_fit(top, names) - _UNDER_A_GROUP, 0), column.key + GROUP_MARK + fold(sub)


def _fit(heading: str, names: frozenset[str]) -> int:
    return next((quality for quality, form in _forms(heading) if form and form in names), 0)


def _forms(heading: str) -> Iterator[tuple[int, str]]:
    """Give the folded forms a heading may be known by: whole, before its bracket, each alternative of a "/"."""
    yield _WHOLE, fold(heading)
    bare = heading.partition("(")[0]
    yield _BEFORE_BRACKET, fold(bare)
    for part in bare.split("/"):
        yield _ALTERNATIVE, fold(part)


@lru_cache(maxsize=256)
def _folded(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(fold(name) for name in names)


def _widen(
    places: dict[str, tuple[int, ...]], subs: list[str], merges: Sequence[Merge], row: int
) -> dict[str, tuple[int, ...]]:
    """Let a heading merged over several columns without sub-headings keep them all: "Họ và tên" over two halves."""
    spans = {left: right for (top, left), (bottom, right) in merges if top <= row <= bottom and right > left}
    widened = {}
    for key, (place,) in places.items():
        reach = range(place, min(spans.get(place, place), len(subs) - 1) + 1)
        free = itertools.takewhile(lambda p: not subs[p], reach)
        widened[key] = (place, *(p for p in free if p != place))
    return widened
