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


THAI = "Tiếng Thái giao tiếp cho công chức một cửa"
COMPLAINTS = "Kỹ năng tiếp công dân và giải quyết khiếu nại, tố cáo"
ARCHIVE = "Văn thư, lưu trữ"


def among(query: str, *titles: str) -> list[str]:
    return [c.title for c in best(query, [Candidate(t, "course", n) for n, t in enumerate(titles)])]


@pytest.mark.parametrize("query", ["Giấy mời học", "hieu", "giao an", "tiep thi", "moi", "hoi"])
def test_short_words_are_not_taken_for_others_that_look_alike(query: str) -> None:
    assert among(query, THAI, COMPLAINTS) == []


def test_whole_words_come_before_begun_ones_and_a_typo_only_when_nothing_is_better() -> None:
    assert among("nghiep", "Nghiệpvụ", "Bảo hiểm thất nghiệp", "Nghiện ngập") == ["Bảo hiểm thất nghiệp", "Nghiệpvụ"]
    assert among("nghieep", "Bảo hiểm thất nghiệp") == ["Bảo hiểm thất nghiệp"]
    assert among("khieu nai", COMPLAINTS, "Khiêu nải") == [COMPLAINTS, "Khiêu nải"]


@pytest.mark.parametrize("title", [LAND, DATA, SKILLS, THAI, COMPLAINTS, ARCHIVE])
def test_every_word_of_a_title_finds_it(title: str) -> None:
    for word in title.replace(",", "").split():
        assert title in among(word, LAND, DATA, SKILLS, THAI, COMPLAINTS, ARCHIVE)


def test_a_strict_search_does_not_make_do_with_half_the_words() -> None:
    people = [Candidate("Nguyễn Đức Long", "person", 1), Candidate("Nguyễn Gia Toàn", "person", 2)]
    assert best("nguyen gia khanh", people, loose=False) == []
