import pytest

from bot.errors import NotAllowed
from bot.training import granting, mergers
from bot.training.calendar import Calendar
from tests.mergers.communes import communes, kept_places, merges, unit_id, unit_of, value
from tests.people_sheets import sheet
from tests.rights.agency import clerk
from tests.round_trip.editing import deletes, edited, staff_list
from tests.talking import ZONE, Chat, Office


async def merged(hr: Chat, into: str, *names: str) -> str:
    """Merge and give the button that takes it back."""
    await merges(hr, into, *names)
    await hr.taps("Ghi nhận")
    return next(data for _, data in hr.arrived[-1].menu if data.startswith("merger_undo"))


async def rights_of(office: Office, chat: Chat) -> list[granting.Grant]:
    async with office.store.reading() as tx:
        return await granting.of_person(tx, chat.person_id)


async def takes_all(office: Office, hr: Chat, chat: Chat) -> None:
    async with office.store.transaction() as tx:
        for grant in await granting.of_person(tx, chat.person_id):
            await granting.take(tx, grant.id, hr.person_id, office.clock.now(), Calendar(ZONE))


async def test_an_undo_gives_no_right_back_that_was_taken_since(office: Office) -> None:
    hr = await communes(office)
    nga = await clerk(office, "Nga", "Xã Trí Phải")
    undo = await merged(hr, "Xã Tân Lộc", "Xã Trí Phải")
    await takes_all(office, hr, nga)
    await hr.taps_data(undo)
    hr.sees("Từ lúc ghi nhận đã có thay đổi")
    assert await rights_of(office, nga) == []


async def test_an_undo_gives_no_right_back_to_a_clerk_of_both_units_who_lost_both(office: Office) -> None:
    hr = await communes(office)
    nga = await clerk(office, "Nga", "Xã Trí Phải")
    kept = await unit_id(office, "Xã Tân Lộc")
    async with office.store.transaction() as tx:
        await granting.give(tx, nga.person_id, "hr", kept, hr.person_id, office.clock.now(), Calendar(ZONE))
    undo = await merged(hr, "Xã Tân Lộc", "Xã Trí Phải")
    await takes_all(office, hr, nga)
    await hr.taps_data(undo)
    hr.sees("Từ lúc ghi nhận đã có thay đổi")
    assert await rights_of(office, nga) == []


async def test_an_undo_gives_no_right_back_to_a_clerk_who_left(office: Office) -> None:
    hr = await communes(office)
    nga = await clerk(office, "Nga", "Xã Trí Phải")
    undo = await merged(hr, "Xã Tân Lộc", "Xã Trí Phải")
    await hr.uploads("ds.xlsx", edited(await staff_list(hr), deletes("Nga")))
    await hr.taps("Ghi nhận")
    await hr.taps("Đúng, bỏ 1 người")
    await hr.taps_data(undo)
    hr.sees("Từ lúc ghi nhận đã có thay đổi")
    assert await rights_of(office, nga) == []


async def test_an_undo_is_refused_when_a_right_over_the_old_unit_was_given_anew(office: Office) -> None:
    hr = await communes(office)
    nga = await clerk(office, "Nga", "Xã Trí Phải")
    old = await unit_id(office, "Xã Trí Phải")
    undo = await merged(hr, "Xã Tân Lộc", "Xã Trí Phải")
    async with office.store.transaction() as tx:
        await granting.give(tx, nga.person_id, "hr", old, hr.person_id, office.clock.now(), Calendar(ZONE))
    await hr.taps_data(undo)
    hr.sees("Từ lúc ghi nhận đã có thay đổi")


async def test_two_quotas_of_one_course_come_apart_again_at_once(office: Office) -> None:
    hr = await communes(office)
    await kept_places(office, 4, 2)
    undo = await merged(hr, "Xã Mới", "Xã Trí Phải", "Xã Tân Lộc")
    assert await value(office, "select max(places) from course_quotas") == 4
    await hr.taps_data(undo)
    hr.sees("như trước")
    assert await value(office, "select max(places) from course_quotas") == 2
    assert await unit_of(office, "An") == "Xã Trí Phải"


