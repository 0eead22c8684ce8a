from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.training import questionnaires, rating_form
from bot.training.questionnaires import QuestionnaireError
from bot.training.rating_form import SKIPPED, Form
from bot.training.rating_results import band

SHIPPED = questionnaires.FOLDER / "q-nhanh.1.yaml"


def data() -> dict[str, Any]:
    return yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))


def long_form(items: int) -> Form:
    told = data()
    told["items"] = [{"code": f"i{n}", "nguon": "bản nháp", "vi": f"Mục {n}", "en": f"Item {n}"} for n in range(items)]
    return Form(1, questionnaires.parse(told, SHIPPED.name))


def test_the_quick_questionnaire_has_its_three_items_and_stores_marks_doubled() -> None:
    quick = questionnaires.newest("q-nhanh")
    assert [item.words["vi"] for item in quick.items] == [
        "Nội dung khoá học",
        "Phương pháp giảng dạy",
        "Tính ứng dụng vào công việc",
    ]
    assert [step.stored for step in quick.scale] == [2, 4, 6, 8, 10]
    assert quick.scale[4].words == {"vi": "5/5 – rất tốt", "en": "5/5 – very good"}
    assert all(item.source in questionnaires.SOURCES for item in quick.items)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"version": 2}, "differ from the file's name"),
        ({"items": []}, "items must be a list"),
        ({"items": [{"code": "Nội dung", "nguon": "đề án", "vi": "a", "en": "b"}]}, "item 1: code"),
        ({"items": [{"code": "a", "nguon": "luật", "vi": "a", "en": "b"}]}, "item 1: nguon"),
        ({"items": [{"code": "a", "nguon": "đề án", "vi": "a"}]}, "item 1: words in en are missing"),
        ({"items": [{"code": "a", "nguon": "đề án", "vi": "a", "en": "b"}] * 2}, "stands twice"),
        ({"factor": 3}, "mark times factor"),
        ({"scale": [{"mark": 1, "vi": "a", "en": "b"}]}, "at least two marks"),
        ({"title": {"vi": "x", "en": " "}}, "title: words in en"),
    ],
)
def test_a_questionnaire_that_cannot_be_used_names_the_place(change: dict[str, Any], told: str) -> None:
    with pytest.raises(QuestionnaireError, match=told):
        questionnaires.parse({**data(), **change}, SHIPPED.name)


def test_the_newest_version_is_asked_and_items_of_older_ones_keep_their_words(tmp_path: Path) -> None:
    for version in (1, 2, 10):
        told = {**data(), "version": version}
        if version == 10:
            told["items"] = told["items"][:1]
        (tmp_path / f"q-nhanh.{version}.yaml").write_text(yaml.safe_dump(told), encoding="utf-8")
    assert questionnaires.newest("q-nhanh", tmp_path).version == 10
    found = questionnaires.item_of("q-nhanh", "ung_dung", tmp_path)
    assert found is not None
    assert found.words["en"] == "Usefulness at work"
    with pytest.raises(QuestionnaireError):
        questionnaires.newest("q-khoa", tmp_path)


def test_a_form_goes_from_item_to_item_and_an_answer_can_be_changed() -> None:
    form = rating_form.load(None, 7, "q-nhanh")
    assert form.next == 0
    for mark in (5, 4, 3):
        changed = form.with_mark(form.next or 0, mark)
        assert changed is not None
        form = changed
    assert form.next is None
    again = form.with_mark(0, 1)
    assert again is not None
    assert again.stored() == {"noi_dung": 2, "phuong_phap": 8, "ung_dung": 6}
    assert again.with_mark(3, 1) is None
    assert again.with_mark(0, 6) is None


def test_a_form_comes_back_from_the_draft_of_its_own_course_only() -> None:
    form = rating_form.load(None, 7, "q-nhanh").with_mark(0, 5)
    assert form is not None
    kept = form.with_comment("Hay <&>").dump()
    assert rating_form.load(kept, 7, "q-nhanh").comment == "Hay <&>"
    assert rating_form.load(kept, 8, "q-nhanh").marks == {}


@pytest.mark.parametrize(("items", "missing", "valid"), [(3, 1, False), (19, 1, False), (20, 1, True), (20, 2, False)])
def test_more_than_five_per_cent_missing_makes_a_form_invalid(items: int, missing: int, valid: bool) -> None:
    form = long_form(items)
    marks = {item.code: 3 for item in form.questionnaire.items[missing:]}
    assert Form(1, form.questionnaire, marks).valid is valid


def test_an_item_can_be_passed_over_only_while_the_form_stays_valid() -> None:
    form = long_form(20)
    assert not long_form(19).may_skip(0)
    assert form.may_skip(0)
    skipped = form.with_mark(0, SKIPPED)
    assert skipped is not None
    assert skipped.may_skip(0)
    assert not skipped.may_skip(1)
    assert skipped.with_mark(1, SKIPPED) is None
    assert "i0" not in skipped.stored()


@pytest.mark.parametrize(
    ("mean", "name"),
    [
        (0, "kem"),
        (1.99, "kem"),
        (2, "yeu"),
        (4, "trung_binh"),
        (5.9, "trung_binh"),
        (6, "kha"),
        (8, "tot"),
        (10, "tot"),
    ],
)
def test_bands_begin_at_two_four_six_and_eight(mean: float, name: str) -> None:
    assert band(mean) == name
