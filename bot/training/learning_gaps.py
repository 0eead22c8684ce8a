"""Who has not learned what their post calls for (R43, R44): required against done, by person and content group.

Done is a completed turn of the ledger, in this calendar year where it is called for each year. A level of political
theory (LLCT) or state management (QLNN) in the staff list stands for what is called for once. What is called for is
told in post_requirements.
"""

import json
from dataclasses import dataclass

from bot.outbox import BROADCAST
from bot.store import Reading, Row, Tx
from bot.training import courses, deciders, hours, rights
from bot.training.audiences import REACHABLE
from bot.training.calendar import Calendar
from bot.training.courses import CATEGORIES
from bot.training.post_requirements import CONCERNS

HINTED = "gap_hint"
USEFUL = 7 * 86_400  # seconds that a hint is of use


@dataclass(frozen=True)
class Group:
    """A content group: how many are to have it, how many lack it, how many of these have a seat on a course of it."""

    category: str
    required: int
    missing: int
    seated: int


@dataclass(frozen=True)
class Gap:
    """Somebody who lacks one content group; `post` is '' without one, `priority`: a sensitive post (R12)."""

    person_id: int
    code: str
    name: str
    unit: str
    post: str
    priority: bool
    category: str
    every_year: bool
    seated: bool


@dataclass(frozen=True)
class Own:
    """What a person's post calls for, and how they stand: 'done', 'seat' or 'missing'."""

    category: str
    every_year: bool
    state: str


def _standing(whose: str) -> str:
    """Give the SQL of standing(person_id, category, every_year, state) of the people p of whom `whose` is true.

    $1 is the calendar year, $2 and $3 its first second and that of the next (UTC seconds).
    """
    return f"""
    required(person_id, category, every_year) as (
        select p.id, r.category, max(r.every_year) from people p join post_requirements r on {CONCERNS}
        where p.active = 1 and {whose} group by p.id, r.category),
    standing(person_id, category, every_year, state) as (
        select q.person_id, q.category, q.every_year, case
            when exists (select 1 from training_records t where t.person_id = q.person_id and t.category = q.category
                and t.outcome = 'completed' and t.ended_at is null
                and (q.every_year = 0 or t.year = cast($1 as bigint))) then 'done'
            when q.every_year = 0 and exists (select 1 from people w where w.id = q.person_id
                and (q.category = 'LLCT' and coalesce(w.politics, '') <> ''
                    or q.category = 'QLNN' and coalesce(w.management, '') <> '')) then 'done'
            when exists (select 1 from enrolments e join courses c on c.id = e.course_id
                where e.person_id = q.person_id and e.state = 'seat' and c.category = q.category
                    and c.state <> 'cancelled' and not exists (select 1 from closings k where k.course_id = c.id)
                    and (q.every_year = 0 or c.ends_at >= cast($2 as bigint) and c.ends_at < cast($3 as bigint)))
                then 'seat'
            else 'missing' end
        from required q)
    """  # noqa: S608 (constants)


# Those whom asker $4 may ask about at $5: HR the units under their rights, a head (or who stands in) the own unit and
# what is under it.
_ASKED = _standing(f"({rights.covered('p.unit_id', '$4')} or {deciders.under('p.unit_id', '$4', '$5')})")
_OWN = _standing("p.id = $4")


async def groups(tx: Reading, asker_id: int, year: int, days: Calendar, now: int) -> list[Group]:
    """Give every content group that somebody within reach is to have, those that most lack first."""
    rows = await tx.fetch(
        f"""
        with {_ASKED}
        select category, count(*) as required, sum(case when state <> 'done' then 1 else 0 end) as missing,
            sum(case when state = 'seat' then 1 else 0 end) as seated
        from standing group by category
        """,  # noqa: S608 (constants)
        year,
        *hours.bounds(year, days),
        asker_id,
        now,
    )
    found = [Group(r["category"], int(r["required"]), int(r["missing"]), int(r["seated"])) for r in rows]
    return sorted(found, key=lambda g: (-g.missing, CATEGORIES.index(g.category)))


