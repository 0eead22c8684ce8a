import io

import openpyxl

from bot.training import audiences, broadcasts
from tests.broadcasts.announcing import sent, written
from tests.courses.classes import course
from tests.legal.law_office import law, publish
from tests.rights.agency import audited, clerk, unit_id
from tests.rights.world import Told
from tests.talking import Chat, Office, at

UNIT, OTHER = "Phường Nhà", "Phường Ngoại"


async def two_units(office: Office) -> tuple[Chat, Chat, Chat, Chat]:
    """HR of the whole, a clerk of one unit, an official there, and one of another unit."""
    hr = await office.person("Hạnh", unit="Sở Nội vụ", hr=True)
    mai = await clerk(office, "Mai", UNIT)
    lan = await office.person("Lan", unit=UNIT, code="N1")
    oanh = await office.person("Oanh Ngoại", unit=OTHER, code="X1")
    return hr, mai, lan, oanh


async def seats(office: Office, course_id: int, *people: Chat) -> None:
    async with office.store.transaction() as tx:
        for person in people:
            await tx.execute(
                """insert into enrolments (course_id, person_id, state, arrival, requested_at)
                values ($1, $2, 'seat', 1, 1)""",
                course_id,
                person.person_id,
            )


async def test_of_a_class_of_the_whole_a_clerk_sees_their_own_people_and_changes_nothing(office: Office) -> None:
    hr, mai, lan, oanh = await two_units(office)
    course_id = await course(office, title="Lớp chung")
    await seats(office, course_id, lan, oanh)
    await mai.taps_data(f"desk_course:{course_id}")
    mai.sees("Lớp chung")
    await mai.taps("Thay đổi")
    mai.sees("việc sửa là của nơi mở lớp")
    mai.sees_no("Huỷ lớp")
    await mai.taps_data(f"desk_class:{course_id}:0")
    mai.sees("Lan")
    mai.sees_no("Ngoại")
    await mai.taps_data(f"desk_class_sheet:{course_id}")
    assert "Ngoại" not in Told(mai.arrived[-1], []).text
    await mai.taps_data(f"desk_open:{course_id}:0")
    mai.sees("người được phân quyền")
    await hr.taps_data(f"desk_class:{course_id}:0")
    hr.sees("Lan", "Ngoại")
    assert ("class.export", f"course:{course_id}") in await audited(office)


async def test_a_class_of_the_own_unit_is_changed_with_old_and_new_in_the_log(office: Office) -> None:
    _, mai, _, _ = await two_units(office)
    course_id = await course(office, title="Lớp của phường", owner_unit_id=await unit_id(office, UNIT))
    await mai.taps_data(f"desk_capacity:{course_id}")
    await mai.sends("12")
    async with office.store.reading() as tx:
        row = await tx.fetchrow("select old, new, by_person from audit where action = 'course.capacity'")
    assert row is not None
    assert (row["old"], row["new"], row["by_person"]) == ("30", "12", mai.person_id)


async def test_a_class_of_another_unit_is_not_even_listed(office: Office) -> None:
    hr, mai, _, _ = await two_units(office)
    await course(office, title="Lớp phường ngoài", owner_unit_id=await unit_id(office, OTHER))
    await mai.taps_data("desk_courses")
    mai.sees_no("Lớp phường ngoài")
    await hr.taps_data("desk_courses")
    hr.sees("Lớp phường ngoài")


async def test_an_announcement_to_everybody_goes_no_further_than_the_rights_of_its_clerk(office: Office) -> None:
    hr, mai, lan, oanh = await two_units(office)
    await sent(office, mai, "Họp phường lúc 8 giờ.")
    assert lan.saw("Họp phường")
    assert not oanh.saw("Họp phường")
    assert not hr.saw("Họp phường")
    await mai.taps_data("rc_sheet:1")
    assert "Ngoại" not in Told(mai.arrived[-1], []).text


async def test_pasted_codes_of_others_are_told_as_unknown_and_logged(office: Office) -> None:
    _, mai, _, _ = await two_units(office)
    await written(mai)
    await mai.taps("Người nhận")
    await mai.taps("Danh sách mã")
    await mai.sends("N1 X1 Z9")
    mai.sees("X1", "Z9")
    mai.sees_no("Ngoại")
    async with office.store.reading() as tx:
        broadcast = await broadcasts.find(tx, 1)
        assert await audiences.count(tx, broadcast) == 1
    assert await audited(office, "refused") == [("refused", "broadcast:1:codes")]
    await mai.taps_data("bc_codes:1")
    await mai.sends("X1")
    mai.sees("X1")
    assert len(await audited(office, "refused")) == 2


