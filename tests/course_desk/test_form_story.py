import json
from datetime import date

from bot.training import courses, sessions
from bot.training.course_fields import FIELDS
from tests.courses.classes import course
from tests.talking import MONDAY, ZONE, Chat, Office, at


async def answered(hr: Chat, *answers: str) -> None:
    """Tap a button for "[…]", type anything else."""
    for one in answers:
        await (hr.taps(one[1:-1]) if one.startswith("[") else hr.sends(one))


async def filled(office: Office, hr: Chat) -> None:
    """Answer what every course is asked: two sessions in one room."""
    await hr.taps_data("cd_new")
    await answered(
        hr, "Tập huấn Luật Đất đai", "[Xem tiếp]", "[Pháp luật]", "[Xong]", "40",
        "7/12 7h30-11h30", "Phòng họp 2", "[Thêm buổi]", "8/12", "13h30 đến 17h", "[Xong]", "thứ Năm 3/12",
    )  # fmt: skip


async def opened(office: Office) -> courses.Course:
    async with office.store.reading() as tx:
        return courses.course_of(await tx.fetchrow("select * from courses order by id desc limit 1"))


async def test_a_course_is_made_by_a_few_answers_and_the_rest_has_its_usual_value(office: Office) -> None:
    hr, lan = await office.person("Hạnh", hr=True), await office.person("Lan")
    await hr.sends("/quanly")
    await answered(hr, "[Lớp bồi dưỡng]", "[Tạo lớp]", "[Tạo lớp mới]")
    assert hr.sees("Câu 1/6", "Tên lớp là gì?")
    await answered(hr, "Luật Đất đai", "[Xem tiếp]", "[Pháp luật]", "[Xong]", "[50]", "7/12 7h30-11h30", "Phòng 2",
                   "[Xong]")  # fmt: skip
    assert hr.sees("Câu 6/6", "[30/11/2026] | [04/12/2026]")
    await hr.taps("30/11/2026")
    assert hr.sees("Đã đủ để mở đăng ký", "Loại hình: Lớp bồi dưỡng", "Hình thức: Trực tiếp", "Chỉ tiêu: 50")
    assert hr.sees("Đối tượng: Cán bộ, công chức", "• 07/12/2026, 07:30–11:30, Phòng 2", "Sửa: Hạn đăng ký")
    await answered(hr, "[Mở đăng ký]", "[Mở đăng ký]")
    assert hr.sees("Đã mở đăng ký.", "PL26-01", "Có chỗ: 0/50")
    found = await opened(office)
    assert (found.kind, found.audience, found.mode, found.capacity) == ("lop", ("CB", "CC"), "truc_tiep", 50)
    assert found.deadline == at("2026-11-30", "23:59:59")
    await lan.sends("/lop")
    assert lan.sees("Luật Đất đai")


