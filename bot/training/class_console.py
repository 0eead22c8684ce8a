"""One class at a glance for HR: places, what waits, sessions, who was there, what came of it. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.store import Reading
from bot.training import (
    attendance,
    attendance_roll,
    budgets,
    change_answers,
    closing,
    courses,
    places,
    quotas,
    rating_results,
    results,
    rights,
    sessions,
)
from bot.training.attendance import Tally
from bot.training.closing import Outlook
from bot.training.courses import Course
from bot.training.places import Places
from bot.training.quotas import Quota
from bot.training.rating_results import Result
from bot.training.sessions import Session

HELD_SHOWN = 3  # sessions that are over, the last ones: a card is read on a phone
QUOTAS_SHOWN = 4
RECENT = 90 * 86_400  # seconds after its end that a class whose results are not final counts as work to do
Phase = Literal["cancelled", "postponed", "over", "under_way", "closed", "expired", "open"]


@dataclass(frozen=True)
class Sessions:
    """The sessions of a class: the next one (or the one going on), the last that are over with who was there.

    Of the class, or of a clerk's own people on it, `seats` have a seat.
    """

    count: int
    over: int
    coming: Session | None
    held: Sequence[tuple[Session, Tally]]
    seats: int


@dataclass(frozen=True)
class Money:
    """What is planned, and what was spent of it; in đồng."""

    planned: int
    used: int


@dataclass(frozen=True)
class Console:
    """All that the card of a class tells.

    Places are those of the whole class. Everything else counts people: all of them for a clerk who may change the
    class (`mine`), only their own for one who sees it. `answers` are replies to a changed schedule, None when nobody
    was asked; `outlook` is None until the class is over. What is the owner's alone (`ratings`, `money`) is None for
    everybody else.
    """

    course: Course
    mine: bool
    phase: Phase
    places: Places
    quotas: Sequence[Quota]
    sessions: Sessions
    answers: dict[str, int] | None
    outlook: Outlook | None = None
    closed_at: int | None = None
    ratings: Result | None = None
    money: Money | None = None

    @property
    def quotas_hidden(self) -> int:
        """Give how many units with a quota the card leaves out."""
        return max(0, len(self.quotas) - QUOTAS_SHOWN)

    @property
    def quotas_shown(self) -> Sequence[Quota]:
        """Give the units whose places are nearest to an end."""
        return sorted(self.quotas, key=lambda quota: quota.places.free)[:QUOTAS_SHOWN]


def phase(course: Course, now: int) -> Phase:
    """Tell in which part of its life a class is; what stops it comes before what the calendar says."""
    if course.cancelled:
        return "cancelled"
    if course.postponed:
        return "postponed"
    if course.ends_at <= now:
        return "over"
    if course.starts_at <= now:
        return "under_way"
    if course.state != "open":
        return "closed"
    return "expired" if course.deadline < now else "open"


@dataclass(frozen=True)
class Listing:
    """The classes a clerk may see, in the order they are worked on; of `unclosed` results are to be entered."""

    courses: list[Course]
    unclosed: frozenset[int]


async def listing(tx: Reading, clerk_id: int, now: int) -> Listing:
    """List the classes: those under way, those just over and not final, those to come, then the past ones.

    Each part begins with what is nearest to `now`.
    """
    found = await courses.seen_by(tx, clerk_id)
    closed = {row["course_id"] for row in await tx.fetch("select course_id from closings")}
    unclosed = frozenset(c.id for c in found if phase(c, now) == "over" and c.id not in closed)
    parts: dict[int, list[Course]] = {0: [], 1: [], 2: [], 3: []}
    for course in found:
        parts[_part(course, course.id in unclosed, now)].append(course)
    return Listing([*parts[0], *reversed(parts[1]), *parts[2], *reversed(parts[3])], unclosed)


def _part(course: Course, unclosed: bool, now: int) -> int:
    if course.ends_at > now:
        return 0 if phase(course, now) == "under_way" else 2
    return 1 if unclosed and course.ends_at > now - RECENT else 3


async def of_course(tx: Reading, course: Course, clerk_id: int, now: int) -> Console:
    """Read the card of a class for a clerk who may see it."""
    replies = await change_answers.replies(tx, course.id, clerk_id)
    mine = await rights.covers(tx, clerk_id, course.owner_unit_id)
    reach = None if mine else clerk_id
    lines = await results.lines(tx, course, reach) if course.ends_at <= now else []
    return Console(
        course,
        mine,
        phase(course, now),
        await places.of_course(tx, course.id, now),
        await (quotas.of_course(tx, course.id, now) if mine else quotas.of_clerk(tx, course.id, clerk_id, now)),
        await _sessions(tx, course, reach, now),
        change_answers.counted(replies) if replies else None,
        closing.Outlook.of(lines) if lines else None,
        await results.closed_at(tx, course.id),
        await rating_results.result(tx, course.id, now) if mine else None,
        await _money(tx, course) if mine else None,
    )


async def _sessions(tx: Reading, course: Course, reach: int | None, now: int) -> Sessions:
    every = await sessions.of_course(tx, course.id)
    over = sorted((one for one in every if one.ends_at <= now), key=lambda one: one.ends_at)
    tallies = await attendance.tallies(tx, course.id, reach)
    held = [(one, tallies.get(one.id, Tally())) for one in over[-HELD_SHOWN:]]
    coming = next((one for one in every if one.ends_at > now), None)
    return Sessions(len(every), len(over), coming, held, await attendance_roll.seats(tx, course.id, reach))


async def _money(tx: Reading, course: Course) -> Money | None:
    lines = await budgets.of_course(tx, course.id)
    return Money(sum(line.planned for line in lines), sum(line.used for line in lines)) if lines else None
