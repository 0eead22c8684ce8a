from io import BytesIO

import python_calamine

from tests.broadcasts.announcing import previewed, sent, to_all, written
from tests.talking import Chat, Office, at

TEXT = "Nộp bản kê khai trước 15/12."


async def with_button(office: Office, hr: Chat) -> None:
    await written(hr)
    await hr.taps("Xác nhận đã đọc")
    await hr.taps("Chỉ cần nút")
    await hr.taps("Xong")
    await to_all(hr)
    await hr.taps("Xem trước")
    await office.settle()
    await hr.taps("Gửi")
    await office.settle()


async def with_question(hr: Chat) -> None:
    await written(hr)
    await hr.taps("Xác nhận đã đọc")
    await hr.taps("Kèm câu hỏi")
    await hr.sends("Hạn nộp là ngày nào?")
    await hr.sends("10/12\n15/12\n20/12")
    hr.sees("Câu trả lời nào đúng?")


async def test_confirming_is_recorded_once_and_the_announcement_stays(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    lan = await office.person("Lan")
    await with_button(office, hr)
    await lan.taps("Đã đọc, đã hiểu")
    lan.sees("Đã ghi nhận", "thứ Hai 23/11/2026, 08:00")
    assert lan.arrived[-1].fresh
    office.clock.move_to(office.clock.now() + 3600)
    await lan.taps("Đã đọc, đã hiểu")
    lan.sees("08:00")
    await hr.taps_data("rc_who:1:0")
    hr.sees("Đã đọc, đã hiểu: 1/2", "Xã Trí Phải: 1/2")


async def test_without_the_button_nothing_can_be_confirmed(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    lan = await office.person("Lan")
    await sent(office, hr)
    lan.sees_no("Đã đọc, đã hiểu")
    await lan.taps_data("rc:1")
    lan.sees("Nút này không còn dùng được")


async def test_the_check_question_takes_the_right_answer_only(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    lan = await office.person("Lan")
    await with_question(hr)
    await hr.taps("15/12")
    hr.sees("đáp án đúng: 15/12")
    await hr.taps("Xong")
    await to_all(hr)
    await hr.taps("Xem trước")
    await office.settle()
    await hr.taps("Gửi")
    await office.settle()
    await lan.taps("Đã đọc, đã hiểu")
    lan.sees("Hạn nộp là ngày nào?", "[10/12]", "[15/12]", "[20/12]")
    await lan.taps("20/12")
    lan.sees("Chưa đúng")
    await hr.taps_data("rc_who:1:0")
    hr.sees("0/2")
    await lan.taps("15/12")
    lan.sees("Đã ghi nhận")


async def test_a_question_without_its_right_answer_cannot_be_sent(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await with_question(hr)
    await hr.taps_data("bc:1")
    hr.sees("chưa chọn đáp án đúng")
    await to_all(hr)
    await hr.taps("Xem trước")
    await office.settle()
    hr.sees("chưa có đáp án đúng")


async def test_one_answer_or_five_are_asked_for_again(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await written(hr)
    await hr.taps("Xác nhận đã đọc")
    await hr.taps("Kèm câu hỏi")
    await hr.sends("Hạn?")
    await hr.sends("chỉ một")
    hr.sees("Cần 2 đến 4 câu trả lời")
    await hr.sends("a\nb\nc\nd\ne")
    hr.sees("Cần 2 đến 4 câu trả lời")
    await hr.sends("a\nb")
    hr.sees("Câu trả lời nào đúng?")


async def test_the_button_of_a_preview_records_nothing(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await written(hr)
    await hr.taps("Xác nhận đã đọc")
    await hr.taps("Chỉ cần nút")
    await hr.taps("Xong")
    await to_all(hr)
    await hr.taps("Xem trước")
    await office.settle()
    await hr.taps("Đã đọc, đã hiểu")
    hr.sees("bản xem trước")


async def test_who_is_not_of_the_audience_cannot_confirm(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await with_button(office, hr)
    late = await office.person("Đến sau")
    await late.taps_data("rc:1")
    late.sees("Nút này không còn dùng được")


async def test_those_who_have_not_confirmed_are_listed_and_nudged_once_a_day(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True, unit="Sở Nội vụ")
    lan = await office.person("Lan")
    mai = await office.person("Mai")
    await with_button(office, hr)
    await lan.taps("Đã đọc, đã hiểu")
    await hr.taps("Ai đã đọc")
    await hr.taps("Ai chưa?")
    hr.sees("2 người", "Xã Trí Phải: Mai", "Sở Nội vụ: Hạnh")
    await hr.taps("Quay lại")
    await hr.taps("Nhắc người chưa")
    hr.sees("đang nhắn riêng 2 người")
    await hr.taps_data("rc_nudge:1")
    hr.sees("đều đã được nhắc trong ngày")
    await office.settle()
    mai.sees("Xin nhắc anh/chị xác nhận", TEXT)
    assert not lan.saw("Xin nhắc anh/chị")
    office.clock.move_to(at("2026-11-25"))
    await hr.taps_data("rc_nudge:1")
    hr.sees("đang nhắn riêng 2 người")


async def test_who_confirms_before_the_nudge_arrives_is_not_nudged(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    lan = await office.person("Lan")
    await with_button(office, hr)
    await hr.taps_data("rc_nudge:1")
    await lan.taps("Đã đọc, đã hiểu")
    await office.settle()
    assert not lan.saw("Xin nhắc anh/chị")


async def test_the_workbook_tells_what_became_of_everybody(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    lan = await office.person("Lan")
    await office.person("Mai", linked=False)
    await with_button(office, hr)
    await lan.taps("Đã đọc, đã hiểu")
    await hr.taps("Danh sách (Excel)")
    (file,) = hr.arrived[-1].attachments
    rows = python_calamine.CalamineWorkbook.from_filelike(BytesIO(file.content)).get_sheet_by_index(0).to_python()
    states = {row[1]: (row[5], str(row[6])) for row in rows[-3:]}
    assert states["Mai"] == ("Không liên lạc được", "")
    assert states["Hạnh"] == ("Đã gửi", "")
    assert states["Lan"] == ("Đã gửi", "2026-11-23 08:00:00")


async def test_taking_the_question_off_leaves_the_plain_button(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await with_question(hr)
    await hr.taps("15/12")
    await hr.taps("Chỉ cần nút")
    hr.sees("có nút, không kèm câu hỏi")
    await previewed(hr, "Tin khác")
