"""The least that answers a button, a bare `telegram.Bot` with one insert: what the bench measures against.

As python-telegram-bot comes, or (`ECHO_HTTP=ours`) on the HTTP client that the program uses.
"""

import asyncio
import os
import sqlite3

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update

from bot.messengers.telegram_request import AiohttpRequest

SCREENS = {"home": ("Xin chào", "Trợ giúp", "help"), "help": ("Cần giúp gì", "Về đầu", "home")}


async def main() -> None:
    """Poll and answer until killed; every update is a task of its own."""
    kept = sqlite3.connect(os.environ["ECHO_FILE"], isolation_level=None)
    kept.execute("pragma journal_mode=wal")
    kept.execute("create table if not exists updates (id integer primary key, data text)")
    url = os.environ["TELEGRAM_API_URL"]
    calls, polls = (AiohttpRequest(32), AiohttpRequest(1)) if os.environ.get("ECHO_HTTP") else (None, None)
    bot = Bot(os.environ["BOT_TOKEN"], base_url=f"{url}/bot", request=calls, get_updates_request=polls)
    async with bot, asyncio.TaskGroup() as tasks:
        offset = 0
        while True:
            for update in await bot.get_updates(offset=offset, timeout=30):
                offset = update.update_id + 1
                tasks.create_task(_answer(bot, kept, update))


async def _answer(bot: Bot, kept: sqlite3.Connection, update: Update) -> None:
    kept.execute("insert or ignore into updates values (?, ?)", (update.update_id, update.to_json()))
    query = update.callback_query
    text, words, data = SCREENS[(query.data or "home") if query else "home"]
    markup = InlineKeyboardMarkup([[InlineKeyboardButton(words, callback_data=data)]])
    if query is None:
        if update.effective_chat is not None:
            await bot.send_message(update.effective_chat.id, text, reply_markup=markup)
        return
    await asyncio.gather(query.answer(), query.edit_message_text(text, reply_markup=markup))


if __name__ == "__main__":
    asyncio.run(main())
