from bot.training import rights
from tests.courses.classes import course
from tests.rights.agency import audited, clerk, unit_id, unit_under
from tests.talking import Chat, Office, at

UNIT = "Xã Trí Phải"


async def asked(office: Office, who: Chat, **facts: object) -> int:
    """Let somebody sign up for a course of their head's to decide; gives the course."""
    course_id = await course(office, title="Luật Đất đai", **facts)
    await who.taps_data(f"enrol:{course_id}")
    await office.settle()
    return course_id


async def test_head_and_acting_head_are_both_asked_and_the_first_decides(office: Office) -> None:
    long, mai, lan = [await office.person(name, head=name == "Long") for name in ("Long", "Mai", "Lan")]
    await long.taps_data(f"acting_give:1:{mai.person_id}:20261123:20261127:1")
    await asked(office, lan)
    for decider in (long, mai):
        decider.sees("Lan", "[Duyệt]")
    await mai.taps("Duyệt")
    await long.taps("Duyệt")
    long.sees_no("[Duyệt]")
    await office.settle()
    assert lan.saw("Luật Đất đai")


async def test_who_stands_in_no_more_decides_no_more(office: Office) -> None:
    long, mai, lan = [await office.person(name, head=name == "Long") for name in ("Long", "Mai", "Lan")]
    await long.taps_data(f"acting_give:1:{mai.person_id}:20261123:20261123:1")
    await asked(office, lan)
    mai.sees("[Duyệt]")
    office.clock.move_to(at("2026-11-24", "00:00"))
    await mai.taps("Duyệt")
    mai.sees("người được phân quyền")
    await long.taps("Duyệt")
    long.sees_no("người được phân quyền")


async def test_an_acting_head_who_applies_is_decided_on_by_the_head_alone(office: Office) -> None:
    long, mai = await office.person("Long", head=True), await office.person("Mai")
    await long.taps_data(f"acting_give:1:{mai.person_id}:20261123:20261127:1")
    await asked(office, mai)
    assert not mai.saw("[Duyệt]")
    await mai.taps_data("approve:1")
    mai.sees("người được phân quyền")
    await long.taps("Duyệt")
    long.sees_no("người được phân quyền")


async def test_a_head_who_applies_is_decided_on_by_the_next_level_not_by_who_stands_in(office: Office) -> None:
    top = await office.person("Trên", unit="Sở Nội vụ", head=True)
    long, mai = await office.person("Long", unit=UNIT, head=True), await office.person("Mai", unit=UNIT)
    await unit_under(office, UNIT, "Sở Nội vụ")
    unit = await unit_id(office, UNIT)
    await long.taps_data(f"acting_give:{unit}:{mai.person_id}:20261123:20261127:1")
    await asked(office, long)
    for nobody in (long, mai):
        await nobody.taps_data("approve:1")
        nobody.sees("người được phân quyền")
    assert await audited(office, "refused") == [("refused", "enrolment:1")] * 2
    await top.taps("Duyệt")
    top.sees_no("người được phân quyền")


async def test_without_a_next_level_hr_decides_on_a_head(office: Office) -> None:
    hr, long = await office.person("Hạnh", unit="Sở Nội vụ", hr=True), await office.person("Long", head=True)
    await asked(office, long)
    hr.sees("Long", "[Duyệt]")
    await long.taps_data("approve:1")
    long.sees("người được phân quyền")


async def test_a_request_at_the_step_of_hr_goes_to_the_nearest_clerk_and_nobody_elses(office: Office) -> None:
    hr = await office.person("Hạnh", unit="Sở Nội vụ", hr=True)
    near, other = await clerk(office, "Gần", UNIT), await clerk(office, "Khác", "Xã Khác")
    lan = await office.person("Lan", unit=UNIT)
    await asked(office, lan, needs_head=0, needs_hr=1)
    assert [len(chat.pushed) for chat in (near, hr, other)] == [1, 0, 0]
    near.sees("Lan", "[Duyệt]")
    await other.taps_data("approve:1")
    other.sees("người được phân quyền")
    await other.sends("/duyet")
    other.sees_no("Lan")
    await near.taps("Duyệt")
    near.sees_no("người được phân quyền")


async def test_who_is_told_climbs_to_the_nearest_clerk_with_a_chat_else_to_the_whole(office: Office) -> None:
    hr = await office.person("Hạnh", unit="Sở Nội vụ", hr=True)
    lan = await office.person("Lan", unit="Trạm Y tế")
    await clerk(office, "Không chat", "Trạm Y tế", linked=False)
    above = await clerk(office, "Gần", UNIT)
    await unit_under(office, "Trạm Y tế", UNIT)
    async with office.store.transaction() as tx:
        assert await rights.clerks_for(tx, lan.person_id) == [above.person_id]
        assert await rights.clerks_for(tx, above.person_id) == [hr.person_id]
        assert await rights.clerks_for(tx, hr.person_id) == []
