"""Courses that are over, with who was there and for how long."""

from typing import Any

from tests.courses.classes import course, seated
from tests.talking import Chat, Office, at

OVER = at("2026-12-08", "09:00")  # the day after the course of these tests
SESSIONS = (("2026-12-07", "07:30", "11:30"), ("2026-12-07", "13:30", "17:30"))


async def class_of(office: Office, *people: Chat, hours: int = 10, **fields: Any) -> int:
    """A course of two sessions with `hours` periods each, and everybody on it."""
    course_id = await course(office, sessions_at=SESSIONS, **{"title": "Luật Đất đai", "code": "DD1", **fields})
    async with office.store.transaction() as tx:
        await tx.execute("update sessions set hours = $2 where course_id = $1", course_id, hours)
    for one in people:
        await seated(office, one, course_id)
    return course_id


async def was_there(office: Office, person: Chat, course_id: int, hours: int) -> None:
    """Let a person have attended `hours` periods of the first session."""
    async with office.store.transaction() as tx:
        session_id = await tx.fetchval(
            "select id from sessions where course_id = $1 order by number limit 1", course_id
        )
        await tx.execute(
            """insert into attendance (session_id, person_id, state, hours_tenths, source, at)
            values ($1, $2, 'present', $3, 'phone', $4)""",
            session_id, person.person_id, hours * 10, office.clock.now(),
        )  # fmt: skip


async def ledger(office: Office, person: Chat) -> list[tuple[str, str, int, str | None]]:
    """Every row of a person, the ended ones too: source, outcome, hours in tenths, reason."""
    async with office.store.reading() as tx:
        rows = await tx.fetch(
            "select source, outcome, hours_tenths, reason from training_records where person_id = $1 order by id",
            person.person_id,
        )
    return [(row["source"], row["outcome"], row["hours_tenths"], row["reason"]) for row in rows]
