import asyncio

from tests.attendance.rooms import BEGINS, code_of, logged, recorded, room
from tests.courses.classes import state_of
from tests.talking import Office


async def test_a_whole_room_sends_the_code_at_once(office: Office) -> None:
    _, session_id, chats = await room(office, *(f"Học viên {n}" for n in range(40)), capacity=60)
    office.clock.move_to(BEGINS)
    code = await code_of(office, session_id)
    await asyncio.gather(*(chat.sends(code) for chat in chats))
    told = [await recorded(office, session_id, chat) for chat in chats]
    assert all(one is not None and one.state == "present" for one in told)
    assert all(chat.saw("Đã ghi nhận anh/chị có mặt") for chat in chats)


async def test_the_last_place_goes_to_one_of_two_who_walk_in_at_once(office: Office) -> None:
    course_id, session_id, _ = await room(office, "Minh", capacity=2)
    walkers = [await office.person(f"Khách {n}") for n in range(6)]
    office.clock.move_to(BEGINS)
    code = await code_of(office, session_id)
    await asyncio.gather(*(chat.sends(code) for chat in walkers))
    seats = [await state_of(office, chat, course_id) for chat in walkers]
    assert sorted(seats) == [[], [], [], [], [], ["seat"]]


async def test_a_code_and_a_tick_at_once_leave_one_record(office: Office) -> None:
    _, session_id, (lan,) = await room(office, "Lan")
    hr = await office.person("Hạnh", hr=True)
    office.clock.move_to(BEGINS)
    code = await code_of(office, session_id)
    await asyncio.gather(lan.sends(code), hr.taps_data(f"att_set:{session_id}:{lan.person_id}:absent"))
    there = await recorded(office, session_id, lan)
    assert there is not None
    async with office.store.reading() as tx:
        assert await tx.fetchval("select count(*) from attendance_decisions where decided_at is null") == 1
    assert len(await logged(office, "attendance.mark")) <= 1
