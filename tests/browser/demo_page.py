"""The demo as `make demo` runs it, driven through its page: phones, typing, tapping, files, the time machine."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, expect

from bot.app import App
from bot.clock import MovableClock
from bot.config import Config
from bot.sandbox import samples
from bot.sandbox.server import serve
from bot.sandbox.world import World
from bot.store import Store, open_store
from bot.store.migrate import migrate

PACE = 150.0  # a second: beyond what Telegram allows, so that a thousand do not take a minute


@dataclass
class Demo:
    """The demo, but faster, and its page."""

    world: World
    store: Store
    page: Page

    def phone(self, caption: str) -> Locator:
        return self.page.locator(".phone", has_text=caption)

    async def ends(self) -> None:
        """Nothing is on its way any more."""
        async with asyncio.timeout(30):
            while True:
                async with self.store.reading() as tx:
                    if not await tx.fetchval("select count(*) from outbox where state = 'sending'"):
                        return
                await asyncio.sleep(0.01)

    async def passes(self, times: int, step: str) -> None:
        """Press a button of the time machine so often."""
        for _ in range(times):
            shown = self.page.locator("#now")
            before = await shown.inner_text()
            await self.page.get_by_role("button", name=step, exact=True).click()
            await expect(shown).not_to_have_text(before)


@asynccontextmanager
async def on_duty(browser: Browser, folder: Path) -> AsyncIterator[Demo]:
    clock = MovableClock()
    clock.move_to(samples.BEGINS)
    world = World(clock)
    world.limits = False
    store = await open_store(f"sqlite:///{folder}/demo.db")
    await migrate(store, clock.now())
    await samples.seed(store, world, clock.now())
    stopping = asyncio.Event()
    async with serve(world) as served:
        settings = Config(world.token, telegram_api_url=served.api_url, pushes_per_second=PACE)
        running = asyncio.create_task(App(settings, store, clock).run(stopping))
        page = await browser.new_page(viewport={"width": 1600, "height": 950})
        page.set_default_timeout(20_000)
        await page.goto(served.url)
        expect.set_options(timeout=20_000)
        yield Demo(world, store, page)
        expect.set_options(timeout=5_000)
        await page.close()
        stopping.set()
        await running
    await store.close()


async def types(device: Locator, text: str) -> None:
    await device.get_by_label("Tin nhắn").fill(text)
    await device.get_by_label("Gửi", exact=True).click()


async def taps(device: Locator, *words: str) -> None:
    for word in words:
        await device.locator(".row button", has_text=re.compile(rf"^\W*{word}")).last.click()


def bubble(device: Locator, words: str) -> Locator:
    return device.locator(".message", has_text=words).last
