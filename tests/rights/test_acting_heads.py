import datetime as dt

import pytest

from bot.errors import Refused
from bot.training import acting
from bot.training.calendar import Calendar
from tests.rights.agency import audited, clerk, unit_id
from tests.talking import MONDAY, ZONE, Office, at

UNIT = "Xã Trí Phải"
DAYS = Calendar(ZONE)


async def test_a_head_hands_over_between_two_typed_days_and_both_know(office: Office) -> None:
    long, mai = await office.person("Long", head=True, unit=UNIT), await office.person("Mai", unit=UNIT)
    await office.person("Oanh", unit="Xã Khác")
    await long.sends("/duyet")
    await long.taps("Giao quyền")
    long.sees("Hiện không có ai")
    await long.taps("Giao cho đồng nghiệp")
    long.sees("Mai")
    long.sees_no("Oanh")
    long.sees_no("[Long")
    await long.taps("Mai")
    await long.sends("30/02/2027")
    long.sees("Tôi chưa hiểu “30/02/2027”")
    await long.sends("22/11/2026")
    long.sees("đã qua")
    await long.sends("25/11/2026")
    await long.sends("24/11/2026")
    long.sees("trước ngày bắt đầu")
    await long.sends("27/11/2026")
    long.sees("Mai", "thứ Tư 25/11/2026", "hết thứ Sáu 27/11/2026")
    await long.taps("Giao quyền")
    long.sees("Mai, từ thứ Tư 25/11/2026 đến hết thứ Sáu 27/11/2026")
    await office.settle()
    mai.sees("được giao thay thủ trưởng Xã Trí Phải", "đến hết thứ Sáu 27/11/2026")
    assert long.pushed == []  # did it, and saw it
    assert await audited(office, "acting.give") == [("acting.give", f"unit:{await unit_id(office, UNIT)}")]


async def test_the_one_who_stands_in_is_a_head_from_the_first_second_to_the_last(office: Office) -> None:
    long, mai = await office.person("Long", head=True), await office.person("Mai")
    await long.taps_data(f"acting_give:1:{mai.person_id}:20261125:20261127:1")
    for when, may in (
        (at("2026-11-24", "23:59"), False),
        (at("2026-11-25", "00:00"), True),
        (at("2026-11-27", "23:59") + 59, True),
        (at("2026-11-28", "00:00"), False),
    ):
        office.clock.move_to(when)
        await mai.sends("/duyet")
        assert ("duyet" in mai.commands) is may
        assert ("Chờ anh/chị duyệt" in mai.last) is may


async def test_it_is_ended_early_at_once_and_both_are_told(office: Office) -> None:
    long, mai = await office.person("Long", head=True), await office.person("Mai")
    await long.taps_data(f"acting_give:1:{mai.person_id}:20261123:20261127:1")
    await mai.sends("/duyet")
    mai.sees("Chờ anh/chị duyệt")
    await long.sends("/duyet")
    await long.taps("Giao quyền")
    await long.taps("Kết thúc: Mai")
    await long.taps("Kết thúc")
    long.sees("Hiện không có ai")
    await mai.sends("/duyet")
    mai.sees("người được phân quyền")
    await office.settle()
    mai.sees("Xã Trí Phải đã kết thúc")
    assert [kind for _, kind, _ in mai.pushed] == ["acting_ended"]  # the news of the beginning was withdrawn
    await long.taps_data("acting_end:1:1")
    await office.settle()
    assert len(mai.pushed) == 1


async def test_hr_hands_over_for_a_head_who_is_told_as_well(office: Office) -> None:
    hr = await clerk(office, "Hạnh", UNIT)
    long, mai = await office.person("Long", head=True, unit=UNIT), await office.person("Mai", unit=UNIT)
    await hr.taps_data("desk_heads")
    await hr.taps(UNIT)
    await hr.taps("Giao quyền thay")
    await hr.taps("Giao cho đồng nghiệp")
    await hr.taps("Mai")
    await hr.taps("Ngày mai")
    await hr.taps("3 ngày (26/11/2026)")
    await hr.taps("Giao quyền")
    hr.sees("Mai, từ thứ Ba 24/11/2026 đến hết thứ Năm 26/11/2026, do Hạnh giao")
    await office.settle()
    long.sees("Mai được giao thay anh/chị")
    mai.sees("Anh/chị được giao thay thủ trưởng")


