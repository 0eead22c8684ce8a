"""The phones page over HTTP: its files, its live events, what its buttons do. What it is told is in page_state.py."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.sandbox import actions
from bot.sandbox.chats import Chat
from bot.sandbox.files import UPLOAD_LIMIT, image_size
from bot.sandbox.page_state import changes
from bot.sandbox.world import World

_PAGE = Path(__file__).parent / "page"
_FILES = {path.name for path in _PAGE.iterdir()}
_HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-cache",
}
_HEARTBEAT_SECONDS = 2.0
_RETRY_MILLISECONDS = 500

Action = Callable[[Request, World, Chat], Awaitable[None]]


def routes() -> list[Route]:
    """Give the routes of the page."""
    acts: dict[str, Action] = {
        "text": _text,
        "tap": _tap,
        "file": _file,
        "contact": _contact,
        "voice": _voice,
        "sticker": _sticker,
        "block": _block,
    }
    return [
        Route("/", page_file),
        Route("/page/{name}", page_file),
        Route("/phones/events", events),
        Route("/phones/time", move_time, methods=["POST"]),
        Route("/phones/network", cut_network, methods=["POST"]),
        Route("/phones/{chat_id:int}/files/{message_id:int}", message_file),
        *(Route(f"/phones/{{chat_id:int}}/{name}", _acting(act), methods=["POST"]) for name, act in acts.items()),
    ]


async def page_file(request: Request) -> Response:
    """Give the page itself or one of its files."""
    name = request.path_params.get("name", "index.html")
    if name not in _FILES:
        raise HTTPException(404)
    return FileResponse(_PAGE / name, headers=_HEADERS)


async def events(request: Request) -> Response:
    """Stream what changes as server-sent events; a page that comes back goes on where it was cut off."""
    world: World = request.app.state.world
    session, _, tick = request.headers.get("last-event-id", "").partition(":")
    since = int(tick) if session == world.session and tick.isdigit() else 0
    return StreamingResponse(_stream(request, since), media_type="text/event-stream", headers=_HEADERS)


async def _stream(request: Request, since: int) -> AsyncIterator[str]:
    world: World = request.app.state.world
    yield f"retry: {_RETRY_MILLISECONDS}\n\n"
    while not world.closing:
        told = changes(world, since)
        told["next_due"] = await _next_due(request)
        told["has_next"] = request.app.state.next_due is not None
        since = told["tick"]
        yield f"id: {world.session}:{since}\ndata: {json.dumps(told, ensure_ascii=False)}\n\n"
        if world.tick == since:
            await world.page_bell.next_ring(_HEARTBEAT_SECONDS)


async def _next_due(request: Request) -> int | None:
    world: World = request.app.state.world
    ask = request.app.state.next_due
    return await ask(world.clock.now()) if ask else None


async def move_time(request: Request) -> Response:
    """Move the clock on by `seconds`, or to the next reminder when none are given."""
    world: World = request.app.state.world
    seconds = (await _sent(request)).get("seconds")
    if seconds is None:
        due = await _next_due(request)
        if due is None:
            raise HTTPException(409, "no reminder is waiting")
        world.clock.move_to(max(due, world.clock.now()))
    else:
        world.clock.move_by(max(0, int(seconds)))
    world.changed()
    return JSONResponse({"now": world.clock.now()})


async def cut_network(request: Request) -> Response:
    """Take Telegram away from the bot, or give it back."""
    world: World = request.app.state.world
    world.offline = bool((await _sent(request)).get("offline"))
    return JSONResponse({"offline": world.offline})


async def message_file(request: Request) -> Response:
    """Give the file of a message: a photo to be shown, anything else to be saved."""
    message = _chat(request).messages.get(request.path_params["message_id"])
    if message is None or message.deleted or message.file is None:
        raise HTTPException(404)
    file = message.file
    way = "inline" if message.photo else "attachment"
    headers = {**_HEADERS, "content-disposition": f"{way}; filename*=UTF-8''{quote(file.name)}"}
    return Response(file.content, media_type=file.mime, headers=headers)


def _acting(act: Action) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        _check_origin(request)
        await act(request, request.app.state.world, _chat(request))
        return JSONResponse({"ok": True})

    return endpoint


def _chat(request: Request) -> Chat:
    world: World = request.app.state.world
    chat = world.chats.get(request.path_params["chat_id"])
    if chat is None:
        raise HTTPException(404)
    return chat


def _check_origin(request: Request) -> None:
    """Let no other site that is open in the same browser press buttons here."""
    origin = request.headers.get("origin")
    if origin and urlsplit(origin).netloc != request.headers.get("host"):
        raise HTTPException(403)


async def _sent(request: Request) -> dict[str, Any]:
    _check_origin(request)
    try:
        sent = json.loads(await request.body())
    except ValueError:
        sent = None
    if not isinstance(sent, dict):
        raise HTTPException(400)
    return sent


async def _text(request: Request, world: World, chat: Chat) -> None:
    text = str((await _sent(request)).get("text", "")).strip()
    if text:
        actions.send_text(world, chat, text)


async def _tap(request: Request, world: World, chat: Chat) -> None:
    sent = await _sent(request)
    message = chat.messages.get(sent.get("message_id", 0))
    data = sent.get("data")
    if message is not None and isinstance(data, str):
        actions.tap(world, chat, message, data)


async def _file(request: Request, world: World, chat: Chat) -> None:
    async with request.form(max_part_size=UPLOAD_LIMIT) as form:
        upload, caption = form["file"], str(form.get("caption", ""))
        if isinstance(upload, str):
            raise HTTPException(400)
        content = await upload.read()
        name = upload.filename or "tep"
    if form.get("as") == "photo" and image_size(content):
        actions.send_photo(world, chat, content, caption)
    else:
        actions.send_document(world, chat, name, content, caption)


async def _contact(request: Request, world: World, chat: Chat) -> None:
    own = bool((await _sent(request)).get("own", True))
    actions.share_contact(world, chat, own=own)


async def _voice(_: Request, world: World, chat: Chat) -> None:
    actions.send_voice(world, chat)


async def _sticker(_: Request, world: World, chat: Chat) -> None:
    actions.send_sticker(world, chat)


async def _block(request: Request, world: World, chat: Chat) -> None:
    actions.set_blocked(world, chat, bool((await _sent(request)).get("blocked")))
