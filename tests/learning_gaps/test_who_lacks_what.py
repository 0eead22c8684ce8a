import io

import openpyxl

from tests.courses.classes import course, seated
from tests.learning_gaps.posts_held import CLERK, LAND, holds, learned, required
from tests.people_sheets import HEADINGS, sheet
from tests.rights.agency import audited, clerk
from tests.talking import Chat, Office, at


async def staffed(office: Office) -> tuple[Chat, Chat, Chat, Chat]:
    hr = await office.person("Hạnh", unit="Sở Nội vụ", hr=True, audience="VC")
    lan, minh = await holds(office, "Lan", CLERK), await holds(office, "Minh", LAND)
    nga = await holds(office, "Nga", CLERK, unit="Xã Biển Bạch")
    await required(hr, ["Công chức", "Pháp luật", "Mỗi năm", None], [LAND, "QLNN", "Một lần", "x"])
    return hr, lan, minh, nga


async def test_hr_sees_who_lacks_what_the_sensitive_posts_first(office: Office) -> None:
    hr, _, _, _ = await staffed(office)
    await learned(office, "Lan", "PL", "05/03/2026")
    await hr.taps_data("gaps")
    hr.sees("Pháp luật: còn 2/3 người", "Quản lý nhà nước: còn 1/1")
    await hr.taps("Pháp luật (2)")
    hr.sees("Vị trí ưu tiên – Xã Trí Phải: Minh\n", "\nXã Biển Bạch: Nga")
    hr.sees_no("Lan")
    assert ("gaps.list", "category:PL") in await audited(office)
    await hr.taps("Quay lại")
    await hr.taps("Tải danh sách (Excel)")
    page = openpyxl.load_workbook(io.BytesIO(hr.arrived[-1].attachments[0].content)).worksheets[0]
    cells = [[cell.value for cell in row] for row in page.iter_rows()]
    found = [[*row[1:4], *row[4:9]] for row in cells if row[0] in (1, 2, 3)]
    assert found == [
        ["CMinh", "Minh", "Xã Trí Phải", LAND, "x", "Pháp luật", "Mỗi năm", "Chưa có lớp"],
        ["CMinh", "Minh", "Xã Trí Phải", LAND, "x", "Quản lý nhà nước", "Một lần", "Chưa có lớp"],
        ["CNga", "Nga", "Xã Biển Bạch", CLERK, None, "Pháp luật", "Mỗi năm", "Chưa có lớp"],
    ]


async def test_once_is_done_in_any_year_and_each_year_in_this_one(office: Office) -> None:
    hr, _, minh, _ = await staffed(office)
    await learned(office, "Minh", "PL", "05/03/2025")
    await learned(office, "Minh", "QLNN", "05/03/2019")
    await minh.taps_data("gaps_mine")
    minh.sees("Pháp luật (mỗi năm): chưa học", "Quản lý nhà nước (một lần): đã học")
    await learned(office, "Minh", "PL", "06/03/2026", "Không hoàn thành")
    await minh.taps_data("gaps_mine")
    minh.sees("Pháp luật (mỗi năm): chưa học")
    await hr.taps_data("gaps")
    hr.sees("Quản lý nhà nước: cả 1 người đã học")


async def test_a_level_in_the_staff_list_stands_for_what_is_called_for_once(office: Office) -> None:
    hr, lan, minh, _ = await staffed(office)
    await required(hr, ["Mọi người", "LLCT", "Một lần", None], ["Lãnh đạo, quản lý", "QLNN", "Mỗi năm", None])
    async with office.store.transaction() as tx:
        await tx.execute("update people set politics = 'Trung cấp', management = 'Chuyên viên', leader = 1")
    await minh.taps_data("gaps_mine")
    minh.sees("Lý luận chính trị (một lần): đã học", "Quản lý nhà nước (mỗi năm): chưa học")
    await lan.taps_data("gaps_mine")
    lan.sees("Quản lý nhà nước (mỗi năm): chưa học")


async def test_a_seat_counts_as_a_course_until_the_class_is_over_without_success(office: Office) -> None:
    hr, lan, _, _ = await staffed(office)
    course_id = await course(office, title="Luật Đất đai", category="PL", code="PL1")
    await seated(office, lan, course_id)
    await lan.taps_data("gaps_mine")
    lan.sees("Pháp luật (mỗi năm): đã có lớp")
    await hr.taps_data("gaps")
    hr.sees("còn 3/3 người chưa học, trong đó 1 người đã có lớp")
    office.clock.move_to(at("2026-12-08"))
    await hr.taps_data(f"res_one:{course_id}:{lan.person_id}")
    await hr.sends("3")
    await hr.taps_data(f"res_close_yes:{course_id}")
    await lan.taps_data("gaps_mine")
    lan.sees("Pháp luật (mỗi năm): chưa học")


