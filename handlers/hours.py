"""Hours of learning a year: a person's own, who is behind, the targets, the quarterly nudge. Rules: training.hours."""

from collections.abc import Sequence
from typing import Any

from bot.chat.pages import page_of
from bot.chat.router import answer, choice, notice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Stale
from bot.excel.cells import CellValue
from bot.excel.writer import Sheet, write_workbook
from bot.training import audit, hours, hours_nudge, money, who_not
from bot.training.calendar import Calendar
from bot.training.courses import AUDIENCES
from bot.training.who_not import Missing

_SHEET = "hours/sheet"
_HEADINGS = ("number", "code", "name", "unit", "done", "target", "left")
_UNITS = ("number", "unit", "people", "with_hours", "without", "reached", "share", "share_reached")
_AHEAD = ("number", "code", "name", "unit", "mark", "turns", "done", "target")


def _year(turn: Turn, asked: int = 0) -> int:
    """Give the year that was asked for, else this one. Raises Stale for one that no button of ours names."""
    year = asked or Calendar(turn.zone).local(turn.now).year
    if not hours.FIRST_YEAR <= year <= hours.LAST_YEAR:
        raise Stale
    return year


@choice("hours", who=Role.OFFICIAL, reach="own")
async def own(turn: Turn, year: int = 0, page: int = 0) -> Screen:
    """Show what the person has come to in a year, source by source."""
    year, days, me = _year(turn, year), Calendar(turn.zone), turn.person.person_id
    shown = page_of(await hours.entries(turn.tx, me, year, days), page)
    standing = await hours.of_person(turn.tx, me, year, days)
    screen = Screen("hours/own", year=year, standing=standing, page=shown)
    shown.buttons(screen, "hours", year)
    screen.button("year", "hours", year - 1, year=year - 1)
    if year < _year(turn):
        screen.button("year", "hours", year + 1, beside=True, year=year + 1)
    screen.button("gaps", "gaps_mine").button("certificates", "certs")
    if await money.of_person(turn.tx, me):
        screen.button("money", "money_mine", beside=True)
    return screen.button("back", "profile").button("home", "home", beside=True)


@choice("desk_hours", who=Role.HR, reach="list")
async def desk(turn: Turn) -> Screen:
    """Show how many are behind this year, and the ways on."""
    year, days, me = _year(turn), Calendar(turn.zone), turn.person.person_id
    behind = await hours.behind(turn.tx, me, year, days)
    empty = sum(one.standing.tenths == 0 for one in behind)
    everybody = await hours.active_in_reach(turn.tx, me)
    screen = Screen("hours/desk", year=year, behind=len(behind), empty=empty, everybody=everybody)
    screen.button("behind", "hours_behind").button("none", "hours_none", beside=True)
    screen.button("ahead", "hours_ahead").button("targets", "hours_targets", beside=True)
    screen.button("units", "hours_units").button("gaps", "gaps", beside=True)
    screen.button("history", "history")
    return screen.button("back", "desk").button("home", "home", beside=True)


@choice("hours_behind", who=Role.HR, reach="list")
async def behind(turn: Turn, page: int = 0) -> Screen:
    """List who is under the target, by unit."""
    found = await hours.behind(turn.tx, turn.person.person_id, _year(turn), Calendar(turn.zone))
    return await _listed(turn, "hours_behind", found, page, "hours_sheet", 0)


async def _listed(turn: Turn, name: str, found: Sequence[Any], page: int, sheet: str, *args: int) -> Screen:
    """Show a page of a list, with the button to its workbook."""
    year = _year(turn)
    await audit.record(turn.tx, turn.person.person_id, "hours.list", f"year:{year}", turn.now)
    shown = page_of(found, page)
    screen = Screen(name.replace("_", "/"), year=year, page=shown)
    shown.buttons(screen, name)
    if found:
        screen.button("sheet", sheet, *args)
    return screen.button("back", "desk_hours").button("home", "home", beside=True)


@choice("hours_none", who=Role.HR, reach="list")
async def none(turn: Turn, page: int = 0) -> Screen:
    """Show who has no hour yet as lines ready to paste."""
    year, me = _year(turn), turn.person.person_id
    found = await hours.behind(turn.tx, me, year, Calendar(turn.zone), only_none=True)
    await audit.record(turn.tx, me, "hours.list", f"year:{year}", turn.now)
    listed = who_not.lines(Missing(one.person_id, one.code, one.name, one.unit) for one in found)
    shown = page_of(who_not.messages(listed), page, 1)
    screen = Screen("hours/none", year=year, total=len(found), page=shown, lines=shown.items[0] if shown.items else [])
    shown.buttons(screen, "hours_none")
    if found:
        screen.button("sheet", "hours_sheet", 1)
    return screen.button("back", "desk_hours").button("home", "home", beside=True)


@choice("hours_sheet", who=Role.HR, reach="list")
async def sheet(turn: Turn, only_none: int) -> Screen:
    """Send who is behind, or who has no hour yet, as a workbook."""
    year, me = _year(turn), turn.person.person_id
    found = await hours.behind(turn.tx, me, year, Calendar(turn.zone), only_none=bool(only_none))
    await audit.record(turn.tx, me, "hours.export", f"year:{year}", turn.now, new={"people": len(found)})
    rows: list[list[CellValue]] = [
        [at, one.code, one.name, one.unit, one.standing.tenths / 10, one.standing.target, one.standing.left / 10]
        for at, one in enumerate(found, start=1)
    ]
    return _sent(turn, "none" if only_none else "title", _HEADINGS, rows, year)


