"""A head hands over to a colleague between two days, and takes it back; HR does it for them. Rules: training.acting."""

import datetime as dt

from bot.chat import narrowing
from bot.chat.pages import page_of
from bot.chat.router import answer, choice, notice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Stale
from bot.training import acting, calendar, directory, people, telling, units
from bot.training.acting import Acting
from bot.training.calendar import Calendar

WHO = (Role.HEAD, Role.HR)
SPANS = (1, 3, 7, 14, 30)  # days offered as buttons


@choice("acting", who=Role.HEAD, reach="own")
async def mine(turn: Turn) -> Screen:
    """Show the hand-overs of the unit that the speaker heads, or the units to choose from."""
    headed = await acting.headed(turn.tx, turn.person.person_id)
    if len(headed) == 1:
        return await of_unit(turn, headed[0][0])
    screen = Screen("acting/units", units=headed)
    for unit_id, name in headed:
        screen.button("item", "acting_unit", unit_id, name=name)
    return screen.button("back", "approvals").button("home", "home", beside=True)


@choice("acting_unit", who=WHO, reach="unit")
async def of_unit(turn: Turn, unit_id: int) -> Screen:
    """Show who stands in for the head of a unit, now or later."""
    await acting.check(turn.tx, turn.person, unit_id)
    unit = await units.find(turn.tx, unit_id)
    current = await acting.of_unit(turn.tx, unit_id, turn.now)
    screen = Screen("acting/unit", unit=unit, current=current, now=turn.now)
    for one in current:
        screen.button("end", "acting_end", one.id, 0, acting=one)
    screen.button("give", "acting_people", unit_id, 0)
    back = ("approvals",) if unit.head_id == turn.person.person_id else ("unit", unit_id)
    return screen.button("back", *back).button("home", "home", beside=True)


@choice("acting_people", who=WHO, reach="unit")
async def colleagues(turn: Turn, unit_id: int, page: int) -> Screen:
    """List the colleagues of a unit, leaders first, to pick who stands in; typed words narrow the list."""
    narrowing.forget(turn)
    return await _colleagues(turn, unit_id, page)


@answer("acting_words", who=WHO, reach="unit", narrows=True)
async def colleagues_told(turn: Turn, text: str, unit_id: int) -> Screen:
    """Narrow the list to colleagues with the typed words in their name, title or code."""
    narrowing.keep(turn, f"acting_people:{unit_id}", text)
    return await _colleagues(turn, unit_id, 0)


@choice("acting_found", who=WHO, reach="unit")
async def colleagues_found(turn: Turn, unit_id: int, page: int) -> Screen:
    """Show another page of the narrowed list."""
    return await _colleagues(turn, unit_id, page)


async def _colleagues(turn: Turn, unit_id: int, page: int) -> Screen:
    await acting.check(turn.tx, turn.person, unit_id)
    unit, words = await units.find(turn.tx, unit_id), narrowing.kept(turn, f"acting_people:{unit_id}")
    everyone = [one for one in await directory.of_unit(turn.tx, unit_id) if one.id != unit.head_id]
    shown = page_of(narrowing.narrowed(everyone, words, directory.told), page)
    screen = Screen("acting/people", unit=unit, page=shown, words=words)
    for person in shown.items:
        screen.button("item", "acting_from", unit_id, person.id, name=person.name, title=person.title)
    shown.buttons(screen, "acting_found" if words else "acting_people", unit_id)
    if words:
        screen.button("all", "acting_people", unit_id, 0)
    turn.ask("acting_words", unit_id)
    return screen.button("back", "acting_unit", unit_id)


@choice("acting_from", who=WHO, reach="unit person")
async def ask_first(turn: Turn, unit_id: int, person_id: int) -> Screen:
    """Ask from which day on."""
    await acting.check_colleague(turn.tx, turn.person, unit_id, person_id)
    return await _first(turn, unit_id, person_id, wrong="")


async def _first(turn: Turn, unit_id: int, person_id: int, wrong: str) -> Screen:
    turn.ask("acting_from", unit_id, person_id)
    today = (await _days(turn)).local(turn.now).date()
    screen = Screen(
        "acting/first", person=await people.find(turn.tx, person_id), wrong=wrong, example=today.isoformat()
    )
    tomorrow, monday = today + dt.timedelta(days=1), today + dt.timedelta(days=7 - today.weekday())
    screen.button("today", "acting_until", unit_id, person_id, _bare(today))
    screen.button("tomorrow", "acting_until", unit_id, person_id, _bare(tomorrow), beside=True)
    screen.button("monday", "acting_until", unit_id, person_id, _bare(monday), day=monday.isoformat())
    return screen.button("back", "acting_people", unit_id, 0)


@answer("acting_from", who=WHO, reach="unit person")
async def first_typed(turn: Turn, text: str, unit_id: int, person_id: int) -> Screen:
    """Take the typed first day; what is none of use is asked for again."""
    await acting.check_colleague(turn.tx, turn.person, unit_id, person_id)
    day = acting.typed_day(text, await _days(turn), turn.now)
    if day is None:
        return await _first(turn, unit_id, person_id, wrong=text[:40])
    return await _last(turn, unit_id, person_id, day, wrong="")


