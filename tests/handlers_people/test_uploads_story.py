import io
import zipfile

import openpyxl
import pytest

from bot.training import uploads
from tests.people_sheets import AN, DATA, HEADINGS, HOA, NASTY, sheet
from tests.talking import Chat, Office

DAY = 86_400


async def sends_sample(hr: Chat, name: str) -> None:
    await hr.uploads(name, (DATA / name).read_bytes())


async def count(office: Office, table: str) -> int:
    async with office.store.reading() as tx:
        return int(await tx.fetchval(f"select count(*) from {table}"))


async def test_a_staff_list_is_shown_first_and_written_by_a_tap(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await hr.uploads("ds.xlsx", sheet(AN, HOA))
    hr.sees("Danh sách cán bộ – ds.xlsx", "chưa ghi gì", "Người mới: 2", "Giữ nguyên: 0", "[Ghi nhận]")
    assert await count(office, "people") == 1
    await hr.taps("Ghi nhận")
    hr.sees("Đã ghi", "Người mới: 2")
    assert (await count(office, "people"), await count(office, "uploads")) == (3, 0)
    await hr.uploads("ds.xlsx", sheet(("A1", *AN[1:3], "Bí thư", *AN[4:]), HOA))
    hr.sees("Thay đổi: 1", "Nguyễn Văn An: chức vụ", "Giữ nguyên: 1", "không có trong tệp: 1 (không bị xoá)")
    await hr.uploads("ds.xlsx", sheet(AN, HOA))
    hr.sees("Không có gì thay đổi")
    hr.sees_no("Ghi nhận")


async def test_bad_rows_come_back_in_a_red_column_and_the_good_ones_are_kept(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True, unit="Phòng Nội vụ")
    await sends_sample(hr, "loi-nhap-lieu.xlsx")
    hr.sees(
        "Người mới: 4",
        "Dòng lỗi, để lại: 5",
        "Dòng 10: Năm sinh: không có ngày “31/02/1992”",
        "Dòng 11: Thiếu họ và tên",
    )
    (file,) = hr.arrived[-1].attachments
    assert file.name == "loi-nhap-lieu - lỗi.xlsx"
    page = openpyxl.load_workbook(io.BytesIO(file.content)).active
    told = {row[0].row: row[-1].value for row in page.iter_rows(min_row=7) if row[-1].value}
    assert set(told) == {10, 11, 12, 13, 14, 15}
    assert "chưa có trong danh mục" in told[15]
    assert "XX" in told[15]
    await hr.taps("Ghi nhận")
    assert await count(office, "people") == 5


async def test_a_sheet_given_back_and_corrected_comes_in_whole(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await hr.uploads("ds.xlsx", sheet(AN, ("A2", "Lê Thị Hoa", 1990, "", "Xã Trí Phải", "XX", "")))
    book = openpyxl.load_workbook(io.BytesIO(hr.arrived[-1].attachments[0].content))
    book.active.cell(3, HEADINGS.index("Đối tượng") + 1).value = "CC"
    out = io.BytesIO()
    book.save(out)
    await hr.uploads("ds.xlsx", out.getvalue())
    hr.sees("Người mới: 2")
    assert hr.arrived[-1].attachments == []


async def test_a_workbook_of_courses_is_recognised(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await sends_sample(hr, "lop-boi-duong-2026-12.xlsx")
    hr.sees("Danh sách lớp", "Lớp mới: 10 (27 buổi)")
    await hr.taps("Ghi nhận")
    hr.sees("Đã ghi")
    assert (await count(office, "courses"), await count(office, "sessions")) == (10, 27)


async def test_legal_updates_are_recognised_and_published(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await sends_sample(hr, "phap-luat-2026.yaml")
    hr.sees("Cập nhật pháp luật", "Mới: 3", "công bố ngay")
    await hr.taps("Ghi nhận")
    assert await count(office, "legal_updates") == 3


async def test_a_second_tap_a_newer_file_and_a_day_make_the_button_stale(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await hr.uploads("a.xlsx", sheet(AN))
    (data,) = [d for _, d in hr.arrived[-1].menu if d.startswith("upload_keep")]
    await hr.uploads("b.xlsx", sheet(HOA))
    await hr.taps_data(data)
    hr.sees("thay bằng tệp mới hơn")
    await hr.taps("Ghi nhận")
    await hr.taps("Ghi nhận")
    hr.sees("đã được ghi nhận")
    assert await count(office, "people") == 2
    await hr.uploads("a.xlsx", sheet(AN))
    office.clock.move_by(DAY + 1)
    await hr.taps("Ghi nhận")
    hr.sees("quá 24 giờ")
    async with office.store.transaction() as tx:
        assert await uploads.purge(tx, office.clock.now()) == 1


async def test_a_file_can_be_dropped(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await hr.uploads("a.xlsx", sheet(AN))
    await hr.taps("Thôi")
    hr.sees("Đã bỏ tệp")
    assert await count(office, "uploads") == 0


async def test_nobody_else_applies_a_file_of_hr(office: Office) -> None:
    hr, other, lan = (
        await office.person("Hạnh", hr=True), await office.person("Hoa", hr=True), await office.person("Lan"),
    )  # fmt: skip
    await hr.uploads("a.xlsx", sheet(AN))
    (data,) = [d for _, d in hr.arrived[-1].menu if d.startswith("upload_keep")]
    await other.taps_data(data)
    other.sees("Mời anh/chị gửi lại tệp")
    await lan.taps_data(data)
    lan.sees("người được phân quyền")
    await lan.uploads("a.xlsx", sheet(AN))
    lan.sees("chưa xem được nội dung này")
    assert await count(office, "people") == 3


def zipped(size: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", b"<Types/>")
        package.writestr("xl/worksheets/sheet1.xml", b"0" * size)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("anh.jpg", b"\xff\xd8\xff" + b"0" * 900, "không phải sổ Excel"),
        ("ds.xlsx", b"PK\x03\x04 broken", "ds.xlsx"),
        ("ds.xlsx", b"", "ds.xlsx"),
        ("bom.xlsx", zipped(200_000_000), "bom.xlsx"),
        ("la.yaml", b"a: [", "la.yaml"),
        ("cot.xlsx", sheet(("An", "x"), headings=("Họ và tên", "Ghi chú")), "còn thiếu cột"),
    ],
)
async def test_a_file_that_cannot_be_read_gets_a_clear_sentence(
    office: Office, name: str, content: bytes, words: str
) -> None:
    hr = await office.person("Hạnh", hr=True)
    await hr.uploads(name, content)
    hr.sees(words)
    hr.sees_no("sự cố")


async def test_any_letters_in_a_file_and_its_name_survive(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await hr.uploads(f"{NASTY}.xlsx", sheet(("A1", NASTY, 1985, NASTY, NASTY, NASTY, ""), HOA))
    hr.sees(f"{NASTY}.xlsx", f"Đối tượng “{NASTY}”")


async def test_how_to_import_is_told(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await hr.sends("/quanly")
    await hr.taps("Nhập tệp")
    hr.sees("Họ và tên, Đơn vị công tác, Đối tượng", "Ghi nhận")
