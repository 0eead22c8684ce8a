import json

import pytest

from bot.training import enrolments
from tests.attendance.rooms import BEGINS, DAY, ENDS, code_of, logged, recorded, room, school, state, teacher
from tests.talking import Office, at


async def test_a_clerk_finds_the_class_and_ticks_one_after_the_other(office: Office) -> None:
    course_id, _session_id, (_lan, _minh) = await room(office, "Lan", "Minh")
    hr = await office.person("Hạnh", hr=True)
    office.clock.move_to(ENDS)
    await hr.taps_data(f"desk_course:{course_id}")
    await hr.taps("Điểm danh")
    hr.sees("Số người có chỗ: 2", "Buổi 1", "chưa điểm danh")
    await hr.taps("Buổi 1 (07/12/2026)")
    hr.sees("Trong danh sách: 2 người", "Chưa ghi: 2")
    await hr.taps("Ghi từng người")
    await hr.taps("Lan")
    await hr.taps("Về sớm")
    hr.sees("Đang ghi: về sớm, 2 tiết", "ghi trên điện thoại")
    await hr.taps("Danh sách")
    await hr.taps("Minh")
    await hr.taps("Vắng có lý do")
    await hr.sends("Đi công tác tỉnh")
    hr.sees("Đang ghi: vắng có lý do, 0 tiết", "Lý do: Đi công tác tỉnh")
    await hr.taps_data(f"att:{course_id}")
    hr.sees("có mặt 1/2")
    assert len(await logged(office, "attendance.list")) == 2


async def test_every_change_is_kept_with_what_it_was_before(office: Office) -> None:
    _, session_id, (lan,) = await room(office, "Lan")
    hr = await office.person("Hạnh", hr=True)
    office.clock.move_to(ENDS)
    await hr.taps_data(f"att_set:{session_id}:{lan.person_id}:absent")
    await hr.taps_data(f"att_set:{session_id}:{lan.person_id}:late")
    first, second = await logged(office, "attendance.mark")
    assert (first[1], json.loads(first[2] or "")["state"]) == (None, "absent")
    assert (json.loads(second[1] or "")["state"], json.loads(second[2] or "")["state"]) == ("absent", "late")
    presence = await recorded(office, session_id, lan)
    assert presence is not None
    assert (presence.at, presence.tenths) == (ENDS, 40)


async def test_the_rest_of_a_class_is_present_after_one_question(office: Office) -> None:
    _, session_id, (lan, minh, nga) = await room(office, "Lan", "Minh", "Nga")
    hr = await office.person("Hạnh", hr=True)
    office.clock.move_to(ENDS)
    await hr.taps_data(f"att_set:{session_id}:{lan.person_id}:absent")
    await hr.taps_data(f"att_s:{session_id}")
    await hr.taps("Cả lớp có mặt")
    hr.sees("cho 2 người chưa có ghi nhận")
    assert await state(office, session_id, minh) is None
    await hr.taps("Ghi có mặt")
    assert [await state(office, session_id, who) for who in (lan, minh, nga)] == ["absent", "present", "present"]
    hr.sees("In danh sách")
    hr.sees_no("Cả lớp có mặt")


@pytest.mark.parametrize(("typed", "tenths"), [("2", 20), ("2,5", 25), ("0.5", 5)])
async def test_hours_that_are_typed_count(office: Office, typed: str, tenths: int) -> None:
    _, session_id, (lan,) = await room(office, "Lan")
    hr = await office.person("Hạnh", hr=True)
    office.clock.move_to(ENDS)
    await hr.taps_data(f"att_set:{session_id}:{lan.person_id}:left_early")
    await hr.taps("Sửa số tiết")
    for wrong in ("99", "hai", "2,3", "-1"):
        await hr.sends(wrong)
        hr.sees(f"Tôi chưa hiểu “{wrong}”", "từ 0,5 đến 4")
    await hr.sends(typed)
    presence = await recorded(office, session_id, lan)
    assert presence is not None
    assert (presence.state, presence.tenths) == ("left_early", tenths)


