"""What people are told about sign-ups: who, and until when it is of use. The words are composed when it is sent."""

from bot import outbox
from bot.outbox import Owed
from bot.store import Tx
from bot.training import people, rights
from bot.training.calendar import Calendar
from bot.training.courses import Course
from bot.training.enrolments import Enrolment

_DAY = 86_400


async def result(tx: Tx, course: Course, enrolment: Enrolment, state: str, step: int, now: int, days: Calendar) -> None:
    """Tell the applicant what became of their request; composed only if it is still so then."""
    due = _soon(course, now, days)
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


async def to_decide(tx: Tx, course: Course, enrolment_id: int, person_id: int, state: str, now: int,
                    days: Calendar) -> None:  # fmt: skip
    """Ask those who decide: the head, or HR; HR too when the head has no chat to be asked in."""
    for decider in await _deciders(tx, person_id, state):
        await outbox.put(
            tx,
            Owed(
                key=f"approval:{enrolment_id}:{state}:{decider}:{now}",
                kind="approval",
                subject=course.subject,
                person_id=decider,
                due_at=_soon(course, now, days),
                expires_at=max(course.ends_at, now),
                args=[enrolment_id],
            ),
            now,
        )


async def _deciders(tx: Tx, person_id: int, state: str) -> list[int]:
    head = await people.approver(tx, person_id) if state == "head" else None
    if head is not None and await people.chat_of(tx, head) is not None:
        return [head]
    return await rights.clerks_for(tx, person_id)


def _soon(course: Course, now: int, days: Calendar) -> int:
    """Give the next calm instant; `now` when the course would begin before it."""
    return days.soon(now, course.starts_at if now < course.starts_at else None)
