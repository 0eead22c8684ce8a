from tests.mergers.communes import communes, unit_of, value
from tests.people_sheets import sheet
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
    await hr.taps("Hoàn tác")
    assert [await unit_of(office, name) for name in ("An", "Chi", "Hạnh")] == ["Xã Trí Phải", "Xã Tân Lộc", "Sở Nội vụ"]


async def test_rows_in_error_come_back_and_the_good_ones_are_kept(office: Office) -> None:
    hr = await communes(office)
    await sends(hr, ("Xã Trí Phải", "Xã A"), ("Xã Nào Đó", "Xã A"), ("Xã Trí Phải", "Xã B"), ("Xã Tân Lộc", ""))
    hr.sees("Đổi tên: 1", "Không có đơn vị “Xã Nào Đó”", "“Xã Trí Phải” đã có ở dòng 2", "Thiếu tên đơn vị")
    assert hr.arrived[-1].attachments[0].name == "sap-nhap - lỗi.xlsx"
    await hr.taps("Ghi nhận")
    assert await unit_of(office, "An") == "Xã A"


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