async def test_nobody_is_ticked_before_they_can_have_come(office: Office) -> None:
    _, session_id, (lan,) = await room(office, "Lan")
    hr = await office.person("Hạnh", hr=True)
    office.clock.move_to(BEGINS - 86_400)
    for data in (f"att_set:{session_id}:{lan.person_id}:present", f"att_rest:{session_id}:1", f"att_add:{session_id}"):
        await hr.taps_data(data)
        hr.sees("chỉ điểm danh được từ thứ Hai 07/12/2026, 07:00")
    assert await state(office, session_id, lan) is None


async def test_an_excuse_can_be_told_ahead_and_a_code_against_it_waits_for_a_decision(office: Office) -> None:
    course_id, session_id, (lan,) = await room(office, "Lan")
    hr = await office.person("Hạnh", hr=True)
    await hr.taps_data(f"att_set:{session_id}:{lan.person_id}:excused")
    await hr.sends("Nghỉ phép")
    office.clock.move_to(BEGINS)
    await lan.sends(await code_of(office, session_id))
    lan.sees("trước đó danh sách ghi vắng có lý do", "quyết định")
    assert await state(office, session_id, lan) == "excused"
    await hr.taps_data(f"att:{course_id}")
    await hr.taps("Chờ quyết định (1)")
    await hr.taps("Lan")
    hr.sees("Đang ghi: vắng có lý do (ghi trên điện thoại, Hạnh", "Ghi nhận khác: có mặt (tự báo bằng mã, Lan")
    await hr.taps("Lấy ghi nhận khác")
    hr.sees("Không còn việc nào")
    assert await state(office, session_id, lan) == "present"


async def test_an_unknown_state_or_person_in_a_forged_button_changes_nothing(office: Office) -> None:
    _, session_id, (lan,) = await room(office, "Lan")
    outsider = await office.person("Ngoài")
    hr = await office.person("Hạnh", hr=True)
    office.clock.move_to(ENDS)
    await hr.taps_data(f"att_set:{session_id}:{lan.person_id}:dead")
    await hr.taps_data(f"att_set:{session_id}:{outsider.person_id}:present")
    hr.sees_no("Ngoài")
    await hr.taps_data("att_set:999:1:present")
    assert [await state(office, session_id, who) for who in (lan, outsider)] == [None, None]


EVERY_TAP = (
    "att:{c}", "att_s:{s}", "att_code:{s}", "att_list:{s}", "att_p:{s}:{p}", "att_set:{s}:{p}:present",
    "att_hours:{s}:{p}", "att_rest:{s}:1", "att_add:{s}", "att_in:{s}:{p}:1", "att_print:{s}", "att_paper:{c}",
    "att_matrix:{c}", "att_file:{c}", "att_dec:{c}", "att_gone:{s}",
)  # fmt: skip


async def test_whoever_does_not_run_the_class_sees_and_changes_nothing(office: Office) -> None:
    course_id, session_id, (lan,) = await room(office, "Lan")
    other, _, _ = await room(office, "Minh", title="Lớp khác")
    strangers = [
        await teacher(office, "Bình", other),
        await school(office, "Giang", other),
        await office.person("Tò mò"),
    ]
    office.clock.move_to(BEGINS)
    for stranger in strangers:
        for tap in EVERY_TAP:
            await stranger.taps_data(tap.format(c=course_id, s=session_id, p=lan.person_id))
            assert not {"Lan", "Luật Đất đai"} & set(stranger.last.replace(",", " ").split()), (tap, stranger.last)
            stranger.sees_no("Luật Đất đai")
            assert stranger.arrived[-1].attachments == []
    assert await state(office, session_id, lan) is None
    assert len(await logged(office, "refused")) > 20


