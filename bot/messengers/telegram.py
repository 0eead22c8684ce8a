"""Telegram through python-telegram-bot's `Bot`: long polling, sending, its errors told apart. No conversation."""

import asyncio
import json
import logging
import os
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, cast
from urllib.parse import urlencode

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    KeyboardButton,
    LinkPreviewOptions,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.constants import KeyboardButtonStyle, MessageLimit
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot import inbox
from bot.chat.events import (
    Address,
    Body,
    Choice,
    Command,
    Contact,
    File,
    Incoming,
    Reach,
    Text,
    Unsupported,
)
from bot.chat.screens import Attachment, Label, Rendered
from bot.errors import SettingError
from bot.messengers.base import Caps, Flood, Keep, MaybeSent, NotSent, Rejected, SendError, Unreachable
from bot.messengers.formatting import html_of
from bot.messengers.telegram_request import AiohttpRequest, NeverLeft
from bot.messengers.texts import length, numbered

log = logging.getLogger(__name__)

os.environ.setdefault("PTB_TIMEDELTA", "1")  # else reading RetryAfter.retry_after warns of its coming change

PLATFORM = "telegram"
AWAITED = ["message", "callback_query", "my_chat_member"]
STYLES = {"go": KeyboardButtonStyle.SUCCESS, "stop": KeyboardButtonStyle.DANGER}
POLL_SECONDS = 30
ANSWERED_WITHIN = 10  # seconds that the answer to a poll may be late
UPLOADS = 20  # files remembered as uploaded
PAUSES = (1, 2, 5, 10)  # seconds between tries while Telegram cannot be reached


class _CannotEdit(SendError):
    """The message is gone or too old to be edited: send a new one."""


class _NotModified(SendError):
    """The message looks like that already: a success."""


@contextmanager
def _told_apart() -> Iterator[None]:
    """Turn Telegram's errors into ours.

    `BadRequest` and `TimedOut` are subclasses of `NetworkError`, so the order matters; Telegram gives no codes
    for bad requests, so their words are matched, here and nowhere else.
    """
    try:
        yield
    except RetryAfter as error:
        seconds = error.retry_after
        raise Flood(seconds if isinstance(seconds, int) else seconds.total_seconds()) from None
    except Forbidden as error:
        raise Unreachable(error.message) from None
    except InvalidToken:
        raise SettingError("BOT_TOKEN is not accepted by Telegram") from None
    except BadRequest as error:
        raise _bad_request(error.message) from None
    except NetworkError as error:
        cause = error.__cause__
        raise (NotSent if isinstance(cause, NeverLeft) else MaybeSent)(
            f"{type(error).__name__}: {cause or error.message}"
        ) from None
    except TelegramError as error:
        if type(error) is TelegramError:  # an answer that cannot be read; all others have a class of their own
            raise MaybeSent(error.message) from None
        raise Rejected(error.message) from None


def _bad_request(words: str) -> SendError:
    low = words.lower()
    if "message is not modified" in low:
        return _NotModified(words)
    if "message to edit not found" in low or "can't be edited" in low or "message_id_invalid" in low:
        return _CannotEdit(words)
    if "no text in the message to edit" in low:  # a file with the text under it
        return _CannotEdit(words)
    if "chat not found" in low or "user is deactivated" in low:
        return Unreachable(words)
    return Rejected(words)


