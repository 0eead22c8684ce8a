from tests.courses.classes import course
from tests.schedule_changes.changing import a_class, previewed
from tests.talking import Office, at


async def test_a_deadline_that_the_new_dates_overtake_is_told_before_and_after_and_can_be_mended(
    office: Office,
) -> None:
    deadlines = {"deadline": at("2026-12-04", "23:59:59"), "approve_until": at("2026-12-03", "23:59:59")}
    course_id, hr, _ = await a_class(office, "Lan", title="Luật Đất đai", **deadlines)
    await previewed(hr, course_id, 1, "move", "03/12/2026")
    said = ("Hạn đăng ký 04/12/2026 sau ngày khai giảng", "Hạn duyệt 03/12/2026 không trước ngày khai giảng")
    hr.sees("Xin xem lại", *said)
    await hr.taps("Ghi nhận")
    hr.sees("Đã ghi lịch mới", *said, "Sửa hạn đăng ký", "Sửa hạn duyệt")
    await hr.taps("Sửa hạn đăng ký")
    await hr.sends("1/12")
    hr.sees("Hạn đăng ký: thứ Ba 01/12/2026")


async def test_a_deadline_on_the_first_day_is_told(office: Office) -> None:
    course_id, hr, _ = await a_class(office, deadline=at("2026-12-14", "23:59:59"))
    await previewed(hr, course_id, 0, "shift", "7")
    hr.sees("Hạn đăng ký 14/12/2026 trùng ngày khai giảng")


async def test_nothing_is_said_of_deadlines_that_hold_or_where_no_day_changes(office: Office) -> None:
    course_id, hr, _ = await a_class(office, deadline=at("2026-12-04", "23:59:59"))
    late = await course(office, title="Lớp khác", deadline=at("2026-12-07", "23:59:59"))
    for one, kind, value in ((course_id, "shift", "7"), (late, "place", "Hội trường B"), (late, "postpone", "")):
        await previewed(hr, one, 0, kind, value)
        hr.sees("chưa ghi gì")
        hr.sees_no("Xin xem lại")


async def test_nothing_is_said_of_deadlines_once_a_course_has_begun(office: Office) -> None:
    course_id, hr, _ = await a_class(office, deadline=at("2026-12-09", "23:59:59"))
    office.clock.move_to(at("2026-12-07", "13:00"))
    await previewed(hr, course_id, 2, "move", "09/12/2026")
    hr.sees_no("Xin xem lại")
