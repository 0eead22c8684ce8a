"""A web server inside our own event loop: started, stopped, signals left alone. What it serves is others' business."""

import asyncio
import socket
from contextlib import suppress

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

GRACE = 1  # seconds for requests under way when it stops
Place = tuple[str, int] | None  # host and port of one end of a connection


def listen(host: str, port: int) -> socket.socket:
    """Give a listening socket (port 0 takes a free one). Raises OSError when the address is taken.

    The socket names its protocol: else asyncio leaves Nagle on, 40 ms for each answer.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError:
        listening.close()
        raise
    listening.listen(512)
    return listening


class Server(uvicorn.Server):
    """A uvicorn that is one part of a program instead of the program; it never stops by itself."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=H11Protocol,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                date_header=False,
                timeout_keep_alive=75,
                timeout_graceful_shutdown=GRACE,
            )
        )

    async def start(self, listening: socket.socket) -> None:
        """Serve on `listening` from now on."""
        self.listening = listening
        self.config.load()
        self.lifespan = self.config.lifespan_class(self.config)
        await self.startup(sockets=[listening])

    async def stop(self) -> None:
        """Take no more, finish what is under way within about a second."""
        await self.shutdown(sockets=[self.listening])

    def hang_up(self) -> None:
        """Close the port and break every connection, at once."""
        for server in self.servers:
            server.close()
        self.listening.close()
        for connection in list(self.server_state.connections):
            _break(connection.transport)

    def cut(self, client: Place, here: Place) -> None:
        """Break the connection between `client` and `here` without a word."""
        for connection in list(self.server_state.connections):
            if isinstance(connection, H11Protocol) and (connection.client, connection.server) == (client, here):
                connection.transport.abort()


def _break(transport: asyncio.BaseTransport) -> None:
    # Shut down before abort(), which waits for the loop: whoever looks at the connection next sees its end.
    with suppress(OSError):
        transport.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
    if isinstance(transport, asyncio.Transport):
        transport.abort()
