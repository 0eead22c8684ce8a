import io

import openpyxl

from tests.attendance.rooms import code_of, room, session_of, state, teacher
from tests.attendance.test_paper import book_of, saved
from tests.courses.classes import course
from tests.round_trip.editing import edited, sets, undoes
from tests.talking import Chat, Office, at

DAYS = (("2026-12-07", "07:30", "11:30"), ("2026-12-08", "07:30", "11:30"), ("2026-12-14", "07:30", "11:30"))
FIRST, SECOND, THIRD = "Buổi 1 (07/12/2026)", "Buổi 2 (08/12/2026)", "Buổi 3 (14/12/2026)"


async def table(office: Office, **fields: object) -> tuple[Chat, int, list[Chat], bytes]:
    """A class of three mornings, the third still to come; who was there at the first, as the table tells it."""
    course_id, first, people = await room(office, "Lan", "Minh", sessions_at=DAYS, **{"code": "PL1. A", **fields})
    hr = await office.person("Hạnh", hr=True)
    office.clock.move_to(at("2026-12-07"))
    await people[0].sends(await code_of(office, first))
    office.clock.move_to(at("2026-12-09"))
    await hr.taps_data(f"att_matrix:{course_id}")
    return hr, course_id, people, saved(book_of(hr))


async def test_the_table_of_a_course_filled_in_tells_every_session(office: Office) -> None:
    hr, course_id, (lan, minh), content = await table(office)
    for change in (("Minh", FIRST, "x"), ("Lan", SECOND, "muộn"), ("Minh", SECOND, "vắng")):
        content = edited(content, sets(*change))
    await hr.uploads("bang.xlsx", content)
    hr.sees("Điểm danh – bang.xlsx", "PL1. A/1, PL1. A/2", "Ghi mới hoặc thay đổi: 3", "Giữ nguyên: 1")
    hr.sees_no("Dòng lỗi")
    await hr.taps("Ghi nhận")
    second = await session_of(office, course_id, 2)
    assert [await state(office, second, one) for one in (lan, minh)] == ["late", "absent"]
    await undoes(hr)
    hr.sees("trả lại 3 mục")
    assert [await state(office, second, one) for one in (lan, minh)] == [None, None]


async def test_what_cannot_be_in_the_table_comes_back_in_red_once_a_row(office: Office) -> None:
    hr, _, _, content = await table(office)
    for change in (("Minh", FIRST, "chắc có"), ("Minh", THIRD, "x"), ("Lan", SECOND, "có phép")):
        content = edited(content, sets(*change))
    await hr.uploads("bang.xlsx", content)
    hr.sees(
        "Dòng 5: Buổi 1 (07/12/2026): không hiểu “chắc có”",
        "Dòng 5: Buổi 3 (14/12/2026): buổi “PL1. A/3” chưa bắt đầu",
        "Dòng 4: Buổi 2 (08/12/2026): “Lan” ghi có phép nhưng bảng này không có cột lý do", "Dòng lỗi, để lại: 2",
    )  # fmt: skip
    hr.sees("Ghi mới hoặc thay đổi: 0")
    (back,) = hr.arrived[-1].attachments
    page = openpyxl.load_workbook(io.BytesIO(back.content)).active
    red = {row[2].value: str(row[-1].value) for row in page.iter_rows(min_row=4)}
    assert "chưa bắt đầu" in red["Minh"]
    assert "cột lý do" in red["Lan"]
    stranger = edited(content, sets("Minh", "Mã", "KHONG-CO"))
    await hr.uploads("bang.xlsx", stranger)
    assert hr.last.count("không có trong danh sách lớp") <= 1


async def test_the_table_of_a_class_that_somebody_else_teaches_is_refused(office: Office) -> None:
    _, _, _, content = await table(office)
    other = await course(office, code="KHAC")
    binh = await teacher(office, "Bình", other)
    await binh.taps_data(f"att_file:{other}")
    await binh.uploads("bang.xlsx", edited(content, sets("Minh", SECOND, "x")))
    binh.sees("dành cho người được phân quyền")
    binh.sees_no("Ghi nhận")


async def test_the_table_in_english_comes_back_as_well(office: Office) -> None:
    hr, course_id, _, _ = await table(office)
    async with office.store.transaction() as tx:
        await tx.execute("update accounts set language = 'en'")
    await hr.taps_data(f"att_matrix:{course_id}")
    content = saved(book_of(hr))
    await hr.uploads("table.xlsx", content)
    hr.sees("Nothing differs")
    await hr.uploads("table.xlsx", edited(content, sets("Minh", "Session 2 (08/12/2026)", "x")))
    hr.sees("[Apply]")
    await hr.taps_data("hours_sheet:0")
    (report,) = hr.arrived[-1].attachments
    await hr.uploads("hours.xlsx", report.content)
    hr.sees("hours.xlsx is a report to be read")
