from bot.training import granting
from tests.courses.classes import course
from tests.mergers.communes import communes, merges, unit_id, unit_of, value
from tests.rights.agency import clerk
from tests.round_trip.editing import deletes, edited, staff_list
from tests.talking import Chat, Office


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
            await granting.take(tx, grant.id, hr.person_id, office.clock.now())


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
        await granting.give(tx, nga.person_id, "hr", kept, hr.person_id, office.clock.now())
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
        await granting.give(tx, nga.person_id, "hr", old, hr.person_id, office.clock.now())
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


async def kept_places(office: Office, capacity: int, each: int) -> int:
    """A course that needs no yes, with places kept for each of the two communes."""
    course_id = await course(office, title="Luật", capacity=capacity, needs_head=0, needs_hr=0)
    for name in ("Xã Trí Phải", "Xã Tân Lộc"):
        number = await unit_id(office, name)
        async with office.store.transaction() as tx:
            await tx.execute(
                "insert into course_quotas (course_id, unit_id, places) values ($1, $2, $3)", course_id, number, each
            )
    return course_id
