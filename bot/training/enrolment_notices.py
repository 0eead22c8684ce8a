"""What people are told about sign-ups: who, and until when it is of use. The words are composed when it is sent."""

from bot import outbox
from bot.outbox import Owed
from bot.store import Reading, Tx
from bot.training import deciders, people, rights, sessions
from bot.training.calendar import Calendar
from bot.training.courses import Course
from bot.training.enrolments import Enrolment

_DAY = 86_400


async def result(tx: Tx, course: Course, enrolment: Enrolment, state: str, step: int, now: int, days: Calendar) -> None:
    """Tell the applicant what became of their request; composed only if it is still so then."""
    due = soon(course, now, days)
    await outbox.put(
        tx,
        Owed(
            key=f"enrolment:{enrolment.id}:{step}",
            kind="enrolment_result",
            subject=course.subject,
            person_id=enrolment.person_id,
            due_at=due,
            expires_at=max(course.ends_at, due + _DAY),
            args=[enrolment.id, state],
        ),
        now,
    )


async def offer(tx: Tx, course: Course, enrolment: Enrolment, expires_at: int, step: int, now: int, due: int) -> None:
    """Tell the next on the waiting list, at `due`, that a place is held for them until `expires_at`."""
    await outbox.put(
        tx,
        Owed(
            key=f"offer:{enrolment.id}:{step}",
            kind="offer",
            subject=course.subject,
            person_id=enrolment.person_id,
            due_at=due,
            expires_at=expires_at,
            args=[enrolment.id],
        ),
        now,
    )


async def nomination_lost(tx: Tx, course: Course, enrolment: Enrolment, step: int, now: int, days: Calendar) -> None:
    """Tell who nominated somebody that the place was not taken; nothing for those who signed up themselves."""
    if enrolment.nominated_by is None:
        return
    due = soon(course, now, days)
    await outbox.put(
        tx,
        Owed(
            key=f"nomination:{enrolment.id}:{step}",
            kind="nominations_lost",
            subject=course.subject,
            person_id=enrolment.nominated_by,
            due_at=due,
            expires_at=max(course.ends_at, due + _DAY),
            args=[course.id],
        ),
        now,
    )


async def to_decide(tx: Tx, course: Course, enrolment_id: int, person_id: int, state: str, now: int,
                    days: Calendar) -> None:  # fmt: skip
    """Ask those who decide: the head and who stands in for them, or HR; HR too when none of them has a chat."""
    for decider in await deciders_on(tx, person_id, state, now):
        await outbox.put(
            tx,
            Owed(
                key=f"approval:{enrolment_id}:{state}:{decider}:{now}",
                kind="approval",
                subject=course.subject,
                person_id=decider,
                due_at=soon(course, now, days),
                expires_at=max(course.ends_at, now),
                args=[enrolment_id],
            ),
            now,
        )


async def deciders_on(tx: Reading, person_id: int, state: str, now: int) -> list[int]:
    """Give whom to ask about a person's request in `state`."""
    heads = await deciders.of_person(tx, person_id, now) if state == "head" else []
    reached = [one for one in heads if await people.chat_of(tx, one) is not None]
    return reached or await rights.clerks_for(tx, person_id)


async def withdraw(tx: Tx, course: Course, person_id: int, now: int) -> None:
    """Take back what is still to be told a person who has no seat any more: of sessions, of changes, of the end."""
    subjects = [course.end_subject, *(session.subject for session in await sessions.of_course(tx, course.id))]
    rows = await tx.fetch("select id from schedule_changes where course_id = $1 and answer_by is not null", course.id)
    for subject in [*subjects, *(f"schedule_change:{row['id']}" for row in rows)]:
        await outbox.withdraw(tx, subject, now, "cancelled", person_id)


def soon(course: Course, now: int, days: Calendar) -> int:
    """Give the next calm instant; `now` when the course would begin before it."""
    return days.soon(now, course.starts_at if now < course.starts_at else None)
