"""Who may do what where: HR of a unit or of the whole, schools, operators, acting heads. What was done is in audit."""

from bot.errors import NotAllowed, Refused
from bot.store import Reading, Tx


def covered(unit: str, clerk: str) -> str:
    """Give the SQL condition that HR rights of person `clerk` cover unit `unit` (a column and a placeholder).

    The one place where it is told how far a clerk's rights reach: their units with all that is under them.
    """
    return f"""exists (select 1 from rights hr where hr.person_id = {clerk} and hr.role = 'hr' and hr.revoked_at is null
        and (hr.unit_id is null
            or exists (select 1 from units_below b where b.above_id = hr.unit_id and b.unit_id = {unit})))"""  # noqa: S608 (constants)


async def covers(tx: Reading, clerk_id: int, unit_id: int | None) -> bool:
    """Tell whether a person's HR rights reach a unit; None stands for the whole."""
    found = await tx.fetchval(
        f"select 1 as found where {covered('cast($2 as bigint)', '$1')}",
        clerk_id,
        unit_id,
    )
    return found is not None


async def check_person(tx: Reading, clerk_id: int, person_id: int) -> None:
    """Let a clerk pass whose rights cover this person's unit. Raises NotAllowed, also for somebody unknown."""
    unit_id = await tx.fetchval("select unit_id from people where id = $1", person_id)
    if unit_id is None or not await covers(tx, clerk_id, unit_id):
        raise NotAllowed(f"person:{person_id}")


async def is_hr(tx: Reading, person_id: int) -> bool:
    """Tell whether a person has HR rights anywhere."""
    found = await tx.fetchval(
        "select 1 as found from rights where person_id = $1 and role = 'hr' and revoked_at is null", person_id
    )
    return found is not None


async def grant_hr(tx: Tx, person_id: int, now: int, *, by: int | None = None, unit_id: int | None = None) -> None:
    """Give HR rights over a unit and what is under it, or over the whole; to nobody who has left."""
    await tx.execute(
        """
        insert into rights (person_id, role, unit_id, granted_by, granted_at)
        select id, 'hr', cast($2 as bigint), cast($3 as bigint), cast($4 as bigint) from people
        where id = $1 and active = 1
        on conflict do nothing
        """,
        person_id,
        unit_id,
        by,
        now,
    )


async def revoke_hr(tx: Tx, person_id: int, now: int, *, by: int | None = None) -> None:
    """Take all HR rights, and void codes that would give them again. Raises Refused for the last one of the whole."""
    await tx.fetch("select id from rights where role = 'hr' and revoked_at is null for update")
    if await hr_people(tx) == [person_id]:
        raise Refused("people/last_hr")
    await tx.execute(
        """
        update rights set revoked_at = $2, revoked_by = $3
        where person_id = $1 and role = 'hr' and revoked_at is null
        """,
        person_id,
        now,
        by,
    )
    await tx.execute(
        "update invites set voided_at = $2 where person_id = $1 and role = 'hr' and used_at is null", person_id, now
    )


async def hr_people(tx: Reading) -> list[int]:
    """Give everybody who has HR rights over the whole."""
    rows = await tx.fetch(
        """
        select distinct r.person_id from rights r join people p on p.id = r.person_id and p.active = 1
        where r.role = 'hr' and r.revoked_at is null and r.unit_id is null order by r.person_id
        """
    )
    return [row["person_id"] for row in rows]
