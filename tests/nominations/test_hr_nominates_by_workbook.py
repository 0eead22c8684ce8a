import io

import openpyxl
import pytest

from bot.errors import BadFile
from bot.training import nomination_import, uploads
from tests.courses.classes import SAMPLE, course, seated, state_of
from tests.people_sheets import AN, sheet
from tests.round_trip.editing import undoes
from tests.talking import Chat, Office

HEADINGS = ("Mã lớp", "Mã cán bộ", "Họ và tên", "Đơn vị", "Vào danh sách chờ")


async def hr_of(office: Office, unit: str = "") -> Chat:
    """HR of the whole, or of one unit."""
    hr = await office.person("Hoa", unit="Sở Nội vụ", hr=not unit)
    if unit:
        async with office.store.transaction() as tx:
            await tx.execute(
                """insert into rights (person_id, role, unit_id, granted_at)
                select $1, 'hr', id, 1 from units where name = $2""",
                hr.person_id, unit,
            )  # fmt: skip
    return hr


async def sends(hr: Chat, *rows: tuple[object, ...], headings: tuple[str, ...] = HEADINGS) -> None:
    await hr.uploads("de-cu.xlsx", sheet(*rows, headings=headings))


def errors_in(content: bytes) -> list[str]:
    """The red column."""
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    return [str(row[-1].value or "") for row in page.iter_rows(min_row=2)]


async def test_rows_are_tried_then_applied_and_each_nominee_is_asked(office: Office) -> None:
    lan, minh = await office.person("Lan"), await office.person("Minh")
    hr = await hr_of(office)
    course_id = await course(office, code="PL01", title="Luật Đất đai", needs_hr=1)
    await sends(hr, ("PL01", "XLan", "", "", ""), ("pl01", "", "minh", "xã trí phải", ""))
    assert hr.sees("Đề cử học viên", "chưa ghi gì", "Được giữ chỗ: 2 người (Luật Đất đai)", "– Lan, Minh")
    assert await state_of(office, lan, course_id) == []
    await hr.taps("Ghi nhận")
    assert hr.sees("Đã ghi", "Được giữ chỗ: 2 người")
    await office.settle()
    assert minh.sees("Bộ phận tổ chức cán bộ (Hoa) đề cử anh/chị học lớp Luật Đất đai")
    await lan.taps("Nhận chỗ")
    assert await state_of(office, lan, course_id) == ["seat"]  # HR has decided by nominating
    await hr.taps_data(hr.arrived[-2].menu[0][1])
    assert await state_of(office, minh, course_id) == ["offered"]


async def test_rows_in_error_come_back_in_red_and_good_ones_are_kept(office: Office) -> None:
    lan, _ = await office.person("Lan"), await office.person("Minh", audience="VC")
    on, busy = await office.person("An"), await office.person("Bình")
    for code in ("T1", "T2"):
        await office.person("Kẻ Trùng", code=code, linked=False)
    hr = await hr_of(office)
    course_id = await course(office, code="PL01", audience="CB,CC", capacity=2)
    other = await course(office, code="K", title="Lớp khác")
    await seated(office, on, course_id)
    await seated(office, busy, other)
    await sends(
        hr,
        ("PL01", "XLan", "", "", ""), ("PL01", "XMinh", "", "", ""), ("PL01", "XAn", "", "", ""),
        ("PL01", "XBình", "", "", ""), ("PL09", "XLan", "", "", ""), ("PL01", "KHONGCO", "", "", ""),
        ("PL01", "", "Kẻ Trùng", "Xã Trí Phải", ""), ("PL01", "", "Lan", "", ""), ("", "XLan", "Lan", "", ""),
        ("PL01", "XLan", "", "", ""), ("PL01", "T1", "", "", ""), ("PL01", "T2", "", "", "x"),
        ("PL01", "XHoa", "", "", ""), ("PL01", "=1+1", "", "", ""),
    )  # fmt: skip
    assert hr.sees("Được giữ chỗ: 1 người", "Vào danh sách chờ: 1 người", "Dòng lỗi, để lại: 12")
    words = errors_in(hr.arrived[-1].attachments[0].content)
    assert [w.split(";")[0] for w in words] == [
        "", "Không thuộc đối tượng của lớp", "Đã có tên ở lớp này", "Trùng giờ với lớp Lớp khác", "Không có lớp “PL09”",
        "Không có mã này: “KHONGCO”",
        "Có nhiều người tên “Kẻ Trùng” ở đơn vị này, hãy ghi mã cán bộ",
        "Cần mã cán bộ, hoặc cả họ tên và đơn vị", "Còn trống mã lớp", "Người này đã có ở dòng trên cho cùng lớp",
        "Lớp đã đủ chỗ", "", "Anh/chị không tự đề cử mình", "Không đọc được ô “=1+1”",
    ]  # fmt: skip
    await hr.taps("Ghi nhận")
    assert await state_of(office, lan, course_id) == ["offered"]
    async with office.store.reading() as tx:
        assert await tx.fetchval("select count(*) from enrolments where state = 'waiting'") == 1


