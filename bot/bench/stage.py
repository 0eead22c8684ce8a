"""A sandbox and one sender against it, as a process of its own: how fast its messages come, what memory it holds."""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bot.bench import crowd
from bot.clock import MovableClock
from bot.sandbox import samples
from bot.sandbox.pace import Pace
from bot.sandbox.phones import Phone
from bot.sandbox.server import Served, serve
from bot.sandbox.world import World
from bot.store import Store, open_store
from bot.store.migrate import migrate

PATIENCE = 1800.0  # seconds
PEERS = Path(__file__).parents[2] / "docs" / "bench" / "peers.py"
PEERS_PYTHON = os.environ.get("BENCH_PYTHON", sys.executable)  # one that has docs/bench/requirements.txt


class CountingPace(Pace):
    """Telegram's limits, counting how often they were overrun."""

    overrun = 0

    def take(self, chat_id: int) -> None:
        """Count one message; see Pace."""
        try:
            super().take(chat_id)
        except Exception:
            self.overrun += 1
            raise


@dataclass
class Stage:
    """A world with a crowd, its database, and a place for files."""

    world: World
    pace: CountingPace
    served: Served
    store: Store
    folder: Path
    phones: list[Phone]

    @property
    def now(self) -> int:
        """Give the instant in this world (UTC seconds)."""
        return self.world.clock.now()

    @property
    def sent(self) -> int:
        """Count the requests that send a message so far."""
        return self.world.calls["sendmessage"]

    async def announce(self) -> None:
        """Freeze an announcement to the whole crowd."""
        async with self.store.transaction() as tx:
            await crowd.announce(tx, self.now)

    def program(self, **settings: str) -> AbstractAsyncContextManager[asyncio.subprocess.Process]:
        """Let the assistant be on duty here."""
        own = {"DATABASE_URL": f"sqlite:///{self.folder}/bot.db", "CLOCK_FILE": str(self.folder / "clock")}
        return on_duty("bot", "run", world=self.world, url=self.served.url, **own, **settings)

    async def peer(self, name: str, count: int) -> "Sent | None":
        """Let another way of sending write to `count` chats; None when what it needs is not installed."""
        begun = asyncio.create_task(self.timed(count))
        peer = await asyncio.create_subprocess_exec(
            PEERS_PYTHON, str(PEERS), name, self.served.url, self.world.token, str(self.phones[0].id), str(count),
            str(self.folder), stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        told, _ = await peer.communicate()
        if peer.returncode or not told:
            begun.cancel()
            return None
        return Sent(await begun, json.loads(told)["resident"])

    async def timed(self, count: int) -> float:
        """Wait for the first of `count` messages, then for the last; gives messages a second in between."""
        before = self.sent
        await self.come(before + 1)
        began = time.perf_counter()
        await self.come(before + count)
        return (count - 1) / (time.perf_counter() - began)

    async def come(self, total: int) -> None:
        """Wait until `total` messages have been asked for, counted from the beginning."""
        async with asyncio.timeout(PATIENCE):
            while self.sent < total:  # noqa: ASYNC110 (a counter of the sandbox rings no bell)
                await asyncio.sleep(0.002)


@dataclass(frozen=True)
class Sent:
    """Messages a second, and resident memory in MB at the end."""

    rate: float
    resident: float


@asynccontextmanager
async def on_duty(*module: str, world: World, url: str, **settings: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a module against the sandbox at `url`, in a process of its own, until left."""
    own = {"BOT_TOKEN": world.token, "TELEGRAM_API_URL": url, "LOG_LEVEL": "ERROR"}
    program = await asyncio.create_subprocess_exec(sys.executable, "-m", *module, env={**os.environ, **own, **settings})
    try:
        yield program
    finally:
        with suppress(ProcessLookupError):
            program.terminate()
        await program.wait()


def resident(pid: int) -> float:
    """Give the resident memory of a process in MB, as Linux accounts it."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) / 1024


@asynccontextmanager
async def stage(folder: Path, people: int, *, limits: bool = False) -> AsyncIterator[Stage]:
    """Set up `people` in a fresh database and in Telegram."""
    clock = MovableClock(folder / "clock")
    clock.move_to(samples.BEGINS)
    world = World(clock)
    world.limits = limits
    world.pace = pace = CountingPace(world.monotonic)
    phones = crowd.phones(world, people)
    store = await open_store(f"sqlite:///{folder}/bot.db")
    try:
        await migrate(store, clock.now())
        async with store.transaction() as tx:
            await crowd.people(tx, people, phones[0].id, clock.now())
        async with serve(world) as served:
            yield Stage(world, pace, served, store, folder, phones)
    finally:
        await store.close()
