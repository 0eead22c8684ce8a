"""Other ways to do the same, each in a few lines: `peers.py NAME URL TOKEN FIRST_CHAT COUNT FOLDER` prints JSON."""

import asyncio
import json
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

WORDS = "Nộp bản kê khai trước 15/12."


def resident() -> float:
    """Give the resident memory of this process in MB."""
    status = Path("/proc/self/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) / 1024


async def bare(url: str, token: str, chats: range, folder: str) -> None:
    """Send with python-telegram-bot's client, eight at once, storing nothing."""
    from telegram import Bot

    workers = asyncio.Semaphore(8)

    async with Bot(token, base_url=f"{url}/bot") as bot:

        async def send(chat: int) -> None:
            async with workers:
                await bot.send_message(chat, WORDS)

        await asyncio.gather(*(send(chat) for chat in chats))


async def plain(url: str, token: str, chats: range, folder: str) -> None:
    """Send one after the other through AIORateLimiter with its limits switched off."""
    from telegram.ext import AIORateLimiter, ExtBot

    limiter = AIORateLimiter(overall_max_rate=0, group_max_rate=0)
    async with ExtBot(token, base_url=f"{url}/bot", rate_limiter=limiter) as bot:
        for chat in chats:
            await bot.send_message(chat, WORDS)


async def broadcaster(url: str, token: str, chats: range, folder: str) -> None:
    """Send with aiogram-broadcaster and its SQL storage."""
    from aiogram import Bot
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram_broadcaster import Broadcaster
    from aiogram_broadcaster.contents import TextContent
    from aiogram_broadcaster.storages import SQLAlchemyStorage

    session = AiohttpSession(api=TelegramAPIServer.from_base(url))
    storage = SQLAlchemyStorage.from_url(f"sqlite+aiosqlite:///{folder}/broadcaster.db")
    async with Bot(token, session=session) as bot:
        tool = Broadcaster(bot, storage=storage)
        await storage.startup()
        mailer = await tool.create_mailer(chats=chats, content=TextContent(text=WORDS))
        await mailer.start()
        await storage.shutdown()


def remind() -> None:
    """Stand for a reminder."""


def jobs(count: int, folder: str) -> float:
    """Add one APScheduler job a reminder to its SQLite store; gives seconds."""
    from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
    from apscheduler.schedulers.background import BackgroundScheduler

    store = SQLAlchemyJobStore(url=f"sqlite:///{folder}/jobs.db")
    scheduler = BackgroundScheduler(jobstores={"default": store}, timezone=UTC)
    scheduler.start(paused=True)
    due, began = datetime.now(UTC) + timedelta(days=1), time.perf_counter()
    for _ in range(count):
        scheduler.add_job(remind, "date", run_date=due)
    seconds = time.perf_counter() - began
    scheduler.shutdown()
    return seconds


def main() -> None:
    """Do the one that is named."""
    name, url, token, first, count, folder = sys.argv[1:]
    if name == "jobs":
        print(json.dumps({"seconds": jobs(int(count), folder)}))
        return
    ways = {"bare": bare, "plain": plain, "broadcaster": broadcaster}
    asyncio.run(ways[name](url, token, range(int(first), int(first) + int(count)), folder))
    print(json.dumps({"resident": resident()}))


if __name__ == "__main__":
    main()
