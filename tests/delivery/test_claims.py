from typing import Any

import pytest

from bot import outbox
from bot.outbox import BROADCAST, REMINDER, Owed
from bot.store import Store
from tests.talking import MONDAY, add_person


async def people(store: Store, count: int) -> list[int]:
    return [await add_person(store, MONDAY, f"P{n}", chat=f"P{n}", code=f"C{n}") for n in range(count)]


async def owes(store: Store, person_id: int, key: str, due: int = MONDAY, **facts: Any) -> None:
    kind, subject = facts.pop("kind", "session_reminder"), facts.pop("subject", "session:1")
    async with store.transaction() as tx:
        await outbox.put(tx, Owed(key, kind, subject, person_id, due, due + 86_400, **facts), due)


async def claimed(store: Store, limit: int = 50, share: int = 0, now: int = MONDAY) -> list[tuple[int, int]]:
    async with store.transaction() as tx:
        rows = await outbox.claim(tx, now, limit, "test:1/1", share)
        for row in rows:
            await outbox.settle(tx, row, now, "sent")
    return [(row.priority, row.person_id) for row in rows]


async def states(store: Store) -> dict[str, tuple[str, str | None]]:
    async with store.reading() as tx:
        rows = await tx.fetch("select unique_key, state, reason from outbox")
    return {row["unique_key"]: (row["state"], row["reason"]) for row in rows}


async def test_reminders_go_first_but_a_broadcast_keeps_its_share(store: Store) -> None:
    everybody = await people(store, 20)
    for n, person_id in enumerate(everybody):
        priority = REMINDER if n < 10 else BROADCAST
        await owes(store, person_id, str(n), priority=priority, subject=f"s:{n}")
    kinds = [priority for priority, _ in await claimed(store, 5, share=1)]
    assert kinds == [REMINDER] * 4 + [BROADCAST]
    assert [p for p, _ in await claimed(store, 5)] == [REMINDER] * 5
    assert [p for p, _ in await claimed(store, 5, share=1)] == [REMINDER] + [BROADCAST] * 4
    assert [p for p, _ in await claimed(store, 50, share=10)] == [BROADCAST] * 5


async def test_never_more_is_leased_than_asked_whatever_way_the_database_goes(store: Store) -> None:
    for n, person_id in enumerate(await people(store, 60)):
        await owes(store, person_id, str(n), subject=f"s:{n}")
    async with store.transaction() as tx:
        if "postgres" in type(tx).__module__:  # the plans by which it once leased 60 rows where 20 were asked
            for way in ("hashjoin", "mergejoin", "material", "hashagg", "sort", "indexscan", "bitmapscan"):
                await tx.execute(f"set local enable_{way} = off")
        assert len(await outbox.claim(tx, MONDAY, 20, "test:1/1")) == 20


async def test_a_share_that_no_broadcast_needs_goes_to_reminders(store: Store) -> None:
    for n, person_id in enumerate(await people(store, 5)):
        await owes(store, person_id, str(n), subject=f"s:{n}")
    assert len(await claimed(store, 5, share=1)) == 5


async def test_who_is_owed_much_is_written_to_one_by_one_and_holds_up_nobody(store: Store) -> None:
    head, lan = await people(store, 2)
    for n in range(5):
        await owes(store, head, f"approval{n}", kind="approval", subject="course:1", args=[n])
    await owes(store, lan, "k", MONDAY)
    assert await claimed(store) == [(REMINDER, head), (REMINDER, lan)]
    assert [await claimed(store) for _ in range(5)] == [[(REMINDER, head)]] * 4 + [[]]


async def test_a_row_that_is_being_sent_keeps_the_next_of_the_same_person_waiting(store: Store) -> None:
    (lan,) = await people(store, 1)
    await owes(store, lan, "a", kind="approval")
    await owes(store, lan, "b", kind="approval")
    async with store.transaction() as tx:
        (first,) = await outbox.claim(tx, MONDAY, 10, "test:1/1")
    assert await claimed(store) == []
    async with store.transaction() as tx:
        await outbox.settle(tx, first, MONDAY, "sent")
    assert len(await claimed(store)) == 1


async def test_after_a_standstill_one_message_a_person_and_subject_is_left(store: Store) -> None:
    lan, mai = await people(store, 2)
    for step, due in (("7d", MONDAY - 7200), ("1d", MONDAY - 3600), ("2h", MONDAY - 60)):
        await owes(store, lan, step, due, args=[1, step])
    await owes(store, lan, "other", MONDAY - 3600, subject="session:2")
    await owes(store, mai, "mai", MONDAY - 3600)
    while await claimed(store):
        pass
    assert await states(store) == {
        "7d": ("skipped", "superseded"),
        "1d": ("skipped", "superseded"),
        "2h": ("sent", None),
        "other": ("sent", None),
        "mai": ("sent", None),
    }


@pytest.mark.parametrize("kind", ["approval", "enrolment_result"])
async def test_what_says_something_new_each_time_is_never_superseded(store: Store, kind: str) -> None:
    (lan,) = await people(store, 1)
    await owes(store, lan, "first", MONDAY - 3600, kind=kind, args=[1])
    await owes(store, lan, "second", kind=kind, args=[2])
    while await claimed(store):
        pass
    assert {state for state, _ in (await states(store)).values()} == {"sent"}


async def test_a_result_that_comes_after_all_is_worth_more_than_unknown(store: Store) -> None:
    (lan,) = await people(store, 1)
    await owes(store, lan, "k", priority=BROADCAST)
    async with store.transaction() as tx:
        (row,) = await outbox.claim(tx, MONDAY, 10, "slow:1/1")
        assert await outbox.on_wire(tx, row, MONDAY)
        assert await outbox.abandoned(tx, MONDAY + 3600, "other:2") == 1
        await outbox.settle(tx, row, MONDAY + 3600, "sent", message_ref="7")
    assert await states(store) == {"k": ("sent", None)}
