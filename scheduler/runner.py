"""Turns the ticks of the timetable with APScheduler and guards them against a clock that jumps."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock
from bot.errors import StoreUnavailable
from bot.store import Store
from scheduler.heartbeat import EVERY, beat
from scheduler.timetable import TIMETABLE, Job

log = logging.getLogger(__name__)

GUARD_SECONDS = 5.0
DRIFT = 2.0  # seconds between wall and monotonic clock that count as a jump


class Runner:
    """Runs every job of the timetable while the program runs."""

    def __init__(self, store: Store, clock: Clock, zone: ZoneInfo, jobs: Sequence[Job] = TIMETABLE) -> None:
        self._store, self._clock, self._zone, self._jobs = store, clock, zone, jobs
        self._beats: dict[str, int] = {}
        self._under_way: set[asyncio.Task[None]] = set()
        # Defaults would drop a run that is more than a second late, and run twice what was missed twice.
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )

    def start(self) -> None:
        """Start every job at once, then at its pace; and the guard."""
        for job in self._jobs:
            self._scheduler.add_job(
                self._once, "interval", seconds=job.every, args=[job], id=job.name, next_run_time=datetime.now(UTC)
            )
        self._scheduler.start()
        self._guard = asyncio.create_task(self._watch_clock())

    async def stop(self, seconds: float = 5) -> None:
        """Start nothing more and wait for what runs, at most `seconds`: APScheduler itself would cancel it."""
        self._guard.cancel()
        self._scheduler.pause()
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=seconds)
        self._scheduler.shutdown(wait=False)

    async def _once(self, job: Job) -> None:
        task = asyncio.create_task(self._run(job))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        await asyncio.shield(task)

    async def _run(self, job: Job) -> None:
        now = self._clock.now()
        try:
            await job.tick(self._store, now, self._zone)
            if abs(now - self._beats.get(job.name, 0)) >= EVERY:
                await beat(self._store, job.name, now)
                self._beats[job.name] = now
        except StoreUnavailable as error:
            log.warning("%s waits for the database: %s", job.name, error)
        except Exception:
            log.exception("%s failed; it runs again in %g s", job.name, job.every)

    async def _watch_clock(
        self, wall: Callable[[], float] = time.time, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """Run every job anew when the wall clock was moved: after an hour back, ticks would stand still for an hour."""
        before = wall() - monotonic()
        while True:
            await asyncio.sleep(GUARD_SECONDS)
            drift = wall() - monotonic() - before
            if abs(drift) > DRIFT:
                log.warning("the wall clock jumped by %.0f s", drift)
                before += drift
                for job in self._jobs:
                    self._scheduler.modify_job(job.name, next_run_time=datetime.now(UTC))
