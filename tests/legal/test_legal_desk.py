import io

from openpyxl import load_workbook

from tests.legal.law_office import law, publish, works_through
from tests.talking import Office, at


async def test_hr_sees_how_many_are_done_and_who_is_not_by_unit_ready_to_paste(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True, audience="CB")
    for name in ("Bình", "An <&>"):
        await office.person(name)
    await office.person("Lan", unit='Trường <"A"> & B')
    done = await office.person("Xong")
    await publish(office, law())
    await works_through(done)
    await hr.sends("/quanly")
    await hr.taps("Pháp luật")
    hr.sees("1/2026/QH16", "xong 1/4 người", "[Đăng văn bản]")
    await hr.taps("1/2026")
    hr.sees("Luật <Đất> & nhà", "phiên bản 1", "Đối tượng: CC", "Đã xong: 1/4", "[Ai chưa?]")
    await hr.taps("Ai chưa?")
    hr.sees("Chưa xong cập nhật pháp luật 1/2026/QH16: 3 người")
    hr.sees('Trường <"A"> & B: Lan\nXã Trí Phải: An <&>, Bình')
    await hr.taps("Tải tệp Excel")
    hr.sees("danh sách 3 người")
    (sheet,) = load_workbook(io.BytesIO(hr.arrived[-1].attachments[0].content)).worksheets
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert ["STT", "Mã CBCCVC", "Họ và tên", "Đơn vị công tác"] in cells
    assert [1, "XLan", "Lan", 'Trường <"A"> & B'] in cells
    assert len(cells) == 7


async def test_evidence_is_exported_with_who_when_and_which_version(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    lan = await office.person("Lan")
    await publish(office, law())
    await works_through(lan)
    await publish(office, law(more="sua_doi: true"))
    office.clock.move_to(at("2026-11-25", "09:30"))
    await works_through(lan)
    await hr.taps_data("desk_law_proofs:1")
    rendered = hr.arrived[-1]
    assert rendered.attachments[0].name == "phap-luat-1-xac-nhan-25-11-2026.xlsx"
    (sheet,) = load_workbook(io.BytesIO(rendered.attachments[0].content)).worksheets
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()][-2:]
    assert [(row[2], row[4].isoformat(), row[5], row[6]) for row in rows] == [
        ("Lan", "2026-11-23T08:00:00", 1, "2/2"),
        ("Lan", "2026-11-25T09:30:00", 2, "2/2"),
    ]


async def test_marking_as_amended_asks_for_a_deadline_then_whether_it_is_meant(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True, audience="CB")
    lan = await office.person("Lan")
    await office.person("Hoa")
    await publish(office, law())
    await office.settle()
    await works_through(lan)
    await hr.taps_data("desk_law:1")
    await hr.taps("Đánh dấu đã sửa đổi")
    hr.sees("Hạn đọc lại là ngày nào?", "[Hạn 23/12/2026]")
    for wrong in ("mai", "31/02/2027", "01/01/2020", "01/01/2199"):
        await hr.sends(wrong)
        hr.sees(f"chưa hiểu “{wrong}”")
    await hr.sends("15/1/2027")
    hr.sees("cả 2 người phải đọc lại, trong đó 1 người đã xác nhận", "Hạn mới: thứ Sáu 15/01/2027")
    sure = hr.arrived[-1].menu[0][1]
    await hr.taps("Đánh dấu đã sửa đổi")
    hr.sees("phiên bản 2 (sửa đổi 23/11/2026)", "Đã xong: 0/2")
    await hr.taps_data(sure)
    hr.sees("phiên bản 2")
    await lan.sends("/phapluat")
    lan.sees("Chưa xong", "15/01/2027")


async def test_the_proposed_deadline_is_a_working_day_and_forged_ones_change_nothing(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await publish(office, law())
    office.clock.move_to(at("2026-12-03"))  # thirty days later is a Saturday
    await hr.taps_data("desk_law_amend:1")
    hr.sees("[Hạn 04/01/2027]")
    for forged in ("desk_law_amended:1:1:20261301", "desk_law_amended:1:1:20200101", "desk_law_sure:1:2:20270104"):
        await hr.taps_data(forged)
        hr.sees("không còn dùng được")
    await hr.taps_data("desk_law:1")
    hr.sees("phiên bản 1")


async def test_closing_and_opening_again_from_the_card(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await publish(office, law())
    await hr.taps_data("desk_law:1")
    await hr.taps("Đóng")
    hr.sees("Đã đóng ngày 23/11/2026", "[Mở lại]")
    hr.sees_no("Nhắc giúp tôi")
    await hr.taps_data("desk_law_nudge:1")
    hr.sees("không còn dùng được")
    await hr.taps_data("desk_law:1")
    await hr.taps("Mở lại")
    hr.sees("Hạn: Chủ nhật 20/12/2026", "[Đóng]")


async def test_without_any_update_hr_is_told_how_to_publish_one(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await hr.taps_data("desk_laws")
    hr.sees("Chưa có văn bản nào")
    await hr.taps("Đăng văn bản")
    hr.sees("gửi tệp .yaml", "hieu_luc: 2025-07-01", "sua_doi: true")


async def test_five_hundred_names_come_in_pages_that_fit_a_message(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True, audience="CB")
    for place in range(60):
        await office.person(f"Nguyễn Thị Phương Thảo Nguyên {place:03}", unit=f"Đơn vị {place % 2}", linked=False)
    await publish(office, law())
    await hr.taps_data("who_not_list:law:1")
    seen = 0
    while True:
        text = hr.arrived[-1].text
        assert len(text) <= 2000
        seen += text.count("Nguyên")
        if "Xem tiếp" not in hr.last:
            break
        await hr.taps("Xem tiếp")
    assert seen == 60
