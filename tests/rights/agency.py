"""Units, clerks of units and the log, for stories about rights."""

from bot.folding import fold
from bot.training import granting
from bot.training.calendar import Calendar
from tests.talking import ZONE, Chat, Office


async def unit_id(office: Office, name: str) -> int:
    async with office.store.reading() as tx:
        found: int = await tx.fetchval("select id from units where fold = $1", fold(name))
    return found


async def unit_under(office: Office, name: str, above: str) -> None:
    """Put one unit under another."""
    async with office.store.transaction() as tx:
        await tx.execute(
            "update units set parent_id = (select id from units where fold = $2) where fold = $1",
            fold(name),
            fold(above),
        )


async def clerk(office: Office, name: str, unit: str, **facts: object) -> Chat:
    """A person with HR rights over their own unit and what is under it."""
    chat = await office.person(name, unit=unit, **facts)
    async with office.store.transaction() as tx:
        place = await tx.fetchval("select unit_id from people where id = $1", chat.person_id)
        await granting.give(tx, chat.person_id, "hr", place, chat.person_id, office.clock.now(), Calendar(ZONE))
    return chat


async def audited(office: Office, action: str = "") -> list[tuple[str, str]]:
    """Give (action, subject) of the log's lines, of one action or of all, the oldest first."""
    async with office.store.reading() as tx:
        rows = await tx.fetch("select action, subject from audit where $1 in ('', action) order by id", action)
    return [(row["action"], row["subject"]) for row in rows]
