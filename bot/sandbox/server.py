"""The sandbox as a running server: the whole web application and the ports on which it listens."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from starlette.applications import Starlette

from bot.sandbox import page_routes, wire
from bot.sandbox.webhook import Courier
from bot.sandbox.world import World
from bot.web import Place, Server, listen

NextDue = Callable[[int], Awaitable[int | None]]


def build(world: World, *, next_due: NextDue | None = None) -> Starlette:
    """Give the web application of a world: `/bot<token>/<method>`, `/file/bot<token>/…` and the phones page.

    `next_due(now)` tells the instant (UTC seconds) of the next reminder after `now`, for the time machine.
    """
    app = Starlette(routes=[*wire.routes(), *page_routes.routes()])
    app.state.world = world
    app.state.next_due = next_due
    app.state.cut = None
    return app


@dataclass(frozen=True, slots=True)
class Served:
    """Where a running sandbox listens.

    `url` and `port` serve the page and the Bot API; offline, the API there breaks each connection after the
    request has come in, so a client cannot know whether it was accepted. `api_url` serves the Bot API on a
    port of its own, which offline refuses connections, as when there is no way to Telegram at all.
    """

    url: str
    port: int
    api_url: str


class _Gate:
    """The port of the Bot API alone, which is shut while the world is offline."""

    def __init__(self, app: Starlette, host: str) -> None:
        self._app = app
        self._host = host
        self.port = 0
        self._server: Server | None = None
        self._opening: asyncio.Task[None] | None = None

    async def open(self) -> None:
        self._open()
        if self._opening:
            await self._opening

    def follow(self, offline: bool) -> None:
        """Shut the port or open it again; either is true at once for whoever connects next."""
        if offline and self._server:
            self._server.hang_up()
            self._server = None
        elif not offline and self._server is None:
            self._open()

    def _open(self) -> None:
        listening = listen(self._host, self.port)
        self.port = listening.getsockname()[1]
        self._server = Server(self._app)
        self._opening = asyncio.create_task(self._server.start(listening), name="sandbox API port opens")

    async def close(self) -> None:
        if self._opening:
            await self._opening
        if self._server:
            await self._server.stop()

    def cut(self, client: Place, here: Place) -> None:
        if self._server:
            self._server.cut(client, here)


@asynccontextmanager
async def serve(
    world: World, port: int = 0, host: str = "127.0.0.1", next_due: NextDue | None = None
) -> AsyncIterator[Served]:
    """Run the sandbox in this event loop (port 0 takes a free one); it stops within about two seconds."""
    app = build(world, next_due=next_due)
    main, gate = Server(app), _Gate(app, host)
    await main.start(listen(host, port))
    await gate.open()

    def cut(client: Place, here: Place) -> None:
        main.cut(client, here)
        gate.cut(client, here)

    app.state.cut = cut
    world.network = gate.follow
    gate.follow(world.offline)
    courier = asyncio.create_task(Courier(world).run(), name="sandbox webhook courier")
    port = main.listening.getsockname()[1]
    try:
        yield Served(f"http://{host}:{port}", port, f"http://{host}:{gate.port}")
    finally:
        world.network = None
        world.close()
        courier.cancel()
        with suppress(asyncio.CancelledError):
            await courier
        await asyncio.gather(main.stop(), gate.close())
