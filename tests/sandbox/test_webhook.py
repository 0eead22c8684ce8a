import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from telegram import Bot, Update
from telegram.error import BadRequest, Conflict

from bot.sandbox.phones import Phone
from bot.sandbox.world import World


class Listener:
    """A bare HTTP server that keeps what is posted to it and answers what it is told to."""

    def __init__(self) -> None:
        self.posts: asyncio.Queue[tuple[dict[str, str], dict[str, object]]] = asyncio.Queue()
        self.answers: list[int] = []
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
        body = await reader.readexactly(int(headers["content-length"]))
        status = self.answers.pop(0) if self.answers else 200
        writer.write(f"HTTP/1.1 {status} x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        self.posts.put_nowait((headers, json.loads(body)))

    async def texts(self, count: int) -> list[str]:
        async with asyncio.timeout(10):
            return [(await self.posts.get())[1]["message"]["text"] for _ in range(count)]


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    listener = Listener()
    server = await asyncio.start_server(listener.serve, "127.0.0.1", 0)
    listener.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/tin?a=1"
    async with server:
        yield listener


async def test_an_update_is_posted_with_the_secret(bot: Bot, lan: Phone, listener: Listener) -> None:
    await bot.set_webhook(listener.url, secret_token="a_Secret-1")
    await lan.sends("chào")
    headers, body = await listener.posts.get()
    assert headers["x-telegram-bot-api-secret-token"] == "a_Secret-1"
    assert headers["content-type"] == "application/json"
    assert Update.de_json(body, bot).message.text == "chào"


async def test_a_post_is_repeated_until_it_is_taken_and_nothing_overtakes_it(
    bot: Bot, world: World, lan: Phone, listener: Listener
) -> None:
    listener.answers = [500, 502]
    await bot.set_webhook(listener.url)
    for word in ("một", "hai", "ba"):
        await lan.sends(word)
    assert await listener.texts(5) == ["một", "một", "một", "hai", "ba"]
    info = await bot.get_webhook_info()
    assert info.pending_update_count == 0
    assert info.last_error_message == "Wrong response from the webhook: 502"
    assert info.last_error_date is not None


async def test_one_slow_chat_does_not_hold_up_another(bot: Bot, world: World, lan: Phone, listener: Listener) -> None:
    minh = world.phone("Minh", started=True)
    await bot.set_webhook(listener.url)
    listener.answers = [500]
    await lan.sends("lan một")
    await lan.sends("lan hai")
    await minh.sends("minh")
    texts = await listener.texts(4)
    assert [text for text in texts if text.startswith("lan")] == ["lan một", "lan một", "lan hai"]
    assert texts.index("minh") < texts.index("lan hai")


async def test_a_webhook_and_polling_exclude_each_other(bot: Bot, lan: Phone, listener: Listener) -> None:
    await bot.set_webhook(listener.url)
    assert (await bot.get_webhook_info()).url == listener.url
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    await lan.sends("lại hỏi")
    assert (await bot.get_updates())[0].message.text == "lại hỏi"


async def test_what_waits_can_be_dropped(bot: Bot, lan: Phone) -> None:
    await lan.sends("cũ")
    assert (await bot.get_webhook_info()).pending_update_count == 1
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


async def test_nobody_listening_is_told_in_the_webhook_info(bot: Bot, world: World, lan: Phone) -> None:
    await bot.set_webhook("http://127.0.0.1:9/nobody")
    await lan.sends("có ai không")
    async with asyncio.timeout(10):
        while not (info := await bot.get_webhook_info()).last_error_message:
            continue
    assert info.last_error_message == "Connection refused"
    assert info.pending_update_count == 1


async def test_the_same_update_can_be_posted_twice(bot: Bot, world: World, lan: Phone, listener: Listener) -> None:
    await bot.set_webhook(listener.url)
    await lan.sends("một lần")
    first = (await listener.posts.get())[1]
    world.repeat_last_update()
    assert (await listener.posts.get())[1] == first


async def test_a_secret_with_other_letters_is_refused(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="unallowed characters"):
        await bot.set_webhook("https://example.org/", secret_token="bí mật")
