"""Who decides on a person at an instant: the head above them or whoever stands in for that head, never they themselves.

It is the nearest unit, from the person's own upwards, that somebody else heads. A unit that the person heads is passed
over with its acting heads: nobody decides on whom they stand in for. Without any such unit HR decides.
"""

from bot.store import Reading


def relation(asked: str, now: str) -> str:
    """Give the SQL of `decides (key, decider_id)` for a `with recursive`.

    `asked` selects (key, person_id, unit_id) of those to be decided on; `now` is the placeholder of an instant.
    """
    acting = f"h.ended_at is null and h.from_at <= cast({now} as bigint) and h.until_at > cast({now} as bigint)"
    return f"""
        climb (key, person_id, unit_id, depth) as (
            select asked.key, asked.person_id, asked.unit_id, 0 from ({asked}) asked
            union all
            select c.key, c.person_id, u.parent_id, c.depth + 1 from climb c join units u on u.id = c.unit_id
            where u.parent_id is not null and c.depth < 9 and (u.head_id = c.person_id
                or u.head_id is null and not exists (select 1 from acting_heads h
                    where h.unit_id = u.id and h.person_id <> c.person_id and {acting}))
        ), decides (key, decider_id) as (
            select c.key, u.head_id from climb c join units u on u.id = c.unit_id
            where u.head_id is not null and u.head_id <> c.person_id
            union
            select c.key, h.person_id from climb c join units u on u.id = c.unit_id
            join acting_heads h on h.unit_id = u.id and h.person_id <> c.person_id and {acting}
            where u.head_id is null or u.head_id <> c.person_id)
    """  # noqa: S608 (constants and placeholders)


def under(unit: str, head: str, now: str) -> str:
    """Give the SQL condition that `head` heads unit `unit`, or one above it, or stands in for the head of such a one.

    A column and two placeholders. Nothing in it depends on the row but `unit`.
    """
    return f"""{unit} in (select b.unit_id from units_below b join units top on top.id = b.above_id
        where {heads("top", head, now)})"""  # noqa: S608 (placeholders)


def heads(unit: str, head: str, now: str) -> str:
    """Give the SQL condition that `head` heads just this unit (an alias of units), or stands in for its head."""
    return f"({unit}.head_id = {head} or {unit}.id in ({_acting(head, now)}))"


def _acting(head: str, now: str) -> str:
    return f"""select h.unit_id from acting_heads h where h.person_id = {head} and h.ended_at is null
        and h.from_at <= cast({now} as bigint) and h.until_at > cast({now} as bigint)"""  # noqa: S608 (placeholders)


def people_of(decider: str, now: str) -> str:
    """Give the SQL of `mine (person_id)` for a `with recursive`: the active people on whom `decider` decides.

    Who has a head of their own in their unit is left out at once: there may be 60,000 under the highest one.
    """
    acting = _acting(decider, now)
    asked = f"""
        select p.id as key, p.id as person_id, p.unit_id from people p join units own on own.id = p.unit_id
        where p.active = 1
            and (own.head_id is null or own.head_id in (p.id, {decider}) or own.id in ({acting}))
            and {under("p.unit_id", decider, now)}
    """  # noqa: S608 (constants and placeholders)
    return f"""{relation(asked, now)},
        mine (person_id) as (select key from decides where decider_id = {decider})"""  # noqa: S608


async def of_person(tx: Reading, person_id: int, now: int, *, but: int = 0) -> list[int]:
    """Give those who decide on a person at `now`, the head first; none when HR does.

    With `but`, units that this other person heads are passed over as well: for what concerns two people.
    """
    unit_id: int | None = await tx.fetchval("select unit_id from people where id = $1", person_id)
    for _ in range(10):  # deeper than any real tree, and an end to a circle made by mistake
        unit = await tx.fetchrow("select id, head_id, parent_id from units where id = $1", unit_id)
        if unit is None:
            return []
        if unit["head_id"] not in (person_id, but):
            head = [] if unit["head_id"] is None else [int(unit["head_id"])]
            found = head + [one for one in await acting(tx, unit["id"], now) if one not in (person_id, but, *head)]
            if found:
                return found
        unit_id = unit["parent_id"]
    return []


async def acting(tx: Reading, unit_id: int, now: int) -> list[int]:
    """Give who stands in for the head of a unit at `now`."""
    rows = await tx.fetch(
        """
        select distinct h.person_id from acting_heads h join people p on p.id = h.person_id and p.active = 1
        where h.unit_id = $1 and h.ended_at is null and h.from_at <= $2 and h.until_at > $2 order by h.person_id
        """,
        unit_id,
        now,
    )
    return [row["person_id"] for row in rows]


async def may(tx: Reading, speaker_id: int, person_id: int, now: int) -> bool:
    """Tell whether somebody decides on this person at `now` as a head or in place of one."""
    return speaker_id in await of_person(tx, person_id, now)
