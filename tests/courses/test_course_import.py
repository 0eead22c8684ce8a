import io
from typing import Any

import openpyxl
import pytest

from bot.training import course_import
from tests.courses.classes import SAMPLE, imported, seated
from tests.talking import ZONE, Office, at

HEADINGS = ["Mã lớp", "Tên lớp", "Mã loại", "Đối tượng", "Hình thức", "Chỉ tiêu", "Hạn đăng ký", "Buổi", "Ngày",
            "Giờ bắt đầu", "Giờ kết thúc", "Địa điểm/Đường dẫn", "HR duyệt", "Cần mang theo"]  # fmt: skip
GOOD = {
    "Mã lớp": "L1", "Tên lớp": "Lớp một", "Mã loại": "PL", "Đối tượng": "CB, CC", "Hình thức": "Trực tiếp",
    "Chỉ tiêu": 30, "Hạn đăng ký": "03/12/2026", "Buổi": 1, "Ngày": "07/12/2026", "Giờ bắt đầu": "07:30",
    "Giờ kết thúc": "11:30", "Địa điểm/Đường dẫn": "Phòng 2", "HR duyệt": "", "Cần mang theo": "",
}  # fmt: skip


def sheet(*rows: dict[str, Any]) -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    page.append(["KẾ HOẠCH MỞ LỚP"])
    page.append(HEADINGS)
    for row in rows:
        page.append([{**GOOD, **row}[heading] for heading in HEADINGS])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(*rows: dict[str, Any]) -> course_import.Plan:
    return course_import.read(sheet(*rows), "lop.xlsx")


async def applied(office: Office, *rows: dict[str, Any]) -> course_import.Difference:
    async with office.store.transaction() as tx:
        return await course_import.apply(tx, read(*rows), office.clock.now(), ZONE)


def test_the_sample_workbook_has_ten_courses_and_27_sessions() -> None:
    plan = course_import.read(SAMPLE.read_bytes(), SAMPLE.name)
    assert (len(plan.courses), plan.sessions, plan.errors) == (10, 27, [])
    overlaps = [(w.reason, w.values["value"]) for w in plan.warnings]
    assert ("sessions_overlap", "2") in overlaps


async def test_importing_twice_changes_nothing(office: Office) -> None:
    first = await imported(office)
    assert (len(first.new), len(first.changed), len(first.unchanged)) == (10, 0, 0)
    async with office.store.reading() as tx:
        before = await tx.fetch("select subject, step, due_at, state from milestones order by id")
        assert await tx.fetchval("select count(*) from sessions") == 27
        assert await tx.fetchval("select count(*) from milestones where kind = 'course_end'") == 10
    second = await imported(office)
    assert (len(second.new), len(second.changed), len(second.unchanged)) == (0, 0, 10)
    async with office.store.reading() as tx:
        after = await tx.fetch("select subject, step, due_at, state from milestones order by id")
        assert await tx.fetchval("select max(sequence) from sessions") == 0
    assert [tuple(r) for r in before] == [tuple(r) for r in after]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"Giờ kết thúc": "07:00"}, "ends_before_start"),
        ({"Ngày": "07/12/1926"}, "year_unlikely"),
        ({"Hạn đăng ký": "03/12/1926"}, "year_unlikely"),
        ({"Ngày": "31/02/2027"}, "date_impossible"),
        ({"Ngày": "", "Giờ bắt đầu": "", "Giờ kết thúc": ""}, "no_session"),
        ({"Giờ bắt đầu": ""}, "missing"),
        ({"Chỉ tiêu": 0}, "capacity_wrong"),
        ({"Chỉ tiêu": "nhiều"}, "number_wrong"),
        ({"Mã loại": "XYZ"}, "category_unknown"),
        ({"Đối tượng": "CB, nông dân"}, "audience_unknown"),
        ({"Hình thức": "qua thư"}, "mode_unknown"),
        ({"Tên lớp": ""}, "missing"),
        ({"Tên lớp": "=1+1"}, "formula"),
        ({"Tên lớp": "A" * 300}, "too_long"),
        ({"HR duyệt": "có lẽ"}, "yes_no_wrong"),
    ],
)
def test_a_row_in_error_holds_its_course_back_and_keeps_the_others(row: dict[str, Any], reason: str) -> None:
    plan = read({"Mã lớp": "L0"}, row)
    assert [(e.number, e.reason) for e in plan.errors] == [(4, reason)]
    assert ([c.code for c in plan.courses], plan.held_back) == (["L0"], ["L1"])


def test_a_row_without_a_code_is_told() -> None:
    plan = read({}, {"Mã lớp": "", "Buổi": 2})
    assert [(e.number, e.reason) for e in plan.errors] == [(4, "missing")]


def test_rows_of_one_course_that_disagree_are_told() -> None:
    plan = read({}, {"Buổi": 2, "Ngày": "08/12/2026", "Tên lớp": "Lớp hai"}, {"Buổi": 1, "Ngày": "09/12/2026"})
    assert [(e.number, e.reason, e.values["heading"]) for e in plan.errors] == [
        (4, "differs", "Tên lớp"),
        (5, "number_twice", "Buổi"),
    ]


def test_what_is_worth_a_look_is_a_warning_not_an_error() -> None:
    plan = read(
        {},
        {"Buổi": 2, "Giờ bắt đầu": "10:00", "Giờ kết thúc": "12:00"},
        {"Mã lớp": "L2", "Hạn đăng ký": "09/12/2026"},
        {"Mã lớp": "L3", "Hạn đăng ký": "07/12/2026"},
    )
    assert [(w.number, w.reason) for w in plan.warnings] == [
        (4, "sessions_overlap"),
        (5, "deadline_after_start"),
        (6, "deadline_on_start"),
    ]
    assert len(plan.courses) == 3