async def test_what_is_told_besides_is_kept_with_the_course(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await filled(office, hr)
    assert hr.sees("Tập huấn Luật Đất đai", "Người lập: Hạnh", "Nhóm nội dung: Pháp luật", "Buổi học: 2 buổi")
    await answered(hr, "[Sửa: Loại hình]", "[Hội nghị tập huấn]", "[Thêm chi tiết]", "[Giảng viên, cơ sở]",
                   "[Sửa: Giảng viên]", "TS. Lê An; ThS. Mùa")  # fmt: skip
    assert hr.sees("Đã ghi: Giảng viên.", "Giảng viên: TS. Lê An; ThS. Mùa", "Cơ sở đào tạo: chưa ghi")
    await answered(hr, "[Xem tóm tắt]")
    assert hr.sees("Loại hình: Hội nghị tập huấn", "Chi tiết đã ghi: Giảng viên")
    await hr.taps("Mở đăng ký")
    assert hr.sees("2 buổi, 40 chỗ", "giảng viên: đã có", "văn bản phê duyệt: chưa có", "kinh phí: chưa có")
    await hr.taps("Mở đăng ký")
    assert hr.sees("Tập huấn Luật Đất đai", "PL26-01", "Có chỗ: 0/40")
    found = await opened(office)
    assert (found.kind, found.lecturer) == ("hoi_nghi", "TS. Lê An; ThS. Mùa")
    assert found.deadline == at("2026-12-03", "23:59:59")
    async with office.store.reading() as tx:
        held = await sessions.of_course(tx, found.id)
        planned = await tx.fetchval("select count(*) from milestones where kind = 'session' and state = 'pending'")
        log = await tx.fetchval("select count(*) from audit where action = 'course.create'")
    assert [(s.starts_at, s.ends_at, s.hours, s.place) for s in held] == [
        (at("2026-12-07", "07:30"), at("2026-12-07", "11:30"), None, "Phòng họp 2"),
        (at("2026-12-08", "13:30"), at("2026-12-08", "17:00"), None, "Phòng họp 2"),
    ]
    assert planned > 0
    assert log == 1


async def test_the_form_is_answered_by_numbers_where_there_are_no_buttons(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await hr.taps_data("lecturer_new")
    await hr.sends("TS. An")
    await hr.taps_data("cd_new")
    await answered(hr, "Lớp gõ số", "7", "2", "2", "5")  # more, the second there; a tick off, done
    assert hr.sees("Lớp có bao nhiêu chỗ?")
    await answered(hr, "12", "7/12 7-11h", "Phòng 2")
    await hr.taps("Xong")
    await hr.sends("2")
    await hr.taps_data("cd_ask:1:lecturer")
    await hr.sends("1")
    await hr.taps_data("cd_ask:1:needs_head")
    await hr.sends("2")
    async with office.store.reading() as tx:
        fields = json.loads(await tx.fetchval("select fields from course_drafts"))
    assert fields == {
        "title": "Lớp gõ số", "category": "PL", "audience": "CB", "capacity": "12", "deadline": "04/12/2026",
        "lecturer": "TS. An", "needs_head": "không",
    }  # fmt: skip


async def test_many_codes_come_six_a_page_and_ticks_are_kept_from_page_to_page(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await hr.taps_data("cd_new")
    await hr.sends("Lớp nhiều thẻ")
    assert len(hr.arrived[-1].rows) == 8  # six, the next ones, the summary
    await hr.taps_data("cd_ask:1:tags")
    assert hr.sees("Bấm để chọn một hay nhiều")
    assert hr.sees_no("Xong")
    await answered(hr, "[Quản lý nhà nước]", "[Xem tiếp]", "[Pháp luật]", "[Xem tiếp]")
    assert hr.sees("Đang chọn: Quản lý nhà nước, Pháp luật", "rồi bấm Xong", "[Xong]", "[Tiếng dân tộc]")
    await answered(hr, "[Trang trước]", "[Đã chọn: Pháp luật]", "[Cải cách hành chính]", "[Xong]")
    assert hr.sees("Đã ghi: Thẻ nội dung.", "Thẻ nội dung: Quản lý nhà nước, Cải cách hành chính")


async def test_names_of_groups_begin_with_a_capital(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await hr.taps_data("cd_new")
    await answered(hr, "Lớp", "[Lãnh đạo, quản lý]")
    assert hr.sees("[Đã chọn: Cán bộ]", "[Viên chức]", "[Hợp đồng lao động]", "Đang chọn: Cán bộ, Công chức", "[Xong]")


async def test_the_card_shows_the_first_sessions_and_how_many_there_are_besides(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await filled(office, hr)
    for number in range(2, 6):
        await hr.taps_data(f"cd_s_ask:1:{number}:day")
        await hr.sends(f"{number + 7}/12 7h30-11h30")
        assert hr.sees(f"Đã ghi buổi {number + 1}.")
    await hr.taps("Xem tóm tắt")
    assert hr.sees("Buổi học: 6 buổi", "• 07/12/2026, 07:30–11:30, Phòng họp 2", "• 10/12/2026", "… và 2 buổi nữa")
    assert hr.sees_no("11/12/2026")
    await answered(hr, "[Sửa: Buổi học]", "[Buổi 1: 07/12/2026 07:30]", "[Bỏ buổi này]")
    assert hr.sees("Đã bỏ buổi 1.")
    await answered(hr, "[Xem tóm tắt]", "[Mở đăng ký]", "[Mở đăng ký]")
    await hr.taps_data(f"ce:{(await opened(office)).id}")
    assert hr.sees("Buổi học: 5 buổi", "• thứ Ba 08/12/2026, 13:30–17:00, Phòng họp 2", "… và 1 buổi nữa")


async def test_how_it_is_held_goes_by_its_places_until_it_is_told(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await filled(office, hr)
    for session, place, mode in ((0, "https://hop.vn/a", "Kết hợp"), (1, "https://hop.vn/a", "Trực tuyến")):
        await hr.taps_data(f"cd_s_ask:1:{session}:place")
        await hr.sends(place)
        await hr.taps_data("cd:1")
        assert hr.sees(f"Hình thức: {mode}")
    await answered(hr, "[Sửa: Hình thức]", "[Trực tiếp]")
    assert hr.sees("Đã ghi: Hình thức.", "Hình thức: Trực tiếp")


async def test_a_draft_that_stood_at_a_question_no_longer_asked_goes_on(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await filled(office, hr)
    async with office.store.transaction() as tx:
        await tx.execute("update course_drafts set step = 'objective'")
    await hr.taps_data("cd:1")
    await answered(hr, "[Hỏi tiếp]", "Vận dụng luật mới")
    assert hr.sees("Đã đủ để mở đăng ký", "Chi tiết đã ghi: Mục tiêu")
    async with office.store.transaction() as tx:
        await tx.execute("update course_drafts set step = 'kind', fields = $1", json.dumps({"title": "Lớp cũ"}))
    await hr.taps_data("cd:1")
    await answered(hr, "[Hỏi tiếp]", "[Tham quan học tập]")
    assert hr.sees("Lớp thuộc nhóm nội dung nào?")


async def test_a_draft_waits_for_days_and_a_colleague_sees_whose_it_is(office: Office) -> None:
    hr, mai = await office.person("Hạnh", hr=True), await office.person("Mai", hr=True)
    await hr.taps_data("cd_new")
    await hr.sends("Kỹ năng viết văn bản")
    office.clock.move_to(MONDAY + 9 * 86_400)
    await hr.taps_data("desk_drafts")
    await answered(hr, "[Kỹ năng viết văn bản]", "[Hỏi tiếp]")
    assert hr.sees("Lớp thuộc nhóm nội dung nào?")
    await mai.taps_data("desk_drafts")
    assert mai.sees("Kỹ năng viết văn bản (Hạnh")
    await answered(mai, "[Kỹ năng viết văn bản]", "[Sửa: Tên lớp]", "Kỹ năng soạn thảo")
    assert mai.sees("Người lập: Hạnh; sửa gần nhất: Mai")


async def test_every_field_is_within_reach_of_the_card_and_what_is_written_is_said(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await filled(office, hr)
    await answered(hr, "[Sửa: Chỉ tiêu]", "25")
    assert hr.sees("Đã ghi: Chỉ tiêu.", "Chỉ tiêu: 25")
    reached = {data for _, data in hr.arrived[-1].menu}
    await hr.taps("Thêm chi tiết")
    assert hr.sees("Chưa ghi chi tiết nào")
    for topic in [data for _, data in hr.arrived[-1].menu if data.startswith("cd_more:")]:
        await hr.taps_data(topic)
        reached |= {data for _, data in hr.arrived[-1].menu}
    assert {f"cd_ask:1:{field.key}" for field in FIELDS} | {"cd_sessions:1"} <= reached
    await answered(hr, "[Chi tiết khác]", "[Điều kiện đạt]", "[Sửa: Điểm đạt]", "5,5")
    assert hr.sees("Đã ghi: Điểm đạt.", "Điểm đạt: 5,5")
    await answered(hr, "[Sửa: Điểm đạt]", "[Để trống]")
    assert hr.sees("Điểm đạt: 5,0")


async def test_a_draft_without_session_deadline_or_places_does_not_open(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await hr.taps_data("cd_new")
    await answered(hr, "Lớp trống", "[Xem tóm tắt]")
    assert hr.sees("Tên lớp: Lớp trống", "Còn thiếu: Nhóm nội dung, Đối tượng, Chỉ tiêu, Buổi học, Hạn đăng ký",
                   "[Ghi: Chỉ tiêu]", "[Hỏi tiếp]")  # fmt: skip
    assert hr.sees_no("Mở đăng ký")
    await hr.taps_data("cd_open:1")
    assert hr.sees("Chưa mở được", "chưa có ngày và giờ của buổi học")
    await hr.taps_data("cd_publish:1")
    assert hr.sees("chưa đủ để mở đăng ký")
    async with office.store.reading() as tx:
        assert await tx.fetchval("select count(*) from courses") == 0


async def test_what_was_left_out_is_asked_for_from_the_card(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await filled(office, hr)
    for _ in range(2):
        await hr.taps_data("cd_s_drop:1:0")
    assert hr.sees("Chưa có buổi học nào", "[Thêm buổi]")
    await hr.taps("Xem tóm tắt")
    assert hr.sees("Còn thiếu: Buổi học", "[Ghi: Buổi học]")
    await answered(hr, "[Hỏi tiếp]", "9/12", "[Các buổi]")
    assert hr.sees("1. 09/12/2026, chưa có giờ", "[Buổi 1: 09/12/2026]")
    await hr.taps("Xem tóm tắt")
    assert hr.sees("Cần sửa trước khi mở đăng ký", "• 09/12/2026, chưa có giờ")
    await answered(hr, "[Sửa: Buổi học]", "[Buổi 1: 09/12/2026]", "[Sửa giờ]", "7h30-11h30", "Phòng 3", "[Xem tóm tắt]")
    assert hr.sees("Đã đủ để mở đăng ký", "• 09/12/2026, 07:30–11:30, Phòng 3")


async def test_slips_of_the_keyboard_are_told_and_asked_again(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await filled(office, hr)
    for tap, typed, said in (
        ("Sửa: Hạn đăng ký", "03/12/1926", "không hợp lý"),
        ("Sửa: Hạn đăng ký", "thứ Hai 3/12", "không rơi vào thứ này"),
        ("Sửa: Hạn đăng ký", "31/02/2027", "không có ngày “31/02/2027”"),
        ("Sửa: Chỉ tiêu", "nhiều", "nhiều"),
        ("Sửa: Chỉ tiêu", "99999", "không phải số chỗ"),
    ):
        await hr.taps_data("cd:1")
        await answered(hr, f"[{tap}]", typed)
        assert hr.sees("Tôi chưa ghi được", said)
    await hr.taps_data("cd_s_ask:1:0:span")
    await hr.sends("11h30-7h30")
    assert hr.sees("kết thúc trước khi bắt đầu")
    await hr.taps_data("cd_s_ask:1:0:day")
    await hr.sends("7/12/1926")
    assert hr.sees("không hợp lý")


async def test_day_and_hours_of_a_session_are_told_in_one_message_as_when_the_schedule_changes(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await filled(office, hr)
    await hr.taps_data("cd_s_ask:1:2:day")
    await hr.sends("9/12 7h30-11h30")
    assert hr.sees("3. 09/12/2026, 07:30–11:30, Phòng họp 2")
    await hr.taps_data("cd_s_ask:1:2:span")
    await hr.sends("thứ Năm 10/12 13h30-17h")
    assert hr.sees("3. 10/12/2026, 13:30–17:00")
    for words, said in (("11/12 8h-7h", "kết thúc trước khi bắt đầu"), ("thứ Hai 10/12 7h-8h", "không rơi vào thứ này"),
                        ("khi nào rảnh", "không rõ là ngày nào")):  # fmt: skip
        await hr.taps_data("cd_s_ask:1:2:day")
        await hr.sends(words)
        assert hr.sees("Tôi chưa ghi được", said)


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


async def test_what_was_done_to_an_open_course_is_said_above_its_card(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    course_id = await course(office, title="Luật Đất đai")
    for choice, said in (
        (f"desk_open:{course_id}:0", "Đã đóng đăng ký."),
        (f"desk_open:{course_id}:1", "Đã mở đăng ký."),
    ):
        await hr.taps_data(choice)
        assert hr.sees(said, "Luật Đất đai")
        await hr.taps_data(choice)  # again: nothing was done
        assert hr.sees_no(said)
    await hr.taps_data(f"desk_capacity:{course_id}")
    await hr.sends("12")
    assert hr.sees("Đã ghi chỉ tiêu mới.", "0/12")
    await hr.taps_data(f"desk_course:{course_id}")
    assert hr.sees_no("Đã ghi")
    await hr.taps_data(f"ce_ask:{course_id}:title")
    await hr.sends("Luật Nhà ở")
    assert hr.sees("Đã ghi: Tên lớp.", "Luật Nhà ở")
    await hr.taps_data(f"ce_ask:{course_id}:lecturer")
    await hr.sends("TS. Lê An")
    assert hr.sees("Đã ghi: Giảng viên.", "Giảng viên: TS. Lê An")


async def test_a_quota_larger_than_the_capacity_is_refused(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True, unit="Xã A")
    course_id = await course(office, capacity=5)
    await hr.taps_data(f"ce_ask:{course_id}:quotas")
    await hr.sends("Xã A: 6")
    assert hr.sees("nhiều hơn chỉ tiêu của lớp", "6 > 5")
    await hr.sends("Xã Z: 2")
    assert hr.sees("không có đơn vị “Xã Z”")
    await hr.sends("Xã A: 4")
    assert hr.sees("Đã ghi: Chỉ tiêu đơn vị.", "Chỉ tiêu đơn vị: Xã A: 4", "theo đơn vị: Xã A 0/4")
    await hr.taps_data(f"desk_capacity:{course_id}")
    await hr.sends("3")
    assert hr.sees("không thể ít hơn")


async def test_last_years_course_is_copied_to_the_same_weekdays(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    course_id = await course(
        office, title="Lớp năm ngoái", document="1/KH", bring="Máy tính",
        sessions_at=(("2026-12-07", "07:30", "11:30"), ("2026-12-10", "13:30", "17:00")),
    )  # fmt: skip
    await hr.taps_data(f"ce:{course_id}")
    await answered(hr, "[Chép lớp]", "1/12/2027")
    assert hr.sees("Bản nháp", "Lớp năm ngoái", "Người lập: Hạnh")
    await answered(hr, "[Mở đăng ký]", "[Mở đăng ký]")
    found = await opened(office)
    assert (found.copied_from, found.document, found.bring, found.title) == (
        course_id, None, "Máy tính", "Lớp năm ngoái",
    )  # fmt: skip
    async with office.store.reading() as tx:
        held = await sessions.of_course(tx, found.id)
    assert [s.starts_at for s in held] == [at("2027-12-06", "07:30"), at("2027-12-09", "13:30")]
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
