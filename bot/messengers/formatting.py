"""Formatting that came with a text, made into the small HTML that all messengers share. Nothing else gets through."""

from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby
from typing import Any

_TAGS = {"bold": "b", "italic": "i", "code": "code", "pre": "code"}
_ORDER = ("b", "i", "code")

# The link and the tags of one letter.
_Look = tuple[str, tuple[str, ...]]


def html_of(text: str, entities: Sequence[dict[str, Any]]) -> str:
    """Give `text` escaped, with bold, italic, code and links of `entities` (Telegram's: places in UTF-16 units).

    Tags are closed at the end of each line and opened again on the next, so that a text can be cut there.
    """
    looks = _looks(text, entities)
    lines = [list(run) for _, run in groupby(zip(text, looks, strict=True), key=lambda pair: pair[0] == "\n")]
    return "".join(_line(line) for line in lines)


def _line(letters: Iterable[tuple[str, _Look]]) -> str:
    made = []
    for look, run in groupby(letters, key=lambda pair: pair[1]):
        words = "".join(letter for letter, _ in run)
        made.append(_dressed(words, look) if words.strip() else words)
    return "".join(made)


def _dressed(words: str, look: _Look) -> str:
    link, tags = look
    opened = "".join(f"<{tag}>" for tag in tags)
    closed = "".join(f"</{tag}>" for tag in reversed(tags))
    made = f"{opened}{escape(words)}{closed}"
    return f'<a href="{escape(link)}">{made}</a>' if link else made


def _looks(text: str, entities: Sequence[dict[str, Any]]) -> list[_Look]:
    """Give the look of every letter."""
    starts, place = [], 0
    for letter in text:
        starts.append(place)
        place += 2 if ord(letter) > 0xFFFF else 1
    return [_look([e for e in entities if e["offset"] <= at < e["offset"] + e["length"]]) for at in starts]


def _look(entities: Iterable[dict[str, Any]]) -> _Look:
    link, tags = "", set()
    for entity in entities:
        tags.add(_TAGS.get(entity["type"], ""))
        url = str(entity.get("url", ""))
        if entity["type"] == "text_link" and url.startswith(("https://", "http://")):
            link = url
    return link, tuple(tag for tag in _ORDER if tag in tags)
