import asyncio
import socket
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest
from telegram import Bot, InputFile
from telegram.error import NetworkError, TimedOut

from bot.chat.events import Address
from bot.chat.screens import Rendered
from bot.messengers.base import MaybeSent, NotSent
from bot.messengers.telegram import Telegram
from bot.messengers.telegram_request import AiohttpRequest, MaybeArrived, NeverLeft

TOKEN = "123456:abcdefghijklmnopqrstuvwxyzABCDEFGHI"
FINE = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 26\r\n\r\n{"ok":true,"result":true}\r\n'
MEGABYTE = 1024 * 1024
Answer = Callable[["Server", asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Server:
    """A server that answers as a test wishes, and keeps what it was asked."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.asked: list[bytes] = []
        self.connections: list[asyncio.Task[None] | None] = []
        self.came, self.let_go = asyncio.Event(), asyncio.Event()
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections.append(asyncio.current_task())
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await self.answer(self, reader, writer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    async def take(self, reader: asyncio.StreamReader) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0
        )
        self.asked.append(head + await reader.readexactly(length))
        self.came.set()


async def fine(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        await server.take(reader)
        writer.write(FINE)


async def fine_once(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await server.take(reader)
    writer.write(FINE)
    await server.take(reader)


async def silent(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await server.take(reader)
    await server.let_go.wait()


async def deaf(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await server.let_go.wait()


async def hangs_up(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await server.take(reader)


async def hangs_up_halfway(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await server.take(reader)
    writer.write(FINE[:-10])


async def sends_elsewhere(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await server.take(reader)
    writer.write(b"HTTP/1.1 307 Moved\r\nLocation: " + server.url.encode() + b"/other\r\nContent-Length: 0\r\n\r\n")


async def speaks_plainly(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1)
    writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


async def babbles(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await server.take(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n<html/>")


@asynccontextmanager
async def listening(answer: Answer) -> AsyncIterator[Server]:
    server = Server(answer)
    listener = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    try:
        yield server
    finally:
        server.let_go.set()
        listener.close()
        await asyncio.gather(*(task for task in server.connections if task))


@asynccontextmanager
async def calling(url: str, connections: int = 4, **timeouts: float) -> AsyncIterator[Bot]:
    request = AiohttpRequest(connections, **timeouts)
    try:
        yield Bot(TOKEN, base_url=f"{url}/bot", request=request, get_updates_request=request)
    finally:
        await request.shutdown()


def told(error: BaseException | None) -> str:
    """Everything that could be written about an error, what it hides included."""
    words = "".join(traceback.format_exception(error)) if error else ""
    while error is not None:
        words += f"{error!r} {error} {error.args!r}"
        error = error.__cause__ or error.__context__
    return words


async def test_a_call_goes_out_as_a_form_with_the_librarys_name_and_connections_are_used_again() -> None:
    async with listening(fine) as server, calling(server.url) as bot:
        await bot.set_my_description("Lớp & <Luật>")
        await bot.set_my_description("b")
    assert len(server.connections) == 1
    head, _, body = server.asked[0].partition(b"\r\n\r\n")
    assert head.startswith(f"POST /bot{TOKEN}/setMyDescription HTTP/1.1".encode())
    assert b"User-Agent: python-telegram-bot" in head
    assert b"Content-Type: application/x-www-form-urlencoded" in head
    assert body == b"description=L%E1%BB%9Bp+%26+%3CLu%E1%BA%ADt%3E"


async def test_a_file_goes_out_whole_under_its_own_name() -> None:
    content = bytes(range(256)) * 4 * 1024 + b"\r\n--x--\r\n"
    async with listening(fine) as server, calling(server.url) as bot:
        await bot.set_webhook("https://a", certificate=InputFile(content, 'Lịch "mới"\r\n.pem'))
    head, _, body = server.asked[0].partition(b"\r\n\r\n")
    boundary = head.partition(b"boundary=")[2].split(b"\r\n")[0]
    parts = [part.partition(b"\r\n\r\n") for part in body.split(b"--" + boundary)[1:-1]]
    assert {(about.splitlines()[1], value) for about, _, value in parts} == {
        (b'Content-Disposition: form-data; name="url"', b"https://a\r\n"),
        ('Content-Disposition: form-data; name="certificate"; filename="Lịch %22mới%22%0D%0A.pem"'.encode(),
         content + b"\r\n"),
    }  # fmt: skip
    assert body.endswith(b"--" + boundary + b"--\r\n")


async def refused() -> None:
    async with calling("http://127.0.0.1:1") as bot:
        await bot.set_my_description("a")


async def no_such_name() -> None:
    async with calling("http://nowhere.invalid") as bot:
        await bot.set_my_description("a")


async def no_tls() -> None:
    async with listening(speaks_plainly) as server, calling(server.url.replace("http:", "https:")) as bot:
        await bot.set_my_description("a")


async def nobody_shakes_hands() -> None:
    url_timeouts = {"connect_timeout": 0.05}
    async with listening(deaf) as server, calling(server.url.replace("http:", "https:"), **url_timeouts) as bot:
        await bot.set_my_description("a")


async def no_room() -> None:
    async with listening(silent) as server, calling(server.url, 1, pool_timeout=0.05) as bot:
        before = asyncio.create_task(bot.set_my_description("a"))
        try:
            await server.came.wait()
            await bot.set_my_description("b")
        finally:
            before.cancel()
            await asyncio.gather(before, return_exceptions=True)


async def closed() -> None:
    async with listening(fine) as server, calling(server.url) as bot:
        await bot.request.shutdown()
        await bot.set_my_description("a")


@pytest.mark.parametrize("fault", [refused, no_such_name, no_tls, nobody_shakes_hands, no_room, closed])
async def test_what_never_left_is_known_not_to_have_been_sent(
    fault: Callable[[], Awaitable[None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    find = asyncio.get_running_loop().getaddrinfo

    async def finds(host: str, *args: object, **kwargs: object) -> object:
        if host == "nowhere.invalid":
            raise socket.gaierror(-2, "Name or service not known")
        return await find(host, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", finds)
    with pytest.raises(NetworkError) as raised:
        await fault()
    assert isinstance(raised.value.__cause__, NeverLeft)
    assert isinstance(raised.value, TimedOut) == (fault in (nobody_shakes_hands, no_room))
    assert TOKEN not in told(raised.value)


@pytest.mark.parametrize("answer", [silent, hangs_up, hangs_up_halfway])
async def test_what_left_and_was_not_answered_may_have_been_carried_out(answer: Answer) -> None:
    async with listening(answer) as server, calling(server.url, read_timeout=0.1) as bot:
        with pytest.raises(NetworkError) as raised:
            await bot.set_my_description("a")
    assert isinstance(raised.value.__cause__, MaybeArrived)
    assert isinstance(raised.value, TimedOut) == (answer is silent)
    assert TOKEN not in told(raised.value)
    assert len(server.asked) == 1


async def test_an_upload_that_nobody_takes_ends_in_time() -> None:
    async with listening(deaf) as server, calling(server.url, media_write_timeout=0.1) as bot:
        with pytest.raises(TimedOut) as raised:
            await bot.set_webhook("https://a", certificate=InputFile(bytes(32 * MEGABYTE), "a"))
    assert isinstance(raised.value.__cause__, MaybeArrived)
    assert TOKEN not in told(raised.value)


async def test_a_call_on_a_connection_that_had_gone_stale_is_not_made_twice() -> None:
    async with listening(fine_once) as server, calling(server.url) as bot:
        await bot.set_my_description("a")
        with pytest.raises(NetworkError) as raised:
            await bot.set_my_description("b")
    assert isinstance(raised.value.__cause__, MaybeArrived)
    assert [body.rpartition(b"=")[2] for body in server.asked] == [b"a", b"b"]
    assert len(server.connections) == 1


async def test_a_call_is_never_sent_elsewhere() -> None:
    async with listening(sends_elsewhere) as server, calling(server.url) as bot:
        with pytest.raises(NetworkError):
            await bot.set_my_description("a")
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("answer", "kind"), [(silent, MaybeSent), (sends_elsewhere, MaybeSent), (babbles, MaybeSent), (None, NotSent)]
)
async def test_the_messenger_knows_what_may_have_been_sent(answer: Answer | None, kind: type[Exception]) -> None:
    async with listening(answer or fine) as server:
        telegram = Telegram(TOKEN, server.url if answer else "http://127.0.0.1:1")
        telegram._calls._defaults = (0.1, 1, 1, 1)
        with pytest.raises(kind) as raised:
            await telegram.send(Address("telegram", "1"), Rendered("x"))
        await telegram.stop()
    assert type(raised.value) is kind
    assert TOKEN not in told(raised.value)


async def test_the_environments_proxy_is_used_but_for_the_places_it_excepts(monkeypatch: pytest.MonkeyPatch) -> None:
    async with listening(fine) as proxy, listening(fine) as here:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", "localhost,127.0.0.1")
        async with calling("http://api.telegram.test") as bot, calling(here.url) as direct:
            await bot.set_my_description("a")
            await direct.set_my_description("a")
    assert proxy.asked[0].startswith(f"POST http://api.telegram.test/bot{TOKEN}/setMyDescription".encode())
    assert len(here.asked) == 1


async def test_a_proxy_of_another_kind_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("all_proxy", "socks5://127.0.0.1:1080")
    monkeypatch.delenv("no_proxy", raising=False)
    async with calling("http://api.telegram.test") as bot:
        with pytest.raises(NetworkError, match="only HTTP proxies") as raised:
            await bot.set_my_description("a")
    assert isinstance(raised.value.__cause__, NeverLeft)
