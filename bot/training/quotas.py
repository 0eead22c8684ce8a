"""Quotas of units on a course: places kept for the people of a unit and what is under it. The whole is in places.

A quota is both: no more of the unit's people than that, and nobody else on those places. Who is under no quota has
what the quotas leave over. Somebody beyond it waits, and is told why.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.store import Reading, Row, Tx
from bot.training import places, rights
from bot.training.courses import Course
from bot.training.places import Places

FULL, QUOTA, OTHERS = "full", "quota", "others"


@dataclass(frozen=True)
class Quota:
    """How the places of one unit stand; `unit_id` 0 is everybody under no quota. `nested` is part of another one."""

    unit_id: int
    unit: str
    places: Places
    nested: bool = False


@dataclass(frozen=True)
class Room:
    """How many more of this person's unit may come now, and what stands in the way.

    `reason` is '' while there is room, else 'full' (the course), 'quota' (of `quota.unit`) or 'others' (the rest is
    kept for units that have a quota). `quota` is the narrowest one that concerns the person, None without quotas.
    """

    places: int
    reason: str = ""
    quota: Quota | None = None

    def __bool__(self) -> bool:
        return self.places > 0


def room_in(whole: Places, concerned: Sequence[Quota]) -> Room:
    """Give the room for a person whom the quotas `concerned` count."""
    if not concerned:
        return Room(whole.free, "" if whole.free else FULL)
    narrowest = min(concerned, key=lambda quota: quota.places.free)
    free = min(whole.free, narrowest.places.free)
    if free:
        return Room(free, "", narrowest)
    if not whole.free:
        return Room(0, FULL, narrowest)
    return Room(0, QUOTA if narrowest.unit_id else OTHERS, narrowest)


def others(whole: Places, quotas: Sequence[Quota]) -> Quota:
    """Give what is left for everybody under no quota; quotas inside another one are counted by it already."""
    top = [quota.places for quota in quotas if not quota.nested]
    return Quota(
        0,
        "",
        Places(
            max(0, whole.capacity - sum(one.capacity for one in top)),
            whole.seats - sum(one.seats for one in top),
            whole.head - sum(one.head for one in top),
            whole.hr - sum(one.hr for one in top),
            whole.offered - sum(one.offered for one in top),
        ),
    )


def next_ones(whole: Places, quotas: dict[int, Quota], waiting: Sequence[tuple[int, Sequence[int]]]) -> list[int]:
    """Give who of the waiting list can be offered a place now, in its order.

    `waiting` tells each enrolment with the quotas that count it; who has no room is passed over and keeps their place.
    """
    chosen: list[int] = []
    for enrolment_id, concerned in waiting:
        if not whole.free:
            break
        if all(quotas[unit].places.free for unit in concerned):
            chosen.append(enrolment_id)
            whole = replace(whole, offered=whole.offered + 1)
            quotas = quotas | {unit: _one_more(quotas[unit]) for unit in concerned}
    return chosen


def _one_more(quota: Quota) -> Quota:
    return replace(quota, places=replace(quota.places, offered=quota.places.offered + 1))


async def of_course(tx: Reading, course_id: int, now: int) -> list[Quota]:
    """Count each quota of a course, by the unit's name."""
    if not await _any(tx, course_id):
        return []
    rows = await tx.fetch(
        """
        select q.unit_id, u.name, q.places,
            count(case when e.state = 'seat' then 1 end) as seats,
            count(case when e.state = 'head' then 1 end) as head,
            count(case when e.state = 'hr' then 1 end) as hr,
            count(case when e.state = 'offered' and e.offer_expires_at > $2 then 1 end) as offered,
            count(case when e.state = 'waiting' then 1 end) as waiting,
            case when exists (
                select 1 from course_quotas o join units_below b on b.above_id = o.unit_id
                where o.course_id = q.course_id and b.unit_id = q.unit_id and o.unit_id <> q.unit_id
            ) then 1 else 0 end as nested
        from course_quotas q join units u on u.id = q.unit_id
        left join (
            select e.state, e.offer_expires_at, b.above_id from enrolments e join people p on p.id = e.person_id
            join units_below b on b.unit_id = p.unit_id
            where e.course_id = $1 and e.state in ('seat', 'head', 'hr', 'offered', 'waiting')
        ) e on e.above_id = q.unit_id
        where q.course_id = $1 group by q.course_id, q.unit_id, u.name, u.fold, q.places order by u.fold
        """,
        course_id,
        now,
    )
    return [_quota(row) for row in rows]


