import re
import struct

from bot.chat.events import Choice
from bot.training import agency
from tests.attendance.rooms import BEGINS, ENDS, code_of, room, school, state, teacher
from tests.talking import Chat, Office


def digits(text: str) -> str:
    """The code that a message shows."""
    found = re.search(r"[0-9] [0-9] [0-9] [0-9]", text)
    assert found, text
    return found[0].replace(" ", "")


async def taps_message(chat: Chat, data: str, ref: int) -> None:
    """Tap a button of a message that the messenger can edit: the answer stands in its place."""
    rendered = await chat.office.take(chat.address, Choice(data, str(ref)))
    assert rendered is not None
    chat.arrived[ref] = rendered


async def shows(office: Office, chat: Chat, session_id: int) -> int:
    """Open the session and show its code; gives the place of the message."""
    await chat.taps_data(f"att_s:{session_id}")
    place = len(chat.arrived) - 1
    await taps_message(chat, f"att_code:{session_id}", place)
    return place


async def test_the_lecturers_phone_shows_the_code_the_minute_and_how_many_are_there(office: Office) -> None:
    course_id, _session_id, (lan, _) = await room(office, "Lan", "Minh")
    binh = await teacher(office, "Bình", course_id)
    office.clock.move_to(BEGINS)
    await binh.sends("/start")
    await binh.taps("Điểm danh")
    await binh.taps("07/12/2026 · Luật Đất đai")
    await binh.taps("Hiện mã")
    binh.sees("Có hiệu lực đến 07:32", "Đã có mặt: 0/2", "[Mã mới]")
    await lan.sends(digits(binh.last))
    lan.sees("Đã ghi nhận anh/chị có mặt")
    await binh.taps("Mã mới")
    binh.sees("Đã có mặt: 1/2")


async def test_the_picture_carries_the_link_and_comes_once_a_minute(office: Office) -> None:
    _course_id, session_id, (_lan,) = await room(office, "Lan")
    hr = await office.person("Hạnh", hr=True)
    async with office.store.transaction() as tx:
        await agency.keep(tx, "link_telegram", "https://t.me/boiduong_bot?start=")
    office.clock.move_to(BEGINS)
    await hr.taps_data(f"att_code:{session_id}")
    (picture,) = hr.arrived[-1].attachments
    assert (picture.photo, picture.content[:8]) == (True, b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">I", picture.content[16:20])[0] > 300  # dots across: readable from the wall
    await hr.taps("Mã mới")
    assert hr.arrived[-1].attachments == []
    office.clock.move_by(60)
    await hr.taps("Mã mới")
    assert len(hr.arrived[-1].attachments) == 1


async def test_the_code_changes_by_itself_in_its_own_message_for_half_an_hour(office: Office) -> None:
    course_id, session_id, (_lan,) = await room(office, "Lan")
    binh = await teacher(office, "Bình", course_id)
    office.clock.move_to(BEGINS)
    place = await shows(office, binh, session_id)
    binh.sees("Mã tự đổi mỗi phút đến 08:00")
    count, seen = len(binh.arrived), set()
    for _ in range(29):
        office.clock.move_by(60)
        await office.settle()
        code = digits(binh.arrived[place].text)
        assert code == await code_of(office, session_id)
        seen.add(code)
    assert (len(binh.arrived), len(seen) > 25) == (count, True)
    office.clock.move_by(60)
    await office.settle()
    assert "Mã thôi tự đổi" in binh.arrived[place].text
    told = len(binh.pushed)
    office.clock.move_by(600)
    await office.settle()
    assert (len(binh.pushed), len(binh.arrived)) == (told, count)


async def test_the_edits_of_a_code_leave_no_thirty_rows_behind(office: Office) -> None:
    course_id, session_id, _ = await room(office, "Lan")
    binh = await teacher(office, "Bình", course_id)
    office.clock.move_to(BEGINS)
    place = await shows(office, binh, session_id)
    for _ in range(5):
        office.clock.move_by(60)
        await office.settle()
    await taps_message(binh, f"att_s:{session_id}", place)
    async with office.store.reading() as tx:
        assert await tx.fetchval("select count(*) from outbox where kind = 'attendance_code'") == 0
        assert await tx.fetchval("select count(*) from attendance_boards") == 0


