"""One stray cell far to the right neither blows up the sheet that is given back nor loses its red column."""

import io

import openpyxl

from bot.excel.correction import return_with_errors
from bot.training import roster
from bot.training.uploads import read  # the whole way a file comes in
from tests.people_sheets import AN, HOA, sheet


async def test_a_list_with_a_stray_cell_is_given_back_small() -> None:
    book = openpyxl.load_workbook(io.BytesIO(sheet(AN, (*HOA[:5], "??", None))))
    book.active["AMJ40"] = "x"
    for row in range(4, 41):
        book.active.cell(row, 1, f"B{row}")
        book.active.cell(row, 2, f"Lê Văn {row}")
        book.active.cell(row, 5, "Xã Trí Phải")
        book.active.cell(row, 6, "CC")
    out = io.BytesIO()
    book.save(out)
    plan: roster.Roster = (await read(out.getvalue(), "ds.xlsx")).plan

    back = return_with_errors(plan.table, {error.number: ["sai"] for error in plan.errors}, "Lỗi")

    page = openpyxl.load_workbook(io.BytesIO(back)).active
    assert page["AMJ40"].value == "x"
    assert "sai" in [cell.value for cell in page[3]]
    assert sum(1 for row in page.iter_rows() for cell in row if cell.has_style) < 1000
