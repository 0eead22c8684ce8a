"""The database: one Protocol, two drivers, numbered migrations. Tables are read and written elsewhere."""

from pathlib import Path

from bot.store.base import Reading, Row, Store, Tx
from bot.store.postgres import PostgresStore
from bot.store.sqlite import SqliteStore
from bot.store.trying import tried

__all__ = ["Reading", "Row", "Store", "Tx", "open_store", "tried"]


async def open_store(url: str) -> Store:
    """Open `sqlite:///path` or `postgresql://…` as the settings name it. Raises StoreUnavailable."""
    if url.startswith("sqlite:///"):
        return await SqliteStore.open(Path(url.removeprefix("sqlite:///")))
    return await PostgresStore.open(url)
