import pytest

from tests.courses.classes import course, seated
from tests.schedule_changes.changing import a_class, previewed
from tests.talking import Office, at


async def test_clashes_are_shown_to_hr_by_course_and_to_the_person(office: Office) -> None:
    course_id, hr, (lan, mai) = await a_class(office, "Lan", "Mai")
    other = await course(office, title="Chuyển đổi số", sessions_at=(("2026-12-10", "08:00", "10:00"),))
    await seated(office, lan, other)
    await previewed(hr, course_id, 1, "move", "10/12/2026")
    hr.sees("1 người trùng giờ với lớp khác", "Chuyển đổi số: 1 người")
    await hr.taps("Ghi nhận")
    await office.settle()
    lan.sees("trùng giờ với lớp Chuyển đổi số của anh/chị")
    mai.sees_no("trùng giờ")


async def told_alike(office: Office, kind: str, value: str, *, session_id: int = 0, busy: str) -> None:
    """Let Lan have another course on the day `busy`, and look what HR and Lan read of it."""
    course_id, hr, (lan, mai) = await a_class(office, "Lan", "Mai")
    other = await course(office, title="Chuyển đổi số", sessions_at=((busy, "08:00", "10:00"),))
    await seated(office, lan, other)
    await previewed(hr, course_id, session_id, kind, value)
    hr.sees("1 người trùng giờ với lớp khác", "Chuyển đổi số: 1 người")
    await hr.taps("Ghi nhận")
    await office.settle()
    lan.sees("lớp này trùng giờ với lớp Chuyển đổi số của anh/chị")
    mai.sees_no("trùng giờ")


@pytest.mark.parametrize(("kind", "value"), [("online", "https://hop.example.gov.vn/a"), ("place", "Hội trường B")])
async def test_a_clash_at_times_that_stay_is_seen_before_it_is_told(office: Office, kind: str, value: str) -> None:
    await told_alike(office, kind, value, busy="2026-12-08")


async def test_a_clash_of_a_session_that_is_not_touched_is_seen_before_it_is_told(office: Office) -> None:
    await told_alike(office, "move", "10/12/2026", session_id=1, busy="2026-12-08")


async def test_neither_speaks_of_a_clash_that_the_change_ends_or_that_is_over(office: Office) -> None:
    course_id, hr, (lan, mai) = await a_class(office, "Lan", "Mai")
    for person, day in ((lan, "2026-12-08"), (mai, "2026-12-07")):
        other = await course(office, title=f"Lớp của {day}", sessions_at=((day, "08:00", "10:00"),))
        await seated(office, person, other)
    office.clock.move_to(at("2026-12-07", "13:00"))
    await previewed(hr, course_id, 2, "move", "10/12/2026")
    hr.sees("Không ai trùng giờ với lớp khác")
    await hr.taps("Ghi nhận")
    await office.settle()
    for person in (lan, mai):
        assert person.saw("→ thứ Năm 10/12/2026")
        assert not person.saw("trùng giờ")


async def test_nothing_is_said_of_clashes_where_no_session_is_to_come(office: Office) -> None:
    course_id, hr, (lan,) = await a_class(office, "Lan")
    other = await course(office, sessions_at=(("2026-12-08", "08:00", "10:00"),))
    await seated(office, lan, other)
    await previewed(hr, course_id, 0, "postpone")
    hr.sees_no("trùng giờ")
