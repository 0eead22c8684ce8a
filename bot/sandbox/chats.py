"""People, their private chats with the bot and the messages in them. Rules about calls are in the methods."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.bell import Bell
from bot.sandbox.files import StoredFile
from bot.sandbox.keyboards import Markup, inline_rows
from bot.sandbox.markup import Entity

MESSAGES_KEPT = 300


@dataclass(slots=True)
class Message:
    """One message as it stands now; `tick` is the number of the last change of the world that touched it."""

    id: int
    date: int
    from_bot: bool
    tick: int = 0
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    markup: Markup | None = None
    document: StoredFile | None = None
    photo: StoredFile | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    edit_date: int | None = None
    deleted: bool = False
    past_buttons: dict[str, str] = field(default_factory=dict)

    @property
    def file(self) -> StoredFile | None:
        """The document or the photo that it carries."""
        return self.document or self.photo

    @property
    def buttons(self) -> list[str]:
        """The labels of its inline buttons, in reading order."""
        return [button["text"] for row in inline_rows(self.markup) for button in row]

    def button(self, words: str) -> dict[str, Any] | None:
        """Give the first inline button whose label contains `words`."""
        rows = inline_rows(self.markup)
        return next((button for row in rows for button in row if words in button["text"]), None)

    def put_markup(self, markup: Markup | None) -> None:
        """Hang other buttons under it; the old ones stay known, for taps on a screen that was not redrawn."""
        self.markup = markup
        for row in inline_rows(markup):
            self.past_buttons.update({b["text"]: b["callback_data"] for b in row if "callback_data" in b})

    def __str__(self) -> str:
        who = "bot" if self.from_bot else "person"
        file = f" [{self.file.name}]" if self.file else ""
        marks = " (edited)" if self.edit_date else ""
        labels = "".join(f"\n      [{label}]" for label in self.buttons)
        return f"#{self.id} {who}{marks}:{file} {self.text or '-'}{labels}"


@dataclass
class Chat:
    """One person and the private chat with the bot, which has the same id; one that is `aside` is on no page."""

    id: int
    name: str
    phone_number: str = ""
    language: str = "vi"
    note: str = ""
    started: bool = False
    aside: bool = False
    blocked: bool = False
    deactivated: bool = False
    keyboard: Markup | None = None
    typing_until: float = 0.0
    popup: tuple[int, str, bool] | None = None
    received: int = 0
    tick: int = 0
    messages: OrderedDict[int, Message] = field(default_factory=OrderedDict)
    bell: Bell = field(default_factory=Bell)

    def keep(self, message: Message) -> None:
        """Add a message, dropping the oldest beyond what is kept."""
        self.messages[message.id] = message
        if len(self.messages) > MESSAGES_KEPT:
            self.messages.popitem(last=False)

    def as_user(self) -> dict[str, Any]:
        """Give the person as the Bot API's User."""
        return {"id": self.id, "is_bot": False, "first_name": self.name, "language_code": self.language}

    def as_chat(self) -> dict[str, Any]:
        """Give the chat as the Bot API's Chat."""
        return {"id": self.id, "first_name": self.name, "type": "private"}

    def as_message(self, message: Message, bot: dict[str, Any]) -> dict[str, Any]:
        """Give a message of this chat as the Bot API's Message; a deleted one is inaccessible."""
        if message.deleted:
            return {"chat": self.as_chat(), "message_id": message.id, "date": 0}
        sender = bot if message.from_bot else self.as_user()
        shape: dict[str, Any] = {
            "message_id": message.id,
            "from": sender,
            "chat": self.as_chat(),
            "date": message.date,
            **message.extra,
        }
        if message.edit_date:
            shape["edit_date"] = message.edit_date
        if message.document:
            shape["document"] = message.document.as_document()
        if message.photo:
            shape["photo"] = message.photo.as_photo()
        words = ("caption", "caption_entities") if message.file else ("text", "entities")
        if message.text:
            shape[words[0]] = message.text
        if message.entities:
            shape[words[1]] = message.entities
        if message.markup and "inline_keyboard" in message.markup:
            shape["reply_markup"] = message.markup
        return shape
