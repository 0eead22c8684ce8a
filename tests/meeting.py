"""Steps that meet: each begins while somebody else holds a course, and waits; then all go on at once."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from bot.training import courses
from tests.talking import Office

_WAITING = "select count(*) from pg_locks where not granted"


async def behind(office: Office, course_id: int, *steps: Coroutine[Any, Any, Any]) -> None:
    """Begin the steps one after the other behind a held course; where there is one writer only, they just follow."""
    if office.store.engine != "postgres":
        for step in steps:
            await step
        return
    tasks: list[asyncio.Task[Any]] = []
    async with office.store.transaction() as tx, asyncio.timeout(20):
        await courses.locked(tx, course_id)
        for step in steps:
            tasks.append(asyncio.create_task(step))
            while await tx.fetchval(_WAITING) < len(tasks):
                await asyncio.sleep(0.01)
    await asyncio.gather(*tasks)
