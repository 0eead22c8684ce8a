"""Waking those who wait for a change, without polling. What changed is found by the waiter, not told here."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Bell:
    """Something that rings when a part of the world has changed; any number of tasks may wait for it.

    It is plain and loop-bound only while somebody waits, so the world can ring it from ordinary functions.
    """

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        """Wake everybody who waits now."""
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)
        self._waiting.clear()

    async def next_ring(self, timeout: float | None = None) -> bool:
        """Wait for the next ring, at most `timeout` seconds; tell whether it rang."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(waiter)
        try:
            async with asyncio.timeout(timeout):
                await waiter
        except TimeoutError:
            return False
        finally:
            self._waiting.discard(waiter)
        return True

    async def until(self, found: Callable[[], T], timeout: float) -> T:
        """Give the first true value of `found()`, asked now and after every ring.

        After `timeout` seconds the last (false) value is given, so that the caller can tell what is missing.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        while not (value := found()):
            left = deadline - loop.time()
            if left <= 0 or not await self.next_ring(left):
                return found()
        return value
