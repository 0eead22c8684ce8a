import pytest

from bot.sandbox.phones import Phone
from tests.stories.conftest import Town

TEXT = "Nộp bản kê khai trước 15/12."


async def previews(hr: Phone) -> None:
    await hr.sends("/quanly")
    await hr.taps("Thông báo")
    await hr.taps("Soạn thông báo")
    await hr.sends(TEXT)
    await hr.taps("Xác nhận đã đọc")
    await hr.taps("Chỉ cần nút")
    await hr.taps("Xong")
    await hr.uploads("mau-ke-khai.pdf", b"%PDF mau")
    await hr.sees("Kèm: mau-ke-khai.pdf")
    await hr.taps("Người nhận")
    await hr.taps("Mọi người")
    await hr.sees("mọi người – 2 người")
    await hr.taps("Xong")
    await hr.taps("Xem trước")
    await hr.sees("Gửi cho 2 người", since_start=True)


async def test_an_announcement_with_a_file_is_sent_confirmed_and_counted(town: Town) -> None:
    hr = await town.person("Hạnh", hr=True)
    lan = await town.person("Lan")
    await town.opens()
    await previews(hr)
    await hr.taps("Gửi")
    message = await lan.sees(TEXT, since_start=True)
    assert message.file.content == b"%PDF mau"
    await lan.taps("Đã đọc, đã hiểu")
    await lan.sees("Đã ghi nhận")
    await hr.sees("Đã gửi xong:", since_start=True)
    await town.until(lambda: any("100 % (2/2)" in m.text for m in hr.messages), "the finished card")
    assert sum("(2/2)" in m.text or "(0/2)" in m.text for m in hr.messages) == 1
    await hr.taps("Ai đã đọc")
    await hr.sees("Đã đọc, đã hiểu: 1/2")


async def test_an_announcement_longer_than_a_message_comes_in_numbered_parts_cut_between_paragraphs(town: Town) -> None:
    hr = await town.person("Hạnh", hr=True)
    lan = await town.person("Lan")
    await town.opens()
    await hr.sends("/quanly")
    await hr.taps("Thông báo")
    await hr.taps("Soạn thông báo")
    await hr.sends("A" * 3000 + "\n\n" + "B" * 1094)  # a phone cuts what is pasted after 4,096 characters
    await hr.sees("cắt làm đôi")
    await hr.sends("C" * 2000)
    await hr.taps("Người nhận")
    await hr.taps("Mọi người")
    await hr.taps("Xong")
    await hr.taps("Xem trước")
    await hr.sees("Gửi cho 2 người", since_start=True)
    await hr.taps("Gửi")
    await lan.sees("2/2", since_start=True)
    parts = [message for message in lan.messages if message.from_bot]
    assert [message.text for message in parts] == ["1/2\n" + "A" * 3000, "2/2\n" + "B" * 1094 + "\n\n" + "C" * 2000]
    assert [bool(message.buttons) for message in parts] == [False, True]


@pytest.mark.parametrize("point", ["freeze.before", "freeze.after", "send.after"])
async def test_a_crash_while_it_begins_leaves_nothing_half_done(polled_town: Town, point: str) -> None:
    town = polled_town
    hr = await town.person("Hạnh", hr=True)
    lan = await town.person("Lan")
    await town.opens()
    await previews(hr)
    await town.closes()
    await town.opens(crash_at=point)
    await hr.sends("Gửi")
    await town.dies()
    assert (await town.stored("select count(*) as n from broadcast_people"))[0]["n"] == (
        2 if point == "send.after" else 0
    )
    await town.opens()
    ended = "select count(*) = 2 as done from outbox where subject = 'broadcast:1' and state in ('sent', 'unknown')"
    town.clock.move_to(town.clock.now() + 300)
    await town.until_stored(ended)
    assert sum(TEXT in m.text and m.file is not None for m in lan.messages) <= 1
