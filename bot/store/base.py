"""What every other room may ask of a database. Which engine answers, and how, is in the drivers."""

from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol


class Row(Protocol):
    """One row, read by column name."""

    def __getitem__(self, key: str) -> Any:
        """Give the value of a column."""
        ...

    def keys(self) -> Iterator[str] | list[str]:
        """Give the names of the columns."""
        ...


class Reading(Protocol):
    """Statements that only read. SQL is written once for both engines, with `$1`, `$2` … as placeholders."""

    async def fetch(self, sql: str, *args: Any) -> list[Row]:
        """Give all rows."""
        ...

    async def fetchrow(self, sql: str, *args: Any) -> Row | None:
        """Give the first row, or None."""
        ...

    async def fetchval(self, sql: str, *args: Any) -> Any:
        """Give the first column of the first row, or None."""
        ...


class Tx(Reading, Protocol):
    """Statements of one write transaction: all of it is kept, or none."""

    async def execute(self, sql: str, *args: Any) -> int:
        """Run a statement and give the number of rows it touched."""
        ...

    async def lock(self, name: str) -> None:
        """Hold `name` until the transaction ends; a second holder waits. (SQLite has one writer anyway.)"""
        ...


class Store(Protocol):
    """A database that is open."""

    engine: str

    def reading(self) -> AbstractAsyncContextManager[Reading]:
        """Open a place to read from. Raises StoreUnavailable."""
        ...

    def transaction(self) -> AbstractAsyncContextManager[Tx]:
        """Open a write transaction: commits at the end, rolls back on any exception or cancellation."""
        ...

    async def close(self) -> None:
        """Let go of every connection."""
        ...
