"""Marks that a workbook brought, taken back within a day; nothing is taken back from results that are final."""

from bot.errors import Stale
from bot.store import Reading, Tx
from bot.training import class_rights, courses, people, results
from bot.training.completion import Marks
from bot.training.courses import Course
from bot.training.upload_changes import Change
from bot.training.upload_kinds import Sender


async def undo(tx: Tx, change: Change, sender: Sender) -> str | None:
    """Give a learner the marks they had; gives name and class where they stay: closed, marked again, off the class."""
    course_id, person_id = change.numbers
    course = await courses.locked(tx, course_id)
    if change.old is None or await _changed_since(tx, course, person_id, change, sender):
        return f"{(await people.find(tx, person_id)).name} ({course.code})"
    await results.keep(tx, course, person_id, Marks(**change.old), sender.person_id, sender.now)
    return None


async def _changed_since(tx: Reading, course: Course, person_id: int, change: Change, sender: Sender) -> bool:
    if course.cancelled or not await class_rights.marks(tx, sender.person_id or 0, course):
        return True
    try:
        line = await results.line_of(tx, course, person_id)
    except Stale:
        return True
    return await results.closed_at(tx, course.id) is not None or results.told(line.marks) != change.new
