"""A question asked long ago does not swallow what is typed today."""

from tests.courses import classes
from tests.talking import Office


async def test_words_typed_the_next_day_do_not_give_up_a_seat(office: Office) -> None:
    lan = await office.person("lan")
    course_id = await classes.course(office, title="Luật Đất đai", needs_head=0)
    await lan.taps_data(f"enrol:{course_id}")
    await lan.taps_data(f"enrol_cancel:{course_id}")  # asked why; the phone goes back into the pocket

    office.clock.move_by(26 * 3600)
    await lan.sends("luat dat dai")

    lan.sees("Luật Đất đai")
    assert await classes.state_of(office, lan, course_id) == ["seat"]


async def test_words_typed_within_the_hour_still_are_the_reason(office: Office) -> None:
    lan = await office.person("lan")
    course_id = await classes.course(office, needs_head=0)
    await lan.taps_data(f"enrol:{course_id}")
    await lan.taps_data(f"enrol_cancel:{course_id}")

    office.clock.move_by(3600)
    await lan.sends("trùng lịch công tác")

    assert await classes.state_of(office, lan, course_id) == ["cancelled"]


async def test_a_head_who_was_asked_why_yesterday_refuses_nobody_by_a_search(office: Office) -> None:
    head, lan = await office.person("head", head=True), await office.person("lan")
    course_id = await classes.course(office)
    await lan.taps_data(f"enrol:{course_id}")
    await office.settle()
    await head.taps("Từ chối")

    office.clock.move_by(26 * 3600)
    await head.sends("lop tin hoc")

    assert await classes.state_of(office, lan, course_id) == ["head"]
