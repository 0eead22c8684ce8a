import sqlite3
from pathlib import Path

from bot.training import course_upload
from tests.people_sheets import sheet
from tests.results.test_history import history
from tests.round_trip.editing import button, undoes
from tests.round_trip.test_courses_undone import HEADINGS, brings, one
from tests.round_trip.test_undone_within_reach import value
from tests.talking import Office


async def test_a_file_of_which_nothing_could_be_undone_can_be_undone_later(office: Office) -> None:
    hr = await office.person("Hoa", hr=True)
    undo = []
    for capacity in (30, 40, 50):
        await hr.uploads("lop.xlsx", sheet(one(capacity=capacity), headings=HEADINGS))
        await hr.taps("Ghi nhận")
        undo.append(button(hr, "Hoàn tác"))
    await undoes(hr, undo[1])
    hr.sees("Chưa hoàn tác được mục nào", "để nguyên (1)", "[Thử hoàn tác lại]")
    assert await value(office, "select capacity from courses") == 50
    await undoes(hr, undo[2])
    assert await value(office, "select capacity from courses") == 40
    await undoes(hr, undo[1])
    hr.sees("trả lại 1 mục")
    assert await value(office, "select capacity from courses") == 30
    await undoes(hr, undo[1])
    hr.sees_no("trả lại")


async def test_a_turn_that_came_back_when_a_later_list_was_undone_can_be_undone_itself(office: Office) -> None:
    first, second = await office.person("Hạnh", hr=True), await office.person("Hoa", hr=True)
    await office.person("Lan", code="A1")
    row = ["A1", "Lan", "Xã Trí Phải", "Lớp A", "PL", "01/03/2020", "05/03/2020", 40, "Đạt"]
    await first.uploads("a.xlsx", history(row))
    await first.taps("Ghi nhận")
    undo = button(first, "Hoàn tác")
    await second.uploads("b.xlsx", history([*row[:7], 44, row[8]]))
    await second.taps("Ghi nhận")
    await undoes(first, undo)
    first.sees("để nguyên (1): Lan")
    await undoes(second)
    await undoes(first, undo)
    first.sees("trả lại 1 mục")
    assert await value(office, "select count(*) from training_records where ended_at is null") == 0


async def test_a_course_with_a_budget_stays_and_is_named(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await brings(hr, one())
    undo = button(hr, "Hoàn tác")
    course_id = await value(office, "select id from courses")
    await hr.taps_data(f"money_source:{course_id}:state:planned")
    await hr.sends("5tr")
    await undoes(hr, undo)
    hr.sees("để nguyên (1): Luật Đất đai")
    assert await value(office, "select count(*) from courses") == 1


def test_all_that_refers_to_courses_and_sessions_goes_with_a_course_or_keeps_it(migrated_file: Path) -> None:
    found: dict[str, set[tuple[str, str]]] = {"courses": set(), "sessions": set()}
    with sqlite3.connect(migrated_file) as database:
        for (table,) in database.execute("select name from sqlite_master where type = 'table'").fetchall():
            for key in database.execute(f"pragma foreign_key_list({table})"):
                if key[2] in found:
                    found[key[2]].add((table, key[3]))
    came = {(table, "course_id") for table in course_upload.CAME_WITH}
    assert found["courses"] == came | set(course_upload.HANGS_ON_COURSES)
    assert found["sessions"] == {(table, "session_id") for table in course_upload.HANGS_ON_SESSIONS}
