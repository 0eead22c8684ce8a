from dataclasses import replace

from bot.training import approval_deadlines, calendar, courses
from bot.training.calendar import Calendar
from tests.courses.classes import course, state_of
from tests.talking import ZONE, Chat, Office, at

DAYS = Calendar(ZONE)
FRIDAY = at("2026-11-27", "17:00")  # the heads' last moment in these stories; HR's turn is Monday the 30th, 17:00


async def office_of_four(office: Office) -> tuple[Chat, Chat, Chat]:
    """A head, two of their people; HR is far away."""
    return await office.person("Long", head=True), await office.person("Lan"), await office.person("Minh")


async def stands_in(office: Office, who: Chat, *, since: int, until: int) -> None:
    async with office.store.transaction() as tx:
        await tx.execute(
            """insert into acting_heads (unit_id, person_id, from_at, until_at, created_at)
            select unit_id, id, $2, $3, 1 from people where id = $1""",
            who.person_id, since, until,
        )  # fmt: skip


def told(chat: Chat, kind: str) -> list[int]:
    return [when for when, one, _ in chat.pushed if one == kind]


async def test_a_head_is_reminded_after_one_and_three_working_days_and_the_day_before(office: Office) -> None:
    long, lan, _ = await office_of_four(office)
    course_id = await course(office, title="Luật Đất đai", approve_until=at("2026-12-04", "17:00"))
    await lan.taps_data(f"enrol:{course_id}")
    await office.time_passes(at("2026-12-04", "12:00"))
    assert told(long, "approvals_waiting") == [
        at("2026-11-25", "17:00"),  # the 24th is a public holiday
        at("2026-11-27", "17:00"),
        at("2026-12-03", "08:00"),
    ]
    assert long.sees("còn 1 đăng ký học chờ duyệt", "Lan: Luật Đất đai", "Danh sách chờ duyệt")
    await long.taps("Lan · Luật Đất đai")
    assert long.sees("Duyệt", "Từ chối")


async def test_a_head_has_one_message_a_day_for_all_that_waits(office: Office) -> None:
    long, lan, minh = await office_of_four(office)
    one = await course(office, title="Luật Đất đai")
    two = await course(office, title="Luật Nhà ở", sessions_at=(("2026-12-09", "07:30", "11:30"),))
    await lan.taps_data(f"enrol:{one}")
    await minh.taps_data(f"enrol:{two}")
    await office.time_passes(at("2026-11-25", "19:00"))
    assert told(long, "approvals_waiting") == [at("2026-11-25", "17:00")]
    assert long.sees("còn 2 đăng ký", "Lan: Luật Đất đai", "Minh: Luật Nhà ở")


async def test_nobody_is_reminded_of_what_has_been_decided(office: Office) -> None:
    long, lan, _ = await office_of_four(office)
    course_id = await course(office)
    await lan.taps_data(f"enrol:{course_id}")
    await office.settle()
    await long.taps("Duyệt")
    await office.time_passes(at("2026-12-08"))
    assert told(long, "approvals_waiting") == told(long, "approvals_late") == []


async def test_at_the_deadline_who_stands_in_is_reminded_too_and_may_decide(office: Office) -> None:
    long, lan, minh = await office_of_four(office)
    course_id = await course(office, approve_until=FRIDAY)
    await lan.taps_data(f"enrol:{course_id}")
    await stands_in(office, minh, since=at("2026-11-26"), until=at("2026-12-05"))
    await office.time_passes(at("2026-11-27", "18:00"))
    assert FRIDAY in told(minh, "approvals_waiting")
    await minh.taps("Lan · ")
    await minh.taps("Duyệt")
    assert await state_of(office, lan, course_id) == ["seat"]
    await long.taps_data(f"approve:{await newest(office)}")
    assert long.sees("Đã duyệt")


