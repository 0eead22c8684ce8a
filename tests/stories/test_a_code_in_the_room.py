import re

from bot.training import enrolments
from tests.courses.classes import make_course
from tests.stories.conftest import Town
from tests.talking import at

BEGINS = at("2026-12-07", "07:30")


def shown(text: str) -> str:
    found = re.search(r"([0-9]) ([0-9]) ([0-9]) ([0-9])", text)
    assert found, text
    return "".join(found.groups())


async def test_the_code_changes_in_its_own_message_and_lets_people_in(polled_town: Town) -> None:
    town = polled_town
    hr, lan = await town.person("Hạnh", hr=True), await town.person("Lan")
    minh = await town.person("Minh")
    async with town.store.transaction() as tx:
        course_id = await make_course(tx, town.clock.now(), title="Luật Đất đai")
        rows = await tx.fetch("select id from people where name in ('Lan', 'Minh')")
        for row in rows:
            await enrolments.add(tx, course_id, row["id"], "seat", 1, town.clock.now())
    town.clock.move_to(BEGINS)
    await town.opens()
    await hr.sends("/quanly")
    await hr.sees("Quản lý")
    await hr.taps("Lớp bồi dưỡng")
    await hr.taps("Luật Đất đai")
    await hr.taps("Điểm danh")
    await hr.taps("Buổi 1")
    card = await hr.sees("Trong danh sách: 2 người")
    await hr.taps("Hiện mã")
    board = await hr.sees("Mã điểm danh", "tự đổi mỗi phút")
    assert board.id == card.id
    code = shown(board.text)
    await town.until(lambda: any(m.photo for m in hr.messages), "the picture")
    await lan.sends(code)
    await lan.sees("Đã ghi nhận anh/chị có mặt")
    count = len(hr.messages)
    town.clock.move_to(BEGINS + 60)
    await town.until(lambda: "Đã có mặt: 1/2" in _text(hr, card.id), "the code of the next minute")
    assert (shown(_text(hr, card.id)) != code, len(hr.messages)) == (True, count)
    async with town.store.reading() as tx:
        session_id = await tx.fetchval("select id from sessions")
    await minh.starts(f"d{session_id}-{shown(_text(hr, card.id))}")
    await minh.sees("Đã ghi nhận anh/chị có mặt")
    rows = await town.stored("select source, state from attendance order by source")
    assert rows == [{"source": "code", "state": "present"}, {"source": "qr", "state": "present"}]


def _text(phone, message_id: int) -> str:
    return str(next(m.text for m in phone.messages if m.id == message_id))
