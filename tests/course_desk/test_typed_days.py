from datetime import date, time

import pytest

from bot.excel.cells import CellError
from bot.training import typed_days
from bot.training.typed_days import When

TODAY = date(2026, 11, 23)  # a Monday


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("07/12/2026", date(2026, 12, 7)),
        ("7/12", date(2026, 12, 7)),
        ("7.12.26", date(2026, 12, 7)),
        ("thứ Hai 7/12", date(2026, 12, 7)),
        ("Thứ hai, ngày 7 tháng 12 năm 2026", date(2026, 12, 7)),
        ("T2 7-12", date(2026, 12, 7)),
        ("CN 13/12", date(2026, 12, 13)),
        ("5/1", date(2027, 1, 5)),
        ("23/11", TODAY),
        ("29/2", date(2028, 2, 29)),
        ("", None),
    ],
)
def test_days_are_read_as_people_type_them(words: str, day: date | None) -> None:
    assert typed_days.day(words, TODAY) == day


@pytest.mark.parametrize(("words", "day"), [("12/11", date(2026, 11, 12)), ("24/11", date(2025, 11, 24))])
def test_a_day_of_the_past_is_the_last_such_day(words: str, day: date) -> None:
    assert typed_days.day(words, TODAY, past=True) == day


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("thứ Ba 7/12", "weekday_wrong"),
        ("31/2", "date_impossible"),
        ("7/13", "date_impossible"),
        ("mai", "date_wrong"),
        ("2026", "date_year_only"),
    ],
)
def test_what_cannot_be_a_day_is_named(words: str, reason: str) -> None:
    with pytest.raises(CellError) as error:
        typed_days.day(words, TODAY)
    assert error.value.reason == reason


DAY, EARLY, LATE = date(2026, 12, 10), time(13, 30), time(17, 0)


@pytest.mark.parametrize(
    ("typed", "when"),
    [
        ("10/12/2026 13:30-17:00", When(DAY, EARLY, LATE)),
        ("10/12 13h30 - 17h", When(DAY, EARLY, LATE)),
        ("từ 13:30 đến 17:00 ngày 10/12/2026", When(DAY, EARLY, LATE)),
        ("thứ Năm 10/12, 13 giờ 30 đến 17 giờ", When(DAY, EARLY, LATE)),
        ("thu nam 10/12 13h30-17h", When(DAY, EARLY, LATE)),
        ("13h30-17h thứ Năm, ngày 10 tháng 12", When(DAY, EARLY, LATE)),
        ("13g30–17g, 10.12.2026", When(DAY, EARLY, LATE)),
        ("10/12/26 13h30-17", When(DAY, EARLY, LATE)),
        ("10/12-13h30-17h", When(DAY, EARLY, LATE)),
        ("2026-12-10 13:30 17:00", When(DAY, EARLY, LATE)),
        ("9/12 7h30-11h30", When(date(2026, 12, 9), time(7, 30), time(11, 30))),
        ("9/12 7-11", When(date(2026, 12, 9), time(7), time(11))),
        ("7-11h", When(None, time(7), time(11))),
        ("7h30-11 giờ", When(None, time(7, 30), time(11, 0))),
        ("10/12/2026", When(DAY)),
        ("1/2", When(date(2027, 2, 1))),  # the next one
        ("7-11", When(date(2027, 11, 7))),
        ("13h30", When(None, EARLY)),
        ("11h-7h", When(None, time(11), time(7))),
    ],
)
def test_a_day_and_hours_are_read_as_people_type_them(typed: str, when: When) -> None:
    assert typed_days.when(typed, TODAY) == when


def test_where_hours_are_asked_for_two_numbers_are_hours() -> None:
    assert typed_days.when("7-11", TODAY, hours=True) == When(None, time(7), time(11))
    assert typed_days.when("7/11", TODAY, hours=True) == When(date(2027, 11, 7))


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("mai", "when_unclear"),
        ("phòng 2 10/12", "when_unclear"),
        ("10/12 7h 8h 9h", "when_unclear"),
        ("thứ Năm 13h30", "when_unclear"),
        ("12", "when_unclear"),
        ("", "when_unclear"),
        ("31/02/2027", "date_impossible"),
        ("thứ Ba 10/12 7h30-11h30", "weekday_wrong"),
        ("25:00", "time_wrong"),
        ("7h30-25h", "time_wrong"),
    ],
)
def test_what_is_no_day_and_no_hour_is_named(typed: str, reason: str) -> None:
    with pytest.raises(CellError) as error:
        typed_days.when(typed, TODAY)
    assert error.value.reason == reason
