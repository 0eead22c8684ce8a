"""Who may see, mark and close a class: HR, its school, its lecturers. How far each of these rights reaches: rights."""

from bot.errors import NotAllowed, Refused
from bot.store import Reading
from bot.training import rights
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
    await rights.check_sees_course(tx, person_id, course)
    return False
