from tests.courses.classes import seated, state_of
from tests.courses.test_course_import import sheet
from tests.round_trip.editing import undoes
from tests.schedule_changes.changing import news, rows
from tests.schedule_changes.test_changes_in_a_row import imported
from tests.talking import Chat, Office, at

TWO = {"Buổi": 2, "Ngày": "08/12/2026"}


async def moved(office: Office, *people: Chat) -> Chat:
    """HR sends a course of two sessions back, its first day and its second room changed."""
    await imported(office, {}, TWO)
    hr = await office.person("Hạnh", hr=True)
    for person in people:
        await seated(office, person, 1)
    office.clock.move_by(3600)
    await hr.uploads("lop.xlsx", sheet({"Ngày": "10/12/2026"}, {**TWO, "Địa điểm/Đường dẫn": "Phòng 9"}))
    return hr


async def test_the_preview_shows_old_and_new_whom_it_asks_and_that_silence_keeps_the_place(office: Office) -> None:
    lan, mai = await office.person("Lan"), await office.person("Mai", linked=False)
    hr = await moved(office, lan, mai)
    hr.sees(
        "chưa ghi gì", "Đổi lịch lớp Lớp một", "Phòng 2 → Phòng 9",
        "Buổi 1: thứ Hai 07/12/2026, 07:30–11:30 → thứ Năm 10/12/2026, 07:30–11:30",
        "2 người sẽ được báo, trong đó 2 người có chỗ được hỏi còn đi được không; 1 người chưa có trò chuyện",
        "Ai không trả lời vẫn giữ chỗ", "[12 giờ]", "[24 giờ]", "[48 giờ]", "[Không thu hồi chỗ]",
    )  # fmt: skip
    await hr.taps("Ghi nhận")
    hr.sees("Đã ghi", "Phòng 2 → Phòng 9", "2 người được báo")
    await office.settle()
    lan.sees("Tôi còn đi được")
    lan.sees_no("Mời trả lời trước")
    lan.sees_no("nhường")
    await office.time_passes(at("2026-12-05"), step=6 * 3600)
    assert await state_of(office, lan, 1) == ["seat"]
    assert len(news(lan)) == 1


async def test_a_clerk_who_wants_places_back_says_until_when_before_it_is_done(office: Office) -> None:
    lan = await office.person("Lan")
    hr = await moved(office, lan)
    await hr.taps("24 giờ")
    hr.sees("chưa ghi gì", "Chờ trả lời đến thứ Tư 25/11/2026, 07:30", "mất chỗ")
    assert await rows(office, "select * from schedule_changes") == []
    await hr.taps("Ghi nhận")
    hr.sees("Chờ trả lời đến thứ Tư 25/11/2026, 07:30")
    await office.settle()
    lan.sees("Mời trả lời trước thứ Tư 25/11/2026, 07:30")
    await office.time_passes(at("2026-11-25", "09:00"))
    assert await state_of(office, lan, 1) == ["lapsed"]


async def test_the_choice_can_be_taken_back_and_a_forged_time_is_none(office: Office) -> None:
    lan = await office.person("Lan")
    hr = await moved(office, lan)
    await hr.taps("12 giờ")
    await hr.taps("Không thu hồi chỗ")
    hr.sees("Ai không trả lời vẫn giữ chỗ")
    data = next(data for label, data in hr.arrived[-1].menu if label == "Ghi nhận")
    await hr.taps_data(f"{data.rsplit(':', 1)[0]}:1")
    hr.sees("Đã ghi", "vẫn giữ chỗ")
    await hr.taps_data(data.replace("upload_keep", "upload_wait").split(":0")[0] + ":24")
    hr.sees("gửi lại tệp nếu cần")


async def test_nothing_to_choose_where_silence_never_frees_a_place(office: Office) -> None:
    hr = await moved(office)
    hr.sees("Đổi lịch lớp", "Chưa có ai trên lớp để báo")
    hr.sees_no("24 giờ")


async def test_fields_of_a_course_that_change_are_named(office: Office) -> None:
    await imported(office, {})
    hr = await office.person("Hạnh", hr=True)
    await hr.uploads("lop.xlsx", sheet({"Tên lớp": "Tên mới", "Chỉ tiêu": 40}))
    hr.sees("Tên mới: ", "tên lớp", "chỉ tiêu")
    hr.sees_no("Đổi lịch")


async def test_a_file_taken_back_tells_people_again_and_takes_no_place_by_silence(office: Office) -> None:
    lan = await office.person("Lan")
    hr = await moved(office, lan)
    await hr.taps("24 giờ")
    await hr.taps("Ghi nhận")
    await office.settle()
    await lan.taps("Tôi còn đi được")
    await undoes(hr)
    await office.settle()
    assert len(news(lan)) == 2
    lan.sees_no("Mời trả lời trước")
    await office.time_passes(at("2026-12-05"), step=6 * 3600)
    assert await state_of(office, lan, 1) == ["seat"]
