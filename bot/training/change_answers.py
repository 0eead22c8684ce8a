"""Who can still come after a schedule has changed: answers, and seats freed by "no" or by silence (R19).

Nothing depends on the tick being punctual: an answer that comes after its time finds the seat freed all the same.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import Stale
from bot.outbox import REMINDER
from bot.store import Reading, Row, Tx
from bot.training import (
    change_declines,
    courses,
    enrolment_notices,
    enrolments,
    places,
    rights,
    schedule_history,
    signing_up,
)
from bot.training.calendar import Calendar
from bot.training.change_notices import DUE, NOTICE_KEY, REACHED
from bot.training.courses import Course
from bot.training.milestones import Milestone
from bot.training.schedule_changes import LEAST
from bot.training.schedule_history import CURRENT

YES, NO, SILENT = "yes", "no", "silent"
CANNOT, UNCONFIRMED = "schedule", "unconfirmed"  # reasons kept with a seat that was freed
# What else may hold when somebody answers, told by the screen; ABSENT alone is an answer that counts.
ABSENT, FREED, GONE, AGAIN = "absent", "freed", "gone", "again"
CANCELLED, POSTPONED, OVER, CHANGED = "cancelled", "postponed", "over", "changed"


@dataclass(frozen=True)
class Question:
    """A change that a person is still asked about."""

    change_id: int
    course_id: int
    title: str
    answer_by: int | None


@dataclass(frozen=True)
class Answered:
    """What holds after an answer: 'yes', 'no' (the seat is free), or one of the states above.

    `offered_on` tells that the freed seat was offered to somebody who waited.
    """

    course: Course
    state: str
    offered_on: bool = False


# Of a change `c` and a person on it `a`: they are asked, have the seat still, and have not answered.
OPEN = f"""
    from schedule_changes c join schedule_change_people a on a.change_id = c.id
    join enrolments e on e.id = a.enrolment_id and e.state = 'seat'
    join courses o on o.id = c.course_id and o.state <> 'cancelled'
    where {CURRENT} and not exists (
        select 1 from change_answers x where x.change_id = c.id and x.person_id = a.person_id)
