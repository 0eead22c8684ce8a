"""The Bot API methods that say, change and take back messages, with their refusals. The wire is in server.py."""

from typing import Any

from bot.sandbox import keyboards, markup
from bot.sandbox.chats import Chat, Message
from bot.sandbox.files import DOWNLOAD_LIMIT, PHOTO_LIMIT, UPLOAD_LIMIT, StoredFile, image_size
from bot.sandbox.parameters import Parameters
from bot.sandbox.refusals import NOT_MODIFIED, QUERY_TOO_OLD, TOO_LARGE, Refusal, bad_request, forbidden
from bot.sandbox.world import World

_DELETABLE_SECONDS = 48 * 3600
_TYPING_SECONDS = 5.0
_POPUP_LIMIT = 200
_ACTIONS = ("typing", "upload_photo", "upload_document", "find_location", "choose_sticker", "record_voice")


def send_message(world: World, sent: Parameters) -> dict[str, Any]:
    """Say a text with buttons."""
    chat = _reachable(world, sent)
    text, entities = _text(sent)
    return _deliver(world, chat, sent, text=text, entities=entities)


def send_photo(world: World, sent: Parameters) -> dict[str, Any]:
    """Send a picture: an upload or the file_id of one."""
    chat = _reachable(world, sent)
    text, entities = _caption(sent)
    upload = sent.upload("photo")
    if upload:
        name, content, mime = upload
        if len(content) > PHOTO_LIMIT:
            raise bad_request("file is too big")
        if image_size(content) is None:
            raise bad_request("IMAGE_PROCESS_FAILED")
        photo = world.files.put(name, content, mime, picture=True)
    else:
        photo = _known_file(world, sent.text("photo"), "photo")
        if not photo.width:
            raise bad_request("type of file mismatch")
    return _deliver(world, chat, sent, text=text, entities=entities, photo=photo)


def send_document(world: World, sent: Parameters) -> dict[str, Any]:
    """Send a file: an upload or the file_id of one."""
    chat = _reachable(world, sent)
    text, entities = _caption(sent)
    upload = sent.upload("document")
    if upload:
        name, content, mime = upload
        if len(content) > UPLOAD_LIMIT:
            raise Refusal(*TOO_LARGE)
        if not content:
            raise bad_request("file must be non-empty")
        document = world.files.put(name, content, mime)
    else:
        document = _known_file(world, sent.text("document"), "document")
    return _deliver(world, chat, sent, text=text, entities=entities, document=document)


def edit_message_text(world: World, sent: Parameters) -> dict[str, Any]:
    """Put another text, and the given buttons or none, into a message of the bot."""
    chat, message = _own_message(world, sent)
    text, entities = _text(sent)
    if message.file:
        raise bad_request("there is no text in the message to edit")
    return _edit(world, chat, message, text, entities, _inline_markup(sent))


def edit_message_caption(world: World, sent: Parameters) -> dict[str, Any]:
    """Put another caption, and the given buttons or none, under a file of the bot."""
    chat, message = _own_message(world, sent)
    text, entities = _caption(sent)
    if not message.file:
        raise bad_request("there is no caption in the message to edit")
    return _edit(world, chat, message, text, entities, _inline_markup(sent))


def edit_message_reply_markup(world: World, sent: Parameters) -> dict[str, Any]:
    """Put other buttons, or none, under a message of the bot."""
    chat, message = _own_message(world, sent)
    return _edit(world, chat, message, message.text, message.entities, _inline_markup(sent))


def delete_message(world: World, sent: Parameters) -> bool:
    """Take back a message of either side that is at most 48 hours old."""
    chat = _reachable(world, sent)
    message = chat.messages.get(sent.integer("message_id", 0))
    if message is None or message.deleted:
        raise bad_request("message to delete not found")
    if world.clock.now() - message.date > _DELETABLE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    message.deleted = True
    world.changed(chat, message)
    return True


def answer_callback_query(world: World, sent: Parameters) -> bool:
    """Answer a tap, once and within 15 seconds; a text appears as a popup."""
    words = sent.text("text")
    if len(words) > _POPUP_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    chat = world.close_query(sent.text("callback_query_id"))
    if chat is None:
        raise bad_request(QUERY_TOO_OLD)
    if words:
        chat.popup = (world.tick + 1, words, sent.flag("show_alert"))
    world.changed(chat)
    return True


