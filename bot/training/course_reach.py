"""Which courses a clerk may read and change: those of their units; those of the whole are read by every HR."""

from bot.errors import NotAllowed
from bot.store import Reading
from bot.training import courses, rights
from bot.training.courses import Course


async def may_change(tx: Reading, by: int, course: Course) -> bool:
    """Tell whether a clerk's rights reach the course."""
    return await rights.covers(tx, by, course.owner_unit_id)


async def to_change(tx: Reading, by: int, course_id: int) -> Course:
    """Read a course that a clerk wants to change. Raises Stale, NotAllowed."""
    course = await courses.find(tx, course_id)
    if not await may_change(tx, by, course):
        raise NotAllowed(course.subject)
    return course


async def to_read(tx: Reading, by: int, course_id: int) -> Course:
    """Read a course at the desk. Raises Stale, and NotAllowed for another unit's own course."""
    course = await courses.find(tx, course_id)
    open_to_all_hr = course.owner_unit_id is None and await rights.is_hr(tx, by)
    if not open_to_all_hr and not await may_change(tx, by, course):
        raise NotAllowed(course.subject)
    return course
