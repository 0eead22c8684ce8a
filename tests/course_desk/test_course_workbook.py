import io
from typing import Any

import openpyxl

from bot.training import course_import, courses, quotas
from tests.course_desk.people import clerk, unit_id
from tests.courses import classes
from tests.courses.test_course_import import GOOD
from tests.round_trip.editing import undoes
from tests.talking import ZONE, Chat, Office, at

FULL = {
    **GOOD, "Loại hình": "Hội nghị tập huấn", "Cấp độ": "Nâng cao", "Thẻ": "CCHC, CDS", "Tiết lý thuyết": 4,
    "Tiết thực hành": 8, "Đơn vị mở lớp": "Xã A", "Chỉ tiêu đơn vị": "Xã A: 5; Xã B: 3",
    "Chức danh": "Chủ tịch; Bí thư", "Ngạch": "Chuyên viên", "Đơn vị được dự": "Xã A; Xã B", "Chỉ lãnh đạo": "x",
    "Bắt buộc": "có", "Người liên hệ (mã)": "XHạnh", "Ngày văn bản": "12/11/2026", "Hạn duyệt": "04/12/2026",
    "Tỷ lệ dự": "90 %",
    "Điểm đạt": "5,5", "Mục tiêu": "Vận dụng", "Giảng viên": "TS. An; ThS. Mùa", "Cơ sở đào tạo": "Trường Chính trị",
    "Số tiết": 4, "Đơn vị chi trả": "Đơn vị cử đi", "Số văn bản": "100/KH",
}  # fmt: skip


def sheet(*rows: dict[str, Any], base: dict[str, Any] | None = None) -> bytes:
    whole = FULL if base is None else base
    book = openpyxl.Workbook()
    page = book.active
    page.append(list(whole))
    for row in rows or ({},):
        page.append([{**whole, **row}[heading] for heading in whole])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


async def ready(office: Office) -> Chat:
    """HR of the whole, and the units that the workbook names."""
    for name in ("Xã A", "Xã B"):
        await unit_id(office, name)
    return await office.person("Hạnh", hr=True)


async def first(office: Office) -> courses.Course:
    async with office.store.reading() as tx:
        return courses.course_of(await tx.fetchrow("select * from courses order by id limit 1"))


async def test_every_new_column_comes_in(office: Office) -> None:
    hr = await ready(office)
    await hr.uploads("lop.xlsx", sheet())
    assert hr.sees("Lớp mới: 1")
    await hr.taps("Ghi nhận")
    found = await first(office)
    a, b = await unit_id(office, "Xã A"), await unit_id(office, "Xã B")
    assert (found.kind, found.level, found.tags) == ("hoi_nghi", "Nâng cao", ("CCHC", "CDS"))
    assert (found.hours_theory, found.hours_practice, found.mandatory) == (4, 8, True)
    assert (found.only_titles, found.only_ranks) == (("Chủ tịch", "Bí thư"), ("Chuyên viên",))
    assert (found.only_units, found.only_leaders, found.owner_unit_id) == ((a, b), True, a)
    assert (found.contact_person_id, found.document_on) == (hr.person_id, "2026-11-12")
    assert (found.approve_until, found.attendance_share, found.pass_mark) == (at("2026-12-04", "23:59:59"), 90, 55)
    async with office.store.reading() as tx:
        counted = await quotas.of_course(tx, found.id, office.clock.now())
        teachers = await tx.fetch("select name from lecturers order by name")
        schools = await tx.fetch("select name from institutions")
    assert [(one.unit, one.places.capacity) for one in counted] == [("Xã A", 5), ("Xã B", 3)]
    assert [row["name"] for row in teachers] == ["TS. An", "ThS. Mùa"]
    assert [row["name"] for row in schools] == ["Trường Chính trị"]


async def test_an_export_sent_back_unchanged_changes_nothing(office: Office) -> None:
    hr = await ready(office)
    await hr.uploads("lop.xlsx", sheet({}, {"Buổi": 2, "Ngày": "08/12/2026", "Địa điểm/Đường dẫn": "https://h.vn/a"}))
    await hr.taps("Ghi nhận")
    await hr.taps_data("ce:1")
    await hr.taps("Tải Excel")
    (file,) = hr.arrived[-1].attachments
    assert file.name == "lop-l1.xlsx"
    await hr.uploads(file.name, file.content)
    assert hr.sees("Không có gì thay đổi", "Giữ nguyên: 1")


async def test_all_courses_of_the_sample_workbook_go_out_and_come_back_the_same(office: Office) -> None:
    hr = await ready(office)
    await classes.imported(office)
    await hr.taps_data("desk_courses")
    await hr.taps("Tải Excel các lớp")
    assert hr.sees("Có 10 lớp")
    (file,) = hr.arrived[-1].attachments
    plan = course_import.read(file.content, file.name)
    assert (len(plan.courses), plan.sessions, plan.errors) == (10, 27, [])
    async with office.store.reading() as tx:
        difference = await course_import.compare(tx, plan, ZONE)
        logged = await tx.fetchval("select count(*) from audit where action = 'courses.export'")
    assert (len(difference.unchanged), difference.changed, difference.new, difference.errors) == (10, [], [], [])
    assert logged == 1


async def test_an_edited_export_shows_what_it_changes(office: Office) -> None:
    hr = await ready(office)
    await hr.uploads("lop.xlsx", sheet())
    await hr.taps("Ghi nhận")
    await hr.uploads("lop.xlsx", sheet({"Cấp độ": "Cơ bản", "Chỉ tiêu đơn vị": "Xã A: 6"}))
    assert hr.sees("Thay đổi: 1")
    await hr.taps("Ghi nhận")
    async with office.store.reading() as tx:
        row = await tx.fetchrow("select old, new, by_person from audit where action = 'course.edit'")
    assert (await first(office)).level == "Cơ bản"
    assert "Nâng cao" in row["old"]
    assert "Cơ bản" in row["new"]
    assert row["by_person"] == hr.person_id


