"""A day and hours as a clerk types them, "10/12/2026 13:30-17:00": found here, understood by bot.excel.cells."""

import datetime as dt
import re
from dataclasses import dataclass

from bot.errors import Refused
from bot.excel import cells
from bot.excel.cells import Cell, CellError
from bot.folding import fold, tidy

_DAY = re.compile(r"[0-9]{1,4}\s*[/.\-]\s*[0-9]{1,2}(?:\s*[/.\-]\s*[0-9]{2,4})?(?![0-9:hg]|\s*giờ)", re.IGNORECASE)
_SHORT = re.compile(r"([0-9]{1,2})\s*[/.\-]\s*([0-9]{1,2})")
_HOUR = re.compile(r"[0-9]{1,2}\s*(?:giờ|[:hg])(?:\s*[0-9]{1,2}(?![0-9]|\s*(?:[:hg]|giờ)))?(?:\s*phút)?", re.IGNORECASE)
_BESIDE = {"tu", "den", "ngay", "luc", "buoi", "toi", "from", "to", "at", "on", "sang", "chieu", "gio",
           "thu", "hai", "ba", "nam", "sau", "bay", "chu", "nhat"}  # fmt: skip


@dataclass(frozen=True)
class When:
    """What was typed of a day, a start and an end, in local time; None where nothing was."""

    day: dt.date | None = None
    start: dt.time | None = None
    end: dt.time | None = None


def read(text: str, today: dt.date) -> When:
    """Read a day, hours, or both; a day without a year is the next such day from `today` on.

    Raises Refused for anything else, and for a day or an hour that does not exist.
    """
    found = _DAY.search(typed := tidy(text))
    rest = typed if found is None else f"{typed[: found.start()]} {typed[found.end() :]}"
    hours = _HOUR.findall(rest)
    beside = re.findall(r"\w+", fold(_HOUR.sub(" ", rest)))
    if len(hours) > 2 or not (found or hours) or not set(beside) <= _BESIDE:
        raise Refused("desk_changes/unclear", problem="", typed=typed[:60])
    try:
        start, end, *_ = [*(cells.time_of_day(Cell(hour)) for hour in hours), None, None]
        return When(found and day_of(found[0], today), start, end)
    except CellError as error:
        raise Refused("desk_changes/unclear", problem=error.reason, typed=error.value) from None


def day_of(text: str, today: dt.date) -> dt.date | None:
    """Read one day, with or without its year. Raises CellError."""
    short = _SHORT.fullmatch(text.strip())
    if short is None:
        return cells.day(Cell(text))
    day = cells.day(Cell(f"{short[1]}/{short[2]}/{today.year}"))
    if day is not None and day < today:
        return cells.day(Cell(f"{short[1]}/{short[2]}/{today.year + 1}"))
    return day
