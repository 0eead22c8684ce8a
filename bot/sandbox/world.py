"""The state of the sandbox: who is there, what was said, what waits, what goes wrong. No HTTP and no rules of calls."""

import secrets
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.clock import FixedClock, MovableClock, SystemClock
from bot.sandbox.bell import Bell
from bot.sandbox.chats import Chat, Message
from bot.sandbox.faults import Faults
from bot.sandbox.files import Shelf
from bot.sandbox.pace import Pace
from bot.sandbox.updates import UpdateQueue

if TYPE_CHECKING:
    from bot.sandbox.phones import Phone

QUERY_LIFETIME = 15.0
_YEAR_2026 = 1_767_225_600
_FIRST_PERSON = 7_100_000_001
_QUERIES_KEPT = 5_000


@dataclass(slots=True)
class Webhook:
    """Where updates are posted, and how that has gone."""

    url: str
    secret: str = ""
    max_connections: int = 40
    allowed: list[str] = field(default_factory=list)
    last_error_date: int | None = None
    last_error: str = ""


class World:
    """Everything that a Telegram on this machine knows.

    The date of messages comes from `clock`, which the time machine moves; the age of a tap and the pace of
    sending come from `monotonic`, which it does not. Set `limits = False` to let a bench send at any pace.
    `latency` is in seconds and is added to every call.
    """

    def __init__(
        self,
        clock: MovableClock | FixedClock,
        token: str = "123456:SANDBOX-token-for-this-machine-only",  # noqa: S107 - opens nothing but this sandbox
        *,
        bot_name: str = "Bồi Dưỡng",
        bot_username: str = "boiduong_bot",
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.clock = clock
        self.token = token
        self.monotonic = monotonic
        self.bot = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": bot_name,
            "username": bot_username,
        }
        self.session = secrets.token_hex(4)
        self.limits = True
        self.latency = 0.0
        self.pace = Pace(monotonic)
        self.faults = Faults()
        self.files = Shelf()
        self.chats: dict[int, Chat] = {}
        self.phones: dict[int, Phone] = {}
        # A new world begins with higher ids than an old one had, or a bot that remembers the old would
        # take new updates for repeated ones and edit the wrong messages.
        first = max(1, SystemClock().now() - _YEAR_2026)
        self.updates = UpdateQueue(first * 10)
        self._last_message = first
        self.webhook: Webhook | None = None
        self.webhook_bell = Bell()
        self.commands: dict[tuple[str, str], list[dict[str, str]]] = {}
        self.about: dict[str, str] = {}
        self.calls: Counter[str] = Counter()
        self.network: Callable[[bool], None] | None = None
        self.closing = False
        self.page_bell = Bell()
        self.tick = 0
        self._offline = False
        self._queries: dict[str, tuple[int, float]] = {}

    def phone(
        self,
        name: str,
        phone_number: str = "",
        note: str = "",
        *,
        started: bool = False,
        aside: bool = False,
        user_id: int | None = None,
    ) -> "Phone":
        """Give a new person's phone; ids follow the order in which phones are made, so they are stable.

        `started` tells that the person has already spoken with the bot; `note` is a slip of paper beside
        the phone ("Mã mời: 1234 5678"); `aside` leaves it off the page, where only few have room.
        """
        from bot.sandbox.phones import Phone  # a phone needs a world, and a world gives phones

        chat_id = user_id or _FIRST_PERSON + len(self.chats)
        chat = Chat(chat_id, name, phone_number, note=note, started=started, aside=aside)
        self.chats[chat_id] = chat
        phone = self.phones[chat_id] = Phone(self, chat)
        self.changed(chat)
        return phone

    @property
    def offline(self) -> bool:
        """Telegram is gone for the bot: every connection is broken. People can still write; it waits."""
        return self._offline

    @offline.setter
    def offline(self, gone: bool) -> None:
        self._offline = gone
        if self.network:
            self.network(gone)
        self.updates.cut(gone)
        self.webhook_bell.ring()
        self.changed()

    def changed(self, chat: Chat | None = None, message: Message | None = None) -> None:
        """Count a change (of a chat, of a message in it) and wake those who wait for one."""
        self.tick += 1
        if message is not None:
            message.tick = self.tick
        if chat is not None:
            chat.tick = self.tick
            chat.bell.ring()
        self.page_bell.ring()

    def add(self, chat: Chat, *, from_bot: bool, **content: Any) -> Message:
        """Add a message to a chat and give it."""
        self._last_message += 1
        message = Message(self._last_message, self.clock.now(), from_bot, **content)
        message.put_markup(message.markup)
        chat.keep(message)
        if from_bot:
            chat.received += 1
            chat.typing_until = 0.0
        self.changed(chat, message)
        return message

    def open_query(self, chat: Chat) -> str:
        """Give the id of a new tap of this chat; it may be answered once, within 15 seconds."""
        query_id = str(secrets.randbits(62))
        self._queries[query_id] = (chat.id, self.monotonic() + QUERY_LIFETIME)
        if len(self._queries) > _QUERIES_KEPT:
            del self._queries[next(iter(self._queries))]
        return query_id

    def is_open(self, query_id: str) -> bool:
        """Tell whether a tap still waits for its answer."""
        return query_id in self._queries and self._queries[query_id][1] >= self.monotonic()

    def close_query(self, query_id: str) -> Chat | None:
        """Take the answer to a tap: give its chat, or None when it is unknown, answered or too old."""
        chat_id, until = self._queries.pop(query_id, (0, 0.0))
        return self.chats.get(chat_id) if until >= self.monotonic() else None

    def commands_in(self, chat: Chat) -> list[dict[str, str]]:
        """Give the commands that the menu of this chat shows: the narrowest scope that has any."""
        for scope in (f"chat {chat.id}", "all_private_chats", "default"):
            for language in (chat.language, ""):
                if commands := self.commands.get((scope, language)):
                    return commands
        return []

    def repeat_last_update(self) -> None:
        """Deliver the newest update once more with the same id, by polling or by webhook."""
        self.updates.repeat_last()
        self.webhook_bell.ring()

    def close(self) -> None:
        """Let every long wait (polls, the page, the webhook) end."""
        self.closing = True
        self.updates.cut(True)
        self.webhook_bell.ring()
        self.page_bell.ring()
