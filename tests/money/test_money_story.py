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
    hr.sees("Đã ghi 1.500.000 đồng: dự kiến học phí của Lan, nguồn: Đơn vị, lớp DD1")
    await hr.taps("Xem khoản này")
    await hr.taps("Duyệt số khác")
    await hr.sends("1,6tr")
    hr.sees("Đã ghi 1.600.000 đồng: được duyệt học phí của Lan", "Vượt dự kiến 100.000 đồng")
    await hr.taps("Xem khoản này")
    hr.sees("duyệt 1.600.000 đồng, vượt dự kiến 100.000 đồng")
    await hr.taps_data(f"money_other:{course_id}:{lan.person_id}:tuition:approved")
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
    assert done == ["money.plan", "money.approve", "money.approve", "money.pay"]


async def test_a_whole_class_is_planned_approved_and_paid_at_once_without_the_clerk(office: Office) -> None:
    hr, lan, minh = await office.person("Hoa", hr=True), await office.person("Lan"), await office.person("Minh")
    course_id = await class_of(office, lan, minh, hr)
    await hr.taps_data(f"money:{course_id}")
    await hr.taps("Chi cho cả lớp")
    await hr.taps("Đi lại")
    await hr.taps("Ghi dự kiến")
    hr.sees("Khoản đi lại của mỗi học viên (2 người), lớp DD1: nguồn nào chi trả?")
    await hr.taps("Ngân sách")
    await hr.sends("200k")
    hr.sees("400.000 đồng cho 2 người, mỗi người 200.000 đồng: dự kiến đi lại của lớp, nguồn: Ngân sách", "Bỏ qua 1")
    await hr.taps("Xem khoản này")
    await hr.taps("Duyệt đúng dự kiến")
    hr.sees("400.000 đồng cho 2 người: được duyệt đi lại của lớp")
    hr.sees_no("vượt")
    await hr.taps("Xem khoản này")
    await hr.taps("Đã chi đúng duyệt")
    hr.sees("Ngân sách: vượt dự toán 400.000 đồng (dự toán 0 đồng, đã chi 400.000 đồng)")
    await hr.taps_data(f"desk_course:{course_id}")
    hr.sees("Kinh phí: dự toán 0 đồng, đã chi 400.000 đồng, vượt 400.000 đồng")
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
    hr.sees("Đã ghi 15.000.000 đồng: dự toán, nguồn: Ngân sách, lớp DD1")
    await hr.taps("Nguồn khác")
    await hr.taps("Ngân sách: đã chi")
    await hr.sends("16tr")
    hr.sees("chi chung của lớp", "Ngân sách: vượt dự toán 1.000.000 đồng")
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


async def test_a_workbook_that_goes_beyond_what_is_planned_is_shown_to_do_so_and_still_kept(office: Office) -> None:
    hr, lan = await office.person("Hoa", hr=True), await office.person("Lan", code="A1")
    course_id = await class_of(office, lan)
    await hr.taps_data(f"money_source:{course_id}:state:planned")
    await hr.sends("1tr")
    headings = ["Mã lớp", "Mã cán bộ", "Khoản chi", "Nguồn chi trả", "Dự kiến", "Được duyệt", "Đã chi", "Ngày chi"]
    rows = [
        ["DD1", "A1", "Học phí", "Ngân sách", 1_000_000, 1_200_000, 1_100_000, "20/11/2026"],
        ["DD1", "A1", "Đi lại", "Ngân sách", 300_000, 300_000, 300_000, "20/11/2026"],
    ]
    await hr.uploads("tien.xlsx", write_workbook([Sheet("Tiền", headings, rows)]))
    hr.sees("Dòng 2: Vượt dự kiến 100.000 đồng", "Ghi hoặc sửa: 2 khoản")
    hr.sees("Dòng 3: Ngân sách của lớp: đã chi 1.400.000 đồng, vượt dự toán 400.000 đồng (dự toán 1.000.000 đồng)")
    await hr.taps("Ghi nhận")
    await hr.taps_data(f"money:{course_id}")
    hr.sees("vượt 400.000 đồng")


async def test_nothing_is_offered_for_a_class_where_nothing_can_be_done(office: Office) -> None:
    hr = await office.person("Hoa", hr=True)
    course_id = await class_of(office, hr)
    await hr.taps_data(f"money:{course_id}")
    hr.sees_no("Chi cho cả lớp")
    await hr.taps_data(f"money_payer:{course_id}:0:travel")
    hr.sees("Chưa có khoản nào")
    hr.sees_no("Ghi dự kiến")
    await hr.taps_data(f"money_item:{course_id}:{hr.person_id}:travel")
    hr.sees("Khoản của chính anh/chị do người khác ghi")
    hr.sees_no("Ghi dự kiến")


async def test_an_item_that_is_approved_for_everybody_is_not_asked_for_again(office: Office) -> None:
    hr, lan = await office.person("Hoa", hr=True), await office.person("Lan")
    course_id = await class_of(office, lan)
    await hr.taps_data(f"money_plan:{course_id}:0:travel:unit")
    await hr.sends("200k")
    await hr.taps_data(f"money_next:{course_id}:0:travel:approved")
    await hr.taps_data(f"money_payer:{course_id}:0:travel")
    hr.sees("1 người", "1 chờ chi", "Đã chi đúng duyệt")
    hr.sees_no("nguồn nào")
    hr.sees_no("Ghi dự kiến")
