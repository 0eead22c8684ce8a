import pytest

from bot.training import milestones, session_reminders
from bot.training.calendar import Calendar
from bot.training.milestones import Step
from tests.courses.classes import course, seated
from tests.courses.test_course_import import applied
from tests.talking import ZONE, Chat, Office, at


def planned(day: str, hour: str) -> dict[str, int]:
    start = at(day, hour)
    wanted = [Step(name, start - lead, start) for name, lead in session_reminders.LEADS.items()]
    return {step.name: step.wanted_at for step in milestones.timed(Calendar(ZONE), wanted)}


@pytest.mark.parametrize(
    ("day", "hour", "week", "day_before", "two_hours"),
    [
        # a plain Thursday afternoon
        ("2026-12-10", "13:30", "2026-12-03 13:30", "2026-12-09 13:30", "2026-12-10 11:30"),
        # early: two hours before is night, and the evening before has its reminder already
        ("2026-12-10", "07:30", "2026-12-03 07:30", "2026-12-09 07:30", None),
        # Monday: the day before is Sunday, so Friday evening
        ("2026-12-07", "13:30", "2026-11-30 13:30", "2026-12-04 19:00", "2026-12-07 11:30"),
        # the first Monday after Tết 2027 (4–10 February are off, and the 13th is a Saturday)
        ("2027-02-15", "13:30", "2027-02-03 19:00", "2027-02-12 19:00", "2027-02-15 11:30"),
        # the first working day after Tết: everything moves before it, and the day before wins that day
        ("2027-02-11", "07:30", None, "2027-02-03 19:00", None),
        # a class on a Saturday
        ("2026-12-12", "08:00", "2026-12-04 19:00", "2026-12-11 08:00", None),
        # just after New Year's Day
        ("2027-01-04", "07:30", "2026-12-28 07:30", "2026-12-31 19:00", None),
    ],
)
def test_steps_move_earlier_into_calm_hours(
    day: str, hour: str, week: str | None, day_before: str | None, two_hours: str | None
) -> None:
    expected = {"7d": week, "1d": day_before, "2h": two_hours}
    assert planned(day, hour) == {name: at(*when.split()) for name, when in expected.items() if when}


def reminders(chat: Chat) -> list[int]:
    return [when for when, kind, _ in chat.pushed if kind == "session_reminder"]


async def agreed_to_days_off(office: Office, chat: Chat) -> None:
    async with office.store.transaction() as tx:
        await tx.execute(
            """insert into consents (person_id, purpose, given, wording, chat_hash, at)
            values ($1, 'days_off', 1, '1', 'test', 1)""",
            chat.person_id,
        )


async def test_seat_holders_are_reminded_with_place_and_what_to_bring(office: Office) -> None:
    course_id = await course(office, bring="Thẻ CBCC", sessions_at=(("2026-12-10", "13:30", "17:00"),))
    lan, mai = await office.person("Lan"), await office.person("Mai")
    await seated(office, lan, course_id)
    await office.time_passes(at("2026-12-09", "14:00"), step=1800)
    lan.sees("Nhắc lịch", "thứ Năm 10/12/2026, 13:30–17:00", "Phòng họp số 2", "Xem bản đồ", "Thẻ CBCC")
    await office.time_passes(at("2026-12-10", "13:00"), step=1800)
    assert reminders(lan) == [at("2026-12-03", "13:30"), at("2026-12-09", "13:30"), at("2026-12-10", "11:30")]
    assert mai.pushed == []


async def test_who_agreed_to_days_off_is_reminded_at_the_wished_time(office: Office) -> None:
    course_id = await course(office, sessions_at=(("2026-12-07", "13:30", "17:00"),))
    lan, mai = await office.person("Lan"), await office.person("Mai")
    for person in (lan, mai):
        await seated(office, person, course_id)
    await agreed_to_days_off(office, lan)
    await office.time_passes(at("2026-12-07", "13:00"), step=1800)
    assert reminders(lan)[1:] == [at("2026-12-06", "13:30"), at("2026-12-07", "11:30")]
    assert reminders(mai)[1:] == [at("2026-12-04", "19:00"), at("2026-12-07", "11:30")]


async def test_who_agreed_to_days_off_is_still_left_alone_at_night(office: Office) -> None:
    course_id = await course(office, sessions_at=(("2026-12-07", "22:00", "23:00"),))
    lan = await office.person("Lan")
    await seated(office, lan, course_id)
    await agreed_to_days_off(office, lan)
    await office.time_passes(at("2026-12-07", "21:30"), step=1800)
    assert all(7 <= Calendar(ZONE).local(when).hour < 20 for when in reminders(lan))


