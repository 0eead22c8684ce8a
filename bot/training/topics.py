"""Kinds of messages that a person may turn off, and those nobody can. What is sent heeds it elsewhere."""

from bot.errors import Stale
from bot.store import Reading, Tx

GENERAL = "general"  # announcements of HR that are not marked as required
RATINGS = "ratings"  # the second reminder to rate a course
OPTIONAL = (GENERAL, RATINGS)
LOCKED = ("required", "schedule", "approvals", "laws")


async def off(tx: Reading, person_id: int) -> frozenset[str]:
    """Give the topics that a person has turned off."""
    rows = await tx.fetch("select topic from topics_off where person_id = $1", person_id)
    return frozenset(row["topic"] for row in rows)


async def turn(tx: Tx, person_id: int, topic: str, on: bool, now: int) -> None:
    """Turn a topic on or off. Raises Stale for one that cannot be."""
    if topic not in OPTIONAL:
        raise Stale
    if on:
        await tx.execute("delete from topics_off where person_id = $1 and topic = $2", person_id, topic)
        return
    await tx.execute(
        """
        insert into topics_off (person_id, topic, at) values ($1, $2, $3) on conflict (person_id, topic) do nothing
        """,
        person_id,
        topic,
        now,
    )
