import asyncio
import signal
from pathlib import Path

import pytest

from bot.training import course_import
from tests.stories.conftest import Town
from tests.talking import DATA, ZONE, at

TITLE = "Luật Đất đai và xử lý hồ sơ địa chính cấp xã"
UNIT = "Phường Him Lam"


async def courses(town: Town) -> None:
    file = Path(DATA / "lop-boi-duong-2026-12.xlsx")
    async with town.store.transaction() as tx:
        await course_import.apply(tx, course_import.read(file.read_bytes(), file.name), town.clock.now(), ZONE)


POINTS_OF_A_TAP = ["keep.before", "keep.after", "take.before", "take.after", "reply.before", "reply.after"]
POINTS_OF_A_PUSH = ["claim.before", "claim.after", "send.before", "send.after", "record.before", "record.after"]
UNTOLD = ("send.before", "send.after", "record.before")  # it may have left: a reminder is repeated once


@pytest.mark.parametrize("point", POINTS_OF_A_TAP)
async def test_a_sign_up_takes_effect_once_wherever_the_program_is_killed(polled_town: Town, point: str) -> None:
    town = polled_town
    await courses(town)
    lan = await town.person("Lan", unit=UNIT)
    await town.person("Long", unit=UNIT, title="Chủ tịch UBND", head=True)
    await town.opens(crash_at=f"{point}:3")
    await lan.sends("/lop")
    await lan.taps("Luật Đất đai")
    await lan.sees(TITLE)
    tap = asyncio.create_task(lan.taps("Đăng ký"))
    await town.dies()
    tap.cancel()
    await town.opens()
    await lan.sees("thủ trưởng")
    await town.until_stored("select count(*) = 0 as done from inbox where done_at is null or reply is not null")
    assert await town.stored("select state from enrolments") == [{"state": "head"}]


@pytest.mark.parametrize("point", POINTS_OF_A_PUSH)
async def test_a_reminder_comes_and_twice_only_when_nobody_can_tell_wherever_the_program_is_killed(
    polled_town: Town, point: str
) -> None:
    town = polled_town
    await courses(town)
    lan = await town.person("Lan")  # nobody heads her unit and no HR: the seat is given by hand below
    async with town.store.transaction() as tx:
        await tx.execute(
            """insert into enrolments (course_id, person_id, state, arrival, requested_at, seated_at)
            select c.id, p.id, 'seat', 1, $1, $1 from courses c, people p where c.code = 'BD26-01'""",
            town.clock.now(),
        )
    before = lan.received_count
    await town.opens(crash_at=f"{point}:1" if point != "claim.before" else "claim.before:2")
    town.clock.move_to(at("2026-11-30", "09:00"))  # the reminder seven days before the first session is due
    await town.dies()
    await town.opens()
    await town.until_stored("select count(*) as n from outbox")
    town.clock.move_by(200)  # the lease of whoever died runs out
    await town.until_stored("select count(*) as n from outbox where state = 'sent'")
    assert await town.stored("select attempts from outbox") == [{"attempts": 2 if point in UNTOLD else 1}]
    assert lan.received_count - before == (2 if point in ("send.after", "record.before") else 1)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
async def test_a_stop_in_the_middle_of_many_taps_loses_none(polled_town: Town, how: signal.Signals) -> None:
    town = polled_town
    people = [await town.person(f"P{n}", code=f"C{n}") for n in range(12)]
    await town.opens()
    for phone in people:
        await phone.sends("/trogiup")
    code = await town.closes(how)
    assert code == (0 if how is signal.SIGTERM else -signal.SIGKILL)
    await town.opens()
    for phone in people:
        await phone.sees("Tôi giúp được gì")
    await town.until_stored("select count(*) = 0 as done from inbox where done_at is null or reply is not null")
    assert await town.stored("select count(*) as n from inbox") == [{"n": 12}]