"""  # noqa: S608 (constants)


# Who freed their seat by an answer, or by none, is told of no later change; they stay among the answers.
_GAVE_UP = f"""(x.answer in ('{NO}', '{SILENT}') and e.state <> 'seat' and not exists (
    select 1 from enrolments n where n.course_id = c.course_id and n.person_id = a.person_id
        and n.state in {enrolments.ACTIVE}))"""  # noqa: S608 (constants)


async def questions(tx: Reading, person_id: int, now: int, course_id: int | None = None) -> list[Question]:
    """Give what a person is still asked (about one course), the newest first."""
    rows = await tx.fetch(
        f"""
        select c.id, c.course_id, o.title, c.answer_by {OPEN} and a.person_id = $1 and o.ends_at > $2
            and o.postponed_at is null and (cast($3 as bigint) is null or c.course_id = $3)
        order by c.id desc
        """,
        person_id,
        now,
        course_id,
    )
    return [Question(row["id"], row["course_id"], row["title"], row["answer_by"]) for row in rows]


async def open_tasks(tx: Reading, person_id: int, now: int) -> int:
    """Count what a person is still asked."""
    return len(await questions(tx, person_id, now))


async def answer(tx: Tx, person_id: int, change_id: int, now: int, days: Calendar, *, coming: bool) -> Answered:
    """Take a person's answer to a change. A "no" frees the seat and offers it on, unless the course has begun.

    Answering twice is harmless. Raises Stale for somebody who was not asked.
    """
    course, asked, state = await _standing(tx, person_id, change_id, now, days, coming=coming)
    if state:
        return Answered(course, state)
    await _keep(tx, course.id, person_id, asked["since_id"], change_id, YES if coming else NO, now)
    if coming:
        return Answered(course, YES)
    offered_on = False
    if course.starts_at > now:
        offered_on = await _give_up(tx, course, asked, now, days)
    if asked["answer"] != NO:
        await change_declines.tell(tx, course, person_id, now, days)
    return Answered(course, NO if course.starts_at > now else ABSENT, offered_on)


async def seat_at_stake(tx: Tx, person_id: int, change_id: int, now: int, days: Calendar) -> Course | None:
    """Give the course on which a "no" would cost a person their seat; None when it would cost nothing.

    Raises Stale for somebody who was not asked.
    """
    course, _, state = await _standing(tx, person_id, change_id, now, days, coming=False)
    return None if state or course.starts_at <= now else course


async def _standing(
    tx: Tx, person_id: int, change_id: int, now: int, days: Calendar, *, coming: bool
) -> tuple[Course, Row, str]:
    """Hold the course, free the seats whose time is over, and give what was asked and what speaks against an answer."""
    change = await schedule_history.find(tx, change_id)
    course = await courses.locked(tx, change.course_id)
    await free_silent(tx, course, now, days)
    asked = await _asked(tx, person_id, change_id)
    return course, asked, await _objection(tx, course, asked, coming, change_id, now)


async def _give_up(tx: Tx, course: Course, asked: Row, now: int, days: Calendar) -> bool:
    """Free the seat of whoever cannot come; tells whether it was offered on."""
    offered = (await places.of_course(tx, course.id, now)).offered
    enrolment = await enrolments.find(tx, asked["enrolment_id"])
    await signing_up.give_up(tx, course, enrolment, asked["person_id"], CANNOT, now, days)
    return (await places.of_course(tx, course.id, now)).offered > offered


async def _asked(tx: Reading, person_id: int, change_id: int) -> Row:
    row = await tx.fetchrow(
        """
        select a.person_id, a.since_id, a.enrolment_id, e.state, x.answer from schedule_change_people a
        join enrolments e on e.id = a.enrolment_id
        left join change_answers x on x.change_id = a.change_id and x.person_id = a.person_id
        where a.change_id = $1 and a.person_id = $2
        """,
        change_id,
        person_id,
    )
    if row is None:
        raise Stale
    return row


async def _objection(tx: Reading, course: Course, asked: Row, coming: bool, change_id: int, now: int) -> str:
    """Give what holds instead of an answer, '' when the answer counts."""
    if course.cancelled:
        return CANCELLED
    if asked["state"] != "seat":
        return await _without_seat(tx, course, asked, coming)
    if course.ends_at <= now:
        return OVER
    if course.postponed:
        return POSTPONED
    current = await tx.fetchval(
        f"select 1 as found from schedule_changes c where c.id = $1 and {CURRENT}",  # noqa: S608 (a constant)
        change_id,
    )
    return "" if current else CHANGED


async def _without_seat(tx: Reading, course: Course, asked: Row, coming: bool) -> str:
    """Give what became of the seat that was asked about; who has signed up again knows the new schedule."""
    latest = await enrolments.latest(tx, asked["person_id"], course.id)
    if latest is not None and latest.id != asked["enrolment_id"] and latest.active:
        return AGAIN
    if asked["answer"] == SILENT:
        return FREED
    return NO if asked["answer"] == NO and not coming else GONE


async def _keep(tx: Tx, course_id: int, person_id: int, since_id: int, change_id: int, said: str, now: int) -> None:
    """Keep an answer, also to the earlier changes that the same message told of."""
    await tx.execute(
        """
        insert into change_answers (change_id, person_id, answer, at)
        select a.change_id, a.person_id, $5, cast($6 as bigint) from schedule_change_people a
        join schedule_changes c on c.id = a.change_id and c.course_id = $1
        where a.person_id = $2 and a.enrolment_id is not null and a.change_id >= $3 and a.change_id <= $4
        on conflict (change_id, person_id) do update set answer = excluded.answer, at = excluded.at
        """,
        course_id,
        person_id,
        since_id,
        change_id,
        said,
        now,
    )


async def free_silent(tx: Tx, course: Course, now: int, days: Calendar) -> int:
    """Free the seats of those whose time to answer is over, tell them, offer on; gives how many.

    Never of somebody whom the message did not reach, or not four hours before the end; never once the course has
    begun. The caller holds the course.
    """
    if course.cancelled or course.postponed or course.starts_at <= now:
        return 0
    rows = await tx.fetch(
        f"""
        select c.id as change_id, a.person_id, a.enrolment_id {OPEN} and c.course_id = $1 and c.answer_by <= $2
            and exists (select 1 from outbox n where n.unique_key = {NOTICE_KEY} and n.state = 'sent'
                and n.settled_at <= c.answer_by - cast($3 as bigint))
        order by c.id, a.person_id
        """,  # noqa: S608 (constants)
        course.id,
        now,
        LEAST,
    )
    freed: set[int] = set()
    for row in rows:
        await _keep(tx, course.id, row["person_id"], row["change_id"], row["change_id"], SILENT, now)
        if row["enrolment_id"] not in freed:
            freed.add(row["enrolment_id"])
            await _free(tx, course, row["enrolment_id"], now, days)
    return len(freed)


async def _free(tx: Tx, course: Course, enrolment_id: int, now: int, days: Calendar) -> None:
    enrolment = await enrolments.find(tx, enrolment_id)
    step = await signing_up.give_up(tx, course, enrolment, None, UNCONFIRMED, now, days, state="lapsed")
    await enrolment_notices.result(tx, course, enrolment, "lapsed", step, now, days)


async def fan_out(tx: Tx, milestone: Milestone, days: Calendar, now: int) -> int:
    """Half-way, remind those who have not answered; at the end, free their seats; gives how many."""
    change = await schedule_history.find(tx, milestone.subject_id)
    if milestone.step == DUE:
        return await free_silent(tx, await courses.locked(tx, change.course_id), now, days)
    return await tx.execute(
        f"""
        insert into outbox (unique_key, kind, priority, subject, person_id, args, due_at, expires_at, created_at)
        select 'change_reminder:' || cast(c.id as text) || ':' || cast(a.person_id as text), 'change_reminder',
            cast($2 as bigint), $3, a.person_id, $4, cast($5 as bigint), cast($6 as bigint), cast($7 as bigint)
        {OPEN} and c.id = $1 and exists (
            select 1 from outbox n where n.unique_key = {NOTICE_KEY} and n.state = 'sent')
        on conflict (unique_key) do nothing
        """,  # noqa: S608 (constants)
        change.id,
        REMINDER,
        milestone.subject,
        f"[{change.id}]",
        days.soon(now, milestone.expires_at),
        milestone.expires_at,
        now,
    )


@dataclass(frozen=True)
class Reply:
    """How one person answered the newest changes of a course, or an earlier one by giving up the seat, as HR sees it.

    `answer` is 'untold' (no message reached them), 'open', 'no', 'silent' (the seat was freed) or 'yes'.
    """

    name: str
    code: str
    unit: str
    phone: str | None
    answer: str


ORDER = ("untold", "open", "no", "silent", "yes")  # who still has to be asked comes first


async def replies(tx: Reading, course_id: int, clerk_id: int) -> list[Reply]:
    """Give the answers of the people under a clerk's rights, those still to be asked first."""
    rows = await tx.fetch(
        f"""
        select p.id, p.name, p.code, u.name as unit, p.phone, e.state, x.answer,
            case when {REACHED} then 1 else 0 end as reached
        from schedule_changes c join schedule_change_people a on a.change_id = c.id
        join enrolments e on e.id = a.enrolment_id
        join people p on p.id = a.person_id join units u on u.id = p.unit_id
        left join change_answers x on x.change_id = c.id and x.person_id = a.person_id
        where c.course_id = $1 and {rights.covered("p.unit_id", "$2")}
            and ({CURRENT} and (x.answer is not null or e.state = 'seat') or {_GAVE_UP})
        order by p.fold, p.id
        """,  # noqa: S608 (constants)
        course_id,
        clerk_id,
    )
    return one_each(rows)


def one_each(rows: Sequence[Row]) -> list[Reply]:
    """Give one reply a person, the one that most needs to be looked at, in the order of ORDER."""
    found: dict[int, Reply] = {}
    for row in rows:
        said = row["answer"] or ("open" if row["reached"] else "untold")
        before = found.get(row["id"])
        if before is None or ORDER.index(said) < ORDER.index(before.answer):
            found[row["id"]] = Reply(row["name"], row["code"], row["unit"], row["phone"], said)
    return sorted(found.values(), key=lambda reply: ORDER.index(reply.answer))


def counted(found: Sequence[Reply]) -> dict[str, int]:
    """Count replies by answer."""
    counts = Counter(reply.answer for reply in found)
    return {answer: counts[answer] for answer in ORDER}
