from datetime import datetime

from bot import outbox
from bot.training import legal_changes, legal_import
from bot.training.calendar import Calendar
from tests.legal.law_office import law, publish, works_through
from tests.talking import ZONE, Chat, Office, at

LADDER = [
    "2026-11-23 08:00",  # publication
    "2026-12-04 19:00",  # 14 days before is a Sunday
    "2026-12-11 19:00",  # 7 days before, too
    "2026-12-17 08:00",  # 3 days before
    "2026-12-18 19:00",  # the day before is a Saturday
    "2026-12-25 19:00",  # a week after, a Sunday again
    "2026-12-31 19:00",  # before the Sunday come New Year's Day and Saturday
    "2027-01-08 19:00",
]


def local(instant: int) -> str:
    return datetime.fromtimestamp(instant, ZONE).strftime("%Y-%m-%d %H:%M")


def times(chat: Chat, kind: str = "legal_reminder") -> list[str]:
    return [local(instant) for instant, what, _ in chat.pushed if what == kind]


async def test_the_ladder_to_a_deadline_on_a_sunday_moves_earlier_and_goes_on_weekly(office: Office) -> None:
    lan, hoa = await office.person("Lan"), await office.person("Hoa")
    await publish(office, law())
    await office.settle()
    lan.sees("Có cập nhật pháp luật mới", "Luật <Đất> & nhà (1/2026/QH16)", "còn 27 ngày", "[Mở để đọc]")
    await works_through(hoa)
    await office.time_passes(at("2027-01-09"), step=3600)
    assert times(lan) == LADDER
    assert times(hoa) == LADDER[:1]
    lan.sees("Nhắc đọc", "quá hạn 19 ngày")


async def test_thirty_days_before_is_kept_and_tet_moves_reminders_before_it(office: Office) -> None:
    lan = await office.person("Lan")
    await publish(office, law(deadline="2027-02-14"))
    await office.settle()
    await office.time_passes(at("2027-02-28"), step=3600)
    assert times(lan) == [
        "2026-11-23 08:00",
        "2027-01-15 08:00",
        "2027-01-29 19:00",
        "2027-02-03 19:00",  # 7 days before lies in Tết
        "2027-02-11 08:00",
        "2027-02-12 19:00",
        "2027-02-19 19:00",
        "2027-02-26 19:00",
    ]
    calendar = Calendar(ZONE)
    assert all(calendar.calm(instant) for instant, _, _ in lan.pushed)


async def test_closing_stops_reminders_and_opening_again_takes_them_up(office: Office) -> None:
    lan = await office.person("Lan")
    await publish(office, law())
    await office.settle()
    await office.time_passes(at("2026-12-01"), step=3600)
    async with office.store.transaction() as tx:
        await legal_changes.close(tx, 1, office.clock.now())
    await office.time_passes(at("2026-12-14"), step=3600)
    assert times(lan) == LADDER[:1]
    await lan.sends("/phapluat")
    lan.sees("Đã đóng, không phải làm nữa")
    async with office.store.transaction() as tx:
        await legal_changes.reopen(tx, 1, office.clock.now(), ZONE)
    await office.time_passes(at("2026-12-26"), step=3600)
    assert times(lan) == [*LADDER[:1], *LADDER[3:6]]


async def test_nobody_left_ends_the_weekly_reminders(office: Office) -> None:
    lan = await office.person("Lan")
    await publish(office, law())
    await office.time_passes(at("2026-12-26"), step=3600)
    await works_through(lan)
    await office.time_passes(at("2027-01-09"), step=3600)
    async with office.store.reading() as tx:
        assert await tx.fetchval("select count(*) from milestones where state = 'pending'") == 0


async def test_a_standstill_of_weeks_ends_in_one_message_and_the_weeks_go_on(office: Office) -> None:
    lan = await office.person("Lan")
    await publish(office, law())
    await office.settle()
    office.clock.move_to(at("2027-01-20", "22:00"))
    await office.settle()
    assert len(times(lan)) == 1
    await office.time_passes(at("2027-01-30"), step=1800)
    assert times(lan) == [LADDER[0], "2027-01-21 07:30", "2027-01-22 19:00", "2027-01-29 19:00"]


async def test_amending_publishes_anew_to_all_and_plans_the_new_ladder(office: Office) -> None:
    lan = await office.person("Lan")
    await publish(office, law())
    await office.settle()
    await works_through(lan)
    await office.time_passes(at("2026-12-21", "09:00"), step=3600)
    async with office.store.transaction() as tx:
        await legal_changes.amend(tx, 1, 1, "2027-01-15", office.clock.now(), ZONE)
    await office.settle()
    lan.sees("Văn bản đã được sửa đổi", "15/01/2027")
    await office.time_passes(at("2027-01-15"), step=3600)
    assert times(lan) == [
        "2026-11-23 08:00",
        "2026-12-21 09:00",
        "2026-12-31 19:00",
        "2027-01-08 08:00",
        "2027-01-12 08:00",
        "2027-01-14 08:00",
    ]


async def test_a_moved_deadline_moves_the_ladder(office: Office) -> None:
    lan = await office.person("Lan")
    await publish(office, law())
    await office.settle()
    await publish(office, law(deadline="2026-12-31"))
    await office.time_passes(at("2026-12-31", "12:00"), step=3600)
    assert times(lan) == [
        "2026-11-23 08:00",
        "2026-12-01 08:00",
        "2026-12-17 08:00",
        "2026-12-24 08:00",
        "2026-12-28 08:00",
        "2026-12-30 08:00",
    ]


