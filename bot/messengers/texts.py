"""Texts cut to what a messenger takes. How they are worded is in templates."""

from collections.abc import Iterator
from html import escape, unescape
from re import sub

_NUMBER = 8  # characters that "12/34" over a part may need


def plain(text: str) -> str:
    """Give what is seen of a text, line by line, without markup."""
    return unescape(sub(r"<[^>]*>", "", text))


def length(text: str) -> int:
    """Give the length as messengers count it: UTF-16 units of what is seen."""
    return len(plain(text).encode("utf-16-le")) // 2


def numbered(text: str, limit: int) -> list[str]:
    """Cut a text as `split` does and put "1/2" over each part when there are several."""
    if length(text) <= limit:
        return [text]
    parts = split(text, limit - _NUMBER)
    return [f"{number}/{len(parts)}\n{part}" for number, part in enumerate(parts, start=1)]


def split(text: str, limit: int) -> list[str]:
    """Cut a text between paragraphs into parts of at most `limit`, else at line breaks; a tag never spans a line.

    A single line that is too long loses its markup and is cut between words.
    """
    if length(text) <= limit:
        return [text]
    parts: list[str] = []
    current = ""
    for gap, piece in _paragraphs(text, limit):
        joined = f"{current}{gap}{piece}" if current else piece
        if length(joined) > limit:
            parts.append(current.strip("\n"))
            joined = piece
        current = joined
    return [part for part in [*parts, current.strip("\n")] if part]


def _paragraphs(text: str, limit: int) -> Iterator[tuple[str, str]]:
    """Give what stays together, each with what stands before it: whole paragraphs, or the lines of too long ones."""
    for paragraph in text.split("\n\n"):
        if length(paragraph) <= limit:
            yield "\n\n", paragraph
            continue
        gap = "\n\n"
        for line in paragraph.split("\n"):
            for piece in _pieces(line, limit):
                yield gap, piece
                gap = "\n"


def _pieces(line: str, limit: int) -> list[str]:
    if length(line) <= limit:
        return [line]
    bare = sub(r"<[^>]*>", "", line)
    pieces, current = [], ""
    for word in bare.split(" "):
        joined = f"{current} {word}" if current else word
        if length(joined) > limit and current:
            pieces += _hard(current, limit)
            joined = word
        current = joined
    return [*pieces, *_hard(current, limit)]


def _hard(word: str, limit: int) -> list[str]:
    """Cut a word longer than a whole message; two units a letter is the most that UTF-16 needs."""
    if length(word) <= limit:
        return [word]
    bare, step = unescape(word), limit // 2
    return [escape(bare[i : i + step]) for i in range(0, len(bare), step)]
