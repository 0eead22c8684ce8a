"""HR's menu /quanly and the facts of the agency. The lists behind the buttons are each in their own file."""

from bot.chat.router import answer, choice, command
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Refused, Stale
from bot.training import agency, audit, requests

FACTS = ("name", "contact", "audit_months")
LONGEST = 150  # letters of a fact: it stands in many messages


@command("quanly", who=(Role.HR, Role.OPERATOR), reach="none")
async def command_desk(turn: Turn, words: str) -> Screen:
    """Show HR's menu."""
    return await desk(turn)


@choice("desk", who=(Role.HR, Role.OPERATOR), reach="none")
async def desk(turn: Turn) -> Screen:
    """Show HR's menu, or an operator's."""
    turn.dialogue.forget()
    if not turn.has(Role.HR):
        return Screen("desk/operator").button("log", "log", 0).button("home", "home", beside=True)
    screen = Screen("desk/menu", waiting=len(await requests.waiting(turn.tx, turn.person.person_id)))
    screen.button("courses", "desk_courses").button("who_not", "who_not", beside=True)
    screen.button("people", "desk_people").button("heads", "desk_heads", beside=True)
    screen.button("hours", "desk_hours").button("certificates", "desk_certs", beside=True)
    screen.button("broadcasts", "desk_broadcasts").button("outbox", "desk_outbox", beside=True)
    screen.button("laws", "desk_laws").button("ratings", "desk_ratings", beside=True)
    screen.button("uploads", "desk_uploads").button("requests", "desk_requests", beside=True)
    screen.button("plans", "plans")
    if turn.has(Role.HR_ALL):
        screen.button("setup", "desk_setup", beside=True)
    return screen.button("home", "home", beside=not turn.has(Role.HR_ALL))


@choice("desk_setup", who=Role.HR_ALL, reach="none")
async def setup(turn: Turn) -> Screen:
    """Show what is set up once, or seldom, for the whole."""
    screen = Screen("desk/setup").button("agency", "desk_agency").button("days", "desk_days", beside=True)
    screen.button("forms", "desk_forms").button("mergers", "desk_mergers", beside=True)
    screen.button("log", "log", 0)
    return screen.button("back", "desk").button("home", "home", beside=True)


@choice("desk_agency", who=Role.HR_ALL, reach="whole")
async def facts(turn: Turn) -> Screen:
    """Show what people read about the agency."""
    screen = Screen("desk/agency", agency=await agency.facts(turn.tx))
    screen.button("name", "desk_fact", "name").button("contact", "desk_fact", "contact")
    screen.button("audit_months", "desk_fact", "audit_months")
    return screen.button("back", "desk_setup").button("home", "home", beside=True)


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
    before = getattr(await agency.facts(turn.tx), fact)
    await agency.keep(turn.tx, fact, text)
    await audit.noted(turn, "agency.edit", f"fact:{fact}", old=before, new=text)
    return await facts(turn)
