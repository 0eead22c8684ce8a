"""Who comes to a class without a seat on it: let in when there is a place, else left to whoever runs the class."""

from bot.store import Reading, Tx
from bot.training import attendance, attendance_decisions, audit, courses, enrolments, people, quotas
from bot.training.attendance_marks import Mark
from bot.training.courses import Course
from bot.training.people import Person
from bot.training.sessions import Session

REASON = "walk_in"  # kept in the history of the enrolment


async def come(tx: Tx, session: Session, person_id: int, mark: Mark, now: int) -> bool:
    """Give a seat to somebody in the room and record them there, or keep their wish for a decision; False then.

    Capacity is counted under the course's lock: a walk-in never takes the place of somebody who holds one.
    """
    course = await courses.locked(tx, session.course_id)
    why = await objection(tx, course, await people.find(tx, person_id), now)
    if why:
        await attendance_decisions.ask(tx, "walk_in", session, person_id, mark, why, now)
        return False
    await _seat(tx, course, person_id, mark.by, now)
    await attendance.tell(tx, session, person_id, mark, now)
    return True


async def objection(tx: Reading, course: Course, person: Person, now: int) -> str:
    """Name what speaks against letting somebody in without a decision, '' when nothing does.

    'audience': the course is not for them, or is narrowed in a way that only a person can judge; 'undecided': their
    request waits for their head or HR, or for its turn; 'refused'; 'full'.
    """
    before = await enrolments.latest(tx, person.id, course.id)
    if before is not None and before.state in ("head", "hr", "waiting"):
        return "undecided"
    if before is not None and before.state == "refused":
        return "refused"
    if not _fits(course, person):
        return "audience"
    holds = before is not None and before.offer_open(now)
    return "" if holds or await quotas.room(tx, course, person.id, now) else "full"


async def check(tx: Tx, course: Course, person_id: int, now: int) -> str:
    """Name what speaks against a seat for somebody a clerk adds, as `objection` does, with the course held."""
    held = await courses.locked(tx, course.id)
    return await objection(tx, held, await people.find(tx, person_id), now)


async def is_seated(tx: Reading, course_id: int, person_id: int) -> bool:
    """Tell whether somebody has a seat, so that they are no walk-in."""
    latest = await enrolments.latest(tx, person_id, course_id)
    return latest is not None and latest.state == "seat"


def _fits(course: Course, person: Person) -> bool:
    if course.only_titles or course.only_ranks or course.only_units:
        return False
    return person.audience in course.audience and (person.leader or not course.only_leaders)


async def let_in(tx: Tx, session: Session, person_id: int, mark: Mark, now: int) -> None:
    """Record somebody whom whoever runs the class has let in: with a seat while there is one, else without.

    Beyond the capacity nobody gets a seat; being there counts all the same.
    """
    course = await courses.locked(tx, session.course_id)
    before = await enrolments.latest(tx, person_id, course.id)
    if not await is_seated(tx, course.id, person_id):
        holds = before is not None and (before.state in enrolments.UNDECIDED or before.offer_open(now))
        if holds or await quotas.room(tx, course, person_id, now):
            await _seat(tx, course, person_id, mark.by, now)
    await attendance.tell(tx, session, person_id, mark, now)


async def _seat(tx: Tx, course: Course, person_id: int, by: int | None, now: int) -> None:
    before = await enrolments.latest(tx, person_id, course.id)
    if before is None or not before.active:
        enrolment_id = await enrolments.add(tx, course.id, person_id, "seat", now, now)
    else:
        enrolment_id = before.id
        await enrolments.move(tx, enrolment_id, "seat", now, by=by, reason=REASON)
    if by != person_id:
        told = {"person": person_id, "enrolment": enrolment_id}
        await audit.record(tx, by, "attendance.walk_in", course.subject, now, new=told)
