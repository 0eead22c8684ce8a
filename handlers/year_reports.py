"""The report over years, of a plan or of a typed period: on the screen and as a workbook. The sums: year_report."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

from bot.chat.router import answer, choice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.excel.cells import CellValue
from bot.excel.writer import Sheet, write_workbook
from bot.training import audit, calendar, plan_fields, plans, year_report
from bot.training.history_sheet import FIRST_YEAR
from bot.training.plan_actual import Actual
from bot.training.plans import Plan, Target
from bot.training.records import Tally
from bot.training.year_report import YearReport
from handlers import plans as cards

_REPORT, _SHEET = "history/report", "history/report_sheet"
YEARS_SHOWN = 12
USUAL = 5  # years that are offered without typing


@choice("history_years", who=Role.HR, reach="list")
async def ask_years(turn: Turn) -> Screen:
    """Ask for the period, the last five years at hand."""
    turn.ask("history_years")
    days = await calendar.load(turn.tx, turn.zone)
    last = days.local(turn.now).year
    screen = Screen("history/ask_years")
    screen.button("usual", "history_report", last - USUAL + 1, last, first=last - USUAL + 1, last=last)
    return screen.button("back", "history").button("home", "home", beside=True)


@answer("history_years", who=Role.HR, reach="list")
async def years_told(turn: Turn, text: str) -> Screen:
    """Show the report of the typed period."""
    return await of_years(turn, *plan_fields.years_of(text, FIRST_YEAR))


@choice("history_report", who=Role.HR, reach="list")
async def of_years(turn: Turn, first: int, last: int) -> Screen:
    """Show the report of a period: turns and classes by year and by content group."""
    plan_fields.check_years(first, last, FIRST_YEAR)
    report = await year_report.of_years(turn.tx, turn.person.person_id, first, last)
    screen = _shown(report, None)
    if report.tallies:
        screen.button("sheet", "history_book", first, last)
    screen.button("other", "history_years", beside=bool(report.tallies))
    return screen.button("back", "history").button("home", "home", beside=True)


@choice("plan_report", who=Role.HR, reach="plan")
async def of_plan(turn: Turn, plan_id: int) -> Screen:
    """Show the report of what counts for a plan, year by year."""
    plan = await plans.find(turn.tx, plan_id)
    screen = _shown(await _of_plan(turn, plan), plan)
    screen.button("sheet", "plan_book", plan_id)
    return screen.button("back", "plan", plan_id).button("home", "home", beside=True)


async def _of_plan(turn: Turn, plan: Plan) -> YearReport:
    targets = [line.target for line in await plans.lines(turn.tx, plan.id)]
    first, last = plan.facts.first_year, plan.facts.last_year
    return await year_report.of_years(turn.tx, turn.person.person_id, first, last, targets)


def _shown(report: YearReport, plan: Plan | None) -> Screen:
    by_year = [(year, year_report.add(found)) for year, found in year_report.by_year(report.tallies).items()]
    return Screen(
        _REPORT,
        report=report,
        plan=plan,
        years=by_year[-YEARS_SHOWN:],
        earlier=len(by_year) > YEARS_SHOWN,
        categories=[(code, year_report.add(found)) for code, found in year_report.by_category(report.tallies).items()],
    )


@choice("history_book", who=Role.HR, reach="list")
async def book_of_years(turn: Turn, first: int, last: int) -> Screen:
    """Send the report of a period as a workbook to read."""
    plan_fields.check_years(first, last, FIRST_YEAR)
    report = await year_report.of_years(turn.tx, turn.person.person_id, first, last)
    await audit.noted(turn, "history.report", f"years:{first}-{last}", new={"turns": report.total.turns})
    screen = await _send(turn, report, [], None)
    return screen.button("back", "history_report", first, last).button("home", "home", beside=True)


@choice("plan_book", who=Role.HR, reach="plan")
async def book_of_plan(turn: Turn, plan_id: int) -> Screen:
    """Send the report of a plan as a workbook to read, its lines planned against actual first (R10)."""
    plan = await plans.find(turn.tx, plan_id)
    report = await _of_plan(turn, plan)
    await audit.noted(turn, "plan.report", plan.subject, new={"turns": report.total.turns})
    screen = await _send(turn, report, [await _lines(turn, plan)], plan)
    return screen.button("back", "plan_report", plan_id).button("home", "home", beside=True)


async def _send(turn: Turn, report: YearReport, before: Sequence[Sheet], plan: Plan | None) -> Screen:
    title = _words(turn, "title", first=report.first, last=report.last, plan=plan)
    sheets = [*before, _by_category(turn, report), _by_level(turn, report), await _by_unit(turn, report)]
    noted = [
        Sheet(one.title, one.headings, one.rows, notes=[f"{title} – {one.title}", turn.words("uploads/report", "note")])
        for one in sheets
    ]
    content = await asyncio.to_thread(write_workbook, noted, title=title, made_at=turn.now)
    screen = Screen(_SHEET, fresh=True, report=report)
    return screen.attach(_words(turn, "filename", first=report.first, last=report.last), content)


def _words(turn: Turn, block: str, **values: Any) -> str:
    return turn.words(_SHEET, block, **values)


def _headings(turn: Turn, *names: str) -> list[str]:
    return [_words(turn, f"heading_{name}") for name in names]


def _year_headings(turn: Turn, report: YearReport) -> list[str]:
    years = [_words(turn, f"year_{name}", year=year) for year in report.years for name in ("turns", "classes")]
    return [*years, *_headings(turn, "turns", "classes", "failed")]


def _figures(report: YearReport, tallies: Iterable[Tally]) -> list[CellValue]:
    """Give turns and classes of each year, then of all, and how many turns were not completed."""
    every = list(tallies)
    sums = [year_report.add(one for one in every if one.year == year) for year in report.years]
    cells: list[CellValue] = [figure for one in sums for figure in (one.turns or None, one.classes or None)]
    total = year_report.add(every)
    return [*cells, total.turns, total.classes, total.failed]


def _by_category(turn: Turn, report: YearReport) -> Sheet:
    rows = [
        [code, _words(turn, "category", code=code), *_figures(report, found)]
        for code, found in year_report.by_category(report.tallies).items()
    ]
    rows.append([_words(turn, "all"), None, *_figures(report, report.tallies)])
    return Sheet(
        _words(turn, "by_category"), [*_headings(turn, "code", "category"), *_year_headings(turn, report)], rows
    )


def _by_level(turn: Turn, report: YearReport) -> Sheet:
    rows = [
        [_words(turn, "category", code=code), level or _words(turn, "no_level"), *_figures(report, found)]
        for (code, level), found in year_report.by_level(report.tallies).items()
    ]
    rows.append([_words(turn, "all"), None, *_figures(report, report.tallies)])
    return Sheet(_words(turn, "by_level"), [*_headings(turn, "category", "level"), *_year_headings(turn, report)], rows)


async def _by_unit(turn: Turn, report: YearReport) -> Sheet:
    units = await year_report.units(turn.tx, turn.person.person_id, report)
    rows: list[list[CellValue]] = [[one.name or _words(turn, "no_unit"), one.turns, one.people] for one in units]
    rows.append([_words(turn, "all"), report.total.turns, report.people])
    return Sheet(_words(turn, "by_unit"), _headings(turn, "unit", "turns", "people"), rows)


_LINES = ("category", "level", "year", "planned_turns", "completed", "failed", "planned_classes", "classes",
          "open_classes", "open_seats", "planned_money", "paid")  # fmt: skip


async def _lines(turn: Turn, plan: Plan) -> Sheet:
    """Tell each line of a plan, planned against actual, and the total."""
    done = await cards.done_of(turn, plan)
    targets = [line.target for line in await plans.lines(turn.tx, plan.id)]
    rows: list[list[CellValue]] = [
        [_words(turn, "category", code=one.category), one.level or _words(turn, "any_level"), one.year,
         *_against([one], done.of([one]))]
        for one in targets
    ]  # fmt: skip
    rows.append([_words(turn, "all"), None, None, *_against(plans.added_up(targets), done.total(targets))])
    return Sheet(_words(turn, "lines"), _headings(turn, *_LINES), rows)


def _against(planned: Sequence[Target], actual: Actual) -> list[CellValue]:
    money = [one.money for one in planned if one.money is not None]
    return [
        sum(one.turns for one in planned) or None, actual.turns, actual.failed,
        sum(one.classes for one in planned) or None, actual.classes, actual.open_classes, actual.open_seats,
        sum(money) if money else None, actual.paid,
    ]  # fmt: skip
