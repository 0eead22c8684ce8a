import json
from collections.abc import Sequence

import httpx
import pytest

from bot.errors import StoreUnavailable
from bot.inbox import Update
from bot.messengers.webhook import PATH, SECRET_HEADER, build

UPDATE = {"update_id": 5, "message": {"message_id": 1, "chat": {"id": 7, "type": "private"}, "text": "chào"}}
SECRET = "the-secret-of-this-door"


async def knock(body: bytes, secret: str = SECRET, fails: bool = False) -> tuple[int, list[Update]]:
    taken: list[Update] = []

    async def keep(platform: str, updates: Sequence[Update]) -> None:
        if fails:
            raise StoreUnavailable("locked")
        taken.extend(updates)

    transport = httpx.ASGITransport(app=build(SECRET, keep))
    async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
        answer = await client.post(PATH, content=body, headers={SECRET_HEADER: secret.encode("latin-1")})
    return answer.status_code, taken


async def test_an_update_is_kept_before_it_is_acknowledged() -> None:
    status, (update,) = await knock(json.dumps(UPDATE).encode())
    assert (status, update.key, update.chat) == (200, "5", "7")


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + "x", "ệ".encode().decode("latin-1")])
async def test_nobody_else_may_knock(secret: str) -> None:
    assert await knock(json.dumps(UPDATE).encode(), secret) == (403, [])


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"{}", b'{"update_id": 1, "message": 3}'])
async def test_what_is_no_update_is_refused(body: bytes) -> None:
    assert await knock(body) == (400, [])


async def test_an_update_that_cannot_be_written_is_asked_for_again() -> None:
    assert await knock(json.dumps(UPDATE).encode(), fails=True) == (503, [])


async def test_a_huge_body_is_refused() -> None:
    assert await knock(b"x" * (2 << 20)) == (413, [])
