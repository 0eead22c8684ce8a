import io

import openpyxl

from bot.excel.writer import Sheet, write_workbook
from bot.training import uploads
from bot.training.upload_kinds import Report, Sender
from tests.talking import DATA, ZONE, Office

DBP = DATA / "dien-bien-phu-dao-tao-2016-2017.xlsx"
HCM = DATA / "tphcm-cchc-2016-2020.xlsx"


async def taken_in(office: Office, content: bytes, filename: str, *, dry: bool = False) -> Report:
    parsed, sender = await uploads.read(content, filename), Sender(None, office.clock.now(), ZONE)
    if dry:
        async with office.store.reading() as tx:
            return await uploads.compare(tx, parsed, sender)
    async with office.store.transaction() as tx:
        return await uploads.write(tx, parsed, sender)


async def test_two_years_of_a_city_come_in_as_691_turns_once(office: Office) -> None:
    dry = await taken_in(office, DBP.read_bytes(), DBP.name, dry=True)
    assert (dry.kind, dry.counts["new"], dry.errors) == ("history", 691, [])
    assert sorted(dry.names["categories"]) == ["12 LDQL", "14 LLCT", "15 CMNV", "150 QLNN", "500 VTVL"]
    await taken_in(office, DBP.read_bytes(), DBP.name)
    again = await taken_in(office, DBP.read_bytes(), DBP.name)
    assert again.nothing
    assert again.counts["same"] == 691


async def test_ten_classes_come_in_with_their_1029_turns(office: Office) -> None:
    report = await taken_in(office, HCM.read_bytes(), HCM.name)
    assert (report.counts["turns"], report.counts["classes"], list(report.errors)) == (1029, 10, [])
    assert report.names["categories"] == ["1029 CCHC"]
    assert "CCHC-2016-1: 110" in report.names["classes"]
    assert (await taken_in(office, HCM.read_bytes(), HCM.name)).nothing


HEADINGS = ["Mã CBCC", "Họ và tên", "Đơn vị công tác", "Tên chương trình", "Mã loại", "Từ ngày", "Đến ngày", "Số tiết",
            "Kết quả"]  # fmt: skip


def history(*rows: list) -> bytes:
    return write_workbook([Sheet("Kết quả", HEADINGS, rows)])


async def test_rows_that_cannot_be_are_told_and_the_good_ones_kept(office: Office) -> None:
    report = await taken_in(
        office,
        history(
            ["A1", "Lan", "Xã A", "QLNN", "QLNN", "01/03/2017", "05/03/2017", "7,5", "Hoàn thành"],
            ["A1", "Lan", "Xã A", "QLNN", "QLNN", "01/03/2017", "05/03/2017", 40, "Hoàn thành"],
            ["A2", "Minh", "Xã A", "QLNN", "XYZ", "01/03/2017", "05/03/2017", 40, None],
            ["A3", "Mai", "Xã A", "QLNN", "QLNN", "31/02/2017", "05/03/2017", 40, None],
            ["A4", "Nga", "Xã A", "QLNN", "QLNN", "06/03/2017", "05/03/2017", 40, None],
            ["A5", "Oanh", "Xã A", "QLNN", "QLNN", "01/03/2017", "05/03/2017", "nhiều", None],
            ["A6", "Phúc", "Xã A", "QLNN", "QLNN", "01/03/2031", "05/03/2031", 40, None],
            ["A7", "Quý", "Xã A", "QLNN", "QLNN", "01/03/2017", "05/03/2017", -4, None],
        ),
        "cu.xlsx",
    )
    assert report.counts["new"] == 1
    reasons = sorted((error.number, error.reason) for error in report.errors)
    assert reasons == [(3, "twice"), (4, "category_unknown"), (5, "date_impossible"), (6, "ends_before_start"),
                       (7, "hours_wrong"), (8, "not_over"), (9, "hours_wrong")]  # fmt: skip


