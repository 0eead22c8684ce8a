"""Courses for tests: made small and at once, or read from the sample workbook."""

from pathlib import Path
from typing import Any

from bot.folding import fold
from bot.store import Tx
from bot.training import calendar, course_import, courses, session_reminders, sessions
from tests.talking import ZONE, Chat, Office, at

SAMPLE = Path(__file__).parents[2] / "bot/sandbox/data/lop-boi-duong-2026-12.xlsx"
DEFAULT_SESSIONS = (("2026-12-07", "07:30", "11:30"),)


async def imported(office: Office) -> course_import.Difference:
    """Bring in the ten courses of the sample workbook."""
    plan = course_import.read(SAMPLE.read_bytes(), SAMPLE.name)
    async with office.store.transaction() as tx:
        return await course_import.apply(tx, plan, office.clock.now(), ZONE)


async def course(office: Office, **fields: Any) -> int:
    """Make one open course with its reminders planned, and give its number."""
    async with office.store.transaction() as tx:
        return await make_course(tx, office.clock.now(), **fields)


async def make_course(
    tx: Tx,
    now: int,
    *,
    sessions_at: tuple[tuple[str, str, str], ...] = DEFAULT_SESSIONS,
    place: str | None = "Phòng họp số 2",
    link: str | None = None,
    **fields: Any,
) -> int:
    spans = [(at(day, start), at(day, end)) for day, start, end in sessions_at]
    first, last = min(s for s, _ in spans), max(e for _, e in spans)
    columns: dict[str, Any] = {
        "title": "Lớp mẫu", "category": "PL", "audience": "CB,CC,VC,HDLD", "mode": "truc_tiep", "capacity": 30,
        "deadline": first - 86_400, "cancel_until": first - 86_400, "starts_at": first, "ends_at": last,
        "created_at": now, "updated_at": now, **fields,
    }  # fmt: skip
    columns["fold"] = fold(columns["title"])
    columns.setdefault("code", f"L{await tx.fetchval('select count(*) from courses') + 1}")
    names = list(columns)
    marks = ", ".join(f"${n}" for n in range(1, len(names) + 1))
    course_id: int = await tx.fetchval(
        f"insert into courses ({', '.join(names)}) values ({marks}) returning id", *columns.values()
    )
    days = await calendar.load(tx, ZONE)
    for number, (starts_at, ends_at) in enumerate(spans, start=1):
        session_id = await tx.fetchval(
            """insert into sessions (course_id, number, starts_at, ends_at, place, link, updated_at)
            values ($1, $2, $3, $4, $5, $6, $7) returning id""",
            course_id, number, starts_at, ends_at, place, link, now,
        )  # fmt: skip
        await session_reminders.plan(tx, await sessions.find(tx, session_id), now, days)
    await session_reminders.plan_end(tx, await courses.find(tx, course_id), now)
    return course_id


async def seated(office: Office, person: Chat, course_id: int) -> None:
    """Give a person a seat without asking anybody."""
    async with office.store.transaction() as tx:
        from bot.training import enrolments

        await enrolments.add(tx, course_id, person.person_id, "seat", 1, office.clock.now())


async def state_of(office: Office, person: Chat, course_id: int) -> list[str]:
    """Give the states of all the person's attempts on a course, the oldest first."""
    async with office.store.reading() as tx:
        rows = await tx.fetch(
            "select state from enrolments where course_id = $1 and person_id = $2 order by id",
            course_id,
            person.person_id,
        )
    return [row["state"] for row in rows]
