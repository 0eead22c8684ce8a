"""Which measurements there are, and what every one of them needs to say about the machine. How they work is beside."""

import os
import platform
import sqlite3
from collections.abc import Awaitable, Callable

from rich.console import Console

from bot.bench import broadcasts, planning
from bot.sandbox import bench as presses

Measurement = Callable[[Console, bool], Awaitable[None]]


async def _press(console: Console, quick: bool) -> None:
    await presses.measure(console, quick=quick)


RUNS: dict[str, Measurement] = {
    "press": _press,
    "broadcast": broadcasts.paced,
    "unlimited": broadcasts.unlimited,
    "reminders": planning.reminders,
    "tick": planning.idle_tick,
    "memory": broadcasts.memory,
}


async def measure(console: Console, *, quick: bool = False, only: str = "") -> None:
    """Run every measurement, or the one named `only`, and print it with the machine it was made on."""
    for name, run in RUNS.items():
        if only in ("", name):
            await run(console, quick)
    console.print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}{', quick' if quick else ''}"
    )
