"""The one way to read what a cell means: text, numbers, dates, phones, yes or no. Which column is which is not here."""

import datetime as dt
import math
import re
from dataclasses import dataclass

from bot.errors import BoiDuongError
from bot.folding import fold, tidy

CellValue = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None

FIRST_YEAR, LAST_YEAR = 1900, 2100
_SHOWN = 60
_DAY_ZERO = dt.date(1899, 12, 30)  # Excel counts days from here
_SECONDS_A_DAY = 86_400
_SMALLEST_SERIAL = LAST_YEAR + 1  # up to here a bare number is a year or a slip, not a day of 1900–1905
_SMALLEST_BIRTH_SERIAL = 10_000  # four digits beside 1900–2100 are a slip in a year, not a day before 1927

_DATE = re.compile(r"([0-9]{1,2})\s*[/.\-]\s*([0-9]{1,2})\s*[/.\-]\s*([0-9]{4})")
_ISO_DATE = re.compile(r"([0-9]{4})[/.\-]([0-9]{1,2})[/.\-]([0-9]{1,2})")
_MIDNIGHT = re.compile(r"[ T]00?:00(:00(\.0+)?)?$")
_MONTH_AND_YEAR = re.compile(r"[0-9]{1,2}\s*[/.\-]\s*([0-9]{4})")
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:\.0+)?")
_GROUPED = re.compile(r"[0-9]{1,3}([., ])[0-9]{3}(?:\1[0-9]{3}){0,3}")
_TIME = re.compile(r"([0-9]{1,2})\s*(?:[:hg]|giờ)\s*(?:([0-9]{1,2})(?::[0-9]{2})?\s*(?:phút|p)?)?", re.IGNORECASE)
_MOBILE = re.compile(r"0[35789][0-9]{8}")
_GUARDED = re.compile(r"'(?=\s*[=+\-@\uff0b\uff0d\uff1d\uff20])")

_YES = {"x", "v", "co", "dung", "1", "yes", "y", "true"}
_NO = {"khong", "ko", "k", "0", "no", "n", "false", "sai"}
_TICKS = {"✓", "✔", "☑", "√"}
_DASHES = {"-", "–", "—", "_", "."}


class CellError(BoiDuongError):
    """A cell that cannot be understood.

    `reason` is a key for templates: formula, number_wrong, date_wrong, date_impossible, date_year_only,
    date_out_of_range, year_wrong, time_wrong, phone_wrong, yes_no_wrong. `value` is what stood there, shortened.
    """

    def __init__(self, reason: str, value: str) -> None:
        super().__init__(reason, value)
        self.reason = reason
        self.value = value


@dataclass(frozen=True, slots=True)
class Cell:
    """What a workbook stores in one cell; `formula` is its text ("=A1+1", or a fault such as "#N/A")."""

    value: CellValue = None
    formula: str | None = None

    @property
    def blank(self) -> bool:
        """Tell whether a person would see nothing here."""
        if self.formula is not None or self.value is None:
            return self.formula is None
        if isinstance(self.value, str):
            return not self.value[:1].isalnum() and shown(self.value) == ""
        return self.value is False


BLANK = Cell()


def shown(value: CellValue) -> str:
    """Give `value` as a person would write it: tidy text, 12 for 12.0, 31/12/2026, 07:30."""
    match value:
        case None:
            return ""
        case str():
            return tidy(_GUARDED.sub("", value, count=1))
        case bool():
            return "x" if value else ""
        case float() if value.is_integer():
            return str(int(value))
        case dt.datetime() if value.time() != dt.time():
            return f"{_day_text(value)} {value:%H:%M}"
        case dt.date():
            return _day_text(value)
        case dt.time():
            return f"{value:%H:%M}"
    return str(value)


def text(cell: Cell) -> str:
    """Give the cell's text, composed and tidied; "" for a blank one. A formula is refused, never evaluated.

    The apostrophe that the writer puts before "=", "+", "-" or "@" is taken off again.
    """
    if cell.formula is not None:
        raise CellError("formula", cell.formula[:_SHOWN])
    found = shown(cell.value)
    if found.startswith("="):
        raise _error("formula", cell)
    return found


def whole(cell: Cell) -> int | None:
    """Give a whole number, None for a blank cell; "1.029" and "1,029" are 1029."""
    found = text(cell)
    if not found:
        return None
    if _NUMBER.fullmatch(found):
        return int(found.split(".")[0])
    if isinstance(cell.value, str) and _GROUPED.fullmatch(found):
        return int(re.sub(r"[., ]", "", found))
    raise _error("number_wrong", cell)