async def test_whoever_goes_back_keeps_what_they_went_back_to(office: Office) -> None:
    course_id, session_id, _ = await room(office, "Lan")
    binh = await teacher(office, "Bình", course_id)
    office.clock.move_to(BEGINS)
    place = await shows(office, binh, session_id)
    await taps_message(binh, f"att_s:{session_id}", place)
    before = binh.arrived[place].text
    office.clock.move_by(120)
    await office.settle()
    assert binh.arrived[place].text == before


async def test_where_messages_cannot_be_edited_nothing_is_sent_each_minute(office: Office) -> None:
    course_id, session_id, _ = await room(office, "Lan")
    binh = await teacher(office, "Bình", course_id)
    office.clock.move_to(BEGINS)
    await binh.taps_data(f"att_code:{session_id}")
    binh.sees("Bấm Mã mới mỗi phút")
    count = len(binh.arrived)
    await office.time_passes(BEGINS + 1200, step=60)
    assert len(binh.arrived) == count


async def test_a_code_that_stays_on_show_ends_with_its_session(office: Office) -> None:
    course_id, session_id, _ = await room(office, "Lan")
    binh = await teacher(office, "Bình", course_id)
    office.clock.move_to(ENDS - 120)
    place = await shows(office, binh, session_id)
    office.clock.move_to(ENDS + 30)
    await office.settle()
    assert "Mã thôi tự đổi" in binh.arrived[place].text
    assert "Mã mới" not in str(binh.arrived[place].rows)


async def test_a_code_is_shown_only_while_it_counts(office: Office) -> None:
    _course_id, session_id, _ = await room(office, "Lan")
    hr = await office.person("Hạnh", hr=True)
    await hr.taps_data(f"att_s:{session_id}")
    hr.sees_no("Hiện mã")
    await hr.taps_data(f"att_code:{session_id}")
    hr.sees("chỉ điểm danh được từ thứ Hai 07/12/2026, 07:00")
    office.clock.move_to(ENDS + 1)
    await hr.taps_data(f"att_code:{session_id}")
    hr.sees("Sau buổi học, mời anh/chị ghi từng người")


async def test_the_code_is_not_shown_to_whom_the_class_does_not_belong(office: Office) -> None:
    course_id, session_id, (lan,) = await room(office, "Lan")
    other, _, _ = await room(office, "Minh", title="Lớp khác")
    strangers = [await teacher(office, "Bình", other), await school(office, "Giang", other), lan]
    own = await school(office, "Sơn", course_id)
    office.clock.move_to(BEGINS)
    for stranger in strangers:
        await stranger.taps_data(f"att_code:{session_id}")
        assert not re.search(r"[0-9] [0-9] [0-9] [0-9]", stranger.last), stranger.last
    await own.taps_data(f"att_code:{session_id}")
    own.sees("Mã điểm danh")
    assert await state(office, session_id, lan) is None


async def test_a_code_on_show_goes_when_its_lecturer_teaches_no_more(office: Office) -> None:
    course_id, session_id, _ = await room(office, "Lan")
    binh = await teacher(office, "Bình", course_id)
    office.clock.move_to(BEGINS)
    place = await shows(office, binh, session_id)
    async with office.store.transaction() as tx:
        await tx.execute("delete from course_lecturers")
    before = binh.arrived[place].text
    office.clock.move_by(60)
    await office.settle()
    assert binh.arrived[place].text == before


async def test_a_code_on_show_goes_on_while_its_lecturer_looks_at_the_roll_elsewhere(office: Office) -> None:
    course_id, session_id, _ = await room(office, "Lan")
    binh = await teacher(office, "Bình", course_id)
    office.clock.move_to(BEGINS)
    place = await shows(office, binh, session_id)
    await binh.taps_data(f"att_list:{session_id}")
    other = len(binh.arrived) - 1
    await taps_message(binh, f"att_s:{session_id}", other)
    office.clock.move_by(60)
    await office.settle()
    assert digits(binh.arrived[place].text) == await code_of(office, session_id)
    assert "Trong danh sách" in binh.arrived[other].text
