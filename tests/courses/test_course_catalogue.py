from bot.training import courses, enrolments
from tests.courses.classes import course, imported, seated
from tests.talking import Office, at


async def test_the_catalogue_shows_only_what_a_person_may_take(office: Office) -> None:
    await course(office, title="Cho viên chức", audience="VC")
    await course(office, title="Cho mọi người", audience="CB,CC,VC")
    await course(office, title="Đã đóng", state="closed")
    await course(office, title="Đã huỷ", state="cancelled")
    await course(office, title="Hết hạn", deadline=at("2026-11-22", "23:59"))
    lan = await office.person("Lan", audience="VC")
    await lan.sends("/lop")
    lan.sees("2 lớp", "Cho viên chức", "Cho mọi người")
    for missing in ("Đã đóng", "Đã huỷ", "Hết hạn"):
        lan.sees_no(missing)


async def test_an_audience_code_is_matched_whole(office: Office) -> None:
    await course(office, title="Cho hợp đồng", audience="HDLD")
    lan = await office.person("Lan", audience="CB")
    await lan.sends("/lop")
    lan.sees("chưa có lớp nào")


async def test_the_catalogue_is_paged_by_six(office: Office) -> None:
    await imported(office)
    lan = await office.person("Lan", audience="CC")
    await lan.sends("/lop")
    lan.sees("10 lớp", "Trang 1/2", "Xem tiếp")
    await lan.taps("Xem tiếp")
    lan.sees("Trang 2/2", "Nghiệp vụ hộ tịch, chứng thực <bản cập nhật> & tình huống")
    await lan.taps("Nghiệp vụ hộ tịch")
    await lan.taps("Quay lại")
    lan.sees("Trang 2/2")


async def test_filters_narrow_by_category_month_and_mode(office: Office) -> None:
    await imported(office)
    lan = await office.person("Lan", audience="CC")
    await lan.sends("/lop")
    await lan.taps("Tháng")
    lan.sees("Tháng 12/2026 (9)", "Tháng 01/2027 (1)")
    await lan.taps("Tháng 12/2026")
    lan.sees("9 lớp", "Đang lọc: Tháng 12/2026")
    await lan.taps("Hình thức")
    lan.sees("Trực tiếp (6)", "Trực tuyến (2)", "Kết hợp (1)")
    await lan.taps("Trực tuyến")
    lan.sees("2 lớp", "Văn hóa công sở", "Cải cách hành chính")
    await lan.taps("Nội dung")
    await lan.taps("Đạo đức công vụ (1)")
    lan.sees("1 lớp", "Văn hóa công sở")
    await lan.taps("Văn hóa công sở")
    lan.sees("https://hop.example.gov.vn/ddcv")
    await lan.taps("Quay lại")
    lan.sees("1 lớp")
    await lan.taps("Xem tất cả")
    lan.sees("10 lớp")


async def test_an_empty_filter_says_so(office: Office) -> None:
    await course(office)
    lan = await office.person("Lan")
    await lan.taps_data("courses:NN..:0")
    lan.sees("Không có lớp nào khớp", "Xem tất cả")


async def test_search_knows_open_courses_and_ones_own(office: Office) -> None:
    open_id = await course(office, title="Lớp mở")
    closed_id = await course(office, title="Lớp đóng", state="closed", sessions_at=(("2026-12-09", "08:00", "09:00"),))
    lan = await office.person("Lan")
    async with office.store.reading() as tx:
        assert await courses.titles(tx, lan.person_id, office.clock.now()) == [(open_id, "Lớp mở")]
    await seated(office, lan, closed_id)
    async with office.store.reading() as tx:
        found = await courses.titles(tx, lan.person_id, office.clock.now())
    assert found == [(open_id, "Lớp mở"), (closed_id, "Lớp đóng")]


async def test_open_tasks_are_the_offers_to_answer(office: Office) -> None:
    course_id = await course(office, capacity=1, needs_head=0)
    lan, mai = await office.person("Lan"), await office.person("Mai")
    await lan.taps_data(f"enrol:{course_id}")
    await mai.taps_data(f"enrol:{course_id}")
    await lan.taps_data(f"enrol_drop:{course_id}:work")
    now = office.clock.now()
    async with office.store.reading() as tx:
        assert await enrolments.open_tasks(tx, mai.person_id, now) == 1
        assert await enrolments.open_tasks(tx, mai.person_id, now + 86_400) == 0
        assert await enrolments.open_tasks(tx, lan.person_id, now) == 0


async def test_a_course_of_thirty_sessions_still_fits_one_message(office: Office) -> None:
    days = tuple((f"2026-12-{day:02}", "07:30", "11:30") for day in range(1, 31))
    title = "Lớp dài " * 25
    course_id = await course(office, title=title, objective="Mục tiêu " * 90, sessions_at=days, lecturer="Ông A " * 30)
    lan = await office.person("Lan")
    await lan.taps_data(f"course:{course_id}")
    lan.sees("… và 22 buổi nữa")
    assert len(lan.arrived[-1].text) < 2000


async def test_short_courses_are_found_apart_and_the_card_tells_the_length(office: Office) -> None:
    lan = await office.person("Lan")
    long = tuple((f"2026-12-{day:02}", "07:30", "11:30") for day in (7, 8, 9, 10, 11, 14))
    await course(office, title="Lớp dài", sessions_at=long)
    halves = (("2026-12-07", "07:30", "11:30"), ("2026-12-07", "13:30", "17:00"))
    await course(office, title="Lớp ngắn", sessions_at=halves)
    await lan.sends("/lop")
    await lan.taps("Thời lượng")
    lan.sees("theo thời lượng nào", "[Trên 5 ngày (1)]")
    await lan.taps("Ngắn hạn (đến 5 ngày) (1)")
    lan.sees("Đang lọc: Ngắn hạn (đến 5 ngày)", "Lớp ngắn")
    lan.sees_no("Lớp dài")
    await lan.taps("07/12/2026 · Lớp ngắn")
    lan.sees("Thời lượng: 1 ngày (lớp ngắn hạn)")
    await lan.taps("Quay lại")
    lan.sees_no("Lớp dài")
    await lan.taps("Xem tất cả")
    await lan.taps("07/12/2026 · Lớp dài")
    lan.sees("Thời lượng: 6 ngày\n")
