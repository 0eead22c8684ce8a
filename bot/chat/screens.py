"""What a handler answers with: the name of a screen, its values, its buttons, its files. Words are in templates."""

import json
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from bot.chat.choices import encode

# A hint of colour where the messenger has it; the words alone must tell what a button does.
Tone = Literal["go", "stop"]


@dataclass(frozen=True)
class Button:
    """A button to be worded by the block `block` of the screen's template, with `values` beside the screen's."""

    block: str
    choice: str | None = None
    url: str | None = None
    copy: str | None = None
    tone: Tone | None = None
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Attachment:
    """A file to send along; its name is seen by the person.

    One with a `key` (the hash of its content) goes to many: it is sent in one message with the text where it can be,
    and a messenger may keep it under its key.
    """

    name: str
    content: bytes
    photo: bool = False
    key: str = ""


class Screen:
    """One message: template `templates/<language>/<template>.j2`, the values it reads, rows of buttons, files.

    `fresh` sends a new message where a tap would otherwise edit the tapped one.
    `share_contact` names the block of a button that shares the person's own number, where the messenger has it;
    `no_more_sharing` the block of a short line that is sent first and takes that button away.
    """

    def __init__(self, template: str, *, fresh: bool = False, **values: Any) -> None:
        self.template = template
        self.values = values
        self.rows: list[list[Button]] = []
        self.attachments: list[Attachment] = []
        self.fresh = fresh
        self.share_contact: str | None = None
        self.no_more_sharing: str | None = None

    def button(
        self, block: str, choice: str, *args: int | str, beside: bool = False, tone: Tone | None = None, **values: Any
    ) -> Self:
        """Add a button that makes `choice` with `args`; `beside` in the last row."""
        return self._add(Button(block, choice=encode(choice, *args), tone=tone, values=values), beside)

    def url(self, block: str, url: str, *, beside: bool = False) -> Self:
        """Add a button that opens an address."""
        return self._add(Button(block, url=url), beside)

    def copy(self, block: str, text: str, *, beside: bool = False) -> Self:
        """Add a button that copies at most 256 characters."""
        return self._add(Button(block, copy=text[:256]), beside)

    def attach(self, name: str, content: bytes) -> Self:
        """Add a file."""
        self.attachments.append(Attachment(name, content))
        return self

    def illustrate(self, picture: Attachment) -> Self:
        """Add a file with a key, that the text stands under."""
        self.attachments.append(picture)
        return self

    def _add(self, button: Button, beside: bool) -> Self:
        if beside and self.rows:
            self.rows[-1].append(button)
        else:
            self.rows.append([button])
        return self


@dataclass(frozen=True)
class Label:
    """A worded button."""

    words: str
    choice: str | None = None
    url: str | None = None
    copy: str | None = None
    tone: Tone | None = None


@dataclass(frozen=True)
class Rendered:
    """A screen in words: `text` in the small HTML that all messengers share (b, i, code, a)."""

    text: str
    rows: list[list[Label]] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    fresh: bool = False
    share_contact: str | None = None
    no_more_sharing: str | None = None

    @property
    def menu(self) -> list[tuple[str, str]]:
        """Give words and choice of each button that can also be typed, in order."""
        return [(b.words, b.choice) for row in self.rows for b in row if b.choice is not None]

    def dump(self) -> str:
        """Give the JSON that a reply is kept as until it has been sent."""
        files = [[a.name, a.content.hex(), a.photo, a.key] for a in self.attachments]
        rows = [[[b.words, b.choice, b.url, b.copy, b.tone] for b in row] for row in self.rows]
        kept = [self.text, rows, files, self.fresh, self.share_contact, self.no_more_sharing]
        return json.dumps(kept, ensure_ascii=False)

    @classmethod
    def load(cls, dumped: str) -> "Rendered":
        """Read back what `dump` gave."""
        text, rows, files, fresh, share, no_more = json.loads(dumped)
        return cls(
            text,
            [[Label(*b) for b in row] for row in rows],
            [Attachment(name, bytes.fromhex(content), *rest) for name, content, *rest in files],
            fresh,
            share,
            no_more,
        )
