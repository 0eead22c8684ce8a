import asyncio
import itertools
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.clock import FixedClock
from bot.errors import StoreUnavailable
from bot.store import Store
from bot.store.migrate import migrate
from bot.store.sqlite import SqliteStore
from scheduler import runner
from scheduler.runner import Runner
from scheduler.timetable import Job
from tests.delivery.test_pump import Post
from tests.talking import MONDAY, ZONE, Office


@pytest.fixture
async def small_disk(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    """A database that can be given no further page, as on a full disk."""
    store = await SqliteStore.open(tmp_path / "small.db")
    yield store
    await store.close()


async def fill_up(store: SqliteStore) -> None:
    (row,) = await store._writer.execute_fetchall("pragma page_count")
    await store._writer.execute_fetchall(f"pragma max_page_count={row[0]}")
    for length in (900, 90, 9):
        with pytest.raises(StoreUnavailable):
            await _put_days(store, length)


async def _put_days(store: SqliteStore, length: int) -> None:
    for n in itertools.count():
        async with store.transaction() as tx:
            await tx.execute("insert into days (day, working, name) values ($1, 1, $2)", f"{length}-{n}", "x" * length)


async def test_on_a_full_disk_nothing_is_sent_nothing_half_recorded_and_then_it_goes_on(
    small_disk: SqliteStore, caplog: pytest.LogCaptureFixture
) -> None:
    await migrate(small_disk, MONDAY)
    post = Post(Office(small_disk, FixedClock(MONDAY)))
    post.compose_plainly()
    people = [await post.office.person(f"P{n}", code=f"C{n}") for n in range(200)]
    for person in people:
        await post.owes(person.person_id, f"k{person.person_id}", args=["x" * 300])
    await fill_up(small_disk)
    running = asyncio.create_task(post.pump.run())
    async with asyncio.timeout(30):
        while "nothing is sent until" not in caplog.text:
            await asyncio.sleep(0)
    states = [state for state, _, _ in await post.rows()]
    assert set(states) <= {"pending", "sending", "sent"}
    assert states.count("sent") < 200
    await small_disk._writer.execute_fetchall("pragma max_page_count=1073741823")
    async with asyncio.timeout(30):
        while len(post.messenger.sent) < 200:
            await asyncio.sleep(0)
    post.pump.stop()
    await running
    assert len({to for to, _ in post.messenger.sent}) == len(post.messenger.sent) == 200
    assert {state for state, _, _ in await post.rows()} == {"sent"}


class Unrecordable:
    """A store whose next transactions fail, as while PostgreSQL starts again."""

    def __init__(self, store: Store) -> None:
        self.store, self.engine, self.failures = store, store.engine, 0

    def transaction(self):  # type: ignore[no-untyped-def]
        if self.failures:
            self.failures -= 1
            raise StoreUnavailable("gone for the moment")
        return self.store.transaction()

    def reading(self):  # type: ignore[no-untyped-def]
        return self.store.reading()


async def test_what_was_sent_while_the_database_was_gone_is_recorded_when_it_is_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.pump.IDLE", 0.01)
    lan = await office.person("Lan")
    store = Unrecordable(office.store)
    object.__setattr__(office.conversation, "store", store)
    post = Post(office)
    post.compose_plainly()
    await post.owes(lan.person_id)
    send = post.messenger.send

    async def send_and_lose(*args):  # type: ignore[no-untyped-def]
        store.failures = 3
        return await send(*args)

    monkeypatch.setattr(post.messenger, "send", send_and_lose)
    await post.round()
    assert (len(post.messenger.sent), await post.rows()) == (1, [("sent", None, 1)])


@pytest.mark.parametrize("jump", [-3600, 3600])
async def test_an_hour_either_way_neither_repeats_nor_stops_the_sending(office: Office, jump: int) -> None:
    people = [await office.person(f"P{n}", code=f"C{n}") for n in range(3)]
    post = Post(office)
    post.compose_plainly()
    await post.owes(people[0].person_id, "before")
    await post.round()
    office.clock.move_by(jump)
    await post.owes(people[1].person_id, "after", due=office.clock.now())
    await post.round()
    await post.owes(people[2].person_id, "later", due=office.clock.now())
    await post.round()
    assert [to for to, _ in post.messenger.sent] == ["P0", "P1", "P2"]


@pytest.mark.parametrize("jump", [-3600.0, 3600.0])
async def test_every_tick_runs_at_once_when_the_wall_clock_jumps(
    store: Store, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, jump: float
) -> None:
    monkeypatch.setattr(runner, "GUARD_SECONDS", 0.01)
    ran: asyncio.Queue[int] = asyncio.Queue()

    async def tick(*_: object) -> int:
        ran.put_nowait(1)
        return 0

    turning = Runner(store, clock, ZONE, [Job("hourly", 3600, tick)])
    turning.start()
    await asyncio.wait_for(ran.get(), 5)
    wall = itertools.count(0.0, jump)  # it jumps until it is seen: a tick that is still under way is not begun anew
    guard = asyncio.create_task(turning._watch_clock(lambda: next(wall), lambda: 0.0))
    await asyncio.wait_for(ran.get(), 5)
    guard.cancel()
    await turning.stop()
