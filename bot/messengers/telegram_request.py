"""The HTTP under python-telegram-bot's `Bot`, on aiohttp. What calls and answers mean is told elsewhere."""

import asyncio
import functools
import os
import secrets
import ssl
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import certifi
from aiohttp import payload
from aiohttp.abc import AbstractStreamWriter
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

KEPT_OPEN = 75  # seconds that an idle connection is kept
CHUNK = 64 * 1024  # bytes of an upload that the write timeout is for
FORM = "application/x-www-form-urlencoded"
Seconds = Any  # seconds, None for ever, or the library's own mark for "not given"


class NeverLeft(Exception):
    """The cause of an error before which nothing was written. It has a kind, no URL: that holds the token."""


class MaybeArrived(Exception):
    """The cause of an error after which nobody here knows whether the request was carried out."""


_NEVER_LEFT = (
    aiohttp.ClientConnectorError,  # names, addresses, TLS and the way to a proxy included
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
    aiohttp.NonHttpUrlClientError,
    NeverLeft,
)


class AiohttpRequest(BaseRequest):
    """A bounded pool of connections with the library's own timeouts, for a fifth of its processor time.

    A request is never repeated (but a download on a connection that had gone stale) and never redirected.
    """

    __slots__ = ("_closed", "_defaults", "_media_write", "_proxies", "_room", "_session")

    def __init__(
        self,
        connections: int,
        *,
        read_timeout: float = 5,
        write_timeout: float = 5,
        connect_timeout: float = 5,
        pool_timeout: float = 1,
        media_write_timeout: float = 20,
    ) -> None:
        self._room = asyncio.Semaphore(connections)
        self._defaults = (read_timeout, write_timeout, connect_timeout, pool_timeout)
        self._media_write = media_write_timeout
        self._session: aiohttp.ClientSession | None = None
        self._proxies: dict[str, str | None] = {}
        self._closed = False

    @property
    def read_timeout(self) -> float | None:
        """Give the seconds to wait for an answer when a call names none."""
        return self._defaults[0]

    async def initialize(self) -> None:
        """Open; connections are made when they are needed."""
        self._closed = False

    async def shutdown(self) -> None:
        """Close every connection."""
        self._closed = True
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Seconds = BaseRequest.DEFAULT_NONE,
        write_timeout: Seconds = BaseRequest.DEFAULT_NONE,
        connect_timeout: Seconds = BaseRequest.DEFAULT_NONE,
        pool_timeout: Seconds = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make one request and give status and body. Raises TimedOut and NetworkError, each with its cause."""
        given = (read_timeout, write_timeout, connect_timeout, pool_timeout)
        read, write, connect, pool = (
            default if seconds is self.DEFAULT_NONE else seconds
            for seconds, default in zip(given, self._defaults, strict=True)
        )
        if write_timeout is self.DEFAULT_NONE and request_data is not None and request_data.contains_files:
            write = self._media_write
        try:
            await self._enter(pool)
            try:
                return await self._exchange(url, method, _body(request_data, write), read, connect)
            finally:
                self._room.release()
        except Exception as error:
            failure = _told_apart(error)
        # Raised out here, so that what aiohttp raised, with the URL in it, hangs on to nothing that is logged.
        raise failure

    async def _enter(self, seconds: float | None) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._room.acquire()
        except TimeoutError:
            raise TimedOut("no connection of the pool came free") from NeverLeft("PoolTimeout")

    async def _exchange(
        self, url: str, method: str, body: "payload.Payload | None", read: float | None, connect: float | None
    ) -> tuple[int, bytes]:
        async with self._open().request(
            method,
            url,
            data=body,
            timeout=aiohttp.ClientTimeout(total=None, connect=connect, sock_read=read),
            allow_redirects=False,
            ssl=_trusted() if url.startswith("https:") else True,
            proxy=self._proxy(url),
        ) as response:
            return response.status, await response.read()

    def _open(self) -> aiohttp.ClientSession:
        if self._closed:
            raise NeverLeft("closed")
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEPT_OPEN),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )
        return self._session

    def _proxy(self, url: str) -> str | None:
        """Give the proxy that the environment names for a server; aiohttp would ask a thread at each request."""
        scheme, server = urlsplit(url)[:2]
        if server not in self._proxies:
            self._proxies[server] = _proxy_for(scheme, server)
        return self._proxies[server]


class _Upload(payload.Payload):
    """Bytes that are written piece by piece, each within a time: aiohttp itself knows no limit for writing."""

    def __init__(self, parts: list[bytes], content_type: str, seconds: float | None) -> None:
        super().__init__(parts, content_type=content_type)
        self._size = sum(map(len, parts))
        self._seconds = seconds

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """Give the whole as a text."""
        return b"".join(self._value).decode(encoding, errors)

    async def write(self, writer: AbstractStreamWriter) -> None:
        """Write the whole; a piece that takes too long raises TimeoutError."""
        for part in self._value:
            for start in range(0, len(part), CHUNK):
                async with asyncio.timeout(self._seconds):
                    await writer.write(part[start : start + CHUNK])


def _body(data: RequestData | None, write: float | None) -> payload.Payload | None:
    if data is None:
        return None
    if not data.contains_files:
        return payload.BytesPayload(data.url_encoded_parameters().encode(), content_type=FORM)
    boundary = secrets.token_hex(16)
    parts: list[bytes] = []
    for name, value in data.json_parameters.items():
        parts += [_head(boundary, name), value.encode(), b"\r\n"]
    for name, (filename, content, kind) in data.multipart_data.items():
        whole = content if isinstance(content, bytes) else content.read()
        parts += [_head(boundary, name, filename, kind), whole, b"\r\n"]
    parts.append(f"--{boundary}--\r\n".encode())
    return _Upload(parts, f"multipart/form-data; boundary={boundary}", write)


def _head(boundary: str, name: str, filename: str | None = None, kind: str | None = None) -> bytes:
    line = f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(name)}"'
    if filename is not None:
        line += f'; filename="{_quoted(filename)}"\r\nContent-Type: {kind}'
    return f"{line}\r\n\r\n".encode()


def _quoted(name: str) -> str:
    """Write a name as browsers do: UTF-8, with what would end it escaped."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _told_apart(error: Exception) -> NetworkError:
    """Make the library's error of ours, its cause telling whether anything can have been sent."""
    if isinstance(error, NetworkError):
        return error
    kind = str(error) if isinstance(error, NeverLeft) else type(error).__name__
    failure: NetworkError = TimedOut() if isinstance(error, TimeoutError) else NetworkError(kind)
    failure.__cause__ = (NeverLeft if isinstance(error, _NEVER_LEFT) else MaybeArrived)(kind)
    return failure


@functools.cache
def _trusted() -> ssl.SSLContext:
    """Trust certifi's list, as the library's own client does, or the one that the environment names."""
    named = os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR")
    return ssl.create_default_context(cafile=None if named else certifi.where())


def _proxy_for(scheme: str, server: str) -> str | None:
    proxies = getproxies()
    proxy = proxies.get(scheme) or proxies.get("all")
    if not proxy or proxy_bypass(server.rpartition("@")[2]):
        return None
    proxy = proxy if "://" in proxy else f"http://{proxy}"
    if urlsplit(proxy).scheme not in ("http", "https"):
        raise NeverLeft("only HTTP proxies are supported")
    return proxy
