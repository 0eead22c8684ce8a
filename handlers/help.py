"""Short help by role, with whom to ask. What the features do is told by the features."""

from bot.chat.router import choice, command
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.training import agency


@command("trogiup", who=Role.ANYONE)
@command("help", who=Role.ANYONE)
async def command_help(turn: Turn, words: str) -> Screen:
    """Show help."""
    return await helping(turn)


@choice("help", who=Role.ANYONE)
async def helping(turn: Turn) -> Screen:
    """Show what this person can do here."""
    screen = Screen(
        "help/help" if turn.has(Role.LINKED) else "help/unlinked",
        agency=await agency.facts(turn.tx),
        head=turn.has(Role.HEAD),
        hr=turn.has(Role.HR),
    )
    return screen.button("language", "language").button("home", "home", beside=True)
