import asyncio
import json
import logging
from collections.abc import AsyncIterator, Sequence

import pytest

from bot.chat.events import Address, Choice, Command, Contact, File, Reach, Text, Unsupported
from bot.chat.screens import Attachment, Label, Rendered
from bot.clock import MovableClock
from bot.errors import SettingError, StoreUnavailable
from bot.inbox import Update
from bot.logs import RedactingFormatter
from bot.messengers.base import Flood, MaybeSent, NotSent, Rejected, Unreachable, requests
from bot.messengers.telegram import Telegram
from bot.sandbox.phones import Phone
from bot.sandbox.server import serve
from bot.sandbox.world import World


class Line:
    """A Telegram client, the sandbox it talks to, and Lan's phone."""

    def __init__(self, world: World, telegram: Telegram) -> None:
        self.world, self.telegram = world, telegram
        self.lan: Phone = world.phone("Lan", "0912345678", started=True)
        self.address = Address("telegram", str(self.lan.id))
        self.taken: asyncio.Queue[Update] = asyncio.Queue()

    async def keep(self, platform: str, updates: Sequence[Update]) -> None:
        for update in updates:
            self.taken.put_nowait(update)

    async def next(self):
        update = await asyncio.wait_for(self.taken.get(), 10)
        incoming = self.telegram.read(update.chat, update.payload)
        assert incoming is not None
        assert incoming.address == self.address
        return incoming


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    world = World(MovableClock())
    world.limits = False
    async with serve(world) as served:
        telegram = Telegram(world.token, served.url)
        await telegram.start()
        try:
            yield Line(world, telegram)
        finally:
            await telegram.stop()


HELLO = Rendered("Xin chào", [[Label("Đăng ký", choice="enrol:1"), Label("Trang", url="https://example.gov.vn")]])


async def test_a_screen_is_sent_with_its_buttons_and_files(line: Line) -> None:
    await line.telegram.send(
        line.address, Rendered("<b>Chào</b> &lt;Luật&gt;", HELLO.rows, [Attachment("Lịch.ics", b"x")])
    )
    await line.lan.sees("Chào <Luật>", since_start=True)
    assert line.lan.buttons == ["Đăng ký", "Trang"]
    assert await line.lan.gets_file("Lịch.ics", since_start=True) == b"x"


async def test_a_button_may_hint_by_its_colour(line: Line) -> None:
    await line.telegram.send(line.address, Rendered("x", [[Label("Duyệt", "a", tone="go"), Label("Thôi", "b")]]))
    ((go, plain),) = line.lan.last.markup["inline_keyboard"]
    assert (go.get("style"), plain.get("style")) == ("success", None)


async def test_a_tapped_message_is_edited_in_place(line: Line) -> None:
    ref = await line.telegram.send(line.address, HELLO)
    assert await line.telegram.send(line.address, Rendered("Đã đăng ký"), replace=ref) == ref
    assert [m.text for m in line.lan.messages] == ["Đã đăng ký"]


async def test_an_edit_that_changes_nothing_is_a_success(line: Line) -> None:
    ref = await line.telegram.send(line.address, HELLO)
    assert await line.telegram.send(line.address, HELLO, replace=ref) == ref


async def test_a_message_that_is_gone_is_sent_anew(line: Line) -> None:
    ref = await line.telegram.send(line.address, HELLO)
    line.lan.chat.messages[int(ref or 0)].deleted = True
    new = await line.telegram.send(line.address, Rendered("Mới"), replace=ref)
    assert new != ref
    await line.lan.sees("Mới", since_start=True)


async def test_five_hundred_names_arrive_in_several_messages_with_the_buttons_last(line: Line) -> None:
    names = "\n".join(f"{n}. Nguyễn Thị Hồng Nhung" for n in range(500))
    await line.telegram.send(line.address, Rendered(names, HELLO.rows))
    shown = [m for m in line.lan.messages if m.from_bot]
    assert [m.text.split("\n")[0] for m in shown] == [f"{n}/{len(shown)}" for n in range(1, len(shown) + 1)]
    assert "\n".join(m.text.partition("\n")[2] for m in shown) == names
    assert [bool(m.buttons) for m in shown] == [False] * (len(shown) - 1) + [True]


async def test_a_blocked_chat_is_unreachable(line: Line) -> None:
    line.lan.blocks()
    with pytest.raises(Unreachable):
        await line.telegram.send(line.address, HELLO)


