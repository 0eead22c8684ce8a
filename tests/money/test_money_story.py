from bot.excel.writer import Sheet, write_workbook
from tests.results.classes import class_of
from tests.talking import Office


async def test_support_of_a_learner_is_planned_approved_paid_and_seen_by_them_alone(office: Office) -> None:
    hr, lan, minh = await office.person("Hoa", hr=True), await office.person("Lan"), await office.person("Minh")
    course_id = await class_of(office, lan, minh)
    await hr.taps_data(f"desk_course:{course_id}")
    await hr.taps("Kinh phí")
    await hr.taps("Từng học viên")
    await hr.taps("Lan")
    await hr.taps("Học phí")
    await hr.taps("Ghi dự kiến")
    await hr.taps("Đơn vị")
    await hr.sends("âm")
    hr.sees("không phải số tiền")
    await hr.sends("-100")
    hr.sees("không phải số tiền")
    await hr.sends("1,5tr")
    hr.sees("Đã ghi 1.500.000 đồng")
    await hr.taps("Xem khoản này")
    await hr.taps("Duyệt số khác")
    await hr.sends("1.200.000")
    await hr.taps("Xem khoản này")
    await hr.taps("Chi số khác")
    await hr.sends("1.300.000")
    hr.sees("nhiều hơn số được duyệt (1.200.000 đồng)")
    await hr.taps_data(f"money_next:{course_id}:{lan.person_id}:tuition:paid")
    hr.sees("1.200.000 đồng")
    await lan.taps_data(f"course:{course_id}")
    await lan.taps("Kinh phí của tôi")
    lan.sees("Học phí", "dự kiến 1.500.000 đồng, duyệt 1.200.000 đồng, đã chi 1.200.000 đồng (23/11/2026)")
    await lan.taps_data("hours")
    await lan.taps("Kinh phí của tôi")
    lan.sees("Luật Đất đai")
    await minh.taps_data(f"course:{course_id}")
    minh.sees_no("Kinh phí của tôi")
    await minh.taps_data(f"money_mine:{course_id}")
    minh.sees("Chưa có khoản nào")
    async with office.store.reading() as tx:
        rows = await tx.fetch("select action, by_person from audit where action like 'money.%' order by id")
    done = [row["action"] for row in rows if row["action"] in ("money.plan", "money.approve", "money.pay")]
    assert done == ["money.plan", "money.approve", "money.pay"]


async def test_a_whole_class_is_planned_approved_and_paid_at_once_without_the_clerk(office: Office) -> None:
    hr, lan, minh = await office.person("Hoa", hr=True), await office.person("Lan"), await office.person("Minh")
    course_id = await class_of(office, lan, minh, hr)
    await hr.taps_data(f"money:{course_id}")
    await hr.taps("Chi cho cả lớp")
    await hr.taps("Đi lại")
    await hr.taps("Ghi dự kiến")
    await hr.taps("Ngân sách")
    await hr.sends("200k")
    hr.sees("200.000 đồng cho 2 người", "Bỏ qua 1")
    await hr.taps("Xem khoản này")
    await hr.taps("Duyệt đúng dự kiến")
    hr.sees("400.000 đồng cho 2 người")
    await hr.taps("Xem khoản này")
    await hr.taps("Đã chi đúng duyệt")
    await hr.taps_data(f"money_next:{course_id}:0:travel:paid")
    hr.sees("Không có khoản nào ở bước này")
    await hr.taps_data(f"money:{course_id}")
    hr.sees("Ngân sách: dự toán 0 đồng, đã chi 400.000 đồng, vượt 400.000 đồng")
    await hr.taps_data(f"money_plan:{course_id}:{hr.person_id}:travel:unit")
    await hr.sends("5tr")
    hr.sees("không tự ghi kinh phí của mình")