async def test_a_row_of_another_units_person_is_refused_logged_and_shows_nothing(office: Office) -> None:
    lan, stranger = await office.person("Lan"), await office.person("Kẻ Lạ", code="Z9", unit="Xã Khác")
    hr = await hr_of(office, "Xã Trí Phải")
    course_id = await course(office, code="PL01")
    await sends(
        hr, ("PL01", "XLan", "", "", ""), ("PL01", "Z9", "", "", ""), ("PL01", "", "Kẻ Lạ", "Xã Khác", ""),
        ("PL01", "KHONGCO", "", "", ""),
    )  # fmt: skip
    assert hr.sees("Được giữ chỗ: 1 người", "“Z9” không có trong danh sách cán bộ anh/chị phụ trách")
    assert hr.sees("“KHONGCO” không có trong danh sách cán bộ anh/chị phụ trách")  # the same as for one of others
    await hr.taps("Ghi nhận")
    assert await state_of(office, stranger, course_id) == []
    assert await state_of(office, lan, course_id) == ["offered"]
    async with office.store.reading() as tx:
        rows = await tx.fetch("select by_person, subject from audit where action = 'refused'")
    assert {tuple(row) for row in rows} == {(hr.person_id, f"person:{stranger.person_id}")}


async def test_a_list_of_courses_or_people_is_not_taken_for_nominations(office: Office) -> None:
    assert (await uploads.read(SAMPLE.read_bytes(), SAMPLE.name)).kind.name == "courses"
    assert (await uploads.read(sheet(AN), "ds.xlsx")).kind.name == "people"
    with pytest.raises(BadFile) as told:
        nomination_import.read(sheet(("PL01", 1), headings=("Mã lớp", "Ghi chú")), "x.xlsx")
    assert told.value.screen == "files/missing_columns"


async def test_who_still_needs_the_category_goes_out_as_a_workbook_and_comes_back_as_nominations(
    office: Office,
) -> None:
    lan = await office.person("Lan")
    hr = await hr_of(office)
    course_id = await course(office, code="PL01")
    await hr.taps_data(f"nominate:{course_id}:1")
    await hr.taps("Xuất danh sách")
    await hr.uploads("sua.xlsx", hr.arrived[-1].attachments[0].content)
    assert hr.sees("Đề cử học viên", "Được giữ chỗ: 1 người")
    await hr.taps("Ghi nhận")
    assert await state_of(office, lan, course_id) == ["offered"]


async def test_a_file_is_undone_for_those_who_have_not_answered(office: Office) -> None:
    lan, minh = await office.person("Lan"), await office.person("Minh")
    hr = await hr_of(office)
    course_id = await course(office, code="PL01", title="Luật Đất đai")
    await sends(hr, ("PL01", "XLan", "", "", ""), ("PL01", "XMinh", "", "", ""))
    await hr.taps("Ghi nhận")
    await office.settle()
    await lan.taps("Nhận chỗ")
    await undoes(hr)
    assert hr.sees("Đã hoàn tác", "trả lại 1 mục", "để nguyên (1): Lan")
    assert await state_of(office, minh, course_id) == ["cancelled"]
    assert await state_of(office, lan, course_id) == ["seat"]
    await office.settle()
    assert minh.sees("Đề cử anh/chị học lớp Luật Đất đai đã được rút lại")
