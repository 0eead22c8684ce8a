"""The order of arrival holds even when everything that came in has been dropped from the inbox."""

from scheduler import housekeeping
from tests.courses import classes
from tests.talking import ZONE, Office


async def test_who_signs_up_after_a_quiet_week_stands_behind_those_who_wait_already(office: Office) -> None:
    first = await office.person("first")
    early, late = await office.person("early"), await office.person("late")
    course_id = await classes.course(office, capacity=1, needs_head=0)
    for nothing in range(3):
        await early.sends(f"xin chào {nothing}")
    await first.taps_data(f"enrol:{course_id}")
    await early.taps_data(f"enrol:{course_id}")
    early.sees("thứ 1")

    office.clock.move_by(5 * 86_400)
    async with office.store.transaction() as tx:
        await tx.execute("update inbox set reply = null")  # all were answered long ago
    await housekeeping.tick(office.store, office.clock.now(), ZONE)

    await late.taps_data(f"enrol:{course_id}")
    late.sees("thứ 2")
