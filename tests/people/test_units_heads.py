import pytest

from bot.training import units


@pytest.mark.parametrize(
    "title",
    [
        "Chủ tịch UBND",
        "Chủ tịch UBND phường",
        "Chủ tịch",
        "Trưởng phòng",
        "Trưởng phòng Nội vụ",
        "Hiệu trưởng",
        "Giám đốc",
        "Chánh Văn phòng",
        "Quyền Trưởng phòng",
        "Q. Hiệu trưởng",
        "Trưởng Ban",
        "Bí thư Đảng ủy",
    ],
)
def test_these_titles_head_a_unit(title: str) -> None:
    assert units.rank(title) is not None


@pytest.mark.parametrize(
    "title",
    [
        "Phó Chủ tịch UBND",
        "Phó Trưởng phòng",
        "Phó Hiệu trưởng",
        "Phó Giám đốc",
        "Chỉ huy trưởng Quân sự",
        "Kế toán trưởng",
        "Giáo viên",
        "",
        None,
        "Phó Chánh Văn phòng",
        "Tổ trưởng",
    ],
)
def test_no_deputy_and_no_other_trưởng_does(title: str | None) -> None:
    assert units.rank(title) is None


def test_the_chairman_of_the_committee_comes_before_every_other_head() -> None:
    assert units.best_head([(1, "Trưởng phòng"), (2, "Chủ tịch UBND"), (3, "Chủ tịch Hội Nông dân")]) == 2


def test_two_equal_titles_propose_nobody() -> None:
    assert units.best_head([(1, "Hiệu trưởng"), (2, "Hiệu trưởng")]) is None
    assert units.best_head([(1, "Giáo viên")]) is None
    assert units.best_head([]) is None
