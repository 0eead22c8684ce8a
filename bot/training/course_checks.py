"""The opening checklist of a course (R40): what is ready. It reminds, and blocks nothing."""

from collections.abc import Iterable, Sequence
from typing import Any

from bot.errors import Stale
from bot.store import Reading, Tx
from bot.training import audit
from bot.training.planned_sessions import PlannedSession

ITEMS = ("document", "lecturer", "programme", "room", "assessment", "money")


def told_by(fields: dict[str, Any], sessions: Sequence[PlannedSession]) -> set[str]:
    """Give the items that the course's own fields show to be ready; how it is assessed is for a clerk to say."""
    ready = {
        "document": fields.get("document"),
        "lecturer": fields.get("lecturer"),
        "programme": fields.get("objective") and (fields.get("hours_theory") or fields.get("hours_practice")),
        "room": sessions and all(session.place or session.link for session in sessions),
        "money": fields.get("payer"),
    }
    return {item for item, there in ready.items() if there}


async def done(tx: Reading, course_id: int) -> dict[str, str]:
    """Give the items ticked off, each with the name of who did."""
    rows = await tx.fetch(
        """
        select k.item, p.name from course_checks k left join people p on p.id = k.done_by
        where k.course_id = $1 and k.done_at is not null
        """,
        course_id,
    )
    return {row["item"]: row["name"] or "" for row in rows}


async def tick(tx: Tx, course_id: int, items: Iterable[str], by: int | None, now: int) -> None:
    """Tick items off, or, one by one, take the tick away again. Raises Stale for an unknown one."""
    for item in items:
        if item not in ITEMS:
            raise Stale
        await tx.execute(
            """
            insert into course_checks (course_id, item, done_by, done_at) values ($1, $2, $3, $4)
            on conflict (course_id, item) do update set done_by = excluded.done_by,
                done_at = case when course_checks.done_at is null then excluded.done_at end
            """,
            course_id,
            item,
            by,
            now,
        )
        await audit.record(tx, by, "course.check", f"course:{course_id}", now, new=item)
