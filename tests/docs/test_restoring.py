import re
from pathlib import Path

from bot import outbox
from bot.outbox import Owed
from bot.store import Store
from tests.talking import MONDAY, add_person

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")


async def test_what_operations_says_before_a_restored_start_withdraws_what_may_have_been_sent(store: Store) -> None:
    (statement,) = re.findall(r'sqlite3 data/bot.db "(.*)"', PAGE)
    person_id = await add_person(store, MONDAY, "Lan", chat="lan")
    async with store.transaction() as tx:
        for key, due_at in (("past", MONDAY - 60), ("to come", MONDAY + 3600)):
            owed = Owed(key, "offer", "course:1", person_id, due_at, MONDAY + 86_400)
            assert await outbox.put(tx, owed, MONDAY - 100)
        await tx.execute(statement.replace("$(date +%s)", str(MONDAY)))
        assert await outbox.claim(tx, MONDAY, 10, "test") == []
        (later,) = await outbox.claim(tx, MONDAY + 3600, 10, "test")
    assert later.due_at == MONDAY + 3600
