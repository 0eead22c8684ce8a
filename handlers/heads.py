"""HR sees the units with their heads, sets a head, who is told; issues codes to all. Rules are in bot.training."""

from bot.chat import narrowing
from bot.chat.pages import page_of
from bot.chat.router import answer, choice, notice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Stale
from bot.excel.writer import Sheet, write_workbook
from bot.training import (
    agency,
    audit,
    calendar,
    directory,
    enrolments,
    headship,
    invites,
    people,
    rights,
    telling,
    units,
)
from bot.training.units import Unit


@choice("desk_heads", who=Role.HR, reach="list")
async def listing(turn: Turn, page: int = 0) -> Screen:
    """List the units, those without a head first; typed words narrow the list."""
    narrowing.forget(turn)
    return await _listing(turn, page)


@answer("heads_words", who=Role.HR, reach="list", narrows=True)
async def units_told(turn: Turn, text: str) -> Screen:
    """Narrow the list to units with the typed words in their name or their head's."""
    narrowing.keep(turn, "heads", text)
    return await _listing(turn, 0)


@choice("heads_found", who=Role.HR, reach="list")
async def units_found(turn: Turn, page: int) -> Screen:
    """Show another page of the narrowed list."""
    return await _listing(turn, page)


async def _listing(turn: Turn, page: int) -> Screen:
    words = narrowing.kept(turn, "heads")
    everyone = await units.covered(turn.tx, turn.person.person_id)
    found = page_of(narrowing.narrowed(everyone, words, lambda unit: f"{unit.name} {unit.head or ''}"), page)
    without = sum(unit.head_id is None for unit in everyone)
    screen = Screen("heads/list", page=found, without=without, words=words)
    for unit in found.items:
        screen.button("item", "unit", unit.id, name=unit.name)
    found.buttons(screen, "heads_found" if words else "desk_heads")
    if words:
        screen.button("all", "desk_heads")
    turn.ask("heads_words")
    return screen.button("back", "desk").button("home", "home", beside=True)


@choice("unit", who=Role.HR, reach="unit")
async def card(turn: Turn, unit_id: int) -> Screen:
    """Show one unit and its head."""
    return await _card(turn, await _covered(turn, unit_id))


async def _covered(turn: Turn, unit_id: int) -> Unit:
    await rights.check_unit(turn.tx, turn.person.person_id, unit_id)
    return await units.find(turn.tx, unit_id)


async def _card(turn: Turn, unit: Unit) -> Screen:
    unit_id = unit.id
    screen = Screen("heads/unit", unit=unit)
    if unit.head_id is not None and unit.proposed:
        screen.button("confirm", "head_set", unit_id, unit.head_id, 0)
    screen.button("choose", "unit_people", unit_id, 0).button("invite", "unit_invite", unit_id, 0)
    screen.button("acting", "acting_unit", unit_id)
    screen.button("people_sheet", "people_sheet", unit_id)
    return screen.button("back", "desk_heads").button("home", "home", beside=True)


@choice("unit_people", who=Role.HR, reach="unit")
async def candidates(turn: Turn, unit_id: int, page: int) -> Screen:
    """List the people of a unit, leaders first, to choose its head from; typed words narrow the list."""
    narrowing.forget(turn)
    return await _candidates(turn, unit_id, page)


@answer("unit_people_words", who=Role.HR, reach="unit", narrows=True)
async def candidates_told(turn: Turn, text: str, unit_id: int) -> Screen:
    """Narrow the list to people with the typed words in their name, title or code."""
    narrowing.keep(turn, f"unit_people:{unit_id}", text)
    return await _candidates(turn, unit_id, 0)


@choice("unit_people_found", who=Role.HR, reach="unit")
async def candidates_found(turn: Turn, unit_id: int, page: int) -> Screen:
    """Show another page of the narrowed list."""
    return await _candidates(turn, unit_id, page)


