import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store import Store
from bot.training import calendar
from bot.training.calendar import Calendar
from tests.talking import ZONE, at

DAYS = Calendar(ZONE)
INSTANTS = st.integers(at("2026-01-01"), at("2029-12-31"))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-12-07", True),  # Monday
        ("2026-12-05", False),  # Saturday
        ("2027-01-01", False),  # New Year
        ("2027-02-05", False),  # eve of Tết Đinh Mùi
        ("2027-02-08", False),  # third day of Tết
        ("2027-04-30", False),
        ("2027-09-02", False),
        ("2027-02-15", True),
    ],
)
def test_offices_work_monday_to_friday_but_not_on_holidays(day: str, works: bool) -> None:
    assert DAYS.working(dt.date.fromisoformat(day)) is works


@pytest.mark.parametrize(
    ("wanted", "comes"),
    [
        (at("2026-12-07", "09:00"), at("2026-12-07", "09:00")),
        (at("2026-12-07", "05:30"), at("2026-12-04", "19:00")),  # Monday before dawn: Friday evening
        (at("2026-12-08", "21:15"), at("2026-12-08", "19:00")),
        (at("2026-12-06", "09:00"), at("2026-12-04", "19:00")),  # Sunday
        (at("2027-02-08", "09:00"), at("2027-02-03", "19:00")),  # inside Tết: before it
        (at("2026-12-07", "07:00"), at("2026-12-07", "07:00")),
        (at("2026-12-07", "20:00"), at("2026-12-07", "19:00")),
    ],
)
def test_a_reminder_outside_calm_hours_moves_earlier(wanted: int, comes: int) -> None:
    assert DAYS.earlier(wanted) == comes


def test_who_agreed_to_days_off_gets_it_on_a_day_off_but_not_at_night() -> None:
    assert DAYS.earlier(at("2026-12-06", "09:00"), any_day=True) == at("2026-12-06", "09:00")
    assert DAYS.earlier(at("2026-12-07", "05:30"), any_day=True) == at("2026-12-06", "19:00")


@given(INSTANTS, st.booleans())
def test_what_moves_earlier_is_calm_and_never_later(wanted: int, any_day: bool) -> None:
    comes = DAYS.earlier(wanted, any_day=any_day)
    assert comes <= wanted
    assert DAYS.calm(comes, any_day=any_day)


@given(INSTANTS)
def test_what_is_told_soon_waits_for_a_calm_hour(now: int) -> None:
    soon = DAYS.soon(now)
    assert soon >= now
    assert DAYS.calm(soon)


def test_what_would_come_too_late_is_told_at_once() -> None:
    night = at("2026-12-06", "21:00")
    assert DAYS.soon(night, at("2026-12-07", "07:15")) == night
    assert DAYS.soon(night, at("2026-12-07", "09:00")) == at("2026-12-07", "07:30")


def test_answers_are_owed_in_working_days() -> None:
    assert DAYS.working_days_after(at("2026-12-04", "09:00"), 2) == at("2026-12-08", "17:00")


async def test_the_editable_list_wins_over_weekends_and_holidays(store: Store) -> None:
    saturday, monday = dt.date(2026, 12, 5), dt.date(2026, 12, 7)
    async with store.transaction() as tx:
        await calendar.edit(tx, saturday, True, "Làm bù")
        await calendar.edit(tx, monday, False, "Nghỉ")
        days = await calendar.load(tx, ZONE)
        assert (days.working(saturday), days.working(monday)) == (True, False)
        await calendar.forget(tx, monday)
        assert (await calendar.load(tx, ZONE)).working(monday)
