"""Who may see and mark the learners of a class: HR, its school, its lecturers. What they may do to it is elsewhere."""

from bot.errors import NotAllowed, Refused
from bot.store import Reading
from bot.training import rights
from bot.training.courses import Course


async def manages(tx: Reading, person_id: int, course: Course) -> bool:
    """Tell whether a person runs the class: HR of its owner, or its own school."""
    return await rights.covers(tx, person_id, course.owner_unit_id) or await _of_school(tx, person_id, course)


async def marks(tx: Reading, person_id: int, course: Course) -> bool:
    """Tell whether a person may mark its learners: who runs it, and its lecturers."""
    return await manages(tx, person_id, course) or await _teaches(tx, person_id, course)


async def check_manages(tx: Reading, person_id: int, course: Course) -> None:
    """Let pass who runs the class. Raises NotAllowed."""
    if not await manages(tx, person_id, course):
        raise NotAllowed(course.subject)


async def check_marks(tx: Reading, person_id: int, course: Course, learner_id: int | None = None) -> None:
    """Let pass who may mark the class. Raises NotAllowed; Refused for a mark of one's own."""
    if not await marks(tx, person_id, course):
        raise NotAllowed(course.subject)
    if learner_id == person_id:
        raise Refused("results/own")


async def check_sees(tx: Reading, person_id: int, course: Course) -> bool:
    """Tell whether a person sees the whole class; False: HR of a unit, who sees their own people on it.

    Raises NotAllowed for everybody else.
    """
    if await marks(tx, person_id, course):
        return True
    if not await rights.is_hr(tx, person_id):
        raise NotAllowed(course.subject)
    return False


async def _of_school(tx: Reading, person_id: int, course: Course) -> bool:
    found = await tx.fetchval(
        """
        select 1 as found from rights where person_id = $1 and role = 'school' and revoked_at is null
            and institution_id = $2
        """,
        person_id,
        course.institution_id,
    )
    return found is not None


async def _teaches(tx: Reading, person_id: int, course: Course) -> bool:
    found = await tx.fetchval(
        """
        select 1 as found from course_lecturers t join lecturers l on l.id = t.lecturer_id
        where t.course_id = $1 and l.person_id = $2
        """,
        course.id,
        person_id,
    )
    return found is not None


async def classes_of(tx: Reading, person_id: int) -> list[tuple[int, str]]:
    """Give number and title of the classes that a person teaches or whose school they work for, the latest first."""
    rows = await tx.fetch(
        """
        select c.id, c.title from courses c where exists (
            select 1 from course_lecturers t join lecturers l on l.id = t.lecturer_id
            where t.course_id = c.id and l.person_id = $1)
        or exists (
            select 1 from rights r where r.person_id = $1 and r.role = 'school' and r.revoked_at is null
                and r.institution_id = c.institution_id)
        order by c.starts_at desc, c.id
        """,
        person_id,
    )
    return [(row["id"], row["title"]) for row in rows]
