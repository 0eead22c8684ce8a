from pathlib import Path

import pytest

from bot.chat.rendering import Renderer
from bot.chat.screens import Screen
from bot.errors import BadFile
from bot.training import legal_yaml
from tests.talking import ZONE

SAMPLE = Path("bot/sandbox/data/phap-luat-2026.yaml")
GOOD = """
- so: "1/2026/QH16"
  ten: "Luật thử"
  hieu_luc: 2026-01-01
  doi_tuong: [CB, CC]
  han: 2026-12-20
  dat: 1
  the: ["Thẻ một"]
  cau_hoi:
    - {hoi: "Hỏi?", dap: ["A", "B"], dung: 2, vi_sao: "Vì B."}
"""


def read(text: str) -> legal_yaml.Plan:
    return legal_yaml.read(text.encode(), "luat.yaml")


def words(fault: legal_yaml.Fault, language: str = "vi") -> str:
    return Renderer(ZONE).words(language, "desk_laws/fault", fault.reason, **fault.values)


def only_fault(text: str) -> str:
    plan = read(text)
    assert not plan.entries
    (fault,) = plan.faults
    assert words(fault, "en")
    return words(fault)


def test_the_sample_file_is_read_whole() -> None:
    plan = legal_yaml.read(SAMPLE.read_bytes(), SAMPLE.name)
    assert not plan.faults
    first, second, third = plan.entries
    assert first.number == "91/2025/QH15"
    assert (first.effective_on, first.deadline_on, first.pass_mark) == ("2026-01-01", "2026-12-20", 4)
    assert first.audience == ("CB", "CC", "VC")
    assert (len(first.cards), len(first.questions)) == (5, 5)
    assert first.questions[0].right == 1
    assert second.replaces is not None
    assert third.replaces is None


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("  han: 2026-12-20\n", "", "thiếu trường “han”"),
        ("  han: 2026-12-20\n", "  han:\n", "thiếu trường “han”"),
        ('  the: ["Thẻ một"]\n', "", "thiếu trường “the”"),
        ("2026-12-20", "2026-02-30", "không có ngày “2026-02-30”"),
        ("2026-12-20", "31/11/2026", "không có ngày “31/11/2026”"),
        ("2026-12-20", "cuối năm", "phải là ngày như 2026-12-31 hoặc 31/12/2026, đang là “cuối năm”"),
        ("dung: 2", "dung: 3", "câu hỏi 1, trường “dung” là 3, phải từ 1 đến số đáp án (2)"),
        ("dung: 2", "dung: 0", "trường “dung” là 0"),
        ("dung: 2", "dung: B", "trường “dung” phải là số, đang là “B”"),
        ("dat: 1", "dat: 2", "trường “dat” là 2, phải từ 1 đến số câu hỏi (1)"),
        ("dat: 1", "dat: [1]", "trường “dat” phải là chữ"),
        ('["Thẻ một"]', '"Thẻ một"', "trường “the” phải là danh sách"),
        ('["Thẻ một"]', '[{a: "b"}]', "trường “the” mục 1 phải là chữ"),
        ('"Thẻ một"', '"' + "x" * 1501 + '"', "trường “the” mục 1 dài 1501 chữ, nhiều nhất 1500"),
        ("[CB, CC]", "[CB, XX]", "chỉ nhận CB, CC, VC, HDLD, không nhận “XX”"),
        ('dap: ["A", "B"]', 'dap: ["A", "A"]', "hai đáp án giống nhau"),
        ('dap: ["A", "B"], dung: 2', 'dap: ["A"], dung: 1', "cần ít nhất hai đáp án"),
        ("  dat: 1\n", "  dat: 1\n  hạn: 2026-12-31\n", "không có trường nào tên “hạn”"),
        ("  dat: 1\n", "  dat: 1\n  sua_doi: có lẽ\n", "chỉ nhận true hoặc false"),
        ('vi_sao: "Vì B."', 'vi_sao: ""', "câu hỏi 1, thiếu trường “vi_sao”"),
    ],
)
def test_each_fault_is_told_in_one_clear_sentence(old: str, new: str, told: str) -> None:
    assert old in GOOD
    sentence = only_fault(GOOD.replace(old, new))
    assert told in sentence
    assert sentence.startswith("1/2026/QH16, ")