async def test_a_working_day_later_the_request_is_hrs_and_everybody_is_told(office: Office) -> None:
    long, lan, _ = await office_of_four(office)
    hr = await office.person("Hoa", unit="Sở Nội vụ", hr=True)
    course_id = await course(office, title="Luật Đất đai", approve_until=FRIDAY)
    await lan.taps_data(f"enrol:{course_id}")
    await office.time_passes(at("2026-11-30", "16:45"))
    assert await state_of(office, lan, course_id) == ["head"]
    assert hr.pushed == []
    await office.time_passes(at("2026-11-30", "17:15"))
    assert await state_of(office, lan, course_id) == ["hr"]
    assert hr.sees("Luật Đất đai: 1 đăng ký đã quá hạn duyệt của thủ trưởng")
    assert long.sees("Đã quá hạn duyệt", "đã được chuyển tới bộ phận tổ chức cán bộ", "Lan")
    assert lan.sees("Thủ trưởng chưa trả lời trong hạn", "bộ phận tổ chức cán bộ")
    async with office.store.reading() as tx:
        reason = await tx.fetchval("select reason from enrolment_history order by id desc")
    assert reason == "head_silent"
    await hr.taps("Danh sách chờ duyệt")
    await hr.taps("Lan · ")
    await hr.taps("Duyệt")
    assert await state_of(office, lan, course_id) == ["seat"]


async def test_a_head_approving_too_late_is_told_kindly_and_nothing_happens(office: Office) -> None:
    long, lan, _ = await office_of_four(office)
    await office.person("Hoa", unit="Sở Nội vụ", hr=True)
    course_id = await course(office, approve_until=FRIDAY)
    await lan.taps_data(f"enrol:{course_id}")
    await office.settle()
    office.clock.move_to(at("2026-11-30", "17:00"))  # and no tick has run
    await long.taps("Duyệt")
    assert long.sees("Đã quá hạn duyệt", "đã chuyển bộ phận tổ chức cán bộ")
    assert await state_of(office, lan, course_id) == ["hr"]
    await long.taps_data(f"refuse_now:{await newest(office)}")
    assert await state_of(office, lan, course_id) == ["hr"]
    async with office.store.reading() as tx:
        assert await tx.fetchval("select count(*) from audit where action = 'refused'") == 0


async def test_without_a_date_of_its_own_the_deadline_of_sign_up_counts(office: Office) -> None:
    _, lan, _ = await office_of_four(office)
    course_id = await course(office, deadline=at("2026-11-26", "12:00"))
    await lan.taps_data(f"enrol:{course_id}")
    await office.time_passes(at("2026-11-27", "17:00"))
    assert await state_of(office, lan, course_id) == ["hr"]


async def test_an_offer_taken_after_the_heads_time_goes_to_hr_at_once(office: Office) -> None:
    long, lan, minh = await office_of_four(office)
    hr = await office.person("Hoa", unit="Sở Nội vụ", hr=True)
    course_id = await course(office, capacity=1, approve_until=at("2026-11-23", "12:00"))
    await lan.taps_data(f"enrol:{course_id}")
    await minh.taps_data(f"enrol:{course_id}")
    office.clock.move_to(at("2026-11-26"))
    await lan.taps_data(f"enrol_drop:{course_id}:work")
    await office.settle()
    await minh.taps("Nhận chỗ")
    await office.settle()
    assert await state_of(office, minh, course_id) == ["hr"]
    assert hr.sees("Minh", "Duyệt")
    assert not long.saw("Minh")


async def test_a_deadline_that_was_put_off_moves_what_follows(office: Office) -> None:
    long, lan, _ = await office_of_four(office)
    course_id = await course(office, approve_until=at("2026-11-25", "17:00"))
    await lan.taps_data(f"enrol:{course_id}")
    async with office.store.transaction() as tx:
        later = at("2026-12-02", "17:00")
        await tx.execute("update courses set approve_until = $2 where id = $1", course_id, later)
    await office.time_passes(at("2026-12-03", "16:45"))
    assert await state_of(office, lan, course_id) == ["head"]
    assert at("2026-12-01", "08:00") in told(long, "approvals_waiting")
    await office.time_passes(at("2026-12-03", "17:15"))
    assert await state_of(office, lan, course_id) == ["hr"]


