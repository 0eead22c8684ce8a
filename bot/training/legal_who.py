"""Who is done with a legal update and who is not: counts, lists by unit, evidence. Reminding them is elsewhere."""

from dataclasses import dataclass

from bot.store import Reading
from bot.training import legal, rights
from bot.training.legal import Evidence, Update
from bot.training.who_not import Missing

# $1 update, $2 its version, $3 a head or null for everybody.
BELOW = """
    below(id) as (
        select id from units where head_id = $3
        union
        select u.id from units u join below b on u.parent_id = b.id)
"""
_CONCERNED = """
    from people p join legal_audience a on a.update_id = $1 and a.audience = p.audience
    join units on units.id = p.unit_id
    where p.active = 1 and (cast($3 as bigint) is null or p.unit_id in (select id from below))
"""
_DONE = "select 1 from legal_evidence e where e.person_id = p.id and e.update_id = $1 and e.version = $2"
NOT_DONE = f"{_CONCERNED} and not exists ({_DONE})"


@dataclass(frozen=True)
class Count:
    """How many of those concerned are done."""

    done: int
    concerned: int

    @property
    def left(self) -> int:
        """Give how many are not."""
        return self.concerned - self.done


@dataclass(frozen=True)
class Proof:
    """One line of evidence, with who gave it."""

    code: str
    name: str
    unit: str
    evidence: Evidence


async def count(tx: Reading, update: Update, head_id: int | None = None) -> Count:
    """Count those concerned, in all units or in those of a head and below."""
    row = await tx.fetchrow(
        f"""
        with recursive {BELOW}
        select count(*) as concerned, coalesce(sum(case when exists ({_DONE}) then 1 else 0 end), 0) as done
        {_CONCERNED}
        """,
        update.id,
        update.version,
        head_id,
    )
    return Count(int(row["done"]), int(row["concerned"])) if row is not None else Count(0, 0)


async def missing(tx: Reading, update: Update, head_id: int | None = None) -> list[Missing]:
    """Give who is not done, by unit, then by name."""
    rows = await tx.fetch(
        f"""
        with recursive {BELOW}
        select p.id, p.code, p.name, units.name as unit {NOT_DONE} order by units.fold, units.id, p.fold, p.id
        """,
        update.id,
        update.version,
        head_id,
    )
    return [Missing(row["id"], row["code"], row["name"], row["unit"]) for row in rows]


async def heads_with_somebody_left(tx: Reading, update: Update) -> list[int]:
    """Give the heads with somebody other than themselves not done in their units or below."""
    rows = await tx.fetch(
        """
        with recursive below(head_id, id) as (
            select head_id, id from units where head_id is not null
            union
            select b.head_id, u.id from units u join below b on u.parent_id = b.id)
        select distinct b.head_id from below b join people p on p.unit_id = b.id
        join legal_audience a on a.update_id = $1 and a.audience = p.audience
        where p.active = 1 and p.id <> b.head_id and not exists (
            select 1 from legal_evidence e where e.person_id = p.id and e.update_id = $1 and e.version = $2)
        order by b.head_id
        """,
        update.id,
        update.version,
    )
    return [row["head_id"] for row in rows]


async def hr_if_somebody_left(tx: Reading, update: Update) -> list[int]:
    """Give everybody with HR rights, or nobody when all are done."""
    if not (await count(tx, update)).left:
        return []
    return await rights.hr_people(tx)


async def proofs(tx: Reading, update_id: int) -> list[Proof]:
    """Give all evidence of an update, of every version, in the order it was given."""
    rows = await tx.fetch(
        """
        select e.*, p.code, p.name, u.name as unit
        from legal_evidence e join people p on p.id = e.person_id join units u on u.id = p.unit_id
        where e.update_id = $1 order by e.version, e.at, e.id
        """,
        update_id,
    )
    return [Proof(row["code"], row["name"], row["unit"], legal.evidence_of(row)) for row in rows]
