"""HR sees and edits the list of days off. What a typed line means is in training.days_off."""

from datetime import date

from bot.chat.pages import page_of
from bot.chat.router import answer, choice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Stale
from bot.training import audit, calendar, days_off
from bot.training.days_off import Day


async def _today(turn: Turn) -> date:
    days = await calendar.load(turn.tx, turn.zone)
    return days.local(turn.now).date()


@choice("desk_days", who=Role.HR_ALL, reach="whole")
async def listing(turn: Turn, page: int = 0) -> Screen:
    """List the holidays to come and the days HR added."""
    found = page_of(await days_off.upcoming(turn.tx, await _today(turn), turn.language), page)
    screen = Screen("daysoff/list", page=found)
    for day in found.items:
        screen.button("item", "day", day.day, day=day)
    found.buttons(screen, "desk_days").button("add", "day_add")
    return screen.button("back", "desk_setup", beside=True).button("home", "home", beside=True)


@choice("day_add", who=Role.HR_ALL, reach="whole")
async def ask_day(turn: Turn) -> Screen:
    """Ask for a day to put on the list."""
    turn.ask("desk_day")
    return Screen("daysoff/ask").button("leave", "desk_days")


@answer("desk_day", who=Role.HR_ALL, reach="whole")
async def added(turn: Turn, text: str) -> Screen:
    """Put the typed days on the list."""
    typed = days_off.parse(text, await _today(turn))
    await days_off.put(turn.tx, typed, turn.zone, turn.now)
    await audit.noted(turn, "days.add", f"day:{typed.days[0]}", new=[day.isoformat() for day in typed.days])
    screen = Screen("daysoff/added", typed=typed, first=typed.days[0].isoformat(), last=typed.days[-1].isoformat())
    return screen.button("back", "desk_days").button("home", "home", beside=True)


@choice("day", who=Role.HR_ALL, reach="whole")
async def card(turn: Turn, day: str) -> Screen:
    """Show one day with the button that takes it off the list."""
    found = await _find(turn, day)
    screen = Screen("daysoff/day", day=found)
    screen.button("take_off" if found.edited else "work", "day_off", day)
    return screen.button("back", "desk_days").button("home", "home", beside=True)


@choice("day_off", who=Role.HR_ALL, reach="whole")
async def take_off(turn: Turn, day: str) -> Screen:
    """Undo a listed day, or let a public holiday be worked."""
    found = await _find(turn, day)
    await days_off.take_off(turn.tx, found.day, found.name, turn.zone, turn.now)
    await audit.noted(turn, "days.take_off", f"day:{found.day}")
    return await listing(turn)


async def _find(turn: Turn, day: str) -> Day:
    upcoming = await days_off.upcoming(turn.tx, await _today(turn), turn.language)
    found = next((one for one in upcoming if one.day == day), None)
    if found is None:
        raise Stale
    return found
