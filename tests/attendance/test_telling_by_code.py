import pytest

from bot.training import attendance_codes, sessions
from tests.attendance.rooms import BEGINS, DAY, ENDS, code_of, recorded, room, session_of, state, wrong
from tests.courses.classes import course, seated, state_of
from tests.talking import Office, at


async def test_a_person_in_the_room_sends_the_code_and_is_recorded_once(office: Office) -> None:
    _, session_id, (lan,) = await room(office, "Lan")
    office.clock.move_to(at(DAY, "07:32"))
    await lan.sends(await code_of(office, session_id))
    lan.sees("Đã ghi nhận anh/chị có mặt lúc 07:32", "Buổi 1, lớp Luật Đất đai")
    lan.sees_no("muộn")
    office.clock.move_by(600)
    await lan.sends(await code_of(office, session_id))
    lan.sees("đã được ghi nhận có mặt lúc 07:32 ngày 07/12/2026", "không cần gửi mã nữa")
    presence = await recorded(office, session_id, lan)
    assert presence is not None
    assert (presence.state, presence.tenths, presence.source, presence.at) == ("present", 40, "code", at(DAY, "07:32"))


async def test_the_servers_clock_tells_who_is_late(office: Office) -> None:
    _, session_id, (lan, minh) = await room(office, "Lan", "Minh")
    office.clock.move_to(BEGINS + 15 * 60)
    await lan.sends(await code_of(office, session_id))
    office.clock.move_by(1)
    await minh.sends(await code_of(office, session_id))
    minh.sees("Buổi học bắt đầu lúc 07:30, nên được ghi là đi muộn")
    assert (await state(office, session_id, lan), await state(office, session_id, minh)) == ("present", "late")


async def test_the_code_may_be_typed_as_it_is_shown_with_spaces(office: Office) -> None:
    _, session_id, (lan,) = await room(office, "Lan")
    office.clock.move_to(BEGINS)
    await lan.sends(" ".join(await code_of(office, session_id)))
    lan.sees("Đã ghi nhận anh/chị có mặt")


async def test_a_code_counts_in_its_minute_and_the_next_and_no_longer(office: Office) -> None:
    _, session_id, (lan, minh) = await room(office, "Lan", "Minh")
    office.clock.move_to(BEGINS)
    code = await code_of(office, session_id)
    office.clock.move_to(BEGINS + 119)
    await lan.sends(code)
    lan.sees("Đã ghi nhận anh/chị có mặt")
    office.clock.move_to(BEGINS + 120)
    await minh.sends(code)
    minh.sees("Mã này không đúng hoặc đã hết hạn")
    assert await state(office, session_id, minh) is None


async def test_a_code_sent_by_a_friend_for_tomorrows_session_does_not_count(office: Office) -> None:
    course_id = await course(
        office, title="Hai buổi", sessions_at=(("2026-12-07", "07:30", "11:30"), ("2026-12-08", "07:30", "11:30"))
    )
    lan = await office.person("Lan")
    await seated(office, lan, course_id)
    office.clock.move_to(at("2026-12-07", "19:00"))
    tomorrow = await session_of(office, course_id, 2)
    code = await code_of(office, tomorrow, later=at("2026-12-08", "07:30") - office.clock.now())
    await lan.sends(code)
    lan.sees("đã kết thúc lúc 11:30", "Buổi 1", "xin báo giảng viên")
    office.clock.move_to(at("2026-12-08", "06:59"))
    await lan.sends(code)
    lan.sees("Chưa đến giờ điểm danh", "Buổi 2", "Tôi nhận mã từ thứ Ba 08/12/2026, 07:00")
    assert await state(office, tomorrow, lan) is None


@pytest.mark.parametrize("moment", [BEGINS - 30 * 60 - 1, ENDS + 60])
async def test_outside_its_window_a_session_has_no_code(office: Office, moment: int) -> None:
    _, session_id, (lan,) = await room(office, "Lan")
    office.clock.move_to(moment)
    async with office.store.transaction() as tx:
        assert await attendance_codes.current(tx, await sessions.find(tx, session_id), moment) is None
    await lan.sends("1234")
    assert await state(office, session_id, lan) is None


async def test_wrong_codes_are_slowed_then_stopped_until_the_session_is_over(office: Office) -> None:
    _, session_id, (lan,) = await room(office, "Lan")
    office.clock.move_to(BEGINS)
    for _ in range(3):
        await lan.sends(wrong(await code_of(office, session_id)))
        lan.sees("Mã này không đúng hoặc đã hết hạn")
    await lan.sends(await code_of(office, session_id))
    lan.sees("sai vài lần", "chờ đến 07:31")
    for _ in range(2):
        office.clock.move_by(61)
        await lan.sends(wrong(await code_of(office, session_id)))
        lan.sees("Mã này không đúng hoặc đã hết hạn")
    office.clock.move_by(61)
    await lan.sends(wrong(await code_of(office, session_id)))
    lan.sees("sai quá nhiều lần", "hết buổi học (11:30)")
    office.clock.move_to(BEGINS + 3600)
    await lan.sends(await code_of(office, session_id))
    lan.sees("sai quá nhiều lần", "nhờ giảng viên")
    assert await state(office, session_id, lan) is None


