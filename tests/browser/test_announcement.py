import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from bot.sandbox.world import World
from tests.browser.demo_page import Demo, bubble, on_duty, taps, types

pytestmark = pytest.mark.browser
WORDS = "Đề nghị nộp bản kê khai trước 15/12."
PATIENCE = 120_000  # milliseconds


@pytest.fixture
async def demo(browser: Browser, tmp_path: Path) -> AsyncIterator[Demo]:
    async with on_duty(browser, tmp_path) as demo:
        yield demo


def received(world: World) -> list[int]:
    """How often each person who can be reached has got it; the clerk has the preview besides."""
    return [
        sum(m.from_bot and WORDS in m.text and "Hỏi lại" in m.buttons for m in phone.messages)
        - ("Tổ chức cán bộ" in phone.name)
        for phone in world.phones.values()
        if phone.chat.started and not phone.chat.blocked
    ]


async def test_an_announcement_to_1196_people_is_watched_paused_resumed_and_confirmed_on_the_page(demo: Demo) -> None:
    hr, lan = demo.phone("Tổ chức cán bộ"), demo.phone("Công chức").nth(1)
    await expect(demo.page.locator(".phone")).to_have_count(4)
    await types(hr, "/quanly")
    await taps(hr, "Thông báo", "Soạn thông báo")
    await expect(bubble(hr, "gõ nội dung")).to_be_visible()
    await types(hr, WORDS)
    await taps(hr, "Xác nhận đã đọc", "Chỉ cần nút", "Xong", "Người nhận", "Mọi người", "Xong", "Xem trước")
    await expect(bubble(hr, "Gửi cho 1.196 người")).to_contain_text("Nhận được qua chat: 1.148. Chưa có chat: 48.")
    await taps(hr, "Gửi$")
    async with asyncio.timeout(20):
        while not any(received(demo.world)):
            await asyncio.sleep(0.01)
    await taps(hr, "Tạm dừng")
    card = bubble(hr, "/1.196)")
    await expect(card).to_contain_text("Tạm dừng:")
    await demo.ends()
    before = sum(received(demo.world))
    assert 0 < before < 1_000
    await taps(hr, "Cập nhật")
    await expect(card).to_contain_text(f"Đã gửi: {before}")
    assert sum(received(demo.world)) == before
    await taps(hr, "Tiếp tục")
    await expect(card).to_contain_text("Đang gửi:")
    await expect(card).to_contain_text("Đã gửi: 1.120", timeout=PATIENCE)
    await expect(card).to_contain_text("Không liên lạc được: 76", timeout=PATIENCE)
    await expect(card).to_contain_text("100 % (1.196/1.196)")
    assert set(received(demo.world)) == {1}
    await taps(lan, "Đã đọc, đã hiểu")
    await expect(bubble(lan, "Đã ghi nhận")).to_be_visible()
    await taps(hr, "Ai đã đọc")
    await expect(bubble(hr, "Đã đọc, đã hiểu: 1/1.120")).to_be_visible()
