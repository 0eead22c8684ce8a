"""People with rights for the tests of HR's courses: clerks of a unit, schools, lecturers."""

from typing import Any

from bot.folding import fold
from tests.talking import Chat, Office


async def clerk(office: Office, name: str, unit: str, **facts: Any) -> Chat:
    """HR of one unit and what is under it."""
    chat = await office.person(name, unit=unit, **facts)
    async with office.store.transaction() as tx:
        unit_id = await tx.fetchval("select id from units where name = $1", unit)
        await tx.execute(
            "insert into rights (person_id, role, unit_id, granted_at) values ($1, 'hr', $2, 1)",
            chat.person_id, unit_id,
        )  # fmt: skip
    return chat


async def school(office: Office, name: str, institution: str) -> Chat:
    """Somebody who works for a training institution."""
    chat = await office.person(name)
    async with office.store.transaction() as tx:
        await tx.execute(
            "insert into institutions (name, fold) values ($1, $2) on conflict do nothing",
            institution, fold(institution),
        )  # fmt: skip
        number = await tx.fetchval("select id from institutions where fold = $1", fold(institution))
        await tx.execute(
            "insert into rights (person_id, role, institution_id, granted_at) values ($1, 'school', $2, 1)",
            chat.person_id, number,
        )  # fmt: skip
    return chat


async def unit_id(office: Office, name: str) -> int:
    """The number of a unit, made if there is none."""
    async with office.store.transaction() as tx:
        await tx.execute(
            "insert into units (name, fold) values ($1, $2) on conflict (fold) do nothing", name, fold(name)
        )
        return int(await tx.fetchval("select id from units where fold = $1", fold(name)))


async def told(office: Office, person: Chat, **facts: Any) -> None:
    """Write facts of a person: title, rank, leader …"""
    async with office.store.transaction() as tx:
        for name, value in facts.items():
            await tx.execute(f"update people set {name} = $2 where id = $1", person.person_id, value)
