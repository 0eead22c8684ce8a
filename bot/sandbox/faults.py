"""Faults on demand: what goes wrong with which of the next calls. Carrying a fault out is the wire's work."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What goes wrong with a call."""

    FLOOD = "flood"
    BAD_GATEWAY = "bad gateway"
    DELAY = "delay"
    CUT_BEFORE = "cut before"
    CUT_AFTER = "cut after"


@dataclass(slots=True)
class Fault:
    """One kind of trouble for the next `times` calls that match; `seconds` is a pause or a `retry_after`."""

    kind: Kind
    times: int
    method: str | None
    chat_id: int | None
    seconds: float = 0.0

    def concerns(self, method: str, chat_id: int | None) -> bool:
        """Tell whether a call of `method` to `chat_id` is hit; polling is hit only when it is named."""
        named = self.method.lower() == method if self.method else method != "getupdates"
        return named and self.chat_id in (None, chat_id)


class Faults:
    """The troubles to come, in the order in which they were asked for; each call meets at most one.

    `method` is a Bot API method in any case (None: all but getUpdates), `chat_id` a chat (None: any).
    """

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def flood(
        self, retry_after: int = 1, *, times: int = 1, method: str | None = None, chat_id: int | None = None
    ) -> None:
        """Answer 429 with `retry_after` seconds."""
        self._waiting.append(Fault(Kind.FLOOD, times, method, chat_id, retry_after))

    def bad_gateway(self, *, times: int = 1, method: str | None = None, chat_id: int | None = None) -> None:
        """Answer 502; the call has no effect."""
        self._waiting.append(Fault(Kind.BAD_GATEWAY, times, method, chat_id))

    def delay(self, seconds: float, *, times: int = 1, method: str | None = None, chat_id: int | None = None) -> None:
        """Take `seconds` before the call is carried out."""
        self._waiting.append(Fault(Kind.DELAY, times, method, chat_id, seconds))

    def cut_before(self, *, times: int = 1, method: str | None = None, chat_id: int | None = None) -> None:
        """Break the connection before the call has any effect."""
        self._waiting.append(Fault(Kind.CUT_BEFORE, times, method, chat_id))

    def cut_after(self, *, times: int = 1, method: str | None = None, chat_id: int | None = None) -> None:
        """Carry the call out, then break the connection instead of answering."""
        self._waiting.append(Fault(Kind.CUT_AFTER, times, method, chat_id))

    def clear(self) -> None:
        """Forget every trouble that has not happened yet."""
        self._waiting.clear()

    @property
    def left(self) -> int:
        """How many calls are still to be hit."""
        return sum(fault.times for fault in self._waiting)

    def take(self, method: str, chat_id: int | None) -> Fault | None:
        """Give the trouble that hits this call (`method` in lower case), counting it, or None."""
        for fault in self._waiting:
            if fault.concerns(method, chat_id):
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
                return fault
        return None
