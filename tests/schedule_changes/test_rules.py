from dataclasses import replace

import pytest

from bot.training.calendar import Calendar
from bot.training.courses import Course
from bot.training.schedule_changes import answer_by
from bot.training.schedules import Facts, Known, Line, differences
from tests.talking import ZONE, at


def facts(day: str, start: str = "07:30", end: str = "11:30") -> Facts:
    return Facts(at(day, start), at(day, end), "Phòng 2", None)


def test_differences_are_what_was_moved_added_and_dropped_in_the_order_of_the_new_dates() -> None:
    same, moved = facts("2026-12-07"), facts("2026-12-20")
    before = {1: Known(1, same), 2: Known(2, facts("2026-12-08")), 3: Known(3, facts("2026-12-09"))}
    after = {1: Known(1, same), 2: Known(2, moved), 3: Known(3, None), 4: Known(4, facts("2026-12-10"))}
    lines = differences(before, after)
    assert [(line.number, line.old is None, line.new is None) for line in lines] == [
        (3, False, True), (4, True, False), (2, False, False),
    ]  # fmt: skip


def some_course(starts_at: int) -> Course:
    return Course(
        1, "L1", "Lớp", "PL", None, ("CC",), "truc_tiep", 30, starts_at, None, None, None, None, None, False, False,
        "open", None, starts_at, starts_at, starts_at + 3600,
    )  # fmt: skip


def until(now: int, start: int, wait: int, **fields: object) -> int | None:
    old = facts("2026-12-28")
    new = replace(old, starts_at=start, ends_at=start + 3600)
    course = replace(some_course(old.starts_at), **fields)
    return answer_by([Line(1, 1, old, new)], course, now, Calendar(ZONE), wait)


NOW = at("2026-12-09", "09:00")  # a Wednesday


@pytest.mark.parametrize(
    ("start", "wait", "expected"),
    [
        (at("2026-12-21"), 48, at("2026-12-11", "09:00")),
        (at("2026-12-21"), 24, at("2026-12-10", "09:00")),
        (at("2026-12-21"), 12, at("2026-12-10", "07:30")),  # 21:00 is dark: the morning after
        (at("2026-12-21"), 0, None),
        (at("2026-12-11", "13:30"), 48, at("2026-12-10", "13:30")),  # a day before the new session
        (at("2026-12-10", "08:30"), 24, at("2026-12-09", "19:00")),  # two hours before is dark: the evening before
        (at("2026-12-10", "07:30"), 48, None),  # too soon to ask anybody
        (at("2026-12-09", "12:00"), 12, None),
    ],
)
def test_answers_are_awaited_until_a_calm_hour_that_leaves_time(start: int, wait: int, expected: int | None) -> None:
    found = until(NOW, start, wait)
    assert found == expected
    assert found is None or Calendar(ZONE).calm(found)


def test_silence_frees_nobody_on_a_mandatory_course_or_on_one_that_has_begun() -> None:
    assert until(NOW, at("2026-12-21"), 48, mandatory=True) is None
    assert until(NOW, at("2026-12-21"), 48, starts_at=NOW - 1) is None


def test_who_is_told_on_friday_evening_has_working_days_to_answer() -> None:
    friday = at("2026-12-11", "21:00")  # told on Monday morning
    assert until(friday, at("2026-12-28"), 48) == at("2026-12-16", "07:30")
