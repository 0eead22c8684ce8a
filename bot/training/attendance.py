"""Who was there and for how many hours. How it is told (codes, sheets, taps) is in files of its own."""

from bot.store import Reading


async def hours(tx: Reading, course_id: int) -> dict[int, int]:
    """Give the tenths of lesson periods that each person attended of a course; who was never told of is missing."""
    rows = await tx.fetch(
        """
        select a.person_id, sum(a.hours_tenths) as tenths from attendance a join sessions s on s.id = a.session_id
        where s.course_id = $1 and s.cancelled_at is null group by a.person_id
        """,
        course_id,
    )
    return {row["person_id"]: int(row["tenths"]) for row in rows}
