"""The first screen and the way back to it: /start, /huy, the main menu. How a chat is linked is in handlers.link."""

from collections.abc import Awaitable, Callable

from bot.chat.router import choice, command
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.training import (
    agency,
    attendance_codes,
    change_answers,
    enrolments,
    invites,
    legal,
    ratings,
    requests,
    swaps,
)
from handlers import attend, consent, link

# What may wait for a person, by the choice that leads there; each gives how many things wait for who speaks.
OpenTasks = Callable[[Turn], Awaitable[int]]


async def to_decide(turn: Turn) -> int:
    """Count the requests and the swaps that wait for who speaks."""
    if not turn.has(Role.HEAD, Role.HR):
        return 0
    passing = await swaps.queue(turn.tx, turn.person.person_id, turn.now)
    return len(passing) + await enrolments.waiting_for(turn.tx, turn.person, turn.now)


TASKS: dict[str, OpenTasks] = {
    "courses": lambda turn: enrolments.open_tasks(turn.tx, turn.person.person_id, turn.now),
    "mine": lambda turn: change_answers.open_tasks(turn.tx, turn.person.person_id, turn.now),
    "laws": lambda turn: legal.open_tasks(turn.tx, turn.person.person_id, turn.now),
    "rate": lambda turn: ratings.open_tasks(turn.tx, turn.person.person_id, turn.now),
    "approvals": to_decide,
    "desk": lambda turn: requests.open_tasks(turn.tx, turn.person.person_id, turn.now),
}


async def _scanned(turn: Turn, words: str) -> Screen | None:
    found = attendance_codes.scanned_in(words)
    return None if found is None else await attend.scanned(turn, *found)


# What the words of an opened link may be beside an invite, by their first letter; for officials only.
Opened = Callable[[Turn, str], Awaitable[Screen | None]]
LINKS: dict[str, Opened] = {"d": _scanned}


@command("start", who=Role.ANYONE)
async def start(turn: Turn, words: str) -> Screen:
    """Link by the code of an opened link, do what the link is for, else show where one stands."""
    code = invites.code_in(words)
    if code:
        return await link.claim(turn, code)
    opened = LINKS.get(words[:1]) if turn.has(Role.OFFICIAL) else None
    screen = await opened(turn, words) if opened else None
    return await home(turn) if screen is None else screen


@command("huy", who=Role.ANYONE)
async def leave(turn: Turn, words: str) -> Screen:
    """Leave whatever was going on; the router has forgotten it."""
    return await home(turn)


@choice("home", who=Role.ANYONE)
async def home(turn: Turn) -> Screen:
    """Show the main menu, the question that is still to be answered, or how to link."""
    turn.dialogue.forget()
    if not turn.has(Role.LINKED):
        return await _unlinked(turn)
    if not turn.has(Role.OFFICIAL):
        return await consent.question(turn, "link")
    return await _menu(turn)


async def _unlinked(turn: Turn) -> Screen:
    screen = Screen("start/unlinked", agency=await agency.facts(turn.tx)).button("language", "language")
    screen.button("help", "help", beside=True)
    screen.share_contact = "share"
    return screen


async def _menu(turn: Turn) -> Screen:
    tasks = {name: await count(turn) for name, count in TASKS.items()}
    screen = Screen("start/home", name=turn.person.name, tasks=tasks, total=sum(tasks.values()))
    screen.button("courses", "courses").button("mine", "mine", beside=True)
    screen.button("laws", "laws").button("rate", "rate", beside=True)
    approves = turn.has(Role.HEAD) or bool(tasks["approvals"])
    if approves:
        screen.button("approvals", "approvals")
    if turn.has(Role.HEAD):
        screen.button("unit_board", "unit_board", beside=True)
    if turn.has(Role.HR, Role.OPERATOR):
        screen.button("desk", "desk", beside=approves and not turn.has(Role.HEAD))
    if turn.has(Role.TEACHER) or turn.has(Role.SCHOOL):
        screen.button("running", "run").button("attendance", "att_mine", beside=True)
    return screen.button("profile", "profile").button("help", "help", beside=True)
