"""Measures the assistant against bare loops in one run and prints ratios. Nothing is asserted here: tests do that."""

import asyncio
import os
import platform
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.clock import MovableClock
from bot.sandbox import samples
from bot.sandbox.phones import Phone
from bot.sandbox.server import serve
from bot.sandbox.world import World
from bot.store import open_store
from bot.store.migrate import migrate

PHONES = 8  # people pressing at the same time
ROUNDS = 5  # of each side, in turn, so that a drifting machine weighs on both
PRESSES = 400  # a round
FEW, MANY = 1_000, 10_000  # presses between which memory is compared
OWED = f"""
    select (select count(*) from outbox where state in ('pending', 'sending') and due_at <= {samples.BEGINS + 60})
        + (select count(*) from milestones where state = 'pending' and due_at <= {samples.BEGINS + 60})
"""  # noqa: S608 (a constant)
PATIENCE = 60.0  # seconds for a program to come on duty


@dataclass(frozen=True)
class Side:
    """One of the two programs that are compared, and the words by which its two screens are known."""

    name: str
    module: tuple[str, ...]
    home: str
    help: str


REAL = Side("boiduong", ("bot", "run"), "Chào", "Tôi giúp được gì")
BARE = Side("bare echo", ("bot.sandbox.echo",), "Xin chào", "Cần giúp gì")


@dataclass
class Running:
    """A side on duty with people who talk to it."""

    side: Side
    phones: list[Phone]
    pid: int

    async def press(self, presses: int, at_once: int) -> float:
        """Press to and fro on `at_once` phones until `presses` are answered; gives presses a second."""
        began = time.perf_counter()
        await asyncio.gather(*(self._to_and_fro(phone, presses // at_once) for phone in self.phones[:at_once]))
        return presses / (time.perf_counter() - began)

    async def _to_and_fro(self, phone: Phone, presses: int) -> None:
        for _ in range(presses // 2):
            await phone.taps("Trợ giúp")
            await phone.sees(self.side.help)
            await phone.taps("Về đầu")
            await phone.sees(self.side.home)

    def resident(self) -> float:
        """Give the resident memory of the program in MB, as Linux accounts it."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
        return int(kilobytes) / 1024


async def measure(console: Console, *, quick: bool = False, only: str = "") -> None:
    """Run every measurement and print it with the machine it was made on."""
    rounds, presses = (2, 80) if quick else (ROUNDS, PRESSES)
    table = Table("a button press", REAL.name, BARE.name, "ratio (median, least–most)")
    with tempfile.TemporaryDirectory() as folder:
        async with running(REAL, Path(folder)) as real, running(BARE, Path(folder)) as bare:
            for at_once in (1, PHONES):
                rates = await _in_turn(real, bare, rounds, presses, at_once)
                table.add_row(f"presses a second, {at_once} at once", *_figures(*rates))
    console.print(table)
    few, many = (80, 800) if quick else (FEW, MANY)
    with tempfile.TemporaryDirectory() as folder:
        async with running(REAL, Path(folder)) as real:
            await real.press(few, PHONES)
            before = real.resident()
            await real.press(many - few, PHONES)
            after = real.resident()
    console.print(
        f"resident memory: {before:.1f} MB after {few} presses, {after:.1f} MB after {many}: {after - before:+.1f} MB"
    )
    console.print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}; {rounds} rounds of {presses} presses on each side in turn"
    )


async def _in_turn(
    real: Running, bare: Running, rounds: int, presses: int, at_once: int
) -> tuple[list[float], list[float]]:
    for side in (real, bare):  # warm up
        await side.press(presses // 4, at_once)
    pairs = [(await real.press(presses, at_once), await bare.press(presses, at_once)) for _ in range(rounds)]
    return [a for a, _ in pairs], [b for _, b in pairs]


def _figures(real: list[float], bare: list[float]) -> tuple[str, str, str]:
    ratios = [a / b for a, b in zip(real, bare, strict=True)]
    return (
        f"{statistics.median(real):.0f}",
        f"{statistics.median(bare):.0f}",
        f"{statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})",
    )


@asynccontextmanager
async def running(side: Side, folder: Path) -> AsyncIterator[Running]:
    """Start a sandbox without limits and one side against it, with the people of the sample data."""
    clock = MovableClock(folder / f"{side.module[0]}.clock")
    clock.move_to(samples.BEGINS)
    world = World(clock)
    world.limits = False
    database = f"sqlite:///{folder}/{side.module[0]}.db"
    phones = await _people(world, database, clock.now())
    async with serve(world) as served:
        settings = {
            **os.environ,
            "BOT_TOKEN": world.token,
            "TELEGRAM_API_URL": served.url,
            "DATABASE_URL": database,
            "CLOCK_FILE": str(folder / f"{side.module[0]}.clock"),
            "LOG_LEVEL": "ERROR",
            "ECHO_FILE": f"{folder}/echo.db",
        }
        program = await asyncio.create_subprocess_exec(sys.executable, "-m", *side.module, env=settings)
        try:
            for phone in phones:
                phone.timeout = PATIENCE
                await phone.sends("/start")
                await phone.sees(side.home)
            await _quiet(database, side)
            yield Running(side, phones, program.pid)
        finally:
            program.terminate()
            await program.wait()


async def _people(world: World, database: str, now: int) -> list[Phone]:
    store = await open_store(database)
    try:
        await migrate(store, now)
        return await samples.crowd(store, world, PHONES, now)
    finally:
        await store.close()


async def _quiet(database: str, side: Side) -> None:
    """Wait until what the sample data owes everybody at the start has been worked off."""
    if side is BARE:
        return
    store = await open_store(database)
    try:
        async with asyncio.timeout(PATIENCE):
            while True:
                async with store.reading() as tx:
                    if not await tx.fetchval(OWED):
                        return
                await asyncio.sleep(0.2)
    finally:
        await store.close()
