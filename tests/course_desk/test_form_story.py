import json
from datetime import date

from bot.training import courses, sessions
from tests.courses.classes import course
from tests.talking import MONDAY, ZONE, Chat, Office, at


async def answered(hr: Chat, *answers: str) -> None:
    """Tap a button for "[…]", type anything else."""
    for one in answers:
        await (hr.taps(one[1:-1]) if one.startswith("[") else hr.sends(one))


async def filled(office: Office, hr: Chat) -> None:
    """Answer the whole form."""
    await hr.taps_data("cd_new")
    await answered(
        hr, "[Hội nghị tập huấn]", "Tập huấn Luật Đất đai", "[Pháp luật]", "[Trực tiếp]", "[cán bộ]",
        "[công chức]", "[Xong]", "40", "thứ Năm 3/12",
        "7/12", "[07:30–11:30]", "[4]", "Phòng họp 2", "[Thêm buổi]", "8/12", "13h30 đến 17h", "[Bỏ qua]",
        "[Như buổi trước]", "[Xong]",
        "Vận dụng luật mới", "Trường Chính trị tỉnh", "TS. Lê An; ThS. Mùa", "[Bỏ qua]", "XHạnh",
    )  # fmt: skip


async def opened(office: Office) -> courses.Course:
    async with office.store.reading() as tx:
        return courses.course_of(await tx.fetchrow("select * from courses order by id desc limit 1"))


async def test_a_clerk_makes_a_course_by_answering_one_question_after_the_other(office: Office) -> None:
    hr, lan = await office.person("Hạnh", hr=True), await office.person("Lan")
    await hr.sends("/quanly")
    await answered(hr, "[Lớp bồi dưỡng]", "[Tạo lớp]")
    await filled(office, hr)
    assert hr.sees("Tập huấn Luật Đất đai", "Người lập: Hạnh", "Nhóm nội dung: Pháp luật", "Sửa: Tên lớp")
    await hr.taps("Xem tiếp")
    assert hr.sees("Buổi học: 2 buổi (từ 07/12/2026)", "Giảng viên: TS. Lê An; ThS. Mùa")
    await answered(hr, "[Mở đăng ký]")
    assert hr.sees("2 buổi, 40 chỗ", "giảng viên: đã có", "văn bản phê duyệt: chưa có", "kinh phí: chưa có")
    await hr.taps("Mở đăng ký")
    assert hr.sees("Tập huấn Luật Đất đai", "PL26-01", "Có chỗ: 0/40")
    found = await opened(office)
    assert (found.kind, found.audience, found.mode, found.lecturer) == (
        "hoi_nghi", ("CB", "CC"), "truc_tiep", "TS. Lê An; ThS. Mùa",
    )  # fmt: skip
    assert found.deadline == at("2026-12-03", "23:59:59")
    async with office.store.reading() as tx:
        held = await sessions.of_course(tx, found.id)
        planned = await tx.fetchval("select count(*) from milestones where kind = 'session' and state = 'pending'")
        log = await tx.fetchval("select count(*) from audit where action = 'course.create'")
    assert [(s.starts_at, s.ends_at, s.hours, s.place) for s in held] == [
        (at("2026-12-07", "07:30"), at("2026-12-07", "11:30"), 4, "Phòng họp 2"),
        (at("2026-12-08", "13:30"), at("2026-12-08", "17:00"), None, "Phòng họp 2"),
    ]
    assert planned > 0
    assert log == 1
    await lan.sends("/lop")
    assert lan.sees("Tập huấn Luật Đất đai")