async def test_a_person_is_led_from_what_is_missing_to_the_courses_of_it(office: Office) -> None:
    _, lan, _, _ = await staffed(office)
    await course(office, title="Luật Đất đai", category="PL", code="PL1")
    await course(office, title="Tiếng Anh", category="NN", code="NN1")
    await lan.sends("/hoso")
    await lan.taps("Giờ học, chứng chỉ")
    await lan.taps("Nội dung cần học")
    lan.sees("Pháp luật (mỗi năm): chưa học")
    await lan.taps("Lớp Pháp luật (1)")
    lan.sees("Luật Đất đai")
    lan.sees_no("Tiếng Anh")


async def test_a_hint_goes_once_a_month_to_those_who_still_lack_it(office: Office) -> None:
    hr, lan, minh, nga = await staffed(office)
    await course(office, title="Luật Đất đai", category="PL", code="PL1", deadline=at("2026-12-31"))
    await holds(office, "Im", CLERK, linked=False)
    await hr.taps_data("gaps_of:PL")
    await hr.taps("Gửi gợi ý học")
    hr.sees("tới 3 người")
    await hr.taps("Gửi gợi ý")
    hr.sees("tới 3 người")
    await hr.taps_data("gaps_hint:PL:1")
    hr.sees("tới 0 người", "3 người đã được gửi trong tháng này")
    await learned(office, "Lan", "PL", "05/03/2026")
    await office.settle()
    assert [kind for _, kind, _ in lan.pushed] == []
    assert [kind for _, kind, _ in minh.pushed] == [kind for _, kind, _ in nga.pushed] == ["gap_hint"]
    assert minh.saw("Vị trí của anh/chị cần học Pháp luật mỗi năm; năm 2026 chưa thấy ghi lớp nào")
    await minh.taps("Xem lớp")
    minh.sees("Luật Đất đai")


async def test_a_head_sees_the_own_units_gaps_and_a_clerk_those_under_their_rights(office: Office) -> None:
    _, lan, _, nga = await staffed(office)
    long = await holds(office, "Long", CLERK, unit="Xã Biển Bạch", head=True)
    await long.taps_data("who_not")
    await long.taps("Còn thiếu nội dung")
    long.sees("Pháp luật: còn 2/2 người")
    await long.taps("Pháp luật (2)")
    long.sees("Xã Biển Bạch: Long, Nga")
    long.sees_no("Minh")
    mai = await clerk(office, "Mai", "Xã Trí Phải", audience="VC")
    await mai.taps_data("gaps")
    mai.sees("Pháp luật: còn 2/2 người", "Quản lý nhà nước: còn 1/1")
    mai.sees_no("Vị trí nào cần học gì")
    await mai.taps_data("gaps_hint:PL:1")
    mai.sees("tới 2 người")
    await office.settle()
    assert nga.pushed == []
    for nobody in (lan, nga):
        await nobody.taps_data("gaps_of:PL")
        nobody.sees_no("Minh")


async def test_a_post_spelled_anew_in_the_next_staff_list_is_the_same_post(office: Office) -> None:
    hr, _, _, _ = await staffed(office)
    rows = sheet(
        ["D1", "Dũng", 1990, "Công chức", "Xã Mới", "VC", None, "ĐỊA CHÍNH-XÂY DỰNG"],
        headings=[*HEADINGS, "Vị trí việc làm"],
    )
    await hr.uploads("ds.xlsx", rows)
    await hr.taps("Ghi nhận")
    await hr.taps_data("gaps")
    hr.sees("Quản lý nhà nước: còn 2/2")


async def test_in_english(office: Office) -> None:
    hr, lan, _, _ = await staffed(office)
    for chat in (hr, lan):
        await chat.sends("/ngonngu")
        await chat.taps("English")
    await hr.taps_data("gaps")
    hr.sees("3/3 people still lack it")
    await hr.taps("Pháp luật (3)" if "Pháp luật (3)" in hr.last else "Law (3)")
    hr.sees("Sensitive post –")
    await hr.taps("Send a hint")
    hr.sees("3 people")
    await hr.taps("Send the hint")
    await hr.taps_data("posts")
    hr.sees("Everybody")
    await hr.taps_data("post:CC:0")
    hr.sees("each year")
    await lan.taps_data("gaps_mine")
    lan.sees("not yet")
    await office.settle()
    assert lan.saw("Your post calls for")
