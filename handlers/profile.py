"""/hoso: what is kept about a person, their consents, a wish for correction, unlinking. Rules are in bot.training."""

from bot.chat.router import answer, choice, command, notice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.training import accounts, agency, calendar, consents, granting, hours, people, requests
from handlers import consent


@command("hoso", who=Role.OFFICIAL)
async def command_profile(turn: Turn, words: str) -> Screen:
    """Show the profile."""
    return await profile(turn)


@choice("profile", who=Role.OFFICIAL)
async def profile(turn: Turn) -> Screen:
    """Show every fact that is kept about the person."""
    own, days = turn.person.person_id, calendar.Calendar(turn.zone)
    screen = Screen(
        "profile/card",
        details=await people.details(turn.tx, own),
        chats=await accounts.linked(turn.tx, own),
        grants=await granting.of_person(turn.tx, own),
        asked=(await requests.of_person(turn.tx, own))[:3],
        standing=await hours.of_person(turn.tx, own, days.local(turn.now).year, days),
    )
    screen.button("hours", "hours")
    screen.button("fix", "profile_fix").button("consents", "profile_consents", beside=True)
    screen.button("topics", "topics")
    return screen.button("unlink", "profile_unlink", tone="stop").button("home", "home", beside=True)


@choice("profile_consents", who=Role.OFFICIAL)
async def choices(turn: Turn) -> Screen:
    """Show what the person agreed to, each with the button that changes it at once."""
    own = await consents.of(turn.tx, turn.person.person_id)
    screen = Screen("profile/consents", consents=own)
    for purpose, given in reversed(own.items()):  # the link last: a number typed by mistake does not cut it
        block = "withdraw" if given.given else "give"
        screen.button(block, "profile_set", purpose, int(not given.given), purpose=purpose)
    return screen.button("back", "profile").button("home", "home", beside=True)


@choice("profile_set", who=Role.OFFICIAL)
async def change(turn: Turn, purpose: str, given: int) -> Screen:
    """Give or withdraw one consent with this tap."""
    known = consent.purpose_of(purpose)
    await consent.keep(turn, known, bool(given))
    return await consent.refused(turn) if known == "link" and not given else await choices(turn)


@choice("profile_unlink", who=Role.OFFICIAL)
async def unlink(turn: Turn) -> Screen:
    """Ask once more before unlinking."""
    screen = Screen("profile/unlink", agency=await agency.facts(turn.tx))
    return screen.button("sure", "profile_set", "link", 0).button("leave", "profile", beside=True)


@choice("profile_fix", who=Role.OFFICIAL)
async def fix(turn: Turn) -> Screen:
    """Ask what is wrong."""
    turn.ask("profile_fix")
    return Screen("profile/fix", days=requests.WORKING_DAYS).button("leave", "profile")


@answer("profile_fix", who=Role.OFFICIAL)
async def fix_told(turn: Turn, text: str) -> Screen:
    """Keep the request and say until when it is answered."""
    days = await calendar.load(turn.tx, turn.zone)
    request = await requests.ask(turn.tx, turn.person.person_id, text, days, turn.now)
    return Screen("profile/asked", request=request).button("home", "home")


@notice("request_answered")
async def answered(turn: Turn, request_id: int) -> Screen | None:
    """Tell a person what HR answered."""
    request = await requests.find(turn.tx, request_id)
    return Screen("profile/answered", request=request, fresh=True).button("profile", "profile").button("home", "home")
