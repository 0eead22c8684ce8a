"""What can come in from a chat, whatever the messenger. How it is read off the wire is the messenger's."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Address:
    """One private chat: the platform's name and its own opaque id."""

    platform: str
    id: str


@dataclass(frozen=True, slots=True)
class Command:
    """`/lop`, or `/start 12345678` with its words."""

    name: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A tapped button: its data as sent by the phone (a request, not a proof) and the message it stood under."""

    data: str
    message_ref: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """Free text, at most what the messenger lets through; `html` is the same with its formatting, when it has any.

    `html` is made by the messenger: everything escaped, only b, i, code, a; no tag spans a line.
    """

    text: str
    html: str | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """A shared contact; `own` only when the messenger vouches that it is the sender's own number."""

    phone: str
    own: bool


@dataclass(frozen=True, slots=True)
class File:
    """A document or photo that the messenger keeps; `size` in bytes, 0 when unknown."""

    ref: str
    name: str
    size: int
    photo: bool = False


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Something this assistant does not read: a voice message, a sticker, a place …"""

    what: str


@dataclass(frozen=True, slots=True)
class Reach:
    """The person has blocked (`open` false) or unblocked the assistant."""

    open: bool


Body = Command | Choice | Text | Contact | File | Unsupported | Reach


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing that came in; `tap_id` is what the messenger needs to acknowledge a tap."""

    address: Address
    body: Body
    tap_id: str | None = None


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A file fetched before the turn opened."""

    name: str
    content: bytes
    photo: bool = False
