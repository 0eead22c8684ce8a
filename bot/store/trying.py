"""Doing something within a transaction to see what comes of it, and letting go of it again: both engines alike."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.store.base import Tx


@asynccontextmanager
async def tried(tx: Tx) -> AsyncIterator[None]:
    """Let go, at the end of the block, of all that was written in it; what is outside stays.

    An exception passes through: the whole transaction is then rolled back by whoever opened it.
    """
    await tx.execute("savepoint tried")
    yield
    await tx.execute("rollback to savepoint tried")
    await tx.execute("release savepoint tried")