async def test_who_stands_in_hands_nothing_on(office: Office) -> None:
    long, mai, nam = [await office.person(name, head=name == "Long") for name in ("Long", "Mai", "Nam")]
    await long.taps_data(f"acting_give:1:{mai.person_id}:20261123:20261127:1")
    await mai.taps_data("acting")
    mai.sees("không giao tiếp")
    for data in ("acting_unit:1", f"acting_give:1:{nam.person_id}:20261128:20261129:1", "acting_end:1:1"):
        await mai.taps_data(data)
        mai.sees("người được phân quyền")


async def test_only_a_colleague_of_the_unit_and_never_the_head_stands_in(office: Office) -> None:
    long, oanh = await office.person("Long", head=True), await office.person("Oanh", unit="Xã Khác")
    await long.taps_data(f"acting_give:1:{long.person_id}:20261123:20261127:1")
    long.sees("không còn dùng được")
    await long.taps_data(f"acting_give:1:{oanh.person_id}:20261123:20261127:1")
    long.sees("người được phân quyền")


async def test_one_stands_in_at_a_time(office: Office) -> None:
    long, mai, nam = [await office.person(name, head=name == "Long") for name in ("Long", "Mai", "Nam")]
    await long.taps_data(f"acting_give:1:{mai.person_id}:20261125:20261127:1")
    await long.taps_data(f"acting_give:1:{nam.person_id}:20261127:20261128:1")
    long.sees("đã có Mai thay thủ trưởng")
    await long.taps_data(f"acting_give:1:{nam.person_id}:20261128:20261128:1")
    long.sees("Nam, từ thứ Bảy 28/11/2026 đến hết thứ Bảy 28/11/2026")


async def test_who_leaves_stands_in_no_more(office: Office) -> None:
    hr, long = await office.person("Hạnh", hr=True, unit="Sở Nội vụ"), await office.person("Long", head=True)
    mai = await office.person("Mai")
    await long.taps_data(f"acting_give:2:{mai.person_id}:20261123:20261127:1")
    await hr.taps_data(f"person_here:{mai.person_id}:0:1")
    await long.taps_data("acting")
    long.sees("Hiện không có ai")


async def test_the_screens_speak_english_too(office: Office) -> None:
    long, mai = await office.person("Long", head=True), await office.person("Mai")
    await long.taps_data("speak:en")
    await mai.taps_data("speak:en")
    who = mai.person_id
    for data in ("approvals", "acting", "acting_unit:1", "acting_people:1:0", f"acting_from:1:{who}",
                 f"acting_until:1:{who}:20261123", f"acting_give:1:{who}:20261123:20261124:0",
                 f"acting_give:1:{who}:20261124:20261123:1", f"acting_give:1:{who}:20261123:20261124:1",
                 f"acting_give:1:{who}:20261123:20261124:1", "acting_end:1:0", "acting_end:1:1"):  # fmt: skip
        await long.taps_data(data)
        long.sees_no("something went wrong")
        long.sees_no("anh/chị")


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-11-22", "2026-11-30"),
        ("2026-11-25", "2026-11-24"),
        ("2028-01-01", "2028-01-02"),
        ("2026-11-25", "2027-12-31"),
    ],
)
def test_days_in_the_past_the_wrong_order_or_too_far_are_refused(first: str, last: str) -> None:
    with pytest.raises(Refused):
        acting.span(dt.date.fromisoformat(first), dt.date.fromisoformat(last), DAYS, MONDAY)


def test_local_days_become_instants() -> None:
    day = dt.date(2026, 11, 25)
    assert acting.span(day, day, DAYS, MONDAY) == (at("2026-11-25", "00:00"), at("2026-11-26", "00:00"))
