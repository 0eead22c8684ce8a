"""Ai chưa?: who has not done something yet, whatever the thing, by unit and ready to paste. Its look is elsewhere.

Every list is one condition about a person, and one way to name the things it is about; what a speaker's rights do not
cover is in no list. HR sees the units under their rights, a head the own unit and what is under it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.errors import Stale
from bot.store import Reading
from bot.training import broadcasts, change_answers, deciders, rights
from bot.training.attendance import attended_sql
from bot.training.audiences import REACHABLE

RECENT = 90 * 86_400  # seconds that a thing which is over is still asked about
MOST = 12  # things of one kind in the menu, the newest first


@dataclass(frozen=True)
class Missing:
    """Somebody who has not."""

    person_id: int
    code: str
    name: str
    unit: str


@dataclass(frozen=True)
class Listed:
    """One list: what it is about (`title` is '' where the kind says it all) and how many have not.

    `current`: it can still be done.
    """

    kind: str
    id: int
    title: str
    count: int
    current: bool = True


@dataclass(frozen=True)
class _Kind:
    """SQL of one kind of list: `condition` is about p, `things` gives id, title and whether it is `current`.

    `of_class`: the thing is a course, so that the list is shown with it too.
    """

    condition: str
    things: str
    of_class: bool = False


_REQUESTS = """select e.id as key, e.person_id, a.unit_id from enrolments e join people a on a.id = e.person_id
    where e.course_id = $1 and e.state = 'head'"""

# Each names the few it is about first, by "p.id in": asked of each of 60,000 people a menu took over a second.
_SEATED = "p.id in (select e.person_id from enrolments e where e.course_id = $1 and e.state = 'seat')"
_OVER = "select id, title, ends_at <= $1 and ends_at >= $2 as current from courses where state <> 'cancelled'"

# In conditions $1 is the thing, $3 now, p a person; in things $1 is now, $2 since when.
_KINDS = {
    "chat": _Kind(
        f"cast($1 as bigint) = 0 and not {REACHABLE}",
        "select 0 as id, '' as title, cast($1 as bigint) >= cast($2 as bigint) as current",
    ),
    "law": _Kind(
        """exists (select 1 from legal_audience a join legal_updates l on l.id = a.update_id
            where l.id = $1 and a.audience = p.audience and not exists (select 1 from legal_evidence e
                where e.person_id = p.id and e.update_id = l.id and e.version = l.version))""",
        """select id, number as title, closed_at is null and cast($1 as bigint) >= cast($2 as bigint) as current
            from legal_updates""",
    ),
    "decide": _Kind(
        f"""p.id in (with recursive {deciders.relation(_REQUESTS, "$3")} select decider_id from decides)""",  # noqa: S608
        """select id, title, ends_at > $1 and $1 >= cast($2 as bigint) and exists (
                select 1 from enrolments e where e.course_id = courses.id and e.state = 'head') as current
            from courses""",
        of_class=True,
    ),
    "confirm": _Kind(
        """p.id in (select e.person_id from enrolments e
            where e.course_id = $1 and e.state = 'offered' and e.offer_expires_at > $3)""",
        """select id, title, ends_at > $1 and $1 >= cast($2 as bigint) and exists (select 1 from enrolments e
                where e.course_id = courses.id and e.state = 'offered' and e.offer_expires_at > $1) as current
            from courses""",
        of_class=True,
    ),
    "class_chat": _Kind(
        f"{_SEATED} and not {REACHABLE}",
        """select id, title, ends_at > $1 and $1 >= cast($2 as bigint) and state <> 'cancelled' as current
            from courses""",
        of_class=True,
    ),
    "receipt": _Kind(
        """p.id in (select o.person_id from outbox o where o.kind = 'broadcast' and o.state in ('sent', 'unknown')
                and o.subject = 'broadcast:' || cast(cast($1 as bigint) as text))
            and not exists (select 1 from receipts r where r.broadcast_id = $1 and r.person_id = p.id)""",
        """select id, substr(text, 1, 60) as title, started_at <= $1 and started_at >= $2 as current
            from broadcasts where receipt = 1 and started_at is not null""",
    ),
    "change": _Kind(
        f"p.id in (select a.person_id {change_answers.OPEN} and c.course_id = $1)",
        """select id, title, ends_at > $1 and $1 >= cast($2 as bigint) and state <> 'cancelled' as current
            from courses""",
        of_class=True,
    ),
    "recorded": _Kind(
        f"""{_SEATED} and exists (select 1 from sessions s where s.course_id = $1 and s.cancelled_at is null
            and s.ends_at <= $3 and not exists (
                select 1 from attendance a where a.session_id = s.id and a.person_id = p.id))""",  # noqa: S608
        """select id, title, starts_at <= $1 and ends_at >= $2 and state <> 'cancelled' as current from courses""",
        of_class=True,
    ),
    "result": _Kind(
        f"""{_SEATED} and not exists (select 1 from results r where r.course_id = $1 and r.person_id = p.id
                and (r.score is not null or r.passed is not null))
            and exists (select 1 from courses c where c.id = $1 and c.ends_at <= $3 and c.pass_mark > 0)""",  # noqa: S608
        _OVER,
        of_class=True,
    ),
    "rate": _Kind(
        f"""{_SEATED} and exists (select 1 from courses c where c.id = $1 and c.ends_at <= $3)
            and {attended_sql("$1", "p.id")}
            and not exists (select 1 from rating_receipts r where r.course_id = $1 and r.person_id = p.id)""",  # noqa: S608 (constants)
        _OVER,
        of_class=True,
    ),
}
OF_CLASS = tuple(name for name, way in _KINDS.items() if way.of_class)
_WHO = f"""
    from people p join units u on u.id = p.unit_id
    where p.active = 1 and ({rights.covered("p.unit_id", "$2")} or {deciders.under("p.unit_id", "$2", "$3")})
        and cast($3 as bigint) > 0
