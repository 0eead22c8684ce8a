import json

from tests.attendance.rooms import BEGINS, DAY, ENDS, code_of, logged, room, state, teacher
from tests.courses.classes import course, seated
from tests.talking import Office, at

TOLD = at(DAY, "13:30")  # two hours after the end


def kinds(chat, kind: str) -> list[int]:
    return [when for when, one, _ in chat.pushed if one == kind]


async def test_who_did_not_come_is_absent_two_hours_after_and_those_concerned_are_told(office: Office) -> None:
    _, session_id, (lan, minh) = await room(office, "Lan", "Minh")
    hr, head = await office.person("Hạnh", hr=True, unit="Phòng Nội vụ"), await office.person("Long", head=True)
    office.clock.move_to(BEGINS)
    await lan.sends(await code_of(office, session_id))
    await office.time_passes(TOLD - 900)
    assert await state(office, session_id, minh) is None
    await office.time_passes(TOLD + 900)
    assert (await state(office, session_id, lan), await state(office, session_id, minh)) == ("present", "absent")
    minh.sees("được ghi vắng", "[Báo lý do]")
    for reader in (hr, head):
        reader.sees("Có mặt 1; vắng 1", "[Xem tên]")
        reader.sees_no("Minh")
        assert len(kinds(reader, "absences")) == 1
    await head.taps("Xem tên")
    head.sees("1. Minh (Xã Trí Phải): vắng")
    assert not kinds(lan, "absence_own")
    await office.time_passes(at("2026-12-08", "09:00"))
    assert (len(kinds(hr, "absences")), len(kinds(minh, "absence_own"))) == (1, 1)
    (line,) = await logged(office, "attendance.absent")
    assert json.loads(line[2] or "") == {"people": 1}
    assert await logged(office, "attendance.absent_list")


async def test_a_head_reads_of_their_own_people_only(office: Office) -> None:
    course_id, session_id, (lan,) = await room(office, "Lan")
    far = await office.person("Xa", unit="Xã Biển Bạch")
    here = await office.person("Gần")
    for chat in (far, here):
        await seated(office, chat, course_id)
    head = await office.person("Long", head=True)
    other = await office.person("Sáu", head=True, unit="Xã Khánh An")
    office.clock.move_to(BEGINS)
    await lan.sends(await code_of(office, session_id))
    await office.time_passes(TOLD + 900)
    head.sees("vắng 1")
    await head.taps("Xem tên")
    head.sees("Gần")
    head.sees_no("Xa (")
    await other.taps_data(f"att_gone:{session_id}")
    other.sees_no("Gần")
    assert not kinds(other, "absences")


async def test_a_reason_that_is_accepted_excuses_and_one_that_is_not_does_not(office: Office) -> None:
    _course_id, session_id, (lan, minh, nga) = await room(office, "Lan", "Minh", "Nga")
    hr = await office.person("Hạnh", hr=True, unit="Phòng Nội vụ")
    office.clock.move_to(BEGINS)
    await lan.sends(await code_of(office, session_id))
    await office.time_passes(TOLD + 900)
    for chat, reason in ((minh, "Con ốm phải nhập viện"), (nga, "Quên mất")):
        await chat.taps("Báo lý do")
        await chat.sends(reason)
        chat.sees("Đã chuyển lý do")
    await office.settle()
    assert len(kinds(hr, "attendance_to_decide")) == 1
    hr.sees("có 2 việc chờ anh/chị quyết định, trong đó 2 lý do vắng")
    await hr.taps("Chờ quyết định")
    await hr.taps("Minh")
    hr.sees("Lý do vắng: Con ốm phải nhập viện", "Đang ghi: vắng")
    await hr.taps("Chấp nhận lý do")
    await hr.taps("Nga")
    await hr.taps("Không chấp nhận")
    await office.settle()
    assert (await state(office, session_id, minh), await state(office, session_id, nga)) == ("excused", "absent")
    assert minh.saw("đã được chấp nhận")
    assert nga.saw("không được chấp nhận")
    await minh.sends("/lich")
    await minh.taps("Điểm danh của tôi")
    minh.sees("vắng có lý do, 0 tiết – Con ốm phải nhập viện")


async def test_a_decision_is_made_once(office: Office) -> None:
    _, session_id, (lan, minh) = await room(office, "Lan", "Minh")
    hr = await office.person("Hạnh", hr=True)
    office.clock.move_to(BEGINS)
    await lan.sends(await code_of(office, session_id))
    await office.time_passes(TOLD + 900)
    await minh.taps("Báo lý do")
    await minh.sends("Con ốm")
    async with office.store.reading() as tx:
        number = await tx.fetchval("select id from attendance_decisions")
    await hr.taps_data(f"att_d_set:{session_id}:{number}:1")
    await hr.taps_data(f"att_d_set:{session_id}:{number}:0")
    assert await state(office, session_id, minh) == "excused"
    assert len(await logged(office, "attendance.decide")) == 1


async def test_nobody_decides_on_their_own_reason(office: Office) -> None:
    course_id, session_id, (lan,) = await room(office, "Lan")
    hr = await office.person("Hạnh", hr=True)
    await seated(office, hr, course_id)
    office.clock.move_to(BEGINS)
    await lan.sends(await code_of(office, session_id))
    await office.time_passes(TOLD + 900)
    await hr.taps_data(f"att_why:{session_id}")
    await hr.sends("Bận họp")
    async with office.store.reading() as tx:
        number = await tx.fetchval("select id from attendance_decisions")
    await hr.taps_data(f"att_d_set:{session_id}:{number}:1")
    assert await state(office, session_id, hr) == "absent"


