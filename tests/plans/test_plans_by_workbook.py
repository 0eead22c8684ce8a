import io
from typing import Any

import openpyxl
import pytest

from bot.excel.writer import Sheet, write_workbook
from bot.training import plan_fields, plans
from tests.plans.planning import line, plan
from tests.rights.agency import audited, clerk
from tests.round_trip.editing import adds, button, deletes, edited, sends, sets
from tests.talking import Chat, Office

HEADINGS = ("Số kế hoạch", "Tên kế hoạch", "Từ năm", "Đến năm", "Nội dung", "Cấp", "Năm", "Số lớp", "Số lượt",
            "Kinh phí (đồng)")  # fmt: skip
QLNN = ("774/KH-UBND", "Đào tạo cán bộ", 2016, 2017, "QLNN", None, None, None, 150, None)
LDQL = ("774/KH-UBND", "Đào tạo cán bộ", 2016, 2017, "Lãnh đạo quản lý", "Cấp xã", 2016, 2, 40, 250_000_000)


def workbook(*rows: tuple[Any, ...]) -> bytes:
    return write_workbook([Sheet("Kế hoạch", HEADINGS, rows)])


async def kept(office: Office) -> list[tuple[Any, ...]]:
    """Every line of every plan: number, years, category, level, year, classes, turns, money."""
    found = []
    async with office.store.reading() as tx:
        for one in await plans.everyone(tx):
            about = (one.facts.number, one.facts.first_year, one.facts.last_year)
            for line_ in await plans.lines(tx, one.id):
                t = line_.target
                found.append((*about, t.category, t.level, t.year, t.classes, t.turns, t.money))
    return found


async def export_of(hr: Chat, plan_id: int = 1) -> bytes:
    await hr.taps_data(f"plan:{plan_id}")
    await hr.taps("Tải Excel")
    (file,) = hr.arrived[-1].attachments
    return file.content


