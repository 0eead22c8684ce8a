from datetime import date

from bot.training import sessions
from bot.training.course_fields import FIELDS
from tests.course_desk.filling import answered, filled, opened
from tests.courses.classes import course
from tests.talking import MONDAY, ZONE, Office, at


async def test_a_course_is_made_by_a_few_answers_and_the_rest_has_its_usual_value(office: Office) -> None:
    hr, lan = await office.person("Hạnh", hr=True), await office.person("Lan")
    await hr.sends("/quanly")
    await answered(hr, "[Lớp bồi dưỡng]", "[Tạo lớp]", "[Tạo lớp mới]")
    assert hr.sees("Câu 1/6", "Tên lớp là gì?")
    await answered(hr, "Luật Đất đai", "[Xem tiếp]", "[Pháp luật]", "[Xong]", "[50]")
    assert hr.sees("Câu 5/6", "Buổi 1: Buổi học vào ngày nào, từ mấy giờ đến mấy giờ?")
    await answered(hr, "7/12 7h30-11h30", "Phòng 2", "[Xong]")
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