def day(cell: Cell) -> dt.date | None:
    """Give a calendar day of 1900–2100, None for a blank cell.

    Day stands before month, as in Vietnam; a month above 12 is impossible, never swapped. A bare year is no day.
    """
    found = text(cell)
    if not found:
        return None
    match cell.value:
        case dt.datetime():
            return _within(cell.value.date(), cell)
        case dt.date():
            return _within(cell.value, cell)
    if _NUMBER.fullmatch(found) or (isinstance(cell.value, float) and math.isfinite(cell.value)):
        return _day_of_serial(int(float(found)), cell)
    return _day_of_text(found, cell)


def birth_year(cell: Cell) -> int | None:
    """Give a year of birth from "1985", 1985, "3/1985" or a whole date; None for a blank cell."""
    found = text(cell)
    if not found:
        return None
    if month_and_year := _MONTH_AND_YEAR.fullmatch(found):
        found = month_and_year[1]
    if _NUMBER.fullmatch(found):
        number = int(found.split(".")[0])
        if FIRST_YEAR <= number <= LAST_YEAR:
            return number
        if number < _SMALLEST_BIRTH_SERIAL:
            raise _error("year_wrong", cell)
    born = day(cell)
    return born.year if born else None


def time_of_day(cell: Cell) -> dt.time | None:
    """Give a local time to the minute from "07:30", "7h30", "7g30", a time cell or a day's fraction; None if blank."""
    found = text(cell)
    if not found:
        return None
    match cell.value:
        case bool():
            raise _error("time_wrong", cell)
        case dt.datetime():
            return cell.value.time().replace(second=0, microsecond=0)
        case dt.time():
            return cell.value.replace(second=0, microsecond=0, tzinfo=None)
        case dt.timedelta():
            return _time_of_fraction(cell.value.total_seconds() / _SECONDS_A_DAY, cell)
        case float() | int():
            return _time_of_fraction(cell.value, cell)
    match_ = _TIME.fullmatch(found)
    if not match_:
        raise _error("time_wrong", cell)
    hour, minute = int(match_[1]), int(match_[2] or 0)
    if hour > 23 or minute > 59:
        raise _error("time_wrong", cell)
    return dt.time(hour, minute)


def phone(cell: Cell) -> str | None:
    """Give a Vietnamese mobile number as ten digits, "0912345679"; None for a blank cell.

    A lost leading zero, +84, spaces, dots, dashes and brackets are understood.
    """
    found = text(cell)
    if not found:
        return None
    digits = re.sub(r"[\s.\-–()]", "", found)
    digits = re.sub(r"^(?:\+|00)84(?:0(?=[0-9]{9}$))?|^84(?=[0-9]{9}$)", "0", digits)
    if re.fullmatch(r"[1-9][0-9]{8}", digits):
        digits = "0" + digits
    if not _MOBILE.fullmatch(digits):
        raise _error("phone_wrong", cell)
    return digits


def yes_no(cell: Cell) -> bool:
    """Give True for "x", "có", "1" or a tick, False for "không", "0", a dash or a blank cell."""
    if isinstance(cell.value, bool) and cell.formula is None:
        return cell.value
    found = text(cell)
    if found in _TICKS or fold(found) in _YES:
        return True
    if not found or found in _DASHES or fold(found) in _NO:
        return False
    raise _error("yes_no_wrong", cell)


def _error(reason: str, cell: Cell) -> CellError:
    return CellError(reason, shown(cell.value)[:_SHOWN])


def _day_text(value: dt.date) -> str:
    return f"{value.day:02}/{value.month:02}/{value.year:04}"


def _within(value: dt.date, cell: Cell) -> dt.date:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise _error("date_out_of_range", cell)
    return value


def _day_of_serial(serial: int, cell: Cell) -> dt.date:
    if FIRST_YEAR <= serial <= LAST_YEAR:
        raise _error("date_year_only", cell)
    if serial < _SMALLEST_SERIAL:
        raise _error("date_wrong", cell)
    if serial > 100_000:
        raise _error("date_out_of_range", cell)
    return _within(_DAY_ZERO + dt.timedelta(days=serial), cell)


def _day_of_text(found: str, cell: Cell) -> dt.date:
    bare = _MIDNIGHT.sub("", found)
    if parts := _DATE.fullmatch(bare):
        dd, mm, yyyy = (int(part) for part in parts.groups())
    elif parts := _ISO_DATE.fullmatch(bare):
        yyyy, mm, dd = (int(part) for part in parts.groups())
    else:
        raise _error("date_wrong", cell)
    if not FIRST_YEAR <= yyyy <= LAST_YEAR:
        raise _error("date_out_of_range", cell)
    try:
        return dt.date(yyyy, mm, dd)
    except ValueError:
        raise _error("date_impossible", cell) from None


def _time_of_fraction(fraction: float, cell: Cell) -> dt.time:
    if not 0 <= fraction < 1:
        raise _error("time_wrong", cell)
    minutes = round(fraction * 24 * 60)
    if minutes == 24 * 60:
        raise _error("time_wrong", cell)
    return dt.time(minutes // 60, minutes % 60)