async def test_a_chat_that_never_was_is_unreachable(line: Line) -> None:
    with pytest.raises(Unreachable):
        await line.telegram.send(Address("telegram", "999"), HELLO)


async def test_a_flood_pause_tells_how_long(line: Line) -> None:
    line.world.faults.flood(7, method="sendMessage")
    with pytest.raises(Flood) as flood:
        await line.telegram.send(line.address, HELLO)
    assert flood.value.seconds == 7


async def test_a_connection_cut_after_acceptance_may_have_sent(line: Line) -> None:
    line.world.faults.cut_after(method="sendMessage")
    with pytest.raises(MaybeSent):
        await line.telegram.send(line.address, HELLO)


async def test_a_bad_gateway_may_have_sent(line: Line) -> None:
    line.world.faults.bad_gateway(method="sendMessage")
    with pytest.raises(MaybeSent):
        await line.telegram.send(line.address, HELLO)


async def test_a_telegram_that_cannot_be_reached_was_sent_nothing() -> None:
    telegram = Telegram("1:abcdefghijklmnopqrstuvwxyz", "http://127.0.0.1:1")
    with pytest.raises(NotSent):
        await telegram.send(Address("telegram", "1"), HELLO)
    await telegram.stop()


async def test_broken_markup_is_rejected_not_retried(line: Line) -> None:
    with pytest.raises(Rejected):
        await line.telegram.send(line.address, Rendered("<b>Chào"))


async def test_a_wrong_token_is_a_wrong_setting() -> None:
    world = World(MovableClock())
    async with serve(world) as served:
        telegram = Telegram("9:wrong-wrong-wrong-wrong", served.url)
        with pytest.raises(SettingError, match="BOT_TOKEN"):
            await telegram.start()
        await telegram.stop()


async def test_everything_a_person_can_do_is_understood(line: Line) -> None:
    polling = asyncio.create_task(line.telegram.receive(line.keep))
    await line.telegram.send(line.address, HELLO)
    await line.lan.sends("/start 12345678")
    assert (await line.next()).body == Command("start", "12345678")
    await line.lan.sends("Luật Đất đai")
    assert (await line.next()).body == Text("Luật Đất đai")
    tap = asyncio.create_task(line.lan.taps("Đăng ký"))
    incoming = await line.next()
    assert isinstance(incoming.body, Choice)
    assert incoming.body.data == "enrol:1"
    await line.telegram.acknowledge(incoming)
    await line.telegram.acknowledge(incoming)  # twice is no fault
    await tap
    await line.lan.shares_contact()
    assert isinstance((own := (await line.next()).body), Contact)
    assert own.own
    await line.lan.shares_contact(own=False, number="0999")
    assert isinstance((other := (await line.next()).body), Contact)
    assert not other.own
    await line.lan.uploads("ds.xlsx", b"content")
    file = (await line.next()).body
    assert isinstance(file, File)
    assert (file.name, file.size, await line.telegram.fetch(file)) == ("ds.xlsx", 7, b"content")
    for what in (line.lan.sends_voice, line.lan.sends_sticker):
        await what()
        assert isinstance((await line.next()).body, Unsupported)
    line.lan.blocks()
    assert (await line.next()).body == Reach(open=False)
    line.lan.unblocks()
    assert (await line.next()).body == Reach(open=True)
    polling.cancel()
    await asyncio.gather(polling, return_exceptions=True)


