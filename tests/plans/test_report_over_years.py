import io
from typing import Any

import openpyxl
import pytest

from bot.training import plan_fields
from tests.plans.planning import ledger, line, plan
from tests.rights.agency import audited, clerk
from tests.talking import Chat, Office


def sheets_of(chat: Chat) -> dict[str, list[list[Any]]]:
    """Every sheet of the workbook that came last, its rows from the header on."""
    (file,) = chat.arrived[-1].attachments
    book = openpyxl.load_workbook(io.BytesIO(file.content))
    return {page.title: [[cell.value for cell in row] for row in page.iter_rows(min_row=3)] for page in book}


async def test_a_typed_period_adds_up_what_the_two_workbooks_say(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await ledger(office)
    await hr.sends("/quanly")
    for words in ("Giờ học", "Lịch sử đào tạo", "Báo cáo theo năm"):
        await hr.taps(words)
    hr.sees("[2022–2026]")
    await hr.sends("2016 - 2020")
    hr.sees("Báo cáo 2016–2020", "1.720 lượt của ", "10 lớp có mã; 37 lượt không hoàn thành")
    hr.sees("2016: 533 lượt, 2 lớp", "2020: 206 lượt, 2 lớp", "Cải cách hành chính: 1.029 lượt, 10 lớp")
    hr.sees("Chuyên môn, nghiệp vụ: 15 lượt", "Quản lý nhà nước: 150 lượt", "Lý luận chính trị: 14 lượt",
            "Kỹ năng theo vị trí việc làm: 500 lượt", "Lãnh đạo, quản lý: 12 lượt")  # fmt: skip
    await hr.taps("Tải báo cáo")
    sheets = sheets_of(hr)
    assert list(sheets) == ["Nội dung theo năm", "Cấp theo năm", "Đơn vị"]
    header, *rows = sheets["Nội dung theo năm"]
    assert header[:4] == ["Mã", "Nội dung", "2016 lượt", "2016 lớp"]
    sums = {row[0]: row[-3:] for row in rows}
    assert {code: sums[code][0] for code in ("CMNV", "QLNN", "LLCT", "VTVL", "LDQL")} == {
        "CMNV": 15, "QLNN": 150, "LLCT": 14, "VTVL": 500, "LDQL": 12,
    }  # fmt: skip
    assert sums["CCHC"] == [1029, 10, 37]
    levels = {row[1]: row[-3:-1] for row in sheets["Cấp theo năm"] if row[0] == "Cải cách hành chính"}
    assert levels == {"Cấp tỉnh": [206, 2], "Cấp huyện": [303, 3], "Cấp xã": [520, 5]}
    assert sheets["Đơn vị"][-1][1] == 1720
    assert ("history.report", "years:2016-2020") in await audited(office)


async def test_people_are_told_apart_from_turns(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await ledger(office)
    await hr.taps_data("history_report:2016:2018")
    await hr.taps("Tải báo cáo")
    *units, total = sheets_of(hr)["Đơn vị"][1:]
    async with office.store.reading() as tx:
        people = await tx.fetchval(
            "select count(*) from (select distinct code, name from training_records where year <= 2018) told"
        )
    assert total[1] > total[2] == people
    assert sum(row[1] for row in units) == total[1]


async def test_the_report_of_a_plan_holds_what_its_lines_ask_for(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await ledger(office)
    await plan(hr, years="2016-2020")
    await line(hr, "Cải cách hành chính", level="cấp xã", turns="500", classes="6")
    await line(hr, "Quản lý nhà nước", year="2016", turns="70", money="1 tỷ")
    hr.sees("Cải cách hành chính, Cấp xã: 501/500 lượt (100 %), 5/6 lớp; 19 lượt không hoàn thành")
    hr.sees("Quản lý nhà nước, 2016: 72/70 lượt (102 %)")
    await hr.taps("Báo cáo theo năm")
    hr.sees("phần thuộc kế hoạch 774/KH-UBND", "592 lượt của ", "5 lớp có mã", "2016: 72 lượt")
    hr.sees_no("Lý luận chính trị")
    await hr.taps("Tải báo cáo")
    sheets = sheets_of(hr)
    assert next(iter(sheets)) == "Kế hoạch và thực hiện"
    first, second, total = sheets["Kế hoạch và thực hiện"][1:]
    assert first[0:2] == ["Cải cách hành chính", "Cấp xã"]
    assert (first[3], first[4] + first[5], first[6:8]) == (500, 520, [6, 5])
    assert second[2:5] == [2016, 70, 72]
    assert (total[3], total[10]) == (570, 1_000_000_000)
    assert sheets["Đơn vị"][-1][1] == 592


async def test_the_workbook_sent_back_is_known_as_a_report(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await ledger(office)
    await hr.taps_data("history_report:2016:2020")
    await hr.taps("Tải báo cáo")
    (file,) = hr.arrived[-1].attachments
    await hr.uploads(file.name, file.content)
    hr.sees("là bảng để xem")


async def test_a_clerk_of_a_unit_reads_of_their_own_people_only(office: Office) -> None:
    await ledger(office)
    thu = await clerk(office, "Thu", "Xã Trí Phải")
    await thu.taps_data("history_report:2016:2020")
    thu.sees("Chưa có lượt nào")
    thu.sees_no("Tải báo cáo")
    await thu.taps_data("history_book:2016:2020")
    assert sheets_of(thu)["Đơn vị"][1:] == [["Tổng cộng", 0, 0]]


async def test_a_period_that_cannot_be_is_told_and_asked_again(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await hr.taps_data("history_years")
    for words, told in (("2020-2016", "Năm đầu 2020 lại sau năm cuối 2016"), ("1900", "trong khoảng 1975–2100")):
        await hr.sends(words)
        hr.sees(told)
    await hr.sends("1975-1980")
    hr.sees("Báo cáo 1975–1980", "Chưa có lượt nào")
    await hr.taps_data("history_book:2030:2020")
    hr.sees("Năm đầu 2030 lại sau")


async def test_the_report_speaks_english_too(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await ledger(office)
    await plan(hr)
    await line(hr, "Quản lý nhà nước")
    await hr.taps_data("speak:en")
    for data in ("history", "history_years", "history_report:2016:2020", "history_book:2016:2020", "plan_report:1",
                 "plan_book:1"):  # fmt: skip
        await hr.taps_data(data)
        hr.sees_no("something went wrong")
        hr.sees_no("anh/chị")
    assert list(sheets_of(hr)) == ["Planned and done", "Content by year", "Level by year", "Units"]


@pytest.mark.parametrize(
    ("words", "years"),
    [
        ("2026", (2026, 2026)),
        ("năm 2026", (2026, 2026)),
        ("2022-2030", (2022, 2030)),
        ("giai đoạn 2022 – 2030", (2022, 2030)),
        ("Từ 2022 đến năm 2030", (2022, 2030)),
    ],
)
def test_years_are_read_as_people_type_them(words: str, years: tuple[int, int]) -> None:
    assert plan_fields.years_of(words) == years
