import io

import openpyxl

from tests.courses.classes import course, seated
from tests.learning_gaps.posts_held import CLERK, LAND, holds, learned, required
from tests.talking import Chat, Office, at

LATER = (("2026-12-21", "07:30", "11:30"),)
PAST = (("2026-03-02", "07:30", "11:30"),)
LAST_YEAR = (("2025-12-01", "07:30", "11:30"),)


def names(chat: Chat) -> list[str]:
    """The people listed, in their order."""
    return [line[2:].split(" (")[0] for line in chat.last.splitlines() if line.startswith("• ")]


async def test_who_has_no_seat_of_the_category_this_year_comes_first_with_fewest_courses(office: Office) -> None:
    long = await office.person("Long", head=True)
    had, will, last, other, none = [await office.person(name) for name in ("Bình", "Cúc", "Dung", "Hùng", "Vân")]
    await office.person("Én", audience="VC")
    course_id = await course(office, audience="CC", category="PL")
    await seated(office, had, await course(office, category="PL", sessions_at=PAST))
    await seated(office, will, await course(office, category="PL", sessions_at=LATER))
    await seated(office, last, await course(office, category="PL", sessions_at=LAST_YEAR))
    await seated(office, other, await course(office, category="CDS", sessions_at=PAST))
    await long.taps_data(f"nominate:{course_id}")
    await long.taps("Ai còn cần")
    assert names(long) == ["Dung", "Vân", "Hùng"]
    assert long.sees("Ai còn cần", "Hùng (XHùng): đủ điều kiện; năm nay đã có chỗ ở 1 lớp", "3 người")
    await long.taps("Chọn Vân")
    assert names(long) == ["Dung", "Vân", "Hùng"]
    await long.taps("Xem lại 1 người")
    await long.taps("Đề cử 1 người")
    await long.taps_data(f"nominate:{course_id}:1")
    assert names(long) == ["Dung", "Hùng"]  # who is asked already is in need no more
    assert none.person_id


async def test_whose_post_calls_for_it_comes_first_and_who_learned_it_elsewhere_is_not_listed(office: Office) -> None:
    hr = await office.person("Hoa", unit="Sở Nội vụ", hr=True, audience="VC")
    for name, post in (("An", CLERK), ("Bình", CLERK), ("Vân", LAND)):
        await holds(office, name, post)
    await required(hr, [LAND, "PL", "Mỗi năm", None])
    await learned(office, "Bình", "PL", "05/03/2026")
    await learned(office, "An", "PL", "05/03/2025")
    course_id = await course(office, audience="CC", category="PL")
    await hr.taps_data(f"nominate:{course_id}:1")
    assert names(hr) == ["Vân", "An"]
    hr.sees("chưa học lớp nào; vị trí cần học nội dung này")


async def test_a_cancelled_course_of_the_category_does_not_count(office: Office) -> None:
    long, lan = await office.person("Long", head=True), await office.person("Lan")
    course_id = await course(office, category="PL")
    cancelled = await course(office, category="PL", sessions_at=PAST)
    await seated(office, lan, cancelled)
    async with office.store.transaction() as tx:
        await tx.execute("update courses set state = 'cancelled' where id = $1", cancelled)
    await long.taps_data(f"nominate:{course_id}:1")
    assert names(long) == ["Lan"]


async def test_hr_sees_those_under_their_rights_a_page_at_a_time_and_as_a_workbook(office: Office) -> None:
    for number in range(8):
        await office.person(f"Người {number}", linked=False)
    await office.person("Kẻ Lạ", unit="Xã Khác", linked=False)
    hr = await office.person("Hoa", unit="Sở Nội vụ")
    async with office.store.transaction() as tx:
        await tx.execute(
            "insert into rights (person_id, role, unit_id, granted_at) values ($1, 'hr', 1, 1)", hr.person_id
        )
    course_id = await course(office, code="PL01")
    await hr.taps_data(f"nominate:{course_id}:1")
    assert hr.sees("8 người, trang 1/2", "Người 0")
    await hr.taps("Xem tiếp")
    assert names(hr) == ["Người 6", "Người 7"]
    await hr.taps("Xuất danh sách")
    page = openpyxl.load_workbook(io.BytesIO(hr.arrived[-1].attachments[0].content)).active
    codes = [row[2].value for row in page.iter_rows(min_row=1) if row[1].value == "PL01"]
    assert codes == [f"XNgười {number}" for number in range(8)]
    async with office.store.reading() as tx:
        rows = await tx.fetch("select action, subject from audit where by_person = $1 order by id", hr.person_id)
    assert {tuple(row) for row in rows} == {
        ("people.list", f"course:{course_id}"),
        ("people.export", f"course:{course_id}"),
    }


async def test_the_way_there_for_hr_is_the_card_of_the_class_and_for_heads_the_course(office: Office) -> None:
    hr, long = await office.person("Hoa", unit="Sở Nội vụ", hr=True), await office.person("Long", head=True)
    lan = await office.person("Lan")
    course_id = await course(office, title="Luật Đất đai")
    await hr.taps_data(f"desk_course:{course_id}")
    await hr.taps("Thay đổi")
    await hr.taps("Đề cử cán bộ")
    assert hr.sees("Ai còn cần", "Lan")
    await long.taps_data(f"course:{course_id}")
    await long.taps("Đề cử cán bộ")
    assert long.sees("Chọn Lan")
    await lan.taps_data(f"course:{course_id}")
    assert lan.sees_no("Đề cử cán bộ")
    office.clock.move_to(at("2026-12-07"))
    await long.taps_data(f"course:{course_id}")
    assert long.sees_no("Đề cử cán bộ")


async def test_in_english_the_whole_way_has_words(office: Office) -> None:
    long, lan, minh = await office.person("Long", head=True), await office.person("Lan"), await office.person("Minh")
    for one in (long, lan, minh):
        await one.taps_data("speak:en")
    course_id = await course(office, title="Land law")
    await long.taps_data(f"nominate:{course_id}:1")
    assert long.sees("Still in need", "Choose Lan")
    await long.taps("Choose Lan")
    await long.taps("Look at the 1")
    await long.taps("Nominate 1")
    assert long.sees("1 nominated and asked")
    await office.settle()
    assert lan.sees("Long has nominated you for Land law")
    await lan.taps("Take the place")
    await lan.taps_data(f"swap:{course_id}")
    await lan.taps("Minh")
    await lan.taps("Ask")
    await office.settle()
    assert minh.sees("Lan would like to pass you their seat")
    await minh.taps("Take the place")
    await office.settle()
    assert long.sees("Lan would like to pass the seat on Land law to Minh", "Approve")