async def test_whoever_was_there_has_no_reason_to_tell(office: Office) -> None:
    _, session_id, (lan,) = await room(office, "Lan")
    office.clock.move_to(BEGINS)
    await lan.sends(await code_of(office, session_id))
    await lan.taps_data(f"att_why:{session_id}")
    lan.sees("không cần báo lý do")


async def test_a_session_that_nobody_recorded_makes_nobody_absent_and_reminds_once(office: Office) -> None:
    course_id, session_id, (lan,) = await room(office, "Lan")
    hr, binh = await office.person("Hạnh", hr=True), await teacher(office, "Bình", course_id)
    await office.time_passes(at("2026-12-11", "18:00"))
    assert await state(office, session_id, lan) is None
    for chat in (hr, binh):
        assert kinds(chat, "attendance_missing") == [at("2026-12-08", "07:30")]
        assert chat.saw("Có 1 buổi học đã xong mà chưa điểm danh")
    assert not kinds(lan, "absence_own")


async def test_several_sessions_that_nobody_recorded_are_one_reminder_on_the_next_working_day(office: Office) -> None:
    for title in ("Lớp A", "Lớp B"):
        await course(office, title=title, sessions_at=(("2026-12-04", "13:30", "16:30"),))
    await course(office, title="Lớp C", sessions_at=(("2026-12-05", "07:30", "11:30"),))
    hr = await office.person("Hạnh", hr=True)
    await office.time_passes(at("2026-12-07", "09:00"))
    assert kinds(hr, "attendance_missing") == [at("2026-12-07", "07:30")]
    hr.sees("Lớp A", "Lớp B", "Lớp C")


async def test_a_session_recorded_the_day_after_still_tells_who_was_absent(office: Office) -> None:
    _, session_id, (lan, minh) = await room(office, "Lan", "Minh")
    hr = await office.person("Hạnh", hr=True)
    await office.time_passes(at("2026-12-08", "07:45"))
    await hr.taps_data(f"att_set:{session_id}:{lan.person_id}:present")
    await office.time_passes(at("2026-12-09", "18:00"))
    assert await state(office, session_id, minh) == "absent"
    assert len(kinds(minh, "absence_own")) == 1


async def test_a_sheet_ticked_later_puts_right_who_was_taken_for_absent(office: Office) -> None:
    _, session_id, (lan, minh) = await room(office, "Lan", "Minh")
    hr = await office.person("Hạnh", hr=True)
    office.clock.move_to(BEGINS)
    await lan.sends(await code_of(office, session_id))
    await office.time_passes(TOLD + 900)
    await hr.taps_data(f"att_set:{session_id}:{minh.person_id}:present")
    assert await state(office, session_id, minh) == "present"
    await minh.taps("Báo lý do")
    minh.sees("không cần báo lý do")


async def test_an_excuse_told_ahead_does_not_make_the_others_absent(office: Office) -> None:
    _, session_id, (lan, minh) = await room(office, "Lan", "Minh")
    hr = await office.person("Hạnh", hr=True)
    await hr.taps_data(f"att_set:{session_id}:{lan.person_id}:excused")
    await hr.sends("Nghỉ phép")
    await office.time_passes(TOLD + 900)
    assert await state(office, session_id, minh) is None


async def test_a_session_that_was_moved_or_cancelled_makes_nobody_absent(office: Office) -> None:
    course_id, session_id, (lan, minh) = await room(office, "Lan", "Minh")
    office.clock.move_to(BEGINS)
    await lan.sends(await code_of(office, session_id))
    async with office.store.transaction() as tx:
        await tx.execute("update sessions set cancelled_at = $1 where id = $2", BEGINS, session_id)
    await office.time_passes(TOLD + 3600)
    assert await state(office, session_id, minh) is None
    assert course_id


async def test_in_the_evening_nobody_is_written_to_before_the_next_morning(office: Office) -> None:
    course_id, session_id, (lan, minh) = await room(
        office, "Lan", "Minh", sessions_at=(("2026-12-07", "18:00", "21:00"),)
    )
    office.clock.move_to(at(DAY, "18:00"))
    await lan.sends(await code_of(office, session_id))
    await office.time_passes(at("2026-12-08", "09:00"))
    assert kinds(minh, "absence_own") == [at("2026-12-08", "07:30")]
    assert course_id


async def test_clerks_of_the_unit_that_owns_a_course_are_told_before_those_of_the_whole(office: Office) -> None:
    course_id, session_id, (lan, _minh) = await room(office, "Lan", "Minh")
    whole, clerk = await office.person("Hạnh", hr=True, unit="Sở Nội vụ"), await office.person("Hiền", unit="Xã X")
    async with office.store.transaction() as tx:
        unit = await tx.fetchval("select unit_id from people where id = $1", lan.person_id)
        await tx.execute("update courses set owner_unit_id = $1 where id = $2", unit, course_id)
        await tx.execute(
            "insert into rights (person_id, role, unit_id, granted_at) values ($1, 'hr', $2, 0)", clerk.person_id, unit
        )
    office.clock.move_to(BEGINS)
    await lan.sends(await code_of(office, session_id))
    await office.time_passes(TOLD + 900)
    assert (len(kinds(clerk, "absences")), len(kinds(whole, "absences"))) == (1, 0)
    assert ENDS < TOLD