async def test_an_undo_of_a_file_is_refused_to_whoever_is_not_hr_of_the_whole_any_more(office: Office) -> None:
    hr = await communes(office)
    rows = ((1, "Xã Trí Phải", "Xã Trí Lực"), (2, "Xã Tân Lộc", "Xã Trí Lực"))
    await hr.uploads("sap-nhap.xlsx", sheet(*rows, headings=("STT", "Đơn vị cũ", "Đơn vị mới")))
    await hr.taps("Ghi nhận")
    await only_over(office, hr, "Sở Nội vụ")
    await hr.taps("Hoàn tác")
    assert await unit_of(office, "An") == "Xã Trí Lực"
    assert await value(office, "select subject from audit where action = 'refused'") == "units"


async def test_the_rule_itself_takes_nothing_back_for_a_clerk_of_one_unit(office: Office) -> None:
    hr = await communes(office)
    undo = await merged(hr, "Xã Trí Lực", "Xã Trí Phải", "Xã Tân Lộc")
    await only_over(office, hr, "Sở Nội vụ")
    with pytest.raises(NotAllowed):
        async with office.store.transaction() as tx:
            await mergers.undo(tx, int(undo.split(":")[1]), hr.person_id, office.clock.now(), Calendar(ZONE))


async def only_over(office: Office, hr: Chat, unit: str) -> None:
    """Let HR of the whole be HR of one unit from now on."""
    number = await unit_id(office, unit)
    async with office.store.transaction() as tx:
        await tx.execute("update rights set unit_id = $2 where person_id = $1", hr.person_id, number)


async def test_a_rename_is_not_undone_while_another_unit_has_the_old_name(office: Office) -> None:
    hr = await communes(office)
    undo = await merged(hr, "Xã Mới", "Xã Trí Phải")
    later = await merged(hr, "Xã Trí Phải", "Xã Tân Lộc")
    await hr.taps_data(undo)
    hr.sees("Xã Trí Phải", "nay đã là tên của một đơn vị khác (trước là Xã Tân Lộc)")
    assert await unit_of(office, "An") == "Xã Mới"
    await hr.taps_data(later)
    await hr.taps_data(undo)
    hr.sees("Đã hoàn tác")
    assert [await unit_of(office, name) for name in ("An", "Chi")] == ["Xã Trí Phải", "Xã Tân Lộc"]


async def test_a_rename_is_not_undone_while_a_new_unit_has_the_old_name(office: Office) -> None:
    hr = await communes(office)
    await office.person("Quý", unit="Xã Q")
    undo = await merged(hr, "Xã Mới", "Xã Trí Phải")
    made = await merged(hr, "Xã Trí Phải", "Xã Tân Lộc", "Xã Q")
    await hr.taps_data(undo)
    hr.sees("Xã Trí Phải", "nay đã là tên của một đơn vị khác", "đổi tên đơn vị ấy trước")
    ended = await merged(hr, "Sở Nội vụ", "Xã Trí Phải")
    await hr.taps_data(undo)
    hr.sees("nay đã là tên của một đơn vị khác", "Đơn vị ấy đã sáp nhập")
    for button in (ended, made, undo):
        await hr.taps_data(button)
        hr.sees("Đã hoàn tác")
    assert [await unit_of(office, name) for name in ("An", "Chi", "Quý")] == ["Xã Trí Phải", "Xã Tân Lộc", "Xã Q"]


async def test_a_rename_to_the_name_of_an_ended_unit_is_undone(office: Office) -> None:
    hr = await communes(office)
    await merged(hr, "Xã Tân Lộc", "Xã Trí Phải")
    undo = await merged(hr, "Xã Trí Phải", "Xã Tân Lộc")
    await hr.taps_data(undo)
    hr.sees("Đã hoàn tác")
    assert await unit_of(office, "An") == "Xã Tân Lộc"


async def test_an_ended_unit_whose_name_was_taken_up_is_again_what_it_was(office: Office) -> None:
    hr = await communes(office)
    await office.person("Xuân", unit="Xã Cũ")
    first = await merged(hr, "Xã Cũ", "Xã Trí Phải")
    before = await all_units(office)
    second = await merged(hr, "Xã Trí Phải", "Xã Cũ", "Xã Tân Lộc")
    assert await unit_of(office, "An") == "Xã Trí Phải"
    await hr.taps_data(second)
    assert await all_units(office) == before
    await hr.taps_data(first)
    hr.sees("Đã hoàn tác")
    assert await unit_of(office, "An") == "Xã Trí Phải"


async def all_units(office: Office) -> list[tuple[object, ...]]:
    async with office.store.reading() as tx:
        return [tuple(row[name] for name in row.keys()) for row in await tx.fetch("select * from units order by id")]  # noqa: SIM118
