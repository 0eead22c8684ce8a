"""The door that Telegram knocks at when it is not polled. What comes in is kept, then acknowledged."""

import hmac
import json
import logging

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.errors import StoreUnavailable
from bot.messengers.base import Keep
from bot.messengers.telegram import PLATFORM, kept

log = logging.getLogger(__name__)

PATH = "/telegram"
LARGEST = 1 << 20  # bytes; Telegram's updates are far smaller
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (the header's name)


def build(secret: str, keep: Keep) -> Starlette:
    """Give the web application: `/telegram` for updates, `/health` for whoever watches the service."""

    async def take(request: Request) -> Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return PlainTextResponse("forbidden", 403)
        if int(request.headers.get("content-length") or 0) > LARGEST:
            return PlainTextResponse("too large", 413)
        try:
            update = kept(json.loads(await request.body()))
        except (ValueError, KeyError, TypeError, AttributeError):
            return PlainTextResponse("not an update", 400)
        try:
            await keep(PLATFORM, [update])
        except StoreUnavailable:
            return PlainTextResponse("try again", 503)  # Telegram repeats it
        return PlainTextResponse("ok")

    async def health(request: Request) -> Response:
        return PlainTextResponse("ok")

    return Starlette(routes=[Route(PATH, take, methods=["POST"]), Route("/health", health)])
