import pytest

from bot import outbox
from bot.outbox import Owed
from bot.training import calendar, late, milestones
from bot.training.milestones import Step
from scheduler.heartbeat import beat
from tests.talking import MONDAY, ZONE, Office

DAY = 86_400


async def owes(office: Office, person_id: int, key: str, due_at: int) -> None:
    async with office.store.transaction() as tx:
        owed = Owed(key, "request_answered", "request:1", person_id, due_at, due_at + 30 * DAY, [1])
        await outbox.put(tx, owed, due_at)


async def starts(office: Office) -> int:
    """What a start does before anything is sent."""
    async with office.store.transaction() as tx:
        return await late.hold(tx, office.clock.now(), calendar.Calendar(ZONE))


async def claimed(office: Office) -> int:
    async with office.store.transaction() as tx:
        return len(await outbox.claim(tx, office.clock.now(), 50, "test:1/1"))


async def a_copy_three_days_old(office: Office, person_id: int) -> None:
    """Last alive on Monday; on Thursday one thing is three days late and another two hours."""
    await beat(office.store, "milestones", MONDAY)
    await owes(office, person_id, "old", MONDAY + 60)
    async with office.store.transaction() as tx:
        await milestones.plan(tx, "session", "session:1", [Step("1d", MONDAY + 120, MONDAY + 9 * DAY)], MONDAY)
    office.clock.move_to(MONDAY + 3 * DAY)
    await owes(office, person_id, "new", office.clock.now() - 7200)


async def test_an_old_backup_sends_nothing_old_until_hr_says_yes(office: Office) -> None:
    lan = await office.person("Lan")
    hr = await office.person("Hạnh", hr=True)
    await a_copy_three_days_old(office, lan.person_id)
    assert await starts(office) == 2
    assert await starts(office) == 2  # started once more before anybody answered
    async with office.store.reading() as tx:
        assert await milestones.due_subject(tx, office.clock.now()) is None
    await office.settle()
    async with office.store.reading() as tx:
        states = {r["unique_key"]: r["state"] for r in await tx.fetch("select unique_key, state from outbox")}
    assert (states["old"], states["new"] == "pending") == ("pending", False)
    hr.sees("1", "chưa gửi gì", "Gửi", "Bỏ hết")
    await hr.taps("Gửi")
    hr.sees("Đang gửi 2 tin")
    async with office.store.reading() as tx:
        assert await late.waiting(tx, office.clock.now()) is None
        assert await milestones.due_subject(tx, office.clock.now()) == "session:1"
    assert await claimed(office) == 1


async def test_what_hr_drops_is_recorded_and_never_sent(office: Office) -> None:
    lan = await office.person("Lan")
    hr = await office.person("Hạnh", hr=True)
    await a_copy_three_days_old(office, lan.person_id)
    await starts(office)
    await hr.sends("/quanly")
    await hr.taps("Tin đã gửi")
    hr.sees("2 tin đến muộn")
    await hr.taps("Xem tin đến muộn")
    await hr.taps("Bỏ hết")
    hr.sees("Đã bỏ 2 tin")
    await hr.taps_data(f"outbox_late:release:{MONDAY + 2 * DAY}")  # an old button
    hr.sees("Không có tin đến muộn")
    async with office.store.reading() as tx:
        row = await tx.fetchrow("select state, reason from outbox where unique_key = 'old'")
        assert row is not None
        assert (row["state"], row["reason"]) == ("skipped", "dropped")
        assert await milestones.due_subject(tx, office.clock.now()) is None


@pytest.mark.parametrize(("alive", "late_by"), [(2 * DAY, 3 * DAY), (7 * DAY, DAY // 2), (None, 3 * DAY)])
async def test_a_program_that_ran_or_has_nothing_old_holds_nothing(
    office: Office, alive: int | None, late_by: int
) -> None:
    lan = await office.person("Lan")
    await office.person("Hạnh", hr=True)
    if alive is not None:
        ago = 300 if alive == 2 * DAY else alive  # a weekend spent on duty, or a week away
        await beat(office.store, "milestones", MONDAY - ago)
    await owes(office, lan.person_id, "k", MONDAY - late_by)
    assert await starts(office) == 0
    assert await claimed(office) == 1