class Telegram:
    """One bot account."""

    platform = PLATFORM
    caps = Caps(
        max_text=int(MessageLimit.MAX_TEXT_LENGTH),
        max_caption=int(MessageLimit.CAPTION_LENGTH),
        buttons=True,
        edit=True,
        files=True,
    )

    def __init__(self, token: str, api_url: str, *, polling: bool = True) -> None:
        self._polling = polling
        self._uploaded: dict[str, str] = {}  # Telegram's own id of files that go to many, by their key
        self._calls = AiohttpRequest(32, read_timeout=15, write_timeout=15, pool_timeout=10)
        self._polls = AiohttpRequest(2)
        self._bot = Bot(
            token,
            base_url=f"{api_url}/bot",
            base_file_url=f"{api_url}/file/bot",
            request=self._calls,
            get_updates_request=self._polls,
        )

    async def start(self) -> None:
        """Connect, waiting for Telegram as long as it takes. Raises SettingError for a token it does not know."""
        for attempt in range(1_000_000):
            try:
                with _told_apart():
                    await self._bot.initialize()
                    if self._polling:
                        await self._bot.delete_webhook()
                return
            except SendError as error:
                log.warning("Telegram cannot be reached yet: %s", error)
                await asyncio.sleep(PAUSES[min(attempt, len(PAUSES) - 1)])

    async def stop(self) -> None:
        """Close the connections, those of a start that never succeeded as well."""
        await self._bot.shutdown()
        await self._calls.shutdown()
        await self._polls.shutdown()

    async def name(self) -> str | None:
        """Give the bot's user name; None when Telegram cannot be reached. Raises SettingError."""
        try:
            with _told_apart():
                return (await self._bot.get_me()).username
        except SendError as error:
            log.warning("Telegram cannot be reached: %s", error)
            return None

    async def hook(self, url: str, secret: str) -> None:
        """Ask Telegram to call `url` with `secret` instead of being polled. Raises SendError."""
        with _told_apart():
            await self._bot.set_webhook(url, secret_token=secret, allowed_updates=AWAITED)

    async def receive(self, keep: Keep) -> None:
        """Poll until cancelled. The offset moves only after the updates have been written."""
        offset, failures = 0, 0
        while True:
            try:
                updates = await self._poll(offset)
                await keep(PLATFORM, [kept(update) for update in updates])
            except SettingError:
                raise
            except Exception as error:
                # Telegram or the database is away: what was not written is asked for again.
                log.warning("no updates taken: %s: %s", type(error).__name__, error)
                await asyncio.sleep(PAUSES[min(failures, len(PAUSES) - 1)])
                failures += 1
                continue
            failures = 0
            offset = max([offset, *(update["update_id"] + 1 for update in updates)])

    async def _poll(self, offset: int) -> Sequence[dict[str, Any]]:
        """Take updates as they come, as through the webhook: the library's objects would be made only to be undone."""
        asked = {"offset": offset, "timeout": POLL_SECONDS, "allowed_updates": json.dumps(AWAITED)}
        url = f"{self._bot.base_url}/getUpdates?{urlencode(asked)}"
        try:
            with _told_apart():
                return cast(
                    "list[dict[str, Any]]", await self._polls.post(url, read_timeout=POLL_SECONDS + ANSWERED_WITHIN)
                )
        except Rejected as error:
            if "terminated by other getupdates" in str(error).lower():
                log.error("another program polls with the same BOT_TOKEN")
            raise

    def read(self, chat: str, payload: str) -> Incoming | None:
        """Understand a kept update. Only private chats are spoken with."""
        update = json.loads(payload)
        address = Address(PLATFORM, chat)
        if query := update.get("callback_query"):
            message = query.get("message") or {}
            ref = str(message["message_id"]) if "message_id" in message else None
            return Incoming(address, Choice(query.get("data") or "", ref), tap_id=query["id"])
        if change := update.get("my_chat_member"):
            return Incoming(address, Reach(change["new_chat_member"]["status"] not in ("kicked", "left")))
        message = update.get("message")
        if message is None or message["chat"]["type"] != "private":
            return None
        return Incoming(address, _body(message))

    async def acknowledge(self, incoming: Incoming) -> None:
        """Let a tapped button stop spinning; too late or twice is no fault."""
        if incoming.tap_id is not None:
            try:
                with _told_apart():
                    await self._bot.answer_callback_query(incoming.tap_id)
            except SendError as error:
                log.debug("tap not acknowledged: %s", error)

    async def send(self, to: Address, message: Rendered, replace: str | None = None) -> str | None:
        """Edit message `replace`, or send a new one, then the files. Raises SendError."""
        if message.no_more_sharing is not None:
            await self._take_keyboard_away(to, message.no_more_sharing)
        picture = message.attachments[0] if message.attachments and message.attachments[0].key else None
        if picture is not None and length(message.text) <= self.caps.max_caption:
            return await self._file(to, picture, message)
        *before, last = numbered(message.text, self.caps.max_text)
        ref: str | None = None
        if replace is not None and not before and not message.fresh and message.share_contact is None:
            ref = await self._edit(to, last, message, replace)
        steps: list[Callable[[], Awaitable[str]]] = []
        if ref is None:
            steps += [partial(self._new, to, part, None) for part in before]
            steps.append(partial(self._new, to, last, message))
        steps += [partial(self._file, to, attachment) for attachment in message.attachments]
        refs = await _one_by_one(steps, begun=ref is not None)
        return ref or refs[len(before)]

    async def _edit(self, to: Address, text: str, message: Rendered, ref: str) -> str | None:
        try:
            with _told_apart():
                await self._bot.edit_message_text(
                    text,
                    chat_id=int(to.id),
                    message_id=int(ref),
                    parse_mode="HTML",
                    reply_markup=_inline(message),
                    link_preview_options=LinkPreviewOptions(is_disabled=True),
                )
        except _NotModified:
            return ref
        except _CannotEdit:
            return None
        return ref

    async def _new(self, to: Address, text: str, message: Rendered | None) -> str:
        with _told_apart():
            sent: Message = await self._bot.send_message(
                int(to.id),
                text,
                parse_mode="HTML",
                reply_markup=None if message is None else _keyboard(message),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        return str(sent.message_id)

    async def _file(self, to: Address, file: Attachment, message: Rendered | None = None) -> str:
        """Send a file, with the text and buttons of `message` under it; one with a key is uploaded only once."""
        content: str | InputFile = self._uploaded.get(file.key) or InputFile(file.content, filename=file.name)
        text = None if message is None else message.text
        markup = None if message is None else _keyboard(message)
        with _told_apart():
            if file.photo:
                sent = await self._bot.send_photo(
                    int(to.id), content, caption=text, parse_mode="HTML", reply_markup=markup, write_timeout=60
                )
            else:
                sent = await self._bot.send_document(
                    int(to.id), content, caption=text, parse_mode="HTML", reply_markup=markup, write_timeout=60
                )
        if file.key:
            kept = sent.photo[-1] if sent.photo else sent.document
            if kept is not None:
                self._uploaded = {**dict(list(self._uploaded.items())[-UPLOADS:]), file.key: kept.file_id}
        return str(sent.message_id)

    async def _take_keyboard_away(self, to: Address, words: str) -> None:
        """Remove the reply keyboard: Telegram does it only with a message that has no buttons of its own."""
        with _told_apart():
            await self._bot.send_message(int(to.id), words, reply_markup=ReplyKeyboardRemove())

    async def fetch(self, file: File) -> bytes:
        """Fetch a file (Telegram gives at most 20 MB). Raises SendError."""
        with _told_apart():
            found = await self._bot.get_file(file.ref)
            return bytes(await found.download_as_bytearray())

    async def offer_commands(self, to: Address | None, commands: Sequence[tuple[str, str]]) -> None:
        """Set the menu of commands of one chat, or the default one. Raises SendError."""
        scope: BotCommandScope = BotCommandScopeAllPrivateChats() if to is None else BotCommandScopeChat(int(to.id))
        with _told_apart():
            await self._bot.set_my_commands([BotCommand(name, words) for name, words in commands], scope=scope)


def kept(update: dict[str, Any]) -> inbox.Update:
    """Make the inbox row of a raw update; its chat is that of the private conversation it belongs to."""
    query, change = update.get("callback_query"), update.get("my_chat_member")
    message = update.get("message")
    if query:
        chat = query["from"]["id"]
    elif change:
        chat = change["chat"]["id"]
    else:
        chat = message["chat"]["id"] if message else 0
    # Half of a character pair, which no database takes, would come again and again and hold up everybody.
    payload = json.dumps(update, ensure_ascii=False).encode("utf-8", "replace").decode()
    return inbox.Update(str(update["update_id"]), str(chat), payload)


def _body(message: dict[str, Any]) -> Body:
    if text := message.get("text"):
        if text.startswith("/") and len(text) > 1:
            name, _, words = text[1:].partition(" ")
            return Command(name.partition("@")[0].lower(), words.strip())
        entities = message.get("entities")
        return Text(text, html_of(text, entities) if entities else None)
    if contact := message.get("contact"):
        return Contact(contact["phone_number"], own=contact.get("user_id") == message["from"]["id"])
    if document := message.get("document"):
        return File(document["file_id"], document.get("file_name") or "", document.get("file_size") or 0)
    if sizes := message.get("photo"):
        largest = sizes[-1]
        return File(largest["file_id"], "photo.jpg", largest.get("file_size") or 0, photo=True)
    for what in ("voice", "sticker", "video", "video_note", "audio", "location", "animation"):
        if what in message:
            return Unsupported(what)
    return Unsupported("other")


async def _one_by_one(steps: Sequence[Callable[[], Awaitable[str]]], *, begun: bool) -> list[str]:
    """Send the parts of one message in order; once one has gone, no error means any more that nothing was sent."""
    refs: list[str] = []
    for step in steps:
        try:
            refs.append(await step())
        except SendError as error:
            if refs or begun:
                raise MaybeSent(f"only a part was sent: {error}") from error
            raise
    return refs


def _keyboard(message: Rendered) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | None:
    if message.share_contact is None:
        return _inline(message)
    # A message has either kind of keyboard: here the words of the other buttons are typed by tapping them.
    typed = [[KeyboardButton(words)] for words, _ in message.menu]
    return ReplyKeyboardMarkup(
        [[KeyboardButton(message.share_contact, request_contact=True)], *typed],
        resize_keyboard=True,
        one_time_keyboard=True,
    )


def _inline(message: Rendered) -> InlineKeyboardMarkup | None:
    rows = [[_button(label) for label in row] for row in message.rows]
    return InlineKeyboardMarkup(rows) if rows else None


def _button(label: Label) -> InlineKeyboardButton:
    if label.url is not None:
        return InlineKeyboardButton(label.words, url=label.url)
    if label.copy is not None:
        return InlineKeyboardButton(label.words, copy_text=CopyTextButton(label.copy))
    style = STYLES[label.tone] if label.tone else None
    return InlineKeyboardButton(label.words, callback_data=cast("str", label.choice), style=style)
