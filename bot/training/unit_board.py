"""A head's view of their people (R12): how many, who is away on courses soon, how many have no hour or lack something.

Who stands in for a head sees it as long as they do. Whose decision is asked for is in enrolments.
"""

from dataclasses import dataclass

from bot.store import Reading
from bot.training import deciders, hours, learning_gaps
from bot.training.calendar import Calendar

SOON = 7 * 86_400  # seconds ahead that people away on courses are told of

_MINE = f"from people p where p.active = 1 and {deciders.under('p.unit_id', '$1', '$2')}"
_AWAY = f"""
    from sessions s join courses c on c.id = s.course_id and c.state <> 'cancelled'
    join enrolments e on e.course_id = c.id and e.state = 'seat' join people p on p.id = e.person_id
    where s.cancelled_at is null and s.ends_at > $2 and s.starts_at < cast($3 as bigint)
        and p.active = 1 and p.id <> $1 and {deciders.under("p.unit_id", "$1", "$2")}
"""


@dataclass(frozen=True)
class Away:
    """A session in the next days and who of the unit is at it; instants in UTC seconds."""

    title: str
    mode: str
    starts_at: int
    ends_at: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class Board:
    """Figures of a head's units with all that is under them, the head among them.

    `units` names those headed or stood in for; `idle` have no hour this year, `lacking` lack what their post calls
    for.
    """

    units: tuple[str, ...]
    people: int
    idle: int
    lacking: int


async def of_head(tx: Reading, head_id: int, year: int, days: Calendar, now: int) -> Board:
    """Give the figures of a calendar year."""
    names = await tx.fetch(
        f"select u.name from units u where u.closed_at is null and {deciders.heads('u', '$1', '$2')} order by u.fold",  # noqa: S608
        head_id,
        now,
    )
    count: int = await tx.fetchval(f"select count(*) as n {_MINE}", head_id, now)
    gaps = await learning_gaps.gaps(tx, head_id, year, days, now)
    return Board(
        tuple(row["name"] for row in names),
        count,
        await _idle(tx, head_id, year, days, now),
        len({gap.person_id for gap in gaps}),
    )


async def _idle(tx: Reading, head_id: int, year: int, days: Calendar, now: int) -> int:
    count: int = await tx.fetchval(
        f"""
        with {hours.EARNED}
        select count(*) as n from people p left join sums s on s.person_id = p.id
        where p.active = 1 and coalesce(s.tenths, 0) = 0 and {deciders.under("p.unit_id", "$4", "$5")}
        """,  # noqa: S608 (constants)
        year,
        *hours.bounds(year, days),
        head_id,
        now,
    )
    return count


async def away(tx: Reading, head_id: int, now: int) -> list[Away]:
    """Give the sessions of the next seven days that people of a head's units have a seat at, the next first."""
    rows = await tx.fetch(
        f"select s.id, c.title, c.mode, s.starts_at, s.ends_at, p.name {_AWAY} order by s.starts_at, s.id, p.fold",
        head_id,
        now,
        now + SOON,
    )
    names: dict[int, list[str]] = {}
    for row in rows:
        names.setdefault(row["id"], []).append(row["name"])
    told = {row["id"]: row for row in rows}
    return [
        Away(told[n]["title"], told[n]["mode"], told[n]["starts_at"], told[n]["ends_at"], tuple(found))
        for n, found in names.items()
    ]