def test_a_fault_in_one_entry_leaves_the_others_usable() -> None:
    plan = read(GOOD + GOOD.replace("1/2026", "2/2026").replace("dat: 1", "dat: 9"))
    assert [entry.number for entry in plan.entries] == ["1/2026/QH16"]
    assert [(fault.entry, fault.values["number"]) for fault in plan.faults] == [(2, "2/2026/QH16")]


def test_the_same_number_twice_is_told() -> None:
    plan = read(GOOD + GOOD)
    assert len(plan.entries) == 1
    assert "đã có ở mục trước" in words(plan.faults[0])


def test_days_may_be_written_as_in_vietnam_and_numbers_as_text() -> None:
    (entry,) = read(GOOD.replace("2026-12-20", "20/12/2026").replace("dat: 1", 'dat: "1"')).entries
    assert entry.deadline_on == "2026-12-20"
    assert entry.pass_mark == 1


def test_cards_keep_their_lines_and_letters_are_composed() -> None:
    (entry,) = read(GOOD.replace('["Thẻ một"]', "\n    - |\n      Dòng  một\n      Dòng hai")).entries
    assert entry.cards == ("Dòng một\nDòng hai",)
    (entry,) = read(GOOD.replace("Luật thử", "Luật")).entries  # decomposed
    assert entry.title == "Luật"


def test_marks_in_every_field_stay_text() -> None:
    (entry,) = read(GOOD.replace("Luật thử", "Lớp <Luật> & 'Đất đai'")).entries
    assert entry.title == "Lớp <Luật> & 'Đất đai'"


def test_amended_is_read_from_its_own_field() -> None:
    assert not read(GOOD).entries[0].amended
    assert read(GOOD.replace("  dat: 1\n", "  dat: 1\n  sua_doi: true\n")).entries[0].amended


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "\n".join(
    f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("content", "screen"),
    [
        (BOMB.encode(), "desk_laws/not_yaml"),
        (b"- so: !!python/object/apply:os.system ['true']", "desk_laws/not_yaml"),
        (b"[" * 50_000, "desk_laws/not_yaml"),
        (b"- so: 'a\n  ten: b", "desk_laws/not_yaml"),
        (b"- {so: a, so: b}", "desk_laws/not_yaml"),
        (b"- {? [a]: b}", "desk_laws/not_yaml"),
        (b"a: 1\n---\nb: 2", "desk_laws/not_yaml"),
        (b"\x00\x01", "desk_laws/not_yaml"),
        (b"PK\x03\x04\xff\xfe\xfa", "desk_laws/not_text"),
        (b"", "desk_laws/no_list"),
        (b"xin chao", "desk_laws/no_list"),
        (b"- a\n" * 61, "desk_laws/too_many"),
        (b"#" * (513 * 1024), "desk_laws/too_large"),
    ],
)
def test_what_is_no_list_of_updates_is_refused_with_its_reason(content: bytes, screen: str) -> None:
    with pytest.raises(BadFile) as told:
        legal_yaml.read(content, "luat <1>.yaml")
    assert told.value.screen == screen
    for language in ("vi", "en"):
        shown = Renderer(ZONE).render(Screen(screen, **told.value.values), language).text
        assert "luat &lt;1&gt;.yaml" in shown


def test_the_line_of_a_slip_is_told() -> None:
    with pytest.raises(BadFile) as told:
        read(GOOD + "- so: 'a\n")
    assert told.value.values["line"] > 9


def test_windows_notepad_encodings_are_read() -> None:
    for encoding in ("utf-8-sig", "utf-16"):
        assert legal_yaml.read(GOOD.encode(encoding), "x.yaml").entries[0].title == "Luật thử"