async def test_a_session_put_on_tomorrow_morning_is_reminded_of_this_evening(office: Office) -> None:
    office.clock.move_to(at("2026-12-09", "10:00"))  # "a day before" was at 07:30, on the same day as the evening
    course_id = await course(office, sessions_at=(("2026-12-10", "07:30", "11:30"),))
    lan = await office.person("Lan")
    await seated(office, lan, course_id)
    await office.time_passes(at("2026-12-10", "07:00"), step=1800)
    assert reminders(lan) == [at("2026-12-09", "19:00")]


async def test_nobody_is_reminded_after_giving_the_seat_up(office: Office) -> None:
    course_id = await course(office, sessions_at=(("2026-12-10", "13:30", "17:00"),))
    lan = await office.person("Lan")
    await seated(office, lan, course_id)
    await agreed_to_days_off(office, lan)
    await lan.taps_data(f"enrol_drop:{course_id}:work")
    await office.time_passes(at("2026-12-10", "13:00"), step=3600)
    assert reminders(lan) == []


async def test_a_reminder_already_owed_falls_away_with_the_seat(office: Office) -> None:
    course_id = await course(office, sessions_at=(("2026-12-07", "13:30", "17:00"),), cancel_until=at("2026-12-07"))
    lan = await office.person("Lan")
    await seated(office, lan, course_id)
    await agreed_to_days_off(office, lan)
    await office.time_passes(at("2026-12-05", "08:00"), step=3600)  # written on Friday, due on Sunday
    await lan.taps_data(f"enrol_drop:{course_id}:work")
    async with office.store.reading() as tx:
        assert await tx.fetchval("select count(*) from outbox where state = 'pending'") == 0


async def test_after_a_standstill_one_reminder_comes_and_the_others_are_recorded_as_skipped(office: Office) -> None:
    course_id = await course(office, sessions_at=(("2026-12-10", "13:30", "17:00"),))
    lan = await office.person("Lan")
    await seated(office, lan, course_id)
    office.clock.move_to(at("2026-12-10", "12:00"))
    await office.settle()
    await office.settle()
    assert len(reminders(lan)) == 1
    lan.sees("sắp bắt đầu")
    async with office.store.reading() as tx:
        rows = await tx.fetch("select step, state from milestones where kind = 'session' order by due_at")
    assert [(r["step"], r["state"]) for r in rows] == [("7d", "skipped"), ("1d", "skipped"), ("2h", "done")]


async def test_after_a_standstill_nobody_is_woken_at_night(office: Office) -> None:
    course_id = await course(office, sessions_at=(("2026-12-10", "13:30", "17:00"),))
    lan = await office.person("Lan")
    await seated(office, lan, course_id)
    office.clock.move_to(at("2026-12-09", "23:00"))
    await office.settle()
    assert lan.pushed == []
    await office.time_passes(at("2026-12-10", "13:30"), step=900)
    assert reminders(lan) == [at("2026-12-10", "07:30")]  # and none at 11:30: one a day


async def test_a_session_that_is_over_is_not_reminded_of(office: Office) -> None:
    course_id = await course(office, sessions_at=(("2026-12-10", "13:30", "17:00"),))
    lan = await office.person("Lan")
    await seated(office, lan, course_id)
    async with office.store.transaction() as tx:
        await tx.execute("delete from milestones where kind = 'course_end'")
    office.clock.move_to(at("2026-12-11", "08:00"))
    await office.settle()
    assert lan.pushed == []


async def test_a_session_moved_after_its_reminder_is_reminded_of_again(office: Office) -> None:
    await applied(office, {"Ngày": "10/12/2026", "Giờ bắt đầu": "13:30", "Giờ kết thúc": "17:00"})
    lan = await office.person("Lan")
    await seated(office, lan, 1)
    await office.time_passes(at("2026-12-09", "14:00"), step=3600)
    await applied(office, {"Ngày": "17/12/2026", "Giờ bắt đầu": "13:30", "Giờ kết thúc": "17:00"})
    await office.settle()
    await lan.taps("Tôi còn đi được")
    await office.time_passes(at("2026-12-17", "13:00"), step=1800)
    assert reminders(lan) == [
        at("2026-12-03", "14:00"), at("2026-12-09", "14:00"), at("2026-12-10", "13:30"),
        at("2026-12-16", "13:30"), at("2026-12-17", "11:30"),
    ]  # fmt: skip
    lan.sees("17/12/2026")


async def test_two_reminders_of_one_session_never_come_on_one_day(office: Office) -> None:
    await applied(office, {"Ngày": "10/12/2026", "Giờ bắt đầu": "13:30", "Giờ kết thúc": "17:00"})
    lan = await office.person("Lan")
    await seated(office, lan, 1)
    await office.time_passes(at("2026-12-09", "14:00"), step=3600)
    await applied(office, {"Ngày": "10/12/2026", "Giờ bắt đầu": "15:30", "Giờ kết thúc": "17:00"})
    await office.time_passes(at("2026-12-10", "15:00"), step=1800)
    days = [Calendar(ZONE).day(when) for when in reminders(lan)]
    assert days == ["2026-12-03", "2026-12-09", "2026-12-10"]
