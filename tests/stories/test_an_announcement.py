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
    await hr.sees("Đã gửi xong “", since_start=True)
    await town.until(lambda: any("100 % (2/2)" in m.text for m in hr.messages), "the finished card")
    assert sum("(2/2)" in m.text or "(0/2)" in m.text for m in hr.messages) == 1
    await hr.taps("Ai đã đọc")
    await hr.sees("Đã đọc, đã hiểu: 1/2")


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
