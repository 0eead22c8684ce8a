"""Courses read for a clerk, as far as their rights reach. How far that is, is told in rights."""

from bot.store import Reading
from bot.training import courses, rights
from bot.training.courses import Course


async def may_change(tx: Reading, by: int, course: Course) -> bool:
    """Tell whether a clerk's rights reach the course."""
    return await rights.covers(tx, by, course.owner_unit_id)


async def to_change(tx: Reading, by: int, course_id: int) -> Course:
    """Read a course that a clerk wants to change. Raises Stale, NotAllowed."""
    course = await courses.find(tx, course_id)
    await rights.check_course(tx, by, course)
    return course


async def to_read(tx: Reading, by: int, course_id: int) -> Course:
    """Read a course at the desk. Raises Stale, and NotAllowed for one that the clerk may not see."""
    course = await courses.find(tx, course_id)
    await rights.check_sees_course(tx, by, course)
    return course
