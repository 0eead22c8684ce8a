import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from bot.chat.events import Address, Choice, Command, File, Incoming, Text
from bot.chat.screens import Rendered, Screen
from bot.chat.turns import Turn
from bot.clock import FixedClock
from bot.delivery.pacer import Pacer
from bot.errors import StoreUnavailable
from bot.inbox import Update
from bot.intake import BACKLOG, Intake
from bot.messengers.base import Flood, MaybeSent, NotSent, SendError, Unreachable
from bot.store import Store
from tests.talking import Office


class FakeMessenger:
    """Reads what a test puts into the payload; keeps what is sent; fails as told."""

    platform = "telegram"

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str | None]] = []
        self.failures: list[SendError] = []
        self.acknowledged: list[str] = []

    def read(self, chat: str, payload: str) -> Incoming | None:
        kind, _, rest = payload.partition(" ")
        body = {
            "text": Text(rest),
            "tap": Choice(rest, "7"),
            "command": Command(rest),
            "big": File("r", "x.xlsx", 25 << 20),
        }
        return (
            Incoming(Address("telegram", chat), body[kind], tap_id="q" if kind == "tap" else None)
            if kind in body
            else None
        )

    async def acknowledge(self, incoming: Incoming) -> None:
        self.acknowledged.append(incoming.tap_id or "")

    async def send(self, to: Address, message: Rendered, replace: str | None = None) -> str:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append((to.id, message.text, replace))
        return "1"

    async def offer_commands(self, to: Address | None, commands: Sequence[tuple[str, str]]) -> None:
        return


