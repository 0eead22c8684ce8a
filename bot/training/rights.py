"""Who may do what where: how far the rights of HR, schools and lecturers reach, and the last one who has HR rights.

A course belongs to a unit, or to the whole (`owner_unit_id` is None). Whose rights reach the owner may change it; who
has people of theirs under the owner may see it, with their own people only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.chat.turns import Role, Speaker
from bot.errors import NotAllowed, Refused
from bot.store import Reading, Tx

if TYPE_CHECKING:
    from bot.training.courses import Course  # whose lists ask here who may see them


def covered(unit: str, clerk: str) -> str:
    """Give the SQL condition that HR rights of person `clerk` cover unit `unit` (a column and a placeholder).

    The one place where it is told how far a clerk's rights reach: their units with all that is under them. Nothing in
    it depends on the row but `unit`, so that a list of 60,000 people walks the tree of units once.
    """
    return f"""({whole(clerk)} or {unit} in ({units_of(clerk)}))"""


def whole(clerk: str) -> str:
    """Give the SQL condition that person `clerk` has HR rights over the whole."""
    return f"""exists (select 1 from rights hr where hr.person_id = {clerk} and hr.role = 'hr'
        and hr.revoked_at is null and hr.unit_id is null)"""  # noqa: S608 (constants)


def units_of(clerk: str) -> str:
    """Give the SQL of the numbers of all units under the HR rights of person `clerk`; none for the whole."""
    return f"""select b.unit_id from rights hr join units_below b on b.above_id = hr.unit_id
        where hr.person_id = {clerk} and hr.role = 'hr' and hr.revoked_at is null"""  # noqa: S608 (constants)


async def covers(tx: Reading, clerk_id: int, unit_id: int | None) -> bool:
    """Tell whether a person's HR rights reach a unit; None stands for the whole."""
    found = await tx.fetchval(
        f"select 1 as found where {covered('cast($2 as bigint)', '$1')}",
        clerk_id,
        unit_id,
    )
    return found is not None


async def check_unit(tx: Reading, clerk_id: int, unit_id: int) -> None:
    """Let a clerk pass whose rights cover this unit. Raises NotAllowed, also for an unknown one."""
    if not await covers(tx, clerk_id, unit_id):
        raise NotAllowed(f"unit:{unit_id}")


async def check_person(tx: Reading, clerk_id: int, person_id: int) -> None:
    """Let a clerk pass whose rights cover this person's unit. Raises NotAllowed, also for somebody unknown."""
    unit_id = await tx.fetchval("select unit_id from people where id = $1", person_id)
    if unit_id is None or not await covers(tx, clerk_id, unit_id):
        raise NotAllowed(f"person:{person_id}")


async def check_course(tx: Reading, clerk_id: int, course: Course) -> None:
    """Let a clerk pass who may change this course: whose rights cover its owner. Raises NotAllowed."""
    if not await covers(tx, clerk_id, course.owner_unit_id):
        raise NotAllowed(course.subject)


def seen(owner: str, clerk: str) -> str:
    """Give the SQL condition that person `clerk` may see a course with owner `owner` (a column and a placeholder).

    It is their own, of the whole, or of a unit above theirs: their people may be on it.
    """
    return f"""({whole(clerk)} or {owner} is null and exists (select 1 from rights hr where hr.person_id = {clerk}
            and hr.role = 'hr' and hr.revoked_at is null)
        or {owner} in ({units_of(clerk)})
        or {owner} in (select above.above_id from units_below above join rights hr on hr.unit_id = above.unit_id
            where hr.person_id = {clerk} and hr.role = 'hr' and hr.revoked_at is null))"""  # noqa: S608 (constants)


async def sees_course(tx: Reading, clerk_id: int, course: Course) -> bool:
    """Tell whether a clerk may see this course with the people of their own units."""
    found = await tx.fetchval(
        f"select 1 as found where {seen('cast($2 as bigint)', '$1')}", clerk_id, course.owner_unit_id
    )
    return found is not None


async def check_sees_course(tx: Reading, clerk_id: int, course: Course) -> None:
    """Let a clerk pass who may see this course with the people of their own units. Raises NotAllowed."""
    if not await sees_course(tx, clerk_id, course):
        raise NotAllowed(course.subject)


