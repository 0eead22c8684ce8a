from datetime import date, time

import pytest

from bot.excel.cells import CellError
from bot.training import typed_days

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


@pytest.mark.parametrize("words", ["7h30-11h30", "07:30 – 11:30", "7h30 đến 11g30", "7:30 tới 11:30"])
def test_spans_of_hours_are_read(words: str) -> None:
    assert typed_days.span(words) == (time(7, 30), time(11, 30))


@pytest.mark.parametrize(
    ("words", "reason"), [("7h30", "time_wrong"), ("11h-7h", "ends_before_start"), ("7h30-25h", "time_wrong")]
)
def test_what_cannot_be_a_span_is_named(words: str, reason: str) -> None:
    with pytest.raises(CellError) as error:
        typed_days.span(words)
    assert error.value.reason == reason
