"""The place of a session that has none yet, told by those who run the course. Changing a place is not here."""

from dataclasses import dataclass

from bot.chat.turns import Speaker
from bot.errors import Refused
from bot.store import Reading, Tx
from bot.training import audit, course_writing, courses, planned_sessions, rights, sessions
from bot.training.courses import Course, course_of
from bot.training.sessions import Session

LONGEST = 200  # letters


@dataclass(frozen=True)
class Running:
    """A course that somebody runs, with its sessions that are not over and have no place yet."""

    course: Course
    placeless: list[Session]


async def running(tx: Reading, speaker: Speaker, course_id: int, now: int) -> Running:
    """Read a course for whoever runs it. Raises NotAllowed."""
    course = await courses.find(tx, course_id)
    await rights.check_runs_course(tx, speaker, course)
    held = await sessions.of_course(tx, course_id)
    return Running(course, [s for s in held if s.ends_at > now and not s.place and not s.link])


async def courses_run(tx: Reading, person_id: int, now: int) -> list[Course]:
    """Give the courses of a lecturer, and of the schools somebody works for, those not over at `now` first."""
    rows = await tx.fetch(
        """
        select c.* from courses c where c.state <> 'cancelled' and (
            exists (select 1 from course_lecturers t join lecturers l on l.id = t.lecturer_id
                where t.course_id = c.id and l.person_id = $1)
            or exists (select 1 from rights r where r.person_id = $1 and r.role = 'school' and r.revoked_at is null
                and r.institution_id = c.institution_id))
        order by case when c.ends_at > $2 then 0 else 1 end, c.starts_at, c.id
        """,
        person_id,
        now,
    )
    return [course_of(row) for row in rows]


async def put(tx: Tx, speaker: Speaker, session_id: int, words: str, now: int) -> Session:
    """Write the place (or link) of a session that has none; calendars learn of it. Raises Refused, NotAllowed."""
    session = await sessions.find(tx, session_id)
    course = await courses.locked(tx, session.course_id)
    await rights.check_runs_course(tx, speaker, course)
    session = await sessions.find(tx, session_id)
    if session.place or session.link or session.cancelled or course.cancelled:
        raise Refused("running/has_place", session=session, course=course)
    if len(words) > LONGEST:
        raise Refused("running/place_long", limit=LONGEST)
    place, link = planned_sessions.place_and_link(words)
    await tx.execute(
        "update sessions set place = $2, link = $3, sequence = sequence + 1, updated_at = $4 where id = $1",
        session_id, place, link, now,
    )  # fmt: skip
    await course_writing.touch(tx, course.id, now)
    await audit.record(tx, speaker.person_id, "session.place", session.subject, now, new=words)
    return await sessions.find(tx, session_id)
