"""A head's board: their people in figures, who is away on courses soon, the ways on. Figures: training.unit_board."""

from bot.chat.pages import page_of
from bot.chat.router import choice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.training import audit, enrolments, swaps, unit_board
from bot.training.calendar import Calendar

SHOWN = 4  # sessions on one page: each may name many people


@choice("unit_board", who=Role.HEAD, reach="list")
async def board(turn: Turn, page: int = 0) -> Screen:
    """Show the head's units: what waits, who is away, who has not learned."""
    me, days = turn.person.person_id, Calendar(turn.zone)
    year = days.local(turn.now).year
    told = await unit_board.of_head(turn.tx, me, year, days, turn.now)
    away = page_of(await unit_board.away(turn.tx, me, turn.now), page, SHOWN)
    waiting = await enrolments.waiting_for(turn.tx, turn.person, turn.now)
    waiting += len(await swaps.queue(turn.tx, me, turn.now))
    await audit.noted(turn, "unit.board", f"unit:{turn.person.unit_id}")
    screen = Screen("unit_board/board", board=told, year=year, away=away, waiting=waiting)
    away.buttons(screen, "unit_board")
    screen.button("approvals", "approvals").button("who_not", "who_not", beside=True)
    screen.button("gaps", "gaps").button("nominate", "nominate_courses", beside=True)
    return screen.button("home", "home")