class Desk:
    """Intake over a real store with a fake messenger and a router that notes what it is asked."""

    def __init__(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        self.office = office
        self.messenger = FakeMessenger()
        self.asked: list[tuple[str, str]] = []
        self.hold: dict[str, asyncio.Event] = {}
        monkeypatch.setattr(type(office.conversation.router), "dispatch", lambda _, *args: self.dispatch(*args))
        monkeypatch.setattr("bot.intake.PAUSES", (0,))
        self.intake = Intake(office.conversation, [self.messenger], Pacer())  # type: ignore[list-item]

    async def dispatch(self, turn: Turn, body: Text | Choice | Command, received: object = None) -> Screen:
        said = body.text if isinstance(body, Text) else body.data if isinstance(body, Choice) else body.name
        if said in self.hold:
            await self.hold[said].wait()
        self.asked.append((turn.address.id, said))
        if said == "broken":
            raise ZeroDivisionError
        return Screen("errors/no_such_number", count=len(self.asked))

    async def gets(self, *updates: tuple[str, str, str]) -> None:
        await self.intake.keep("telegram", [Update(*update) for update in updates])

    async def left(self) -> int:
        async with self.office.store.reading() as tx:
            return int(await tx.fetchval("select count(*) from inbox where done_at is null or reply is not null"))


@pytest.fixture
async def desk(office: Office, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    desk = Desk(office, monkeypatch)
    yield desk
    await desk.intake.drain(5)


async def test_the_same_update_delivered_twice_takes_effect_once(desk: Desk) -> None:
    await desk.gets(("1", "lan", "text a"), ("1", "lan", "text a"))
    await desk.gets(("1", "lan", "text a"))
    await desk.intake.drain(5)
    assert desk.asked == [("lan", "a")]
    assert len(desk.messenger.sent) == 1


async def test_a_chat_is_answered_in_order(desk: Desk) -> None:
    await desk.gets(*((str(n), "lan", f"text {n}") for n in range(20)))
    await desk.intake.drain(10)
    assert desk.asked == [("lan", str(n)) for n in range(20)]
    assert await desk.left() == 0


async def test_somebody_else_does_not_wait_behind_a_slow_chat(store: Store, desk: Desk) -> None:
    if store.engine == "sqlite":
        return  # one writer: there a turn never waits for anything but the writer
    desk.hold["slow"] = asyncio.Event()
    await desk.gets(("1", "lan", "text slow"), ("2", "lan", "text b"), ("3", "nam", "text c"))
    while not desk.asked:
        await asyncio.sleep(0)
    assert desk.asked == [("nam", "c")]
    desk.hold["slow"].set()
    await desk.intake.drain(5)
    assert desk.asked == [("nam", "c"), ("lan", "slow"), ("lan", "b")]


async def test_a_chat_that_sends_too_fast_is_told_once_and_keeps_no_one_busy(desk: Desk) -> None:
    await desk.gets(*((str(n), "lan", f"text {n}") for n in range(BACKLOG + 10)))
    await desk.intake.drain(20)
    assert len(desk.asked) == BACKLOG
    (told,) = [text for _, text, _ in desk.messenger.sent if "hơi nhanh" in text]
    assert "coming faster" in told
    assert await desk.left() == 0


async def test_a_bug_is_told_with_a_code_that_the_log_has_too(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    await desk.gets(("1", "lan", "text broken"))
    await desk.intake.drain(5)
    ((_, text, _),) = desk.messenger.sent
    code = text.partition("<code>")[2][:6]
    assert f"incident {code}" in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert "ZeroDivisionError" not in text
    assert await desk.left() == 0


async def test_a_tap_is_acknowledged_and_its_message_edited(desk: Desk) -> None:
    await desk.gets(("1", "lan", "tap course:1"))
    await desk.intake.drain(5)
    assert desk.messenger.acknowledged == ["q"]
    assert desk.messenger.sent[0][2] == "7"


@pytest.mark.parametrize("error", [Flood(0), NotSent("away"), MaybeSent("cut")])
async def test_a_reply_waits_out_a_messenger_that_is_away(desk: Desk, error: SendError) -> None:
    desk.messenger.failures = [error] * 3
    await desk.gets(("1", "lan", "text a"))
    await desk.intake.drain(5)
    assert len(desk.messenger.sent) == 1
    assert await desk.left() == 0


async def test_a_reply_to_someone_who_blocked_us_is_let_go(desk: Desk) -> None:
    desk.messenger.failures = [Unreachable("blocked")]
    await desk.gets(("1", "lan", "text a"))
    await desk.intake.drain(5)
    assert await desk.left() == 0


async def test_a_database_that_is_gone_for_a_while_loses_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    failures = [StoreUnavailable("locked")] * 4
    take = type(desk.office.conversation)._turn

    async def turn(self: object, *args: object) -> object:
        if failures:
            raise failures.pop()
        return await take(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(type(desk.office.conversation), "_turn", turn)
    await desk.gets(("1", "lan", "text a"))
    await desk.intake.drain(5)
    texts = [text for _, text, _ in desk.messenger.sent]
    assert len(texts) == 2
    assert "đang bận" in texts[0]
    assert desk.asked == [("lan", "a")]
    assert await desk.left() == 0


async def test_what_was_left_at_the_last_stop_is_taken_up_in_order(desk: Desk, clock: FixedClock) -> None:
    async with desk.office.store.transaction() as tx:
        from bot import inbox

        await inbox.keep(tx, "telegram", [Update("1", "lan", "text a"), Update("2", "lan", "text b")], clock.now())
        await inbox.done(tx, 1, clock.now(), Rendered("the answer to a").dump())
    assert await desk.intake.replay() == 2
    await desk.intake.drain(5)
    assert desk.asked == [("lan", "b")]
    assert desk.messenger.sent[0][1] == "the answer to a"
    assert await desk.left() == 0


async def test_a_file_of_25_mb_is_refused_before_it_is_fetched(desk: Desk) -> None:
    await desk.office.person("hr", hr=True)
    await desk.gets(("1", "hr", "big"))
    await desk.intake.drain(5)
    assert "25" in desk.messenger.sent[0][1]
    assert desk.asked == []


async def test_what_is_no_conversation_is_done_in_silence(desk: Desk) -> None:
    await desk.gets(("1", "lan", "channel_post"))
    await desk.intake.drain(5)
    assert (desk.messenger.sent, await desk.left()) == ([], 0)


async def test_what_was_said_is_not_kept(desk: Desk) -> None:
    await desk.gets(("1", "lan", "text my secret"))
    await desk.intake.drain(5)
    async with desk.office.store.reading() as tx:
        assert await tx.fetchval("select payload from inbox") == ""
