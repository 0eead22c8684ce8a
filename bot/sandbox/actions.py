"""What a person does with a phone, and the update that it becomes. Waiting for the bot is in phones.py."""

from typing import Any

from bot.sandbox.chats import Chat, Message
from bot.sandbox.markup import found_by_itself
from bot.sandbox.world import World

_LONGEST_TYPED = 4096


def send_text(world: World, chat: Chat, text: str) -> Message:
    """Write a text; one longer than 4,096 characters leaves in pieces, as Telegram's apps do."""
    pieces = [text[at : at + _LONGEST_TYPED] for at in range(0, len(text), _LONGEST_TYPED)] or [""]
    for piece in pieces:
        message = _say(world, chat, text=piece, entities=found_by_itself(piece))
    return message


def send_document(world: World, chat: Chat, name: str, content: bytes, caption: str = "") -> Message:
    """Send a file."""
    return _say(world, chat, text=caption, document=world.files.put(name, content))


def send_photo(world: World, chat: Chat, content: bytes, caption: str = "") -> Message:
    """Send a picture as a photo."""
    photo = world.files.put("photo.jpg", content, "image/jpeg", picture=True)
    return _say(world, chat, text=caption, photo=photo)


def send_voice(world: World, chat: Chat) -> Message:
    """Send a voice message of three seconds."""
    file = world.files.put("voice.ogg", b"OggS", "audio/ogg")
    shape = {"file_id": file.file_id, "file_unique_id": file.unique_id, "duration": 3, "mime_type": file.mime}
    return _say(world, chat, extra={"voice": shape})


def send_sticker(world: World, chat: Chat) -> Message:
    """Send a sticker (a thumb up)."""
    file = world.files.put("sticker.webp", b"RIFF", "image/webp")
    shape = {
        "file_id": file.file_id,
        "file_unique_id": file.unique_id,
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
        "emoji": "👍",
    }
    return _say(world, chat, extra={"sticker": shape})


def share_contact(world: World, chat: Chat, *, own: bool = True, number: str | None = None) -> Message:
    """Share one's own number, or somebody else's contact (which carries no user id of the sender)."""
    contact: dict[str, Any] = {"phone_number": number or chat.phone_number or "0900000000"}
    if own:
        contact |= {"first_name": chat.name, "user_id": chat.id}
    else:
        contact["first_name"] = "Người khác"
    chat.keyboard = None if chat.keyboard and chat.keyboard.get("one_time_keyboard") else chat.keyboard
    return _say(world, chat, extra={"contact": contact})


def tap(world: World, chat: Chat, message: Message | None, data: str) -> str:
    """Press a button with `data` under `message` (None: one that is no longer known); give the query's id."""
    chat.popup = None
    query_id = world.open_query(chat)
    shown = message or Message(1, 0, from_bot=True, deleted=True)
    query = {
        "id": query_id,
        "from": chat.as_user(),
        "chat_instance": str(chat.id),
        "message": chat.as_message(shown, world.bot),
        "data": data,
    }
    _queue(world, chat, "callback_query", query)
    return query_id


def set_blocked(world: World, chat: Chat, blocked: bool) -> None:
    """Block the bot or let it speak again; the bot is told by a `my_chat_member` update."""
    if chat.blocked == blocked:
        return
    chat.blocked = blocked
    old, new = _membership(world, not blocked), _membership(world, blocked)
    change = {
        "chat": chat.as_chat(),
        "from": chat.as_user(),
        "date": world.clock.now(),
        "old_chat_member": old,
        "new_chat_member": new,
    }
    _queue(world, chat, "my_chat_member", change)
    world.changed(chat)


def _membership(world: World, kicked: bool) -> dict[str, Any]:
    if kicked:
        return {"status": "kicked", "user": world.bot, "until_date": 0}
    return {"status": "member", "user": world.bot}


def _say(world: World, chat: Chat, **content: Any) -> Message:
    if chat.blocked:
        set_blocked(world, chat, False)
    chat.started = True
    chat.popup = None
    message = world.add(chat, from_bot=False, **content)
    _queue(world, chat, "message", chat.as_message(message, world.bot))
    return message


def _queue(world: World, chat: Chat, kind: str, content: dict[str, Any]) -> None:
    if world.updates.put(chat.id, kind, content) is not None:
        world.webhook_bell.ring()