async def _candidates(turn: Turn, unit_id: int, page: int) -> Screen:
    unit = await _covered(turn, unit_id)
    await audit.noted(turn, "people.list", f"unit:{unit_id}")
    words = narrowing.kept(turn, f"unit_people:{unit_id}")
    found = page_of(narrowing.narrowed(await directory.of_unit(turn.tx, unit_id), words, directory.told), page)
    screen = Screen("heads/people", unit=unit, page=found, words=words)
    for person in found.items:
        screen.button("item", "head_set", unit_id, person.id, 0, name=person.name, title=person.title)
    found.buttons(screen, "unit_people_found" if words else "unit_people", unit_id)
    if words:
        screen.button("all", "unit_people", unit_id, 0)
    turn.ask("unit_people_words", unit_id)
    return screen.button("back", "unit", unit_id).button("home", "home", beside=True)


@choice("head_set", who=Role.HR, reach="unit person")
async def choose(turn: Turn, unit_id: int, person_id: int, sure: int) -> Screen:
    """Make a person the head of their unit, after asking once."""
    unit = await _covered(turn, unit_id)
    await rights.check_person(turn.tx, turn.person.person_id, person_id)
    details = await people.details(turn.tx, person_id)
    person = details.person
    if person.unit_id != unit_id or not details.active:
        raise Stale
    if not sure:
        told = await telling.concerned(turn.tx, [person_id, unit.head_id], turn.person.person_id)
        screen = Screen("heads/sure", unit=unit, person=person, told=told)
        screen.button("sure", "head_set", unit_id, person_id, 1)
        return screen.button("leave", "unit", unit_id, beside=True)
    days = await calendar.load(turn.tx, turn.zone)
    await headship.give(turn.tx, unit_id, person_id, turn.person.person_id, days, turn.now)
    return await _card(turn, await units.find(turn.tx, unit_id))


@notice(headship.GIVEN)
async def given(turn: Turn, unit_id: int) -> Screen | None:
    """Tell somebody that they head a unit from now on, with what waits for them, while they do."""
    unit = await units.find(turn.tx, unit_id)
    if unit.head_id != turn.person.person_id:
        return None
    waiting = await enrolments.waiting_for(turn.tx, turn.person, turn.now)
    screen = Screen("heads/given", unit=unit, waiting=waiting, fresh=True)
    return screen.button("approvals", "approvals").button("home", "home", beside=True)


@notice(headship.ENDED)
async def ended(turn: Turn, unit_id: int) -> Screen | None:
    """Tell somebody that they head a unit no more, and who does, unless they do again."""
    unit = await units.find(turn.tx, unit_id)
    if unit.head_id == turn.person.person_id:
        return None
    return Screen("heads/ended", unit=unit, fresh=True).button("home", "home")


@choice("unit_invite", who=Role.HR, reach="unit")
async def invite(turn: Turn, unit_id: int, sure: int) -> Screen:
    """Make codes for everybody of a unit without a chat and give them as a workbook, after asking once."""
    unit = await _covered(turn, unit_id)
    if not sure:
        screen = Screen("heads/sure_invite", unit=unit).button("sure", "unit_invite", unit_id, 1)
        return screen.button("leave", "unit", unit_id, beside=True)
    link = (await agency.facts(turn.tx)).link
    made = await invites.create_for_unit(turn.tx, unit_id, turn.now)
    await audit.noted(turn, "invites.export", f"unit:{unit_id}", new=len(made))
    screen = Screen("heads/invited", unit=unit, count=len(made), expires_at=turn.now + invites.LIVES, fresh=True)
    if made:
        title = turn.words("heads/invited", "sheet")
        headings = [turn.words("heads/invited", f"head_{name}") for name in ("code", "name", "title", "invite", "link")]
        rows = [[p.code, p.name, p.title, invites.grouped(code), f"{link}{code}" if link else ""] for p, code in made]
        notes = [unit.name, turn.words("uploads/report", "note")]
        book = write_workbook([Sheet(title, headings, rows, notes=notes)], title=title, made_at=turn.now)
        screen.attach(turn.words("heads/invited", "file", name=unit.name), book)
    return screen.button("back", "unit", unit_id).button("home", "home", beside=True)
