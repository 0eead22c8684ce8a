from tests.meeting import behind
from tests.results.classes import OVER, class_of, was_there
from tests.results.test_results_by_workbook import marks_file
from tests.talking import Chat, Office


async def ready(office: Office) -> tuple[Chat, Chat, Chat, int]:
    """A class that is over, with Lan's mark of 3; two clerks."""
    hr, other = await office.person("Hoa", hr=True), await office.person("Hai", hr=True)
    lan = await office.person("Lan", code="A1")
    course_id = await class_of(office, lan)
    await was_there(office, lan, course_id, 20)
    office.clock.move_to(OVER)
    await hr.taps_data(f"res_one:{course_id}:{lan.person_id}")
    await hr.sends("3")
    return hr, other, lan, course_id


async def test_a_file_of_marks_that_waited_for_the_closing_changes_nothing_final(office: Office) -> None:
    hr, other, lan, course_id = await ready(office)
    await other.uploads("diem.xlsx", marks_file(["DD1", "A1", "Lan", 9, None, None]))
    await behind(office, course_id, hr.taps_data(f"res_close_yes:{course_id}"), other.taps("Ghi nhận"))
    async with office.store.reading() as tx:
        assert await tx.fetchval("select score from results where person_id = $1", lan.person_id) == 30
    other.sees("Ghi hoặc sửa: 0")


async def test_a_mark_typed_while_the_class_is_closed_asks_why(office: Office) -> None:
    hr, other, lan, course_id = await ready(office)
    await other.taps_data(f"res_one:{course_id}:{lan.person_id}")
    await behind(office, course_id, hr.taps_data(f"res_close_yes:{course_id}"), other.sends("9"))
    other.sees("đã chốt", "vì lý do gì")
    async with office.store.reading() as tx:
        assert await tx.fetchval("select score from results where person_id = $1", lan.person_id) == 30


async def test_a_resit_from_a_file_does_not_take_back_what_a_colleague_corrected(office: Office) -> None:
    hr, other, lan, course_id = await ready(office)
    await other.uploads("lai.xlsx", marks_file(["DD1", "A1", "Lan", None, 6, None]))
    await hr.taps_data(f"res_one:{course_id}:{lan.person_id}")
    await behind(office, course_id, hr.sends("4"), other.taps("Ghi nhận"))
    async with office.store.reading() as tx:
        row = await tx.fetchrow("select score, resit from results where person_id = $1", lan.person_id)
    assert row is not None
    assert (row["score"], row["resit"]) == (40, 60)
