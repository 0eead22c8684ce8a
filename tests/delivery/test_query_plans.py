import re
from pathlib import Path
from typing import Any

from bot import outbox
from bot.outbox import BROADCAST, Owed
from bot.store import Row, Tx, open_store
from bot.store.migrate import migrate
from bot.training import people
from tests.talking import MONDAY

READS_ALL = re.compile(r"SCAN (?!o USING INDEX outbox_leased)(outbox|accounts|people|consents)\b|AUTOMATIC")


class Explained:
    """A transaction that also asks SQLite how it goes about each statement."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self.plans: list[str] = []

    async def _explain(self, sql: str, args: tuple[Any, ...]) -> None:
        self.plans += [row["detail"] for row in await self._tx.fetch(f"explain query plan {sql}", *args)]

    async def fetch(self, sql: str, *args: Any) -> list[Row]:
        await self._explain(sql, args)
        return await self._tx.fetch(sql, *args)

    async def fetchrow(self, sql: str, *args: Any) -> Row | None:
        await self._explain(sql, args)
        return await self._tx.fetchrow(sql, *args)

    async def fetchval(self, sql: str, *args: Any) -> Any:
        await self._explain(sql, args)
        return await self._tx.fetchval(sql, *args)

    async def execute(self, sql: str, *args: Any) -> int:
        await self._explain(sql, args)
        return await self._tx.execute(sql, *args)

    async def lock(self, name: str) -> None:
        await self._tx.lock(name)


async def test_a_look_of_the_pump_reads_no_table_from_end_to_end(tmp_path: Path) -> None:
    store = await open_store(f"sqlite:///{tmp_path}/bot.db")
    await migrate(store, MONDAY)
    async with store.transaction() as tx:
        await tx.execute("insert into units (id, name, fold) values (1, 'Phòng', 'phong')")
        await tx.execute(
            "insert into people (id, code, name, fold, unit_id, audience, created_at) "
            "values (1, 'L', 'Lan', 'lan', 1, 'CC', 1)"
        )
        await outbox.put(tx, Owed("a", "x", "x:1", 1, MONDAY, MONDAY + 99, priority=BROADCAST), MONDAY)
        explained = Explained(tx)
        await outbox.abandoned(explained, MONDAY, "other")
        await outbox.expire(explained, MONDAY)
        (row,) = await outbox.claim(explained, MONDAY, 9, "me/1", 1)
        await people.chats_of_claimed(explained, row.holder)
        await people.skip_unreachable(explained, row.subject, MONDAY)
        await outbox.on_wire(explained, row, MONDAY)
        await outbox.settle(explained, row, MONDAY, "sent")
    await store.close()
    assert explained.plans
    assert [plan for plan in explained.plans if READS_ALL.search(plan)] == []
