"""The phone of one person, as stories use it: do something, then wait for what must appear. No HTTP here."""

from collections.abc import Callable
from typing import Any, TypeVar

from bot.folding import tidy
from bot.sandbox import actions
from bot.sandbox.chats import Chat, Message
from bot.sandbox.files import StoredFile
from bot.sandbox.world import World

T = TypeVar("T")
_SHOWN_ON_FAILURE = 6


class Phone:
    """One person's phone in the private chat with the bot.

    Every action sets a mark; what is awaited afterwards must have arrived or been edited since that mark.
    Whatever does not appear within `timeout` seconds raises AssertionError with the last messages.
    """

    def __init__(self, world: World, chat: Chat) -> None:
        self.world = world
        self.chat = chat
        self.timeout = 10.0
        self._mark = 0

    @property
    def id(self) -> int:
        """The person's user id, which is the chat's id too."""
        return self.chat.id

    @property
    def name(self) -> str:
        """The person's name in the messenger."""
        return self.chat.name

    @property
    def note(self) -> str:
        """The slip of paper beside the phone; may be replaced."""
        return self.chat.note

    @note.setter
    def note(self, words: str) -> None:
        self.chat.note = words
        self.world.changed(self.chat)

    @property
    def messages(self) -> list[Message]:
        """Everything that the chat shows now, oldest first, both sides."""
        return [message for message in self.chat.messages.values() if not message.deleted]

    @property
    def last(self) -> Message:
        """The newest message of the bot."""
        found = next((message for message in reversed(self.messages) if message.from_bot), None)
        if found is None:
            raise AssertionError(self._failure("a message of the bot"))
        return found

    @property
    def buttons(self) -> list[str]:
        """The labels under the newest message that has inline buttons."""
        return next((message.buttons for message in reversed(self.messages) if message.buttons), [])

    @property
    def keys(self) -> list[str]:
        """The labels of the reply keyboard below the input line."""
        rows = self.chat.keyboard["keyboard"] if self.chat.keyboard else []
        return [button["text"] for row in rows for button in row]

    @property
    def popup(self) -> str:
        """The words of the last answer to a tap, until the next action."""
        return self.chat.popup[1] if self.chat.popup else ""

    @property
    def received_count(self) -> int:
        """How many messages the bot has sent here since the beginning."""
        return self.chat.received

    async def sends(self, text: str) -> Message:
        """Write `text` and send it."""
        return self._after_mark(actions.send_text, text)

    async def starts(self, payload: str = "") -> Message:
        """Press Start, perhaps through a link with a payload."""
        return await self.sends(f"/start {payload}".strip())

    async def uploads(self, filename: str, content: bytes, caption: str = "") -> Message:
        """Send a file."""
        return self._after_mark(actions.send_document, filename, content, caption)

    async def sends_photo(self, content: bytes, caption: str = "") -> Message:
        """Send a picture."""
        return self._after_mark(actions.send_photo, content, caption)

    async def sends_voice(self) -> Message:
        """Send a voice message."""
        return self._after_mark(actions.send_voice)

    async def sends_sticker(self) -> Message:
        """Send a sticker."""
        return self._after_mark(actions.send_sticker)

    async def shares_contact(self, own: bool = True, number: str | None = None) -> Message:
        """Share a contact: one's own, or (`own=False`) somebody else's."""
        self._set_mark()
        return actions.share_contact(self.world, self.chat, own=own, number=number)

    async def taps(self, label: str) -> None:
        """Press the button whose label contains `label`, on the newest message that has one.

        Waits for the button, and then until the bot has answered the tap or changed the screen. A key of the
        reply keyboard is found too, and does what it would do.
        """
        words = tidy(label)
        found = await self._until(lambda: self._find_button(words), f"a button “{label}”")
        message, button = found
        if message is None:
            await self._presses_key(button)
        elif "callback_data" in button:
            await self._taps(message, button["callback_data"])

    async def taps_old(self, message_id: int, label: str) -> None:
        """Press a button that a message shows or once showed, as on a screen that was not redrawn."""
        message = self.chat.messages[message_id]
        data = next((d for text, d in message.past_buttons.items() if tidy(label) in tidy(text)), None)
        if data is None:
            raise AssertionError(f"message {message_id} never had a button “{label}”: {message.past_buttons}")
        await self._taps(message, data)

    async def taps_forged(self, data: bytes | str, message: Message | None = None) -> None:
        """Press a button that a modified app made up: any data, under `message` or the newest of the bot."""
        text = data if isinstance(data, str) else data.decode("utf-8", "replace")
        shown = message or next((m for m in reversed(self.messages) if m.from_bot), None)
        await self._taps(shown, text)

    async def sees(self, *words: str, since_start: bool = False) -> Message:
        """Wait for a message of the bot that shows all of `words` (text, caption or file name); give it.

        Looks at what arrived or was edited since this phone's last action, or at everything (`since_start`).
        """
        wanted = [tidy(word) for word in words]
        return await self._until(lambda: self._find(wanted, since_start), " and ".join(f"“{w}”" for w in words))

    async def sees_no(self, *words: str, since_start: bool = False) -> None:
        """Check that no message shows all of `words` at this moment."""
        found = self._find([tidy(word) for word in words], since_start)
        if found is not None:
            raise AssertionError(f"{self.name} should not see {words}, but sees: {found}")

    async def sees_popup(self, *words: str) -> str:
        """Wait for an answer to the last tap that shows all of `words`; give its text."""
        wanted = [tidy(word) for word in words]
        return await self._until(
            lambda: self.popup if all(word in tidy(self.popup) for word in wanted) else "", f"a popup {words}"
        )

    async def gets_file(self, name: str, since_start: bool = False) -> bytes:
        """Wait for a document whose name contains `name`; give its bytes."""
        document = await self._until(lambda: self._find_file(name, since_start), f"a file “{name}”")
        return document.content

    async def gets_messages(self, count: int) -> list[Message]:
        """Wait until the bot has sent `count` messages here since the beginning; give those still shown."""
        await self._until(lambda: self.received_count >= count, f"{count} messages in all")
        return [message for message in self.messages if message.from_bot]

    def blocks(self) -> None:
        """Block the bot."""
        self._set_mark()
        actions.set_blocked(self.world, self.chat, True)

    def unblocks(self) -> None:
        """Let the bot speak again."""
        self._set_mark()
        actions.set_blocked(self.world, self.chat, False)

    def deactivates(self) -> None:
        """Delete the person's account."""
        self.chat.deactivated = True
        self.world.changed(self.chat)

    async def _taps(self, message: Message | None, data: str) -> None:
        self._set_mark()
        query_id = actions.tap(self.world, self.chat, message, data)
        mark = self._mark
        await self._until(
            lambda: not self.world.is_open(query_id) or self._changed_since(mark), f"an answer to the tap {data!r}"
        )

    async def _presses_key(self, button: dict[str, Any]) -> None:
        if button.get("request_contact"):
            await self.shares_contact()
        else:
            await self.sends(button["text"])

    def _changed_since(self, mark: int) -> bool:
        return any(message.tick > mark for message in reversed(self.chat.messages.values()))

    def _find_button(self, words: str) -> tuple[Message | None, dict[str, Any]] | None:
        for message in reversed(self.messages):
            for text in message.buttons if message.from_bot else ():
                if words in tidy(text) and (button := message.button(text)):
                    return message, button
        rows = self.chat.keyboard["keyboard"] if self.chat.keyboard else []
        keys = (button for row in rows for button in row if words in tidy(button["text"]))
        key = next(keys, None)
        return (None, key) if key else None

    def _fresh(self, since_start: bool) -> list[Message]:
        mark = 0 if since_start else self._mark
        return [message for message in reversed(self.messages) if message.from_bot and message.tick > mark]

    def _find(self, wanted: list[str], since_start: bool) -> Message | None:
        for message in self._fresh(since_start):
            shown = tidy(f"{message.text} {message.file.name if message.file else ''}")
            if all(word in shown for word in wanted):
                return message
        return None

    def _find_file(self, name: str, since_start: bool) -> StoredFile | None:
        documents = (message.document for message in self._fresh(since_start))
        return next((file for file in documents if file and tidy(name) in tidy(file.name)), None)

    def _set_mark(self) -> None:
        self._mark = self.world.tick

    def _after_mark(self, action: Callable[..., Message], *content: Any) -> Message:
        self._set_mark()
        return action(self.world, self.chat, *content)

    async def _until(self, found: Callable[[], T | None], what: str) -> T:
        value = await self.chat.bell.until(found, self.timeout)
        if not value:
            raise AssertionError(self._failure(what))
        return value

    def _failure(self, what: str) -> str:
        shown = self.messages[-_SHOWN_ON_FAILURE:]
        lines = "\n".join(f"  {'*' if m.tick > self._mark else ' '} {m}" for m in shown) or "  (nothing)"
        popup = f"\n  popup: {self.popup}" if self.popup else ""
        return f"{self.name} waits for {what}; the phone shows (* = since the last action):\n{lines}{popup}"