async def test_a_turn_told_otherwise_gets_a_new_row_and_the_old_one_stays(office: Office) -> None:
    lan = await office.person("Lan", code="A1", unit="Xã A")
    row = ["A1", "Lan", "Xã A", "Tin học", "CDS", "01/03/2026", "05/03/2026", 16, "Hoàn thành"]
    await taken_in(office, history(row), "a.xlsx")
    row[7] = 24
    report = await taken_in(office, history(row), "b.xlsx")
    assert (report.counts["new"], report.counts["changed"]) == (0, 1)
    async with office.store.reading() as tx:
        rows = await tx.fetch("select person_id, hours_tenths, ended_at from training_records order by id")
    assert [(r["person_id"], r["hours_tenths"], r["ended_at"] is None) for r in rows] == [
        (lan.person_id, 160, False),
        (lan.person_id, 240, True),
    ]


async def test_hr_exports_the_history_and_the_export_sent_back_changes_nothing(office: Office) -> None:
    hr = await office.person("Hoa", hr=True)
    await hr.uploads(HCM.name, HCM.read_bytes())
    hr.sees("1.029 lượt, 10 lớp", "Lượt mới: 1.029", "chưa ghi gì")
    await hr.taps("Ghi nhận")
    await hr.sends("/quanly")
    await hr.taps("Giờ học")
    await hr.taps("Lịch sử đào tạo")
    hr.sees("1.029 lượt", "2016: 206 lượt, 2 lớp (CCHC 206)", "2020: 206 lượt")
    await hr.taps("Xuất lịch sử")
    await hr.uploads("xuat.xlsx", hr.arrived[-1].attachments[0].content)
    hr.sees("1.029 lượt", "Không có gì thay đổi", "Giữ nguyên: 1.029")


async def test_hr_of_a_unit_brings_in_turns_of_their_own_people_only(office: Office) -> None:
    clerk = await office.person("Thu", unit="Xã A")
    await office.person("Lan", code="A1", unit="Xã A")
    await office.person("Xa", code="B1", unit="Xã B")
    async with office.store.transaction() as tx:
        await tx.execute(
            """insert into rights (person_id, role, unit_id, granted_at)
            select id, 'hr', unit_id, 1 from people where id = $1""",
            clerk.person_id,
        )
    rest = ["Tin học", "CDS", "01/03/2026", "05/03/2026", 16, None]
    await clerk.uploads(
        "a.xlsx", history(["A1", "Lan", "Xã A", *rest], ["B1", "Xa", "Xã B", *rest], ["C1", "Lạ", "Xã A", *rest])
    )
    clerk.sees("Lượt mới: 1", "Xa không thuộc đơn vị", "Lạ không thuộc đơn vị")


CLASSES = ["Mã lớp", "Tên lớp", "Mã loại", "Cấp", "Số lượng", "Ngày khai giảng", "Ngày bế giảng", "Số tiết"]
LEARNERS = ["Mã lớp", "Mã CBCC", "Họ và tên", "Kết quả"]


async def test_a_class_in_error_is_told_at_its_learners_and_a_wrong_number_is_noted(office: Office) -> None:
    days = ["10/03/2016", "14/03/2016", 40]
    classes = [
        ["L1", "CCHC", "Cải cách hành chính", "Cấp xã", 2, *days],
        ["L2", "CCHC", "CCHC", "Cấp xã", 1, "14/03/2016", "10/03/2016", 40],
        ["L3", "CCHC", "CCHC", "Cấp xã", 1, *days],
        ["L3", "CCHC", "CCHC", "Cấp xã", 1, *days],
        ["L3", "CCHC", "CCHC", "Cấp xã", 1, *days],
    ]
    learners = [
        ["L1", "A1", "An", "Giỏi"],
        ["L2", "A1", "An", None],
        ["L3", "A1", "An", None],
        ["L9", "A1", "An", None],
    ]
    content = write_workbook([Sheet("Lớp", CLASSES, classes), Sheet("Học viên", LEARNERS, learners)])
    report = await taken_in(office, content, "lop.xlsx")
    assert (report.counts["new"], report.counts["classes"]) == (1, 1)
    reasons = [(error.number, error.reason) for error in report.errors]
    assert reasons == [(3, "class_wrong"), (4, "class_wrong"), (5, "class_unknown")]
    assert [(note.number, note.reason) for note in report.notes] == [(2, "count_differs")]


