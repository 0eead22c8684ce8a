import csv
import datetime as dt
import io

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.excel import cells
from bot.excel.correction import return_with_errors
from bot.excel.reader import Column, read_table
from bot.excel.writer import Sheet, harmless, write_workbook

COLUMNS = (Column("name", ("Họ và tên",), required=True), Column("birth", ("Năm sinh",)), Column("note", ("Ghi chú",)))
at = dt.datetime.fromisoformat
LISTED = [
    ["UBND XÃ A"],
    ["STT", "Họ và tên", "Năm sinh", None, "Ghi chú"],
    [None, None, "Nam", "Nữ", None],
    [1, "An", dt.date(1985, 3, 15), None, "=1+1"],
    [2, None, None, "31/02/1992", "@SUM(A1)"],
    [None, "Tổng cộng: 2 người"],
]


def opened(content: bytes):
    return openpyxl.load_workbook(io.BytesIO(content))


def one(*rows, headings=("A", "B")) -> bytes:
    return write_workbook([Sheet("Trang", headings, rows)])


def listed() -> bytes:
    book = openpyxl.Workbook()
    for row in LISTED:
        book.active.append(row)
    for area in ("A1:E1", "A2:A3", "B2:B3", "C2:D2", "E2:E3"):
        book.active.merge_cells(area)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_dates_are_dates_and_numbers_are_numbers():
    sheet = opened(one([dt.date(2026, 12, 31), 30], [at("2026-12-31T07:30"), dt.time(7, 30)])).active
    assert (sheet["A2"].value, sheet["A2"].number_format) == (at("2026-12-31T00:00"), "dd/mm/yyyy")
    assert sheet["B2"].value == 30
    assert (sheet["A3"].value, sheet["B3"].value) == (at("2026-12-31T07:30"), dt.time(7, 30))


def test_the_header_is_frozen_and_filtered_under_its_notes():
    content = write_workbook(
        [Sheet("Trang", ("A", "B"), [("x", "y")], notes=("Danh sách", "tháng 12"))], title="Báo cáo", made_at=0
    )
    book = opened(content)
    sheet = book.active
    assert (sheet["A1"].value, sheet["A2"].value, sheet["A3"].value) == ("Danh sách", "tháng 12", "A")
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A4", "A3:B4")
    assert (book.properties.title, book.properties.created) == ("Báo cáo", at("1970-01-01T00:00"))


def test_widths_follow_the_content_unless_given():
    rows = [["x", "một câu dài hơn nhiều so với tiêu đề của nó"]]
    sheet = opened(one(*rows)).active
    assert sheet.column_dimensions["B"].width > 40 > sheet.column_dimensions["A"].width
    given = opened(write_workbook([Sheet("Trang", ("A", "B"), rows, widths=(10, 20))])).active
    assert given.column_dimensions["B"].width == pytest.approx(20, abs=1)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        '=HYPERLINK("http://example.invalid")',
        "+cmd|' /C calc'!A0",
        "-2+3+cmd",
        "@SUM(1)",
        "\t=1",
        "\r=1",
        " =1",
        "＝1+1",
    ],
)
def test_no_text_becomes_a_formula_not_even_by_way_of_csv(text):
    content = one([text, "http://example.invalid"])
    sheet = opened(content).active
    assert sheet["A2"].data_type == "s"
    assert sheet["B2"].hyperlink is None
    as_csv = io.StringIO()
    csv.writer(as_csv).writerow([sheet["A2"].value])
    first = next(csv.reader(io.StringIO(as_csv.getvalue(), newline="")))[0].strip()[0]
    assert first not in "=+-@\t\r＝＋－＠"


def test_what_was_guarded_is_read_back_as_it_was():
    content = write_workbook([Sheet("Trang", ("Họ và tên", "Ghi chú"), [("An", "-cần xem lại"), ("Bình", "@nhóm")])])
    notes = [cells.text(row.get("note")) for row in read_table(content, "a.xlsx", COLUMNS).rows]
    assert notes == ["-cần xem lại", "@nhóm"]


def test_plain_numbers_with_a_sign_stay_as_they_are():
    assert [harmless(text) for text in ("+84 912 345 678", "-5", "-", "An")] == ["+84 912 345 678", "-5", "-", "An"]


def test_sheet_names_are_made_fit_and_unique():
    names = opened(
        write_workbook([Sheet(title, ("A",), []) for title in ("Xã [A]/B: *?", "x" * 40, "X" * 40, "", "History", "'")])
    ).sheetnames
    assert len({name.lower() for name in names}) == 6
    assert all(len(name) <= 31 for name in names)


anything = (
    st.none() | st.text() | st.integers() | st.floats() | st.booleans() | st.dates() | st.datetimes() | st.times()
)


@given(st.text(), st.lists(anything, max_size=3))
@example("\ud800", ["😀" * 40_000, float("nan"), "\x00\x1f", "_x0041_", 10**400])
@settings(max_examples=60, deadline=None)
def test_any_value_can_be_written_and_the_file_opens(title, values):
    sheet = opened(write_workbook([Sheet(title, ("A", "B", "C"), [values])])).active
    assert sheet["A1"].value == "A"
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_a_list_comes_back_row_for_row_with_its_errors_in_red():
    table = read_table(listed(), "a.xlsx", COLUMNS)
    sheet = opened(return_with_errors(table, {5: ["thiếu họ tên", "không có ngày 31/02/1992"]}, "Lỗi")).active
    assert [cell.value for cell in sheet["B"]] == [
        "An" if n == 3 else row[1] if len(row) > 1 else None for n, row in enumerate(LISTED)
    ]
    assert (sheet["F2"].value, sheet["F4"].value) == ("Lỗi", None)
    assert sheet["F5"].value == "thiếu họ tên\nkhông có ngày 31/02/1992"
    assert sheet["F5"].font.color.rgb == "FFC00000"
    assert sheet["C4"].value == at("1985-03-15T00:00")
    assert {str(area) for area in sheet.merged_cells.ranges} == {"A1:E1", "A2:A3", "B2:B3", "C2:D2", "E2:E3"}
    assert sheet["E4"].value == "'=1+1"
    assert sheet["E5"].value == "'@SUM(A1)"


def test_the_list_sent_again_reads_the_same_and_keeps_one_error_column():
    first = return_with_errors(read_table(listed(), "a.xlsx", COLUMNS), {4: ["a"], 5: ["b"]}, "Lỗi")
    again = read_table(first, "a.xlsx", COLUMNS)
    assert [row.number for row in again.rows] == [4, 5]
    assert again.rows[0].group("birth").keys() == {"nam"}
    sheet = opened(return_with_errors(again, {5: ["c"]}, "Lỗi")).active
    assert [cell.value for cell in sheet["F"]] == [None, "Lỗi", None, None, "c", None]
    assert sheet.max_column == 6
