"""Days and spans of hours as people type them: "7/12", "thứ Hai 7/12", "7h30-11h30". Cells are read elsewhere."""

import datetime as dt
import re

from bot.excel import cells
from bot.excel.cells import Cell, CellError
from bot.folding import fold, tidy

_DAY = re.compile(
    r"(?:ngày\s*)?([0-9]{1,2})\s*(?:[/.\-]|tháng)\s*([0-9]{1,2})(?:\s*(?:[/.\-]|năm)\s*([0-9]{2}|[0-9]{4}))?",
    re.IGNORECASE,
)
_WEEKDAYS = {
    0: ("thu hai", "thu 2", "t2"), 1: ("thu ba", "thu 3", "t3"), 2: ("thu tu", "thu 4", "t4"),
    3: ("thu nam", "thu 5", "t5"), 4: ("thu sau", "thu 6", "t6"), 5: ("thu bay", "thu 7", "t7"),
    6: ("chu nhat", "cn"),
}  # fmt: skip
_LEAD = re.compile(r"(thứ\s*(?:hai|ba|tư|năm|sáu|bảy|[2-7])|t[2-7]|chủ\s*nhật|cn)\b[\s,]*", re.IGNORECASE)
_SPAN = re.compile(r"\s*(?:-|–|—|đến|tới|den|toi)\s*", re.IGNORECASE)
_LEAP_YEAR = 2024


def day(words: str, today: dt.date, *, past: bool = False) -> dt.date | None:
    """Read a day; without a year it is the next such day from `today` on (the last one up to it with `past`).

    None for no words. Raises CellError: what cells.day raises, or weekday_wrong with the day that was typed.
    """
    told = tidy(words)
    lead = _LEAD.match(told)
    match = _DAY.fullmatch(told[lead.end() :] if lead else told)
    if match is None:
        return cells.day(Cell(told))
    dd, mm, year = int(match[1]), int(match[2]), match[3]
    found: dt.date | None = None
    if year is None:
        found = _nearest(dd, mm, today, past)
    else:
        found = cells.day(Cell(f"{dd}/{mm}/{year if len(year) == 4 else f'20{year}'}"))
    if lead and found and fold(lead[1]) not in _WEEKDAYS[found.weekday()]:
        raise CellError("weekday_wrong", f"{found:%d/%m/%Y}")
    return found


def _nearest(dd: int, mm: int, today: dt.date, past: bool) -> dt.date:
    """Give the day of this year, or of the year it falls in when that would be on the wrong side of today."""
    cells.day(Cell(f"{dd}/{mm}/{_LEAP_YEAR}"))  # raises for the 31st of a short month
    for year in (today.year + step for step in ((0, -1, -2, -3, -4) if past else (0, 1, 2, 3, 4))):
        try:
            found = dt.date(year, mm, dd)
        except ValueError:  # 29 February of a common year
            continue
        if found <= today if past else found >= today:
            return found
    raise CellError("date_impossible", f"{dd}/{mm}")


def span(words: str) -> tuple[dt.time, dt.time]:
    """Read "7h30-11h30" or "07:30 đến 11:30". Raises CellError time_wrong, ends_before_start."""
    parts = _SPAN.split(tidy(words))
    if len(parts) != 2:
        raise CellError("time_wrong", tidy(words)[:40])
    start, end = (cells.time_of_day(Cell(_hour(part))) for part in parts)
    if start is None or end is None:
        raise CellError("time_wrong", tidy(words)[:40])
    if end <= start:
        raise CellError("ends_before_start", f"{start:%H:%M} – {end:%H:%M}")
    return start, end


def _hour(part: str) -> str:
    """Give "7" as "7h"."""
    return f"{part}h" if part.isdigit() else part
