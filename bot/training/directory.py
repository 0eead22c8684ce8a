"""Looking people up for HR, and noting that somebody has left or come back. How a search compares is in search."""

from dataclasses import dataclass

from bot.errors import Refused
from bot.folding import fold, tidy
from bot.store import Reading, Row, Tx
from bot.training import accounts, acting, audit, granting, people, rights, signing_up
from bot.training.calendar import Calendar
from bot.training.search import Candidate, best

MOST = 300  # more found people than anybody pages through


@dataclass(frozen=True)
class Found:
    """A person as a list shows them."""

    id: int
    code: str
    name: str
    unit: str


async def matching(tx: Reading, text: str, clerk_id: int) -> list[Found]:
    """Give the people a name, a staff code, a phone number or a unit's name finds, without diacritics, one typo too.

    Only those whom the clerk's rights cover.
    """
    words = fold(text).split()
    if not words:
        return []
    tests = " and ".join(
        f"p.fold || ' ' || u.fold || ' ' || lower(p.code) || ' ' || coalesce(p.phone, '') like ${place}"
        for place in range(1, len(words) + 1)
    )
    in_one_piece = f"case when p.fold || '|' || u.fold like ${len(words) + 1} then 0 else 1 end"
    within = rights.covered("p.unit_id", f"${len(words) + 2}")
    sql = f"{_SELECT} where {tests} and {within} order by p.active desc, {in_one_piece}, p.fold, p.id limit {MOST}"
    rows = await tx.fetch(sql, *(f"%{word}%" for word in words), f"%{' '.join(words)}%", clerk_id)
    exact = [row for row in rows if row["code"].upper() == tidy(text).upper()]
    return [_found(row) for row in exact or rows] or await _nearly(tx, text, clerk_id)


_SELECT = "select p.id, p.code, p.name, u.name as unit from people p join units u on u.id = p.unit_id"


async def _nearly(tx: Reading, text: str, clerk_id: int) -> list[Found]:
    within = f"{_SELECT} where {rights.covered('p.unit_id', '$1')} order by p.fold, p.id"
    rows = {row["id"]: row for row in await tx.fetch(within, clerk_id)}
    found = best(text, [Candidate(row["name"], "person", number) for number, row in rows.items()], loose=False)
    return [_found(rows[candidate.id]) for candidate in found[:MOST]]


def _found(row: Row) -> Found:
    return Found(row["id"], row["code"], row["name"], row["unit"])


async def of_unit(tx: Reading, unit_id: int) -> list[people.Person]:
    """Give the active people of a unit, leaders first."""
    rows = await tx.fetch(
        """
        select p.*, u.name as unit from people p join units u on u.id = p.unit_id
        where p.unit_id = $1 and p.active = 1 order by p.leader desc, p.fold, p.id
        """,
        unit_id,
    )
    return [people.person_of(row) for row in rows]


def told(person: people.Person) -> str:
    """Give the words by which a list of colleagues is narrowed: name, title, code."""
    return f"{person.name} {person.title or ''} {person.code}"


async def leave(tx: Tx, person_id: int, by: int, now: int, days: Calendar) -> None:
    """Note that somebody works here no more: no chat, no rights, no open code, no place; what they learned stays.

    Raises Refused for the last one with HR rights over the whole.
    """
    await signing_up.hold_presence(tx, person_id)
    await granting.take_all(tx, person_id, by, now, days)
    await acting.end_all(tx, person_id, now)
    await accounts.detach_all(tx, person_id)
    await tx.execute("update units set head_id = null, head_proposed = 0 where head_id = $1", person_id)
    await tx.execute("update invites set voided_at = $2 where person_id = $1 and used_at is null", person_id, now)
    if not await tx.execute("update people set active = 0 where id = $1 and active = 1", person_id):
        raise Refused("people/already")
    await signing_up.leave_all(tx, person_id, by, now, days)
    await audit.record(tx, by, "person.leave", f"person:{person_id}", now)


async def come_back(tx: Tx, person_id: int, by: int, now: int) -> None:
    """Note that somebody works here again; they link anew by a code."""
    if not await tx.execute("update people set active = 1 where id = $1 and active = 0", person_id):
        raise Refused("people/already")
    await audit.record(tx, by, "person.come_back", f"person:{person_id}", now)
