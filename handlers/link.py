"""Linking a chat to a person by code or by shared number, and what is said of it. The rules are in training.invites."""

from bot.chat.events import Contact
from bot.chat.router import contact, notice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.training import agency, invites, people
from bot.training.invites import Outcome
from handlers import consent


@contact(who=Role.ANYONE)
async def shared(turn: Turn, shared_contact: Contact) -> Screen:
    """Claim the person with the shared number."""
    number, own = shared_contact.phone, shared_contact.own
    return await _told(turn, await invites.claim_by_phone(turn.tx, turn.address, number, own, turn.now))


async def claim(turn: Turn, code: str) -> Screen:
    """Claim the person a code was made for."""
    return await _told(turn, await invites.redeem(turn.tx, turn.address, code, turn.now))


async def _told(turn: Turn, outcome: Outcome) -> Screen:
    facts = await agency.facts(turn.tx)
    if outcome.person_id is None:
        return Screen(f"link/{outcome.kind}", until=outcome.until, agency=facts).button("home", "home")
    turn.dialogue.forget()
    turn.speaker = await people.speaker(turn.tx, turn.address, turn.now)
    if turn.has(Role.OFFICIAL):
        screen = Screen(f"link/{outcome.kind}", name=turn.person.name, agency=facts).button("home", "home")
    else:
        screen = await consent.question(turn, "link")
    screen.no_more_sharing = "recognised"
    return screen


@notice("link_moved")
async def moved_away(turn: Turn, person_id: int) -> Screen | None:
    """Tell a chat that its link has gone to another one; nothing when it has come back since."""
    if turn.speaker is not None and turn.speaker.person_id == person_id:
        return None
    person = await people.find(turn.tx, person_id)
    screen = Screen("link/moved_away", name=person.name, agency=await agency.facts(turn.tx), fresh=True)
    return screen.button("home", "home")
