"""Small staff lists as HR would send them."""

import io
from collections.abc import Sequence
from pathlib import Path

import openpyxl

DATA = Path(__file__).resolve().parents[1] / "bot" / "sandbox" / "data"
HEADINGS = ("Mã CBCC", "Họ và tên", "Năm sinh", "Chức vụ/chức danh", "Đơn vị công tác", "Đối tượng", "Số điện thoại")
AN = ("A1", "Nguyễn Văn An", 1985, "Chủ tịch UBND", "Xã Trí Phải", "CB", "0912345678")
HOA = ("A2", "Lê Thị Hoa", 1990, "Công chức Một cửa", "Xã Trí Phải", "CC", "0912345679")
NASTY = 'Lớp <Luật> & "Đất đai"'


def sheet(*rows: Sequence[object], headings: Sequence[str] = HEADINGS) -> bytes:
    """Give a workbook with these rows under the headings."""
    book = openpyxl.Workbook()
    page = book.active
    page.append(list(headings))
    for row in rows:
        page.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
