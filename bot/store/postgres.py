"""The PostgreSQL driver: a pool, the same SQL. No table is known here."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from bot.errors import StoreUnavailable
from bot.store.base import Row

CONNECTIONS = 10
_PASSING = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
    asyncpg.DeadlockDetectedError,
)


class PostgresTx:
    """One connection of the pool, inside or outside a transaction."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def fetch(self, sql: str, *args: Any) -> list[Row]:
        """Give all rows."""
        rows: list[Row] = await self._connection.fetch(sql, *args)
        return rows

    async def fetchrow(self, sql: str, *args: Any) -> Row | None:
        """Give the first row, or None."""
        row: Row | None = await self._connection.fetchrow(sql, *args)
        return row

    async def fetchval(self, sql: str, *args: Any) -> Any:
        """Give the first column of the first row, or None."""
        return await self._connection.fetchval(sql, *args)

    async def execute(self, sql: str, *args: Any) -> int:
        """Run a statement and give the number of rows it touched (the last word of PostgreSQL's answer)."""
        answer: str = await self._connection.execute(sql, *args)
        count = answer.rpartition(" ")[2]
        return int(count) if count.isdigit() else 0

    async def lock(self, name: str) -> None:
        """Hold `name` until the transaction ends; a second holder waits."""
        await self._connection.execute("select pg_advisory_xact_lock(hashtext($1))", name)


class PostgresStore:
    """A database on a server."""

    engine = "postgres"

    def __init__(self, pool: Any) -> None:
        self._pool = pool

    @classmethod
    async def open(cls, url: str, **options: Any) -> "PostgresStore":
        """Connect the pool to `url`. Raises StoreUnavailable when the server does not answer."""
        try:
            pool = await asyncpg.create_pool(
                url, min_size=1, max_size=CONNECTIONS, command_timeout=30, timeout=5, **options
            )
        except (*_PASSING, asyncpg.InvalidCatalogNameError, asyncpg.InvalidPasswordError) as error:
            raise StoreUnavailable(str(error)) from error
        return cls(pool)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[PostgresTx]:
        """Lend a connection; each statement sees what was committed when it began."""
        try:
            async with self._pool.acquire() as connection:
                yield PostgresTx(connection)
        except _PASSING as error:
            raise StoreUnavailable(str(error)) from error

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[PostgresTx]:
        """Write in a read-committed transaction; rows that decide something are read `for update`."""
        try:
            async with self._pool.acquire() as connection, connection.transaction():
                yield PostgresTx(connection)
        except _PASSING as error:
            raise StoreUnavailable(str(error)) from error

    async def close(self) -> None:
        """Close the pool, waiting for what is in use."""
        await self._pool.close()