async def test_an_old_workbook_leaves_alone_what_it_does_not_tell(office: Office) -> None:
    hr = await ready(office)
    await hr.uploads("lop.xlsx", sheet())
    await hr.taps("Ghi nhận")
    await hr.uploads("cu.xlsx", sheet({"Tên lớp": "Tên mới"}, base=GOOD))
    await hr.taps("Ghi nhận")
    found = await first(office)
    assert (found.title, found.kind, found.pass_mark, len(found.only_units)) == ("Tên mới", "hoi_nghi", 55, 2)


async def test_wrong_cells_of_the_new_columns_are_told_in_their_row(office: Office) -> None:
    hr = await ready(office)
    for cells, words in (
        ({"Loại hình": "Đại hội"}, "không phải Lớp bồi dưỡng, Hội nghị"),
        ({"Thẻ": "CCHC, XYZ"}, "không có nhóm “XYZ”"),
        ({"Tiết lý thuyết": 9000}, "không phải số tiết"),
        ({"Tỷ lệ dự": 120}, "không phải tỷ lệ"),
        ({"Điểm đạt": "11"}, "không phải điểm từ 0 đến 10"),
        ({"Chỉ tiêu đơn vị": "Xã A năm người"}, "hãy ghi như Xã A: 5"),
        ({"Chỉ tiêu đơn vị": "Xã A: 28; Xã B: 5"}, "33 > 30"),
        ({"Chỉ tiêu đơn vị": "Xã Z: 1"}, "không có đơn vị “Xã Z”"),
        ({"Đơn vị được dự": "Xã Z"}, "không có đơn vị “Xã Z”"),
        ({"Người liên hệ (mã)": "KHONGCO"}, "không có ai mang mã"),
        ({"Ngày văn bản": "12/11/1926"}, "không hợp lý"),
    ):
        await hr.uploads("lop.xlsx", sheet(cells))
        assert hr.sees(words, "Dòng lỗi: 1"), cells
        (back,) = hr.arrived[-1].attachments
        assert words in str(list(openpyxl.load_workbook(io.BytesIO(back.content)).active.values))
    async with office.store.reading() as tx:
        assert await tx.fetchval("select count(*) from courses") == 0


async def test_a_clerk_of_one_unit_cannot_touch_anothers_course_by_a_row(office: Office) -> None:
    hr = await ready(office)
    await hr.uploads("lop.xlsx", sheet())
    await hr.taps("Ghi nhận")
    other = await clerk(office, "Bình", "Xã B")
    await other.uploads("lop.xlsx", sheet({"Tên lớp": "Cướp", "Đơn vị mở lớp": "Xã B"}))
    assert other.sees("không có quyền với lớp này")
    assert other.sees_no("Ghi nhận")
    async with office.store.reading() as tx:
        row = await tx.fetchrow("select by_person, subject from audit where action = 'refused'")
    assert (row["by_person"], row["subject"]) == (other.person_id, "course:1")
    assert (await first(office)).title == "Lớp một"


async def test_a_clerks_new_course_is_of_their_unit(office: Office) -> None:
    await ready(office)
    other = await clerk(office, "Bình", "Xã B")
    await other.uploads("lop.xlsx", sheet(base=GOOD))
    await other.taps("Ghi nhận")
    assert (await first(office)).owner_unit_id == await unit_id(office, "Xã B")
    await other.uploads("lop.xlsx", sheet({"Mã lớp": "L9", "Người liên hệ (mã)": "", "Chỉ tiêu đơn vị": ""}))
    assert other.sees("không có quyền với lớp này")


async def test_a_workbook_taken_back_takes_its_quotas_and_lecturers_along(office: Office) -> None:
    hr = await ready(office)
    await hr.uploads("lop.xlsx", sheet())
    await hr.taps("Ghi nhận")
    await hr.uploads("lop.xlsx", sheet({"Chỉ tiêu đơn vị": "Xã B: 9", "Giảng viên": "TS. Khác"}))
    await hr.taps("Ghi nhận")
    await undoes(hr)
    async with office.store.reading() as tx:
        counted = await quotas.of_course(tx, 1, office.clock.now())
        teachers = await tx.fetch(
            "select l.name from course_lecturers t join lecturers l on l.id = t.lecturer_id order by l.name"
        )
    assert [(one.unit, one.places.capacity) for one in counted] == [("Xã A", 5), ("Xã B", 3)]
    assert [row["name"] for row in teachers] == ["TS. An", "ThS. Mùa"]
    await hr.taps_data("desk_uploads")
    await hr.taps("Hoàn tác: lop.xlsx")
    await hr.taps("Có")
    async with office.store.reading() as tx:
        assert await tx.fetchval("select count(*) from courses") == 0
        assert await tx.fetchval("select count(*) from course_quotas") == 0


async def test_the_name_of_a_merged_unit_means_the_one_its_people_went_to(office: Office) -> None:
    hr = await ready(office)
    old, new = await unit_id(office, "Xã Cũ"), await unit_id(office, "Xã A")
    async with office.store.transaction() as tx:
        await tx.execute("update units set closed_at = 1, merged_into = $2 where id = $1", old, new)
    await hr.uploads("lop.xlsx", sheet({"Đơn vị mở lớp": "Xã Cũ", "Đơn vị được dự": "Xã Cũ; Xã A"}))
    await hr.taps("Ghi nhận")
    found = await first(office)
    assert (found.owner_unit_id, found.only_units) == (new, (new,))
