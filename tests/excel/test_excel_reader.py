import datetime as dt
import io
import unicodedata
from pathlib import Path

import openpyxl
import pytest

from bot.excel import cells
from bot.excel.cells import CellError
from bot.excel.reader import Column, read_table

DATA = Path(__file__).parents[2] / "bot" / "sandbox" / "data"
PEOPLE = (
    Column("code", ("Mã CBCC",)),
    Column("name", ("Họ và tên",), required=True),
    Column("birth", ("Năm sinh", "Ngày tháng năm sinh")),
    Column("gender", ("Giới tính",)),
    Column("title", ("Chức vụ", "Chức danh")),
    Column("unit", ("Đơn vị công tác", "Đơn vị"), required=True),
    Column("phone", ("Số điện thoại", "SĐT")),
    Column("rank", ("Ngạch/bậc",)),
)
CLASSES = (
    Column("code", ("Mã lớp",), required=True),
    Column("name", ("Tên lớp",), required=True),
    Column("seats", ("Số lượng",)),
)
LEARNERS = (
    Column("class", ("Mã lớp",), required=True),
    Column("person", ("Mã CBCC",), required=True),
    Column("result", ("Kết quả",)),
)
SESSIONS = (
    Column("code", ("Mã lớp",), required=True),
    Column("name", ("Tên lớp",), required=True),
    Column("day", ("Ngày",), required=True),
    Column("starts", ("Giờ bắt đầu",), required=True),
    Column("place", ("Địa điểm",)),
)


def sample(name: str, columns):
    return read_table((DATA / name).read_bytes(), name, columns)


def made(*sheets, merges=()) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
        for area in merges:
            sheet.merge_cells(area)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def names(table) -> list[str]:
    return [cells.text(row.get("name")) for row in table.rows]


@pytest.mark.parametrize(
    ("file", "columns", "header", "rows"),
    [
        ("thoi-binh-cbcc.xlsx", PEOPLE, 4, 111),
        ("dien-bien-phu-cbccvc.xlsx", PEOPLE, 4, 1196),
        ("dien-bien-phu-dao-tao-2016-2017.xlsx", PEOPLE, 4, 691),
        ("tphcm-cchc-2016-2020.xlsx", CLASSES, 4, 10),
        ("tphcm-cchc-2016-2020.xlsx", LEARNERS, 4, 1029),
        ("lop-boi-duong-2026-12.xlsx", SESSIONS, 4, 27),
    ],
)
def test_each_sample_gives_its_rows_under_its_header(file, columns, header, rows):
    table = sample(file, columns)
    assert (table.header_row, table.header_depth, len(table.rows)) == (header, 1, rows)
    assert table.left_out == ()


def test_the_course_sample_gives_days_and_times():
    first = sample("lop-boi-duong-2026-12.xlsx", SESSIONS).rows[0]
    assert cells.day(first.get("day")) == dt.date(2026, 12, 7)
    assert cells.time_of_day(first.get("starts")) == dt.time(7, 30)
    assert cells.text(first.get("place")) == "Hội trường UBND"


def read_row(row):
    def told(read, cell):
        try:
            return read(cell)
        except CellError as error:
            return error.reason

    born = [(sub, told(cells.birth_year, cell)) for sub, cell in row.group("birth").items()]
    return (row.number, told(cells.text, row.get("name")), born, told(cells.phone, row.get("phone")))


def test_what_clerks_really_send_is_read_row_by_row():
    table = sample("loi-nhap-lieu.xlsx", PEOPLE)
    assert (table.header_row, table.header_depth) == (5, 2)
    assert [read_row(row) for row in table.rows] == [
        (7, "Nguyễn Văn An", [("nam", 1985)], "0912345678"),
        (8, "Lê Thị Hường", [("nu", 1990)], "0912345679"),
        (9, "TRẦN QUỐC BẢO", [("nam", 1979)], "0912345680"),
        (10, "Phạm Thu Hà", [("nu", "date_impossible")], "0912345681"),
        (11, "", [("nu", 1988)], "0912345682"),
        (12, "formula", [("nam", 1991)], "0912345683"),
        (13, "Đặng Ngọc Mai", [("nu", 1994)], "phone_wrong"),
        (14, "Nguyễn Văn An", [("nam", 1985)], "0912345678"),
        (15, "Lý <b>Hoàng</b> & Sơn", [("nam", 1987)], "0912345685"),
    ]
    assert table.left_out == ((16, "Tổng cộng: 9 người"),)


def test_a_plain_birth_column_is_a_group_without_sub_headings():
    row = sample("thoi-binh-cbcc.xlsx", PEOPLE).rows[0]
    assert {sub: cells.birth_year(cell) for sub, cell in row.group("birth").items()} == {"": 1981}


def test_headings_are_known_by_their_words_before_a_bracket_and_by_alternatives():
    table = read_table(
        made(
            [
                ["TT", "HỌ VÀ TÊN (chữ in hoa)", "Chức vụ/chức danh", "Đơn vị", "Ngạch/bậc (mã ngạch)"],
                [1, "A B", "c", "d", "e"],
            ]
        ),
        "a.xlsx",
        PEOPLE,
    )
    assert table.columns == {"name", "title", "unit", "rank"}