async def gaps(tx: Reading, asker_id: int, year: int, days: Calendar, now: int, category: str = "") -> list[Gap]:
    """Give who lacks what (of one content group, or of any): holders of sensitive posts first, then by unit."""
    rows = await tx.fetch(
        f"""
        with {_ASKED}
        select p.id, p.code, p.name, u.name as unit, p.position, coalesce(o.priority, 0) as priority, s.category,
            s.every_year, s.state
        from standing s join people p on p.id = s.person_id join units u on u.id = p.unit_id
        left join post_spellings w on w.position = p.position left join posts o on o.id = w.post_id
        where s.state <> 'done' and ($6 = '' or s.category = $6)
        order by coalesce(o.priority, 0) desc, u.fold, u.id, p.fold, p.id, s.category
        """,  # noqa: S608 (constants)
        year,
        *hours.bounds(year, days),
        asker_id,
        now,
        category,
    )
    return [_gap(row) for row in rows]


def _gap(row: Row) -> Gap:
    return Gap(
        row["id"],
        row["code"],
        row["name"],
        row["unit"],
        row["position"] or "",
        bool(row["priority"]),
        row["category"],
        bool(row["every_year"]),
        row["state"] == "seat",
    )


async def own(tx: Reading, person_id: int, year: int, days: Calendar) -> list[Own]:
    """Give what a person's post calls for, what is missing first."""
    rows = await tx.fetch(
        f"with {_OWN} select category, every_year, state from standing",  # noqa: S608 (constants)
        year,
        *hours.bounds(year, days),
        person_id,
    )
    found = [Own(row["category"], bool(row["every_year"]), row["state"]) for row in rows]
    order = ("missing", "seat", "done")
    return sorted(found, key=lambda one: (order.index(one.state), CATEGORIES.index(one.category)))


async def suggested(tx: Reading, person_id: int, missing: list[Own], now: int) -> dict[str, int]:
    """Count the open courses that a person may take, for each content group they lack."""
    lacked = {one.category for one in missing if one.state == "missing"}
    offered = await courses.catalogue(tx, person_id, now) if lacked else []
    counts = dict.fromkeys(sorted(lacked, key=CATEGORIES.index), 0)
    for course in offered:
        if course.category in counts:
            counts[course.category] += 1
    return counts


_TO_HINT = f"""
    from standing s join people p on p.id = s.person_id
    where s.state = 'missing' and s.category = $6 and p.id <> $4 and {REACHABLE}
"""


async def to_hint(tx: Reading, asker_id: int, year: int, days: Calendar, category: str, now: int) -> int:
    """Count those who can be written to about a content group that they lack and have no seat for."""
    count: int = await tx.fetchval(
        f"with {_ASKED} select count(*) as n {_TO_HINT}", year, *hours.bounds(year, days), asker_id, now, category
    )
    return count


async def hint(tx: Tx, asker_id: int, year: int, days: Calendar, category: str, now: int) -> int:
    """Owe each of them one message about it, at most one in a local month; gives how many are owed it now."""
    due_at = days.soon(now)
    return await tx.execute(
        f"""
        with {_ASKED}
        insert into outbox (unique_key, kind, priority, subject, person_id, args, due_at, expires_at, created_at)
        select $7 || cast(p.id as text), '{HINTED}', cast($8 as bigint), $9, p.id, $10, cast($11 as bigint),
            cast($12 as bigint), cast($5 as bigint) {_TO_HINT}
        on conflict (unique_key) do nothing
        """,
        year,
        *hours.bounds(year, days),
        asker_id,
        now,
        category,
        f"{HINTED}:{category}:{days.local(now):%Y-%m}:",
        BROADCAST,
        f"{HINTED}:{year}",
        json.dumps([category]),
        due_at,
        due_at + USEFUL,
    )
