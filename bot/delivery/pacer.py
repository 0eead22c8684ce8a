"""How fast messages may leave: replies at once, pushes at an even pace behind them. What they say is not here."""

import asyncio
import heapq
import itertools
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from bot.chat.events import Address

RATE = 25.0  # pushes a second; Telegram allows about 30
PER_CHAT = 1.0  # seconds between two messages of one chat
FEW = 1_000
SLACK = 2  # pushes a second beyond the rate that may make up for a stall
ROOM = 4.0  # replies a second, and at once, that fit beside the pushes; for more the pushes give way


@dataclass(order=True)
class _Waiting:
    priority: int
    order: int
    address: Address
    go: asyncio.Future[None]


class Pacer:
    """Lets pushes out one by one by priority; a reply never waits here but takes its share of the pace."""

    def __init__(
        self, rate: float = RATE, per_chat: float = PER_CHAT, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._gap = 1 / rate
        self._most = int(rate) + SLACK
        self._left: deque[float] = deque()  # when the pushes of the last second were sent
        self._per_chat = per_chat
        self._now = now
        self._free_at = 0.0  # when the next push may leave
        self._halted_until = 0.0
        self._room, self._room_at = ROOM, now()
        self._chats: dict[Address, float] = {}  # when each chat may be written to again
        self._many = FEW  # chats from which on those that may be written to again are forgotten
        self._heap: list[_Waiting] = []
        self._order = itertools.count()
        self._turner: asyncio.Task[None] | None = None

    @property
    def halted(self) -> float:
        """Tell for how many more seconds every push is held."""
        return max(0.0, self._halted_until - self._now())

    def reply(self, address: Address) -> None:
        """Note a reply: beyond the room that is left for them, pushes give way, by at most a second in all."""
        now = self._now()
        self._room = min(ROOM, self._room + (now - self._room_at) * ROOM)
        self._room_at = now
        if self._room >= 1:
            self._room -= 1
        else:
            self._free_at = min(max(self._free_at, now) + self._gap, now + 1)
        self._chats[address] = now + self._per_chat

    def halt(self, seconds: float) -> None:
        """Hold every push for the whole of `seconds`, as the messenger asked; replies go on."""
        self._halted_until = max(self._halted_until, self._now() + seconds)

    async def push(self, address: Address, priority: int) -> None:
        """Wait for the turn of a push: smaller `priority` first, then first come."""
        waiting = _Waiting(priority, next(self._order), address, asyncio.get_running_loop().create_future())
        heapq.heappush(self._heap, waiting)
        if self._turner is None or self._turner.done():
            self._turner = asyncio.create_task(self._turn())
        await waiting.go

    async def leave(self) -> None:
        """Wait, right before a push is sent, while the last second has had its share.

        Between its turn and here lies a note in the database: all that a busy disk held back would leave at once.
        """
        while len(self._left) >= self._most:
            if (wait := self._left[0] + 1 - self._now()) > 0:
                await asyncio.sleep(wait)
            else:
                self._left.popleft()
        self._left.append(self._now())

    async def _turn(self) -> None:
        self._free_at = max(self._free_at, self._now())
        while self._heap:
            now = self._now()
            wait = max(self._free_at, self._halted_until) - now
            if wait > 0:
                await asyncio.sleep(wait)
                continue
            chosen = self._next(now)
            if chosen is None:
                await asyncio.sleep(self._gap)
                continue
            # From when it might have left, not from now: a loop that wakes a little late does not lose the pace.
            self._free_at = max(self._free_at, now - self._gap) + self._gap
            self._chats[chosen.address] = now + self._per_chat
            if not chosen.go.done():
                chosen.go.set_result(None)
        if len(self._chats) > self._many:
            self._chats = {a: free for a, free in self._chats.items() if free > self._now()}
            self._many = 2 * len(self._chats) + FEW

    def _next(self, now: float) -> _Waiting | None:
        """Take the first whose chat may be written to."""
        later: list[_Waiting] = []
        chosen: _Waiting | None = None
        while self._heap:
            waiting = heapq.heappop(self._heap)
            if waiting.go.done():  # cancelled meanwhile
                continue
            if self._chats.get(waiting.address, 0) <= now:
                chosen = waiting
                break
            later.append(waiting)
        for waiting in later:
            heapq.heappush(self._heap, waiting)
        return chosen