def test_decomposed_headings_and_values_are_composed():
    rows = [["Họ và tên", "Đơn vị"], ["Nguyễn Thị Hường", "Xã Trí Phải"]]
    content = made([[unicodedata.normalize("NFD", value) for value in row] for row in rows])
    assert names(read_table(content, "a.xlsx", PEOPLE)) == ["Nguyễn Thị Hường"]


def test_a_group_whose_sub_headings_are_columns_of_their_own():
    content = made(
        [
            ["TT", "Thông tin cá nhân", None, "Công tác", None],
            [None, "Họ và tên", "Năm sinh", "Chức vụ", "Đơn vị"],
            [1, "A B", 1980, "c", "d"],
        ],
        merges=("A1:A2", "B1:C1", "D1:E1"),
    )
    table = read_table(content, "a.xlsx", PEOPLE)
    assert table.columns == {"name", "birth", "title", "unit"}
    assert names(table) == ["A B"]


def test_a_group_and_its_sub_heading_may_name_a_column_together():
    content = made(
        [
            ["Họ và tên", "Trình độ", None, "Đơn vị"],
            [None, "chuyên môn", "LLCT", None],
            ["A", "Đại học", "Cao cấp", "d"],
        ]
    )
    columns = (*PEOPLE, Column("degree", ("Trình độ chuyên môn",)), Column("politics", ("LLCT",)))
    row = read_table(content, "a.xlsx", columns).rows[0]
    assert (cells.text(row.get("degree")), cells.text(row.get("politics"))) == ("Đại học", "Cao cấp")


def test_a_name_split_over_two_columns_is_joined():
    content = made(
        [["TT", "Họ và tên", None, "Đơn vị"], [1, "Nguyễn Văn", "An", "Xã A"], [2, "Lê", "Bình", "Xã A"]],
        merges=("B1:C1",),
    )
    assert names(read_table(content, "a.xlsx", PEOPLE)) == ["Nguyễn Văn An", "Lê Bình"]


def test_only_people_are_left_of_a_list_with_everything_around_it():
    content = made(
        [
            ["UBND XÃ A"],
            ["DANH SÁCH"],
            [],
            ["STT", "Họ và tên", "Chức vụ", "Đơn vị"],
            ["(1)", "(2)", "(3)", "(4)"],
            ["I", "Khối Đảng"],
            [1, "Nguyễn Văn An", "Chủ tịch", "Xã A"],
            [],
            [2, "Tống Thị Cộng", "Trưởng phòng", "Xã A"],
            ["STT", "Họ và tên", "Chức vụ", "Đơn vị"],
            ["Khối chính quyền"],
            [3, "Lê Bình"],
            [None, "Cộng:", 3],
            [],
            [None, None, None, "Xã A, ngày 05 tháng 12 năm 2026"],
            [None, "Người lập biểu", None, "CHỦ TỊCH"],
            [],
            [None, "Phạm Văn Ký", None, "Đỗ Văn Dấu"],
        ]
    )
    table = read_table(content, "a.xlsx", PEOPLE)
    assert [(row.number, cells.text(row.get("name"))) for row in table.rows] == [
        (7, "Nguyễn Văn An"),
        (9, "Tống Thị Cộng"),
        (12, "Lê Bình"),
    ]
    assert [number for number, _ in table.left_out] == [5, 6, 10, 11, 13, 15, 16, 18]


def test_a_course_whose_name_begins_with_total_is_no_total_row():
    content = made(
        [
            ["Mã lớp", "Tên lớp"],
            ["T1", "Tổng quan về chuyển đổi số"],
            [None, "Tổng quan về đất đai"],
            [None, "Cộng đồng số"],
        ]
    )
    assert names(read_table(content, "a.xlsx", CLASSES)) == [
        "Tổng quan về chuyển đổi số",
        "Tổng quan về đất đai",
        "Cộng đồng số",
    ]


def test_the_sheet_that_fits_is_read_and_others_like_it_are_named():
    header = ["Họ và tên", "Đơn vị"]
    content = made([["Hướng dẫn"]], [header, ["A", "Xã A"]], [header, ["B", "Xã B"], ["C", "Xã B"]])
    table = read_table(content, "a.xlsx", PEOPLE)
    assert (table.sheet, names(table), table.other_sheets) == ("Sheet2", ["B", "C"], ("Sheet1",))
    assert names(read_table(content, "a.xlsx", PEOPLE, sheet="Sheet1")) == ["A"]


def test_a_hidden_sheet_is_not_read():
    book = openpyxl.load_workbook(
        io.BytesIO(made([["Họ và tên", "Đơn vị"], ["A", "Xã A"]], [["Họ và tên", "Đơn vị"], ["Ẩn", "x"], ["Ẩn", "x"]]))
    )
    book.worksheets[1].sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    assert names(read_table(out.getvalue(), "a.xlsx", PEOPLE)) == ["A"]


def test_formulas_and_faults_are_told_wherever_they_stand():
    content = made([["STT", "Họ và tên", "Đơn vị", "Năm sinh"], ["=ROW()", "A", '="Xã "&"A"', "#N/A"], [None, "=A1"]])
    first, second = read_table(content, "a.xlsx", PEOPLE).rows
    assert cells.text(first.get("name")) == "A"
    assert first.get("unit").formula == '="Xã "&"A"'
    assert first.get("birth").formula == "#N/A"
    assert (second.number, second.get("name").formula) == (3, "=A1")
