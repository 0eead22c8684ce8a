from tests.course_desk.filling import filled
from tests.courses.classes import course
from tests.courses.test_courses_in_english import english
from tests.talking import Office, at


async def test_the_card_remarks_on_days_off_and_on_a_deadline_that_is_not_before_the_first_day(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await filled(office, hr)
    hr.sees_no("Xin xem lại")
    for number, day in enumerate(("05/12/2026", "01/01/2027")):
        await hr.taps_data(f"cd_s_ask:1:{number}:day")
        await hr.sends(day)
    for key, day in (("deadline", "05/12/2026"), ("approve_until", "6/12")):
        await hr.taps_data(f"cd_ask:1:{key}")
        await hr.sends(day)
    await hr.taps("Xem tóm tắt")
    said = (
        "Xin xem lại", "Buổi học vào ngày nghỉ: thứ Bảy 05/12/2026, thứ Sáu 01/01/2027",
        "Hạn đăng ký 05/12/2026 trùng ngày khai giảng", "Hạn duyệt 06/12/2026 không trước ngày khai giảng",
    )  # fmt: skip
    assert hr.sees(*said)
    await hr.taps_data("cd_open:1")
    assert hr.sees(*said, "[Mở đăng ký]")


async def test_a_copy_to_its_own_weekday_moves_nothing_further_and_says_where_the_deadline_is_late(
    office: Office,
) -> None:
    hr = await office.person("Hạnh", hr=True)
    course_id = await course(office, deadline=at("2026-12-07", "23:59:59"))
    await hr.taps_data(f"cd_copy:{course_id}")
    await hr.sends("06/12/2027")
    assert hr.sees("trùng ngày học đầu như lớp cũ", "Hạn đăng ký 06/12/2027 trùng ngày khai giảng")
    hr.sees_no("Ngày anh/chị gõ")
    await hr.taps_data("cd:1")
    hr.sees_no("Đã chép")


async def test_odd_days_are_told_in_english(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    course_id = await course(
        office, sessions_at=tuple((f"2026-12-{day:02}", "07:30", "11:30") for day in range(5, 16)),
        deadline=at("2026-12-05", "23:59:59"),
    )  # fmt: skip
    await english(office, hr)
    await hr.taps_data(f"cd_copy:{course_id}")
    await hr.sends("01/12/2027")
    assert hr.sees(
        "first session Saturday 05/12/2026 → Saturday 04/12/2027", "You typed Wednesday 01/12/2027",
        "the day of the first session as it was", "Worth a look",
        "The deadline 04/12/2027 is the day of the first session", "Sessions on days off: Saturday 04/12/2027, Sunday",
    )  # fmt: skip
