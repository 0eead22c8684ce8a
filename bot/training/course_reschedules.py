"""What a workbook of courses does to schedules that people know: told before it is done. Doing it: course_import."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.store import Reading
from bot.training import change_notices, course_writing, courses, places, schedule_changes, schedules
from bot.training.calendar import Calendar
from bot.training.planned_sessions import PlannedSession
from bot.training.schedules import Facts, Known, Line


@dataclass(frozen=True)
class Reschedule:
    """The new schedule of one course: what becomes of each session, how many people hear of it, what they are asked.

    `told` are all on the course, `unreached` those of them without a chat, `asked` those with a seat, who are asked
    whether they can still come. `answer_by` (UTC seconds) is when silence frees a seat, None when it frees none;
    `settable` tells whether the clerk may choose that.
    """

    title: str
    lines: Sequence[Line]
    told: int
    unreached: int
    asked: int
    answer_by: int | None
    settable: bool


async def lines_of(tx: Reading, course_id: int, planned: Sequence[PlannedSession], days: Calendar) -> tuple[Line, ...]:
    """Give what becomes of each session of a course that is to have the planned ones and no others."""
    before = await schedules.snapshot(tx, course_id)
    ids = {known.number: session_id for session_id, known in before.items()}
    after = {session_id: Known(known.number, None) for session_id, known in before.items()}
    for one in planned:
        told = course_writing.session_columns(one, days)
        facts = Facts(told["starts_at"], told["ends_at"], told["place"], told["link"])
        after[ids.get(one.number, -one.number)] = Known(one.number, facts)  # a new one has no number of its own yet
    return tuple(schedules.differences(before, after))


async def of_course(
    tx: Reading, course_id: int, every: Sequence[Line], now: int, days: Calendar, wait: int
) -> Reschedule | None:
    """Tell whom these lines concern, `wait` hours given to answer (0: silence frees no seat); None when nobody.

    To be called before the lines are written: what holds of the course now decides.
    """
    lines = [line for line in every if line.matters(now)]
    if not lines:
        return None
    course, there = await courses.find(tx, course_id), await places.of_course(tx, course_id, now)
    asks = schedule_changes.asks(lines)
    return Reschedule(
        course.title,
        lines,
        told=there.active,
        unreached=await change_notices.without_chat(tx, course_id, now),
        asked=there.seats if asks else 0,
        answer_by=schedule_changes.answer_by(lines, course, now, days, wait),
        settable=asks and there.seats > 0 and not course.mandatory and course.starts_at > now,
    )