async def test_whoever_was_stopped_is_let_in_by_a_tick(office: Office) -> None:
    _course_id, session_id, (lan,) = await room(office, "Lan")
    hr = await office.person("Hạnh", hr=True)
    office.clock.move_to(BEGINS)
    for _ in range(8):
        office.clock.move_by(61)
        await lan.sends(wrong(await code_of(office, session_id)))
    await hr.taps_data(f"att_set:{session_id}:{lan.person_id}:present")
    assert await state(office, session_id, lan) == "present"
    await lan.sends(await code_of(office, session_id))
    lan.sees("đã được ghi nhận có mặt")


async def test_the_answer_never_tells_that_a_code_belongs_to_another_session(office: Office) -> None:
    _, mine, (lan,) = await room(office, "Lan")
    _, other, _ = await room(office, "Minh", title="Lớp bên cạnh")
    office.clock.move_to(BEGINS)
    await lan.sends(await code_of(office, other))
    lan.sees("Mã này không đúng hoặc đã hết hạn")
    assert not lan.saw("Lớp bên cạnh")
    assert (await state(office, other, lan), await state(office, mine, lan)) == (None, None)


async def test_four_digits_search_when_no_class_is_near(office: Office) -> None:
    await course(office, title="Kế hoạch 2026")
    lan = await office.person("Lan")
    await lan.sends("2026")
    lan.sees("Kế hoạch 2026")


async def test_four_digits_of_somebody_without_a_seat_search_first(office: Office) -> None:
    await room(office, "Minh")
    await course(office, title="Kế hoạch 2026", sessions_at=(("2026-12-20", "07:30", "11:30"),))
    lan = await office.person("Lan")
    office.clock.move_to(BEGINS)
    await lan.sends("2026")
    lan.sees("Kế hoạch 2026")
    await lan.sends("7391")
    assert await state_of(office, lan, 1) == []


async def test_an_awaited_answer_of_four_digits_is_no_code(office: Office) -> None:
    course_id, session_id, _ = await room(office, "Minh")
    hr = await office.person("Hạnh", hr=True)
    await seated(office, hr, course_id)
    office.clock.move_to(BEGINS)
    await hr.taps_data(f"desk_capacity:{course_id}")
    await hr.sends(await code_of(office, session_id))
    assert await state(office, session_id, hr) is None


async def test_a_scanned_picture_does_the_same_as_the_code(office: Office) -> None:
    _, session_id, (lan, minh) = await room(office, "Lan", "Minh")
    office.clock.move_to(BEGINS)
    code = await code_of(office, session_id)
    await lan.sends(f"/start d{session_id}-{code}")
    lan.sees("Đã ghi nhận anh/chị có mặt")
    presence = await recorded(office, session_id, lan)
    assert presence is not None
    assert presence.source == "qr"
    office.clock.move_by(180)
    await minh.sends(f"/start d{session_id}-{code}")
    minh.sees("Mã này không đúng hoặc đã hết hạn")
    office.clock.move_to(ENDS + 86_400 * 3)
    await minh.sends(f"/start d{session_id}-{code}")
    minh.sees("không còn hiệu lực")


@pytest.mark.parametrize("words", ["d1", "d1-12345", "d-1234", "dx-1234", "d99999999999999999-1234"])
async def test_a_link_that_is_no_code_leads_home(office: Office, words: str) -> None:
    lan = await office.person("Lan")
    await lan.sends(f"/start {words}")
    lan.sees("Chào anh/chị Lan")


async def test_a_stranger_who_scans_is_told_how_to_link(office: Office) -> None:
    _, session_id, _ = await room(office, "Lan")
    office.clock.move_to(BEGINS)
    stranger = office.chat("Nobody")
    await stranger.sends(f"/start d{session_id}-{await code_of(office, session_id)}")
    stranger.sees("chưa gắn với ai")


async def test_a_cancelled_session_takes_no_code(office: Office) -> None:
    _, session_id, (lan,) = await room(office, "Lan")
    office.clock.move_to(BEGINS)
    code = await code_of(office, session_id)
    async with office.store.transaction() as tx:
        await tx.execute("update sessions set cancelled_at = 1 where id = $1", session_id)
    await lan.sends(code)
    assert await state(office, session_id, lan) is None
