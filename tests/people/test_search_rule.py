import unicodedata

import pytest

from bot.training.search import Candidate, best

LAND = "Luật Đất đai và xử lý hồ sơ địa chính cấp xã"
DATA = "Luật Bảo vệ dữ liệu cá nhân"
SKILLS = "Kỹ năng giao tiếp, ứng xử với nhân dân"
TITLES = [LAND, DATA, SKILLS]


def found(query: str) -> list[str]:
    return [c.title for c in best(query, [Candidate(t, "course", n) for n, t in enumerate(TITLES)])]


@pytest.mark.parametrize(
    "query",
    [
        "luat dat dai",
        "Luật Đất đai",
        "LUẬT ĐẤT ĐAI",
        "đất đai luật",
        unicodedata.normalize("NFD", "Luật Đất đai"),
        "luat dat",
        "luật đ",
        "ho so dia chinh",
        "luatdatdai",
        "luta dat dai",
        "luaat dat dai",
        "luat dat dia",
        "hồ  sơ-địa chính",
        "dia chin",
        "tôi muốn học luật đất đai",
    ],
)
def test_a_title_is_found_without_marks_in_any_order_with_one_typo(query: str) -> None:
    assert found(query)[0] == LAND


def test_every_word_must_be_found_when_all_can_be() -> None:
    assert found("luat") == [LAND, DATA]
    assert found("luat du lieu") == [DATA]


def test_an_exact_word_comes_before_one_with_a_typo() -> None:
    titles = ["Luật Đất đạt", "Luật Đất đai"]
    assert best("luật đất đai", [Candidate(t, "course", n) for n, t in enumerate(titles)])[0].title == "Luật Đất đai"


@pytest.mark.parametrize("query", ["", "   ", "%", "🙂", "bóng đá", "xyz", "dat vang"])
def test_what_is_not_there_is_not_found(query: str) -> None:
    assert found(query) == []


def test_a_strict_search_does_not_make_do_with_half_the_words() -> None:
    people = [Candidate("Nguyễn Đức Long", "person", 1), Candidate("Nguyễn Gia Toàn", "person", 2)]
    assert best("nguyen gia khanh", people, loose=False) == []