def _sent(
    turn: Turn, about: str, names: tuple[str, ...], rows: list[list[CellValue]], year: int, people: int | None = None
) -> Screen:
    title = turn.words(_SHEET, about, year=year)
    headings = [turn.words(_SHEET, f"heading_{name}") for name in names]
    notes = [title, turn.words("uploads/report", "note")]
    content = write_workbook([Sheet(str(year), headings, rows, notes=notes)], title=title, made_at=turn.now)
    screen = Screen(_SHEET, fresh=True, year=year, people=len(rows) if people is None else people)
    screen.attach(turn.words(_SHEET, "filename", year=year), content)
    return screen.button("back", "desk_hours").button("home", "home", beside=True)


@choice("hours_ahead", who=Role.HR, reach="list")
async def ahead(turn: Turn, page: int = 0) -> Screen:
    """List who learns well or much this year; what follows from it is for people to decide."""
    found = await hours.ahead(turn.tx, turn.person.person_id, _year(turn), Calendar(turn.zone))
    return await _listed(turn, "hours_ahead", found, page, "hours_ahead_sheet")


@choice("hours_ahead_sheet", who=Role.HR, reach="list")
async def ahead_sheet(turn: Turn) -> Screen:
    """Send who learns well or much this year as a workbook."""
    year, me = _year(turn), turn.person.person_id
    found = await hours.ahead(turn.tx, me, year, Calendar(turn.zone))
    await audit.record(turn.tx, me, "hours.export", f"year:{year}", turn.now, new={"people": len(found)})
    rows: list[list[CellValue]] = [
        [at, one.code, one.name, one.unit, None if one.mark is None else one.mark / 10, one.turns,
         one.standing.tenths / 10, one.standing.target]
        for at, one in enumerate(found, start=1)
    ]  # fmt: skip
    return _sent(turn, "ahead", _AHEAD, rows, year)


@choice("hours_units", who=Role.HR, reach="list")
async def by_unit(turn: Turn, page: int = 0) -> Screen:
    """List the units by how many of their people take part (R65)."""
    found = await hours.by_unit(turn.tx, turn.person.person_id, _year(turn), Calendar(turn.zone))
    return await _listed(turn, "hours_units", found, page, "hours_units_sheet")


@choice("hours_units_sheet", who=Role.HR, reach="list")
async def units_sheet(turn: Turn) -> Screen:
    """Send the units by how many of their people take part as a workbook."""
    year, me = _year(turn), turn.person.person_id
    found = await hours.by_unit(turn.tx, me, year, Calendar(turn.zone))
    people = sum(one.people for one in found)
    await audit.record(turn.tx, me, "hours.export", f"year:{year}", turn.now, new={"units": len(found)})
    rows: list[list[CellValue]] = [
        [at, one.name, one.people, one.with_hours, one.people - one.with_hours, one.reached,
         round(100 * one.with_hours / one.people, 1), round(100 * one.reached / one.people, 1)]
        for at, one in enumerate(found, start=1)
    ]  # fmt: skip
    return _sent(turn, "units", _UNITS, rows, year, people)


@choice("hours_targets", who=Role.HR, reach="none")
async def targets(turn: Turn, year: int = 0) -> Screen:
    """Show each group's target of a year; who has the whole may change them."""
    year = _year(turn, year)
    screen = Screen("hours/targets", year=year, targets=await hours.targets(turn.tx, year))
    if turn.has(Role.HR_ALL):
        for group in AUDIENCES:
            screen.button("group", "hours_target", group, year, beside=group in ("CC", "HDLD"), group=group)
    screen.button("year", "hours_targets", year - 1, year=year - 1)
    screen.button("year", "hours_targets", year + 1, beside=True, year=year + 1)
    return screen.button("back", "desk_hours")


@choice("hours_target", who=Role.HR_ALL, reach="whole")
async def ask_target(turn: Turn, group: str, year: int) -> Screen:
    """Ask for a group's target."""
    hours.check_target(group, year)
    turn.ask("hours_target", group, year)
    current = (await hours.targets(turn.tx, year))[group]
    return Screen("hours/ask_target", group=group, year=year, current=current).button("back", "hours_targets", year)


@answer("hours_target", who=Role.HR_ALL, reach="whole")
async def target_typed(turn: Turn, text: str, group: str, year: int) -> Screen:
    """Keep a group's target."""
    if group not in AUDIENCES:
        raise Stale
    await hours.set_target(turn.tx, group, year, text, turn.person.person_id, turn.now)
    return await targets(turn, year)


@notice("hours_nudge")
async def nudge(turn: Turn, year: int) -> Screen | None:
    """Tell somebody without any hour this year, if that is still so."""
    standing = await hours.of_person(turn.tx, turn.person.person_id, year, Calendar(turn.zone))
    if standing.tenths or not standing.target:
        return None
    screen = Screen("hours/nudge", year=year, standing=standing)
    return screen.button("courses", "courses").button("hours", "hours", beside=True)


@notice("hours_heads")
async def heads(turn: Turn, year: int) -> Screen | None:
    """Tell a head how many of their people have no hour yet."""
    count, everybody = await hours_nudge.without_hours(turn.tx, turn.person.person_id, year, Calendar(turn.zone))
    if not count:
        return None
    return Screen("hours/heads", year=year, count=count, everybody=everybody).button("home", "home")
