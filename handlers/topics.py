"""What a person wants to be told, from /hoso: some topics can be turned off, the others say why not."""

from bot.chat.router import choice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.training import topics


@choice("topics", who=Role.OFFICIAL)
async def shown(turn: Turn) -> Screen:
    """Show every topic, those that can be turned off with their button."""
    off = await topics.off(turn.tx, turn.person.person_id)
    screen = Screen("topics/list", off=off, optional=topics.OPTIONAL, locked=topics.LOCKED)
    for topic in topics.OPTIONAL:
        screen.button("turn_on" if topic in off else "turn_off", "topic_set", topic, int(topic in off), topic=topic)
    return screen.button("back", "profile").button("home", "home", beside=True)


@choice("topic_set", who=Role.OFFICIAL)
async def change(turn: Turn, topic: str, on: int) -> Screen:
    """Turn a topic on or off with this tap."""
    await topics.turn(turn.tx, turn.person.person_id, topic, bool(on), turn.now)
    return await shown(turn)
