"""Whom a head or HR may choose from for a course: their people, a page at a time, or those who still need its category.

Whether somebody fits is told by nominations.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time

from bot.chat.pages import SIZE, Page
from bot.folding import fold, tidy
from bot.store import Reading
from bot.training import courses, deciders, nominations, rights
from bot.training.calendar import Calendar
from bot.training.courses import Course
from bot.training.post_requirements import CONCERNS

_CODES = re.compile(r"[^\s,;|/]+")


@dataclass(frozen=True)
class Candidate:
    """A person as a nominator sees them; `seats` counts the courses of this year they have had or have a seat on."""

    id: int
    code: str
    name: str
    title: str | None
    unit: str
    seats: int
    called_for: bool = False  # their post calls for the category (R44); told of those in need alone


async def open_courses(tx: Reading, now: int) -> list[Course]:
    """Give every course that somebody can be put on at `now`, the earliest first."""
    rows = await tx.fetch(
        "select * from courses where state = 'open' and deadline >= $1 and starts_at > $1 order by starts_at, id", now
    )
    return [courses.course_of(row) for row in rows]


_SEATS = """(select count(*) from enrolments s join courses t on t.id = s.course_id
    where s.person_id = p.id and s.state = 'seat' and t.state <> 'cancelled'
        and t.starts_at >= cast($3 as bigint) and t.starts_at < cast($4 as bigint))"""
# In need: no seat on a course of the category this year, past or to come, no completed turn of it in the ledger
# (learned elsewhere), and not on this one in any way.
_IN_NEED = f"""
    and ',' || $5 || ',' like '%,' || p.audience || ',%'
    and not exists (select 1 from enrolments e where e.person_id = p.id and e.course_id = $6
        and e.state in ('head', 'hr', 'seat', 'waiting', 'offered'))
    and not exists {_SEATS.removesuffix(")").replace("count(*)", "1")} and t.category = $7)
    and not exists (select 1 from training_records k where k.person_id = p.id and k.category = $7
        and k.outcome = 'completed' and k.ended_at is null and k.year = cast($8 as bigint))
"""  # noqa: S608 (constants)
_CALLED_FOR = f"exists (select 1 from post_requirements r where r.category = $7 and {CONCERNS})"  # noqa: S608 (constants)
_WHAT = f"""
    with recursive {deciders.people_of("$1", "$2")}
    select p.id, p.code, p.name, p.title, u.name as unit, {_SEATS} as seats
"""
_COUNT = f"""
    with recursive {deciders.people_of("$1", "$2")}
    select count(*), cast($3 as bigint) < cast($4 as bigint)
"""
_IN_REACH = f"""
    from people p join units u on u.id = p.unit_id
    where p.active = 1 and p.id <> $1
        and ({rights.covered("p.unit_id", "$1")} or p.id in (select person_id from mine))
"""  # noqa: S608 (constants)


async def page(
    tx: Reading, by: int, course: Course, days: Calendar, now: int, number: int, *, in_need: bool, words: str = ""
) -> Page[Candidate]:
    """Give one page of those `by` may nominate, or of those among them in need: whose post calls for
    the category first, then who had least.

    With `words`, only those whose name, unit or code have all of them, without diacritics.

    There may be 60,000 of them: the page is cut where they are.
    """
    sql, args = _query(course, days, by, now, in_need, words)
    total: int = await tx.fetchval(f"{_COUNT} {sql}", *args)
    count = max(1, -(-total // SIZE))
    number = min(max(number, 0), count - 1)
    found = await _fetch(tx, by, course, days, now, in_need=in_need, words=words, limit=SIZE, offset=number * SIZE)
    return Page(found, number, count, total)


async def everyone_in_need(tx: Reading, by: int, course: Course, days: Calendar, now: int) -> list[Candidate]:
    """Give everybody in need, for a workbook."""
    return await _fetch(tx, by, course, days, now, in_need=True, limit=100_000, offset=0)


def _query(course: Course, days: Calendar, by: int, now: int, in_need: bool, words: str) -> tuple[str, list[int | str]]:
    first = days.local(course.starts_at).year
    year = [days.instant(date(one, 1, 1), time(0)) for one in (first, first + 1)]
    args: list[int | str] = [by, now, *year]
    sql = _IN_REACH
    if in_need:
        sql, args = sql + _IN_NEED, [*args, ",".join(course.audience), course.id, course.category, first]
    for word in fold(words).split() or ([words] if words else []):  # "🙂" has no words, and is in nobody's name
        args.append(f"%{word}%")
        sql += f" and p.fold || ' ' || u.fold || ' ' || lower(p.code) like ${len(args)}"
    return sql, args


async def _fetch(
    tx: Reading,
    by: int,
    course: Course,
    days: Calendar,
    now: int,
    *,
    in_need: bool,
    limit: int,
    offset: int,
    words: str = "",
) -> list[Candidate]:
    sql, args = _query(course, days, by, now, in_need, words)
    order = "called_for desc, seats, p.fold, p.id" if in_need else "p.leader desc, p.fold, p.id"
    called_for = f"case when {_CALLED_FOR} then 1 else 0 end" if in_need else "0"
    what = f"{_WHAT}, {called_for} as called_for"
    rows = await tx.fetch(f"{what} {sql} order by {order} limit {limit} offset {offset}", *args)
    return [
        Candidate(r["id"], r["code"], r["name"], r["title"], r["unit"], r["seats"], bool(r["called_for"])) for r in rows
    ]


@dataclass(frozen=True)
class Pasted:
    """What pasted codes name: people within reach, and the codes that are of others or of nobody.

    `foreign` are the people of others' codes: who pasted them is told neither who they are nor whether there is such
    a code. Only to HR of the whole is a code of nobody told apart (`nobody`); `own` is the speaker's own.
    """

    people: list[int] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    foreign: list[int] = field(default_factory=list)
    nobody: list[str] = field(default_factory=list)
    own: list[str] = field(default_factory=list)


async def named(tx: Reading, by: int, text: str, now: int) -> Pasted:
    """Read staff codes separated by anything; the first `nominations.MOST` of them."""
    pasted, whole = Pasted(), await rights.covers(tx, by, None)
    for code in _codes(text):
        person_id = await with_code(tx, code)
        if person_id == by:
            pasted.own.append(code)
        elif person_id is not None and await nominations.reaches(tx, by, person_id, now):
            pasted.people.append(person_id)
        elif person_id is None and whole:
            pasted.nobody.append(code)
        else:
            pasted.unknown.append(code)
            pasted.foreign.extend([] if person_id is None else [person_id])
    return pasted


async def with_code(tx: Reading, code: str) -> int | None:
    """Give who has a staff code, its case apart; None when nobody does."""
    person_id: int | None = await tx.fetchval("select id from people where code = $1", code)
    if person_id is None:  # rarely: this one reads every code
        person_id = await tx.fetchval("select id from people where upper(code) = $1 order by id", code.upper())
    return person_id


def _codes(text: str) -> Sequence[str]:
    return list(dict.fromkeys(_CODES.findall(tidy(text))))[: nominations.MOST]
