"""Putting people on a course for them: heads their own people, HR those their rights reach; the same rule by workbook.

A nomination is an offer of a place. It holds the place at once; the nominee takes or leaves it as any offer, and when
they do not answer in time it goes on to the waiting list. Whom to choose from is in candidates.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from bot.errors import NotAllowed
from bot.store import Reading, Tx
from bot.training import (
    audit,
    courses,
    deciders,
    enrolment_notices,
    enrolments,
    offers,
    people,
    places,
    quotas,
    rights,
    sessions,
    signing_up,
)
from bot.training.calendar import Calendar
from bot.training.courses import Course
from bot.training.people import Person
from bot.training.places import Places
from bot.training.sessions import Clash

WORKING_DAYS = 2  # to answer in, or until sign-up ends
MOST = 60  # people named in one go in a chat; a workbook is for more
LACKING = (quotas.FULL, quotas.QUOTA, quotas.OTHERS)  # speak against a place, not against the waiting list


@dataclass(frozen=True)
class Verdict:
    """What a nomination of one person comes to.

    `reason` is "" when they get a place; else left, on (already on the course, as `state`), clash, an objection of
    signing_up, or one of LACKING. `became` is the state they were put in: offered, waiting, or "".
    """

    person: Person
    reason: str = ""
    state: str = ""
    clash: Clash | None = None
    became: str = ""

    @property
    def could_wait(self) -> bool:
        """Tell whether only a place is lacking."""
        return self.reason in LACKING


def open_for(course: Course, now: int) -> bool:
    """Tell whether anybody can be put on a course at `now`."""
    return course.state == "open" and now <= course.deadline and now < course.starts_at


async def reaches(tx: Reading, by: int, person_id: int, now: int) -> bool:
    """Tell whether somebody may nominate this person: as HR, as their head, or in place of their head.

    Nobody nominates themself: the next level decides on heads and clerks too.
    """
    unit_id = await tx.fetchval("select unit_id from people where id = $1", person_id)
    if unit_id is None or person_id == by:
        return False
    return await rights.covers(tx, by, unit_id) or await deciders.may(tx, by, person_id, now)


async def weigh(tx: Reading, course: Course, people_ids: Sequence[int], now: int) -> list[Verdict]:
    """Tell for each person, in this order, what a nomination would come to; earlier ones use up places.

    Writes nothing and asks nobody's rights.
    """
    whole = await places.of_course(tx, course.id, now)
    used: Counter[int] = Counter()  # places by the unit of each quota
    verdicts: list[Verdict] = []
    for person_id in dict.fromkeys(people_ids):
        verdict = await _fit(tx, course, person_id, now)
        if not verdict.reason:
            bounds = await quotas.concerned(tx, course.id, person_id, whole, now)
            tighter = [replace(one, places=_fuller(one.places, used[one.unit_id])) for one in bounds]
            placed = sum(not earlier.reason for earlier in verdicts)
            verdict = replace(verdict, reason=quotas.room_in(_fuller(whole, placed), tighter).reason)
            used.update([] if verdict.reason else [one.unit_id for one in bounds])
        verdicts.append(verdict)
    return verdicts


def _fuller(count: Places, more: int) -> Places:
    return replace(count, offered=count.offered + more)


async def _fit(tx: Reading, course: Course, person_id: int, now: int) -> Verdict:
    """Tell what speaks against a person, places apart."""
    details = await people.details(tx, person_id)
    verdict = Verdict(details.person)
    if not details.active:
        return replace(verdict, reason="left")
    standing = await signing_up.standing(tx, person_id, course, now)
    if standing.active:
        return replace(verdict, reason="on", state=standing.state)
    if standing.objection:
        return replace(verdict, reason=standing.objection)
    clash = await sessions.clash(tx, person_id, course.id)
    return verdict if clash is None else replace(verdict, reason="clash", clash=clash)


async def nominate(
    tx: Tx, by: int, course_id: int, people_ids: Sequence[int], arrival: int, now: int, days: Calendar,
    *, may_wait: Collection[int] = (),
) -> list[Verdict]:  # fmt: skip
    """Offer each person a place; those of `may_wait` are put on the waiting list where no place is left.

    Gives what became of each. Nominating somebody again changes nothing. Raises NotAllowed, before anything is done,
    when `by` may not nominate one of them.
    """
    course = await hold(tx, course_id, people_ids)
    for person_id in people_ids:
        if not await reaches(tx, by, person_id, now):
            raise NotAllowed(f"person:{person_id}")
    await offers.advance(tx, course, now, days)  # those who wait already come first
    made = [
        await _put(tx, by, course, verdict, arrival, now, days, may_wait=verdict.person.id in may_wait)
        for verdict in await weigh(tx, course, people_ids, now)
    ]
    told = {verdict.person.code: verdict.became for verdict in made if verdict.became}
    if told:
        await audit.record(tx, by, "course.nominate", course.subject, now, new=told)
    return made


async def hold(tx: Tx, course_id: int, people_ids: Sequence[int]) -> Course:
    """Hold a course and, in one order for everybody, the diaries of those who are to be put on it."""
    course = await courses.locked(tx, course_id)
    await hold_diaries(tx, people_ids)
    return course


async def hold_diaries(tx: Tx, people_ids: Collection[int]) -> None:
    """Hold diaries in the order of their numbers; asked for after every course that is to be held."""
    for person_id in sorted(set(people_ids)):
        await offers.hold_diary(tx, person_id)


async def _put(
    tx: Tx, by: int, course: Course, verdict: Verdict, arrival: int, now: int, days: Calendar, *, may_wait: bool
) -> Verdict:
    if verdict.reason and not (may_wait and verdict.could_wait):
        return verdict
    person_id = verdict.person.id
    told_at = days.soon(now, min(course.deadline, course.starts_at))
    expires_at = None if verdict.reason else answer_until(course, told_at, days)
    as_head = not await rights.covers(tx, by, verdict.person.unit_id)
    enrolment_id, step = await enrolments.nominate(
        tx, course.id, person_id, by, arrival, now, as_head=as_head, expires_at=expires_at
    )
    if expires_at is None:
        return replace(verdict, became="waiting")
    enrolment = await enrolments.find(tx, enrolment_id)
    await enrolment_notices.offer(tx, course, enrolment, expires_at, step, now, told_at)
    return replace(verdict, became="offered")


def answer_until(course: Course, told_at: int, days: Calendar) -> int:
    """Give until when a nominee may answer: two working days from being told, but not past the end of sign-up."""
    return min(days.working_days_after(told_at, WORKING_DAYS), course.deadline, course.starts_at)


@dataclass(frozen=True)
class Nominated:
    """Somebody who was nominated, and how they stand now."""

    name: str
    state: str


async def made_by(tx: Reading, by: int, course_id: int, *states: str) -> list[Nominated]:
    """Give whom a person has nominated for a course, each as they stand now (in one of `states`), by name."""
    rows = await tx.fetch(
        """
        select p.name, e.state from enrolments e join people p on p.id = e.person_id
        where e.course_id = $1 and e.nominated_by = $2 and not exists (
            select 1 from enrolments later
            where later.course_id = e.course_id and later.person_id = e.person_id and later.id > e.id)
        order by p.fold, e.id
        """,
        course_id,
        by,
    )
    return [Nominated(row["name"], row["state"]) for row in rows if not states or row["state"] in states]
