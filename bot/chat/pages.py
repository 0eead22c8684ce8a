"""The one way to page a list in a chat. What the list holds is not known here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.chat.screens import Screen

SIZE = 6  # items a phone shows without scrolling, and few enough to answer by a digit

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page: its items, its number from 0, how many pages and items there are."""

    items: list[T]
    number: int
    count: int
    total: int

    def buttons(self, screen: Screen, choice: str, *args: int | str) -> Screen:
        """Add the buttons to the pages before and after; `choice` is called with `args` and the page's number."""
        if self.number > 0:
            screen.button("before", choice, *args, self.number - 1)
        if self.number + 1 < self.count:
            screen.button("more", choice, *args, self.number + 1, beside=self.number > 0)
        return screen


def page_of(items: Sequence[T], number: int, size: int = SIZE) -> Page[T]:
    """Cut one page out of a list; a number out of range (an old button) gives the nearest page."""
    count = max(1, -(-len(items) // size))
    number = min(max(number, 0), count - 1)
    return Page(list(items[number * size : (number + 1) * size]), number, count, len(items))
