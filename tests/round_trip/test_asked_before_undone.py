from tests.courses.classes import seated
from tests.round_trip.editing import button, edited, sets, staff_list, undoes
from tests.round_trip.test_courses_undone import brings, one, stored
from tests.round_trip.test_undone_within_reach import staff, value
from tests.schedule_changes.changing import news
from tests.talking import Chat, Office, at


async def moved(office: Office) -> tuple[Chat, Chat]:
    """HR has brought a class in and moved it by a second file, of which Lan has been told."""
    hr, lan = await office.person("Hạnh", hr=True), await office.person("Lan")
    await brings(hr, one())
    await seated(office, lan, int(str(await stored(office, "select id from courses"))))
    office.clock.move_by(3600)
    await brings(hr, one(day="14/12/2026"))
    await office.settle()
    return hr, lan


async def test_nothing_is_undone_and_nobody_told_before_a_yes(office: Office) -> None:
    hr, lan = await moved(office)
    await hr.taps("Hoàn tác")
    hr.sees(
        "Hoàn tác lop.xlsx: trả lại 1 mục", "(Luật Đất đai)?", "1 người sẽ được nhắn tin", "lịch trở lại như cũ",
        "Chưa hoàn tác gì", "[Có]", "[Không]",
    )  # fmt: skip
    await office.settle()
    assert len(news(lan)) == 1
    assert await stored(office, "select starts_at from courses") == at("2026-12-14", "07:30")
    assert await stored(office, "select count(*) from audit where action = 'upload.undo'") == 0
    await hr.taps("Không")
    hr.sees_no("hoàn tác")
    assert await stored(office, "select starts_at from courses") == at("2026-12-14", "07:30")


async def test_a_yes_does_what_was_told_and_a_second_one_nothing(office: Office) -> None:
    hr, lan = await moved(office)
    await hr.taps("Hoàn tác")
    yes = button(hr, "Có")
    await hr.taps_data(yes)
    hr.sees("Đã hoàn tác lop.xlsx: trả lại 1 mục", "1 người được nhắn tin")
    await hr.taps_data(yes)
    hr.sees("đã được hoàn tác")
    await hr.taps("Hoàn tác")
    hr.sees("đã được hoàn tác")
    await office.settle()
    assert len(news(lan)) == 2
    assert await stored(office, "select starts_at from courses") == at("2026-12-07", "07:30")


async def test_what_has_to_stay_is_named_beforehand_and_that_nobody_is_told(office: Office) -> None:
    hr = await staff(office)
    await hr.uploads("ds.xlsx", edited(await staff_list(hr), sets("An", "Chức vụ/chức danh", "Bí thư")))
    await hr.taps("Ghi nhận")
    undo = button(hr, "Hoàn tác")
    await hr.taps_data(undo)
    hr.sees("trả lại 1 mục", "(An)?", "Không ai bị nhắn tin")
    async with office.store.transaction() as tx:
        await tx.execute("update people set title = 'Phó Bí thư' where name = 'An'")
    await hr.taps_data(undo)
    hr.sees("Không mục nào trở lại được trọn vẹn", "sẽ để nguyên (1): An")
    await undoes(hr, undo)
    hr.sees("Chưa hoàn tác được mục nào trọn vẹn", "[Thử hoàn tác lại]")
    assert await value(office, "select title from people where name = 'An'") == "Phó Bí thư"
