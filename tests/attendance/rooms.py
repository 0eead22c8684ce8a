"""A class in its room: people with seats, the code of the moment, what is recorded."""

from typing import Any

from bot.training import attendance, attendance_codes, sessions
from bot.training.attendance_marks import Presence
from tests.courses.classes import course, seated
from tests.talking import Chat, Office, at

DAY = "2026-12-07"  # a Monday
BEGINS, ENDS = at(DAY, "07:30"), at(DAY, "11:30")


async def room(office: Office, *names: str, **fields: Any) -> tuple[int, int, list[Chat]]:
    """Make a course of one morning with a seat for each name; gives course, session and chats."""
    fields.setdefault("title", "Luật Đất đai")
    course_id = await course(office, **fields)
    chats = [await office.person(name) for name in names]
    for chat in chats:
        await seated(office, chat, course_id)
    return course_id, await session_of(office, course_id), chats


async def session_of(office: Office, course_id: int, number: int = 1) -> int:
    async with office.store.reading() as tx:
        return int(await tx.fetchval("select id from sessions where course_id = $1 and number = $2", course_id, number))


async def code_of(office: Office, session_id: int, later: int = 0) -> str:
    """Give the code that is shown `later` seconds from now."""
    async with office.store.transaction() as tx:
        session = await sessions.find(tx, session_id)
        code = await attendance_codes.current(tx, session, office.clock.now() + later)
    assert code is not None
    return code


def wrong(code: str) -> str:
    """Give four digits that are not this code nor one of a minute beside it."""
    return f"{(int(code) + 5000) % 10_000:04}"


async def recorded(office: Office, session_id: int, chat: Chat) -> Presence | None:
    async with office.store.reading() as tx:
        return await attendance.find(tx, session_id, chat.person_id)


async def state(office: Office, session_id: int, chat: Chat) -> str | None:
    presence = await recorded(office, session_id, chat)
    return None if presence is None else presence.state


async def teacher(office: Office, name: str, course_id: int) -> Chat:
    """Make somebody a lecturer of the course, with a chat of their own."""
    chat = await office.person(name, unit="Trường Chính trị")
    async with office.store.transaction() as tx:
        lecturer_id = await tx.fetchval(
            "insert into lecturers (name, fold, person_id) values ($1, $1, $2) returning id", name, chat.person_id
        )
        await tx.execute(
            "insert into course_lecturers (course_id, lecturer_id) values ($1, $2)", course_id, lecturer_id
        )
    return chat


async def school(office: Office, name: str, course_id: int) -> Chat:
    """Make somebody work for the institution that holds the course."""
    chat = await office.person(name, unit="Trường Chính trị")
    async with office.store.transaction() as tx:
        institution = await tx.fetchval("select institution_id from courses where id = $1", course_id)
        if institution is None:
            institution = await tx.fetchval(
                "insert into institutions (name, fold) values ('Trường', $1) returning id", f"truong {course_id}"
            )
            await tx.execute("update courses set institution_id = $2 where id = $1", course_id, institution)
        await tx.execute(
            "insert into rights (person_id, role, institution_id, granted_at) values ($1, 'school', $2, 0)",
            chat.person_id,
            institution,
        )
    return chat


async def logged(office: Office, action: str) -> list[tuple[str, str | None, str | None]]:
    async with office.store.reading() as tx:
        rows = await tx.fetch("select subject, old, new from audit where action = $1 order by id", action)
    return [(row["subject"], row["old"], row["new"]) for row in rows]
