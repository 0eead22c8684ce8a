"""/duyet: what waits for a head or HR, and their decision, also right in the notice. The rules are in bot.training."""

from bot.chat.pages import page_of
from bot.chat.router import answer, choice, command, notice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Refused
from bot.training import approvals, calendar, enrolments, swaps
from bot.training.approvals import Request

LONGEST_REASON = 300  # characters kept of what was typed


@command("duyet", who=Role.OFFICIAL, reach="list")
async def duyet(turn: Turn, words: str) -> Screen:
    """Show what waits for this person's decision."""
    return await waiting(turn)


@choice("approvals", who=Role.OFFICIAL, reach="list")
async def waiting(turn: Turn, page: int = 0) -> Screen:
    """List what waits, the first to arrive first."""
    if not (turn.has(Role.HEAD) or turn.has(Role.HR)):
        raise Refused("errors/not_allowed")
    shown = page_of(await enrolments.queue(turn.tx, turn.person, turn.now), page)
    screen = Screen("approvals/waiting", page=shown)
    for request in shown.items:
        screen.button("item", "approval", request.id, request=request)
    shown.buttons(screen, "approvals")
    if passing := len(await swaps.queue(turn.tx, turn.person.person_id, turn.now)):
        screen.button("swaps", "swaps", count=passing)
    return screen.button("nominate", "nominate_courses").button("home", "home", beside=True)


@choice("approval", who=Role.OFFICIAL, reach="enrolment")
async def request_card(turn: Turn, enrolment_id: int) -> Screen:
    """Show one request with the two buttons, or what has become of it."""
    return _card(await approvals.read(turn.tx, turn.person, enrolment_id, turn.now))


@notice("approval")
async def asked(turn: Turn, enrolment_id: int) -> Screen | None:
    """Ask for a decision, if one is still wanted of this person."""
    request = await approvals.read(turn.tx, turn.person, enrolment_id, turn.now)
    if not request.open or (request.enrolment.state == "hr" and not turn.has(Role.HR)):
        return None
    return _card(request)


def _card(request: Request) -> Screen:
    if not request.open:
        return _decided(request)
    screen = Screen("approvals/request", request=request)
    screen.button("approve", "approve", request.enrolment.id, tone="go")
    screen.button("refuse", "refuse", request.enrolment.id, beside=True, tone="stop")
    return screen.button("list", "approvals").button("home", "home", beside=True)


def _decided(request: Request) -> Screen:
    screen = Screen("approvals/decided", request=request, state=request.enrolment.state)
    return screen.button("list", "approvals").button("home", "home", beside=True)


@choice("approve", who=Role.OFFICIAL, reach="enrolment")
async def approve(turn: Turn, enrolment_id: int) -> Screen:
    """Agree to a request."""
    days = await calendar.load(turn.tx, turn.zone)
    return _decided(await approvals.approve(turn.tx, turn.person, enrolment_id, turn.now, days))


@choice("refuse", who=Role.OFFICIAL, reach="enrolment")
async def refuse(turn: Turn, enrolment_id: int) -> Screen:
    """Ask why, before saying no."""
    request = await approvals.read(turn.tx, turn.person, enrolment_id, turn.now)
    if not request.open:
        return _decided(request)
    turn.ask("refuse_reason", enrolment_id)
    screen = Screen("approvals/why", request=request)
    return screen.button("skip", "refuse_now", enrolment_id).button("back", "approval", enrolment_id, beside=True)


@choice("refuse_now", who=Role.OFFICIAL, reach="enrolment")
async def refuse_without_reason(turn: Turn, enrolment_id: int) -> Screen:
    """Say no without a reason."""
    return await _refuse(turn, enrolment_id, None)


@answer("refuse_reason", who=Role.OFFICIAL, reach="enrolment")
async def refuse_with_reason(turn: Turn, text: str, enrolment_id: int) -> Screen:
    """Say no for the typed reason."""
    return await _refuse(turn, enrolment_id, text[:LONGEST_REASON])


async def _refuse(turn: Turn, enrolment_id: int, reason: str | None) -> Screen:
    days = await calendar.load(turn.tx, turn.zone)
    return _decided(await approvals.refuse(turn.tx, turn.person, enrolment_id, reason, turn.now, days))
