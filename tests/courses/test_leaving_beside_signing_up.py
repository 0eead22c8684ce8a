from tests.courses.classes import course, state_of
from tests.meeting import behind
from tests.talking import Office


async def test_nobody_keeps_a_seat_that_they_signed_up_for_while_they_left(office: Office) -> None:
    hr, lan = await office.person("Hạnh", hr=True), await office.person("Lan")
    course_id = await course(office, needs_head=0)
    await hr.taps_data(f"person:{lan.person_id}")
    await hr.taps("Thôi công tác")
    yes = next(data for words, data in hr.arrived[-1].menu if "leave" in data or "Thôi công tác" in words)
    await behind(office, course_id, lan.taps_data(f"enrol:{course_id}"), hr.taps_data(yes))
    assert "seat" not in await state_of(office, lan, course_id)
    async with office.store.reading() as tx:
        assert await tx.fetchval("select active from people where id = $1", lan.person_id) == 0
