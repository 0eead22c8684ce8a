"""Passing a seat to a colleague: whom to ask, their answer, the head's decision. The rules are in training.swapping."""

from bot.chat.pages import page_of
from bot.chat.router import answer, choice, notice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import NotAllowed
from bot.training import calendar, courses, people, swapping, swaps
from bot.training.swaps import Swap

LONGEST_REASON = 300  # characters kept of what was typed
LONGEST_NAME = 60
_WHO = (Role.HEAD, Role.HR)


@choice("swap", who=Role.OFFICIAL)
async def ask_whom(turn: Turn, course_id: int, page: int = 0) -> Screen:
    """List the colleagues who could take the seat; a typed name narrows the list."""
    course = await courses.find(turn.tx, course_id)
    own = turn.person.person_id
    await swaps.may_pass_on(turn.tx, own, course, turn.now)
    about, words = turn.draft.get("swap", (0, ""))
    words = words if about == course_id else ""
    found = page_of(await swaps.colleagues(turn.tx, own, course, words, turn.now), page)
    turn.ask("swap_name", course_id)
    screen = Screen("swaps/whom", course=course, page=found, words=words)
    for person in found.items:
        screen.button("item", "swap_who", course_id, person.id, name=person.name, title=person.title)
    found.buttons(screen, "swap", course_id)
    if words:
        screen.button("everybody", "swap_all", course_id)
    return screen.button("back", "course", course_id)


@answer("swap_name", who=Role.OFFICIAL)
async def name_told(turn: Turn, text: str, course_id: int) -> Screen:
    """Narrow the list to the typed name."""
    turn.draft["swap"] = [course_id, text[:LONGEST_NAME]]
    return await ask_whom(turn, course_id)


@choice("swap_all", who=Role.OFFICIAL)
async def everybody(turn: Turn, course_id: int) -> Screen:
    """Show the whole list again."""
    turn.draft.pop("swap", None)
    return await ask_whom(turn, course_id)


@choice("swap_who", who=Role.OFFICIAL)
async def sure(turn: Turn, course_id: int, person_id: int) -> Screen:
    """Ask once before a colleague is written to."""
    course = await courses.find(turn.tx, course_id)
    await swaps.may_pass_on(turn.tx, turn.person.person_id, course, turn.now)
    colleague = await people.find(turn.tx, person_id)
    if colleague.unit_id != turn.person.unit_id:
        raise NotAllowed(f"person:{person_id}")
    screen = Screen("swaps/sure", course=course, colleague=colleague)
    return screen.button("send", "swap_send", course_id, person_id).button("back", "swap", course_id, beside=True)


@choice("swap_send", who=Role.OFFICIAL)
async def send(turn: Turn, course_id: int, person_id: int) -> Screen:
    """Ask the colleague."""
    days = await calendar.load(turn.tx, turn.zone)
    turn.draft.pop("swap", None)
    own = turn.person.person_id
    swap = await swapping.ask(turn.tx, own, course_id, person_id, turn.arrival, turn.now, days)
    return await _card(turn, swap)


@choice("swap_card", who=Role.OFFICIAL)
async def card(turn: Turn, swap_id: int) -> Screen:
    """Show holder and colleague how the swap stands, with what they may do."""
    return await _card(turn, await swaps.find(turn.tx, swap_id))


async def _card(turn: Turn, swap: Swap) -> Screen:
    own = turn.person.person_id
    if own not in (swap.holder_id, swap.colleague_id):
        raise NotAllowed(swap.subject)
    screen = await _screen(turn, "swaps/card", swap)
    if swap.open(turn.now):
        if own == swap.colleague_id and swap.state == "asked":
            _answers(screen, swap)
        else:
            screen.button("withdraw", "swap_off", swap.id, tone="stop")
    return screen.button("card", "course", swap.course_id).button("home", "home", beside=True)


def _answers(screen: Screen, swap: Swap) -> Screen:
    screen.button("accept", "swap_yes", swap.id, tone="go")
    return screen.button("decline", "swap_no", swap.id, beside=True, tone="stop")


async def _screen(turn: Turn, template: str, swap: Swap) -> Screen:
    return Screen(
        template,
        swap=swap,
        course=await courses.find(turn.tx, swap.course_id),
        holder=await people.find(turn.tx, swap.holder_id),
        colleague=await people.find(turn.tx, swap.colleague_id),
        mine=turn.person.person_id == swap.holder_id,
        open=swap.open(turn.now),
    )


@choice("swap_yes", who=Role.OFFICIAL)
async def accept(turn: Turn, swap_id: int) -> Screen:
    """Take the seat, if the head agrees."""
    days = await calendar.load(turn.tx, turn.zone)
    return await _card(turn, await swapping.agree(turn.tx, turn.person.person_id, swap_id, turn.now, days))


@choice("swap_no", who=Role.OFFICIAL)
async def decline(turn: Turn, swap_id: int) -> Screen:
    """Leave the seat with its holder."""
    days = await calendar.load(turn.tx, turn.zone)
    return await _card(turn, await swapping.decline(turn.tx, turn.person.person_id, swap_id, turn.now, days))


