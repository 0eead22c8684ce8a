import io
from collections.abc import Callable

import openpyxl
import pytest

from bot.training import course_fields
from bot.training.course_fields import BY_KEY, FIELDS
from tests.course_desk.test_course_workbook import ready, sheet
from tests.courses.test_course_import import GOOD
from tests.talking import Office
from tests.templates.test_templates import ENVIRONMENTS

WORDS = ENVIRONMENTS["vi"].get_template("course_form/words.j2").module
label: Callable[[str], str] = WORDS.label  # type: ignore[attr-defined]
kind: Callable[[str], str] = WORDS.kind  # type: ignore[attr-defined]


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.key)
def test_a_field_is_called_the_same_in_the_workbook_and_in_the_chat(field: course_fields.Field) -> None:
    assert field.names[0].removesuffix(" (mã)") == label(field.key).strip()


def test_a_kind_of_course_is_called_the_same_in_the_workbook_and_in_the_chat() -> None:
    assert [BY_KEY["kind"].write(code) for code in course_fields.KINDS] == [
        kind(c).strip() for c in course_fields.KINDS
    ]


async def test_the_headings_of_before_are_still_read(office: Office) -> None:
    hr = await ready(office)
    assert {"Mã loại", "HR duyệt"} <= set(GOOD)
    await hr.uploads("lop.xlsx", sheet({"HR duyệt": "x", "Đơn vị chi trả": "Sở Tài chính", "Thẻ": "CDS"}))
    await hr.taps("Ghi nhận")
    async with office.store.reading() as tx:
        row = await tx.fetchrow("select needs_hr, payer, tags, category from courses")
    assert row is not None
    assert tuple(row) == (1, "Sở Tài chính", "CDS", "PL")


async def test_a_class_that_nobody_has_completed_gets_no_sheet_to_fill_in(office: Office) -> None:
    hr = await ready(office)
    await hr.uploads("lop.xlsx", sheet())
    await hr.taps("Ghi nhận")
    await hr.taps_data("cert_class_sheet:1")
    hr.sees("chưa có ai hoàn thành", "chưa có ai để điền", "chốt kết quả trước")
    hr.sees_no("gửi lại")
    assert not hr.arrived[-1].attachments


async def test_the_budget_of_a_class_is_called_a_budget_in_its_sheet(office: Office) -> None:
    hr = await ready(office)
    await hr.uploads("lop.xlsx", sheet())
    await hr.taps("Ghi nhận")
    await hr.taps_data("money_sheet:1")
    book = openpyxl.load_workbook(io.BytesIO(hr.arrived[-1].attachments[0].content))
    cells = {cell.value for row in book["Dự toán"].iter_rows() for cell in row}
    assert "Dự toán" in cells
    assert "Dự kiến" not in cells
