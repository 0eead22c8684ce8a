import asyncio
import random

from bot import inbox
from bot.chat.events import Choice, Incoming
from bot.training import enrolments, places
from tests.courses.classes import course, state_of
from tests.talking import Chat, Office


async def many(office: Office, count: int) -> list[Chat]:
    return [await office.person(f"Người {n:03}") for n in range(count)]


async def tapped_at_once(office: Office, taps: list[tuple[Chat, str]]) -> None:
    """Let taps arrive in this order and be worked on all at once, in any order."""
    async with office.store.transaction() as tx:
        updates = [inbox.Update(f"tap-{at}-{data}", chat.address.id, "{}") for at, (chat, data) in enumerate(taps)]
        arrived = await inbox.keep(tx, "telegram", updates, office.clock.now())
    turns = [
        office.conversation.take(arrival.seq, Incoming(chat.address, Choice(data)))
        for arrival, (chat, data) in zip(arrived, taps, strict=True)
    ]
    random.Random(7).shuffle(turns)
    await asyncio.gather(*turns)


async def test_of_200_taps_for_the_last_seat_one_gets_it_and_199_wait_in_the_order_of_arrival(office: Office) -> None:
    course_id = await course(office, capacity=1, needs_head=0)
    people = await many(office, 200)
    await tapped_at_once(office, [(person, f"enrol:{course_id}") for person in people])
    async with office.store.reading() as tx:
        seats = await enrolments.with_state(tx, course_id, "seat")
        waiting = await enrolments.with_state(tx, course_id, "waiting")
        shown = [await enrolments.position(tx, e) for e in waiting]
    assert len(seats) == 1
    assert [e.person_id for e in waiting] == [p.person_id for p in people if p.person_id != seats[0].person_id]
    assert shown == list(range(1, 200))


async def test_a_request_under_decision_holds_the_last_place(office: Office) -> None:
    course_id = await course(office, capacity=1)
    await office.person("Tâm", head=True)
    people = await many(office, 20)
    await tapped_at_once(office, [(person, f"enrol:{course_id}") for person in people])
    async with office.store.reading() as tx:
        count = await places.of_course(tx, course_id, office.clock.now())
    assert (count.head, count.waiting, count.free) == (1, 19, 0)


async def test_two_approvals_at_once_for_one_seat_give_one_seat(office: Office) -> None:
    course_id = await course(office, capacity=2)
    lan, mai = await office.person("Lan"), await office.person("Mai")
    tam = await office.person("Tâm", head=True)
    hr = await office.person("Hạnh", hr=True, unit="Sở Nội vụ")
    await lan.taps_data(f"enrol:{course_id}")
    await mai.taps_data(f"enrol:{course_id}")
    await hr.taps_data(f"desk_capacity:{course_id}")
    await hr.sends("1")
    await tapped_at_once(office, [(tam, "approve:1"), (hr, "approve:2")])
    states = sorted([*await state_of(office, lan, course_id), *await state_of(office, mai, course_id)])
    assert states == ["seat", "waiting"]
    await office.settle()
    assert lan.saw("đã có chỗ") != mai.saw("đã có chỗ")
    assert lan.saw("danh sách chờ") != mai.saw("danh sách chờ")


async def test_the_same_person_signs_up_once_in_200_taps(office: Office) -> None:
    course_id = await course(office, needs_head=0)
    lan = await office.person("Lan")
    await tapped_at_once(office, [(lan, f"enrol:{course_id}")] * 20)
    assert await state_of(office, lan, course_id) == ["seat"]


async def test_two_clashing_courses_at_once_give_one_of_them(office: Office) -> None:
    first, second = await course(office, needs_head=0), await course(office, needs_head=0)
    lan = await office.person("Lan")
    await tapped_at_once(office, [(lan, f"enrol:{first}"), (lan, f"enrol:{second}")])
    assert len([*await state_of(office, lan, first), *await state_of(office, lan, second)]) == 1


async def test_the_sum_forgets_offers_whose_time_is_over(office: Office) -> None:
    course_id = await course(office, capacity=1, needs_head=0)
    lan, mai = await office.person("Lan"), await office.person("Mai")
    await lan.taps_data(f"enrol:{course_id}")
    await mai.taps_data(f"enrol:{course_id}")
    await lan.taps_data(f"enrol_drop:{course_id}:work")
    async with office.store.reading() as tx:
        during = await places.of_course(tx, course_id, office.clock.now())
        after = await places.of_course(tx, course_id, office.clock.now() + 25 * 3600)
    assert (during.offered, during.free, after.offered, after.free) == (1, 0, 0, 1)
