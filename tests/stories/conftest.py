"""Stories over HTTP: the real program in its own process, an unmodified Telegram client, the sandbox as Telegram."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from bot.clock import MovableClock
from bot.sandbox.phones import Phone
from bot.sandbox.server import serve
from bot.sandbox.world import World
from bot.store import Reading, Store, open_store
from bot.store.migrate import migrate
from tests.talking import MONDAY, add_person

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 20.0  # seconds until something awaited counts as missing


class Town:
    """The sandbox, the database and the program as a process that can be started, stopped and killed."""

    def __init__(self, world: World, url: str, database: str, folder: Path, mode: str) -> None:
        self.world, self.url, self.database, self.folder, self.mode = world, url, database, folder, mode
        self.clock: MovableClock = world.clock
        self.process: asyncio.subprocess.Process | None = None
        self.settings: dict[str, str] = {}
        self.store: Store

    async def person(self, name: str, **facts: Any) -> Phone:
        """A person of the HR list with a phone; see tests.talking.add_person."""
        phone = self.world.phone(name, started=facts.get("linked", True))
        await add_person(self.store, self.clock.now(), name, chat=str(phone.id), **facts)
        return phone

    async def opens(self, crash_at: str = "") -> None:
        """Start the program and wait until it is on duty."""
        log = (self.folder / "program.log").open("ab")
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", cwd=ROOT, env=self._environment(crash_at), stderr=log, stdout=log
        )
        log.close()
        if not crash_at:
            await self.until(lambda: "on duty" in self.log.rpartition("--- start")[2], "the program on duty")

    def _environment(self, crash_at: str) -> dict[str, str]:
        with (self.folder / "program.log").open("a") as log:
            log.write("--- start\n")
        settings = {
            "BOT_TOKEN": self.world.token,
            "TELEGRAM_API_URL": self.url,
            "DATABASE_URL": self.database,
            "CLOCK_FILE": str(self.folder / "clock"),
            "CRASH_AT": crash_at,
            "LOG_LEVEL": "INFO",
        }
        if self.mode == "webhook":
            with socket.create_server(("127.0.0.1", 0)) as free:
                port = free.getsockname()[1]
            settings |= {
                "WEBHOOK_URL": f"http://127.0.0.1:{port}",
                "WEBHOOK_SECRET": "a-secret-for-this-story",
                "LISTEN": f"127.0.0.1:{port}",
            }
        kept = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "TZ", "LANG", "PYTHONPATH")}
        return {**kept, **settings, **self.settings}

    @property
    def log(self) -> str:
        return (self.folder / "program.log").read_text()

    async def dies(self) -> int:
        """Wait until the program has died at its crash point."""
        assert self.process is not None
        code = await asyncio.wait_for(self.process.wait(), PATIENCE)
        assert code == -signal.SIGKILL, self.log
        return code

    async def closes(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ask the program to stop (or kill it) and wait until it has."""
        assert self.process is not None
        with suppress(ProcessLookupError):
            self.process.send_signal(how)
        return await asyncio.wait_for(self.process.wait(), PATIENCE)

    async def until(self, found: Callable[[], Any], what: str) -> Any:
        """Look again and again until `found` gives something true."""
        async with asyncio.timeout(PATIENCE):
            while not (value := found()):
                assert self.process is None or self.process.returncode is None, f"the program ended:\n{self.log}"
                await self._breath()
        return value

    async def until_stored(self, sql: str, *args: Any, patience: float = PATIENCE) -> Any:
        """Look into the database until the first column of the first row is true."""
        try:
            async with asyncio.timeout(patience):
                while True:
                    async with self.store.reading() as tx:
                        value = await tx.fetchval(sql, *args)
                    if value:
                        return value
                    await self._breath()
        except TimeoutError:
            raise AssertionError(f"never stored: {sql}\n{self.log}") from None

    async def stored(self, sql: str, *args: Any) -> list[dict[str, Any]]:
        async with self.store.reading() as tx:
            return [dict(row) for row in await _fetch(tx, sql, args)]

    async def _breath(self) -> None:
        """Let the program go on for a moment; it may end meanwhile."""
        ended = asyncio.Event().wait() if self.process is None else self.process.wait()
        with suppress(TimeoutError):
            await asyncio.wait_for(ended, 0.02)


async def _fetch(tx: Reading, sql: str, args: tuple[Any, ...]) -> list[Any]:
    return list(await tx.fetch(sql, *args))


async def _town(request: pytest.FixtureRequest, tmp_path: Path, engine: str, mode: str) -> AsyncIterator[Town]:
    clock = MovableClock(tmp_path / "clock")
    clock.move_to(MONDAY)
    world = World(clock)
    schema = ""
    if engine == "sqlite":
        database = f"sqlite:///{tmp_path}/bot.db"
    else:
        schema = f"story_{uuid4().hex}"
        base = request.getfixturevalue("postgres_url")
        database = f"{base}{'&' if '?' in base else '?'}search_path={schema}"
        store = await open_store(base)
        async with store.transaction() as tx:
            await tx.execute(f"create schema {schema}")
        await store.close()
    async with serve(world) as served:
        town = Town(world, served.url, database, tmp_path, mode)
        town.store = await open_store(database)
        await migrate(town.store, MONDAY)
        try:
            yield town
        finally:
            if town.process is not None and town.process.returncode is None:
                await town.closes(signal.SIGKILL)
            if schema:
                async with town.store.transaction() as tx:
                    await tx.execute(f"drop schema {schema} cascade")
            await town.store.close()


@pytest.fixture(params=["sqlite-polling", "postgres-webhook"])
async def town(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Town]:
    """Both engines and both ways in; the program is not running yet."""
    engine, mode = request.param.split("-")
    async for town in _town(request, tmp_path, engine, mode):
        yield town


@pytest.fixture(params=["sqlite", "postgres"])
async def polled_town(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Town]:
    """Both engines, by polling."""
    async for town in _town(request, tmp_path, request.param, "polling"):
        yield town


@pytest.fixture
async def postgres_town(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Town]:
    """PostgreSQL, by polling: where several programs may share one database."""
    async for town in _town(request, tmp_path, "postgres", "polling"):
        yield town
