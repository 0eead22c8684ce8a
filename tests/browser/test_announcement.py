import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from bot.app import App
from bot.clock import MovableClock
from bot.config import Config
from bot.sandbox import samples
from bot.sandbox.server import serve
from bot.sandbox.world import World
from bot.store import Store, open_store
from bot.store.migrate import migrate

pytestmark = pytest.mark.browser
WORDS = "Đề nghị nộp bản kê khai trước 15/12."
PACE = 150.0  # a second: beyond what Telegram allows, so that a thousand do not take a minute
PATIENCE = 120_000  # milliseconds


@dataclass
class Demo:
    """The demo as `make demo` runs it, but faster, and its page."""

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

    def received(self) -> list[int]:
        """How often each person who can be reached has got it; the clerk has the preview besides."""
        return [
            sum(m.from_bot and WORDS in m.text and "Hỏi lại" in m.buttons for m in phone.messages)
            - ("Tổ chức cán bộ" in phone.name)
            for phone in self.world.phones.values()
            if phone.chat.started and not phone.chat.blocked
        ]


@pytest.fixture
async def demo(browser: Browser, tmp_path: Path) -> AsyncIterator[Demo]:
    clock = MovableClock()
    clock.move_to(samples.BEGINS)
    world = World(clock)
    world.limits = False
    store = await open_store(f"sqlite:///{tmp_path}/demo.db")
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


async def test_an_announcement_to_1196_people_is_watched_paused_resumed_and_confirmed_on_the_page(demo: Demo) -> None:
    hr, lan = demo.phone("Tổ chức cán bộ"), demo.phone("Công chức").nth(1)
    await expect(demo.page.locator(".phone")).to_have_count(4)
    await types(hr, "/quanly")
    await taps(hr, "Thông báo", "Soạn thông báo")
    await expect(bubble(hr, "gõ nội dung")).to_be_visible()
    await types(hr, WORDS)
    await taps(hr, "Xác nhận đã đọc", "Chỉ cần nút", "Xong", "Người nhận", "Mọi người", "Xong", "Xem trước")
    await expect(bubble(hr, "Gửi cho 1.196 người")).to_contain_text("Nhận được qua chat: 1.148. Chưa có chat: 48.")
    await taps(hr, "Gửi$", "Tạm dừng")
    card = bubble(hr, "/1.196)")
    await expect(card).to_contain_text("Tạm dừng:")
    await demo.ends()
    before = sum(demo.received())
    assert 0 < before < 1_000
    await taps(hr, "Cập nhật")
    await expect(card).to_contain_text(f"Đã gửi: {before}")
    assert sum(demo.received()) == before
    await taps(hr, "Tiếp tục")
    await expect(card).to_contain_text("Đang gửi:")
    await expect(bubble(hr, "Đã gửi xong")).to_contain_text("1.120 người đã nhận, 76 không", timeout=PATIENCE)
    await expect(card).to_contain_text("100 % (1.196/1.196)")
    assert set(demo.received()) == {1}
    await taps(lan, "Đã đọc, đã hiểu")
    await expect(bubble(lan, "Đã ghi nhận")).to_be_visible()
    await taps(hr, "Ai đã đọc")
    await expect(bubble(hr, "Đã đọc, đã hiểu: 1/1.120")).to_be_visible()
