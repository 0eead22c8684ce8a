import datetime as dt
import io

import openpyxl

from bot.training import calendar, hours_nudge
from tests.results.classes import OVER, class_of, was_there
from tests.results.test_history import history, taken_in
from tests.talking import ZONE, Chat, Office, at


async def planned(office: Office) -> None:
    async with office.store.transaction() as tx:
        await hours_nudge.plan(tx, await calendar.load(tx, ZONE), office.clock.now())


def nudges(chat: Chat) -> list[int]:
    return [when for when, kind, _ in chat.pushed if kind == "hours_nudge"]


async def test_hours_of_a_running_course_count_at_once(office: Office) -> None:
    lan = await office.person("Lan")
    course_id = await class_of(office, lan)
    await was_there(office, lan, course_id, 8)
    await lan.sends("/hoso")
    lan.sees("8/40 tiết, còn thiếu 32 tiết")
    await lan.taps("Giờ học, chứng chỉ")
    lan.sees("Luật Đất đai", "8 tiết, lớp đang học")
    await lan.taps("Năm 2025")
    lan.sees("Giờ học năm 2025", "0/40", "chưa có việc học nào")
    await lan.taps_data("hours:99999")
    lan.sees_no("Giờ học năm 99999")


async def test_hr_sees_who_is_behind_and_who_has_none_with_a_target_per_group(office: Office) -> None:
    hr = await office.person("Hoa", hr=True, audience="HDLD", unit="Xã Trí Phải")
    lan = await office.person("Lan", audience="CC")
    await office.person("Minh", audience="VC", unit="Xã Biển Bạch")
    course_id = await class_of(office, lan)
    await was_there(office, lan, course_id, 8)
    await hr.sends("/quanly")
    await hr.taps("Giờ học")
    hr.sees("Chưa đạt mức: 3/3", "2 người chưa có tiết nào")
    await hr.taps("Học tốt, học nhiều")
    hr.sees("0 người", "Chưa có ai", "do cơ quan xét")
    await hr.taps("Quay lại")
    await hr.taps("Mức tiết mỗi năm")
    await hr.taps("Công chức")
    await hr.sends("tám")
    hr.sees("không phải số tiết")
    await hr.sends("8")
    hr.sees("Công chức: 8", "Viên chức: 40")
    await hr.taps("Quay lại")
    hr.sees("Chưa đạt mức: 2/3")
    await hr.taps("Học tốt, học nhiều")
    hr.sees("1. Lan", "8/8 tiết")
    await hr.taps("Tải danh sách (Excel)")
    assert hr.arrived[-1].attachments
    await hr.taps_data("desk_hours")
    await hr.taps("Ai chưa có tiết nào")
    hr.sees("Xã Biển Bạch: Minh", "Xã Trí Phải: Hoa")
    hr.sees_no("Lan")
    await hr.taps("Tải danh sách (Excel)")
    assert hr.arrived[-1].attachments
    await lan.sends("/hoso")
    lan.sees("8/8 tiết, đã đủ")


async def test_who_has_no_hour_is_nudged_once_a_quarter_and_the_head_gets_one_count(office: Office) -> None:
    head = await office.person("Long", head=True)
    lan, minh = await office.person("Lan"), await office.person("Minh")
    silent = await office.person("Im", linked=False)
    await was_there(office, minh, await class_of(office, minh), 4)
    await was_there(office, head, await class_of(office, head, code="DD2"), 4)
    await planned(office)
    await planned(office)
    await office.time_passes(at("2026-12-04", "20:00"))
    assert nudges(lan) == [at("2026-12-01", "08:30")]
    assert lan.saw("chưa có tiết bồi dưỡng nào")
    await lan.taps("Lớp đang mở")
    assert nudges(minh) == nudges(silent) == nudges(head) == []
    assert head.saw("2/3 người trong đơn vị của anh/chị chưa có tiết")
    assert [kind for _, kind, _ in head.pushed].count("hours_heads") == 1


async def test_who_learns_before_the_message_leaves_is_not_nudged(office: Office) -> None:
    lan = await office.person("Lan")
    await planned(office)
    await office.time_passes(at("2026-11-30", "18:00"))
    await was_there(office, lan, await class_of(office, lan), 4)
    await office.time_passes(at("2026-12-02", "18:00"))
    assert nudges(lan) == []


async def test_every_source_is_carried_into_the_hours_of_its_year(office: Office) -> None:
    hr, lan = await office.person("Hoa", hr=True), await office.person("Lan", code="A1", unit="Xã A")
    rest = ["Tin học", "CDS", "01/03", "05/03", 16, None]
    rows = [["A1", "Lan", "Xã A", *[f"{cell}/{year}" if "/" in str(cell) else cell for cell in rest]]
            for year in (2025, 2026)]  # fmt: skip
    await taken_in(office, history(*rows), "a.xlsx")
    over, running = await class_of(office, lan, pass_mark=0), await class_of(office, lan, title="Tiếng Anh", code="TA")
    for course_id, periods in ((over, 20), (running, 3)):
        await was_there(office, lan, course_id, periods)
    office.clock.move_to(OVER)
    await hr.taps_data(f"res_close_yes:{over}")
    await lan.sends("/hoso")
    lan.sees("39/40 tiết, còn thiếu 1 tiết")
    await lan.taps("Giờ học, chứng chỉ")
    lan.sees("16 tiết, lịch sử", "20 tiết, lớp đã xong", "3 tiết, lớp đang học")
    await lan.taps("Năm 2025")
    lan.sees("16/40 tiết, còn thiếu 24 tiết")


async def test_a_nudge_is_planned_for_the_first_working_day_of_each_quarters_last_month(office: Office) -> None:
    async with office.store.transaction() as tx:
        await calendar.edit(tx, dt.date(2027, 6, 1), False, "Nghỉ")
    await planned(office)
    async with office.store.reading() as tx:
        rows = await tx.fetch("select due_at from milestones where subject = 'hours_nudge:2027' order by due_at")
    days = [dt.datetime.fromtimestamp(row["due_at"], ZONE) for row in rows]
    assert [f"{day:%d/%m %H:%M}" for day in days] == ["01/03 08:30", "02/06 08:30", "01/09 08:30", "01/12 08:30"]


async def test_hr_sees_units_where_fewest_take_part_first(office: Office) -> None:
    hr = await office.person("Hoa", hr=True, unit="Xã Trí Phải")
    lan = await office.person("Lan", unit="Xã Trí Phải")
    for name in ("Minh", "Nga"):
        await office.person(name, unit="Xã Biển Bạch")
    await was_there(office, lan, await class_of(office, lan, hours=50), 40)
    await hr.taps_data("desk_hours")
    await hr.taps("Theo đơn vị")
    text = hr.last
    assert "Xã Biển Bạch: 0/2 người đã học (0%), 0 người đạt mức" in text
    assert "Xã Trí Phải: 1/2 người đã học (50%), 1 người đạt mức" in text
    assert text.index("Xã Biển Bạch") < text.index("Xã Trí Phải")
    await hr.taps("Tải danh sách (Excel)")
    page = openpyxl.load_workbook(io.BytesIO(hr.arrived[-1].attachments[0].content)).worksheets[0]
    rows = [[cell.value for cell in row] for row in page.iter_rows() if row[0].value in (1, 2)]
    assert rows == [[1, "Xã Biển Bạch", 2, 0, 2, 0, 0, 0], [2, "Xã Trí Phải", 2, 1, 1, 1, 50, 50]]
