"""What the phones page is told: the world as JSON, whole or what changed since a tick. HTTP is in page_routes.py."""

from typing import Any

from bot.sandbox.chats import Chat, Message
from bot.sandbox.keyboards import inline_rows
from bot.sandbox.world import World

PHONES_SHOWN = 40


def changes(world: World, since: int) -> dict[str, Any]:
    """Give the phones that changed after tick `since` (0: all), with their changed messages, and the bot."""
    shown = [phone for phone in world.phones.values() if not phone.chat.aside][:PHONES_SHOWN]
    return {
        "session": world.session,
        "tick": world.tick,
        "reset": since == 0,
        "now": world.clock.now(),
        "offline": world.offline,
        "bot": {**world.bot, "description": world.about.get("description", "")},
        "phones": [_phone(world, phone.chat, since) for phone in shown if phone.chat.tick > since or not since],
        "commands": {phone.id: world.commands_in(phone.chat) for phone in shown},
    }


def _phone(world: World, chat: Chat, since: int) -> dict[str, Any]:
    changed = [message for message in chat.messages.values() if message.tick > since]
    return {
        "id": chat.id,
        "name": chat.name,
        "note": chat.note,
        "started": chat.started,
        "blocked": chat.blocked,
        "typing": max(0.0, chat.typing_until - world.monotonic()),
        "keyboard": chat.keyboard["keyboard"] if chat.keyboard else [],
        "placeholder": (chat.keyboard or {}).get("input_field_placeholder", ""),
        "popup": _popup(chat),
        "messages": [_message(message) for message in changed if not message.deleted],
        "gone": [message.id for message in changed if message.deleted],
    }


def _popup(chat: Chat) -> dict[str, Any] | None:
    if chat.popup is None:
        return None
    number, text, alert = chat.popup
    return {"id": number, "text": text, "alert": alert}


def _message(message: Message) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "id": message.id,
        "date": message.date,
        "bot": message.from_bot,
        "text": message.text,
        "entities": message.entities,
        "edited": message.edit_date is not None,
        "rows": inline_rows(message.markup),
        **message.extra,
    }
    if message.file:
        shape["file"] = {"name": message.file.name, "size": len(message.file.content)}
        shape["photo"] = [message.photo.width, message.photo.height] if message.photo else None
    return shape
