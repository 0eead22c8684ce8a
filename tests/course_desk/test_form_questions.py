import json

from tests.course_desk.filling import answered, filled
from tests.talking import Office


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


async def test_what_was_left_out_is_asked_for_from_the_card(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await filled(office, hr)
    for left in (2, 1):
        await hr.taps_data(f"cd_s_drop:1:0:{left}")
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
