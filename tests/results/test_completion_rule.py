import pytest

from bot.errors import Refused
from bot.training import completion, results
from bot.training.completion import Attended, Marks, judge


def reasons(share: int, pass_mark: int, marks: Marks, attended: Attended) -> list[str]:
    return [reason.name for reason in judge(share, pass_mark, marks, attended).reasons]


def test_exactly_the_share_and_exactly_the_mark_are_enough() -> None:
    verdict = judge(80, 50, Marks(50), Attended(160, 200))
    assert verdict.completed
    assert verdict.hours_tenths == 160


def test_what_is_missing_is_told_with_its_figures() -> None:
    low, mark = judge(80, 50, Marks(49), Attended(120, 200)).reasons
    assert (low.name, low.told, low.of, low.percent, low.needed) == ("attendance_low", 120, 200, 60, 80)
    assert (mark.name, mark.told, mark.needed) == ("mark_low", 49, 50)


def test_a_course_without_a_test_needs_no_mark() -> None:
    assert reasons(80, 0, Marks(), Attended(200, 200)) == []
    assert reasons(80, 0, Marks(passed=False), Attended(200, 200)) == ["not_passed"]


def test_without_any_attendance_the_course_is_not_completed_until_hr_vouches_for_it() -> None:
    assert reasons(80, 50, Marks(80), Attended(None, 200)) == ["attendance_missing"]
    verdict = judge(80, 50, Marks(80), Attended(None, 200, vouched=True))
    assert (verdict.completed, verdict.hours_tenths) == (True, 200)


def test_the_better_of_mark_and_resit_counts() -> None:
    assert Marks(30, 60).final == 60
    assert reasons(80, 50, Marks(30, 60), Attended(200, 200)) == []
    assert reasons(80, 50, Marks(), Attended(200, 200)) == ["mark_missing"]


def test_only_who_did_not_pass_has_a_resit() -> None:
    assert results.with_mark(Marks(30), 60, resit=True, pass_mark=50) == Marks(30, 60)
    assert results.with_mark(Marks(30, 40), 60, resit=True, pass_mark=50) == Marks(
        30, 60
    )  # corrected: there is one only
    for marks in (Marks(), Marks(50)):
        with pytest.raises(Refused):
            results.with_mark(marks, 60, resit=True, pass_mark=50)
    assert results.with_mark(Marks(30, 60), 70, resit=False, pass_mark=50) == Marks(70)


@pytest.mark.parametrize(
    ("typed", "tenths"), [("7,5", 75), ("7.5", 75), ("10", 100), ("0", 0), ("8.0", 80), (" 9 ", 90)]
)
def test_a_mark_is_read_with_comma_or_point(typed: str, tenths: int) -> None:
    assert completion.mark_of(typed) == tenths


@pytest.mark.parametrize("typed", ["11", "-1", "10,1", "7,55", "bảy", "", "1e1", "٧"])
def test_no_other_mark_is_taken(typed: str) -> None:
    with pytest.raises(Refused):
        completion.mark_of(typed)


def test_the_bands_begin_at_five_seven_eight_and_nine() -> None:
    marks = [49, 50, 69, 70, 79, 80, 89, 90, 100]
    bands = ["weak", "average", "average", "fair", "fair", "good", "good", "excellent", "excellent"]
    assert [completion.band(mark) for mark in marks] == bands
