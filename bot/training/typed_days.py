"""Days and hours as people type them: "7/12", "thứ Hai 7/12", "9/12 7h30-11h30". Cells are read by bot.excel.cells."""

import datetime as dt
import re
from dataclasses import dataclass

from bot.excel import cells
from bot.excel.cells import Cell, CellError
from bot.folding import fold, tidy

_MARK = r"(?:[:hg]|giờ)"
_TO = r"\s*(?:-|–|—|đến|tới|den|toi|to)\s*"
_DMY = r"[0-9]{1,2}\s*(?:[/.\-]|tháng)\s*[0-9]{1,2}(?:\s*(?:[/.\-]|năm)\s*(?:[0-9]{4}|[0-9]{2}))?"
_DAY = re.compile(
    r"([0-9]{1,2})\s*(?:[/.\-]|tháng)\s*([0-9]{1,2})(?:\s*(?:[/.\-]|năm)\s*([0-9]{2}|[0-9]{4}))?", re.IGNORECASE
)
_DAY_WITHIN = re.compile(
    rf"(?<![0-9])(?:[0-9]{{4}}[/.\-][0-9]{{1,2}}[/.\-][0-9]{{1,2}}|{_DMY})(?![0-9]|\s*{_MARK})", re.IGNORECASE
)
_WEEKDAYS = {
    0: ("thu hai", "thu 2", "t2"), 1: ("thu ba", "thu 3", "t3"), 2: ("thu tu", "thu 4", "t4"),
    3: ("thu nam", "thu 5", "t5"), 4: ("thu sau", "thu 6", "t6"), 5: ("thu bay", "thu 7", "t7"),
    6: ("chu nhat", "cn"),
}  # fmt: skip
_WEEKDAY = re.compile(
    r"\b(th[ứu]\s*(?:hai|ba|t[ưu]|n[ăa]m|s[áa]u|b[ảa]y|[2-7])|t[2-7]|ch[ủu]\s*nh[ậa]t|cn)\b[\s,]*(?:ngày\s*)?",
    re.IGNORECASE,
)
_HOUR = re.compile(r"[0-9]{1,2}\s*(?:giờ|[:hg])(?:\s*[0-9]{1,2}(?![0-9]|\s*(?:[:hg]|giờ)))?(?:\s*phút)?", re.IGNORECASE)
_NO_MINUTES = r"(?<![0-9/.\-:hg])(?<![:hg]\s)(?<!giờ)(?<!giờ\s)"
_BARE_START = re.compile(rf"{_NO_MINUTES}([0-9]{{1,2}})(?={_TO}[0-9]{{1,2}}\s*{_MARK})", re.IGNORECASE)
_NO_DAY = r"(?![0-9/.\-:hg]|\s*(?:giờ|tháng))"
_BARE_END = re.compile(rf"({_MARK}(?:\s*[0-9]{{1,2}})?{_TO})([0-9]{{1,2}}){_NO_DAY}", re.IGNORECASE)
_BARE_HOURS = re.compile(rf"^([0-9]{{1,2}}){_TO}([0-9]{{1,2}})$", re.IGNORECASE)
_BESIDE = {"tu", "den", "ngay", "luc", "buoi", "toi", "from", "to", "at", "on", "sang", "chieu", "gio"}
_LEAP_YEAR = 2024


@dataclass(frozen=True)
class When:
    """What was typed of a day, a start and an end, in local time; None where nothing was."""

    day: dt.date | None = None
    start: dt.time | None = None
    end: dt.time | None = None


def when(words: str, today: dt.date, *, hours: bool = False) -> When:
    """Read a day, hours, or both: "10/12/2026 13:30-17:00". With `hours`, "7-11" is no day of November.

    A day is read as `day` reads it. Raises CellError: what `day` raises, time_wrong, when_unclear for anything else;
    whether the end is after the start is for the caller to see.
    """
    typed = _BARE_HOURS.sub(r"\1h-\2h", tidy(words)) if hours else tidy(words)
    typed, weekday = _without(_WEEKDAY, typed)
    typed = _BARE_END.sub(r"\1\2h", _BARE_START.sub(r"\1h", typed))
    typed, found = _without(_DAY_WITHIN, typed)
    typed = _BARE_HOURS.sub(r"\1h-\2h", typed.strip())  # beside a day two numbers are hours
    times = _HOUR.findall(typed)
    beside = re.findall(r"\w+", fold(_HOUR.sub(" ", typed)))
    if len(times) > 2 or not (found or times) or (weekday and not found) or not set(beside) <= _BESIDE:
        raise CellError("when_unclear", tidy(words)[:60])
    start, end, *_ = [*(cells.time_of_day(Cell(time)) for time in times), None, None]
    return When(day(f"{weekday} {found}", today) if found else None, start, end)


def _without(pattern: re.Pattern[str], typed: str) -> tuple[str, str]:
    """Give the text without the first match, and the match."""
    match = pattern.search(typed)
    return (typed, "") if match is None else (f"{typed[: match.start()]} {typed[match.end() :]}", match[0].strip())


def day(words: str, today: dt.date, *, past: bool = False) -> dt.date | None:
    """Read a day; without a year it is the next such day from `today` on (the last one up to it with `past`).

    None for no words. Raises CellError: what cells.day raises, or weekday_wrong with the day that was typed.
    """
    told = re.sub(r"^ngày\s+", "", tidy(words), flags=re.IGNORECASE)
    lead = _WEEKDAY.match(told)
    match = _DAY.fullmatch(told[lead.end() :] if lead else told)
    if match is None:
        return cells.day(Cell(told))
    dd, mm, year = int(match[1]), int(match[2]), match[3]
    found: dt.date | None = None
    if year is None:
        found = _nearest(dd, mm, today, past)
    else:
        found = cells.day(Cell(f"{match[1]}/{match[2]}/{year if len(year) == 4 else f'20{year}'}"))
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