async def test_the_form_is_answered_by_numbers_where_there_are_no_buttons(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await hr.taps_data("lecturer_new")
    await hr.sends("TS. An")
    await hr.taps_data("cd_new")
    await answered(hr, "2", "Lớp gõ số", "8", "1", "1", "2", "5")
    assert hr.sees("Lớp có bao nhiêu chỗ?")
    await answered(hr, "12", "3/12")
    await hr.taps_data("cd_ask:1:lecturer")
    await hr.sends("1")
    await hr.taps_data("cd_ask:1:needs_head")
    await hr.sends("2")
    async with office.store.reading() as tx:
        fields = json.loads(await tx.fetchval("select fields from course_drafts"))
    assert fields == {
        "kind": "Hội nghị tập huấn", "title": "Lớp gõ số", "category": "PL", "mode": "Trực tiếp", "audience": "CB, CC",
        "capacity": "12", "deadline": "03/12/2026", "lecturer": "TS. An", "needs_head": "không",
    }  # fmt: skip


async def test_a_draft_waits_for_days_and_a_colleague_sees_whose_it_is(office: Office) -> None:
    hr, mai = await office.person("Hạnh", hr=True), await office.person("Mai", hr=True)
    await hr.taps_data("cd_new")
    await answered(hr, "[Lớp bồi dưỡng]", "Kỹ năng viết văn bản")
    office.clock.move_to(MONDAY + 9 * 86_400)
    await hr.taps_data("desk_drafts")
    await answered(hr, "[Kỹ năng viết văn bản]", "[Hỏi tiếp]")
    assert hr.sees("Lớp thuộc nhóm nội dung nào?")
    await mai.taps_data("desk_drafts")
    assert mai.sees("Kỹ năng viết văn bản (Hạnh")
    await answered(mai, "[Kỹ năng viết văn bản]", "[Sửa: Tên lớp]", "Kỹ năng soạn thảo")
    assert mai.sees("Người lập: Hạnh; sửa gần nhất: Mai")


async def test_every_line_of_the_card_can_be_changed(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await filled(office, hr)
    await answered(hr, "[Sửa: Chỉ tiêu]", "25")
    assert hr.sees("Chỉ tiêu: 25")
    for _ in range(5):
        await hr.taps("Xem tiếp")
        assert "Trang" in hr.last
    await answered(hr, "[Sửa: Điểm đạt]", "5,5")
    assert hr.sees("Điểm đạt: 5,5")


async def test_a_draft_without_session_deadline_or_places_does_not_open(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await hr.taps_data("cd_new")
    await answered(hr, "[Lớp bồi dưỡng]", "Lớp trống", "[Xem tóm tắt]")
    assert hr.sees("Cần sửa trước khi mở đăng ký", "Chỉ tiêu: còn trống", "Hạn đăng ký: còn trống")
    await hr.taps("Mở đăng ký")
    assert hr.sees("Chưa mở được", "chưa có ngày và giờ của buổi học")
    await hr.taps_data("cd_publish:1")
    assert hr.sees("chưa đủ để mở đăng ký")
    async with office.store.reading() as tx:
        assert await tx.fetchval("select count(*) from courses") == 0


async def test_slips_of_the_keyboard_are_told_and_asked_again(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await filled(office, hr)
    for tap, typed, said in (
        ("Sửa: Hạn đăng ký", "03/12/1926", "không hợp lý"),
        ("Sửa: Hạn đăng ký", "thứ Hai 3/12", "không rơi vào thứ này"),
        ("Sửa: Hạn đăng ký", "31/02/2027", "31/2/2027"),
        ("Sửa: Chỉ tiêu", "nhiều", "nhiều"),
        ("Sửa: Chỉ tiêu", "99999", "không phải số chỗ"),
    ):
        await hr.taps_data("cd:1:0" if "Chỉ" in tap else "cd:1:1")
        await answered(hr, f"[{tap}]", typed)
        assert hr.sees("Tôi chưa ghi được", said)
    await hr.taps_data("cd_s_ask:1:0:span")
    await hr.sends("11h30-7h30")
    assert hr.sees("kết thúc trước khi bắt đầu")
    await hr.taps_data("cd_s_ask:1:0:day")
    await hr.sends("7/12/1926")
    assert hr.sees("không hợp lý")


async def test_what_is_past_is_worth_a_look_before_opening(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await filled(office, hr)
    await hr.taps_data("cd_ask:1:deadline")
    await hr.sends("02/11/2026")
    await hr.taps_data("cd_s_ask:1:0:day")
    await hr.sends("09/11/2026")
    await hr.taps_data("cd_open:1")
    assert hr.sees("Xin xem lại", "Hạn đăng ký 02/11/2026 đã qua", "Buổi đầu (09/11/2026) đã qua", "[Mở đăng ký]")


async def test_a_draft_can_be_dropped_after_one_question(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await filled(office, hr)
    await answered(hr, "[Bỏ bản nháp]", "[Bỏ bản nháp]")
    assert hr.sees("Đã bỏ bản nháp")
    await hr.taps_data("cd_new")
    await hr.taps_data("cd_drop:1:1")  # the old button, after a new draft was begun
    assert hr.sees("đã được mở đăng ký hoặc đã bỏ")
    await hr.taps_data("desk_drafts")
    assert hr.sees("Bản nháp lớp: 1")


async def test_two_clerks_at_one_course_the_second_is_told_and_asked_again(office: Office) -> None:
    hr, mai = await office.person("Hạnh", hr=True), await office.person("Mai", hr=True)
    course_id = await course(office, title="Lớp chung")
    for chat in (hr, mai):
        await chat.taps_data(f"ce_ask:{course_id}:title")
    await hr.sends("Tên của Hạnh")
    await mai.sends("Tên của Mai")
    assert mai.sees("Hạnh vừa đổi lớp này: Tên lớp", "hiện là: Tên của Hạnh", "định ghi: Tên của Mai")
    assert (await opened(office)).title == "Tên của Hạnh"
    await mai.taps("Vẫn ghi")
    assert (await opened(office)).title == "Tên của Mai"
    async with office.store.reading() as tx:
        rows = await tx.fetch("select old, new from audit where action = 'course.edit' order by id")
    assert [("Tên của Hạnh" in r["new"], "Tên của Hạnh" in (r["old"] or "")) for r in rows] == [
        (True, False),
        (False, True),
    ]


async def test_more_places_by_the_form_are_offered_to_those_who_wait(office: Office) -> None:
    hr, lan, mai = await office.person("Hạnh", hr=True), await office.person("Lan"), await office.person("Mai")
    course_id = await course(office, capacity=1, needs_head=0)
    for one in (lan, mai):
        await one.taps_data(f"enrol:{course_id}")
    await hr.taps_data(f"ce_ask:{course_id}:capacity")
    await hr.sends("99999")
    assert hr.sees("không phải số chỗ")
    await hr.sends("2")
    await office.settle()
    assert mai.sees("Nhận chỗ")
    await mai.taps("Nhận chỗ")
    await hr.taps_data(f"ce_ask:{course_id}:capacity")
    await hr.sends("1")
    assert hr.sees("đã có 2 người có chỗ")


async def test_a_quota_larger_than_the_capacity_is_refused(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True, unit="Xã A")
    course_id = await course(office, capacity=5)
    await hr.taps_data(f"ce_ask:{course_id}:quotas")
    await hr.sends("Xã A: 6")
    assert hr.sees("nhiều hơn chỉ tiêu của lớp", "6 > 5")
    await hr.sends("Xã Z: 2")
    assert hr.sees("không có đơn vị “Xã Z”")
    await hr.sends("Xã A: 4")
    assert hr.sees("Chỉ tiêu đơn vị: Xã A: 4", "theo đơn vị: Xã A 0/4")
    await hr.taps_data(f"desk_capacity:{course_id}")
    await hr.sends("3")
    assert hr.sees("không thể ít hơn")


async def test_last_years_course_is_copied_to_the_same_weekdays(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    course_id = await course(
        office, title="Lớp năm ngoái", document="1/KH", bring="Máy tính",
        sessions_at=(("2026-12-07", "07:30", "11:30"), ("2026-12-10", "13:30", "17:00")),
        deadline=at("2026-12-03", "23:59:59"),
    )  # fmt: skip
    await hr.taps_data(f"ce:{course_id}")
    await answered(hr, "[Chép lớp]", "1/12/2027")
    assert hr.sees(
        "Bản nháp", "Lớp năm ngoái", "Người lập: Hạnh",
        "buổi đầu thứ Hai 07/12/2026 → thứ Hai 06/12/2027", "Ngày anh/chị gõ là thứ Tư 01/12/2027",
        "Hạn đăng ký dời theo: thứ Năm 02/12/2027, trước buổi đầu 4 ngày như lớp cũ",
    )  # fmt: skip
    await answered(hr, "[Mở đăng ký]", "[Mở đăng ký]")
    found = await opened(office)
    assert (found.copied_from, found.document, found.bring, found.title) == (
        course_id, None, "Máy tính", "Lớp năm ngoái",
    )  # fmt: skip
    async with office.store.reading() as tx:
        held = await sessions.of_course(tx, found.id)
    assert [s.starts_at for s in held] == [at("2027-12-06", "07:30"), at("2027-12-09", "13:30")]
    assert found.deadline == at("2027-12-02", "23:59:59")
    assert date(2027, 12, 6).weekday() == date(2026, 12, 7).weekday() == 0
    assert ZONE.key == "Asia/Ho_Chi_Minh"


async def test_the_opening_checklist_shows_who_ticked_what(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    course_id = await course(office)
    await hr.taps_data(f"ce:{course_id}")
    await answered(hr, "[Chuẩn bị mở lớp]", "[Xong: kinh phí]")
    assert hr.sees("kinh phí: đã xong (Hạnh)")
    await hr.taps("Chưa xong: kinh phí")
    assert hr.sees("kinh phí: chưa")