def send_chat_action(world: World, sent: Parameters) -> bool:
    """Show for five seconds that the bot is busy."""
    chat = _reachable(world, sent)
    if sent.text("action") not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat.typing_until = world.monotonic() + _TYPING_SECONDS
    world.changed(chat)
    return True


def get_file(world: World, sent: Parameters) -> dict[str, Any]:
    """Tell where to download a file of at most 20 MB."""
    file = world.files.find(sent.text("file_id"))
    if file is None:
        raise bad_request("invalid file_id")
    if len(file.content) > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    return {
        "file_id": file.file_id,
        "file_unique_id": file.unique_id,
        "file_size": len(file.content),
        "file_path": file.path,
    }


def _reachable(world: World, sent: Parameters) -> Chat:
    if not sent.text("chat_id"):
        raise bad_request("chat_id is empty")
    chat = world.chats.get(sent.chat_id or 0)
    if chat is None:
        raise bad_request("chat not found")
    if chat.deactivated:
        raise forbidden("user is deactivated")
    if chat.blocked:
        raise forbidden("bot was blocked by the user")
    if not chat.started:
        raise forbidden("bot can't initiate conversation with a user")
    return chat


def _text(sent: Parameters) -> tuple[str, list[markup.Entity]]:
    source = sent.text("text")
    if not source:
        raise bad_request("message text is empty")
    text, entities = markup.read(source, sent.text("parse_mode"), sent.nested("entities"))
    if not text:
        raise bad_request("text must be non-empty")
    if markup.units(text) > markup.TEXT_LIMIT:
        raise bad_request("message is too long")
    return text, entities


def _caption(sent: Parameters) -> tuple[str, list[markup.Entity]]:
    text, entities = markup.read(sent.text("caption"), sent.text("parse_mode"), sent.nested("caption_entities"))
    if markup.units(text) > markup.CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return text, entities


def _known_file(world: World, file_id: str, what: str) -> StoredFile:
    if not file_id:
        raise bad_request(f"there is no {what} in the request")
    file = world.files.find(file_id)
    if file is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return file


def _inline_markup(sent: Parameters) -> keyboards.Markup | None:
    kept = keyboards.checked(sent.nested("reply_markup"))
    if kept and "inline_keyboard" not in kept:
        raise bad_request("inline keyboard expected")
    return kept


def _own_message(world: World, sent: Parameters) -> tuple[Chat, Message]:
    chat = _reachable(world, sent)
    message = chat.messages.get(sent.integer("message_id", 0))
    if message is None or message.deleted:
        raise bad_request("message to edit not found")
    if not message.from_bot:
        raise bad_request("message can't be edited")
    return chat, message


def _deliver(world: World, chat: Chat, sent: Parameters, **content: Any) -> dict[str, Any]:
    kept = keyboards.checked(sent.nested("reply_markup"))
    if world.limits:
        world.pace.take(chat.id)
    if kept and "keyboard" in kept:
        chat.keyboard = kept
    elif kept and "remove_keyboard" in kept:
        chat.keyboard = None
    inline = kept if kept and "inline_keyboard" in kept else None
    message = world.add(chat, from_bot=True, markup=inline, **content)
    return chat.as_message(message, world.bot)


def _edit(
    world: World,
    chat: Chat,
    message: Message,
    text: str,
    entities: list[markup.Entity],
    kept: keyboards.Markup | None,
) -> dict[str, Any]:
    if (text, entities, kept) == (message.text, message.entities, message.markup):
        raise bad_request(NOT_MODIFIED)
    message.text, message.entities = text, entities
    message.put_markup(kept)
    message.edit_date = world.clock.now()
    world.changed(chat, message)
    return chat.as_message(message, world.bot)


METHODS = {
    "sendmessage": send_message,
    "sendphoto": send_photo,
    "senddocument": send_document,
    "editmessagetext": edit_message_text,
    "editmessagecaption": edit_message_caption,
    "editmessagereplymarkup": edit_message_reply_markup,
    "deletemessage": delete_message,
    "answercallbackquery": answer_callback_query,
    "sendchataction": send_chat_action,
    "getfile": get_file,
}
