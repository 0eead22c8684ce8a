"""Hours of learning a year (L1): what each has come to from every source, and how far it is to their group's target."""

import datetime as dt
from dataclasses import dataclass

from bot.errors import Refused, Stale
from bot.store import Reading, Tx
from bot.training import audit, rights
from bot.training.calendar import Calendar
from bot.training.courses import AUDIENCES

TARGET = 40  # lesson periods a year unless HR sets another (a week of five days of eight periods)
LARGEST = 400
GOOD = 80  # tenths of a mark, from which it is good or excellent
FIRST_YEAR, LAST_YEAR = 1975, 2100  # calendar years that are shown

# What was attended of courses that the ledger does not tell of yet, neither closed nor in a list of earlier classes. A
# course counts for the year $1 it ends in: from $2 to before $3 (UTC seconds).
_RUNNING = """
    from attendance a
    join sessions s on s.id = a.session_id and s.cancelled_at is null
    join courses c on c.id = s.course_id and c.state <> 'cancelled'
    where c.ends_at >= $2 and c.ends_at < $3 and not exists (
        select 1 from training_records r where r.course_id = c.id and r.person_id = a.person_id and r.ended_at is null)
    and not exists (
        select 1 from training_records r
        where r.person_id = a.person_id and r.year = $1 and r.class_code = c.code and r.ended_at is null)
"""
# Every turn that gives hours in the calendar year $1: the ledger's, and what was attended of running courses.
EARNED = f"""
    earned(person_id, hours_tenths) as (
        select r.person_id, r.hours_tenths from training_records r
        where r.year = $1 and r.outcome = 'completed' and r.ended_at is null and r.person_id is not null
        union all
        select a.person_id, a.hours_tenths {_RUNNING}
    ), sums(person_id, tenths) as (select person_id, sum(hours_tenths) from earned group by person_id)
"""  # noqa: S608 (constants)


@dataclass(frozen=True)
class Standing:
    """Lesson periods of a year: `tenths` reached, in tenths, of the `target`, in whole ones."""

    tenths: int
    target: int

    @property
    def left(self) -> int:
        """Give how many tenths are left."""
        return max(0, self.target * 10 - self.tenths)


@dataclass(frozen=True)
class Entry:
    """One source of hours; `source` is that of the ledger, or 'running' for a course that is not closed."""

    title: str
    source: str
    day: str
    hours_tenths: int
    outcome: str


@dataclass(frozen=True)
class Behind:
    """Somebody under the target of their group."""

    person_id: int
    code: str
    name: str
    unit: str
    standing: Standing


def bounds(year: int, days: Calendar) -> tuple[int, int]:
    """Give the first second of a local year and that of the next (UTC seconds)."""
    midnight = dt.time()
    return days.instant(dt.date(year, 1, 1), midnight), days.instant(dt.date(year + 1, 1, 1), midnight)


async def of_person(tx: Reading, person_id: int, year: int, days: Calendar) -> Standing:
    """Give what a person has come to in a calendar year."""
    row = await tx.fetchrow(
        f"""
        with {EARNED}
        select coalesce(s.tenths, 0) as tenths, coalesce(t.hours, cast($5 as bigint)) as target from people p
        left join sums s on s.person_id = p.id left join hour_targets t on t.audience = p.audience and t.year = $1
        where p.id = $4
        """,  # noqa: S608 (constants)
        year,
        *bounds(year, days),
        person_id,
        TARGET,
    )
    return Standing(int(row["tenths"]), int(row["target"])) if row is not None else Standing(0, TARGET)


async def entries(tx: Reading, person_id: int, year: int, days: Calendar) -> list[Entry]:
    """Give every source of a person's hours in a calendar year, the newest first; failed courses give none."""
    rows = await tx.fetch(
        """
        select title, source, to_on, hours_tenths, outcome from training_records
        where person_id = $1 and year = $2 and ended_at is null
        """,
        person_id,
        year,
    )
    told = [Entry(r["title"], r["source"], r["to_on"], r["hours_tenths"], r["outcome"]) for r in rows]
    return sorted([*told, *await _running(tx, person_id, year, days)], key=lambda e: e.day, reverse=True)


async def _running(tx: Reading, person_id: int, year: int, days: Calendar) -> list[Entry]:
    rows = await tx.fetch(
        f"""
        select c.title, c.ends_at, sum(a.hours_tenths) as tenths {_RUNNING} and a.person_id = $4
        group by c.id, c.title, c.ends_at having sum(a.hours_tenths) > 0
        """,
        year,
        *bounds(year, days),
        person_id,
    )
    return [Entry(r["title"], "running", days.day(r["ends_at"]), int(r["tenths"]), "completed") for r in rows]


_BEHIND = f"""
    from people p join units u on u.id = p.unit_id left join sums s on s.person_id = p.id
    left join hour_targets t on t.audience = p.audience and t.year = $1
    where p.active = 1 and {rights.covered("p.unit_id", "$5")}
        and coalesce(s.tenths, 0) < 10 * coalesce(t.hours, cast($4 as bigint))
"""


async def count_behind(tx: Reading, clerk_id: int, year: int, days: Calendar) -> int:
    """Count who is under their group's target in a clerk's reach."""
    count: int = await tx.fetchval(
        f"with {EARNED} select count(*) as n {_BEHIND}", year, *bounds(year, days), TARGET, clerk_id
    )
    return count


