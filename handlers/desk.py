"""HR's menu /quanly and the facts of the agency. The lists behind the buttons are each in their own file."""

from bot.chat.router import answer, choice, command
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Refused, Stale
from bot.training import agency, requests

FACTS = ("name", "contact")
LONGEST = 150  # letters of a fact: it stands in many messages


@command("quanly", who=Role.HR, reach="none")
async def command_desk(turn: Turn, words: str) -> Screen:
    """Show HR's menu."""
    return await desk(turn)


@choice("desk", who=Role.HR, reach="none")
async def desk(turn: Turn) -> Screen:
    """Show HR's menu."""
    turn.dialogue.forget()
    screen = Screen("desk/menu", waiting=len(await requests.waiting(turn.tx)))
    screen.button("courses", "desk_courses").button("laws", "desk_laws", beside=True)
    screen.button("ratings", "desk_ratings").button("uploads", "desk_uploads", beside=True)
    screen.button("people", "desk_people").button("heads", "desk_heads", beside=True)
    screen.button("requests", "desk_requests").button("days", "desk_days", beside=True)
    screen.button("who_not", "who_not")
    if turn.has(Role.HR_ALL):
        screen.button("forms", "desk_forms", beside=True).button("mergers", "desk_mergers")
    screen.button("broadcasts", "desk_broadcasts").button("outbox", "desk_outbox", beside=True)
    return screen.button("agency", "desk_agency").button("home", "home", beside=True)


@choice("desk_agency", who=Role.HR_ALL, reach="whole")
async def facts(turn: Turn) -> Screen:
    """Show what people read about the agency."""
    screen = Screen("desk/agency", agency=await agency.facts(turn.tx))
    screen.button("name", "desk_fact", "name").button("contact", "desk_fact", "contact")
    return screen.button("back", "desk").button("home", "home", beside=True)


@choice("desk_fact", who=Role.HR_ALL, reach="whole")
async def ask_fact(turn: Turn, fact: str) -> Screen:
    """Ask for the new words of one fact."""
    if fact not in FACTS:
        raise Stale
    turn.ask("desk_fact", fact)
    return Screen(f"desk/ask_{fact}", agency=await agency.facts(turn.tx)).button("leave", "desk_agency")


@answer("desk_fact", who=Role.HR_ALL, reach="whole")
async def fact_told(turn: Turn, text: str, fact: str) -> Screen:
    """Keep one fact."""
    if len(text) > LONGEST:
        raise Refused("desk/too_long", limit=LONGEST)
    await agency.keep(turn.tx, fact, text)
    return await facts(turn)
