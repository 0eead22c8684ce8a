"""The pump's writes, several workers' in one transaction: a commit costs more than what is written."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from bot.store import Store, Tx

T = TypeVar("T")


class Ledger:
    """Runs what the workers want written, all that waits together; each worker goes on after the commit."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[tuple[Callable[[Tx], Awaitable[Any]], asyncio.Future[Any]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def write(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Run `work` in a transaction and give its result once that is committed.

        When it fails, or another in the same transaction does, it is run again alone: so it must have no effect
        beside the transaction. Raises what `work` raises alone.
        """
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, done))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        return await done

    async def _write(self) -> None:
        while self._waiting:
            together, self._waiting = self._waiting, []
            try:
                await self._commit(together)
            except Exception as error:
                if len(together) == 1:
                    _fail(together[0][1], error)
                    continue
                for one in together:
                    try:
                        await self._commit([one])
                    except Exception as alone:
                        _fail(one[1], alone)

    async def _commit(self, together: list[tuple[Callable[[Tx], Awaitable[Any]], asyncio.Future[Any]]]) -> None:
        async with self._store.transaction() as tx:
            results = [await work(tx) for work, _ in together]
        for (_, done), result in zip(together, results, strict=True):
            if not done.done():
                done.set_result(result)


def _fail(done: asyncio.Future[Any], error: Exception) -> None:
    if not done.done():
        done.set_exception(error)