async def test_the_lecturer_and_the_school_of_a_class_may_do_all_of_it(office: Office) -> None:
    course_id, session_id, (lan,) = await room(office, "Lan")
    office.clock.move_to(BEGINS)
    for person in (await teacher(office, "Bình", course_id), await school(office, "Giang", course_id)):
        for tap in EVERY_TAP:
            if not tap.startswith("att_in"):
                await person.taps_data(tap.format(c=course_id, s=session_id, p=lan.person_id))
                person.sees_no("không có quyền")
    assert await state(office, session_id, lan) == "present"


async def test_a_clerk_of_a_unit_sees_only_their_own_people_of_a_class_of_the_whole(office: Office) -> None:
    course_id, session_id, (lan,) = await room(office, "Lan")
    far = await office.person("Xa", unit="Xã Biển Bạch")
    clerk = await office.person("Hiền")
    async with office.store.transaction() as tx:
        await enrolments.add(tx, course_id, far.person_id, "seat", 1, office.clock.now())
        unit = await tx.fetchval("select unit_id from people where id = $1", lan.person_id)
        await tx.execute(
            "insert into rights (person_id, role, unit_id, granted_at) values ($1, 'hr', $2, 0)", clerk.person_id, unit
        )
    office.clock.move_to(BEGINS)
    await clerk.taps_data(f"att_list:{session_id}")
    clerk.sees("Lan")
    clerk.sees_no("Xa (")
    for tap in ("att_set:{s}:{p}:present", "att_code:{s}", "att_rest:{s}:1", "att_print:{s}", "att_dec:{c}"):
        await clerk.taps_data(tap.format(c=course_id, s=session_id, p=lan.person_id))
    assert await state(office, session_id, lan) is None
    await clerk.taps_data(f"att_matrix:{course_id}")
    assert len(clerk.arrived[-1].attachments) == 1


async def test_ones_own_attendance_stands_with_ones_schedule(office: Office) -> None:
    _, session_id, (lan,) = await room(office, "Lan")
    await lan.sends("/lich")
    lan.sees_no("Điểm danh của tôi")
    office.clock.move_to(at(DAY, "07:32"))
    await lan.sends(await code_of(office, session_id))
    await lan.sends("/lich")
    await lan.taps("Điểm danh của tôi")
    lan.sees("07/12/2026, Luật Đất đai (buổi 1): có mặt, 4 tiết")


async def test_one_word_shows_the_sessions_one_runs_and_no_others(office: Office) -> None:
    course_id, _, _ = await room(office, "Lan")
    await room(office, "Minh", title="Lớp khác")
    hr, binh = await office.person("Hạnh", hr=True), await teacher(office, "Bình", course_id)
    await hr.sends("/diemdanh")
    hr.sees("Luật Đất đai", "Lớp khác")
    await binh.sends("/diemdanh")
    binh.sees("Luật Đất đai")
    binh.sees_no("Lớp khác")
    lan = office.chat("Lan")
    await lan.sends("/diemdanh")
    lan.sees_no("Luật Đất đai")


async def test_a_clerk_of_a_unit_finds_no_session_of_the_whole_or_of_another_unit_among_their_own(
    office: Office,
) -> None:
    own, _, (lan,) = await room(office, "Lan", title="Lớp của xã")
    await room(office, "Minh", title="Lớp toàn tỉnh")
    clerk = await office.person("Hiền")
    async with office.store.transaction() as tx:
        unit = await tx.fetchval("select unit_id from people where id = $1", lan.person_id)
        await tx.execute("update courses set owner_unit_id = $1 where id = $2", unit, own)
        await tx.execute(
            "insert into rights (person_id, role, unit_id, granted_at) values ($1, 'hr', $2, 0)", clerk.person_id, unit
        )
    await clerk.sends("/diemdanh")
    clerk.sees("Lớp của xã")
    clerk.sees_no("Lớp toàn tỉnh")
