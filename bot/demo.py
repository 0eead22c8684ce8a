"""The demo: the assistant, a Telegram on this machine and phones in the browser, in one process, without a token."""

import asyncio
import errno
import signal
from pathlib import Path

from bot.app import App
from bot.clock import MovableClock
from bot.config import Config
from bot.errors import SettingError
from bot.sandbox import samples
from bot.sandbox.server import serve
from bot.sandbox.world import World
from bot.store import Store
from bot.store.migrate import migrate
from bot.store.sqlite import SqliteStore

FOLDER = Path("data")
_GLANCE = 1.0  # seconds between two looks whether a slip has served


async def run(settings: Config, port: int) -> None:
    """Be a demo on `port` until SIGINT; every start begins anew. Raises SettingError when the port is taken."""
    file = FOLDER / f"demo-{port}.db"  # two demos on two ports do not share it
    await asyncio.to_thread(_begin_anew, file)
    clock = MovableClock()
    clock.move_to(samples.BEGINS)
    store = await SqliteStore.open(file)
    try:
        await migrate(store, clock.now())
        world = World(clock)
        await samples.seed(store, world, clock.now())
        await _on_duty(settings, store, world, port)
    finally:
        await store.close()


def _begin_anew(file: Path) -> None:
    for left in file.parent.glob(file.name + "*"):
        left.unlink()


async def _take_slips(store: Store, world: World) -> None:
    left = 1
    while left:
        await asyncio.sleep(_GLANCE)
        async with store.reading() as tx:
            left = await samples.take_slips(tx, world, world.clock.now())


async def _on_duty(settings: Config, store: Store, world: World, port: int) -> None:
    async def next_due(after: int) -> int | None:
        async with store.reading() as tx:
            return await samples.next_due(tx, after)

    stopping = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopping.set)
    try:
        async with serve(world, port=port, next_due=next_due) as served:
            print(f"http://127.0.0.1:{served.port}", flush=True)  # noqa: T201 (the one thing to tell)
            own = Config(world.token, telegram_api_url=served.api_url, timezone=settings.timezone)
            watching = asyncio.create_task(_take_slips(store, world))
            try:
                await App(own, store, world.clock).run(stopping)
            finally:
                watching.cancel()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise SettingError(f"port {port} is taken; use: python -m bot demo --port 8801") from error
        raise
