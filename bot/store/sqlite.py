"""The SQLite driver: one writer behind a lock, a few readers. No table is known here."""

import asyncio
import contextlib
import re
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import aiosqlite

from bot.errors import StoreUnavailable
from bot.store.base import Row

BUSY_MS = 5000
READERS = 3
_PASSING = ("locked", "busy", "unable to open", "disk i/o", "full")


@lru_cache(maxsize=1024)
def _translate(sql: str) -> str:
    """Turn the common SQL into SQLite's: `$1` into `?1`; row locks go, a writer holds the whole file."""
    sql = re.sub(r"\$(\d+)", r"?\1", sql)
    return re.sub(r"\bfor update( of \w+)?( skip locked)?", "", sql, flags=re.IGNORECASE)


@contextmanager
def _told_apart() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        if any(word in str(error).lower() for word in _PASSING):
            raise StoreUnavailable(str(error)) from error
        raise


class SqliteTx:
    """One connection, inside or outside a transaction."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def fetch(self, sql: str, *args: Any) -> list[Row]:
        """Give all rows, in one hop to the connection's thread."""
        with _told_apart():
            return list(await self._connection.execute_fetchall(_translate(sql), args))

    async def fetchrow(self, sql: str, *args: Any) -> Row | None:
        """Give the first row, or None."""
        rows = await self.fetch(sql, *args)
        return rows[0] if rows else None

    async def fetchval(self, sql: str, *args: Any) -> Any:
        """Give the first column of the first row, or None."""
        row = await self.fetchrow(sql, *args)
        return None if row is None else row[next(iter(row.keys()))]

    async def execute(self, sql: str, *args: Any) -> int:
        """Run a statement and give the number of rows it touched.

        The count is the connection's own total before and after: a cursor's row count would cost a second
        hop (about 80 µs), and the schema has neither triggers nor cascades that could blur it.
        """
        before = self._connection.total_changes
        with _told_apart():
            await self._connection.execute_fetchall(_translate(sql), args)
        return self._connection.total_changes - before

    async def lock(self, name: str) -> None:
        """Do nothing: the transaction already holds the only writer."""


class SqliteStore:
    """A database in one file."""

    engine = "sqlite"

    def __init__(self, writer: aiosqlite.Connection, readers: list[aiosqlite.Connection]) -> None:
        self._writer = writer
        self._one_writer = asyncio.Lock()
        self._connections = [writer, *readers]
        self._readers: asyncio.Queue[aiosqlite.Connection] = asyncio.Queue()
        for reader in readers:
            self._readers.put_nowait(reader)

    @classmethod
    async def open(cls, path: Path) -> "SqliteStore":
        """Open (and make) the file. Raises StoreUnavailable when it cannot be opened."""
        path.parent.mkdir(parents=True, exist_ok=True)
        opened: list[aiosqlite.Connection] = []
        try:
            opened.append(await _connect(path, query_only=False))
            while len(opened) <= READERS:
                opened.append(await _connect(path, query_only=True))
        except BaseException:
            for connection in opened:
                await connection.close()
            raise
        return cls(opened[0], opened[1:])

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[SqliteTx]:
        """Lend one of the readers; each statement sees what was committed when it began."""
        reader = await self._readers.get()
        try:
            yield SqliteTx(reader)
        finally:
            self._readers.put_nowait(reader)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[SqliteTx]:
        """Write under `BEGIN IMMEDIATE`.

        A deferred transaction that reads and then writes fails at once when another process wrote in
        between, whatever the busy timeout. The begin stands inside the try: a task cancelled while it
        waits for the thread leaves the statement to run all the same (1,112 of 1,500 cancelled
        transactions broke the next one otherwise).
        """
        async with self._one_writer:
            try:
                with _told_apart():
                    await self._writer.execute_fetchall("begin immediate")
                yield SqliteTx(self._writer)
                with _told_apart():
                    await self._writer.execute_fetchall("commit")
            except BaseException:
                await _finish(self._roll_back())
                raise

    async def _roll_back(self) -> None:
        # Asked for even when no transaction is seen yet: a cancelled begin may still stand in the thread's queue.
        with contextlib.suppress(sqlite3.OperationalError):  # none was open, or SQLite ended it itself
            await self._writer.execute_fetchall("rollback")

    async def copy_to(self, path: Path) -> None:
        """Write a compact, consistent copy of the database to a new file, while people go on."""
        with _told_apart():
            await self._writer.execute_fetchall("vacuum into ?", (str(path),))

    async def close(self) -> None:
        """Close every connection: a forgotten one would keep the interpreter from ending."""
        for connection in self._connections:
            await connection.close()


async def _finish(work: Any) -> None:
    """Await `work` to its end, even when this task is cancelled meanwhile (once or often)."""
    task = asyncio.ensure_future(work)
    while not task.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.shield(task)
    task.result()


async def _connect(path: Path, *, query_only: bool) -> aiosqlite.Connection:
    connection = aiosqlite.connect(path, isolation_level=None)
    try:
        with _told_apart():
            await connection
            connection.row_factory = sqlite3.Row
            for pragma in (
                "journal_mode=wal",
                "synchronous=normal",
                "foreign_keys=on",
                f"busy_timeout={BUSY_MS}",
            ):
                await connection.execute_fetchall(f"pragma {pragma}")
            if query_only:
                await connection.execute_fetchall("pragma query_only=on")
    except BaseException:
        await connection.close()
        raise
    return connection
