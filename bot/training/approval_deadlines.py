"""Until when heads decide on requests, who is reminded of what waits, and that HR decides in the end (R22).

A request is the head's, and of whoever stands in for them, until one working day after the course's `approve_until`;
then it is HR's. Nothing here depends on a tick having run: who decides late is told by the rule itself.
"""

from collections.abc import Sequence
from datetime import time, timedelta

from bot import outbox
from bot.outbox import Owed
from bot.store import Reading, Tx
from bot.training import courses, deciders, enrolment_notices, enrolments, milestones
from bot.training.calendar import Calendar
from bot.training.courses import Course
from bot.training.enrolments import Enrolment
from bot.training.milestones import Milestone, Step

KIND = "approvals"
HEAD_SILENT = "head_silent"  # the reason kept when a request passes to HR by itself
WAITED = (1, 3)  # working days after which a head is reminded of what waits
HOUR = time(8, 0)
_DAY = 86_400  # seconds


def subject_of(course_id: int) -> str:
    """Give the subject under which the steps of a course's requests are planned."""
    return f"approvals:{course_id}"


def until(course: Course) -> int:
    """Give the instant until which the head's decision is awaited (UTC seconds): set by HR, else when sign-up ends."""
    return course.deadline if course.approve_until is None else course.approve_until


def over_at(course: Course, days: Calendar) -> int:
    """Give the instant from which HR decides: 17:00 of the next working day, or at once when the course begins then."""
    at = days.working_days_after(until(course), 1)
    return at if at < course.starts_at else until(course)


async def ask(tx: Tx, course: Course, enrolment_id: int, person_id: int, state: str, now: int,
              days: Calendar) -> None:  # fmt: skip
    """Ask those who decide on a request in `state`, and plan that a head is reminded of it."""
    await enrolment_notices.to_decide(tx, course, enrolment_id, person_id, state, now, days)
    if state == "head":
        await plan(tx, course, days, now)


async def plan(tx: Tx, course: Course, days: Calendar, now: int) -> None:
    """Plan the steps of a course's open requests anew; called again they move with `approve_until` and the deadline."""
    waiting = await _waiting(tx, course.id)
    wanted = steps(course, list(waiting.values()), days) if waiting else []
    await milestones.plan(tx, KIND, subject_of(course.id), wanted, now)


async def withdraw(tx: Tx, course_id: int, now: int) -> None:
    """Take back what is planned for a course whose requests nobody decides on any more."""
    await milestones.withdraw(tx, subject_of(course_id), now)


def steps(course: Course, since: Sequence[int], days: Calendar) -> list[Step]:
    """Give the steps for requests that wait `since` these instants; each is named by its time and so comes once.

    Where HR's turn comes at once there is no reminder that it does: the two would be due together, and one be lost.
    """
    over, due = over_at(course, days), until(course)
    wanted = [Step(f"over@{over}", over, max(over, course.ends_at))]
    if due < over:
        wanted.append(Step(f"due@{due}", days.soon(due, over), over))
    before = _working_day_before(due, days)
    wanted.append(Step(f"before@{before}", before, due))
    after = sorted({days.working_days_after(one, waited) for one in since for waited in WAITED})
    return wanted + [Step(f"wait@{at}", at, at + _DAY) for at in after if at < over]


def _working_day_before(at: int, days: Calendar) -> int:
    day = days.local(at).date() - timedelta(days=1)
    while not days.working(day):
        day -= timedelta(days=1)
    return days.instant(day, HOUR)


async def _waiting(tx: Reading, course_id: int) -> dict[int, int]:
    """Give since when each request of a course waits for a head, by its number."""
    rows = await tx.fetch(
        """
        select id, coalesce(decided_at, requested_at) as since from enrolments
        where course_id = $1 and state = 'head' order by arrival, id
        """,
        course_id,
    )
    return {row["id"]: row["since"] for row in rows}


async def fan_out(tx: Tx, milestone: Milestone, days: Calendar, now: int) -> int:
    """Do what the facts of this moment call for: HR's turn, or a reminder to heads; gives how many are told."""
    course = await courses.locked(tx, milestone.subject_id)
    if course.cancelled:
        return 0
    if now >= over_at(course, days):
        return await hand_over(tx, course, now, days)
    waiting = await _waiting(tx, course.id)
    if milestone.step not in {step.name for step in steps(course, list(waiting.values()), days)}:
        await plan(tx, course, days, now)  # decided, or put off, since it was planned
        return 0
    return await _remind(tx, course, days, now, everybody=not milestone.step.startswith("wait"))


async def _remind(tx: Tx, course: Course, days: Calendar, now: int, *, everybody: bool) -> int:
    """Owe each head, and who stands in for them, the sum of what waits for them: one message a day."""
    late = [
        one
        for one, since in (await _waiting(tx, course.id)).items()
        if everybody or days.working_days_after(since, WAITED[0]) <= now
    ]
    told: set[int] = set()
    for enrolment_id in late:
        enrolment = await enrolments.find(tx, enrolment_id)
        told.update(await deciders.of_person(tx, enrolment.person_id, now))
    due_at = days.soon(now, over_at(course, days))
    return sum([await outbox.put(tx, _reminder(one, due_at, days), now) for one in sorted(told)])


def _reminder(head_id: int, due_at: int, days: Calendar) -> Owed:
    subject = f"head:{head_id}"
    return Owed(f"{subject}:{days.day(due_at)}", "approvals_waiting", subject, head_id, due_at, due_at + _DAY)


async def hand_over(tx: Tx, course: Course, now: int, days: Calendar) -> int:
    """Pass every request that heads left open to HR; HR, the heads and the applicants are told. Gives how many.

    The caller holds the course.
    """
    silent = await enrolments.with_state(tx, course.id, "head")
    for enrolment in silent:
        step = await enrolments.move(tx, enrolment.id, "hr", now, reason=HEAD_SILENT)
        await enrolment_notices.result(tx, course, enrolment, "hr", step, now, days)
    for kind, told in (
        ("approvals_passed", await _clerks(tx, silent)),
        ("approvals_late", await _heads(tx, silent, now)),
    ):
        for person_id in sorted(told):
            key = f"{kind}:{course.id}:{person_id}:{now}"
            due_at = enrolment_notices.soon(course, now, days)
            owed = Owed(key, kind, course.subject, person_id, due_at, max(course.ends_at, due_at), [course.id])
            await outbox.put(tx, owed, now)
    return len(silent)


async def _clerks(tx: Reading, silent: Sequence[Enrolment]) -> set[int]:
    return {one for e in silent for one in await enrolment_notices.deciders_on(tx, e.person_id, "hr", 0)}


async def _heads(tx: Reading, silent: Sequence[Enrolment], now: int) -> set[int]:
    return {one for e in silent for one in await deciders.of_person(tx, e.person_id, now)}


async def passed(tx: Reading, course_id: int) -> list[Enrolment]:
    """Give the requests of a course that passed to HR by themselves and still wait there."""
    return [e for e in await enrolments.with_state(tx, course_id, "hr") if e.reason == HEAD_SILENT]
