from bot.excel.writer import Sheet, write_workbook
from bot.training import granting
from tests.courses.classes import course, state_of
from tests.mergers.communes import communes, merges, unit_id, unit_of, value
from tests.rights.agency import clerk
from tests.talking import Chat, Office


async def undo_of(hr: Chat) -> str:
    await hr.taps("Ghi nhận")
    return next(data for _, data in hr.arrived[-1].menu if data.startswith("merger_undo"))


async def quotas(office: Office, places: int, **fields: int) -> int:
    course_id = await course(office, title="Luật", **fields)
    for name in ("Xã Trí Phải", "Xã Tân Lộc"):
        number = await unit_id(office, name)
        async with office.store.transaction() as tx:
            await tx.execute("insert into course_quotas values ($1, $2, $3)", course_id, number, places)
    return course_id


async def test_a_right_taken_back_since_does_not_return_with_the_old_unit(office: Office) -> None:
    hr = await communes(office)
    nga = await clerk(office, "Nga", "Xã Trí Phải")
    await merges(hr, "Xã Tân Lộc", "Xã Trí Phải")
    undo = await undo_of(hr)
    async with office.store.transaction() as tx:
        (given,) = await granting.of_person(tx, nga.person_id)
        await granting.take(tx, given.id, hr.person_id, office.clock.now())
    await hr.taps_data(undo)
    hr.sees("đã có thay đổi")
    async with office.store.reading() as tx:
        assert await granting.of_person(tx, nga.person_id) == []


async def test_two_quotas_joined_to_one_part_again(office: Office) -> None:
    hr = await communes(office)
    course_id = await quotas(office, 2)
    await merges(hr, "Xã Mới", "Xã Trí Phải", "Xã Tân Lộc")
    await hr.taps_data(await undo_of(hr))
    hr.sees("như trước")
    assert await value(office, "select count(*) from course_quotas where course_id = $1 and places = 2", course_id) == 2


async def test_whoever_waited_for_one_quota_is_offered_a_place_of_the_joined_one(office: Office) -> None:
    hr = await communes(office)
    course_id = await quotas(office, 1, capacity=2, needs_head=0)
    for name in ("An", "Bình"):
        await office.chat(name).taps_data(f"enrol:{course_id}")
    assert await state_of(office, office.chat("Bình"), course_id) == ["waiting"]
    await merges(hr, "Xã Mới", "Xã Trí Phải", "Xã Tân Lộc")
    await hr.taps("Ghi nhận")
    assert await state_of(office, office.chat("Bình"), course_id) == ["offered"]


async def test_a_name_that_another_unit_has_taken_since_is_not_given_back(office: Office) -> None:
    hr = await communes(office)
    await merges(hr, "Xã Mới", "Xã Trí Phải")
    undo = await undo_of(hr)
    await merges(hr, "Xã Trí Phải", "Xã Tân Lộc")
    await hr.taps("Ghi nhận")
    await hr.taps_data(undo)
    hr.sees("nay đã là tên của một đơn vị khác")
    assert (await unit_of(office, "An"), await unit_of(office, "Chi")) == ("Xã Mới", "Xã Trí Phải")


async def test_rows_that_need_one_another_are_left_for_a_second_file(office: Office) -> None:
    hr = await communes(office)
    rows = [["Xã Trí Phải", "Xã Tân Lộc"], ["Xã Tân Lộc", "Xã Trí Phải"]]
    await hr.uploads("doi.xlsx", write_workbook([Sheet("Đơn vị", ["Đơn vị cũ", "Đơn vị mới"], rows)]))
    hr.sees("Dòng lỗi, để lại: 2", "mời gửi hai tệp")
    hr.sees_no("[Ghi nhận]")


async def test_a_closed_unit_whose_name_was_taken_up_is_closed_again_as_it_was(office: Office) -> None:
    hr = await communes(office)
    await office.person("Dung", unit="Xã Khánh An")
    await merges(hr, "Xã Tân Lộc", "Xã Trí Phải")
    first = await undo_of(hr)
    closed = await value(office, "select merged_into from units where name = 'Xã Trí Phải'")
    await merges(hr, "Xã Trí Phải", "Xã Tân Lộc", "Xã Khánh An")
    await hr.taps_data(await undo_of(hr))
    hr.sees("như trước")
    assert await value(office, "select merged_into from units where name = 'Xã Trí Phải'") == closed is not None
    await hr.taps_data(first)
    hr.sees("như trước")
    assert await unit_of(office, "An") == "Xã Trí Phải"
