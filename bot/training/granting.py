"""Rights given and taken by HR of the whole, at once, logged and told to their holder. Their reach is in rights."""

from dataclasses import dataclass
from typing import Literal

from bot.errors import Refused, Stale
from bot.store import Reading, Row, Tx
from bot.training import audit, rights, telling
from bot.training.calendar import Calendar

RightRole = Literal["hr", "school", "operator"]
ROLES: tuple[RightRole, ...] = ("hr", "school", "operator")
GIVEN, TAKEN = "right_given", "right_taken"


@dataclass(frozen=True)
class Grant:
    """One right that somebody has: since when (UTC seconds), by whom (None: the command line).

    `place` is the unit or the institution it is for; None is the whole.
    """

    id: int
    person_id: int
    role: RightRole
    unit_id: int | None
    institution_id: int | None
    place: str | None
    granted_at: int
    by: str | None
    revoked_at: int | None

    @property
    def subject(self) -> str:
        """Give the subject of what its holder is told about it."""
        return f"right:{self.id}"

    @property
    def told(self) -> dict[str, str | int | None]:
        """Give what the log tells of it."""
        return {"role": self.role, "unit": self.unit_id, "institution": self.institution_id}


_SELECT = """
    select r.id, r.person_id, r.role, r.unit_id, r.institution_id, r.granted_at, r.revoked_at, b.name as by,
        coalesce(u.name, i.name) as place
    from rights r left join people b on b.id = r.granted_by left join units u on u.id = r.unit_id
    left join institutions i on i.id = r.institution_id
"""


async def of_person(tx: Reading, person_id: int) -> list[Grant]:
    """Give the rights somebody has now, the oldest first."""
    rows = await tx.fetch(f"{_SELECT} where r.person_id = $1 and r.revoked_at is null order by r.id", person_id)
    return [_grant(row) for row in rows]


async def find(tx: Reading, grant_id: int) -> Grant:
    """Read a right. Raises Stale when it was taken back or never was."""
    grant = await given(tx, grant_id)
    if grant.revoked_at is not None:
        raise Stale
    return grant


async def given(tx: Reading, grant_id: int) -> Grant:
    """Read a right, also one that was taken back. Raises Stale when it never was."""
    row = await tx.fetchrow(f"{_SELECT} where r.id = $1", grant_id)
    if row is None:
        raise Stale
    return _grant(row)


def _grant(row: Row) -> Grant:
    return Grant(**{name: row[name] for name in Grant.__dataclass_fields__})


async def place_of(tx: Reading, role: str, place_id: int) -> str | None:
    """Give the name of the unit or institution a right would be for; None is the whole. Raises Stale for a forgery."""
    if role not in ROLES or (place_id and role == "operator") or (not place_id and role == "school"):
        raise Stale
    if not place_id:
        return None
    table = "units" if role == "hr" else "institutions"
    name: str | None = await tx.fetchval(f"select name from {table} where id = $1", place_id)  # noqa: S608 (constants)
    if name is None:
        raise Stale
    return name


async def give(tx: Tx, person_id: int, role: str, place_id: int, by: int, now: int, days: Calendar) -> None:
    """Give a right over a unit and what is under it, of an institution, or over the whole (0), and tell its holder.

    What somebody has already stays as it is. Raises Stale for a forged place, Refused for somebody who has left.
    """
    await place_of(tx, role, place_id)
    if await tx.fetchval("select 1 as found from people where id = $1 and active = 1", person_id) is None:
        raise Refused("rights/left")
    unit_id = place_id or None if role == "hr" else None
    institution_id = place_id if role == "school" else None
    grant_id = await tx.fetchval(
        """
        insert into rights (person_id, role, unit_id, institution_id, granted_by, granted_at)
        values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning id
        """,
        person_id,
        role,
        unit_id,
        institution_id,
        by,
        now,
    )
    if grant_id is not None:
        grant = await find(tx, grant_id)
        await audit.record(tx, by, "rights.grant", f"person:{person_id}", now, new=grant.told)
        if person_id != by:  # who gives it to themself sees it
            await telling.tell(tx, GIVEN, grant.subject, person_id, [grant_id], days, now)


async def take(tx: Tx, grant_id: int, by: int, now: int, days: Calendar) -> Grant:
    """Take a right back: the next tap of its holder is refused, and codes that would give it again are void.

    Its holder is told, unless the news that it was given has not even gone out.
    Raises Refused for the last one of the whole, Stale when it was taken back before.
    """
    await tx.fetch("select id from rights where role = 'hr' and revoked_at is null for update")
    grant = await find(tx, grant_id)
    if grant.role == "hr" and grant.unit_id is None:
        await rights.check_not_last(tx, grant.person_id)
    await tx.execute("update rights set revoked_at = $2, revoked_by = $3 where id = $1", grant_id, now, by)
    if grant.role == "hr":
        await rights.void_codes(tx, grant.person_id, now)
    await audit.record(tx, by, "rights.revoke", f"person:{grant.person_id}", now, old=grant.told)
    if not await telling.unsaid(tx, GIVEN, grant.subject, grant.person_id, now) and grant.person_id != by:
        await telling.tell(tx, TAKEN, grant.subject, grant.person_id, [grant_id], days, now)
    return grant


async def take_all(tx: Tx, person_id: int, by: int, now: int, days: Calendar) -> None:
    """Take every right of somebody who leaves. Raises Refused for the last one of the whole."""
    for grant in await of_person(tx, person_id):
        await take(tx, grant.id, by, now, days)