async def test_updates_that_could_not_be_written_are_asked_for_again(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.messengers.telegram.PAUSES", (0,))
    failures = iter([StoreUnavailable("locked"), StoreUnavailable("locked")])

    async def keep(platform: str, updates: Sequence[Update]) -> None:
        if updates and (error := next(failures, None)):
            raise error
        await line.keep(platform, updates)

    polling = asyncio.create_task(line.telegram.receive(keep))
    await line.lan.sends("một")
    assert (await line.next()).body == Text("một")
    await line.lan.sends("hai")
    assert (await line.next()).body == Text("hai")
    polling.cancel()
    await asyncio.gather(polling, return_exceptions=True)


async def test_a_contact_is_asked_for_with_a_keyboard_whose_words_can_be_tapped(line: Line) -> None:
    await line.telegram.send(line.address, Rendered("Mời liên kết", HELLO.rows, share_contact="Chia sẻ số điện thoại"))
    assert line.lan.keys == ["Chia sẻ số điện thoại", "Đăng ký"]
    await line.telegram.send(line.address, Rendered("Câu 1/3", HELLO.rows, no_more_sharing="Tôi đã nhận ra anh/chị."))
    assert line.lan.keys == []
    assert line.lan.buttons == ["Đăng ký", "Trang"]


async def test_the_menu_of_commands_is_set_for_one_chat(line: Line) -> None:
    await line.telegram.offer_commands(line.address, [("lop", "Lớp đang mở")])
    assert line.world.commands_in(line.lan.chat) == [{"command": "lop", "description": "Lớp đang mở"}]


async def test_no_log_line_carries_the_token(line: Line) -> None:
    formatter = RedactingFormatter([line.world.token])
    record = logging.LogRecord("x", logging.INFO, "", 0, "%r", (line.telegram._bot,), None)
    assert line.world.token not in formatter.format(record)
    line.world.faults.cut_after(method="sendMessage")
    try:
        await line.telegram.send(line.address, HELLO)
    except MaybeSent as error:
        record = logging.LogRecord("x", logging.INFO, "", 0, "x", (), (type(error), error, error.__traceback__))
        assert line.world.token not in formatter.format(record)
        assert "MaybeSent" in formatter.format(record)


async def test_a_file_that_goes_to_many_carries_the_text_and_is_uploaded_once(line: Line) -> None:
    mai = line.world.phone("Mai", started=True)
    message = Rendered("<b>Sơ đồ</b>", HELLO.rows, [Attachment("so-do.pdf", b"%PDF", key="k1")])
    await line.telegram.send(line.address, message)
    await line.telegram.send(Address("telegram", str(mai.id)), message)
    shown = [m for phone in (line.lan, mai) for m in phone.messages if m.from_bot]
    assert [(m.text, bool(m.buttons), m.file.content) for m in shown] == [("Sơ đồ", True, b"%PDF")] * 2
    assert shown[0].file.file_id == shown[1].file.file_id


async def test_a_text_too_long_for_a_caption_is_sent_beside_the_file(line: Line) -> None:
    message = Rendered("a" * 1025, HELLO.rows, [Attachment("so-do.pdf", b"%PDF", key="k1")])
    ref = await line.telegram.send(line.address, message)
    text, file = [m for m in line.lan.messages if m.from_bot]
    assert (text.text, bool(text.buttons), file.text) == ("a" * 1025, True, "")
    assert ref == str(text.id)


async def test_a_screen_tapped_under_a_file_comes_as_a_new_message(line: Line) -> None:
    ref = await line.telegram.send(line.address, Rendered("x", HELLO.rows, [Attachment("a.pdf", b"%PDF", key="k")]))
    assert await line.telegram.send(line.address, Rendered("Mới"), replace=ref) != ref
    await line.lan.sees("Mới", since_start=True)


async def test_once_a_part_has_gone_no_error_says_that_nothing_was_sent(line: Line) -> None:
    line.world.faults.flood(3, method="sendDocument")
    with pytest.raises(MaybeSent):
        await line.telegram.send(line.address, Rendered("Tệp đây", [], [Attachment("a.xlsx", b"x")]))


def test_each_request_of_a_message_counts_for_the_pace() -> None:
    picture = Attachment("a.jpg", b"x", photo=True, key="k")
    sizes = [Rendered("a"), Rendered("a" * 5000), Rendered("a", [], [picture]), Rendered("a" * 1025, [], [picture])]
    assert [requests(message, Telegram.caps) for message in sizes] == [1, 2, 1, 2]


async def test_formatting_and_photos_are_understood(line: Line) -> None:
    receiving = asyncio.create_task(line.telegram.receive(line.keep))
    await line.lan.sends_photo(b"\xff\xd8jpeg")
    photo = (await line.next()).body
    receiving.cancel()
    assert isinstance(photo, File)
    assert photo.photo
    raw = {
        "message": {
            "chat": {"type": "private"},
            "text": "Hạn <mai>",
            "entities": [{"type": "bold", "offset": 4, "length": 5}],
        }
    }
    incoming = line.telegram.read("1", json.dumps(raw))
    assert incoming is not None
    assert incoming.body == Text("Hạn <mai>", "Hạn <b>&lt;mai&gt;</b>")
