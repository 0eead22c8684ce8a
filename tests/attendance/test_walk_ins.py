from tests.attendance.rooms import BEGINS, ENDS, code_of, logged, recorded, room, state, teacher, wrong
from tests.courses.classes import state_of
from tests.talking import Office


async def test_somebody_without_a_seat_gets_one_while_there_is_a_place(office: Office) -> None:
    course_id, session_id, _ = await room(office, "Minh", capacity=2)
    lan = await office.person("Lan")
    office.clock.move_to(BEGINS)
    await lan.sends(await code_of(office, session_id))
    lan.sees("chưa có tên trong danh sách nhưng lớp còn chỗ", "có mặt lúc 07:30")
    presence = await recorded(office, session_id, lan)
    assert presence is not None
    assert (presence.walk_in, presence.state) == (True, "present")
    assert await state_of(office, lan, course_id) == ["seat"]
    await lan.sends(await code_of(office, session_id))
    lan.sees("đã được ghi nhận có mặt")


async def test_on_a_full_course_whoever_runs_it_decides_and_no_seat_too_many_is_given(office: Office) -> None:
    course_id, session_id, _ = await room(office, "Minh", capacity=1)
    lan, binh = await office.person("Lan"), await teacher(office, "Bình", course_id)
    office.clock.move_to(BEGINS)
    await lan.sends(await code_of(office, session_id))
    lan.sees("Mã đúng, nhưng anh/chị chưa có chỗ ở lớp này")
    assert await state(office, session_id, lan) is None
    await binh.taps_data(f"att:{course_id}")
    await binh.taps("Chờ quyết định (1)")
    await binh.taps("Lan")
    binh.sees("gửi đúng mã, nhưng lớp đã hết chỗ")
    await binh.taps("Cho dự")
    presence = await recorded(office, session_id, lan)
    assert presence is not None
    assert (presence.walk_in, presence.state, presence.tenths) == (True, "present", 40)
    assert await state_of(office, lan, course_id) == []
    await office.settle()
    assert lan.saw("Người phụ trách lớp đã đồng ý để anh/chị dự")


async def test_a_walk_in_who_is_turned_down_is_told_and_not_recorded(office: Office) -> None:
    course_id, session_id, _ = await room(office, "Minh", capacity=1)
    lan, binh = await office.person("Lan"), await teacher(office, "Bình", course_id)
    office.clock.move_to(BEGINS)
    await lan.sends(await code_of(office, session_id))
    await binh.taps_data(f"att_dec:{course_id}")
    await binh.taps("Lan")
    await binh.taps("Không cho dự")
    await office.settle()
    assert lan.saw("không xếp được anh/chị vào lớp này")
    assert await state(office, session_id, lan) is None


async def test_somebody_the_course_is_not_for_waits_for_a_decision(office: Office) -> None:
    course_id, session_id, _ = await room(office, "Minh", audience="CB")
    lan = await office.person("Lan", audience="VC")
    office.clock.move_to(BEGINS)
    await lan.sends(await code_of(office, session_id))
    lan.sees("chưa có chỗ ở lớp này")
    assert await state_of(office, lan, course_id) == []


async def test_a_request_that_waits_for_its_head_is_not_decided_by_walking_in(office: Office) -> None:
    course_id, session_id, _ = await room(office, "Minh")
    await office.person("Long", head=True)
    lan = await office.person("Lan")
    await lan.taps_data(f"enrol:{course_id}")
    office.clock.move_to(BEGINS)
    await lan.sends(await code_of(office, session_id))
    lan.sees("chưa có chỗ ở lớp này")
    assert await state_of(office, lan, course_id) == ["head"]


async def test_a_wrong_code_of_somebody_without_a_seat_tells_nothing_and_is_counted(office: Office) -> None:
    _, session_id, _ = await room(office, "Minh")
    lan = await office.person("Lan")
    office.clock.move_to(BEGINS)
    for _ in range(7):
        office.clock.move_by(61)
        await lan.sends(wrong(await code_of(office, session_id)))
    await lan.sends(await code_of(office, session_id))
    lan.sees("sai quá nhiều lần")
    lan.sees_no("Luật Đất đai")
    assert await state(office, session_id, lan) is None


