"""Posting updates to the bot's webhook, in order per chat and again until it says yes. The queue is in updates.py."""

import asyncio
import json
from contextlib import suppress
from urllib.parse import urlsplit

from bot.sandbox.updates import Update
from bot.sandbox.world import Webhook, World

_ANSWER_SECONDS = 10.0
_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 60.0


class Courier:
    """Carries updates to the webhook: one at a time per chat, up to `max_connections` chats at once.

    A post that is not answered by 2xx is repeated after a pause that doubles each time.
    """

    def __init__(self, world: World, first_pause: float = _FIRST_PAUSE) -> None:
        self._world = world
        self._first_pause = first_pause
        self._busy: set[int] = set()
        self._trips: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Carry until cancelled."""
        try:
            while not self._world.closing:
                self._set_out()
                await self._world.webhook_bell.next_ring()
        finally:
            for trip in self._trips:
                trip.cancel()
            await asyncio.gather(*self._trips, return_exceptions=True)

    def _set_out(self) -> None:
        hook = self._world.webhook
        if hook is None or self._world.offline:
            return
        for chat_id, update in self._world.updates.pending():
            if len(self._busy) >= hook.max_connections:
                return
            if chat_id not in self._busy:
                self._busy.add(chat_id)
                trip = asyncio.create_task(self._carry(chat_id, update), name=f"webhook post to chat {chat_id}")
                self._trips.add(trip)
                trip.add_done_callback(self._trips.discard)

    async def _carry(self, chat_id: int, update: Update) -> None:
        pause = self._first_pause
        try:
            while (hook := self._world.webhook) and not self._world.offline:
                if await self._posted(hook, update):
                    self._world.updates.done(update)
                    return
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
        finally:
            self._busy.discard(chat_id)
            self._world.webhook_bell.ring()

    async def _posted(self, hook: Webhook, update: Update) -> bool:
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                status = await post(hook.url, hook.secret, update)
        except TimeoutError:
            why = "Read timeout expired"
        except (OSError, ValueError, EOFError):
            why = "Connection refused"
        else:
            if 200 <= status < 300:
                return True
            why = f"Wrong response from the webhook: {status}"
        hook.last_error_date, hook.last_error = self._world.clock.now(), why
        return False


async def post(url: str, secret: str, update: Update) -> int:
    """Post one update as Telegram does and give the status of the answer; the body of it is not looked at.

    Raises OSError when there is no connection and ValueError for an answer that is not HTTP.
    """
    parts = urlsplit(url)
    body = json.dumps(update).encode()
    head = [
        f"POST {parts.path or '/'}{'?' + parts.query if parts.query else ''} HTTP/1.1",
        f"Host: {parts.netloc}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    if secret:
        head.append(f"X-Telegram-Bot-Api-Secret-Token: {secret}")
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    reader, writer = await asyncio.open_connection(parts.hostname, port, ssl=secure or None)
    try:
        writer.write("\r\n".join(head).encode() + b"\r\n\r\n" + body)
        await writer.drain()
        status = int((await reader.readline()).split()[1])
        while await reader.read(65_536):
            continue
        return status
    except IndexError:
        raise ValueError("not an HTTP answer") from None
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
