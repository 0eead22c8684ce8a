"""Putting people on a course for them: heads their own people, HR those their rights reach; the same rule by workbook.

A nomination is an offer of a place. It holds the place at once; the nominee takes or leaves it as any offer, and when
they do not answer in time it goes on to the waiting list. Whom to choose from is in candidates.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from bot import outbox
from bot.errors import NotAllowed, Stale
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
from bot.training.enrolments import Enrolment
from bot.training.people import Person
from bot.training.places import Places
from bot.training.sessions import Clash

WORKING_DAYS = 2  # to answer in, or until sign-up ends
MOST = 60  # people named in one go in a chat; a workbook is for more
TAKEN_BACK = "undone"  # the reason kept when a nomination is taken back
OPEN = ("offered", "waiting")  # not answered yet: it can be taken back
LACKING = (quotas.FULL, quotas.QUOTA, quotas.OTHERS)  # speak against a place, not against the waiting list


@dataclass(frozen=True)
class Verdict:
    """What a nomination of one person comes to.

    `reason` is "" when they get a place; else left, on (already on the course, as `state`), clash, an objection of
    signing_up, or one of LACKING. `became` is the state they were put in: offered, waiting, or "".
    Who is not `reached` has no chat here: somebody has to tell them otherwise.
    """

    person: Person
    reason: str = ""
    state: str = ""
    clash: Clash | None = None
    became: str = ""
    reached: bool = True

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
    verdict = Verdict(details.person, reached=await people.chat_of(tx, person_id) is not None)
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
        await audit.record(tx, by, "nomination.add", course.subject, now, new=told)
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

    enrolment_id: int
    name: str
    state: str
    reason: str | None

    @property
    def stands(self) -> bool:
        """Tell whether they are still on the course, or may be."""
        return self.state in enrolments.ACTIVE

    @property
    def open(self) -> bool:
        """Tell whether it can be taken back."""
        return self.state in OPEN

    @property
    def taken_back(self) -> bool:
        """Tell whether it was taken back."""
        return self.state == "cancelled" and self.reason == TAKEN_BACK


async def made_by(tx: Reading, by: int, course_id: int, *states: str) -> list[Nominated]:
    """Give whom a person has nominated for a course, each as they stand now (in one of `states`), by name."""
    rows = await tx.fetch(
        """
        select e.id, p.name, e.state, e.reason from enrolments e join people p on p.id = e.person_id
        where e.course_id = $1 and e.nominated_by = $2 and not exists (
            select 1 from enrolments later
            where later.course_id = e.course_id and later.person_id = e.person_id and later.id > e.id)
        order by p.fold, e.id
        """,
        course_id,
        by,
    )
    found = [Nominated(row["id"], row["name"], row["state"], row["reason"]) for row in rows]
    return [one for one in found if not states or one.state in states]


async def own(tx: Reading, by: int, enrolment_id: int) -> Enrolment:
    """Read a nomination for whoever made it. Raises NotAllowed for others."""
    enrolment = await enrolments.find(tx, enrolment_id)
    if enrolment.nominated_by != by:
        raise NotAllowed(f"enrolment:{enrolment_id}")
    return enrolment


async def take_back(tx: Tx, by: int, enrolment_id: int, now: int, days: Calendar) -> str:
    """Take a nomination back that nobody has answered yet, tell who was asked, and give their name.

    Raises NotAllowed for who has not made it, Stale when it was answered or taken back meanwhile.
    """
    course = await courses.locked(tx, (await own(tx, by, enrolment_id)).course_id)
    enrolment = await enrolments.find(tx, enrolment_id)
    if enrolment.state not in OPEN:
        raise Stale
    await withdraw(tx, course, enrolment, by, now, days)
    person = await people.find(tx, enrolment.person_id)
    await audit.record(tx, by, "nomination.withdraw", course.subject, now, old={person.code: enrolment.state})
    return person.name


async def withdraw(tx: Tx, course: Course, enrolment: Enrolment, by: int | None, now: int, days: Calendar) -> None:
    """Take an open nomination back; who has been asked is told, and the place is offered on. The caller holds it."""
    step = await enrolments.move(tx, enrolment.id, "cancelled", now, by=by, reason=TAKEN_BACK)
    untold = await outbox.withdraw(tx, course.subject, now, TAKEN_BACK, enrolment.person_id, kind="offer")
    if enrolment.state == "offered" and not untold:
        await enrolment_notices.result(tx, course, enrolment, "cancelled", step, now, days)
    await offers.advance(tx, course, now, days)
