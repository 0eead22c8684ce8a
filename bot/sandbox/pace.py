"""How fast a bot may send: overall and per chat. Telegram publishes no exact numbers; these are the usual ones."""

import math
from collections import OrderedDict, deque
from collections.abc import Callable

from bot.sandbox.refusals import too_many_requests

_CHATS_REMEMBERED = 10_000


class Pace:
    """At most `overall` messages in any second, and one a second in a chat beyond a burst of `burst`.

    `monotonic` gives seconds that the time machine does not move.
    """

    def __init__(
        self, monotonic: Callable[[], float], overall: int = 30, burst: int = 10, per_chat: float = 1.0
    ) -> None:
        self.overall = overall
        self.burst = burst
        self.per_chat = per_chat
        self._monotonic = monotonic
        self._recent: deque[float] = deque()
        self._chats: OrderedDict[int, tuple[float, float]] = OrderedDict()

    def take(self, chat_id: int) -> None:
        """Count one message to `chat_id`; raise the 429 refusal, counting nothing, when it is too fast."""
        now = self._monotonic()
        while self._recent and self._recent[0] <= now - 1:
            self._recent.popleft()
        if len(self._recent) >= self.overall:
            raise too_many_requests(1)
        left, since = self._chats.get(chat_id, (float(self.burst), now))
        left = min(self.burst, left + (now - since) * self.per_chat)
        if left < 1:
            raise too_many_requests(math.ceil((1 - left) / self.per_chat))
        self._recent.append(now)
        self._chats[chat_id] = (left - 1, now)
        self._chats.move_to_end(chat_id)
        if len(self._chats) > _CHATS_REMEMBERED:
            self._chats.popitem(last=False)
