import datetime as dt
import io
import struct
import time
import zipfile
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter

from bot.chat.rendering import LANGUAGES, Renderer
from bot.chat.screens import Screen
from bot.errors import BadFile
from bot.excel import cells, package, sheet_scan
from bot.excel.cells import Cell, CellError
from bot.excel.reader import Column, read_table

COLUMNS = (Column("name", ("Họ và tên",), required=True), Column("unit", ("Đơn vị công tác",), required=True))
HEADER = ["Họ và tên", "Đơn vị công tác"]


def made(*rows, stray: tuple[int, int] | None = None) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
        if stray:
            sheet.write(*stray, "x")
    return out.getvalue()


def altered(content: bytes, **parts: bytes) -> bytes:
    """Give a workbook with parts put in place of its own; "__" stands for "/" and "_x" for ".x" in the names."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        named = {name.replace("__", "/").replace("_x", ".x"): part for name, part in parts.items()}
        for entry in old.namelist():
            if entry not in named:
                new.writestr(entry, old.read(entry))
        for name, part in named.items():
            new.writestr(name, part)
    return out.getvalue()


def refusal(content: bytes, filename: str = "a.xlsx") -> BadFile:
    with pytest.raises(BadFile) as caught:
        read_table(content, filename, COLUMNS)
    for language in LANGUAGES:
        words = Renderer(ZoneInfo("Asia/Ho_Chi_Minh")).render(
            Screen(caught.value.screen, **caught.value.values), language
        )
        assert filename.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in words.text
        assert len(words.text) < 600
    return caught.value


GOOD = made(HEADER, ["An", "Xã A"])


def container(streams: dict[str, bytes]) -> bytes:
    """Build the smallest OLE container: one allocation sector, one directory sector, then the streams."""
    fat = [0xFFFFFFFD, 0xFFFFFFFE]
    body, entries = b"", [("Root Entry", 5, 0xFFFFFFFE, 0)]
    for name, content in streams.items():
        padded = content + b"\0" * (max(4096, -(-len(content) // 512) * 512) - len(content))
        first, count = len(fat), len(padded) // 512
        fat += [*range(first + 1, first + count), 0xFFFFFFFE]
        body += padded
        entries.append((name, 2, first, len(padded)))
    directory = b""
    for place, (name, kind, first, size) in enumerate(entries):
        utf16 = (name + "\0").encode("utf-16-le")
        child = 1 if place == 0 else 0xFFFFFFFF
        right = place + 1 if 0 < place < len(entries) - 1 else 0xFFFFFFFF
        directory += utf16.ljust(64, b"\0") + struct.pack("<HBBIII", len(utf16), kind, 1, 0xFFFFFFFF, right, child)
        directory += b"\0" * 36 + struct.pack("<IQ", first, size)
    fat += [0xFFFFFFFF] * (128 - len(fat))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<I", 0) + b"\xff" * (108 * 4)
    return header + struct.pack("<128I", *fat) + directory.ljust(512, b"\0") + body


def record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def old_workbook(rows, *, formula_at: tuple[int, int] | None = None, locked: bool = False) -> bytes:
    """Build the stream of an old .xls: one sheet of text cells."""
    bof = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    sheet += record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    for at, row in enumerate(rows):
        for column, words in enumerate(row):
            sheet += record(0x0204, struct.pack("<HHHHB", at, column, 0, len(words), 1) + words.encode("utf-16-le"))
    if formula_at:
        sheet += record(0x0006, struct.pack("<HHHdHIH", *formula_at, 0, 2.0, 0, 0, 3) + b"\x1e\x02\x00")
    sheet += record(0x000A)
    lock = record(0x002F, b"\0" * 6) if locked else b""
    name = record(0x0085, struct.pack("<IBBBB", 0, 0, 0, 5, 0) + b"Sheet")
    start = len(bof) + len(lock) + len(name) + len(record(0x000A))
    name = record(0x0085, struct.pack("<IBBBB", start, 0, 0, 5, 0) + b"Sheet")
    return bof + lock + name + record(0x000A) + sheet


def test_ten_thousand_rows_are_read_in_a_few_seconds_and_one_more_is_too_many():
    full = made(
        ["STT", *HEADER, *[f"Cột {n}" for n in range(12)]],
        *[[n, f"Người {n}", "Xã A", *["Chuyên viên"] * 12] for n in range(10_000)],
    )
    started = time.perf_counter()
    assert len(read_table(full, "a.xlsx", COLUMNS).rows) == 10_000
    assert time.perf_counter() - started < 15  # about 2 s on an idle machine


def test_twenty_thousand_rows_are_too_many():
    error = refusal(made(HEADER, *[[f"Người {n}", "Xã A"] for n in range(20_000)]))
    assert (error.screen, error.values["limit"], error.values["found"]) == ("files/too_many_rows", 10_000, 20_000)


def test_a_stray_cell_at_the_far_end_does_not_fill_the_memory():
    error = refusal(made(HEADER, ["An", "Xã A"], stray=(1_048_575, 16_383)))
    assert (error.screen, error.values["found"]) == ("files/too_many_rows", 1_048_576)


def test_a_file_of_25_megabytes_is_too_large():
    error = refusal(b"PK\x03\x04" + b"\0" * (25 * 1024 * 1024 - 4))
    assert (error.screen, error.values["limit_mb"], error.values["size_mb"]) == ("files/too_large", 20, 25)


@pytest.mark.parametrize(
    ("content", "filename"),
    [
        ("Họ và tên;Đơn vị\nAn;Xã A".encode(), "a.csv"),
        (b"%PDF-1.7", "Lớp <Luật> & Đất đai.pdf"),
        (b"", "a.txt"),
        (container({"WordDocument": b"x"}), "a.xls"),
    ],
)
def test_what_is_no_workbook_is_a_wrong_type(content, filename):
    assert refusal(content, filename).screen == "files/wrong_type"


def test_a_zip_without_a_workbook_is_a_wrong_type():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert refusal(out.getvalue()).screen == "files/wrong_type"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><table><tr><td>Ho ten</td></tr></table></html>",
        GOOD[:-200],
        GOOD[: len(GOOD) // 2],
        GOOD[:200] + bytes(100) + GOOD[300:],
        container({"Workbook": b"x"})[:700],
        altered(GOOD, xl__worksheets__sheet1_xml=b"<worksheet><sheetData><row>"),
        altered(GOOD, xl__worksheets__sheet1_xml=b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet><sheetData/></worksheet>'),
        altered(
            GOOD, xl__worksheets__sheet1_xml=b'<worksheet><sheetData><c r="ZZZ9"><v>1</v></c></sheetData></worksheet>'
        ),
        altered(
            GOOD, xl__workbook_xml=b'<workbook><sheets><sheet name="a" r:id="gone" xmlns:r="r"/></sheets></workbook>'
        ),
    ],
)
def test_a_damaged_workbook_is_told_as_such(content):
    assert refusal(content).screen == "files/damaged"


def test_a_workbook_behind_a_password_is_told_as_such():
    locked = container({"EncryptionInfo": b"x", "EncryptedPackage": b"y"})
    assert refusal(locked).screen == "files/protected"
    assert refusal(container({"Workbook": old_workbook([HEADER], locked=True)}), "a.xls").screen == "files/protected"


def test_an_old_workbook_is_read_whatever_its_name():
    content = container({"Workbook": old_workbook([HEADER, ["Nguyễn Văn An", "Xã A"], ["Lê Bình"]], formula_at=(2, 1))})
    table = read_table(content, "danh-sach.xlsx", COLUMNS)
    assert [cells.text(row.get("name")) for row in table.rows] == ["Nguyễn Văn An", "Lê Bình"]
    assert table.rows[1].get("unit").formula is not None


def test_an_old_workbook_that_ends_its_parser_ends_nothing_else():
    stream = old_workbook([HEADER, ["An", "Xã A"]])
    grown = stream.replace(struct.pack("<IIHHH", 0, 2, 0, 2, 0), struct.pack("<IIHHH", 0, 0xFFFFFFF0, 0, 0xFF00, 0))
    assert grown != stream
    assert refusal(container({"Workbook": grown}), "a.xls").screen == "files/old_xls"


def test_a_zip_bomb_is_stopped_by_its_directory():
    bomb = altered(GOOD, xl__sharedStrings_xml=b"<sst>" + b" " * (200 * 1024 * 1024))
    assert len(bomb) < 1024 * 1024
    assert refusal(bomb).screen == "files/zip_bomb"


def test_a_zip_bomb_with_a_lying_directory_is_stopped_while_it_is_read(monkeypatch):
    monkeypatch.setattr(package, "_check_directory", lambda *_: None)
    monkeypatch.setattr(package, "MAX_UNPACKED", 1024 * 1024)
    assert refusal(altered(GOOD, xl__sharedStrings_xml=b"<sst>" + b" " * (2 * 1024 * 1024))).screen == "files/zip_bomb"


def test_a_zip_of_thousands_of_parts_is_a_bomb():
    parts = {f"xl__p{n}_xml": b"<a/>" for n in range(2_001)}
    assert refusal(altered(GOOD, **parts)).screen == "files/zip_bomb"


def test_one_long_text_named_by_many_cells_does_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr(sheet_scan, "MAX_TEXT", 1_000_000)
    assert refusal(made(HEADER, *[["An" * 1000, "Xã A"]] * 600)).screen == "files/damaged"


def test_missing_columns_are_named():
    error = refusal(made(["STT", "Họ và tên", "Ghi chú"], [1, "An", "x"]))
    assert (error.screen, error.values["names"]) == ("files/missing_columns", ["Đơn vị công tác"])
    assert refusal(made(["a", "b"], ["c", "d"])).values["names"] == HEADER


def test_a_workbook_without_rows_is_empty():
    assert refusal(made()).screen == "files/empty"
    assert refusal(made(HEADER)).screen == "files/empty"


def test_every_reason_of_a_cell_has_its_words_in_both_languages():
    reasons = {
        "formula": (cells.text, Cell("=<b>1")),
        "number_wrong": (cells.whole, "a"),
        "date_wrong": (cells.day, "a"),
        "date_impossible": (cells.day, "31/02/2000"),
        "date_year_only": (cells.day, 1990),
        "date_out_of_range": (cells.day, dt.date(1800, 1, 1)),
        "year_wrong": (cells.birth_year, 7),
        "time_wrong": (cells.time_of_day, "a"),
        "phone_wrong": (cells.phone, "1"),
        "yes_no_wrong": (cells.yes_no, "a"),
    }
    renderer = Renderer(ZoneInfo("Asia/Ho_Chi_Minh"))
    for reason, (read, value) in reasons.items():
        with pytest.raises(CellError) as caught:
            read(value if isinstance(value, Cell) else Cell(value))
        assert caught.value.reason == reason
        for language in LANGUAGES:
            words = renderer.words(language, "files/cells", reason, heading="Ngày sinh", value=caught.value.value)
            assert words.startswith("Ngày sinh: ")
            assert caught.value.value in words
