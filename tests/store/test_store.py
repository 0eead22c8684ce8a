import asyncio
import contextlib
import random

import pytest

from bot.errors import StoreMismatch
from bot.store import Store
from bot.store.migrate import Migration, known, migrate


async def test_a_transaction_keeps_all_or_nothing(store: Store) -> None:
    with contextlib.suppress(RuntimeError):
        async with store.transaction() as tx:
            await tx.execute("insert into days values ('2026-12-01', 1, 'a')")
            raise RuntimeError
    async with store.reading() as tx:
        assert await tx.fetchval("select count(*) from days") == 0


async def test_execute_counts_the_rows_it_touched(store: Store) -> None:
    async with store.transaction() as tx:
        assert await tx.execute("insert into days values ('2026-12-01', 1, 'a'), ('2026-12-02', 1, 'b')") == 2
        assert await tx.execute("update days set working = 0") == 2
        assert await tx.execute("update days set working = 0 where day = 'x'") == 0


async def test_readers_do_not_write(store: Store) -> None:
    if store.engine == "postgres":
        return  # a right of the database user there
    async with store.reading() as tx:
        with pytest.raises(Exception, match="readonly"):
            await tx.fetch("insert into days values ('2026-12-01', 1, 'a')")


async def test_1500_randomly_cancelled_transactions_leave_none_torn_and_none_stuck(store: Store) -> None:
    rng = random.Random(1)
    async with store.transaction() as tx:
        await tx.execute("create table pairs (n bigint not null, half text not null)")

    async def pair(number: int) -> None:
        async with store.transaction() as tx:
            await tx.execute("insert into pairs values ($1, 'left')", number)
            await asyncio.sleep(0)
            await tx.execute("insert into pairs values ($1, 'right')", number)

    for batch in range(0, 1500, 10):
        tasks = [asyncio.create_task(pair(n)) for n in range(batch, batch + 10)]
        for task in rng.sample(tasks, 6):
            for _ in range(rng.randrange(12)):
                await asyncio.sleep(0)
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(r is None or isinstance(r, asyncio.CancelledError) for r in results), results
    async with store.transaction() as tx:
        torn = await tx.fetch("select n from pairs group by n having count(*) <> 2")
        assert torn == []
        assert await tx.fetchval("select count(*) from pairs") >= 600 * 2


async def test_migrations_are_applied_once(empty_store: Store) -> None:
    assert await migrate(empty_store, 1) == [m.name for m in known()]
    assert await migrate(empty_store, 2) == []


async def test_two_starters_do_not_race(empty_store: Store) -> None:
    applied = await asyncio.gather(*(migrate(empty_store, 1) for _ in range(4)))
    assert sorted(len(a) for a in applied) == [0, 0, 0, len(known())]


async def test_a_newer_database_is_refused(store: Store) -> None:
    with pytest.raises(StoreMismatch, match="does not know"):
        await migrate(store, 1, known()[:-1])


async def test_a_migration_changed_after_it_was_applied_is_refused(store: Store) -> None:
    first, *rest = known()
    with pytest.raises(StoreMismatch, match="changed"):
        await migrate(store, 1, [Migration(first.version, first.name, first.sql + "-- more"), *rest])


async def test_a_migration_that_fails_leaves_nothing_behind(empty_store: Store) -> None:
    bad = Migration(9999, "9999_bad", "create table half (a integer) strict; create table half (a integer) strict;")
    with pytest.raises(Exception, match="half"):
        await migrate(empty_store, 1, [*known(), bad])
    assert await migrate(empty_store, 1) == [m.name for m in known()]
