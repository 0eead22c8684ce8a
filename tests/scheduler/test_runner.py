import asyncio

import pytest

from bot.clock import FixedClock
from bot.store import Store
from scheduler.heartbeat import ages
from scheduler.runner import Runner
from scheduler.timetable import TIMETABLE, Job
from tests.talking import MONDAY, ZONE


async def test_every_job_runs_at_once_and_leaves_a_sign_of_life(store: Store, clock: FixedClock) -> None:
    ran = asyncio.Event()

    async def tick(*_: object) -> int:
        ran.set()
        return 0

    runner = Runner(store, clock, ZONE, [Job("one", 60, tick)])
    runner.start()
    await asyncio.wait_for(ran.wait(), 5)
    await runner.stop()
    async with store.reading() as tx:
        assert await ages(tx, MONDAY + 5) == {"one": 5}


async def test_a_job_that_fails_runs_again(store: Store, clock: FixedClock, caplog: pytest.LogCaptureFixture) -> None:
    runs: asyncio.Queue[int] = asyncio.Queue()

    async def tick(*_: object) -> int:
        runs.put_nowait(1)
        raise ValueError("broken")

    runner = Runner(store, clock, ZONE, [Job("broken", 0.01, tick)])
    runner.start()
    for _ in range(3):
        await asyncio.wait_for(runs.get(), 5)
    await runner.stop()
    assert "broken failed" in caplog.text


async def test_a_job_under_way_is_finished_when_the_program_stops(store: Store, clock: FixedClock) -> None:
    began, finished = asyncio.Event(), []

    async def tick(*_: object) -> int:
        began.set()
        for _ in range(50):
            await asyncio.sleep(0)
        finished.append(True)
        return 1

    runner = Runner(store, clock, ZONE, [Job("slow", 60, tick)])
    runner.start()
    await asyncio.wait_for(began.wait(), 5)
    await runner.stop()
    assert finished == [True]


async def test_the_timetable_names_each_job_once() -> None:
    names = [job.name for job in TIMETABLE]
    assert len(set(names)) == len(names)
