"""The ledger of turns (lượt) as HR sees it: totals by year and category, and the workbook. The rules are in records."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date

from bot.chat.router import choice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.excel.cells import CellValue
from bot.excel.writer import Sheet, write_workbook
from bot.training import audit, records
from bot.training.records import Record, Total

_SHEET = "history/sheet"
_HEADINGS = ("number", "code", "name", "unit", "class", "title", "category", "level", "from", "to", "hours", "outcome",
             "institution")  # fmt: skip


@choice("history", who=Role.HR, reach="list")
async def totals(turn: Turn) -> Screen:
    """Show how many turns there were each year, by category."""
    found = await records.totals(turn.tx, turn.person.person_id)
    years: dict[int, list[Total]] = defaultdict(list)
    for total in found:
        years[total.year].append(total)
    screen = Screen(
        "history/totals", years=dict(sorted(years.items(), reverse=True)), turns=sum(t.turns for t in found)
    )
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
    content = write_workbook([listed, await _by_year(turn), _by_level(turn, turns)], title=title, made_at=turn.now)
    screen = Screen(_SHEET, fresh=True, turns=len(turns)).attach(turn.words(_SHEET, "filename"), content)
    return screen.button("back", "history").button("home", "home", beside=True)


def _row(turn: Turn, at: int, one: Record) -> list[CellValue]:
    hours = one.hours_tenths / 10
    return [
        at, one.code, one.name, one.unit, one.class_code, one.title, one.category, one.level,
        date.fromisoformat(one.from_on), date.fromisoformat(one.to_on), int(hours) if hours.is_integer() else hours,
        turn.words(_SHEET, f"outcome_{one.outcome}"), one.institution,
    ]  # fmt: skip


async def _by_year(turn: Turn) -> Sheet:
    found = await records.totals(turn.tx, turn.person.person_id)
    years = sorted({total.year for total in found})
    categories = sorted({total.category for total in found})
    counts = {(total.category, total.year): total.turns for total in found}
    rows: list[list[CellValue]] = [
        [name, *(counts.get((name, year), 0) for year in years), sum(counts.get((name, y), 0) for y in years)]
        for name in categories
    ]
    sums: list[CellValue] = [sum(counts.get((name, year), 0) for name in categories) for year in years]
    rows.append([turn.words(_SHEET, "all"), *sums, sum(counts.values())])
    headings = [turn.words(_SHEET, "heading_group"), *map(str, years), turn.words(_SHEET, "all")]
    return Sheet(turn.words(_SHEET, "totals"), headings, rows)


def _by_level(turn: Turn, turns: Sequence[Record]) -> Sheet:
    """Count turns and classes by year, category and level (R15)."""
    counts = Counter((one.year, one.category, one.level) for one in turns)
    classes: dict[tuple[int, str, str], set[str]] = defaultdict(set)
    for one in turns:
        if one.class_code:
            classes[one.year, one.category, one.level].add(one.class_code)
    rows: list[list[CellValue]] = [[*key, len(classes[key]) or None, count] for key, count in sorted(counts.items())]
    headings = [turn.words(_SHEET, f"heading_{name}") for name in ("year", "category", "level", "classes", "turns")]
    return Sheet(turn.words(_SHEET, "levels"), headings, rows)
