"""The composition root: builds every part, starts and stops them in order, bounded in time."""

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import handlers
from bot import web
from bot.chat.rendering import Renderer
from bot.chat.router import Router
from bot.chat.turns import Role
from bot.clock import Clock, MovableClock, SystemClock
from bot.config import Config
from bot.conversation import COMMANDS, Conversation
from bot.delivery.pacer import Pacer
from bot.delivery.pump import Pump
from bot.errors import SettingError
from bot.intake import Intake
from bot.messengers import webhook
from bot.messengers.base import SendError
from bot.messengers.telegram import Telegram
from bot.store import Store, open_store
from bot.store.migrate import migrate
from bot.training import agency, calendar, late
from scheduler.runner import Runner

log = logging.getLogger(__name__)

DRAIN = 10.0  # seconds for what is under way when the program is asked to stop


def clock_of(settings: Config) -> Clock:
    """Give the machine's clock, or the movable one when the settings name its file."""
    return SystemClock() if settings.clock_file is None else MovableClock(settings.clock_file)


@asynccontextmanager
async def opened(settings: Config, *, upgrade: bool = True) -> AsyncIterator[Store]:
    """Open the database of the settings; `upgrade` brings it up to this program, else it is left as it is.

    Raises StoreUnavailable, StoreMismatch.
    """
    store = await open_store(settings.database_url)
    try:
        if upgrade:
            await migrate(store, clock_of(settings).now())
        yield store
    finally:
        await store.close()


class App:
    """Everything that runs while the assistant is on duty."""

    def __init__(self, settings: Config, store: Store, clock: Clock) -> None:
        self.settings, self.store = settings, store
        renderer = Renderer(settings.timezone)
        self.conversation = Conversation(store, Router(handlers.MODULES), renderer, clock, settings.timezone)
        self.telegram = Telegram(settings.bot_token, settings.telegram_api_url, polling=not settings.webhook_url)
        pacer = Pacer(settings.pushes_per_second, settings.chat_pause)
        self.intake = Intake(self.conversation, [self.telegram], pacer)
        self.pump = Pump(self.conversation, [self.telegram], pacer)
        self.runner = Runner(store, clock, settings.timezone)

    async def run(self, stopping: asyncio.Event) -> None:
        """Be on duty until `stopping` is set, then finish within a bounded time. Raises SettingError."""
        try:
            if await _first(asyncio.create_task(self.telegram.start()), stopping):
                await self._serve(stopping)
        finally:
            await self.telegram.stop()
        log.info("off duty")

    async def _serve(self, stopping: asyncio.Event) -> None:
        await self._offer_commands()
        await self._keep_link()
        await self._look_back()
        left = await self.intake.replay()
        log.info("on duty%s", f"; {left} updates of the last run are taken up again" if left else "")
        self.runner.start()
        pump = asyncio.create_task(self.pump.run())
        receiving = asyncio.create_task(self._receive())
        try:
            await _first(receiving, stopping)
        finally:
            receiving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await receiving
            await self._stop(pump)

    async def _stop(self, pump: asyncio.Task[None]) -> None:
        """Stop in order: no new updates, no new pushes; finish what is under way."""
        await self.runner.stop()
        self.pump.stop()
        await self.intake.drain(DRAIN)
        await asyncio.wait([pump], timeout=DRAIN)
        pump.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await pump

    async def _receive(self) -> None:
        if not self.settings.webhook_url:
            await self.telegram.receive(self.intake.keep)
            return
        door = webhook.build(self.settings.webhook_secret, self.intake.keep)
        server = web.Server(door)
        await server.start(self._listening())
        try:
            await self.telegram.hook(self.settings.webhook_url + webhook.PATH, self.settings.webhook_secret)
            await asyncio.Event().wait()  # until cancelled
        finally:
            await server.stop()

    def _listening(self) -> socket.socket:
        host, port = self.settings.listen
        try:
            return web.listen(host, port)
        except OSError as error:
            raise SettingError(f"LISTEN {host}:{port} cannot be used: {error.strerror}") from error

    async def _offer_commands(self) -> None:
        renderer = self.conversation.renderer
        names = [name for name, who in COMMANDS if who is Role.ANYONE]
        try:
            await self.telegram.offer_commands(None, [(n, renderer.words("vi", "commands", n)) for n in names])
        except SendError as error:
            log.warning("the menu of commands was not set: %s", error)

    async def _look_back(self) -> None:
        """Before anything is due: hold what is very late after a long absence, as from an old backup, for a yes."""
        conversation = self.conversation
        async with self.store.transaction() as tx:
            days = await calendar.load(tx, conversation.zone)
            held = await late.hold(tx, conversation.clock.now(), days)
        if held:
            log.warning("%d late messages or reminders wait for a yes: /quanly, or python -m bot outbox", held)

    async def _keep_link(self) -> None:
        """Let invite codes be shown in the chat together with the link that carries them."""
        name = await self.telegram.name()
        if name is not None:
            async with self.conversation.store.transaction() as tx:
                await agency.keep(tx, "link_telegram", f"https://t.me/{name}?start=")


async def _first(task: asyncio.Task[None], stopping: asyncio.Event) -> bool:
    """Wait for a task or for the wish to stop, whichever is first; True when the task ended by itself."""
    wish = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait([task, wish], return_when=asyncio.FIRST_COMPLETED)
    finally:
        wish.cancel()
    if task.done():
        task.result()
        return True
    task.cancel()
    return False


async def serve(settings: Config) -> None:
    """Run the assistant until SIGTERM or SIGINT. Raises SettingError, StoreUnavailable, StoreMismatch."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopping.set)
    async with opened(settings) as store:
        await App(settings, store, clock_of(settings)).run(stopping)
