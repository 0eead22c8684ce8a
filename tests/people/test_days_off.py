from datetime import date

import pytest

from bot.errors import Refused
from bot.training import days_off
from tests.talking import Office, at

TODAY = date(2026, 11, 23)


def test_one_day_a_run_of_days_and_a_day_worked_instead() -> None:
    assert days_off.parse("30/04/2027 Nghỉ bù", TODAY) == days_off.Typed((date(2027, 4, 30),), False, "Nghỉ bù")
    typed = days_off.parse("06/02/2027 - 08/02/2027: Nghỉ Tết", TODAY)
    assert (typed.days[0], typed.days[-1], len(typed.days)) == (date(2027, 2, 6), date(2027, 2, 8), 3)
    assert days_off.parse("26/12/2026 Làm bù", TODAY).working
    assert days_off.parse("1.1.2027", TODAY).name == ""


@pytest.mark.parametrize("text", ["30/02/2027 Nghỉ", "ngày mai", "", "30/04 Nghỉ", "32/01/2027"])
def test_a_line_that_names_no_day_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        days_off.parse(text, TODAY)
    assert refused.value.screen == "daysoff/unclear"


@pytest.mark.parametrize("text", ["22/11/2026 Nghỉ", "01/12/2026 - 30/11/2026", "01/12/2026 - 31/01/2027"])
def test_past_days_and_endless_runs_are_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        days_off.parse(text, TODAY)
    assert refused.value.screen == "daysoff/out_of_range"


async def test_hr_adds_a_day_off_and_takes_it_off_again(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await hr.sends("/quanly")
    await hr.taps("Thiết lập")
    await hr.taps("Ngày nghỉ")
    hr.sees("01/01/2027", "Tết Dương lịch")
    await hr.taps("Thêm ngày")
    await hr.sends("hôm nào đó")
    hr.sees("chưa đọc được")
    await hr.sends('24/12/2026 Nghỉ <b> & "vui"')
    hr.sees("24/12/2026", "ngày nghỉ", 'Nghỉ <b> & "vui"')
    await hr.taps("Quay lại")
    await hr.taps("24/12/2026")
    await hr.taps("Bỏ khỏi danh sách")
    hr.sees_no("24/12/2026")


async def test_a_public_holiday_can_be_made_a_working_day_and_back(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await hr.taps_data("day:2027-01-01")
    hr.sees("ngày nghỉ")
    await hr.taps("Đổi thành ngày làm việc")
    hr.sees("Tết Dương lịch – làm việc (tự thêm)")
    await hr.taps("01/01/2027")
    await hr.taps("Bỏ khỏi danh sách")
    hr.sees_no("làm việc (tự thêm)")
    await hr.taps_data("day:2027-13-45")
    hr.sees("không còn dùng được")


async def test_a_request_is_due_later_when_hr_adds_a_day_off(office: Office) -> None:
    hr, lan = await office.person("Hạnh", hr=True), await office.person("Lan")
    await hr.taps_data("day_add")
    await hr.sends("25/11/2026 Nghỉ")
    await office.time_passes(at("2026-11-23", "09:00"))
    await lan.taps_data("profile_fix")
    await lan.sends("Sai tên")
    lan.sees("thứ Sáu 27/11/2026")
