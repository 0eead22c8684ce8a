"""What waits to be told to the bot: the queue with its offsets. Getting it across is polling's or the webhook's."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from bot.sandbox.bell import Bell
from bot.sandbox.refusals import POLLED_TWICE, WEBHOOK_ACTIVE, Cut, conflict

Update = dict[str, Any]


class UpdateQueue:
    """Updates in order, each kept until it is confirmed; `chat_of` tells whose turn each belongs to."""

    def __init__(self, first_id: int) -> None:
        self.bell = Bell()
        self.webhook_active = False
        self.allowed: frozenset[str] = frozenset()
        self._next_id = first_id
        self._waiting: OrderedDict[int, tuple[int, Update]] = OrderedDict()
        self._repeats: list[tuple[int, Update]] = []
        self._last: tuple[int, Update] | None = None
        self._poller: object | None = None
        self._cut = False

    def put(self, chat_id: int, kind: str, content: dict[str, Any]) -> int | None:
        """Queue an update of `kind`; give its id, or None when the bot has not asked for this kind."""
        if self.allowed and kind not in self.allowed:
            return None
        update_id = self._next_id
        self._next_id += 1
        self._last = (chat_id, {"update_id": update_id, kind: content})
        self._waiting[update_id] = self._last
        self.bell.ring()
        return update_id

    def repeat_last(self) -> None:
        """Deliver the newest update once more, with the same id, as Telegram does after a lost confirmation."""
        if self._last is not None:
            self._repeats.append(self._last)
            self.bell.ring()

    def confirm(self, below: int) -> None:
        """Forget every update with an id lower than `below`; a negative number keeps the last so many."""
        if below < 0:
            below = max(0, *(self._waiting or [0])) + 1 + below
        while self._waiting and next(iter(self._waiting)) < below:
            self._waiting.popitem(last=False)

    def done(self, update: Update) -> None:
        """Forget one update that was delivered; of a repeated one, one delivery."""
        for at, (_, repeated) in enumerate(self._repeats):
            if repeated is update:
                del self._repeats[at]
                return
        self._waiting.pop(update["update_id"], None)

    def drop_all(self) -> None:
        """Forget everything that waits."""
        self._waiting.clear()
        self._repeats.clear()

    def pending(self) -> Iterator[tuple[int, Update]]:
        """Give what waits as (chat id, update): the repeated ones first, then oldest first."""
        return chain(self._repeats, self._waiting.values())

    def __len__(self) -> int:
        return len(self._waiting) + len(self._repeats)

    def cut(self, cut: bool) -> None:
        """Break the poll that is waiting and every later one, or (False) let polls wait again."""
        self._cut = cut
        self.bell.ring()

    async def poll(self, offset: int, limit: int, timeout: float) -> list[Update]:
        """Give up to `limit` updates from `offset` on, waiting at most `timeout` seconds for the first.

        Raises the 409 refusal while a webhook is set, and in the older of two polls at once; `Cut` when
        the network goes meanwhile.
        """
        if self.webhook_active:
            raise conflict(WEBHOOK_ACTIVE)
        me = self._poller = object()
        self.bell.ring()
        self.confirm(offset)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        while not len(self) and (left := deadline - loop.time()) > 0:
            await self.bell.next_ring(left)
            self._check_still(me)
        self._poller = None
        found = [update for _, update in islice(self.pending(), limit)]
        self._repeats.clear()
        return found

    def _check_still(self, me: object) -> None:
        if self._cut:
            raise Cut
        if self.webhook_active:
            raise conflict(WEBHOOK_ACTIVE)
        if self._poller is not me and self._poller is not None:
            raise conflict(POLLED_TWICE)