async def test_the_clerk_adds_by_code_or_whole_name_only(office: Office) -> None:
    course_id, session_id, _ = await room(office, "Minh")
    lan, binh = await office.person("Trần Thị Lan", code="CB07"), await teacher(office, "Bình", course_id)
    office.clock.move_to(BEGINS)
    await binh.taps_data(f"att_s:{session_id}")
    await binh.taps("Thêm người")
    await binh.sends("Lan")
    binh.sees("Không có ai có mã hoặc đủ họ tên là “Lan”")
    await binh.taps("Gõ lại")
    await binh.sends("tran thi lan")
    await binh.taps("Trần Thị Lan")
    binh.sees("Đang ghi: có mặt", "Trần Thị Lan")
    assert await state_of(office, lan, course_id) == ["seat"]
    told = await logged(office, "attendance.walk_in")
    assert [subject for subject, _, _ in told] == [f"course:{course_id}"]
    await binh.taps_data(f"att_list:{session_id}")
    binh.sees("Trần Thị Lan (Xã Trí Phải): có mặt, ngoài danh sách")


async def test_the_clerk_is_asked_before_somebody_comes_onto_a_full_course(office: Office) -> None:
    course_id, session_id, _ = await room(office, "Minh", capacity=1)
    lan, binh = await office.person("Lan", code="CB07"), await teacher(office, "Bình", course_id)
    office.clock.move_to(BEGINS)
    await binh.taps_data(f"att_add:{session_id}")
    await binh.sends("cb07")
    await binh.taps("Lan")
    binh.sees("chưa xếp chỗ ngay được: lớp đã hết chỗ")
    assert await state(office, session_id, lan) is None
    await binh.taps("Vẫn cho dự")
    assert (await state(office, session_id, lan), await state_of(office, lan, course_id)) == ("present", [])


async def test_somebody_who_was_not_looked_for_cannot_be_added_by_a_forged_button(office: Office) -> None:
    course_id, session_id, _ = await room(office, "Minh")
    lan, binh = await office.person("Lan"), await teacher(office, "Bình", course_id)
    office.clock.move_to(BEGINS)
    await binh.taps_data(f"att_in:{session_id}:{lan.person_id}:1")
    binh.sees_no("Lan")
    assert await state(office, session_id, lan) is None


async def test_somebody_with_a_seat_who_is_added_is_no_walk_in(office: Office) -> None:
    course_id, session_id, (lan,) = await room(office, "Lan")
    binh = await teacher(office, "Bình", course_id)
    office.clock.move_to(ENDS + 600)
    await binh.taps_data(f"att_add:{session_id}")
    await binh.sends("XLan")
    await binh.taps("Lan")
    presence = await recorded(office, session_id, lan)
    assert presence is not None
    assert (presence.walk_in, presence.state) == (False, "present")


async def test_two_walk_ins_do_not_share_the_last_place(office: Office) -> None:
    course_id, session_id, _ = await room(office, "Minh", capacity=2)
    one, two = await office.person("Lan"), await office.person("Nga")
    office.clock.move_to(BEGINS)
    for chat in (one, two):
        await chat.sends(await code_of(office, session_id))
    assert (await state_of(office, one, course_id), await state_of(office, two, course_id)) == (["seat"], [])


async def test_a_question_about_another_class_cannot_be_decided_through_ones_own(office: Office) -> None:
    own, own_session, _ = await room(office, "Minh")
    _, session_id, _ = await room(office, "Nga", title="Lớp khác", capacity=1)
    lan, binh = await office.person("Lan"), await teacher(office, "Bình", own)
    office.clock.move_to(BEGINS)
    await lan.sends(await code_of(office, session_id))
    async with office.store.reading() as tx:
        number = await tx.fetchval("select id from attendance_decisions")
    for session in (own_session, session_id):
        await binh.taps_data(f"att_d:{session}:{number}")
        await binh.taps_data(f"att_d_set:{session}:{number}:1")
        binh.sees_no("Lan")
    assert await state(office, session_id, lan) is None
    assert len(await logged(office, "refused")) == 4


async def test_walking_in_gives_no_seat_beyond_the_quota_of_the_unit(office: Office) -> None:
    course_id, session_id, _ = await room(office, "Lan", capacity=5)
    an, ba = await office.person("An", unit="Xã A"), await office.person("Ba", unit="Xã A")
    async with office.store.transaction() as tx:
        unit_id = await tx.fetchval("select unit_id from people where id = $1", an.person_id)
        await tx.execute("insert into course_quotas values ($1, $2, 1)", course_id, unit_id)
    office.clock.move_to(BEGINS)
    await an.sends(await code_of(office, session_id))
    an.sees("có mặt")
    await ba.sends(await code_of(office, session_id))
    assert (await state_of(office, an, course_id), await state_of(office, ba, course_id)) == (["seat"], [])
