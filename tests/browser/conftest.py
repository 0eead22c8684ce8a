"""A browser at the phones page, and a small bot behind it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton, ReplyKeyboardMarkup, Update
from telegram.request import HTTPXRequest

from bot.clock import FixedClock
from bot.sandbox.phones import Phone
from bot.sandbox.server import Served, serve
from bot.sandbox.world import World
from tests.talking import MONDAY

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MENU = InlineKeyboardMarkup(
    [[InlineKeyboardButton("Lớp đang mở", callback_data="lop"), InlineKeyboardButton("Trợ giúp", callback_data="tg")]]
)
CONTACT = ReplyKeyboardMarkup([[KeyboardButton("Chia sẻ số", request_contact=True)]], one_time_keyboard=True)


async def answer(bot: Bot, update: Update) -> None:
    """What the small bot does: greet, edit in place, give files back."""
    query, message = update.callback_query, update.message
    if query and query.data == "lop":
        await query.answer()
        await query.edit_message_text("<b>Luật Đất đai</b>", parse_mode="HTML")
    elif query:
        await query.answer("Hãy bấm một nút", show_alert=True)
    elif message and message.document:
        content = await (await message.document.get_file()).download_as_bytearray()
        await message.reply_document(bytes(content), filename=f"lai-{message.document.file_name}")
    elif message and message.contact:
        await message.reply_text(f"Số {message.contact.phone_number}")
    elif message and message.text == "số":
        await message.reply_text("Gửi số của bạn", reply_markup=CONTACT)
    elif message:
        await message.reply_text(f"Chào {message.text}", reply_markup=MENU)


async def run_bot(bot: Bot) -> None:
    offset = 0
    while True:
        for update in await bot.get_updates(offset, timeout=20):
            offset = update.update_id + 1
            await answer(bot, update)


@pytest.fixture
def world() -> World:
    world = World(FixedClock(MONDAY))
    world.limits = False
    return world


@pytest.fixture
def lan(world: World) -> Phone:
    return world.phone("Nguyễn Thị Lan", "0912345678", "Mã mời: 1234 5678")


@pytest.fixture
def minh(world: World) -> Phone:
    return world.phone("Trần Văn Minh <img src=x onerror=alert(1)>", started=True)


@pytest.fixture
def due() -> list[int]:
    """The instants of the reminders that are still to come."""
    return []


@pytest.fixture
async def served(world: World, lan: Phone, minh: Phone, due: list[int]) -> AsyncIterator[Served]:
    async def next_due(now: int) -> int | None:
        return min((instant for instant in due if instant > now), default=None)

    async with serve(world, next_due=next_due) as served:
        yield served


@pytest.fixture
async def bot(world: World, served: Served) -> AsyncIterator[Bot]:
    requests = [HTTPXRequest(httpx_kwargs={"verify": False}) for _ in range(2)]
    async with Bot(
        world.token,
        f"{served.url}/bot",
        f"{served.url}/file/bot",
        request=requests[0],
        get_updates_request=requests[1],
    ) as bot:
        polling = asyncio.create_task(run_bot(bot))
        yield bot
        polling.cancel()
        with suppress(asyncio.CancelledError):
            await polling


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        path = CHROMIUM if CHROMIUM.exists() else None
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture
async def open_page(browser: Browser, served: Served) -> AsyncIterator[Callable]:
    """Open the page in a window of a given size; any error on the page fails the test."""
    errors: list[str] = []

    async def open_page(width: int = 1440, height: int = 900) -> Page:
        page = await browser.new_page(viewport={"width": width, "height": height}, accept_downloads=True)
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
        await page.goto(served.url)
        await page.locator(".phone").first.wait_for()
        return page

    yield open_page
    assert errors == []
