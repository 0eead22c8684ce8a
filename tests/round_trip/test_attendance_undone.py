from tests.attendance.rooms import BEGINS, ENDS, code_of, recorded, room, state
from tests.round_trip.editing import button, sends, undoes
from tests.talking import Chat, Office

ROLL = ("Mã", "Họ và tên", "Trạng thái", "Lý do")


async def tells(hr: Chat, *rows: tuple[object, ...]) -> None:
    await sends(hr, ROLL, *rows, notes=["Điểm danh", "Mã buổi: PL1/1"])


async def test_attendance_told_by_file_goes_back_to_what_was_known(office: Office) -> None:
    _, session_id, (lan, minh) = await room(office, "Lan", "Minh", code="PL1")
    hr = await office.person("Hạnh", hr=True)
    office.clock.move_to(BEGINS)
    await hr.taps_data(f"att_s:{session_id}")
    office.clock.move_to(BEGINS + 60)
    await lan.sends(await code_of(office, session_id))
    before = await recorded(office, session_id, lan)
    await tells(hr, ("XLan", "Lan", "về sớm", None), ("XMinh", "Minh", "x", None))
    assert [await state(office, session_id, one) for one in (lan, minh)] == ["left_early", "present"]
    await undoes(hr)
    hr.sees("trả lại 2 mục")
    assert await recorded(office, session_id, lan) == before
    assert await state(office, session_id, minh) is None


async def test_who_was_marked_absent_for_silence_alone_is_so_no_more(office: Office) -> None:
    _, session_id, (lan, minh) = await room(office, "Lan", "Minh", code="PL1")
    hr = await office.person("Hạnh", hr=True)
    office.clock.move_to(ENDS - 60)
    await tells(hr, ("XLan", "Lan", "x", None))
    await office.time_passes(ENDS + 3 * 3600)
    assert await state(office, session_id, minh) == "absent"
    await hr.taps_data("desk_uploads")
    await hr.taps("Hoàn tác: tep.xlsx")
    await hr.taps("Có")
    assert [await state(office, session_id, one) for one in (lan, minh)] == [None, None]


async def conflicts(office: Office) -> list[tuple[int, str]]:
    async with office.store.reading() as tx:
        rows = await tx.fetch("select person_id, state from attendance_decisions where decided_at is null")
    return [(row["person_id"], row["state"]) for row in rows]


async def test_a_contradiction_that_a_file_opened_is_a_question_no_more(office: Office) -> None:
    _, session_id, (lan,) = await room(office, "Lan", code="PL1")
    hr = await office.person("Hạnh", hr=True)
    office.clock.move_to(BEGINS)
    await lan.sends(await code_of(office, session_id))
    await tells(hr, ("XLan", "Lan", "vắng", None))
    assert await conflicts(office) == [(lan.person_id, "absent")]
    await tells(hr, ("XLan", "Lan", "có phép", "ốm"))
    assert await conflicts(office) == [(lan.person_id, "excused")]
    await undoes(hr)
    assert await conflicts(office) == [(lan.person_id, "absent")]
    await hr.taps_data("desk_uploads")
    await hr.taps("Hoàn tác: tep.xlsx")
    await hr.taps("Có")
    hr.sees("trả lại 1 mục")
    assert await conflicts(office) == []
    assert await state(office, session_id, lan) == "present"


async def test_what_was_decided_since_stays(office: Office) -> None:
    _, session_id, (lan,) = await room(office, "Lan", code="PL1")
    hr = await office.person("Hạnh", hr=True)
    office.clock.move_to(BEGINS)
    await lan.sends(await code_of(office, session_id))
    await tells(hr, ("XLan", "Lan", "vắng", None))
    async with office.store.transaction() as tx:
        await tx.execute("update attendance_decisions set decided_at = 1, accepted = 0")
    await undoes(hr)
    hr.sees("Chưa hoàn tác được", "để nguyên (1): Lan (PL1/1)")


async def test_attendance_a_class_was_closed_upon_stays(office: Office) -> None:
    course_id, session_id, (lan,) = await room(office, "Lan", code="PL1")
    hr = await office.person("Hạnh", hr=True)
    office.clock.move_to(ENDS + 60)
    await tells(hr, ("XLan", "Lan", "x", None))
    undo = button(hr, "Hoàn tác")
    await hr.taps_data(f"res_close_yes:{course_id}")
    await undoes(hr, undo)
    hr.sees("để nguyên (1): Lan (PL1/1)")
    assert await state(office, session_id, lan) == "present"
