"""What is typed of a training plan, in a chat or in a cell: numbers, years, levels, amounts. Nothing is kept here."""

import re

from bot.errors import Refused
from bot.excel import cells
from bot.excel.cells import Cell, CellError
from bot.folding import fold, tidy
from bot.training import money

FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST_NUMBER, LONGEST_TITLE, LONGEST_LEVEL = 40, 200, 60  # letters
MOST_LINES = 500  # of one plan: each category, level and year of a long programme is fewer
MOST_TURNS, MOST_CLASSES = 1_000_000, 10_000
MOST_MONEY = 500_000_000_000  # đồng; more than any line of a province's plan
_ANY_LEVEL = ("", "moi cap", "tat ca", "any", "any level", "all")
_WHOLE_PERIOD = ("", "ca giai doan", "ca ky", "whole period", "all")
_YEARS = re.compile(
    r"(?:(?:giai đoạn|năm|từ)\s+)*([0-9]{4})(?:\s*(?:-|–|—|đến|tới|to)\s*(?:năm\s+)?([0-9]{4}))?", re.IGNORECASE
)


def number_of(text: str) -> str:
    """Read the number of a decision, "774/KH-UBND". Raises Refused plans/number_wrong."""
    return _words(text, LONGEST_NUMBER, "plans/number_wrong")


def title_of(text: str) -> str:
    """Read a title. Raises Refused plans/title_wrong."""
    return _words(text, LONGEST_TITLE, "plans/title_wrong")


def _words(text: str, longest: int, screen: str) -> str:
    told = tidy(text)
    if not fold(told) or len(told) > longest or told.startswith("="):  # a workbook would take it for a formula
        raise Refused(screen, value=told[:40], limit=longest)
    return told


def years_of(text: str, earliest: int = FIRST_YEAR) -> tuple[int, int]:
    """Read "2026" or "2022-2030" as first and last year. Raises Refused plans/years_wrong, plans/years_turned."""
    found = _YEARS.fullmatch(tidy(text))
    if found is None:
        raise Refused("plans/years_wrong", value=tidy(text)[:40], first=earliest, last=LAST_YEAR)
    return check_years(int(found[1]), int(found[2] or found[1]), earliest)


def check_years(first: int, last: int, earliest: int = FIRST_YEAR) -> tuple[int, int]:
    """Give both years when they can be a period. Raises Refused plans/years_wrong, plans/years_turned."""
    if not (earliest <= first <= LAST_YEAR and earliest <= last <= LAST_YEAR):
        value = f"{first}" if first == last else f"{first}-{last}"
        raise Refused("plans/years_wrong", value=value, first=earliest, last=LAST_YEAR)
    if first > last:
        raise Refused("plans/years_turned", first=first, last=last)
    return first, last


def level_of(text: str) -> str:
    """Read a level of courses, '' for any. Raises Refused plans/level_wrong."""
    told = tidy(text)
    if fold(told) in _ANY_LEVEL:
        return ""
    if len(told) > LONGEST_LEVEL or told.startswith("="):
        raise Refused("plans/level_wrong", value=told[:40], limit=LONGEST_LEVEL)
    return told


def year_of(text: str, first: int, last: int) -> int | None:
    """Read the year of a line within the period of its plan, None for the whole. Raises Refused plans/year_wrong."""
    told = tidy(text)
    if fold(told) in _WHOLE_PERIOD:
        return None
    if not re.fullmatch(r"[0-9]{4}", told) or not first <= int(told) <= last:
        raise Refused("plans/year_wrong", value=told[:40], first=first, last=last)
    return int(told)


def turns_of(text: str) -> int:
    """Read how many turns (lượt) are planned. Raises Refused plans/count_wrong."""
    return _count(text, MOST_TURNS)


def classes_of(text: str) -> int:
    """Read how many classes are planned. Raises Refused plans/count_wrong."""
    return _count(text, MOST_CLASSES)


def _count(text: str, most: int) -> int:
    try:
        found = cells.whole(Cell(text))
    except CellError:
        found = None
    if found is None or not 0 <= found <= most:
        raise Refused("plans/count_wrong", value=tidy(text)[:40], limit=most)
    return found


def money_of(text: str) -> int:
    """Read an amount in đồng as people type it. Raises Refused money/amount_wrong."""
    return money.amount_of(text, MOST_MONEY)