async def test_published_at_night_it_is_told_in_the_morning(office: Office) -> None:
    lan = await office.person("Lan")
    office.clock.move_to(at("2026-11-27", "21:00"))  # a Friday
    await publish(office, law())
    await office.time_passes(at("2026-11-30", "09:00"), step=1800)
    assert times(lan) == ["2026-11-30 07:30"]


async def test_published_after_its_deadline_it_is_told_at_once_and_then_weekly(office: Office) -> None:
    lan = await office.person("Lan")
    await publish(office, law(deadline="2026-11-20"))
    await office.settle()
    await office.time_passes(at("2026-12-05"), step=3600)
    assert times(lan) == ["2026-11-23 08:00", "2026-11-27 08:00", "2026-12-04 08:00"]


async def test_the_head_gets_one_private_summary_from_seven_days_before(office: Office) -> None:
    head = await office.person("Thắng", head=True, title="Chủ tịch")
    lan, hoa = await office.person("Lan <&>"), await office.person("Hoa")
    await office.person("Mai", audience="VC")
    other = await office.person("Nam", unit="Xã Biển Bạch", head=True)
    await publish(office, law())
    await office.settle()
    for chat in (head, hoa, other):
        await works_through(chat)
    await office.time_passes(at("2026-12-19"), step=3600)
    assert times(head, "legal_summary") == ["2026-12-11 19:00"]
    assert times(other, "legal_summary") == []
    assert times(lan, "legal_summary") == []
    head.sees("1/3 chưa xong", "• Lan <&> – Xã Trí Phải", "[Nhắc giúp tôi]")
    head.sees_no("Mai")


async def test_the_summary_counts_units_below_and_a_circle_of_units_does_no_harm(office: Office) -> None:
    head = await office.person("Thắng", head=True)
    await office.person("Lan", unit="Trường A")
    async with office.store.transaction() as tx:
        await tx.execute("update units set parent_id = 1 where name = 'Trường A'")
        await tx.execute("update units set parent_id = 2 where id = 1")
    await publish(office, law())
    await head.taps_data("law_summary:1:0")
    head.sees("2/2 chưa xong", "Lan – Trường A")


async def test_a_head_who_is_not_done_either_reads_that_they_are_counted(office: Office) -> None:
    head, lan = await office.person("Thắng", head=True), await office.person("Lan")
    await publish(office, law())
    await office.settle()
    await head.taps_data("law_summary:1:0")
    head.sees("2/2 chưa xong, kể cả anh/chị.", "Thắng (anh/chị) –", "• Lan –", "[Nhắc giúp tôi]")
    await works_through(lan)
    await head.taps_data("law_summary:1:0")
    head.sees("1/2 chưa xong, kể cả anh/chị.")
    head.sees_no("Nhắc giúp tôi")  # nobody else is to be reminded
    await head.taps("Tôi đọc ngay")
    await works_through(head)
    await head.taps_data("law_summary:1:0")
    head.sees("đã xong cả")


async def test_remind_them_for_me_reaches_each_once_a_day(office: Office) -> None:
    head = await office.person("Thắng", head=True)
    lan = await office.person("Lan")
    other = await office.person("Nam", unit="Xã Biển Bạch")
    await publish(office, law())
    await office.settle()
    await works_through(head)
    await head.taps_data("law_nudge:1")
    head.sees("1 người chưa xong đều đã được nhắc trong ngày")
    office.clock.move_to(at("2026-11-25", "10:00"))  # the 24th is a holiday
    await head.taps_data("law_nudge:1")
    head.sees("Tôi đang nhắn riêng 1 người")
    await head.taps_data("law_nudge:1")
    head.sees("đều đã được nhắc trong ngày")
    await office.settle()
    assert times(lan) == ["2026-11-23 08:00", "2026-11-25 10:00"]
    assert len(times(other)) == 1
    office.clock.move_to(at("2026-11-25", "21:00"))
    await head.taps_data("law_nudge:1")
    head.sees("Tôi sẽ nhắn riêng 1 người vào thứ Năm 26/11/2026, 07:30")


async def test_after_the_deadline_hr_is_told_weekly_until_all_are_done(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True, audience="CB")
    head = await office.person("Thắng", head=True)
    lan = await office.person("Lan")
    await publish(office, law())
    await office.settle()
    await works_through(head)
    await office.time_passes(at("2027-01-01"), step=3600)
    assert times(hr, "legal_summary") == ["2026-12-25 19:00", "2026-12-31 19:00"]
    hr.sees("Toàn cơ quan: 1/2 chưa xong", "[Ai chưa?]", "[Nhắc giúp tôi]")
    assert len(times(head, "legal_summary")) == 1
    await works_through(lan)
    await office.time_passes(at("2027-01-16"), step=3600)
    assert len(times(hr, "legal_summary")) == 2


async def test_only_heads_see_a_unit_and_only_hr_sees_all(office: Office) -> None:
    lan = await office.person("Lan")
    await publish(office, law())
    for forged in ("law_summary:1:0", "law_nudge:1", "desk_law_nudge:1", "desk_law:1", "who_not_list:law:1"):
        await lan.taps_data(forged)
        lan.sees("dành cho người được phân quyền")
        lan.sees_no("chưa xong")


async def test_a_reminder_that_is_no_longer_called_for_is_not_sent(office: Office) -> None:
    lan = await office.person("Lan")
    await publish(office, law())
    async with office.store.transaction() as tx:
        owed = outbox.Owed("x", "legal_reminder", "legal:1", lan.person_id, 0, 2**40, [1, "7d"])
        await outbox.put(tx, owed, office.clock.now())
    await works_through(lan)
    await office.settle()
    assert times(lan) == []


def test_the_end_of_a_local_day_is_its_last_second() -> None:
    assert legal_import.end_of_day(Calendar(ZONE), "2026-12-20") == at("2026-12-21", "00:00") - 1