async def test_who_comes_onto_the_list_later_is_linked_by_the_same_file(office: Office) -> None:
    content = history(["A1", "Lan", "Xã A", "Tin học", "CDS", "01/03/2026", "05/03/2026", 16, "Hoàn thành"])
    assert (await taken_in(office, content, "a.xlsx")).counts["unmatched"] == 1
    lan = await office.person("Lan", code="A1", unit="Xã A")
    await taken_in(office, content, "a.xlsx")
    await lan.sends("/hoso")
    lan.sees("16/40 tiết, còn thiếu 24 tiết")


async def test_a_code_that_belongs_to_another_name_links_nobody(office: Office) -> None:
    lan = await office.person("Lan", code="A1", unit="Xã A")
    content = history(["A1", "Minh", "Xã A", "Tin học", "CDS", "01/03/2026", "05/03/2026", 16, "Hoàn thành"])
    report = await taken_in(office, content, "a.xlsx")
    assert [note.reason for note in report.notes] == ["other_name"]
    await lan.sends("/hoso")
    lan.sees("0/40 tiết")


async def test_a_course_that_an_earlier_list_has_as_well_counts_once(office: Office) -> None:
    from tests.results.classes import OVER, class_of, was_there

    hr, lan = await office.person("Hoa", hr=True), await office.person("Lan", code="A1", unit="Xã A")
    course_id = await class_of(office, lan, pass_mark=0)
    await was_there(office, lan, course_id, 20)
    office.clock.move_to(OVER)
    rows = [["A1", "Lan", "Xã A", "DD1", "Luật Đất đai", "PL", "07/12/2026", "07/12/2026", 16, "Hoàn thành"]]
    headings = [*HEADINGS[:3], "Mã lớp", *HEADINGS[3:]]
    await taken_in(office, write_workbook([Sheet("Kết quả", headings, rows)]), "a.xlsx")
    await lan.sends("/hoso")
    lan.sees("16/40 tiết")
    await hr.taps_data(f"res_close_yes:{course_id}")
    await lan.sends("/hoso")
    lan.sees("20/40 tiết")
    report = await taken_in(office, write_workbook([Sheet("Kết quả", headings, rows)]), "a.xlsx")
    assert [error.reason for error in report.errors] == ["changed_here"]


async def test_the_export_adds_up_what_the_two_workbooks_say_by_year_topic_and_level(office: Office) -> None:
    hr = await office.person("Hoa", hr=True)
    for workbook in (DBP, HCM):
        await taken_in(office, workbook.read_bytes(), workbook.name)
    await hr.taps_data("history_sheet")
    book = openpyxl.load_workbook(io.BytesIO(hr.arrived[-1].attachments[0].content))
    sums = {row[0].value: row[-1].value for row in book["Tổng hợp"].rows}
    assert {name: sums[name] for name in ("CMNV", "QLNN", "LLCT", "VTVL", "LDQL", "CCHC", "Tổng cộng")} == {
        "CMNV": 15, "QLNN": 150, "LLCT": 14, "VTVL": 500, "LDQL": 12, "CCHC": 1029, "Tổng cộng": 1720,
    }  # fmt: skip
    levels = [[cell.value for cell in row] for row in book["Theo cấp"].rows if row[1].value == "CCHC"]
    assert (sum(row[3] for row in levels), sum(row[4] for row in levels)) == (10, 1029)
    assert len({row[2] for row in levels}) > 1
