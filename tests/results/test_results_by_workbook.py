from bot.excel.cells import CellValue
from bot.excel.writer import Sheet, write_workbook
from bot.training import results_sheet
from bot.training.completion import Marks
from bot.training.results_sheet import Told, wanted
from tests.results.classes import OVER, class_of, was_there
from tests.talking import Office

HEADINGS = ["Mã lớp", "Mã cán bộ", "Họ và tên", "Điểm", "Điểm thi lại", "Kết quả"]


def marks_file(*rows: list[CellValue]) -> bytes:
    return write_workbook([Sheet("Điểm", HEADINGS, rows)])


def told(**fields: object) -> Told:
    return Told(**{"row": 2, "class_code": "L", "code": "X", "score": None, "resit": None, "passed": None, **fields})


def test_a_blank_cell_leaves_what_is_there_and_a_pass_needs_no_resit() -> None:
    assert wanted(told(), Marks(40, 60), 50) == (Marks(40, 60), "")
    assert wanted(told(resit=60), Marks(40), 50) == (Marks(40, 60), "")
    assert wanted(told(resit=60), Marks(), 50)[1] == "resit_without"
    assert wanted(told(score=60, passed=False), Marks(), 50)[1] == "contradicts"
    assert wanted(told(passed=True), Marks(), 50) == (Marks(passed=True), "")


def test_marks_that_cannot_be_are_told_row_by_row() -> None:
    content = marks_file(
        ["L1", "A", "An", 11, None, None],
        ["L1", "B", "Ba", -1, None, None],
        ["L1", "C", "Chi", "giỏi", None, None],
        ["L1", "D", "Dân", 5, None, "chắc là đạt"],
        ["L1", "E", "Em", 5, None, None],
        ["L1", "E", "Em", 6, None, None],
        [None, "G", "Gấm", 6, None, None],
    )
    plan = results_sheet.read(content, "diem.xlsx")
    told_of = [(error.number, error.reason) for error in plan.errors]
    assert told_of == [(2, "mark_wrong"), (3, "mark_wrong"), (4, "mark_wrong"), (5, "outcome_unknown"), (7, "twice"),
                       (8, "missing")]  # fmt: skip
    assert [row.code for row in plan.rows] == ["E"]


async def test_hr_sends_a_workbook_of_marks_and_bad_rows_come_back(office: Office) -> None:
    hr, lan = await office.person("Hoa", hr=True), await office.person("Lan", code="A1")
    minh = await office.person("Minh", code="A2")
    course_id = await class_of(office, lan, minh)
    office.clock.move_to(OVER)
    await hr.uploads(
        "diem.xlsx",
        marks_file(
            ["DD1", "A1", "Lan", "7,5", None, None], ["DD1", "A2", "Minh", 4, 6.5, None],
            ["DD1", "A9", "Ai", 7, None, None], ["XX", "A1", "Lan", 7, None, None],
        ),
    )  # fmt: skip
    hr.sees("Bảng điểm", "Ghi hoặc sửa: 2", "“A9” không có trong lớp", "không có lớp “XX”")
    assert hr.arrived[-1].attachments
    await hr.taps("Ghi nhận")
    await hr.taps_data(f"res:{course_id}")
    hr.sees("Lan: 7,5", "Minh: 4,0, thi lại 6,5")
    await hr.taps("Bảng điểm (Excel)")
    await hr.uploads("lai.xlsx", hr.arrived[-1].attachments[0].content)
    hr.sees("Không có gì thay đổi", "Giữ nguyên: 2")


async def test_a_school_sends_marks_of_its_own_classes_only(office: Office) -> None:
    clerk, lan = await office.person("Giáo vụ"), await office.person("Lan", code="A1")
    async with office.store.transaction() as tx:
        await tx.execute("insert into institutions (id, name, fold) values (1, 'Trường', 'truong'), (2, 'B', 'b')")
        await tx.execute(
            "insert into rights (person_id, role, institution_id, granted_at) values ($1, 'school', 1, 1)",
            clerk.person_id,
        )
    own = await class_of(office, lan, institution_id=1)
    office.clock.move_to(OVER)
    await class_of(office, lan, institution_id=2, code="KHAC")
    await clerk.taps_data(f"res:{own}")
    await clerk.taps("Bảng điểm (Excel)")
    content = marks_file(["DD1", "A1", "Lan", 8, None, None], ["KHAC", "A1", "Lan", 8, None, None])
    await clerk.uploads("diem.xlsx", content)
    clerk.sees("Ghi hoặc sửa: 1", "lớp “KHAC” không thuộc phần anh/chị phụ trách")
    await clerk.taps("Ghi nhận")
    await clerk.taps_data(f"res:{own}")
    clerk.sees("Lan: 8,0")


async def test_after_closing_a_workbook_changes_nothing(office: Office) -> None:
    hr, lan = await office.person("Hoa", hr=True), await office.person("Lan", code="A1")
    course_id = await class_of(office, lan)
    await was_there(office, lan, course_id, 20)
    office.clock.move_to(OVER)
    await hr.taps_data(f"res_close_yes:{course_id}")
    await hr.uploads("diem.xlsx", marks_file(["DD1", "A1", "Lan", 8, None, None]))
    hr.sees("lớp “DD1” đã chốt")
    hr.sees_no("[Ghi nhận]")
