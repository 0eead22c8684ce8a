"""Telegram's HTML: text and entities out of it, with Telegram's refusals. Buttons are in keyboards.py."""

import html
import re
from typing import Any

from bot.sandbox.refusals import bad_request

Entity = dict[str, Any]
TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
_MOST_ENTITIES = 100

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
_NAME = re.compile(r"[^\s>/]*")
_ATTRIBUTE = re.compile(r"""\s*([a-zA-Z-]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+))?""")
_CHARACTER = re.compile(r"&(lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")
_COMMAND = re.compile(r"(?<![^\s])/[A-Za-z0-9_]{1,32}(?:@\w+)?(?!\w)")
_LINK = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)]")


def units(text: str) -> int:
    """Give the length of `text` as Telegram counts it: in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def read(text: str, parse_mode: str | None, given: list[Entity] | None = None) -> tuple[str, list[Entity]]:
    """Give the shown text and its entities, outer blanks trimmed, links and commands found.

    Raises the refusal "can't parse entities: …" for anything that Telegram's HTML does not allow.
    """
    if not parse_mode:
        plain, entities = text, list(given or [])
    elif parse_mode.lower() == "html":
        plain, entities = _Reader(text).read()
    else:
        raise bad_request("unsupported parse_mode")
    plain, entities = _trimmed(plain, entities)
    return plain, [*entities, *found_by_itself(plain, entities)][:_MOST_ENTITIES]


def found_by_itself(text: str, entities: list[Entity] | None = None) -> list[Entity]:
    """Give the commands and links that Telegram marks in a text of its own accord."""
    taken = [(e["offset"], e["offset"] + e["length"]) for e in entities or [] if e["type"] in _OPAQUE]
    found = []
    for kind, pattern in (("bot_command", _COMMAND), ("url", _LINK)):
        for match in pattern.finditer(text) if kind[0] == "b" or "://" in text else ():
            start, length = units(text[: match.start()]), units(match[0])
            if not any(start < end and begin < start + length for begin, end in taken):
                found.append({"type": kind, "offset": start, "length": length})
    return sorted(found, key=lambda entity: entity["offset"])


_OPAQUE = ("code", "pre", "text_link")


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    left = units(text) - units(text.lstrip())
    text = text.strip()
    size = units(text)
    kept = []
    for entity in entities:
        start = max(0, entity["offset"] - left)
        end = min(size, entity["offset"] + entity["length"] - left)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return text, sorted(kept, key=lambda entity: (entity["offset"], -entity["length"]))


class _Reader:
    """One pass over an HTML text; keeps the open tags and where they began."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._out: list[str] = []
        self._units = 0
        self._open: list[tuple[str, int, dict[str, str]]] = []
        self._entities: list[Entity] = []

    def read(self) -> tuple[str, list[Entity]]:
        while self._at < len(self._source):
            here = self._source[self._at]
            if here == "<":
                self._tag()
            else:
                self._words(here)
        if self._open:
            raise self._refusal(f'Can\'t find end tag corresponding to start tag "{self._open[-1][0]}"')
        return "".join(self._out), self._entities

    def _words(self, here: str) -> None:
        if here == "&" and (match := _CHARACTER.match(self._source, self._at)):
            self._put(html.unescape(match[0]))
            self._at = match.end()
            return
        stops = [p for p in (self._source.find(c, self._at + 1) for c in "<&") if p > 0]
        end = min(stops, default=len(self._source))
        self._put(self._source[self._at : end])
        self._at = end

    def _put(self, text: str) -> None:
        self._out.append(text)
        self._units += units(text)

    def _tag(self) -> None:
        if self._source.startswith("</", self._at):
            self._end_tag()
        else:
            self._start_tag()

    def _start_tag(self) -> None:
        start = self._at
        name_match = _NAME.match(self._source, start + 1)
        name = name_match[0].lower() if name_match else ""
        self._at = start + 1 + len(name)
        if self._at >= len(self._source):
            raise self._refusal(f"Unclosed start tag at byte offset {self._bytes(start)}")
        if name not in _KINDS:
            raise self._refusal(f'Unsupported start tag "{name}" at byte offset {self._bytes(start)}')
        attributes = self._attributes(start)
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise self._refusal(f'Tag "span" must have class "tg-spoiler" at byte offset {self._bytes(start)}')
        self._open.append((name, self._units, attributes))

    def _attributes(self, start: int) -> dict[str, str]:
        attributes: dict[str, str] = {}
        while match := _ATTRIBUTE.match(self._source, self._at):
            attributes[match[1].lower()] = html.unescape((match[2] or "").strip("\"'"))
            self._at = match.end()
        end = re.compile(r"\s*>").match(self._source, self._at)
        if not end:
            raise self._refusal(f"Unclosed start tag at byte offset {self._bytes(start)}")
        self._at = end.end()
        return attributes

    def _end_tag(self) -> None:
        start = self._at
        offset = self._bytes(start)
        if not self._open:
            raise self._refusal(f"Unexpected end tag at byte offset {offset}")
        end = self._source.find(">", start)
        if end < 0:
            raise self._refusal(f"Unclosed end tag at byte offset {offset}")
        found = self._source[start + 2 : end].strip().lower()
        name, begin, attributes = self._open.pop()
        if found not in ("", name):
            raise self._refusal(f'Unmatched end tag at byte offset {offset}, expected "</{name}>", found "</{found}>"')
        self._at = end + 1
        self._close(name, begin, attributes)

    def _close(self, name: str, begin: int, attributes: dict[str, str]) -> None:
        length = self._units - begin
        kind = _KINDS[name]
        if not length or (kind == "text_link" and not attributes.get("href")):
            return
        entity: Entity = {"type": kind, "offset": begin, "length": length}
        if kind == "text_link":
            entity["url"] = attributes["href"]
        if kind == "blockquote" and "expandable" in attributes:
            entity["type"] = "expandable_blockquote"
        if kind == "code" and attributes.get("class", "").startswith("language-"):
            entity["language"] = attributes["class"].removeprefix("language-")
        self._entities.append(entity)

    def _bytes(self, at: int) -> int:
        return len(self._source[:at].encode())

    @staticmethod
    def _refusal(why: str) -> Exception:
        return bad_request(f"can't parse entities: {why}")