async def of_clerk(tx: Reading, course_id: int, clerk_id: int, now: int) -> list[Quota]:
    """Count the quotas that bound a clerk's own people: those of their units and of the units above."""
    rows = await tx.fetch(
        f"select q.unit_id from course_quotas q where q.course_id = $1 and {rights.seen('q.unit_id', '$2')}",  # noqa: S608
        course_id,
        clerk_id,
    )
    own = {row["unit_id"] for row in rows}
    return [quota for quota in await of_course(tx, course_id, now) if quota.unit_id in own]


async def _any(tx: Reading, course_id: int) -> bool:
    """Tell whether a course has quotas at all: most have none, and need no walk over the tree of units."""
    return await tx.fetchval("select 1 as found from course_quotas where course_id = $1", course_id) is not None


def _quota(row: Row) -> Quota:
    count = Places(row["places"], row["seats"], row["head"], row["hr"], row["offered"], row["waiting"])
    return Quota(row["unit_id"], row["name"], count, bool(row["nested"]))


async def room(tx: Reading, course: Course, person_id: int, now: int) -> Room:
    """Count the room for one person at `now` (UTC seconds). To act on it, hold the course (courses.locked) first."""
    whole = await places.of_course(tx, course.id, now)
    return room_in(whole, await concerned(tx, course.id, person_id, whole, now))


async def concerned(tx: Reading, course_id: int, person_id: int, whole: Places, now: int) -> list[Quota]:
    """Give the quotas that count this person: those over their unit, else what is left to all others."""
    quotas = await of_course(tx, course_id, now)
    if not quotas:
        return []
    rows = await tx.fetch(
        """
        select q.unit_id from course_quotas q join people p on p.id = $2
        join units_below b on b.above_id = q.unit_id and b.unit_id = p.unit_id where q.course_id = $1
        """,
        course_id,
        person_id,
    )
    over = {row["unit_id"] for row in rows}
    return [quota for quota in quotas if quota.unit_id in over] or [others(whole, quotas)]


async def next_waiting(tx: Reading, course: Course, now: int) -> list[int]:
    """Give the enrolments of the waiting list that can be offered a place at `now`. The caller holds the course."""
    whole = await places.of_course(tx, course.id, now)
    if not whole.free or not whole.waiting:
        return []
    quotas = await of_course(tx, course.id, now)
    by_unit = {quota.unit_id: quota for quota in quotas} | ({0: others(whole, quotas)} if quotas else {})
    return next_ones(whole, by_unit, await (_waiting_counted(tx, course.id) if quotas else _waiting(tx, course.id)))


async def _waiting(tx: Reading, course_id: int) -> list[tuple[int, list[int]]]:
    """Give the waiting list of a course without quotas."""
    rows = await tx.fetch(
        "select id from enrolments where course_id = $1 and state = 'waiting' order by arrival, id", course_id
    )
    return [(row["id"], []) for row in rows]


async def _waiting_counted(tx: Reading, course_id: int) -> list[tuple[int, list[int]]]:
    """Give the waiting list with the quotas that count each; 0 for the places left to all others."""
    rows = await tx.fetch(
        """
        select e.id, q.unit_id from enrolments e join people p on p.id = e.person_id
        left join (course_quotas q join units_below b on b.above_id = q.unit_id)
            on q.course_id = e.course_id and b.unit_id = p.unit_id
        where e.course_id = $1 and e.state = 'waiting' order by e.arrival, e.id
        """,
        course_id,
    )
    over: dict[int, list[int]] = {}
    for row in rows:
        over.setdefault(row["id"], []).append(row["unit_id"] or 0)
    return list(over.items())


async def put(tx: Tx, course_id: int, wanted: dict[int, int]) -> None:
    """Write the quotas of a course (unit → places) in place of those it had. The caller holds the course."""
    await tx.execute("delete from course_quotas where course_id = $1", course_id)
    for unit_id, count in sorted(wanted.items()):
        await tx.execute(
            "insert into course_quotas (course_id, unit_id, places) values ($1, $2, $3)", course_id, unit_id, count
        )
