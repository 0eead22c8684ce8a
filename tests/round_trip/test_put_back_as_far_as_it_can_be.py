from bot.training import granting
from bot.training.calendar import Calendar
from tests.courses.classes import course, state_of
from tests.mergers.communes import communes, merges
from tests.round_trip.editing import button, deletes, edited, sets, staff_list, undoes
from tests.round_trip.test_class_list_sent_back import class_list, classroom
from tests.round_trip.test_undone_within_reach import removes, staff, value
from tests.talking import ZONE, Chat, Office


async def takes_off(hr: Chat, course_id: int, name: str) -> str:
    """Take somebody off a class by its list; gives what the button asks for that undoes it."""
    await hr.uploads("lop.xlsx", edited(await class_list(hr, course_id), deletes(name)))
    await hr.taps("Ghi nhận")
    await hr.taps("Đúng, bỏ 1 người")
    return button(hr, "Hoàn tác")


async def test_nobody_gets_a_second_seat_at_the_same_time(office: Office) -> None:
    hr, course_id = await classroom(office)
    other = await course(office, title="Khác", code="L2", needs_hr=0, needs_head=0)
    undo = await takes_off(hr, course_id, "An")
    an = office.chat("An")
    await an.taps_data(f"enrol:{other}")
    await undoes(hr, undo)
    hr.sees("để nguyên (1): An")
    assert (await state_of(office, an, course_id), await state_of(office, an, other)) == (["cancelled"], ["seat"])


async def test_who_has_left_gets_no_seat_back(office: Office) -> None:
    hr, course_id = await classroom(office)
    undo = await takes_off(hr, course_id, "An")
    await removes(hr, "An")
    await undoes(hr, undo)
    hr.sees("để nguyên (1): An")
    assert await state_of(office, office.chat("An"), course_id) == ["cancelled"]


async def test_who_comes_back_gets_no_seat_beyond_the_quota_of_their_unit(office: Office) -> None:
    hr = await staff(office)
    course_id = await course(office, title="Luật", capacity=5, code="L1", needs_hr=0, needs_head=0)
    em, an = office.chat("Em"), office.chat("An")
    async with office.store.transaction() as tx:
        unit = await tx.fetchval("select unit_id from people where id = $1", em.person_id)
        await tx.execute("insert into course_quotas (course_id, unit_id, places) values ($1, $2, 1)", course_id, unit)
    await em.taps_data(f"enrol:{course_id}")
    await removes(hr, "Em")
    undo = button(hr, "Hoàn tác")
    await an.taps_data(f"enrol:{course_id}")
    await undoes(hr, undo)
    hr.sees("để nguyên (1): Em (L1)")
    assert (await state_of(office, em, course_id), await state_of(office, an, course_id)) == (["cancelled"], ["seat"])
    assert await value(office, "select active from people where id = $1", em.person_id) == 1


async def test_who_is_put_back_on_a_class_is_told(office: Office) -> None:
    hr, course_id = await classroom(office)
    undo = await takes_off(hr, course_id, "An")
    await office.settle()
    an = office.chat("An")
    an.sees("đã rút tên anh/chị")
    await undoes(hr, undo)
    await office.settle()
    an.sees("có tên trở lại", "Luật Đất đai", "đã có chỗ")


async def test_a_request_put_back_waits_for_its_head_again_and_both_are_told(office: Office) -> None:
    hr, course_id = await classroom(office, needs_head=1)
    long = await office.person("Long", head=True, code="C-Long")
    mai = office.chat("Mai")
    await mai.taps_data(f"enrol:{course_id}")
    await office.settle()
    undo = await takes_off(hr, course_id, "Mai")
    await office.settle()
    before = len(long.arrived)
    office.clock.move_by(60)
    await undoes(hr, undo)
    await office.settle()
    assert await state_of(office, mai, course_id) == ["head"]
    mai.sees("có tên trở lại", "chờ thủ trưởng duyệt")
    assert len(long.arrived) > before
    long.sees("Mai")


async def test_who_was_not_told_yet_hears_of_neither(office: Office) -> None:
    hr, course_id = await classroom(office)
    undo = await takes_off(hr, course_id, "An")
    await undoes(hr, undo)
    await office.settle()
    assert not office.chat("An").saw("rút tên")
    assert not office.chat("An").saw("trở lại")