"""


def on_list(kind: str) -> str:
    """Give the SQL of who (p, of unit u) is on a list: $1 is the thing, $2 who asks, $3 now."""
    return f"{_WHO} and {_KINDS[kind].condition}"


async def has_not(tx: Reading, kind: str, thing_id: int, person_id: int, now: int) -> bool:
    """Tell whether a person is on a list, whoever may see it."""
    found = await tx.fetchval(
        f"""
        select 1 as found from people p where p.id = $2 and p.active = 1 and cast($3 as bigint) > 0
            and {_KINDS[kind].condition}
        """,  # noqa: S608 (constants)
        thing_id,
        person_id,
        now,
    )
    return found is not None


async def menu(tx: Reading, asker_id: int, now: int) -> list[Listed]:
    """Give every current list with somebody on it that this person may see, people without a chat first."""
    found = []
    for kind, way in _KINDS.items():
        things = await tx.fetch(
            f"select id, title from ({way.things}) t where current order by id desc limit {MOST}",  # noqa: S608
            now,
            now - RECENT,
        )
        for thing in things:
            count = await _count(tx, kind, thing["id"], asker_id, now)
            if count:
                found.append(Listed(kind, thing["id"], thing["title"], count))
    return found


async def of_course(tx: Reading, course_id: int, asker_id: int, now: int) -> list[Listed]:
    """Give every list of one class with somebody on it that this person may see."""
    found = []
    for kind in OF_CLASS:
        count = await _count(tx, kind, course_id, asker_id, now)
        if count:
            found.append(Listed(kind, course_id, "", count))
    return found


async def _count(tx: Reading, kind: str, thing_id: int, asker_id: int, now: int) -> int:
    count: int = await tx.fetchval(
        f"select count(*) as n {on_list(kind)}",
        thing_id,
        asker_id,
        now,
    )
    return count


async def listed(tx: Reading, kind: str, thing_id: int, asker_id: int, now: int) -> Listed:
    """Read one list by kind and thing, current or not.

    Raises Stale when there is no such thing, or none of theirs: an announcement to others is not even named.
    """
    if kind not in _KINDS:
        raise Stale
    row = await tx.fetchrow(
        f"select title, current from ({_KINDS[kind].things}) t where id = $3",  # noqa: S608 (constants)
        now,
        now - RECENT,
        thing_id,
    )
    if row is None:
        raise Stale
    count = await _count(tx, kind, thing_id, asker_id, now)
    if kind == "receipt" and not count and not await broadcasts.sees(tx, thing_id, asker_id):
        raise Stale
    return Listed(kind, thing_id, row["title"], count, bool(row["current"]))


async def people(tx: Reading, kind: str, thing_id: int, asker_id: int, now: int) -> list[Missing]:
    """Give who has not, by unit, then by name. Raises Stale for a kind that there is not."""
    if kind not in _KINDS:
        raise Stale
    rows = await tx.fetch(
        f"""
        select p.id, p.code, p.name, u.name as unit {on_list(kind)}
        order by u.fold, u.id, p.fold, p.id
        """,
        thing_id,
        asker_id,
        now,
    )
    return [Missing(row["id"], row["code"], row["name"], row["unit"]) for row in rows]


def lines(people: Iterable[Missing], longest: int = 1200) -> list[str]:
    """Give one line a unit, "Unit: name, name", ready to paste; a line of more than `longest` letters is continued."""
    made: list[str] = []
    for one in people:
        lead = f"{one.unit}: "
        if made and made[-1].startswith(lead) and len(made[-1]) + len(one.name) + 2 <= longest:
            made[-1] += f", {one.name}"
        else:
            made.append(lead + one.name)
    return made


def messages(made: Iterable[str], longest: int = 1500) -> list[list[str]]:
    """Cut lines into messages of at most `longest` letters."""
    filled: list[list[str]] = []
    room = 0
    for line in made:
        if not filled or room < len(line) + 1:
            filled.append([])
            room = longest
        filled[-1].append(line)
        room -= len(line) + 1
    return filled
