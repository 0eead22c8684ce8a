"""The language of a chat, changed at once. The words themselves are templates."""

from bot.chat.rendering import LANGUAGES
from bot.chat.router import choice, command
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Stale
from bot.training import accounts


@command("ngonngu", who=Role.ANYONE)
async def command_language(turn: Turn, words: str) -> Screen:
    """Offer the languages."""
    return await languages(turn)


@choice("language", who=Role.ANYONE)
async def languages(turn: Turn) -> Screen:
    """Offer the languages."""
    screen = Screen("language/choose").button("vi", "speak", "vi").button("en", "speak", "en", beside=True)
    return screen.button("home", "home")


@choice("speak", who=Role.ANYONE)
async def speak(turn: Turn, language: str) -> Screen:
    """Keep the language and answer in it."""
    if language not in LANGUAGES:
        raise Stale
    await accounts.speak(turn.tx, turn.address, language)
    turn.language = language
    return Screen("language/changed").button("home", "home")
