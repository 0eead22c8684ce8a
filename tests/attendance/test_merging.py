from dataclasses import replace

import pytest

from bot.training.attendance_marks import (
    Mark,
    Presence,
    Source,
    State,
    merge,
    periods,
    state_at,
    tenths_of,
    typed_tenths,
)
from bot.training.sessions import Session

SESSION = Session(1, 1, 1, 0, 4 * 3600, None, None, None, 0, False)


def there(state: State, source: Source, reason: str | None = None) -> Presence:
    return Presence(1, 1, state, 50, reason, source, False, 0, 1)


CASES: list[tuple[State, Source, State, Source, str]] = [
    ("present", "code", "present", "workbook", "same"),
    ("late", "code", "present", "workbook", "same"),
    ("present", "code", "late", "workbook", "conflict"),
    ("present", "code", "absent", "workbook", "conflict"),
    ("present", "qr", "excused", "phone", "conflict"),
    ("late", "code", "present", "phone", "conflict"),
    ("present", "code", "left_early", "phone", "take"),
    ("present", "code", "half", "workbook", "take"),
    ("absent", "time", "present", "workbook", "take"),
    ("absent", "workbook", "present", "code", "conflict"),
    ("excused", "phone", "absent", "workbook", "same"),
    ("absent", "workbook", "excused", "workbook", "take"),
    ("present", "phone", "absent", "workbook", "conflict"),
    ("present", "phone", "absent", "phone", "take"),
    ("absent", "workbook", "present", "phone", "take"),
    ("left_early", "phone", "present", "workbook", "same"),
    ("half", "workbook", "present", "code", "same"),
]


@pytest.mark.parametrize(("state", "source", "told", "by", "verdict"), CASES)
def test_two_tellings_are_merged(state: State, source: Source, told: State, by: Source, verdict: str) -> None:
    assert merge(there(state, source), Mark(told, by, 2)) == verdict


def test_what_nobody_told_before_is_taken() -> None:
    assert merge(None, Mark("absent", "workbook", 2)) == "take"


def test_a_new_reason_for_the_same_absence_is_taken_and_the_same_reason_is_nothing_new() -> None:
    assert merge(there("excused", "phone", "Ốm"), Mark("excused", "workbook", 2, reason="Công tác")) == "take"
    assert merge(there("excused", "phone", "Ốm"), Mark("excused", "workbook", 2, reason="Ốm")) == "same"
    assert merge(there("excused", "phone", "Ốm"), Mark("excused", "workbook", 2)) == "same"


def test_a_session_without_planned_hours_counts_whole_periods_of_45_minutes() -> None:
    assert periods(SESSION) == 4
    assert periods(replace(SESSION, ends_at=SESSION.starts_at + 3 * 3600 + 1800)) == 4
    assert periods(replace(SESSION, hours=4)) == 4
    assert periods(replace(SESSION, ends_at=600)) == 1


def test_late_counts_whole_half_and_left_early_half_and_absence_nothing() -> None:
    counted = {s: tenths_of(SESSION, s) for s in ("present", "late", "half", "left_early", "excused", "absent")}
    assert counted == {"present": 40, "late": 40, "half": 20, "left_early": 20, "excused": 0, "absent": 0}


def test_late_begins_a_second_after_the_quarter_hour() -> None:
    assert (state_at(SESSION, 900), state_at(SESSION, 901)) == ("present", "late")


def test_typed_hours_are_read_to_half_a_period() -> None:
    read = [typed_tenths(text, SESSION) for text in ("3", "2,5", "2.5", "4", "4,5", "0", "0,5", "hai", "2,3", "")]
    assert read == [30, 25, 25, 40, None, None, 5, None, None, None]
