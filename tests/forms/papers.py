"""Small forms as an agency would draw them."""

import io
from collections.abc import Sequence

import docx
import openpyxl
from openpyxl.styles import Font

LEARNERS = frozenset({"stt", "ho_ten", "nam_sinh", "don_vi"})
KNOWN = LEARNERS | {"ten_lop", "so_hoc_vien", "khai_giang"}
AN = {"stt": 1, "ho_ten": "Nguyễn Văn An", "nam_sinh": 1985, "don_vi": "Xã Trí Phải"}
HOA = {"stt": 2, "ho_ten": "Lê Thị Hoa", "nam_sinh": 1990, "don_vi": "Xã Mường Phăng"}


def workbook(*lines: Sequence[object]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(list(line))
    return book


def saved(paper: object) -> bytes:
    out = io.BytesIO()
    paper.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def list_form() -> openpyxl.Workbook:
    """Title, header, one row of learners, a sum and a signature below."""
    book = workbook(
        ("Lớp {{ten_lop}}, khai giảng {{khai_giang}}",),
        ("STT", "Họ và tên", "Năm sinh"),
        ("{{stt}}", "{{ho_ten}} ({{don_vi}})", "{{nam_sinh}}"),
        ("Tổng", None, "=COUNT(C3:C3)"),
        ("Người lập", "{{so_hoc_vien}}", "=C4"),
    )
    page = book.active
    page["B3"].font = Font(italic=True)
    page.row_dimensions[3].height = 31
    page.row_dimensions[4].height = 17
    page.merge_cells("A1:C1")
    page.merge_cells("A4:B4")
    return book


def word(*paragraphs: str) -> docx.document.Document:
    paper = docx.Document()
    for words in paragraphs:
        paper.add_paragraph(words)
    return paper
