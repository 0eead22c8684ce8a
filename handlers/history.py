"""The ledger of turns (lượt) as HR sees it: totals by year and category, and the workbook. The rules are in records."""

from collections.abc import Iterable, Sequence
from datetime import date

from bot.chat.router import choice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.excel.cells import CellValue
from bot.excel.writer import Sheet, write_workbook
from bot.training import audit, records, year_report
from bot.training.records import Record, Tally

_SHEET = "history/sheet"
_HEADINGS = ("number", "code", "name", "unit", "class", "title", "category", "level", "from", "to", "hours", "outcome",
             "institution")  # fmt: skip


@choice("history", who=Role.HR, reach="list")
async def totals(turn: Turn) -> Screen:
    """Show how many turns there were each year, by category."""
    found = await records.tallies(turn.tx, turn.person.person_id)
    years = {
        year: {code: year_report.add(of) for code, of in year_report.by_category(tallies).items()}
        for year, tallies in reversed(year_report.by_year(found).items())
    }
    screen = Screen("history/totals", years=years, turns=year_report.add(found).turns)
    if found:
        screen.button("years", "history_years").button("sheet", "history_sheet", beside=True)
    return screen.button("back", "desk_hours").button("home", "home", beside=True)


@choice("history_sheet", who=Role.HR, reach="list")
async def sheet(turn: Turn) -> Screen:
    """Send every turn in the clerk's reach; the list can be sent back unchanged, or with what is to be changed."""
    me = turn.person.person_id
    turns = await records.in_reach(turn.tx, me)
    await audit.record(turn.tx, me, "history.export", f"person:{me}", turn.now, new={"turns": len(turns)})
    title = turn.words(_SHEET, "title")
    headings = [turn.words(_SHEET, f"heading_{name}") for name in _HEADINGS]
    listed = Sheet(title, headings, [_row(turn, at, one) for at, one in enumerate(turns, start=1)])
    counted = await records.tallies(turn.tx, me)
    content = write_workbook([listed, _by_year(turn, counted), _by_level(turn, counted)], title=title, made_at=turn.now)
    screen = Screen(_SHEET, fresh=True, turns=len(turns)).attach(turn.words(_SHEET, "filename"), content)
    return screen.button("back", "history").button("home", "home", beside=True)


def _row(turn: Turn, at: int, one: Record) -> list[CellValue]:
    hours = one.hours_tenths / 10
    return [
        at, one.code, one.name, one.unit, one.class_code, one.title, one.category, one.level,
        date.fromisoformat(one.from_on), date.fromisoformat(one.to_on), int(hours) if hours.is_integer() else hours,
        turn.words(_SHEET, f"outcome_{one.outcome}"), one.institution,
    ]  # fmt: skip


def _by_year(turn: Turn, tallies: Sequence[Tally]) -> Sheet:
    years = list(year_report.by_year(tallies))
    rows: list[list[CellValue]] = [
        [code, *_of_years(found, years)] for code, found in year_report.by_category(tallies).items()
    ]
    rows.append([turn.words(_SHEET, "all"), *_of_years(tallies, years)])
    headings = [turn.words(_SHEET, "heading_group"), *map(str, years), turn.words(_SHEET, "all")]
    return Sheet(turn.words(_SHEET, "totals"), headings, rows)


def _of_years(tallies: Iterable[Tally], years: Iterable[int]) -> list[CellValue]:
    """Give the turns of each year, then of all."""
    told = year_report.by_year(tallies)
    sums = [year_report.add(told.get(year, ())).turns for year in years]
    return [*sums, sum(sums)]


def _by_level(turn: Turn, tallies: Sequence[Tally]) -> Sheet:
    """Count turns and classes by year, category and level (R15)."""
    rows: list[list[CellValue]] = []
    for year, of_year in year_report.by_year(tallies).items():
        for (code, level), found in year_report.by_level(of_year).items():
            added = year_report.add(found)
            rows.append([year, code, level, added.classes or None, added.turns])
    headings = [turn.words(_SHEET, f"heading_{name}") for name in ("year", "category", "level", "classes", "turns")]
    return Sheet(turn.words(_SHEET, "levels"), headings, rows)
