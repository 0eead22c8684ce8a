import datetime as dt
import io

import docx
import openpyxl
import pytest

from bot import forms
from tests.forms.papers import AN, HOA, KNOWN, LEARNERS, list_form, saved, word, workbook

VALUES = {"ten_lop": "Luật Đất đai", "so_hoc_vien": 1196, "khai_giang": dt.date(2026, 12, 7)}


def filled(paper: object, *rows: dict[str, object], name: str = "mau.xlsx") -> bytes:
    content = saved(paper)
    forms.check(content, name, KNOWN)
    return forms.fill(content, name, VALUES, rows, LEARNERS)  # type: ignore[arg-type]


def sheet(content: bytes) -> openpyxl.worksheet.worksheet.Worksheet:
    return openpyxl.load_workbook(io.BytesIO(content)).active


def test_a_row_of_a_workbook_stands_once_for_each_learner() -> None:
    page = sheet(filled(list_form(), AN, HOA, AN))
    assert [[cell.value for cell in line] for line in page.iter_rows(min_row=3, max_row=5)] == [
        [1, "Nguyễn Văn An (Xã Trí Phải)", 1985],
        [2, "Lê Thị Hoa (Xã Mường Phăng)", 1990],
        [1, "Nguyễn Văn An (Xã Trí Phải)", 1985],
    ]
    assert page["A1"].value == "Lớp Luật Đất đai, khai giảng 07/12/2026"


def test_what_stands_below_moves_with_its_looks_and_formulas() -> None:
    page = sheet(filled(list_form(), AN, HOA, AN))
    assert (page["A6"].value, page["C6"].value, page["C7"].value) == ("Tổng", "=COUNT(C3:C5)", "=C6")
    assert {area.coord for area in page.merged_cells.ranges} == {"A1:C1", "A6:B6"}
    assert [page[f"B{row}"].font.italic for row in (3, 4, 5)] == [True, True, True]
    assert [page.row_dimensions[row].height for row in (3, 4, 5, 6)] == [31, 31, 31, 17]


def test_nobody_leaves_one_empty_row() -> None:
    page = sheet(filled(list_form()))
    assert [page["A3"].value, page["C3"].value, page["A4"].value] == [None, None, "Tổng"]


def test_numbers_and_days_keep_their_kind_where_a_mark_stands_alone() -> None:
    page = sheet(filled(workbook(("{{so_hoc_vien}}", "{{khai_giang}}", "có {{so_hoc_vien}}"))))
    assert page["A1"].value == 1196
    assert page["B1"].is_date
    assert f"{page['B1'].value:%Y-%m-%d}" == "2026-12-07"
    assert page["B1"].number_format == "dd/mm/yyyy"
    assert page["C1"].value == "có 1.196"


@pytest.mark.parametrize("name", ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3"])
def test_a_name_never_becomes_a_formula(name: str) -> None:
    page = sheet(filled(list_form(), AN | {"ho_ten": name}, AN | {"ho_ten": name}))
    assert [page[f"B{row}"].data_type for row in (3, 4)] == ["s", "s"]
    page = sheet(filled(workbook(("{{ho_ten}}",)), {"ho_ten": name}))
    assert page["A1"].data_type == "s"
    assert page["A1"].value == f"'{name}"


def test_a_name_that_looks_like_a_mark_is_a_name() -> None:
    page = sheet(filled(workbook(("{{ho_ten}}",)), {"ho_ten": "{{ten_lop}}"}))
    assert page["A1"].value == "{ {ten_lop} }"


def text(content: bytes) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]


def test_a_paragraph_of_a_word_file_is_filled_and_one_of_learners_repeated() -> None:
    paper = word("Cử {{so_hoc_vien}} người học lớp {{ten_lop}}", "- {{ho_ten}}, {{don_vi}}", "Nơi nhận")
    assert text(filled(paper, AN, HOA, name="qd.docx")) == [
        "Cử 1.196 người học lớp Luật Đất đai",
        "- Nguyễn Văn An, Xã Trí Phải",
        "- Lê Thị Hoa, Xã Mường Phăng",
        "Nơi nhận",
    ]


def test_a_mark_that_word_split_over_runs_is_found_and_keeps_its_looks() -> None:
    paper = docx.Document()
    paragraph = paper.add_paragraph("Lớp ")
    for piece in ("{", "{ten_", "lop}", "} – hết"):
        paragraph.add_run(piece).bold = piece == "{"
    content = filled(paper, name="qd.docx")
    (found,) = docx.Document(io.BytesIO(content)).paragraphs
    assert found.text == "Lớp Luật Đất đai – hết"
    assert [run.text for run in found.runs if run.bold] == ["Luật Đất đai"]


def test_rows_of_tables_headers_and_footers_of_a_word_file_are_filled() -> None:
    paper = word("{{ten_lop}}")
    table = paper.add_table(rows=2, cols=2)
    for cell, words in zip(
        [*table.rows[0].cells, *table.rows[1].cells], ["STT", "Tên", "{{stt}}", "{{Họ tên}}"], strict=True
    ):
        cell.text = words
    paper.sections[0].header.paragraphs[0].text = "Lớp {{ten_lop}}"
    found = docx.Document(io.BytesIO(filled(paper, AN, HOA, name="qd.docx")))
    assert [[cell.text for cell in row.cells] for row in found.tables[0].rows] == [
        ["STT", "Tên"],
        ["1", "Nguyễn Văn An"],
        ["2", "Lê Thị Hoa"],
    ]
    assert found.sections[0].header.paragraphs[0].text == "Lớp Luật Đất đai"


def test_letters_that_no_file_takes_are_left_out() -> None:
    assert text(filled(word("{{ho_ten}}"), {"ho_ten": "A\x00n\x1f"}, name="qd.docx")) == ["An"]
