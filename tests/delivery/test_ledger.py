import asyncio
from datetime import date

import pytest

from bot.delivery.ledger import Ledger
from bot.store import Store, Tx
from bot.training import calendar


async def days(store: Store) -> int:
    async with store.reading() as tx:
        count: int = await tx.fetchval("select count(*) as n from days")
    return count


def putting(day: int):  # type: ignore[no-untyped-def]
    async def put(tx: Tx) -> int:
        await calendar.edit(tx, date(2026, 1, day), True, "x")
        return day

    return put


async def test_what_waits_together_is_written_together_and_each_gets_its_result(store: Store) -> None:
    ledger = Ledger(store)
    assert await asyncio.gather(*(ledger.write(putting(n)) for n in range(1, 21))) == list(range(1, 21))
    assert await days(store) == 20


async def test_one_that_fails_takes_no_other_with_it(store: Store) -> None:
    async def broken(tx: Tx) -> None:
        await putting(30)(tx)
        raise ValueError("broken")

    ledger = Ledger(store)
    results = await asyncio.gather(
        ledger.write(putting(1)), ledger.write(broken), ledger.write(putting(2)), return_exceptions=True
    )
    assert results[0] == 1
    assert isinstance(results[1], ValueError)
    assert results[2] == 2
    assert await days(store) == 2


async def test_one_that_was_given_up_keeps_nobody_waiting(store: Store) -> None:
    ledger = Ledger(store)
    given_up = asyncio.create_task(ledger.write(putting(1)))
    other = asyncio.create_task(ledger.write(putting(2)))
    await asyncio.sleep(0)
    given_up.cancel()
    assert await asyncio.wait_for(other, 5) == 2
    with pytest.raises(asyncio.CancelledError):
        await given_up