async def behind(tx: Reading, clerk_id: int, year: int, days: Calendar, *, only_none: bool = False) -> list[Behind]:
    """Give who is under their group's target in a clerk's reach, by unit and name; `only_none`: without any hour."""
    rows = await tx.fetch(
        f"""
        with {EARNED}
        select p.id, p.code, p.name, u.name as unit, coalesce(s.tenths, 0) as tenths,
            coalesce(t.hours, cast($4 as bigint)) as target
        {_BEHIND} and (cast($6 as bigint) = 0 or coalesce(s.tenths, 0) = 0)
        order by u.fold, u.id, p.fold, p.id
        """,
        year,
        *bounds(year, days),
        TARGET,
        clerk_id,
        int(only_none),
    )
    return [
        Behind(r["id"], r["code"], r["name"], r["unit"], Standing(int(r["tenths"]), int(r["target"]))) for r in rows
    ]


@dataclass(frozen=True)
class Ahead:
    """Somebody who learns well or much: `mark` is the best of the year in tenths, `turns` what they completed."""

    code: str
    name: str
    unit: str
    mark: int | None
    turns: int
    standing: Standing


async def ahead(tx: Reading, clerk_id: int, year: int, days: Calendar) -> list[Ahead]:
    """Give who had a good mark (8.0 and more) or has reached the target, the best first (R42); it decides nothing."""
    rows = await tx.fetch(
        f"""
        with {EARNED}, best(person_id, mark, turns) as (
            select person_id, max(mark), count(*) from training_records
            where year = $1 and outcome = 'completed' and ended_at is null and person_id is not null group by person_id)
        select p.code, p.name, u.name as unit, b.mark, coalesce(b.turns, 0) as turns, coalesce(s.tenths, 0) as tenths,
            coalesce(t.hours, cast($4 as bigint)) as target
        from people p join units u on u.id = p.unit_id left join sums s on s.person_id = p.id
        left join best b on b.person_id = p.id left join hour_targets t on t.audience = p.audience and t.year = $1
        where p.active = 1 and {rights.covered("p.unit_id", "$5")} and coalesce(s.tenths, 0) > 0
            and (b.mark >= $6 or coalesce(s.tenths, 0) >= 10 * coalesce(t.hours, cast($4 as bigint)))
        order by coalesce(b.mark, 0) desc, s.tenths desc, p.fold, p.id
        """,  # noqa: S608 (constants)
        year,
        *bounds(year, days),
        TARGET,
        clerk_id,
        GOOD,
    )
    return [
        Ahead(r["code"], r["name"], r["unit"], r["mark"], r["turns"], Standing(int(r["tenths"]), int(r["target"])))
        for r in rows
    ]


@dataclass(frozen=True)
class UnitStanding:
    """A unit's own people at work: how many, how many with any hour of the year, how many at their target (R65)."""

    unit_id: int
    name: str
    people: int
    with_hours: int
    reached: int


async def by_unit(tx: Reading, clerk_id: int, year: int, days: Calendar) -> list[UnitStanding]:
    """Give every unit in a clerk's reach with somebody in it, those where fewest take part first."""
    rows = await tx.fetch(
        f"""
        with {EARNED}
        select u.id, u.name, count(*) as people, sum(case when coalesce(s.tenths, 0) > 0 then 1 else 0 end) as some,
            sum(case when coalesce(s.tenths, 0) >= 10 * coalesce(t.hours, cast($4 as bigint))
                then 1 else 0 end) as reached
        from people p join units u on u.id = p.unit_id left join sums s on s.person_id = p.id
        left join hour_targets t on t.audience = p.audience and t.year = $1
        where p.active = 1 and {rights.covered("p.unit_id", "$5")}
        group by u.id, u.name, u.fold order by u.fold, u.id
        """,  # noqa: S608 (constants)
        year,
        *bounds(year, days),
        TARGET,
        clerk_id,
    )
    found = [UnitStanding(r["id"], r["name"], int(r["people"]), int(r["some"]), int(r["reached"])) for r in rows]
    return sorted(found, key=lambda one: one.with_hours / one.people)


async def active_in_reach(tx: Reading, clerk_id: int) -> int:
    """Count the people in a clerk's reach."""
    count: int = await tx.fetchval(
        f"select count(*) from people p where p.active = 1 and {rights.covered('p.unit_id', '$1')}",  # noqa: S608
        clerk_id,
    )
    return count


async def targets(tx: Reading, year: int) -> dict[str, int]:
    """Give each group's target of a year, in lesson periods."""
    rows = await tx.fetch("select audience, hours from hour_targets where year = $1", year)
    return dict.fromkeys(AUDIENCES, TARGET) | {r["audience"]: r["hours"] for r in rows}


def check_target(audience: str, year: int) -> None:
    """Raise Stale for a group or a year that has no target."""
    if audience not in AUDIENCES or not FIRST_YEAR <= year <= LAST_YEAR:
        raise Stale


async def set_target(tx: Tx, audience: str, year: int, text: str, by: int, now: int) -> None:
    """Set a group's target of a year from a typed number. Raises Refused for anything but 0–400, else as above."""
    check_target(audience, year)
    if not (text.isascii() and text.isdigit() and len(text) < 5 and int(text) <= LARGEST):
        raise Refused("hours/target_wrong", value=text[:40], largest=LARGEST)
    old = (await targets(tx, year))[audience]
    await tx.execute(
        """
        insert into hour_targets (audience, year, hours, by_person, at) values ($1, $2, $3, $4, $5)
        on conflict (audience, year) do update set hours = excluded.hours, by_person = excluded.by_person,
            at = excluded.at
        """,
        audience,
        year,
        int(text),
        by,
        now,
    )
    await audit.record(tx, by, "hours.target", f"group:{audience}:{year}", now, old=old, new=int(text))
