from tests.mergers.communes import communes, unit_of, value
from tests.people_sheets import sheet
from tests.round_trip.editing import undoes
from tests.talking import Chat, Office

HEADINGS = ("STT", "Đơn vị cũ", "Đơn vị mới")


async def sends(hr: Chat, *rows: tuple[str, str]) -> None:
    lines = [(at, *row) for at, row in enumerate(rows, start=1)]
    await hr.uploads("sap-nhap.xlsx", sheet(*lines, headings=HEADINGS))


async def test_a_workbook_merges_and_renames_and_is_undone(office: Office) -> None:
    hr = await communes(office)
    rows = (("Xã Trí Phải", "Xã Trí Lực"), ("Xã Tân Lộc", "Xã Trí Lực"), ("Sở Nội vụ", "Sở Tổ chức"))
    await sends(hr, *rows)
    hr.sees("Đổi tên: 1", "Sáp nhập thành: 1 đơn vị, 2 đơn vị thôi hoạt động", "Người chuyển theo: 5", "chưa ghi gì")
    await hr.taps("Ghi nhận")
    assert [await unit_of(office, name) for name in ("An", "Chi", "Hạnh")] == ["Xã Trí Lực", "Xã Trí Lực", "Sở Tổ chức"]
    await sends(hr, *rows)
    hr.sees("Không có gì để đổi", "Đã đúng như vậy: 3")
    await undoes(hr)
    assert [await unit_of(office, name) for name in ("An", "Chi", "Hạnh")] == ["Xã Trí Phải", "Xã Tân Lộc", "Sở Nội vụ"]


async def test_rows_in_error_come_back_and_the_good_ones_are_kept(office: Office) -> None:
    hr = await communes(office)
    await sends(hr, ("Xã Trí Phải", "Xã A"), ("Xã Nào Đó", "Xã A"), ("Xã Trí Phải", "Xã B"), ("Xã Tân Lộc", ""))
    hr.sees("Đổi tên: 1", "Không có đơn vị “Xã Nào Đó”", "“Xã Trí Phải” đã có ở dòng 2", "Thiếu tên đơn vị")
    assert hr.arrived[-1].attachments[0].name == "sap-nhap - lỗi.xlsx"
    await hr.taps("Ghi nhận")
    assert await unit_of(office, "An") == "Xã A"


async def test_rows_that_swap_names_are_refused_and_the_others_kept(office: Office) -> None:
    hr = await communes(office)
    await sends(hr, ("Xã Trí Phải", "Xã Tân Lộc"), ("Xã Tân Lộc", "Xã Trí Phải"), ("Sở Nội vụ", "Sở Tổ chức"))
    hr.sees("Đổi tên: 1", "“Xã Tân Lộc” đứng ở hai dòng phụ thuộc nhau (xem dòng 3), mời gửi hai tệp", "dòng 2")
    await hr.taps("Ghi nhận")
    units = [await unit_of(office, name) for name in ("An", "Chi", "Hạnh")]
    assert units == ["Xã Trí Phải", "Xã Tân Lộc", "Sở Tổ chức"]


async def test_rows_that_follow_on_each_other_are_refused_and_come_right_in_two_files(office: Office) -> None:
    hr = await communes(office)
    rows = ("Xã Trí Phải", "Xã Mới"), ("Xã Tân Lộc", "Xã Trí Phải")
    for order in (rows, rows[::-1]):
        await sends(hr, *order)
        hr.sees("“Xã Trí Phải” đứng ở hai dòng phụ thuộc nhau")
        hr.sees_no("Ghi nhận")
    for row in rows:
        await sends(hr, row)
        hr.sees("Đổi tên: 1")
        await hr.taps("Ghi nhận")
    assert [await unit_of(office, name) for name in ("An", "Chi")] == ["Xã Mới", "Xã Trí Phải"]


async def test_a_unit_under_an_old_and_a_present_name_in_two_rows_is_refused(office: Office) -> None:
    hr = await communes(office)
    await sends(hr, ("Xã Trí Phải", "Xã Tân Lộc"))
    await hr.taps("Ghi nhận")
    await sends(hr, ("Xã Trí Phải", "Xã A"), ("Xã Tân Lộc", "Xã B"))
    hr.sees("hai dòng phụ thuộc nhau")
    hr.sees_no("Ghi nhận")


async def test_a_name_longer_than_any_is_told_in_its_own_column_and_shortened(office: Office) -> None:
    hr = await communes(office)
    for row, heading in ((("Xã Trí Phải", "x" * 32_000), "Đơn vị mới"), (("x" * 32_000, "Xã Mới"), "Đơn vị cũ")):
        await sends(hr, row)
        hr.sees(f"{heading}: quá dài (“{'x' * 40}…”)")
        hr.sees_no("x" * 41)
        hr.sees_no("Ghi nhận")


async def test_a_clerk_of_one_unit_merges_nothing_and_is_logged(office: Office) -> None:
    await communes(office)
    clerk = office.chat("Bình")
    async with office.store.transaction() as tx:
        await tx.execute(
            """insert into rights (person_id, role, unit_id, granted_at)
            select id, 'hr', unit_id, 1 from people where name = 'Bình'"""
        )
    await sends(clerk, ("Xã Trí Phải", "Xã A"))
    clerk.sees("Chỉ bộ phận tổ chức của cả cơ quan")
    clerk.sees_no("Ghi nhận")
    assert await value(office, "select subject from audit where action = 'refused'") == "units"
