"""The Bot API's wire: one HTTP request in, Telegram's answer out, ordered troubles included. Methods are elsewhere."""

import asyncio
import json
import re
from inspect import isawaitable
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.faults import Fault, Kind
from bot.sandbox.methods import METHODS
from bot.sandbox.parameters import read_parameters
from bot.sandbox.refusals import BAD_GATEWAY, NO_SUCH_METHOD, NOT_FOUND, UNAUTHORIZED, Cut, Refusal, too_many_requests
from bot.sandbox.world import World

_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")


def routes() -> list[Route]:
    """Give the routes of the Bot API and of its file downloads."""
    return [
        Route("/bot{token}/{method}", call, methods=["GET", "POST"]),
        Route("/file/bot{token}/{path:path}", download),
    ]


async def call(request: Request) -> Response:
    """Carry out one Bot API call, with whatever trouble was ordered for it."""
    world: World = request.app.state.world
    try:
        if world.offline or world.closing:
            raise Cut
        _check_token(world, request.path_params["token"])
        result = await _carry_out(world, request)
    except Refusal as refusal:
        return _refused(refusal)
    except Cut:
        return await _cut(request)
    return _json({"ok": True, "result": result})


async def _carry_out(world: World, request: Request) -> Any:
    name = request.path_params["method"].lower()
    method = METHODS.get(name)
    if method is None:
        raise Refusal(*NO_SUCH_METHOD)
    sent = await read_parameters(request)
    world.calls[name] += 1
    if world.latency:
        await asyncio.sleep(world.latency)
    fault = world.faults.take(name, sent.chat_id)
    if fault:
        await _before(fault)
    result = method(world, sent)
    if isawaitable(result):
        result = await result
    if fault and fault.kind is Kind.CUT_AFTER:
        raise Cut
    return result


async def _before(fault: Fault) -> None:
    if fault.kind is Kind.DELAY:
        await asyncio.sleep(fault.seconds)
    elif fault.kind is Kind.FLOOD:
        raise too_many_requests(int(fault.seconds))
    elif fault.kind is Kind.BAD_GATEWAY:
        raise Refusal(*BAD_GATEWAY)
    elif fault.kind is Kind.CUT_BEFORE:
        raise Cut


async def download(request: Request) -> Response:
    """Give the bytes of a file under the path that getFile told."""
    world: World = request.app.state.world
    try:
        if world.offline or world.closing:
            raise Cut
        _check_token(world, request.path_params["token"])
    except Refusal as refusal:
        return _refused(refusal)
    except Cut:
        return await _cut(request)
    file = world.files.at(request.path_params["path"])
    if file is None:
        return _refused(Refusal(*NOT_FOUND))
    name = quote(file.name)
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(file.content, media_type=file.mime, headers=headers)


def _check_token(world: World, token: str) -> None:
    if not _TOKEN.fullmatch(token):
        raise Refusal(*NOT_FOUND)
    if token != world.token:
        raise Refusal(*UNAUTHORIZED)


def _json(body: dict[str, Any], status: int = 200) -> Response:
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return Response(content, status, media_type="application/json")


def _refused(refusal: Refusal) -> Response:
    body: dict[str, Any] = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.parameters:
        body["parameters"] = refusal.parameters
    return _json(body, refusal.code)


class _Silence(Response):
    """No answer at all: the connection is already gone."""

    async def __call__(self, *_: Any) -> None:
        return None


async def _cut(request: Request) -> Response:
    cut = request.app.state.cut
    if cut is None:
        raise ConnectionResetError("the sandbox cuts this connection")
    cut(request.scope["client"], request.scope["server"])
    while (await request.receive())["type"] != "http.disconnect":
        continue
    return _Silence()
