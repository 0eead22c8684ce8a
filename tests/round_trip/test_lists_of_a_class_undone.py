from bot.excel.cells import CellValue
from bot.excel.writer import Sheet, write_workbook
from tests.attendance.rooms import ENDS, room, state, teacher
from tests.attendance.test_paper import fill, printed, saved
from tests.results.classes import OVER, class_of, ledger
from tests.results.test_history import HCM, history
from tests.results.test_results_by_workbook import marks_file
from tests.round_trip.editing import undoes
from tests.talking import Chat, Office

MONEY = ["Mã lớp", "Mã cán bộ", "Khoản chi", "Nguồn chi trả", "Dự kiến", "Được duyệt", "Đã chi", "Ngày chi"]
CERTIFICATES = ["Mã lớp", "Mã cán bộ", "Họ và tên", "Số chứng chỉ", "Ngày cấp", "Cơ quan cấp"]


def workbook(headings: list[str], *rows: list[CellValue]) -> bytes:
    return write_workbook([Sheet("Tệp", headings, rows)])


async def taken_in(hr: Chat, content: bytes, name: str = "tep.xlsx") -> None:
    await hr.uploads(name, content)
    await hr.taps("Ghi nhận")
    hr.sees("Hoàn tác")


async def marked(office: Office) -> tuple[Chat, int, Chat, Chat]:
    """Lan has 6.0 typed by HR; a workbook makes it 7.5 and gives Minh 8.0."""
    hr, lan = await office.person("Hoa", hr=True), await office.person("Lan", code="A1")
    minh = await office.person("Minh", code="A2")
    course_id = await class_of(office, lan, minh)
    office.clock.move_to(OVER)
    await hr.taps_data(f"res_one:{course_id}:{lan.person_id}")
    await hr.sends("6")
    rows = (["DD1", "A1", "Lan", 7.5, None, None], ["DD1", "A2", "Minh", 8, None, None])
    await taken_in(hr, marks_file(*rows), "diem.xlsx")
    return hr, course_id, lan, minh


async def test_marks_of_a_file_are_what_they_were_before_it(office: Office) -> None:
    hr, course_id, *_ = await marked(office)
    await undoes(hr)
    hr.sees("Đã hoàn tác diem.xlsx: trả lại 2 mục")
    await hr.taps_data(f"res:{course_id}")
    hr.sees("Lan: 6,0", "Minh: chưa hoàn thành (chưa có điểm")


async def test_a_mark_typed_since_stays_and_is_named(office: Office) -> None:
    hr, course_id, _, minh = await marked(office)
    await hr.taps_data(f"res_one:{course_id}:{minh.person_id}")
    await hr.sends("9")
    await hr.taps_data("desk_uploads")
    await hr.taps("diem.xlsx")
    await hr.taps("Có")
    hr.sees("trả lại 1 mục", "để nguyên (1): Minh")
    await hr.taps_data(f"res:{course_id}")
    hr.sees("Lan: 6,0", "Minh: 9,0")


async def test_marks_that_have_become_final_stay(office: Office) -> None:
    hr, course_id, *_ = await marked(office)
    async with office.store.transaction() as tx:
        await tx.execute("insert into closings (course_id, by_person, at) values ($1, $2, 1)", course_id, hr.person_id)
    await undoes(hr)
    hr.sees("Chưa hoàn tác được", "Lan", "Minh")


async def test_who_lost_the_rights_meanwhile_takes_no_marks_back(office: Office) -> None:
    nam, lan = await office.person("Nam"), await office.person("Lan", code="A1")
    course_id = await class_of(office, lan)
    office.clock.move_to(OVER)
    async with office.store.transaction() as tx:
        await tx.execute("insert into lecturers (id, name, fold, person_id) values (1, 'N', 'n', $1)", nam.person_id)
        await tx.execute("insert into course_lecturers (course_id, lecturer_id) values ($1, 1)", course_id)
    await nam.taps_data(f"res:{course_id}")
    await nam.taps("Bảng điểm (Excel)")
    await taken_in(nam, marks_file(["DD1", "A1", "Lan", 7, None, None]))
    async with office.store.transaction() as tx:
        await tx.execute("delete from course_lecturers")
        await tx.execute("insert into course_lecturers select id, 1 from courses where id <> $1", course_id)
        await tx.execute("insert into rights (person_id, role, granted_at) values ($1, 'operator', 1)", nam.person_id)
    await undoes(nam)
    nam.sees("dành cho người được phân quyền")