@choice("acting_until", who=WHO, reach="unit person")
async def ask_last(turn: Turn, unit_id: int, person_id: int, first: int) -> Screen:
    """Ask until which day."""
    await acting.check_colleague(turn.tx, turn.person, unit_id, person_id)
    return await _last(turn, unit_id, person_id, _day(first), wrong="")


async def _last(turn: Turn, unit_id: int, person_id: int, first: dt.date, wrong: str) -> Screen:
    turn.ask("acting_until", unit_id, person_id, _bare(first))
    person = await people.find(turn.tx, person_id)
    screen = Screen("acting/last", person=person, first=first.isoformat(), wrong=wrong)
    for place, length in enumerate(SPANS):
        last = first + dt.timedelta(days=length - 1)
        args = (unit_id, person_id, _bare(first), _bare(last), 0)
        screen.button("span", "acting_give", *args, beside=place % 2 == 1, length=length, last=last.isoformat())
    return screen.button("back", "acting_from", unit_id, person_id)


@answer("acting_until", who=WHO, reach="unit person")
async def last_typed(turn: Turn, text: str, unit_id: int, person_id: int, first: int) -> Screen:
    """Take the typed last day; what is none of use is asked for again."""
    await acting.check_colleague(turn.tx, turn.person, unit_id, person_id)
    day = acting.typed_day(text, await _days(turn), turn.now)
    if day is None or day < _day(first):
        return await _last(turn, unit_id, person_id, _day(first), wrong=text[:40])
    return await give(turn, unit_id, person_id, first, _bare(day), 0)


@choice("acting_give", who=WHO, reach="unit person")
async def give(turn: Turn, unit_id: int, person_id: int, first: int, last: int, sure: int) -> Screen:
    """Hand over, after asking once."""
    await acting.check_colleague(turn.tx, turn.person, unit_id, person_id)
    days = await _days(turn)
    from_day, until_day = _day(first), _day(last)
    if sure:
        await acting.hand_over(turn.tx, turn.person, unit_id, person_id, from_day, until_day, days, turn.now)
        return await of_unit(turn, unit_id)
    acting.span(from_day, until_day, days, turn.now)
    unit, person = await units.find(turn.tx, unit_id), await people.find(turn.tx, person_id)
    told = await telling.concerned(turn.tx, [person_id, unit.head_id], turn.person.person_id)
    first_day, last_day = from_day.isoformat(), until_day.isoformat()
    screen = Screen("acting/sure", unit=unit, person=person, first=first_day, last=last_day, told=told)
    screen.button("sure", "acting_give", unit_id, person_id, first, last, 1, tone="go")
    return screen.button("leave", "acting_unit", unit_id, beside=True)


@choice("acting_end", who=WHO, reach="acting")
async def end(turn: Turn, acting_id: int, sure: int) -> Screen:
    """End a hand-over at once, after asking."""
    found = await acting.find(turn.tx, acting_id)
    await acting.check(turn.tx, turn.person, found.unit_id)
    if sure or found.over(turn.now):
        await acting.end(turn.tx, turn.person, acting_id, await _days(turn), turn.now)
        return await of_unit(turn, found.unit_id)
    screen = Screen("acting/sure_end", acting=found)
    screen.button("sure", "acting_end", acting_id, 1, tone="stop")
    return screen.button("leave", "acting_unit", found.unit_id, beside=True)


@notice(acting.GIVEN)
async def given(turn: Turn, acting_id: int) -> Screen | None:
    """Tell who stands in, and the head when HR did it, while it is not over."""
    found = await acting.find(turn.tx, acting_id)
    return None if found.over(turn.now) else _told(turn, found, "acting/given")


@notice(acting.ENDED)
async def ended(turn: Turn, acting_id: int) -> Screen | None:
    """Tell both that it has ended before its time, unless what ended it was taken back."""
    found = await acting.find(turn.tx, acting_id)
    return _told(turn, found, "acting/ended") if found.over(turn.now) else None


def _told(turn: Turn, found: Acting, template: str) -> Screen:
    own = found.person_id == turn.person.person_id
    screen = Screen(template, acting=found, own=own, fresh=True)
    if turn.has(Role.HEAD):
        screen.button("approvals", "approvals")
    return screen.button("home", "home", beside=turn.has(Role.HEAD))


async def _days(turn: Turn) -> Calendar:
    return await calendar.load(turn.tx, turn.zone)


def _bare(day: dt.date) -> int:
    """Give a day as a number, 20261231, as buttons carry it."""
    return int(f"{day:%Y%m%d}")


def _day(bare: int) -> dt.date:
    try:
        return dt.datetime.strptime(str(bare), "%Y%m%d").replace(tzinfo=dt.UTC).date()
    except ValueError:
        raise Stale from None
