import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.training import courses, quotas
from bot.training.places import Places
from bot.training.quotas import Quota, next_ones, others, room_in
from tests.courses.classes import course, seated, state_of
from tests.talking import Office


async def quota(office: Office, course_id: int, **by_unit: int) -> None:
    """Write quotas by unit names; underscores stand for spaces."""
    async with office.store.transaction() as tx:
        wanted = {}
        for name, places in by_unit.items():
            unit_id = await tx.fetchval("select id from units where name = $1", name.replace("_", " "))
            wanted[unit_id] = places
        await quotas.put(tx, course_id, wanted)


async def under(office: Office, unit: str, above: str) -> None:
    async with office.store.transaction() as tx:
        await tx.execute(
            "update units set parent_id = (select id from units where name = $2) where name = $1", unit, above
        )


@pytest.mark.parametrize(
    ("seats", "of_unit", "expected"),
    [(0, 0, (3, "")), (2, 2, (1, "")), (3, 3, (0, "quota")), (10, 1, (0, "full")), (9, 0, (1, ""))],
)
def test_the_room_of_a_unit_is_the_narrower_of_course_and_quota(
    seats: int, of_unit: int, expected: tuple[int, str]
) -> None:
    kept = Quota(1, "Xã A", Places(3, of_unit))
    room = room_in(Places(10, seats), [kept])
    assert (room.places, room.reason) == expected
    assert bool(room) == (expected[0] > 0)


def test_who_is_under_no_quota_has_what_the_quotas_leave() -> None:
    kept = [Quota(1, "Tỉnh", Places(6, 2)), Quota(2, "Xã A", Places(2, 1), nested=True)]
    left = others(Places(10, 5), kept)
    assert (left.places.capacity, left.places.seats, left.places.free) == (4, 3, 1)
    assert room_in(Places(10, 6), [others(Places(10, 6), kept)]).reason == "others"


def test_the_waiting_list_passes_over_who_has_no_room_and_keeps_its_order() -> None:
    kept = {1: Quota(1, "Xã A", Places(1, 1)), 2: Quota(2, "Xã B", Places(2))}
    waiting = [(11, [1]), (12, [2]), (13, [2]), (14, [2])]
    assert next_ones(Places(5, 1), kept, waiting) == [12, 13]
    assert next_ones(Places(2, 1), kept, waiting) == [12]
    assert next_ones(Places(2), {}, [(1, []), (2, []), (3, [])]) == [1, 2]


_PLACES = st.builds(Places, st.integers(1, 9), st.integers(0, 4), st.integers(0, 2), st.integers(0, 2))


@given(
    _PLACES,
    st.lists(_PLACES, min_size=3, max_size=3),
    st.lists(st.lists(st.sampled_from((0, 1, 2)), max_size=3, unique=True), max_size=12),
)
def test_offers_never_go_beyond_the_course_or_a_quota(
    whole: Places, kept: list[Places], waiting: list[list[int]]
) -> None:
    by_unit = {number: Quota(number, str(number), one) for number, one in enumerate(kept)}
    chosen = next_ones(whole, by_unit, list(enumerate(waiting)))
    assert chosen == sorted(set(chosen))
    assert len(chosen) <= whole.free
    for number, quota in by_unit.items():
        assert sum(number in waiting[one] for one in chosen) <= quota.places.free
    passed_over = [one for one in range(max(chosen, default=-1)) if one not in chosen]
    assert all(_full_then(by_unit, waiting, chosen, one) for one in passed_over)


def _full_then(by_unit: dict[int, Quota], waiting: list[list[int]], chosen: list[int], one: int) -> bool:
    """Whoever was passed over stood under a quota that was full when their turn came."""
    return any(
        sum(unit in waiting[other] for other in chosen if other < one) >= by_unit[unit].places.free
        for unit in waiting[one]
    )


async def test_the_people_of_a_unit_beyond_its_quota_wait_and_are_told_why(office: Office) -> None:
    course_id = await course(office, needs_head=0, capacity=10)
    first, second = await office.person("An", unit="Xã A"), await office.person("Ba", unit="Xã A")
    other = await office.person("Chi", unit="Xã B")
    await quota(office, course_id, Xã_A=1)
    for one in (first, second, other):
        await one.taps_data(f"enrol:{course_id}")
    assert first.sees("Đã có chỗ")
    assert second.sees("danh sách chờ", "Xã A", "đủ chỉ tiêu")
    assert other.sees("Đã có chỗ")


async def test_places_kept_for_a_unit_go_to_nobody_else(office: Office) -> None:
    course_id = await course(office, needs_head=0, capacity=2)
    await office.person("An", unit="Xã A")
    other, late = await office.person("Chi", unit="Xã B"), await office.person("Dung", unit="Xã B")
    await quota(office, course_id, Xã_A=1)
    await other.taps_data(f"enrol:{course_id}")
    await late.taps_data(f"enrol:{course_id}")
    assert other.sees("Đã có chỗ")
    assert late.sees("danh sách chờ", "dành cho các đơn vị được phân chỉ tiêu")


async def test_a_quota_counts_what_is_under_the_unit(office: Office) -> None:
    course_id = await course(office, needs_head=0)
    await office.person("Sếp", unit="Xã A")
    school, clinic = await office.person("An", unit="Trường A"), await office.person("Ba", unit="Trạm A")
    for unit in ("Trường A", "Trạm A"):
        await under(office, unit, "Xã A")
    await quota(office, course_id, Xã_A=1)
    await school.taps_data(f"enrol:{course_id}")
    await clinic.taps_data(f"enrol:{course_id}")
    assert (await state_of(office, school, course_id), await state_of(office, clinic, course_id)) == (
        ["seat"],
        ["waiting"],
    )


async def test_a_freed_place_goes_to_the_next_of_the_unit_it_is_kept_for(office: Office) -> None:
    course_id = await course(office, needs_head=0, capacity=2)
    a1, a2 = await office.person("An", unit="Xã A"), await office.person("Ba", unit="Xã A")
    b1, b2 = await office.person("Chi", unit="Xã B"), await office.person("Dung", unit="Xã B")
    await quota(office, course_id, Xã_A=1, Xã_B=1)
    for one in (a1, b1, b2, a2):
        await one.taps_data(f"enrol:{course_id}")
    await a1.taps_data(f"enrol_drop:{course_id}:work")
    assert await state_of(office, a2, course_id) == ["offered"]
    assert await state_of(office, b2, course_id) == ["waiting"]


async def test_an_approval_after_the_quota_shrank_leads_to_the_waiting_list(office: Office) -> None:
    course_id = await course(office)
    head = await office.person("Long", unit="Xã A", head=True)
    lan, mai = await office.person("Lan", unit="Xã A"), await office.person("Mai", unit="Xã A")
    await seated(office, mai, course_id)
    await lan.taps_data(f"enrol:{course_id}")
    await quota(office, course_id, Xã_A=1)
    await office.settle()
    await head.taps("Duyệt")
    assert await state_of(office, lan, course_id) == ["waiting"]
    await office.settle()
    assert lan.sees("Xã A", "đủ chỉ tiêu")


async def test_room_is_told_to_whoever_asks(office: Office) -> None:
    course_id = await course(office, capacity=5)
    lan = await office.person("Lan", unit="Xã A")
    await quota(office, course_id, Xã_A=2)
    async with office.store.reading() as tx:
        found = await courses.find(tx, course_id)
        room = await quotas.room(tx, found, lan.person_id, office.clock.now())
    assert (room.places, room.reason, room.quota and room.quota.unit) == (2, "", "Xã A")
