"""HR's list of what people ask about their data, and the answers. The rules are in training.requests."""

from bot.chat.pages import page_of
from bot.chat.router import answer, choice, notice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.training import calendar, requests


@choice("desk_requests", who=Role.HR, reach="list")
async def waiting(turn: Turn, page: int = 0) -> Screen:
    """List the open requests, the most urgent first."""
    found = page_of(await requests.waiting(turn.tx), page)
    screen = Screen("requests/list" if found.total else "requests/none", page=found, now=turn.now)
    for request in found.items:
        screen.button("item", "request", request.id, name=request.name, due_at=request.due_at)
    return found.buttons(screen, "desk_requests").button("back", "desk").button("home", "home", beside=True)


@choice("request", who=Role.HR, reach="request")
async def card(turn: Turn, request_id: int) -> Screen:
    """Show one request; an open one with the button to answer it."""
    request = await requests.find(turn.tx, request_id)
    screen = Screen("requests/card", request=request, now=turn.now)
    if request.done_at is None:
        screen.button("answer", "request_answer", request.id)
    screen.button("person", "person", request.person_id)
    return screen.button("back", "desk_requests").button("home", "home", beside=True)


@choice("request_answer", who=Role.HR, reach="request")
async def ask_answer(turn: Turn, request_id: int) -> Screen:
    """Ask for the words of the answer."""
    request = await requests.find(turn.tx, request_id)
    turn.ask("request_answer", request_id)
    return Screen("requests/answer", request=request).button("leave", "request", request_id)


@answer("request_answer", who=Role.HR, reach="request")
async def answered(turn: Turn, text: str, request_id: int) -> Screen:
    """Keep the answer; its author is told."""
    days = await calendar.load(turn.tx, turn.zone)
    request = await requests.answer(turn.tx, request_id, text, days, turn.now)
    screen = Screen("requests/done", request=request)
    return screen.button("back", "desk_requests").button("home", "home", beside=True)


@notice("request_new")
async def new(turn: Turn, request_id: int) -> Screen | None:
    """Tell HR of a new request, unless it has been answered."""
    request = await requests.find(turn.tx, request_id)
    if request.done_at is not None or not turn.has(Role.HR):
        return None
    screen = Screen("requests/card", request=request, now=turn.now, fresh=True)
    screen.button("answer", "request_answer", request_id).button("person", "person", request.person_id)
    return screen.button("home", "home")
