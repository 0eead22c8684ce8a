"""Texts cut to what a messenger takes. How they are worded is in templates."""

from html import escape, unescape
from re import sub


def length(text: str) -> int:
    """Give the length as messengers count it: UTF-16 units of what is seen, without markup."""
    return len(unescape(sub(r"<[^>]*>", "", text)).encode("utf-16-le")) // 2


def split(text: str, limit: int) -> list[str]:
    """Cut a text at line breaks into parts of at most `limit`; a tag never spans a line, so none is torn.

    A single line that is too long loses its markup and is cut between words.
    """
    if length(text) <= limit:
        return [text]
    parts: list[str] = []
    current = ""
    for line in text.split("\n"):
        for piece in _pieces(line, limit):
            joined = f"{current}\n{piece}" if current else piece
            if length(joined) > limit:
                parts.append(current.strip("\n"))
                joined = piece
            current = joined
    return [part for part in [*parts, current.strip("\n")] if part]


def _pieces(line: str, limit: int) -> list[str]:
    if length(line) <= limit:
        return [line]
    bare = sub(r"<[^>]*>", "", line)
    pieces, current = [], ""
    for word in bare.split(" "):
        joined = f"{current} {word}" if current else word
        if length(joined) > limit and current:
            pieces.append(current)
            joined = word
        current = joined
    return [*pieces, *_hard(current, limit)]


def _hard(word: str, limit: int) -> list[str]:
    """Cut a word longer than a whole message; two units a letter is the most that UTF-16 needs."""
    if length(word) <= limit:
        return [word]
    bare, step = unescape(word), limit // 2
    return [escape(bare[i : i + step]) for i in range(0, len(bare), step)]
