"""A database that is away just after an answer was sent, or while a refusal is written, leaves nothing for later."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot import inbox
from bot.chat.events import Address, File, Incoming, Text
from bot.chat.screens import Rendered
from bot.conversation import Conversation
from bot.delivery.pacer import Pacer
from bot.errors import StoreUnavailable
from bot.inbox import Update
from bot.intake import Intake
from bot.messengers.telegram import kept
from bot.store import Store
from tests.talking import Office


class Post:
    """Reads a text, or a file of 25 MB, and keeps what is sent."""

    platform = "telegram"

    def __init__(self) -> None:
        self.sent: list[str] = []

    def read(self, chat: str, payload: str) -> Incoming | None:
        bodies = {"text": Text("xin chào"), "big": File("r", "x.xlsx", 25 << 20)}
        return Incoming(Address("telegram", chat), bodies[payload]) if payload in bodies else None

    async def send(self, to: Address, message: Rendered, replace: str | None = None) -> str:
        self.sent.append(message.text)
        return "1"

    async def offer_commands(self, *_: Any) -> None:
        return


def away_once(call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    calls = []

    async def wrapped(*args: Any) -> Any:
        calls.append(args)
        if len(calls) == 1:
            raise StoreUnavailable("database is locked")
        return await call(*args)

    return wrapped


async def left_after(office: Office, payload: str) -> tuple[list[str], int]:
    post = Post()
    intake = Intake(office.conversation, [post], Pacer())  # type: ignore[list-item]
    await intake.keep("telegram", [Update("u1", "hr", payload)])
    await intake.drain(5)
    async with office.store.reading() as tx:
        left = await tx.fetchval("select count(*) from inbox where done_at is null or reply is not null")
    return post.sent, left


async def test_an_answer_that_was_sent_is_not_sent_again_at_the_next_start(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.intake.PAUSES", (0,))
    monkeypatch.setattr(inbox, "replied", away_once(inbox.replied))
    sent, left = await left_after(office, "text")
    assert (len(sent), left) == (1, 0)


async def test_what_no_conversation_is_about_is_done_with(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.intake.PAUSES", (0,))
    monkeypatch.setattr(inbox, "done", away_once(inbox.done))
    assert await left_after(office, "nothing") == ([], 0)


async def test_who_sends_a_file_that_is_too_large_is_told_so(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    await office.person("hr", hr=True)
    monkeypatch.setattr("bot.intake.PAUSES", (0,))
    monkeypatch.setattr(Conversation, "tell", away_once(Conversation.tell))
    sent, left = await left_after(office, "big")
    assert (len(sent), left) == (1, 0)
    assert "25 MB" in sent[0]


async def test_half_a_character_pair_does_not_come_again_for_ever(store: Store) -> None:
    update = kept({"update_id": 1, "message": {"chat": {"id": 5, "type": "private"}, "text": "a\ud83d"}})
    async with store.transaction() as tx:
        assert await inbox.keep(tx, "telegram", [update], 1)