async def test_a_budget_by_source_shows_what_was_spent_and_what_is_over(office: Office) -> None:
    hr, lan = await office.person("Hoa", hr=True), await office.person("Lan")
    course_id = await class_of(office, lan)
    await hr.taps_data(f"money:{course_id}")
    hr.sees("Chưa có dự toán")
    await hr.taps("Dự toán theo nguồn")
    await hr.taps("Ngân sách: dự toán")
    await hr.sends("15.000.000")
    hr.sees("Đã ghi 15.000.000 đồng")
    await hr.taps("Nguồn khác")
    await hr.taps("Ngân sách: đã chi")
    await hr.sends("16tr")
    await hr.taps("Quay lại")
    hr.sees("dự toán 15.000.000 đồng, đã chi 16.000.000 đồng, vượt 1.000.000 đồng", "Cộng")
    await hr.taps_data(f"money_source:{course_id}:gold:planned")
    hr.sees_no("bao nhiêu")


async def test_money_comes_by_workbook_and_its_export_changes_nothing(office: Office) -> None:
    hr, lan = await office.person("Hoa", hr=True, code="H1"), await office.person("Lan", code="A1")
    course_id = await class_of(office, lan, hr)
    headings = ["Mã lớp", "Mã cán bộ", "Khoản chi", "Nguồn chi trả", "Dự kiến", "Được duyệt", "Đã chi", "Ngày chi"]
    rows = [
        ["DD1", "A1", "Học phí", "Đơn vị", 1_500_000, 1_500_000, 1_000_000, "20/11/2026"],
        ["DD1", "A1", "Đi lại", "Ngân sách", "200k", None, None, None],
        ["DD1", "A1", "Quà", "Ngân sách", 1, None, None, None],
        ["DD1", "A1", "Chỗ ở", "Ngân sách", -1, None, None, None],
        ["DD1", "A1", "Tiền ăn", "Ngân sách", 100_000, None, 100_000, "20/11/2026"],
        ["DD1", "A1", "Tài liệu", "Ngân sách", 100_000, 50_000, 60_000, "20/11/2026"],
        ["DD1", "H1", "Học phí", "Đơn vị", 100_000, None, None, None],
        ["DD1", "A9", "Học phí", "Đơn vị", 100_000, None, None, None],
        ["DD1", "A1", "Học phí", "Đơn vị", 2, None, None, None],
    ]
    await hr.uploads("tien.xlsx", write_workbook([Sheet("Tiền", headings, rows)]))
    hr.sees("Ghi hoặc sửa: 2 khoản (dự kiến 1.700.000 đồng, duyệt 1.500.000 đồng, đã chi 1.000.000 đồng)")
    hr.sees("Dòng lỗi, để lại: 7")
    await hr.taps("Ghi nhận")
    await hr.taps_data(f"money:{course_id}")
    await hr.taps("Xuất kinh phí")
    await hr.uploads("lai.xlsx", hr.arrived[-1].attachments[0].content)
    hr.sees("Không có gì thay đổi", "Giữ nguyên: 2")
    rows = [["DD1", "A1", "Học phí", "Đơn vị", 1_600_000, None, None, None]]
    await hr.uploads("sua.xlsx", write_workbook([Sheet("Tiền", headings, rows)]))
    hr.sees("đã duyệt nên không đổi dự kiến")


async def test_only_hr_of_the_courses_owner_touches_its_money(office: Office) -> None:
    clerk, lan = await office.person("Thu", unit="Xã A"), await office.person("Lan", unit="Xã A")
    other = await office.person("Xa", unit="Xã B")
    async with office.store.transaction() as tx:
        await tx.execute(
            """insert into rights (person_id, role, unit_id, granted_at)
            select id, 'hr', unit_id, 1 from people where id = $1""",
            clerk.person_id,
        )
    course_id = await class_of(office, lan, other)
    await clerk.taps_data(f"money:{course_id}")
    clerk.sees("Kinh phí")
    clerk.sees_no("Dự toán theo nguồn")
    await clerk.taps("Từng học viên")
    clerk.sees("Lan")
    clerk.sees_no("Xa")
    await clerk.taps_data(f"money_plan:{course_id}:{lan.person_id}:travel:unit")
    clerk.sees("dành cho người được phân quyền")
    await lan.taps_data(f"money:{course_id}")
    lan.sees("dành cho người được phân quyền")
