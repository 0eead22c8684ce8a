"""The one way to narrow a list in a chat by typed words, until it is opened anew. Pages: bot.chat.pages."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from bot.chat.turns import Turn
from bot.folding import fold

LONGEST = 60  # letters of the words that are kept
_KEPT = "narrowed"  # the draft's name for (list, words)

T = TypeVar("T")


def keep(turn: Turn, about: str, words: str) -> None:
    """Keep the words typed on the list `about` ('unit_people:3')."""
    turn.draft[_KEPT] = [about, words[:LONGEST]]


def kept(turn: Turn, about: str) -> str:
    """Give the words kept for this list; '' when there are none, or those of another list."""
    of, words = turn.draft.get(_KEPT, ["", ""])
    return str(words) if of == about else ""


def forget(turn: Turn) -> None:
    """Let a list be shown whole again."""
    turn.draft.pop(_KEPT, None)


def narrowed(items: Iterable[T], words: str, told: Callable[[T], str]) -> list[T]:
    """Give the items of which `told` has all the words, without diacritics; '' gives every item, '🙂' none."""
    if not words:
        return list(items)
    wanted = fold(words).split()
    return [one for one in items if wanted and all(word in fold(told(one)) for word in wanted)]
