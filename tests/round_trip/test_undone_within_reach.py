from tests.courses.classes import course, state_of
from tests.people_sheets import sheet
from tests.round_trip.editing import deletes, edited, sets, staff_list, undoes
from tests.round_trip.test_class_list_sent_back import class_list, classroom
from tests.round_trip.test_courses_undone import HEADINGS, brings, one
from tests.round_trip.test_lists_of_a_class_undone import workbook
from tests.talking import Chat, Office


async def narrowed(office: Office, hr: Chat, unit: str) -> None:
    """Whoever had HR rights of the whole has them over one unit only from now on."""
    async with office.store.transaction() as tx:
        await tx.execute("update rights set revoked_at = 1 where person_id = $1", hr.person_id)
        unit_id = await tx.fetchval("select id from units where name = $1", unit)
        await tx.execute(
            "insert into rights (person_id, role, unit_id, granted_at) values ($1, 'hr', $2, 2)", hr.person_id, unit_id
        )


async def value(office: Office, sql: str, *args: object) -> object:
    async with office.store.reading() as tx:
        return await tx.fetchval(sql, *args)


async def staff(office: Office) -> Chat:
    """A clerk of the whole in a unit of their own, and five people of another one."""
    hr = await office.person("Hạnh", hr=True, unit="Sở Nội vụ")
    for name in ("An", "Bình", "Chi", "Dung", "Em"):
        await office.person(name, unit="Xã Trí Phải", title="CC", code=f"C-{name}")
    return hr


async def removes(hr: Chat, name: str) -> None:
    await hr.uploads("ds.xlsx", edited(await staff_list(hr), deletes(name)))
    await hr.taps("Ghi nhận")
    await hr.taps("Đúng, bỏ 1 người")


async def test_who_left_does_not_come_back_by_a_clerk_whose_rights_no_longer_cover_them(office: Office) -> None:
    hr = await staff(office)
    em = office.chat("Em").person_id
    async with office.store.transaction() as tx:
        await tx.execute("insert into rights (person_id, role, granted_at) values ($1, 'hr', 1)", em)
    await removes(hr, "Em")
    await narrowed(office, hr, "Sở Nội vụ")
    await undoes(hr)
    hr.sees("ngoài phạm vi của anh/chị", "để nguyên (1): Em")
    assert await value(office, "select active from people where id = $1", em) == 0
    assert await value(office, "select count(*) from rights where person_id = $1 and revoked_at is null", em) == 0
    assert await value(office, "select count(*) from audit where action = 'refused' and subject = $1", f"person:{em}")


async def test_a_changed_title_stays_when_the_person_is_out_of_reach(office: Office) -> None:
    hr = await staff(office)
    await hr.uploads("ds.xlsx", edited(await staff_list(hr), sets("An", "Chức vụ/chức danh", "PCT")))
    await hr.taps("Ghi nhận")
    await narrowed(office, hr, "Sở Nội vụ")
    await undoes(hr)
    hr.sees("để nguyên (1): An")
    assert await value(office, "select title from people where name = 'An'") == "PCT"


async def test_nobody_is_moved_back_to_a_unit_out_of_reach(office: Office) -> None:
    hr = await staff(office)
    await hr.uploads("ds.xlsx", edited(await staff_list(hr), sets("An", "Đơn vị công tác", "Sở Nội vụ")))
    await hr.taps("Ghi nhận")
    await narrowed(office, hr, "Sở Nội vụ")
    await undoes(hr)
    hr.sees("An")
    unit = "select u.name from people p join units u on u.id = p.unit_id where p.name = 'An'"
    assert await value(office, unit) == "Sở Nội vụ"


async def test_who_was_taken_off_a_class_stays_off_when_out_of_reach(office: Office) -> None:
    hr, course_id = await classroom(office)
    await office.person("Zed", unit="Xã Khác")
    await hr.uploads("lop.xlsx", edited(await class_list(hr, course_id), deletes("An")))
    await hr.taps("Ghi nhận")
    await hr.taps("Đúng, bỏ 1 người")
    await narrowed(office, hr, "Xã Khác")
    await undoes(hr)
    hr.sees("để nguyên (1): An")
    assert await state_of(office, office.chat("An"), course_id) == ["cancelled"]


async def test_a_nomination_stays_when_the_nominee_is_out_of_reach(office: Office) -> None:
    hr, course_id = await classroom(office)
    await office.person("Zed", unit="Xã Khác")
    await hr.uploads("n.xlsx", workbook(["Mã lớp", "Mã cán bộ"], ["L1", "C-Mai"]))
    await hr.taps("Ghi nhận")
    await narrowed(office, hr, "Xã Khác")
    await undoes(hr)
    hr.sees("để nguyên (1): Mai")
    assert await state_of(office, office.chat("Mai"), course_id) == ["offered"]


async def test_a_course_of_the_whole_stays_as_a_file_left_it_for_a_clerk_of_one_unit(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True, unit="Sở Nội vụ")
    await course(office, title="Khác", code="L9")
    await brings(hr, one())
    await hr.uploads("lop.xlsx", sheet(one("Luật Mới"), headings=HEADINGS))
    await hr.taps("Ghi nhận")
    await narrowed(office, hr, "Sở Nội vụ")
    await undoes(hr)
    hr.sees("để nguyên (1): Luật Mới")
    assert await value(office, "select title from courses where code = 'L1'") == "Luật Mới"