async def test_a_cancelled_course_reminds_nobody(office: Office) -> None:
    long, lan, _ = await office_of_four(office)
    hr = await office.person("Hoa", unit="Sở Nội vụ", hr=True)
    course_id = await course(office, approve_until=FRIDAY)
    await lan.taps_data(f"enrol:{course_id}")
    await office.settle()
    await hr.taps_data(f"desk_cancel:{course_id}")
    await hr.sends("Hết kinh phí")
    await hr.taps("Huỷ lớp")
    await office.time_passes(at("2026-12-01"))
    assert told(long, "approvals_waiting") == told(hr, "approvals_passed") == []


async def test_a_head_who_applies_is_decided_on_by_the_next_level_never_by_who_stands_in_for_them(
    office: Office,
) -> None:
    top = await office.person("Tỉnh", unit="Tỉnh", head=True)
    long, _, minh = await office_of_four(office)
    async with office.store.transaction() as tx:
        await tx.execute("update units set parent_id = (select id from units where name = 'Tỉnh') where fold <> 'tinh'")
    await stands_in(office, minh, since=at("2026-11-20"), until=at("2026-12-05"))
    course_id = await course(office)
    await long.taps_data(f"enrol:{course_id}")
    await minh.taps_data(f"enrol:{course_id}")
    await office.settle()
    assert top.sees("Long", "Duyệt")
    assert not minh.saw("xin học lớp")
    assert long.sees("Minh", "Duyệt")  # the head decides on who stands in
    await minh.sends("/duyet")
    assert minh.sees("Hiện không có yêu cầu nào")
    await minh.taps_data(f"approve:{await newest(office) - 1}")
    assert minh.sees_no("Đã duyệt")
    await minh.taps_data(f"approve:{await newest(office)}")
    assert await state_of(office, minh, course_id) == ["head"]


async def test_a_unit_whose_post_of_head_is_vacant_is_decided_on_by_who_stands_in(office: Office) -> None:
    lan, minh = await office.person("Lan"), await office.person("Minh")
    await stands_in(office, minh, since=at("2026-11-20"), until=at("2026-12-05"))
    course_id = await course(office)
    await lan.taps_data(f"enrol:{course_id}")
    await office.settle()
    await minh.taps("Duyệt")
    assert await state_of(office, lan, course_id) == ["seat"]


async def test_hrs_turn_comes_before_the_course_does(office: Office) -> None:
    course_id = await course(office, deadline=at("2026-12-04", "23:59"))
    async with office.store.reading() as tx:
        held = await courses.find(tx, course_id)
        days = await calendar.load(tx, ZONE)
    assert approval_deadlines.over_at(held, days) == held.deadline  # a working day later is the day it begins
    early = replace(held, approve_until=FRIDAY)
    assert approval_deadlines.over_at(early, DAYS) == at("2026-11-30", "17:00")


async def test_hrs_turn_comes_at_once_also_when_the_scheduler_is_some_seconds_late(office: Office) -> None:
    _, lan, _ = await office_of_four(office)
    sunday = at("2026-12-06", "23:59")  # the class begins on Monday morning
    course_id = await course(office, deadline=sunday)
    await lan.taps_data(f"enrol:{course_id}")
    await office.time_passes(sunday - 60, step=6 * 3600)
    assert await state_of(office, lan, course_id) == ["head"]
    office.clock.move_to(sunday + 2)
    await office.settle()
    assert await state_of(office, lan, course_id) == ["hr"]


async def newest(office: Office) -> int:
    async with office.store.reading() as tx:
        number: int = await tx.fetchval("select max(id) from enrolments")
    return number