async def test_money_of_a_file_is_what_it_was_before_it(office: Office) -> None:
    hr, lan = await office.person("Hoa", hr=True), await office.person("Lan", code="A1")
    course_id = await class_of(office, lan)
    await hr.taps_data(f"money_plan:{course_id}:{lan.person_id}:tuition:unit")
    await hr.sends("1tr")
    rows: tuple[list[CellValue], ...] = (
        ["DD1", "A1", "Học phí", "Đơn vị", 1_500_000, 1_500_000, 1_000_000, "20/11/2026"],
        ["DD1", "A1", "Đi lại", "Ngân sách", 200_000, None, None, None],
    )
    await taken_in(hr, workbook(MONEY, *rows))
    await undoes(hr)
    hr.sees("trả lại 2 mục")
    async with office.store.reading() as tx:
        (row,) = await tx.fetch("select item, planned, approved, approved_by, paid, paid_on from support")
        assert tuple(row[name] for name in row.keys()) == ("tuition", 1_000_000, None, None, None, None)  # noqa: SIM118
        assert await tx.fetchval("select count(*) from audit where action = 'money.undo'") == 2


async def test_money_paid_since_stays_and_is_named(office: Office) -> None:
    hr, lan = await office.person("Hoa", hr=True), await office.person("Lan", code="A1")
    course_id = await class_of(office, lan)
    await taken_in(hr, workbook(MONEY, ["DD1", "A1", "Học phí", "Đơn vị", 500_000, 500_000, None, None]))
    await hr.taps_data(f"money_next:{course_id}:{lan.person_id}:tuition:paid")
    await hr.taps_data("desk_uploads")
    await hr.taps("tep.xlsx")
    await hr.taps("Có")
    hr.sees("Chưa hoàn tác được", "để nguyên (1): Lan")
    async with office.store.reading() as tx:
        assert await tx.fetchval("select paid from support") == 500_000


async def test_attendance_of_a_sheet_is_what_it_was_before_it(office: Office) -> None:
    _, session_id, (lan, minh) = await room(office, "Lan", "Minh")
    hr = await office.person("Hạnh", hr=True)
    office.clock.move_to(ENDS)
    await hr.taps_data(f"att_set:{session_id}:{lan.person_id}:present")
    book = await printed(hr, session_id)
    fill(book.active, Lan="muộn", Minh="vắng")
    await taken_in(hr, saved(book))
    assert [await state(office, session_id, who) for who in (lan, minh)] == ["late", "absent"]
    await undoes(hr)
    hr.sees("trả lại 2 mục")
    assert [await state(office, session_id, who) for who in (lan, minh)] == ["present", None]


async def test_a_contradiction_that_a_sheet_raised_goes_with_it_and_what_was_ticked_since_stays(office: Office) -> None:
    from tests.attendance.rooms import BEGINS, code_of

    _, session_id, (lan, minh) = await room(office, "Lan", "Minh")
    hr = await office.person("Hạnh", hr=True)
    office.clock.move_to(BEGINS)
    await lan.sends(await code_of(office, session_id))
    office.clock.move_to(ENDS)
    book = await printed(hr, session_id)
    fill(book.active, Lan="vắng", Minh="x")
    await taken_in(hr, saved(book))
    await hr.taps_data(f"att_set:{session_id}:{minh.person_id}:late")
    async with office.store.reading() as tx:
        assert await tx.fetchval("select count(*) from attendance_decisions") == 1
    await hr.taps_data("desk_uploads")
    await hr.taps("tep.xlsx")
    await hr.taps("Có")
    hr.sees("trả lại 1 mục", "để nguyên (1): Minh")
    async with office.store.reading() as tx:
        assert await tx.fetchval("select count(*) from attendance_decisions") == 0
    assert await state(office, session_id, minh) == "late"


async def test_a_lecturer_takes_the_own_sheet_back(office: Office) -> None:
    course_id, session_id, (lan,) = await room(office, "Lan")
    nam = await teacher(office, "Nam", course_id)
    office.clock.move_to(ENDS)
    book = await printed(nam, session_id)
    fill(book.active, Lan="x")
    await nam.taps_data(f"att_file:{course_id}")
    await taken_in(nam, saved(book))
    await undoes(nam)
    nam.sees("trả lại 1 mục")
    assert await state(office, session_id, lan) is None


async def test_history_of_a_file_leaves_the_ledger_and_what_it_replaced_stands_again(office: Office) -> None:
    hr, lan = await office.person("Hoa", hr=True), await office.person("Lan", code="A1", unit="Xã A")
    row = ["A1", "Lan", "Xã A", "Tin học", "CDS", "01/03/2026", "05/03/2026", 16, "Hoàn thành"]
    await taken_in(hr, history(row))
    await taken_in(hr, history([*row[:7], 24, "Hoàn thành"]), "sua.xlsx")
    await undoes(hr)
    hr.sees("Đã hoàn tác sua.xlsx: trả lại 1 mục")
    await lan.taps_data("hours")
    lan.sees("16/40")
    assert len(await ledger(office, lan)) == 3  # nothing is deleted


async def test_a_thousand_turns_are_undone_at_once(office: Office) -> None:
    hr = await office.person("Hoa", hr=True)
    await taken_in(hr, HCM.read_bytes(), HCM.name)
    await undoes(hr)
    hr.sees("trả lại 1.029 mục")
    async with office.store.reading() as tx:
        assert await tx.fetchval("select count(*) from training_records where ended_at is null") == 0
    await hr.uploads(HCM.name, HCM.read_bytes())
    hr.sees("Lượt mới: 1.029")
