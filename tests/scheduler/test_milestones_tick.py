import pytest

from bot.clock import FixedClock
from bot.store import Store
from bot.training import milestones as plans
from bot.training.milestones import Milestone, Step
from scheduler import milestones
from tests.talking import MONDAY, ZONE, at


async def plan(store: Store, subject: str, *steps: tuple[str, int, int]) -> None:
    async with store.transaction() as tx:
        await plans.plan(tx, "test", subject, [Step(*step) for step in steps], MONDAY)


async def states(store: Store) -> dict[str, str]:
    async with store.reading() as tx:
        rows = await tx.fetch("select subject, step, state from milestones order by id")
        return {f"{row['subject']}/{row['step']}": row["state"] for row in rows}


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    taken: list[str] = []

    async def fan_out(tx: object, milestone: Milestone, days: object, now: int) -> int:
        if milestone.subject == "broken:1":
            raise ZeroDivisionError
        taken.append(f"{milestone.subject}/{milestone.step}")
        return 1

    monkeypatch.setitem(milestones.FAN_OUTS, "test", fan_out)
    return taken


async def test_each_step_is_taken_once_when_it_is_due(store: Store, clock: FixedClock, taken: list[str]) -> None:
    await plan(store, "a:1", ("7d", MONDAY + 10, MONDAY + 100), ("1d", MONDAY + 20, MONDAY + 100))
    for now in (MONDAY, MONDAY + 10, MONDAY + 15, MONDAY + 20, MONDAY + 30):
        await milestones.tick(store, now, ZONE)
    assert taken == ["a:1/7d", "a:1/1d"]


async def test_after_a_standstill_only_the_latest_step_of_a_subject_is_taken(store: Store, taken: list[str]) -> None:
    await plan(store, "a:1", ("7d", MONDAY + 10, MONDAY + 100), ("1d", MONDAY + 20, MONDAY + 100))
    await plan(store, "b:1", ("7d", MONDAY + 10, MONDAY + 100))
    assert await milestones.tick(store, MONDAY + 50, ZONE) == 2
    assert sorted(taken) == ["a:1/1d", "b:1/7d"]
    assert await states(store) == {"a:1/7d": "skipped", "a:1/1d": "done", "b:1/7d": "done"}


async def test_a_step_that_is_of_no_use_any_more_is_recorded_as_skipped(store: Store, taken: list[str]) -> None:
    await plan(store, "a:1", ("2h", MONDAY + 10, MONDAY + 40))
    await milestones.tick(store, MONDAY + 41, ZONE)
    assert (taken, await states(store)) == ([], {"a:1/2h": "skipped"})


async def test_a_subject_that_cannot_be_worked_out_does_not_hold_the_others(
    store: Store, taken: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    await plan(store, "broken:1", ("1d", MONDAY + 10, MONDAY + 100))
    await plan(store, "a:1", ("1d", MONDAY + 20, MONDAY + 100))
    await milestones.tick(store, MONDAY + 50, ZONE)
    assert taken == ["a:1/1d"]
    assert (await states(store))["broken:1/1d"] == "skipped"
    assert "broken:1" in caplog.text


async def test_planning_again_moves_what_is_pending_and_withdraws_the_rest(store: Store, taken: list[str]) -> None:
    await plan(store, "a:1", ("7d", MONDAY + 10, MONDAY + 100), ("1d", MONDAY + 20, MONDAY + 100))
    await plan(store, "a:1", ("1d", MONDAY + 30, MONDAY + 100))
    await milestones.tick(store, MONDAY + 25, ZONE)
    assert taken == []
    await milestones.tick(store, MONDAY + 30, ZONE)
    assert taken == ["a:1/1d"]
    assert (await states(store))["a:1/7d"] == "withdrawn"


async def test_two_replicas_take_a_step_once(store: Store, taken: list[str]) -> None:
    import asyncio

    await plan(store, "a:1", ("1d", MONDAY + 10, MONDAY + 100))
    await asyncio.gather(*(milestones.tick(store, MONDAY + 20, ZONE) for _ in range(5)))
    assert taken == ["a:1/1d"]


def test_steps_that_fall_on_one_day_become_one() -> None:
    from bot.training.calendar import Calendar

    start = at("2026-12-07", "07:30")  # a Monday: two hours and one day before both become Friday
    steps = [Step("1d", start - 86_400, start), Step("2h", start - 7_200, start), Step("7d", start - 7 * 86_400, start)]
    kept = plans.timed(Calendar(ZONE), steps)
    assert [(s.name, s.wanted_at) for s in kept] == [
        ("7d", at("2026-11-30", "07:30")),
        ("1d", at("2026-12-04", "19:00")),
    ]


async def test_a_new_day_off_moves_what_is_planned_on_it_earlier(store: Store, taken: list[str]) -> None:
    import datetime as dt

    from bot.training import calendar

    monday, tuesday, use = at("2026-12-07"), at("2026-12-08"), at("2026-12-20")
    await plan(store, "a:1", ("1d", tuesday, use), ("3d", monday, use), ("7d", at("2026-12-01"), use))
    async with store.transaction() as tx:
        for day in (dt.date(2026, 12, 7), dt.date(2026, 12, 8)):
            await calendar.edit(tx, day, False, "Nghỉ bão")
        assert await plans.retime(tx, ["test"], await calendar.load(tx, ZONE), MONDAY) == 2
        rows = await tx.fetch("select step, due_at, state from milestones order by step")
    assert [(row["step"], row["due_at"], row["state"]) for row in rows] == [
        ("1d", at("2026-12-04", "19:00"), "pending"),
        ("3d", at("2026-12-04", "19:00"), "withdrawn"),
        ("7d", at("2026-12-01"), "pending"),
    ]