async def test_rights_that_shrank_since_shorten_the_audience_of_a_draft(office: Office) -> None:
    hr, mai, _, _ = await two_units(office)
    await hr.taps_data(f"right_give:{mai.person_id}:hr:0:1")
    await written(mai)
    await mai.taps("Người nhận")
    await mai.taps("Mọi người")
    async with office.store.reading() as tx:
        everybody = await audiences.count(tx, await broadcasts.find(tx, 1))
    await hr.taps_data(f"rights:{mai.person_id}")
    await hr.taps("Thu quyền quản lý")
    await hr.taps("Thu quyền")
    async with office.store.reading() as tx:
        own = await audiences.count(tx, await broadcasts.find(tx, 1))
    assert (everybody, own) == (4, 2)


async def test_announcements_of_the_whole_are_not_shown_to_a_clerk_of_a_unit(office: Office) -> None:
    hr, mai, _, _ = await two_units(office)
    await sent(office, hr, "Tin toàn cơ quan")
    await mai.taps_data("desk_broadcasts")
    mai.sees_no("Tin toàn cơ quan")
    for data in ("bc:1", "bc_pause:1", "rc_who:1", "rc_sheet:1"):
        await mai.taps_data(data)
        mai.sees("người được phân quyền")


async def test_who_is_not_done_with_a_law_is_told_of_the_own_people_only(office: Office) -> None:
    hr, mai, _, _ = await two_units(office)
    await publish(office, law())
    await mai.taps_data("desk_law:1")
    mai.sees("0/2")
    mai.sees_no("Sửa đổi")
    await hr.taps_data("desk_law:1")
    hr.sees("0/4")
    await mai.uploads("luat.yaml", law(number="2/2026/QH16").encode())
    mai.sees("người được phân quyền")
    assert ("refused", "file:legal") in await audited(office)


async def test_figures_of_ratings_are_for_the_owner_of_the_course(office: Office) -> None:
    hr, mai, _, _ = await two_units(office)
    over = {"sessions_at": (("2026-11-20", "07:30", "11:30"),), "deadline": at("2026-11-19")}
    common = await course(office, title="Lớp chung", **over)
    own = await course(office, title="Lớp phường", owner_unit_id=await unit_id(office, UNIT), **over)
    await mai.taps_data("desk_ratings")
    mai.sees("Lớp phường")
    mai.sees_no("Lớp chung")
    await mai.taps_data(f"desk_rating:{common}")
    mai.sees("người được phân quyền")
    await mai.taps_data(f"desk_rating:{own}")
    mai.sees("Lớp phường")
    await hr.taps_data(f"desk_rating:{common}")
    hr.sees("Lớp chung")


async def test_what_is_for_everybody_is_set_by_hr_of_the_whole(office: Office) -> None:
    _, mai, _, _ = await two_units(office)
    await mai.sends("/quanly")
    for words in ("Ngày nghỉ", "Thông tin cơ quan", "Nhật ký"):
        mai.sees_no(words)
    for data in ("desk_days", "day_add", "desk_agency", "desk_fact:name", "outbox_held", "desk_law_close:1", "log:0"):
        await mai.taps_data(data)
        mai.sees("người được phân quyền")


async def test_who_gets_nothing_is_listed_of_the_own_people_only(office: Office) -> None:
    _, mai, _, _ = await two_units(office)
    await office.person("Ngân Nhà", unit=UNIT, linked=False)
    await office.person("Nga Ngoại", unit=OTHER, linked=False)
    await mai.taps_data("outbox_cut_sheet")
    (file,) = mai.arrived[-1].attachments
    names = [row[1] for row in openpyxl.load_workbook(io.BytesIO(file.content)).active.iter_rows(values_only=True)]
    assert "Ngân Nhà" in names
    assert "Nga Ngoại" not in names


async def test_a_request_about_data_is_answered_by_the_nearest_clerk(office: Office) -> None:
    hr, mai, lan, oanh = await two_units(office)
    await lan.taps_data("profile_fix")
    await lan.sends("Sai ngày sinh")
    await oanh.taps_data("profile_fix")
    await oanh.sends("Sai tên")
    await office.settle()
    assert (mai.saw("Sai ngày sinh"), mai.saw("Sai tên")) == (True, False)
    assert (hr.saw("Sai ngày sinh"), hr.saw("Sai tên")) == (False, True)
    await mai.taps_data("request:2")
    mai.sees("người được phân quyền")
    await mai.taps_data("request_answer:1")
    await mai.sends("Đã sửa")
    assert ("request.answer", "request:1") in await audited(office)
