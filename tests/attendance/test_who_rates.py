from bot.training import who_not
from tests.attendance.rooms import BEGINS, ENDS, code_of, room
from tests.talking import Office


def invited(chat) -> int:
    return sum(kind == "rate_invite" for _, kind, _ in chat.pushed)


async def test_only_those_who_came_are_asked_to_rate_once_attendance_is_recorded(office: Office) -> None:
    course_id, session_id, (lan, minh) = await room(office, "Lan", "Minh")
    office.clock.move_to(BEGINS)
    await lan.sends(await code_of(office, session_id))
    await office.time_passes(ENDS + 3600)
    assert (invited(lan), invited(minh)) == (1, 0)
    await lan.sends("/danhgia")
    lan.sees("Luật Đất đai")
    await minh.sends("/danhgia")
    minh.sees_no("Luật Đất đai")
    await minh.taps_data(f"rate_course:{course_id}")
    minh.sees("không dự buổi nào của lớp này")


async def test_everybody_with_a_seat_rates_a_course_without_attendance(office: Office) -> None:
    _, _, chats = await room(office, "Lan", "Minh")
    await office.time_passes(ENDS + 3600)
    assert [invited(chat) for chat in chats] == [1, 1]


async def test_one_session_of_several_is_enough(office: Office) -> None:
    days = (("2026-12-07", "07:30", "11:30"), ("2026-12-08", "07:30", "11:30"))
    course_id, session_id, (lan, minh) = await room(office, "Lan", "Minh", sessions_at=days)
    hr = await office.person("Hạnh", hr=True)
    office.clock.move_to(ENDS)
    await hr.taps_data(f"att_set:{session_id}:{lan.person_id}:half")
    await hr.taps_data(f"att_set:{session_id}:{minh.person_id}:absent")
    await office.time_passes(ENDS + 86_400 + 3600)
    assert (invited(lan), invited(minh)) == (1, 0)
    assert course_id


async def test_an_excuse_told_ahead_is_no_attendance(office: Office) -> None:
    _, session_id, (lan, minh) = await room(office, "Lan", "Minh")
    hr = await office.person("Hạnh", hr=True)
    await hr.taps_data(f"att_set:{session_id}:{lan.person_id}:excused")
    await hr.sends("Nghỉ phép")
    await office.time_passes(ENDS + 3600)
    assert invited(minh) == 1


async def test_whoever_did_not_come_is_not_on_the_list_of_those_who_have_not_rated(office: Office) -> None:
    course_id, session_id, (lan, minh) = await room(office, "Lan", "Minh")
    hr = await office.person("Hạnh", hr=True)
    office.clock.move_to(BEGINS)
    await lan.sends(await code_of(office, session_id))
    office.clock.move_to(ENDS + 3600)
    async with office.store.reading() as tx:
        found = await who_not.listed(tx, "rate", course_id, hr.person_id, office.clock.now())
    assert (found.count, minh.person_id > 0) == (1, True)
