"""Levels of courses that are in use ("Cấp xã", "Cơ bản"): offered for the lines of a plan instead of typing them."""

from bot.folding import fold
from bot.store import Reading


async def in_use(tx: Reading) -> list[str]:
    """Give each level that turns or courses are told with, the most used first, each once however it is written."""
    rows = await tx.fetch(
        """
        select level, sum(told) as told from (
            select level, count(*) as told from training_records where ended_at is null and level <> '' group by level
            union all
            select level, count(*) as told from courses where level is not null and level <> '' group by level
        ) used group by level order by told desc, level
        """
    )
    found: dict[str, str] = {}
    for row in rows:
        found.setdefault(fold(row["level"]), row["level"])
    return list(found.values())
