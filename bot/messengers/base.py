"""What the program asks of a messenger, and how sending may end. Each messenger lives in a file of its own."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.chat.events import Address, File, Incoming
from bot.chat.screens import Rendered
from bot.errors import BoiDuongError
from bot.inbox import Update
from bot.messengers.texts import length

# Writes updates durably and hands them on; returns once they are safe, so that the messenger may acknowledge.
Keep = Callable[[str, Sequence[Update]], Awaitable[None]]


class SendError(BoiDuongError):
    """A message did not surely arrive; the subclass tells what is known."""


class NotSent(SendError):
    """The request never left: it may be made again."""


class MaybeSent(SendError):
    """The connection broke after the request left: nobody can tell whether it was accepted."""


class Flood(SendError):
    """Too many messages: nothing was sent; wait `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"asked to wait {seconds:g} s")
        self.seconds = seconds


class Unreachable(SendError):
    """The person blocked the assistant, or the chat is gone."""


class Rejected(SendError):
    """The messenger will never take this message: a bug of ours."""


@dataclass(frozen=True)
class Caps:
    """What a messenger can do; a conversation never depends on it, only the look does."""

    max_text: int
    max_caption: int  # of the text under a photo or file
    buttons: bool
    edit: bool
    files: bool


def requests(message: Rendered, caps: Caps) -> int:
    """Give how many requests a new message takes: each counts for the pace."""
    seen = length(message.text)
    together = bool(message.attachments and message.attachments[0].key) and seen <= caps.max_caption
    return max(1, -(-seen // caps.max_text)) + len(message.attachments) - together


class Messenger(Protocol):
    """One platform."""

    platform: str
    caps: Caps

    async def start(self) -> None:
        """Connect. Raises SettingError when the platform does not know us."""
        ...

    async def stop(self) -> None:
        """Let go of connections."""
        ...

    async def receive(self, keep: Keep) -> None:
        """Take updates until cancelled; each is acknowledged to the platform only after `keep` has returned."""
        ...

    def read(self, chat: str, payload: str) -> Incoming | None:
        """Understand a kept update; None for what no conversation is about."""
        ...

    async def acknowledge(self, incoming: Incoming) -> None:
        """Let a tapped button stop spinning. Never raises SendError: too late is no fault."""
        ...

    async def send(self, to: Address, message: Rendered, replace: str | None = None) -> str | None:
        """Show a message, in place of message `replace` where that can be; gives its reference. Raises SendError."""
        ...

    async def fetch(self, file: File) -> bytes:
        """Fetch a file that was sent. Raises SendError."""
        ...

    async def offer_commands(self, to: Address | None, commands: Sequence[tuple[str, str]]) -> None:
        """Show these commands (name, words) in the menu of one chat, or of every chat. Raises SendError."""
        ...
