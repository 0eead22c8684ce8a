"""A button press: the whole program against the least that answers one, and the memory it takes in the long run."""

import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.bench.stage import on_duty, resident
from bot.clock import MovableClock
from bot.sandbox import samples
from bot.sandbox.phones import Phone
from bot.sandbox.server import serve
from bot.sandbox.world import World
from bot.store import open_store
from bot.store.migrate import migrate

PHONES = 8  # people pressing at the same time
ROUNDS = 9  # of each side, in turn, so that a drifting machine weighs on all
PRESSES = 400  # a round
FEW, MANY = 1_000, 10_000  # presses between which memory is compared
OWED = f"""
    select (select count(*) from outbox where state in ('pending', 'sending') and due_at <= {samples.BEGINS + 60})
        + (select count(*) from milestones where state = 'pending' and due_at <= {samples.BEGINS + 60})
"""  # noqa: S608 (a constant)
PATIENCE = 60.0  # seconds for a program to come on duty


@dataclass(frozen=True)
class Side:
    """One of the programs that are compared, and the words by which its two screens are known."""

    name: str
    module: tuple[str, ...]
    home: str
    help: str
    settings: dict[str, str] = field(default_factory=dict)


REAL = Side("boiduong", ("bot", "run"), "Chào", "Tôi giúp được gì")
BARE = Side("bare echo", ("bot.bench.echo",), "Xin chào", "Cần giúp gì")
SAME = Side("bare echo on our HTTP", BARE.module, BARE.home, BARE.help, {"ECHO_HTTP": "ours"})


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


async def measure(console: Console, quick: bool) -> None:
    """Measure presses a second and their ratio, then the memory after few and after many presses."""
    rounds, presses = (2, 80) if quick else (ROUNDS, PRESSES)
    table = Table(
        "a button press", *(side.name for side in (REAL, BARE, SAME)), "ours over it", "over that on our HTTP"
    )
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sides = [await stack.enter_async_context(running(side, folder)) for side in (REAL, BARE, SAME)]
        for at_once in (1, PHONES):
            rates = await _in_turn(sides, rounds, presses, at_once)
            real, *others = rates
            table.add_row(
                f"presses a second, {at_once} at once",
                *(f"{statistics.median(rate):.0f}" for rate in rates),
                *(_ratio(real, other) for other in others),
            )
    console.print(table)
    console.print(f"medians (least–most) of {rounds} rounds of {presses} presses on each in turn; wanted ≥ 0.7")
    await _memory(console, *((80, 800) if quick else (FEW, MANY)))


async def _in_turn(sides: list[Running], rounds: int, presses: int, at_once: int) -> list[list[float]]:
    for side in sides:  # warm up
        await side.press(presses // 4, at_once)
    turns = [[await side.press(presses, at_once) for side in sides] for _ in range(rounds)]
    return [list(rates) for rates in zip(*turns, strict=True)]


def _ratio(real: list[float], other: list[float]) -> str:
    ratios = [a / b for a, b in zip(real, other, strict=True)]
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})"


async def _memory(console: Console, few: int, many: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with running(REAL, Path(folder)) as real:
            await real.press(few, PHONES)
            before = resident(real.pid)
            await real.press(many - few, PHONES)
            after = resident(real.pid)
    console.print(
        f"resident memory: {before:.1f} MB after {few} presses, {after:.1f} MB after {many}: "
        f"{after - before:+.1f} MB (wanted ≤ 20)"
    )


@asynccontextmanager
async def running(side: Side, folder: Path) -> AsyncIterator[Running]:
    """Start a sandbox without limits and one side against it, with the people of the sample data."""
    name = folder / side.name.replace(" ", "-")
    clock = MovableClock(name.with_suffix(".clock"))
    clock.move_to(samples.BEGINS)
    world = World(clock)
    world.limits = False
    database = f"sqlite:///{name}.db"
    phones = await _people(world, database, clock.now())
    settings = {"DATABASE_URL": database, "CLOCK_FILE": f"{name}.clock", "ECHO_FILE": f"{name}.echo", **side.settings}
    async with serve(world) as served, on_duty(*side.module, world=world, url=served.url, **settings) as program:
        for phone in phones:
            phone.timeout = PATIENCE
            await phone.sends("/start")
            await phone.sees(side.home)
        if side is REAL:
            await _quiet(database)
        yield Running(side, phones, program.pid)


async def _people(world: World, database: str, now: int) -> list[Phone]:
    store = await open_store(database)
    try:
        await migrate(store, now)
        return await samples.crowd(store, world, PHONES, now)
    finally:
        await store.close()


async def _quiet(database: str) -> None:
    """Wait until what the sample data owes everybody at the start has been worked off."""
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
