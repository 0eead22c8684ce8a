import asyncio

import pytest

from bot.app import App
from bot.clock import FixedClock
from bot.config import Config
from bot.store import Store


async def test_a_stop_while_telegram_cannot_be_reached_is_prompt_and_leaves_nothing_open(
    store: Store, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Config("123456:abcdefghijklmnopqrstuvwxyz", telegram_api_url="http://127.0.0.1:1")
    app, stopping = App(settings, store, clock), asyncio.Event()
    running = asyncio.create_task(app.run(stopping))
    async with asyncio.timeout(10):
        while "cannot be reached yet: NetworkError: ClientConnectorError" not in caplog.text:
            await asyncio.sleep(0)
        stopping.set()
        await running
    assert app.telegram._calls._session is None
    assert settings.bot_token not in caplog.text