async def test_a_plan_sent_as_a_workbook_is_the_one_made_by_chat(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await plan(hr)
    await line(hr, "Quản lý nhà nước", turns="150")
    await line(hr, "Lãnh đạo, quản lý", level="Cấp xã", year="2016", turns="40", classes="2", money="250tr")
    by_chat = await kept(office)
    await hr.taps_data("plan_drop:1:1")
    await hr.uploads("ke-hoach.xlsx", workbook(QLNN, LDQL))
    hr.sees("Kế hoạch 774/KH-UBND", "chưa ghi gì", "Kế hoạch mới: 1", "Dòng mới: 2")
    assert await kept(office) == []
    await hr.taps("Ghi nhận")
    assert await kept(office) == by_chat
    assert by_chat == [
        ("774/KH-UBND", 2016, 2017, "LDQL", "Cấp xã", 2016, 2, 40, 250_000_000),
        ("774/KH-UBND", 2016, 2017, "QLNN", "", None, 0, 150, None),
    ]


async def test_an_export_sent_back_unchanged_changes_nothing(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await sends(hr, HEADINGS, QLNN, LDQL)
    await plan(hr, number="02/KH", years="2026")  # a plan of one year without lines
    for plan_id, same in ((1, 2), (2, 0)):
        content = await export_of(hr, plan_id)
        await hr.uploads("ke-hoach.xlsx", content)
        hr.sees("Không có gì thay đổi", f"Giữ nguyên: {same}")
        hr.sees_no("[Ghi nhận]")
    assert ("plan.export", "plan:1") in await audited(office)


async def test_an_edited_export_tells_new_changed_removed_and_is_undone(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await sends(hr, HEADINGS, QLNN, LDQL)
    before = await kept(office)
    content = edited(await export_of(hr), deletes("LDQL"))
    content = edited(content, sets("QLNN", "Số lượt", 180))
    new = {"Số_kế_hoạch": "774/KH-UBND", "Tên_kế_hoạch": "Đào tạo cán bộ", "Từ_năm": 2016, "Đến_năm": 2017,
           "Nội_dung": "PL", "Số_lớp": 3}  # fmt: skip
    content = edited(content, adds(**new))
    await hr.uploads("sua.xlsx", content)
    hr.sees("Dòng mới: 1", "Dòng thay đổi: 1", "QLNN: số lượt", "sẽ bỏ: 1 (LDQL Cấp xã 2016)")
    await hr.taps("Ghi nhận")
    hr.sees("bỏ 1 dòng khỏi kế hoạch")
    await hr.sends("1")
    hr.sees("Đã ghi")
    assert [row[3:] for row in await kept(office)] == [
        ("PL", "", None, 3, 0, None), ("QLNN", "", None, 0, 180, None),
    ]  # fmt: skip
    await hr.taps("Hoàn tác")
    await hr.taps("Có")
    hr.sees("trả lại 3 mục")
    assert await kept(office) == before


async def test_a_plain_list_removes_nothing_and_a_new_plan_is_undone_whole(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await sends(hr, HEADINGS, QLNN, LDQL)
    undo = button(hr, "Hoàn tác")
    await hr.uploads("mot-dong.xlsx", workbook(QLNN))
    hr.sees("Không có gì thay đổi")
    await hr.taps_data(undo)
    await hr.taps("Có")
    hr.sees("trả lại 3 mục")
    await hr.taps_data("plans")
    hr.sees("Chưa có kế hoạch nào")


async def test_number_title_and_years_of_an_export_may_change(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await sends(hr, HEADINGS, QLNN)
    content = await export_of(hr)
    for heading, value in (("Số kế hoạch", "775/KH-UBND"), ("Đến năm", 2020), ("Từ năm", 2015)):
        content = edited(content, sets("QLNN", heading, value))
    await hr.uploads("sua.xlsx", content)
    hr.sees("Đổi số, tên hoặc giai đoạn: 1", "Giữ nguyên: 1")
    await hr.taps("Ghi nhận")
    assert await kept(office) == [("775/KH-UBND", 2015, 2020, "QLNN", "", None, 0, 150, None)]
    await hr.taps("Hoàn tác")
    await hr.taps("Có")
    assert await kept(office) == [("774/KH-UBND", 2016, 2017, "QLNN", "", None, 0, 150, None)]


@pytest.mark.parametrize(("way", "turns"), [("Ghi nhận theo tệp", 180), ("Ghi nhận, giữ bản mới", 160)])
async def test_what_a_colleague_changed_since_the_export_is_asked_about(office: Office, way: str, turns: int) -> None:
    hr, nam = await office.person("Hạnh", hr=True), await office.person("Nam", hr=True)
    await sends(hr, HEADINGS, QLNN, LDQL)
    content = edited(await export_of(hr), sets("QLNN", "Số lượt", 180))
    await nam.taps_data("plan:1")
    await nam.taps("Quản lý nhà nước")
    await nam.taps("Sửa số lượt")
    await nam.sends("160")
    await hr.uploads("sua.xlsx", content)
    hr.sees("Người khác đã sửa", "1 mục")
    await hr.taps(way)
    assert [row[7] for row in await kept(office)] == [40, turns]


async def test_a_line_that_a_colleague_changed_is_not_removed_and_theirs_that_came_since_stays(office: Office) -> None:
    hr, nam = await office.person("Hạnh", hr=True), await office.person("Nam", hr=True)
    await sends(hr, HEADINGS, QLNN, LDQL)
    content = edited(await export_of(hr), deletes("LDQL"))
    await nam.taps_data("plan:1")
    await line(nam, "Pháp luật", turns="5")
    await nam.taps("Lãnh đạo, quản lý")
    await nam.taps("Sửa số lớp")
    await nam.sends("9")
    await hr.uploads("sua.xlsx", content)
    hr.sees("Không có gì thay đổi", "đồng nghiệp vừa đổi nên giữ lại: LDQL Cấp xã 2016")


async def test_rows_that_cannot_be_are_told_each_in_its_row_and_the_good_ones_kept(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    wrong = {
        "Số lượt: “-5” không phải số nguyên": {8: -5},
        "Số lớp: “1000000000000” không phải": {7: 10**12},
        "Kinh phí (đồng): “1000000000000” không phải số tiền": {9: 10**12},
        "Từ năm: “1999” không phải năm": {2: 1999},
        "Đến năm: năm cuối 2015 trước năm đầu": {3: 2015},
        "Nội dung: không có nội dung “Nấu ăn”": {4: "Nấu ăn"},
        "Năm: “2018” nằm ngoài giai đoạn": {6: 2018},
        "Dòng này chưa có số lượt hay số lớp": {8: None, 9: 5},
        "Trùng với dòng 2": {},
        "Tên hoặc năm của kế hoạch này khác ở dòng 2": {1: "Tên khác", 4: "PL"},
        "Số kế hoạch: còn trống": {0: None},
    }
    rows = [[change.get(at, value) for at, value in enumerate(QLNN)] for change in wrong.values()]
    await hr.uploads("loi.xlsx", workbook(QLNN, *map(tuple, rows)))
    hr.sees("Kế hoạch mới: 1", "Dòng mới: 1", f"Dòng lỗi, để lại: {len(wrong)}")
    (back,) = hr.arrived[-1].attachments
    page = openpyxl.load_workbook(io.BytesIO(back.content)).worksheets[0]
    column = next(cell.column for row in page.iter_rows() for cell in row if cell.value == "Lỗi")
    told = [str(page.cell(row, column).value) for row in range(3, 3 + len(wrong))]
    assert [words for words, cell in zip(wrong, told, strict=True) if words not in cell] == [], told


async def test_a_formula_is_never_evaluated(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await sends(hr, HEADINGS, QLNN)
    content = edited(await export_of(hr), sets("QLNN", "Số lượt", "=100+80"))
    await hr.uploads("sua.xlsx", content)
    hr.sees("Số lượt: ô chứa công thức", "Dòng lỗi, để lại: 1")
    hr.sees_no("sẽ bỏ")


async def test_a_title_that_looks_like_a_formula_goes_out_harmless_and_comes_back_as_it_was(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await hr.taps_data("plan_new")
    for words in ("774/KH-UBND", "=HYPERLINK(1)"):
        await hr.sends(words)
    hr.sees("“=HYPERLINK(1)…”")
    for words in ("-HYPERLINK(1) <b>Đào tạo</b>", "2016-2017"):
        await hr.sends(words)
    hr.sees("-HYPERLINK(1) <b>Đào tạo</b>")
    await line(hr, "Pháp luật", level="@Cấp xã", turns="5")
    content = await export_of(hr)
    page = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert {cell.data_type for row in page.iter_rows() for cell in row if cell.value} <= {"s", "n"}
    await hr.uploads("x.xlsx", content)
    hr.sees("Không có gì thay đổi")


async def test_a_number_that_another_plan_has_is_told_in_its_row(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await sends(hr, HEADINGS, QLNN, ("775/KH-UBND", *QLNN[1:]))
    content = edited(await export_of(hr), sets("QLNN", "Số kế hoạch", "775/KH-UBND"))
    await hr.uploads("sua.xlsx", content)
    hr.sees("đã có kế hoạch khác mang số “775/KH-UBND”")


async def test_the_file_of_a_plan_that_was_removed_meanwhile_is_not_taken(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await sends(hr, HEADINGS, QLNN)
    content = edited(await export_of(hr), sets("QLNN", "Số lượt", 9))
    await hr.uploads("sua.xlsx", content)
    yes = button(hr, "Ghi nhận")
    await hr.taps_data("plan_drop:1:1")
    await hr.taps_data(yes)
    hr.sees("đã bị bỏ", "mã sổ")
    await hr.uploads("sua.xlsx", content)
    hr.sees("đã bị bỏ", "mã sổ")


async def test_what_was_changed_after_the_file_stays_when_it_is_undone(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await sends(hr, HEADINGS, QLNN, LDQL)
    undo = button(hr, "Hoàn tác")
    await hr.taps_data("plan:1")
    await hr.taps("Quản lý nhà nước")
    await hr.taps("Sửa số lượt")
    await hr.sends("99")
    await hr.taps_data(undo)
    await hr.taps("Có")
    hr.sees("trả lại 1 mục", "để nguyên (2): QLNN, 774/KH-UBND")
    assert [row[3:8] for row in await kept(office)] == [("QLNN", "", None, 0, 99)]


async def test_a_clerk_of_a_unit_sends_no_plan_and_takes_none(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True, unit="Sở Nội vụ")
    await sends(hr, HEADINGS, QLNN)
    thu = await clerk(office, "Thu", "Xã Trí Phải")
    await thu.uploads("ke-hoach.xlsx", workbook(LDQL))
    thu.sees("người được phân quyền")
    await thu.taps_data("plan_sheet:1")
    thu.sees("người được phân quyền")
    assert ("refused", "plan:upload") in await audited(office, "refused")
    await office.person("Nam", hr=True, unit="Sở Nội vụ")
    async with office.store.transaction() as tx:
        place = await tx.fetchval("select unit_id from people where id = $1", hr.person_id)
        await tx.execute("update rights set unit_id = $2 where person_id = $1", hr.person_id, place)
    await hr.taps("Hoàn tác")
    await hr.taps("Có")
    hr.sees("Chưa hoàn tác được", "774/KH-UBND")


async def test_the_same_is_told_in_english(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await hr.taps_data("speak:en")
    await hr.uploads("plan.xlsx", workbook(QLNN, LDQL))
    hr.sees("New plans: 1", "New lines: 2")
    await hr.taps("Apply")
    await hr.taps_data("plan_sheet:1")
    hr.sees("with 2 lines")
    await hr.uploads("plan.xlsx", edited(hr.arrived[-1].attachments[0].content, deletes("LDQL")))
    await hr.taps("Apply")
    hr.sees("Lines of the plan that this file removes: 1")


async def test_a_mark_that_nobody_knows_removes_nothing_and_says_so(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await sends(hr, HEADINGS, QLNN, LDQL)
    content = write_workbook([Sheet("Kế hoạch", HEADINGS, [QLNN], notes=["Kế hoạch", "Mã sổ BD-1234-5678-9ABC"])])
    await hr.uploads("la.xlsx", content)
    hr.sees("không dòng nào bị bỏ", "Không có gì thay đổi")


async def test_rows_of_another_plan_in_an_export_are_that_plans(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await sends(hr, HEADINGS, QLNN, LDQL)
    content = edited(await export_of(hr), sets("QLNN", "Số kế hoạch", "01/KH"))
    await hr.uploads("sua.xlsx", content)
    hr.sees("Kế hoạch mới: 1", "Dòng mới: 1", "sẽ bỏ: 1 (QLNN)", "Giữ nguyên: 1")


async def test_lines_beyond_what_a_plan_may_have_are_told_in_their_rows(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    rows = [(*QLNN[:5], f"Cấp {number}", *QLNN[6:]) for number in range(plan_fields.MOST_LINES + 2)]
    await hr.uploads("dai.xlsx", workbook(*rows))
    hr.sees("Dòng mới: 500", "Dòng lỗi, để lại: 2", "Một kế hoạch có nhiều nhất 500 dòng")
    await hr.taps("Ghi nhận")
    hr.sees("Đã ghi", "Dòng mới: 500")
    await hr.taps_data("plan:1")
    hr.sees("Trang 1/84")