async def test_who_comes_back_has_their_request_and_their_rights_again_and_the_log_tells(office: Office) -> None:
    hr = await staff(office)
    course_id = await course(office, title="Luật", capacity=5, code="L1")
    em = office.chat("Em")
    await em.taps_data(f"enrol:{course_id}")
    before = await state_of(office, em, course_id)
    async with office.store.transaction() as tx:
        await granting.give(tx, em.person_id, "operator", 0, hr.person_id, office.clock.now(), Calendar(ZONE))
    await removes(hr, "Em")
    assert await state_of(office, em, course_id) == ["cancelled"]
    last = await value(office, "select max(id) from audit")
    await undoes(hr)
    hr.sees_no("để nguyên")
    assert await state_of(office, em, course_id) == before
    async with office.store.reading() as tx:
        assert [one.role for one in await granting.of_person(tx, em.person_id)] == ["operator"]
        rows = await tx.fetch("select action from audit where id > $1 and subject = $2", last, f"person:{em.person_id}")
    assert {row["action"] for row in rows} >= {"person.come_back", "rights.grant"}


async def test_nobody_comes_back_to_a_unit_that_is_closed(office: Office) -> None:
    hr = await staff(office)
    await removes(hr, "Em")
    async with office.store.transaction() as tx:
        await tx.execute("update units set closed_at = 1 where name = 'Xã Trí Phải'")
    await undoes(hr)
    hr.sees("để nguyên (1): Em")
    assert await value(office, "select active from people where name = 'Em'") == 0


async def test_an_edit_taken_back_is_in_the_log_with_what_it_was(office: Office) -> None:
    hr = await staff(office)
    await hr.uploads("ds.xlsx", edited(await staff_list(hr), sets("An", "Chức vụ/chức danh", "PCT")))
    await hr.taps("Ghi nhận")
    last = await value(office, "select max(id) from audit")
    await undoes(hr)
    subject = f"person:{office.chat('An').person_id}"
    logged = "select old from audit where id > $1 and subject = $2 and action = 'person.edit'"
    assert "PCT" in str(await value(office, logged, last, subject))


async def test_nobody_goes_back_to_a_unit_closed_since(office: Office) -> None:
    hr = await communes(office)
    await office.person("Dz", unit="Xã Ba")
    await hr.uploads("ds.xlsx", edited(await staff_list(hr), sets("An", "Đơn vị công tác", "Xã Ba")))
    await hr.taps("Ghi nhận")
    undo = button(hr, "Hoàn tác")
    await merges(hr, "Xã Tân Lộc", "Xã Trí Phải")
    await hr.taps("Ghi nhận")
    await undoes(hr, undo)
    hr.sees("để nguyên", "An")
    unit = "select u.name from people p join units u on u.id = p.unit_id where p.name = 'An'"
    assert await value(office, unit) == "Xã Ba"


async def test_no_unit_goes_back_under_one_that_is_under_it_by_now(office: Office) -> None:
    hr = await communes(office)
    for above in ("Xã Tân Lộc", "Sở Nội vụ"):
        await hr.uploads("a.xlsx", edited(await staff_list(hr), sets("An", "Đơn vị cấp trên", above)))
        await hr.taps("Ghi nhận")
    undo = button(hr, "Hoàn tác")
    await hr.uploads("c.xlsx", edited(await staff_list(hr), sets("Chi", "Đơn vị cấp trên", "Xã Trí Phải")))
    await hr.taps("Ghi nhận")
    await undoes(hr, undo)
    hr.sees("để nguyên (1): Xã Trí Phải")
    above_it = "select q.name from units u join units q on q.id = u.parent_id where u.name = 'Xã Trí Phải'"
    assert await value(office, above_it) == "Sở Nội vụ"


async def test_who_has_left_heads_no_unit_again(office: Office) -> None:
    hr = await communes(office)
    content = edited(await staff_list(hr), sets("Long", "Chức vụ/chức danh", "Công chức"))
    await hr.uploads("a.xlsx", edited(content, sets("An", "Chức vụ/chức danh", "Chủ tịch UBND")))
    await hr.taps("Ghi nhận")
    undo = button(hr, "Hoàn tác")
    await removes(hr, "Long")
    await undoes(hr, undo)
    head = "select p.active from units u join people p on p.id = u.head_id where u.name = 'Xã Trí Phải'"
    assert await value(office, head) in (1, None)