def test_a_place_and_a_link_may_stand_in_one_cell() -> None:
    plan = read({"Địa điểm/Đường dẫn": "Phòng 2 (https://hop.example.gov.vn/a)"})
    session = plan.courses[0].sessions[0]
    assert (session.place, session.link) == ("Phòng 2", "https://hop.example.gov.vn/a")


async def test_optional_columns_decide_who_approves_and_what_to_bring(office: Office) -> None:
    await applied(office, {"HR duyệt": "x", "Cần mang theo": "Máy tính xách tay"})
    async with office.store.reading() as tx:
        row = await tx.fetchrow("select needs_head, needs_hr, bring, deadline, cancel_until from courses")
    assert (row["needs_head"], row["needs_hr"], row["bring"]) == (1, 1, "Máy tính xách tay")
    assert row["deadline"] == at("2026-12-03", "23:59:59")
    assert row["cancel_until"] == at("2026-12-06", "07:30")


async def test_a_moved_session_is_told_apart_and_reminded_of_anew(office: Office) -> None:
    await applied(office, {}, {"Buổi": 2, "Ngày": "08/12/2026"})
    difference = await applied(office, {"Ngày": "09/12/2026"}, {"Buổi": 2, "Ngày": "08/12/2026"})
    (change,) = difference.changed
    assert (change.fields, change.sessions_changed, change.sessions_added, change.sessions_gone) == ((), 1, 0, 0)
    async with office.store.reading() as tx:
        rows = await tx.fetch("select number, starts_at, sequence from sessions order by number")
        pending = await tx.fetch(
            "select due_at from milestones where subject = 'session:1' and state = 'pending' order by due_at"
        )
        starts_at = await tx.fetchval("select starts_at from courses")
    assert [(r["number"], r["starts_at"], r["sequence"]) for r in rows] == [
        (1, at("2026-12-09", "07:30"), 1),
        (2, at("2026-12-08", "07:30"), 0),
    ]
    assert [r["due_at"] for r in pending] == [at("2026-12-02", "07:30"), at("2026-12-08", "07:30")]
    assert starts_at == at("2026-12-08", "07:30")


async def test_a_changed_place_moves_no_reminder(office: Office) -> None:
    await applied(office, {})
    await applied(office, {"Địa điểm/Đường dẫn": "Phòng 9"})
    async with office.store.reading() as tx:
        assert await tx.fetchval("select sequence from sessions") == 1
        assert await tx.fetchval("select count(*) from milestones where state = 'withdrawn'") == 0
        assert await tx.fetchval("select place from sessions") == "Phòng 9"


async def test_a_session_no_longer_in_the_sheet_is_cancelled_and_may_come_back(office: Office) -> None:
    both = ({}, {"Buổi": 2, "Ngày": "08/12/2026"})
    await applied(office, *both)
    difference = await applied(office, {})
    assert difference.changed[0].sessions_gone == 1
    async with office.store.reading() as tx:
        assert (
            await tx.fetchval("select count(*) from milestones where subject = 'session:2' and state = 'pending'") == 0
        )
        assert await tx.fetchval("select ends_at from courses") == at("2026-12-07", "11:30")
    assert (await applied(office, {})).changed == []
    await applied(office, *both)
    async with office.store.reading() as tx:
        row = await tx.fetchrow("select sequence, cancelled_at from sessions where number = 2")
        assert (
            await tx.fetchval("select count(*) from milestones where subject = 'session:2' and state = 'pending'") == 2
        )
    assert (row["sequence"], row["cancelled_at"]) == (2, None)


async def test_fewer_places_than_seats_are_refused_in_their_row(office: Office) -> None:
    await applied(office, {})
    for name in ("Lan", "Mai"):
        await seated(office, await office.person(name), 1)
    difference = await applied(office, {"Chỉ tiêu": 1})
    assert [(e.number, e.reason, e.values["value"]) for e in difference.errors] == [(3, "capacity_below_seats", "2")]
    async with office.store.reading() as tx:
        assert await tx.fetchval("select capacity from courses") == 30


async def test_more_places_by_workbook_are_offered_to_those_who_wait(office: Office) -> None:
    await applied(office, {"Chỉ tiêu": 1})
    lan, mai = await office.person("Lan"), await office.person("Mai")
    await seated(office, lan, 1)
    await mai.taps_data("enrol:1")
    mai.sees("danh sách chờ")
    await applied(office, {"Chỉ tiêu": 2})
    await office.settle()
    mai.sees("Nhận chỗ")


async def test_a_cancelled_course_stays_cancelled(office: Office) -> None:
    await applied(office, {})
    hr = await office.person("Hạnh", hr=True)
    await hr.taps_data("desk_cancel:1")
    await hr.sends("Không đủ người")
    await hr.taps("Huỷ lớp và báo")
    difference = await applied(office, {"Tên lớp": "Tên mới"})
    assert [w.reason for w in difference.warnings] == ["course_cancelled"]
    async with office.store.reading() as tx:
        row = await tx.fetchrow("select title, state from courses")
    assert (row["title"], row["state"]) == ("Lớp một", "cancelled")


async def test_every_error_has_words_in_both_languages(office: Office) -> None:
    from bot.chat.rendering import LANGUAGES, Renderer
    from bot.training.course_sheet import OWN_REASONS

    renderer = Renderer(ZONE)
    for language in LANGUAGES:
        for reason in OWN_REASONS:
            assert renderer.words(language, "courses/rows", reason, heading="Buổi", value="9")
