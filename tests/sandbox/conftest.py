"""A running sandbox, one person who has started the bot, and an unmodified Telegram client."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import suppress
from typing import Any

import pytest
from telegram import Bot, Update
from telegram.request import HTTPXRequest

from bot.clock import FixedClock
from bot.sandbox.phones import Phone
from bot.sandbox.server import Served, serve
from bot.sandbox.world import World
from tests.talking import MONDAY

Answer = Callable[[Bot, Update], Coroutine[Any, Any, None]]


class Stopwatch:
    """Seconds that pass only when told."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def client(base: str, token: str) -> Bot:
    # Building an SSL context takes 40 ms and nothing here is encrypted.
    requests = [HTTPXRequest(httpx_kwargs={"verify": False}) for _ in range(2)]
    return Bot(token, f"{base}/bot", f"{base}/file/bot", request=requests[0], get_updates_request=requests[1])


@pytest.fixture(autouse=True)
def retry_after_as_a_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client warns of its old form, and warnings are errors here."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
def stopwatch() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
def world(stopwatch: Stopwatch) -> World:
    return World(FixedClock(MONDAY), monotonic=stopwatch)


@pytest.fixture
async def served(world: World) -> AsyncIterator[Served]:
    async with serve(world) as served:
        yield served


@pytest.fixture
async def bot(world: World, served: Served) -> AsyncIterator[Bot]:
    async with client(served.url, world.token) as bot:
        yield bot


@pytest.fixture
def lan(world: World) -> Phone:
    return world.phone("Lan", "0912345678", started=True)


@pytest.fixture
async def answers(bot: Bot) -> AsyncIterator[Callable[[Answer], None]]:
    """Let the bot poll and answer every update with the given function."""
    tasks: list[asyncio.Task[None]] = []

    async def poll(answer: Answer) -> None:
        offset = 0
        while True:
            for update in await bot.get_updates(offset, timeout=20):
                offset = update.update_id + 1
                await answer(bot, update)

    yield lambda answer: tasks.append(asyncio.create_task(poll(answer)))
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
