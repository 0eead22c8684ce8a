"""An announcement to many: over the ideal at the set rate, as fast as it goes, and the memory it takes."""

import asyncio
import itertools
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.bench.stage import Sent, Stage, resident, stage
from bot.sandbox.phones import Phone

RATE = 25.0  # the set pace: PUSHES_PER_SECOND
BLOCKED = 50  # one of so many has blocked the assistant
FLOODS = 5
LATENCY = 0.03  # seconds that Telegram takes for a call
PRESSERS = 2
SCREENS = (("Về đầu", "Chào"), ("Trợ giúp", "Tôi giúp được gì"))  # a button and what it leads to, to and fro
PAUSE = 1.0  # seconds between two presses of one person
Presser = tuple[Phone, Iterator[tuple[str, str]]]
UNLIMITED = "99999"
OURS = "boiduong"
PEERS = {
    "bare": "(c) bare client, 8 at once, nothing stored",
    "plain": "(a) plain loop, AIORateLimiter without a limit",
    "broadcaster": "(b) aiogram-broadcaster 0.6.8, SQL storage",
}


async def paced(console: Console, quick: bool) -> None:
    """Measure the finishing time over the ideal, and a button press beside it."""
    people, alone = (250, 3) if quick else (5_000, 30)
    with tempfile.TemporaryDirectory() as folder:
        async with stage(Path(folder), people, limits=True) as here:
            here.world.latency = LATENCY
            for phone in here.phones[PRESSERS + 1 :: BLOCKED]:
                phone.chat.blocked = True
            async with here.program(PUSHES_PER_SECOND=str(RATE)):
                pressers = [(phone, itertools.cycle(SCREENS)) for phone in here.phones[1 : PRESSERS + 1]]
                for phone, _ in pressers:
                    phone.timeout = 60
                    await phone.sends("/trogiup")
                    await phone.sees("Tôi giúp được gì")
                without = await _presses(pressers, asyncio.create_task(asyncio.sleep(alone)))
                await here.announce()
                began = asyncio.create_task(_seconds(here, people))
                floods = asyncio.create_task(_floods(here, people))
                beside = await _presses(pressers, began)
                await floods
                without += await _presses(pressers, asyncio.create_task(asyncio.sleep(alone)))
    ideal = people / RATE
    table = Table("a broadcast beside people who tap", "measured", "wanted")
    table.add_row(f"{people} people at {RATE:g}/s: seconds", f"{began.result():.1f}", f"{ideal:.1f}")
    table.add_row("… over the ideal and the pauses asked for", f"{began.result() / (ideal + FLOODS):.3f}", "≤ 1.03")
    table.add_row("… over the ideal alone", f"{began.result() / ideal:.3f}", "")
    table.add_row("429s caused by us", str(here.pace.overrun), "0")
    ratio = _p95(beside) / _p95(without)
    table.add_row(
        f"p95 of a press: {1000 * _p95(beside):.0f} ms beside it, {1000 * _p95(without):.0f} ms without",
        f"{ratio:.2f}",
        "≤ 1.5",
    )
    console.print(table)


async def _seconds(here: Stage, people: int) -> float:
    calls = people + FLOODS
    return (calls - 1) / await here.timed(calls)


async def _floods(here: Stage, people: int) -> None:
    """Let one call in a while be answered with 429 and a second to wait."""
    before = here.sent
    for flood in range(FLOODS):
        await here.come(before + (flood + 1) * people // (FLOODS + 1))
        here.world.faults.flood(1, method="sendMessage")


async def _presses(pressers: Sequence[Presser], until: asyncio.Task[Any]) -> list[float]:
    """Let each presser tap once in a while; gives how long each answer took, in seconds."""
    took: list[float] = []

    async def taps(phone: Phone, screens: Iterator[tuple[str, str]]) -> None:
        while not until.done():
            words, answer = next(screens)
            began = time.perf_counter()
            await phone.taps(words)
            await phone.sees(answer)
            took.append(time.perf_counter() - began)
            await asyncio.sleep(PAUSE)

    await asyncio.gather(*(taps(phone, screens) for phone, screens in pressers))
    return took


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[18]


async def unlimited(console: Console, quick: bool) -> None:
    """Measure messages a second and memory without a limit, against other ways to send the same."""
    people = 200 if quick else 5_000
    ours = await _ours(people)
    table = Table("a broadcast without a limit", "messages/s", "ours over it", "resident MB")
    table.add_row(OURS, f"{ours.rate:.0f}", "", f"{ours.resident:.0f}")
    for name, words in PEERS.items():
        with tempfile.TemporaryDirectory() as folder:
            async with stage(Path(folder), people) as here:
                theirs = await here.peer(name, people)
        if theirs is None:
            table.add_row(words, "skipped: not installed, see docs/bench/requirements.txt", "", "")
        else:
            table.add_row(words, f"{theirs.rate:.0f}", f"{ours.rate / theirs.rate:.2f}", f"{theirs.resident:.0f}")
    console.print(table)
    console.print(f"{people} messages; wanted: at least 1 of (b), at least 0.6 of (c)")


async def _ours(people: int) -> Sent:
    """Freeze for `people` and measure while all of them get it."""
    with tempfile.TemporaryDirectory() as folder:
        async with stage(Path(folder), people) as here:
            await here.announce()
            async with here.program(PUSHES_PER_SECOND=UNLIMITED) as program:
                rate = await here.timed(people)
                return Sent(rate, resident(program.pid))


async def memory(console: Console, quick: bool) -> None:
    """Measure resident memory at the end of a very large announcement, over a small one."""
    few, many = (500, 5_000) if quick else (2_000, 200_000)
    small, large = await _ours(few), await _ours(many)
    console.print(
        f"resident memory after an announcement: {small.resident:.0f} MB to {few}, {large.resident:.0f} MB to {many}: "
        f"ratio {large.resident / small.resident:.2f} (wanted ≤ 1.2); {small.rate:.0f} and {large.rate:.0f} messages/s"
    )