@choice("swap_off", who=Role.OFFICIAL)
async def withdraw(turn: Turn, swap_id: int) -> Screen:
    """Call the swap off."""
    days = await calendar.load(turn.tx, turn.zone)
    return await _card(turn, await swapping.withdraw(turn.tx, turn.person.person_id, swap_id, turn.now, days))


@choice("swaps", who=_WHO, reach="list")
async def waiting(turn: Turn, page: int = 0) -> Screen:
    """List the swaps that wait for this head or clerk."""
    shown = page_of(await swaps.queue(turn.tx, turn.person.person_id, turn.now), page)
    screen = Screen("swaps/waiting", page=shown)
    for swap in shown.items:
        title = (await courses.find(turn.tx, swap.course_id)).title
        name = (await people.find(turn.tx, swap.holder_id)).name
        screen.button("item", "swap_request", swap.id, name=name, title=title)
    return shown.buttons(screen, "swaps").button("list", "approvals").button("home", "home", beside=True)


@choice("swap_request", who=_WHO, reach="swap")
async def request(turn: Turn, swap_id: int) -> Screen:
    """Show one swap to who decides."""
    swap = await swaps.find(turn.tx, swap_id)
    await swaps.check_decides(turn.tx, turn.person.person_id, swap, turn.now)
    return await _request(turn, swap)


async def _request(turn: Turn, swap: Swap) -> Screen:
    screen = await _screen(turn, "swaps/request", swap)
    if swap.open(turn.now) and swap.state == "head":
        screen.button("approve", "swap_approve", swap.id, tone="go")
        screen.button("refuse", "swap_refuse", swap.id, beside=True, tone="stop")
    return screen.button("list", "swaps").button("home", "home", beside=True)


@choice("swap_approve", who=_WHO, reach="swap")
async def approve(turn: Turn, swap_id: int) -> Screen:
    """Let the seat pass on."""
    days = await calendar.load(turn.tx, turn.zone)
    return await _request(turn, await swapping.approve(turn.tx, turn.person.person_id, swap_id, turn.now, days))


@choice("swap_refuse", who=_WHO, reach="swap")
async def refuse(turn: Turn, swap_id: int) -> Screen:
    """Ask why, before saying no."""
    swap = await swaps.find(turn.tx, swap_id)
    await swaps.check_decides(turn.tx, turn.person.person_id, swap, turn.now)
    if swap.state != "head":
        return await _request(turn, swap)
    turn.ask("swap_reason", swap_id)
    screen = await _screen(turn, "swaps/why", swap)
    return screen.button("skip", "swap_refuse_now", swap_id).button("back", "swap_request", swap_id, beside=True)


@choice("swap_refuse_now", who=_WHO, reach="swap")
async def refuse_without_reason(turn: Turn, swap_id: int) -> Screen:
    """Say no without a reason."""
    return await _refuse(turn, swap_id, None)


@answer("swap_reason", who=_WHO, reach="swap")
async def refuse_with_reason(turn: Turn, text: str, swap_id: int) -> Screen:
    """Say no for the typed reason."""
    return await _refuse(turn, swap_id, text[:LONGEST_REASON])


async def _refuse(turn: Turn, swap_id: int, reason: str | None) -> Screen:
    days = await calendar.load(turn.tx, turn.zone)
    swap = await swapping.refuse(turn.tx, turn.person.person_id, swap_id, reason, turn.now, days)
    return await _request(turn, swap)


@notice("swap_asked")
async def asked(turn: Turn, swap_id: int) -> Screen | None:
    """Ask the colleague, while the seat can still be had."""
    swap = await _if_possible(turn, swap_id, "asked")
    return None if swap is None else _answers(await _screen(turn, "swaps/card", swap), swap)


@notice("swap_decide")
async def to_decide(turn: Turn, swap_id: int) -> Screen | None:
    """Ask who decides."""
    swap = await _if_possible(turn, swap_id, "head")
    if swap is None:
        return None
    await swaps.check_decides(turn.tx, turn.person.person_id, swap, turn.now)
    return await _request(turn, swap)


async def _if_possible(turn: Turn, swap_id: int, state: str) -> Swap | None:
    swap = await swaps.find(turn.tx, swap_id)
    course = await courses.find(turn.tx, swap.course_id)
    why = await swaps.obstacle(turn.tx, course, swap.holder_id, swap.colleague_id, turn.now)
    return swap if swap.state == state and swap.open(turn.now) and not why else None


@notice("swap_result")
async def told(turn: Turn, swap_id: int, state: str) -> Screen | None:
    """Tell holder or colleague how it went, if it is still so."""
    swap = await swaps.find(turn.tx, swap_id)
    if swap.state != state:
        return None
    screen = await _screen(turn, "swaps/card", swap)
    return screen.button("card", "course", swap.course_id).button("home", "home", beside=True)
