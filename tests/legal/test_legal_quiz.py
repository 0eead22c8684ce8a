import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.training.legal_quiz import Quiz, begin


def play(quiz: Quiz, *answers: bool) -> Quiz:
    for correct in answers:
        quiz = quiz.answer(0, correct)
    return quiz


def test_all_right_at_once_passes() -> None:
    quiz = play(begin(3), True, True, True)
    assert quiz.passed(3)
    assert quiz.right == 3


def test_enough_right_answers_do_not_pass_before_everything_was_asked() -> None:
    assert not play(begin(3), True, True).passed(2)


def test_a_missed_question_comes_back_at_the_end_even_when_enough_are_right() -> None:
    quiz = play(begin(3), False, True, True)
    assert not quiz.passed(2)
    assert quiz.question == 0
    assert quiz.again


def test_missing_it_again_passes_when_enough_are_right() -> None:
    quiz = play(begin(3), False, True, True, False)
    assert quiz.passed(2)
    assert quiz.right == 2


def test_missing_it_again_and_again_goes_on_until_enough_are_right() -> None:
    quiz = play(begin(3), False, True, False, False, False)
    assert not quiz.passed(2)
    quiz = play(quiz, True)
    assert quiz.passed(2)
    assert quiz.right == 2


def test_nothing_is_right_before_the_first_answer() -> None:
    assert begin(2).right == 0


@pytest.mark.parametrize("answers", [(), (True,), (False, True, False)])
def test_it_comes_back_from_the_database_as_it_was(answers: tuple[bool, ...]) -> None:
    quiz = play(begin(4), *answers)
    assert Quiz.load(quiz.dump()) == quiz


@given(st.integers(1, 8), st.data())
def test_whatever_is_answered_it_ends_once_everything_is_answered_right(count: int, data: st.DataObject) -> None:
    mark = data.draw(st.integers(1, count))
    quiz = begin(count)
    for correct in data.draw(st.lists(st.booleans(), max_size=30)):
        if quiz.passed(mark):
            break
        quiz = quiz.answer(0, correct)
    for _ in range(2 * count):
        if not quiz.passed(mark):
            quiz = quiz.answer(0, True)
    assert quiz.passed(mark)
    assert quiz.right >= mark
    assert all(quiz.tries)
