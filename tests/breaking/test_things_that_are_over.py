from bot.chat.turns import Dialogue, read_dialogue, write_dialogue
from bot.training import invites, rights
from scheduler import housekeeping
from tests.courses.classes import course
from tests.talking import MONDAY, ZONE, Office, at


async def test_a_course_that_is_over_cannot_be_cancelled_away(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    course_id = await course(office, title="Luật Đất đai")
    office.clock.move_to(at("2026-12-08"))
    await hr.taps_data(f"desk_cancel:{course_id}")
    hr.sees("Luật Đất đai", "đã kết thúc")


async def test_a_request_for_a_course_that_is_over_gets_no_seat(office: Office) -> None:
    head = await office.person("Long", head=True)
    lan = await office.person("Lan")
    await course(office, title="Luật Đất đai")
    await lan.sends("/lop")
    await lan.taps("Luật Đất đai")
    await lan.taps("Đăng ký")
    await office.settle()
    office.clock.move_to(at("2026-12-08"))
    await head.taps("Duyệt")
    async with office.store.reading() as tx:
        assert await tx.fetchval("select state from enrolments") == "lapsed"


async def test_an_unused_code_does_not_give_rights_back_that_were_taken(office: Office) -> None:
    await office.person("Hạnh", hr=True)
    nam = await office.person("Nam", code="N1", hr=True)
    async with office.store.transaction() as tx:
        code = await invites.create(tx, "N1", "hr", MONDAY)
        await rights.revoke_hr(tx, nam.person_id, MONDAY)
    await nam.sends(f"/start {code}")
    async with office.store.reading() as tx:
        assert not await rights.is_hr(tx, nam.person_id)


async def test_a_form_left_half_filled_is_forgotten_after_a_week(office: Office) -> None:
    lan = await office.person("Lan")
    async with office.store.transaction() as tx:
        await write_dialogue(tx, lan.address, Dialogue(draft={"marks": [5]}), MONDAY)
    await housekeeping.tick(office.store, MONDAY + 6 * 86_400, ZONE)
    async with office.store.reading() as tx:
        assert (await read_dialogue(tx, lan.address, MONDAY + 6 * 86_400)).draft == {"marks": [5]}
    await housekeeping.tick(office.store, MONDAY + 8 * 86_400, ZONE)
    async with office.store.reading() as tx:
        assert (await read_dialogue(tx, lan.address, MONDAY + 6 * 86_400)).draft == {}
