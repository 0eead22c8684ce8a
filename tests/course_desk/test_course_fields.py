from collections import Counter
from datetime import date
from typing import Any

import pytest

from bot.excel.cells import Cell, CellError
from bot.folding import fold
from bot.training import course_fields, planned_sessions
from bot.training.course_sheet import COLUMNS, OWN_REASONS

VALUES: dict[str, Any] = {
    "kind": "tham_quan", "title": "Lớp một", "category": "CDS", "tags": "PL,CCHC", "level": "cấp xã",
    "objective": "Vận dụng", "hours_theory": 12, "hours_practice": 0, "mode": "ket_hop", "audience": "CB,HDLD",
    "only_titles": "Chủ tịch\nBí thư", "only_ranks": "Chuyên viên", "only_units": "Xã A\nXã B", "only_leaders": True,
    "capacity": 1200, "quotas": (("Xã A", 5), ("Trường TH - THCS", 3)), "deadline": date(2026, 12, 3),
    "approve_until": date(2026, 12, 4), "lecturer": "TS. An\nThS. Mùa", "institution": "Trường Chính trị",
    "payer": "Đơn vị cử đi", "document": "100/KH-UBND", "document_on": date(2026, 11, 12), "contact": "X1",
    "bring": "Máy tính", "needs_head": False, "needs_hr": True, "mandatory": True, "attendance_share": 75,
    "pass_mark": 55, "owner": "Xã A",
}  # fmt: skip


def test_every_field_has_a_sample_here() -> None:
    assert set(VALUES) == set(course_fields.BY_KEY)


@pytest.mark.parametrize("key", list(VALUES))
def test_what_is_written_reads_back_to_the_same(key: str) -> None:
    assert course_fields.read(key, Cell(course_fields.written(key, VALUES[key]))) == VALUES[key]


@pytest.mark.parametrize("key", list(VALUES))
def test_a_blank_is_the_usual_value_or_is_missed(key: str) -> None:
    field = course_fields.BY_KEY[key]
    if not field.required:
        assert course_fields.read(key, Cell(None)) == field.blank
        assert course_fields.read(key, Cell("  ")) == field.blank
        return
    with pytest.raises(CellError) as error:
        course_fields.read(key, Cell(""))
    assert error.value.reason == "missing"


@pytest.mark.parametrize(
    ("key", "words", "value"),
    [
        ("kind", "hội nghị", "hoi_nghi"),
        ("kind", "tham_quan", "tham_quan"),
        ("mode", "online", "truc_tuyen"),
        ("audience", "tất cả", "CB,CC,VC,HDLD"),
        ("tags", "cchc; pl", "PL,CCHC"),
        ("attendance_share", "80%", 80),
        ("attendance_share", 0.8, 80),
        ("attendance_share", 100.0, 100),
        ("pass_mark", "5", 50),
        ("pass_mark", "5.5", 55),
        ("pass_mark", 5.5, 55),
        ("quotas", "Xã A = 5\nXã B – 3", (("Xã A", 5), ("Xã B", 3))),
        ("only_titles", "Chủ tịch;  ;Chủ tịch", "Chủ tịch"),
    ],
)
def test_fields_are_read_forgivingly(key: str, words: Any, value: Any) -> None:
    assert course_fields.read(key, Cell(words)) == value


@pytest.mark.parametrize(
    ("key", "words", "reason"),
    [
        ("capacity", "0", "capacity_wrong"),
        ("capacity", "10001", "capacity_wrong"),
        ("capacity", "ba mươi", "number_wrong"),
        ("hours_theory", "-1", "hours_wrong"),
        ("pass_mark", "10,5", "mark_wrong"),
        ("pass_mark", "năm", "mark_wrong"),
        ("attendance_share", "101", "share_wrong"),
        ("quotas", "Xã A", "quota_wrong"),
        ("quotas", "Xã A: 0", "quota_wrong"),
        ("quotas", "Xã A: 1; Xã A: 2", "quota_wrong"),
        ("tags", "LLCT,QPAN,QLNN,LDQL,VTVL,CMNV,CDNN", "too_many_tags"),
        ("deadline", "07/12/1926", "year_unlikely"),
        ("title", "=1+1", "formula"),
        ("title", "A" * 201, "too_long"),
        ("only_leaders", "có lẽ", "yes_no_wrong"),
    ],
)
def test_what_a_field_cannot_be_is_named(key: str, words: str, reason: str) -> None:
    with pytest.raises(CellError) as error:
        course_fields.read(key, Cell(words))
    assert error.value.reason == reason
    assert reason in OWN_REASONS | {"number_wrong", "formula", "yes_no_wrong"}


def test_no_two_columns_go_by_one_heading() -> None:
    headings = Counter(fold(name) for column in COLUMNS for name in column.names)
    assert [name for name, count in headings.items() if count > 1] == []


def test_a_session_without_an_end_or_that_ends_before_it_starts_is_none() -> None:
    cells = {"day": "07/12/2026", "start": "11:30", "end": "07:30", "place": "Phòng 2, https://h.vn/a"}

    def read(**told: str) -> tuple[Any, list[str]]:
        whole = cells | told
        session, faults = planned_sessions.read_session(lambda key: Cell(whole.get(key)), 3)
        return session, [fault.reason for fault in faults]

    assert read() == (None, ["ends_before_start"])
    assert read(end="") == (None, ["missing"])
    assert read(day="", start="", end="") == (None, ["no_session"])
    assert read(day="07/12/1926") == (None, ["year_unlikely", "ends_before_start"])
    session, faults = read(end="13:00")
    assert (faults, session.number, session.place, session.link) == ([], 3, "Phòng 2", "https://h.vn/a")
