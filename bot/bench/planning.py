"""Reminders: planning very many against one job each, and a tick with nothing due among very many to come."""

import asyncio
import json
import statistics
import tempfile
import time
from pathlib import Path

from rich.console import Console

from bot import outbox
from bot.bench import crowd
from bot.bench.stage import PEERS, PEERS_PYTHON
from bot.sandbox import samples
from bot.store import Store, open_store
from bot.store.migrate import migrate
from bot.training import calendar, milestones
from bot.training.milestones import Step
from scheduler import milestones as ticks

NOW = samples.BEGINS
DAY = 86_400
LOOKS = 200


async def reminders(console: Console, quick: bool) -> None:
    """Measure writing what is owed to everybody at one minute, against one APScheduler job for each."""
    people = 5_000 if quick else 100_000
    with tempfile.TemporaryDirectory() as folder:
        store = await open_store(f"sqlite:///{folder}/bot.db")
        await migrate(store, NOW)
        async with store.transaction() as tx:
            await crowd.people(tx, people, 1, NOW)
            await crowd.enrol(tx, people, NOW, NOW + DAY)
            step = Step("1d", NOW, NOW + DAY)
            await milestones.plan(tx, "session", "session:1", [step], NOW)
        began = time.perf_counter()
        written = await ticks.tick(store, NOW, samples.ZONE)
        ours = time.perf_counter() - began
        await store.close()
        peer = await asyncio.create_subprocess_exec(
            PEERS_PYTHON, str(PEERS), "jobs", "-", "-", "0", str(people), folder, stdout=asyncio.subprocess.PIPE
        )
        told, _ = await peer.communicate()
    line = f"{written} reminders due at one minute: planned in {ours:.2f} s"
    if peer.returncode:
        console.print(f"{line}; APScheduler skipped: not installed, see docs/bench/requirements.txt")
        return
    theirs = json.loads(told)["seconds"]
    console.print(
        f"{line}; APScheduler, one job each in its SQLite store: {theirs:.0f} s, "
        f"{theirs / ours:.0f} times as long (wanted ≥ 50)"
    )


async def idle_tick(console: Console, quick: bool) -> None:
    """Measure a look at a table in which nothing is due, many to come over few."""
    few, many = (1_000, 100_000) if quick else (1_000, 1_000_000)
    with tempfile.TemporaryDirectory() as folder:
        took = [await _looks(Path(folder) / f"{count}.db", count) for count in (few, many)]
    console.print(
        f"a tick and a claim with nothing due: {1e6 * took[0]:.0f} µs among {few} to come, {1e6 * took[1]:.0f} µs "
        f"among {many}: ratio {took[1] / took[0]:.2f} (wanted ≤ 1.5)"
    )


async def _looks(file: Path, count: int) -> float:
    """Give the median seconds of a tick of milestones and a claim of the pump among `count` future rows of each."""
    store = await open_store(f"sqlite:///{file}")
    try:
        await migrate(store, NOW)
        await _fill(store, count)
        took = []
        for _ in range(LOOKS):
            began = time.perf_counter()
            await ticks.tick(store, NOW, samples.ZONE)
            async with store.transaction() as tx:
                await outbox.abandoned(tx, NOW, "bench")
                await outbox.expire(tx, NOW)
                await outbox.claim(tx, NOW, 24, "bench/1", 4)
                await calendar.load(tx, samples.ZONE)
            took.append(time.perf_counter() - began)
        return statistics.median(took)
    finally:
        await store.close()


async def _fill(store: Store, count: int) -> None:
    counted = "with recursive n(i) as (select 1 union all select i + 1 from n where i < $1)"
    async with store.transaction() as tx:
        await crowd.people(tx, min(count, 1_000), 1, NOW)
        await tx.execute(
            f"""
            insert into outbox (unique_key, kind, priority, subject, person_id, args, due_at, expires_at, created_at)
            {counted} select 'k' || i, 'session_reminder', 1 + i % 2, 'session:' || i, 1 + i % 1000, '[1]',
                $2 + {DAY} + i, $2 + 2 * {DAY} + i, $2 from n
            """,  # noqa: S608 (constants)
            count,
            NOW,
        )
        await tx.execute(
            f"""
            insert into milestones (kind, subject, step, due_at, expires_at)
            {counted} select 'session', 'session:' || i, '1d', $2 + {DAY} + i, $2 + 2 * {DAY} + i from n
            """,  # noqa: S608 (constants)
            count,
            NOW,
        )