async def check_runs_course(tx: Reading, speaker: Speaker, course: Course) -> None:
    """Let pass whoever runs this course: HR of its owner, its school, its lecturers. Raises NotAllowed."""
    if Role.HR in speaker.roles and await covers(tx, speaker.person_id, course.owner_unit_id):
        return
    if Role.SCHOOL in speaker.roles and await of_school(tx, speaker.person_id, course):
        return
    if Role.TEACHER in speaker.roles and await teaches(tx, speaker.person_id, course):
        return
    raise NotAllowed(course.subject)


async def of_school(tx: Reading, person_id: int, course: Course) -> bool:
    """Tell whether a person works for the school of this course."""
    found = await tx.fetchval(
        """
        select 1 as found from rights where person_id = $1 and role = 'school' and revoked_at is null
            and institution_id = cast($2 as bigint)
        """,
        person_id,
        course.institution_id,
    )
    return found is not None


async def teaches(tx: Reading, person_id: int, course: Course) -> bool:
    """Tell whether a person is a lecturer of this course."""
    found = await tx.fetchval(
        """
        select 1 as found from course_lecturers t join lecturers l on l.id = t.lecturer_id
        where t.course_id = $2 and l.person_id = $1
        """,
        person_id,
        course.id,
    )
    return found is not None


async def is_hr(tx: Reading, person_id: int) -> bool:
    """Tell whether a person has HR rights anywhere."""
    found = await tx.fetchval(
        "select 1 as found from rights where person_id = $1 and role = 'hr' and revoked_at is null", person_id
    )
    return found is not None


async def hr_people(tx: Reading) -> list[int]:
    """Give everybody who has HR rights over the whole."""
    rows = await tx.fetch(
        """
        select distinct r.person_id from rights r join people p on p.id = r.person_id and p.active = 1
        where r.role = 'hr' and r.revoked_at is null and r.unit_id is null order by r.person_id
        """
    )
    return [row["person_id"] for row in rows]


async def clerks(tx: Reading) -> list[int]:
    """Give everybody at work who has HR rights anywhere."""
    rows = await tx.fetch(
        """
        select distinct r.person_id from rights r join people p on p.id = r.person_id and p.active = 1
        where r.role = 'hr' and r.revoked_at is null order by r.person_id
        """
    )
    return [row["person_id"] for row in rows]


async def clerks_for(tx: Reading, person_id: int) -> list[int]:
    """Give the clerks who are told about a person: of the nearest unit above that has one with a chat, else the whole.

    Never the person themself, who would decide on their own wish.
    """
    rows = await tx.fetch(
        """
        with recursive climb(unit_id, depth) as (
            select unit_id, 0 from people where id = $1
            union all
            select u.parent_id, c.depth + 1 from climb c join units u on u.id = c.unit_id
            where u.parent_id is not null and c.depth < 9)
        select r.person_id, min(c.depth) as depth from climb c
        join rights r on r.unit_id = c.unit_id and r.role = 'hr' and r.revoked_at is null and r.person_id <> $1
        join people p on p.id = r.person_id and p.active = 1
        where exists (select 1 from accounts a where a.person_id = r.person_id and a.unreachable_at is null)
            and (select given from consents k
                where k.person_id = r.person_id and k.purpose = 'link' order by k.id desc limit 1) = 1
        group by r.person_id order by depth, r.person_id
        """,
        person_id,
    )
    nearest = [row["person_id"] for row in rows if row["depth"] == rows[0]["depth"]]
    return nearest or [clerk for clerk in await hr_people(tx) if clerk != person_id]


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
    await check_not_last(tx, person_id)
    await tx.execute(
        """
        update rights set revoked_at = $2, revoked_by = $3
        where person_id = $1 and role = 'hr' and revoked_at is null
        """,
        person_id,
        now,
        by,
    )
    await void_codes(tx, person_id, now)


async def check_not_last(tx: Reading, person_id: int) -> None:
    """Raise Refused when nobody else has HR rights over the whole: nobody could give them again."""
    if await hr_people(tx) == [person_id]:
        raise Refused("people/last_hr")


async def void_codes(tx: Tx, person_id: int, now: int) -> None:
    """Void the codes that would give somebody HR rights again."""
    await tx.execute(
        "update invites set voided_at = $2 where person_id = $1 and role = 'hr' and used_at is null", person_id, now
    )
