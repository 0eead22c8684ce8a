"""Who may see, mark and close a class, and which people those who do may name. How far each right reaches: rights."""

from bot.errors import NotAllowed, Refused, Stale
from bot.store import Reading
from bot.training import results, rights
from bot.training.courses import Course


async def manages(tx: Reading, person_id: int, course: Course) -> bool:
    """Tell whether a person runs the class: HR of its owner, or its own school."""
    return await rights.covers(tx, person_id, course.owner_unit_id) or await rights.of_school(tx, person_id, course)


async def marks(tx: Reading, person_id: int, course: Course) -> bool:
    """Tell whether a person may mark its learners: who runs it, and its lecturers."""
    return await manages(tx, person_id, course) or await rights.teaches(tx, person_id, course)


async def check_manages(tx: Reading, person_id: int, course: Course) -> None:
    """Let pass who runs the class. Raises NotAllowed."""
    if not await manages(tx, person_id, course):
        raise NotAllowed(course.subject)


async def check_marks(tx: Reading, person_id: int, course: Course, learner_id: int | None = None) -> None:
    """Let pass who may mark the class, and this learner. Raises as `check_learner`; Refused for a mark of one's own."""
    if not await marks(tx, person_id, course):
        raise NotAllowed(course.subject)
    if learner_id == person_id:
        raise Refused("results/own")
    if learner_id is not None:
        await check_learner(tx, person_id, course, learner_id)


async def check_learner(tx: Reading, person_id: int, course: Course, learner_id: int) -> None:
    """Let pass for a learner of the class, of whatever unit. The caller has checked the class.

    For anybody else raises Stale when they are in the person's reach, NotAllowed when they are not.
    """
    if not await results.is_learner(tx, course.id, learner_id):
        await rights.check_person(tx, person_id, learner_id)
        raise Stale


async def check_sees(tx: Reading, person_id: int, course: Course) -> bool:
    """Tell whether a person sees the whole class; False: HR of a unit, who sees their own people on it.

    Raises NotAllowed for everybody else.
    """
    if await marks(tx, person_id, course):
        return True
    await rights.check_sees_course(tx, person_id, course)
    return False


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
