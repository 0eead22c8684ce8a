"""The notice on personal data and the three questions after linking, one at a time. Changing them is in profile."""

from bot.chat.router import answer, choice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Stale
from bot.folding import fold
from bot.training import agency, consents
from bot.training.consents import PURPOSES, Purpose

YES = {"1", "co", "dong y", "ok", "vang", "da", "yes", "i agree"}  # folded
NO = {"2", "khong", "khong dong y", "no", "i do not agree"}


async def question(turn: Turn, purpose: Purpose) -> Screen:
    """Ask for one purpose; the first question carries the notice. Nothing is chosen beforehand."""
    name = turn.person.name
    turn.ask("consent", purpose)
    screen = Screen(f"consent/{purpose}", name=name, agency=await agency.facts(turn.tx))
    return screen.button("yes", "agree", purpose, 1).button("no", "agree", purpose, 0, beside=True)


@answer("consent", who=Role.LINKED)
async def typed(turn: Turn, text: str, purpose: str) -> Screen:
    """Take a typed yes or no; anything else is no answer, and silence is no consent: the question comes again."""
    said = fold(text)
    if said in YES or said in NO:
        return await answered(turn, purpose, int(said in YES))
    return await question(turn, purpose_of(purpose))


@choice("agree", who=Role.LINKED)
async def answered(turn: Turn, purpose: str, given: int) -> Screen:
    """Keep an answer and ask the next question; a no to the link takes the chat off again."""
    known = purpose_of(purpose)
    await keep(turn, known, bool(given))
    if known == "link" and not given:
        return await refused(turn)
    following = PURPOSES[PURPOSES.index(known) + 1 :]
    if following:
        return await question(turn, following[0])
    return Screen("consent/done", name=turn.person.name).button("home", "home")


def purpose_of(text: str) -> Purpose:
    """Read a purpose from a button. Raises Stale for a forged one."""
    for purpose in PURPOSES:
        if purpose == text:
            return purpose
    raise Stale


async def keep(turn: Turn, purpose: Purpose, given: bool) -> None:
    """Record an answer together with the words that were shown."""
    words = turn.words(f"consent/{purpose}", "wording", agency=await agency.facts(turn.tx))
    await consents.record(turn.tx, turn.person.person_id, purpose, given, words, turn.address, turn.now)


async def refused(turn: Turn) -> Screen:
    """Say that the chat is no longer linked and which way remains."""
    turn.speaker = None
    return Screen("consent/refused", agency=await agency.facts(turn.tx)).button("home", "home")
