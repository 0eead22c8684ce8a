"""Which measurements there are, and what every one of them needs to say about the machine. How they work is beside."""

import logging
import os
import platform
import sqlite3
from collections.abc import Awaitable, Callable

from rich.console import Console

from bot.bench import broadcasts, planning, presses

Measurement = Callable[[Console, bool], Awaitable[None]]

RUNS: dict[str, Measurement] = {
    "press": presses.measure,
    "broadcast": broadcasts.paced,
    "unlimited": broadcasts.unlimited,
    "reminders": planning.reminders,
    "tick": planning.idle_tick,
    "memory": broadcasts.memory,
}


async def measure(console: Console, *, quick: bool = False, only: str = "") -> None:
    """Run every measurement, or the one named `only`, and print it with the machine it was made on."""
    logging.getLogger("uvicorn").setLevel(logging.WARNING)  # of sandboxes that open and close
    for name, run in RUNS.items():
        if only in ("", name):
            await run(console, quick)
    console.print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}{', quick' if quick else ''}"
    )
