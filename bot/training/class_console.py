"""One class at a glance for HR: places, what waits, sessions, who was there, what came of it. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.store import Reading
from bot.training import (
    attendance,
    budgets,
    change_answers,
    closing,
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
Phase = Literal["cancelled", "postponed", "over", "under_way", "closed", "expired", "open"]


@dataclass(frozen=True)
class Sessions:
    """The sessions of a class: the next one (or the one going on), the last that are over with who was there."""

    count: int
    over: int
    coming: Session | None
    held: Sequence[tuple[Session, Tally]]


@dataclass(frozen=True)
class Money:
    """What is planned, and what was spent of it; in đồng."""

    planned: int
    used: int


@dataclass(frozen=True)
class Console:
    """All that the card of a class tells.

    `answers` count replies to a changed schedule by people in the clerk's reach, None when nobody was asked. What
    concerns the owner alone (`outlook`, `closed_at`, `ratings`, `money`) is None for a clerk who only sees the class.
    """

    course: Course
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


async def of_course(tx: Reading, course: Course, clerk_id: int, now: int) -> Console:
    """Read the card of a class for a clerk who may see it."""
    replies = await change_answers.replies(tx, course.id, clerk_id)
    owner = await rights.covers(tx, clerk_id, course.owner_unit_id)
    lines = await results.lines(tx, course) if owner and course.starts_at <= now else []
    return Console(
        course,
        phase(course, now),
        await places.of_course(tx, course.id, now),
        await quotas.of_course(tx, course.id, now),
        await _sessions(tx, course, now),
        change_answers.counted(replies) if replies else None,
        closing.Outlook.of(lines) if lines else None,
        await results.closed_at(tx, course.id) if owner else None,
        await rating_results.result(tx, course.id, now) if owner else None,
        await _money(tx, course) if owner else None,
    )


async def _sessions(tx: Reading, course: Course, now: int) -> Sessions:
    every = sorted(await sessions.of_course(tx, course.id), key=lambda one: one.starts_at)
    over = [one for one in every if one.ends_at <= now]
    tallies = await attendance.tallies(tx, course.id)
    held = [(one, tallies.get(one.id, Tally())) for one in over[-HELD_SHOWN:]]
    return Sessions(len(every), len(over), next((one for one in every if one.ends_at > now), None), held)


async def _money(tx: Reading, course: Course) -> Money | None:
    lines = await budgets.of_course(tx, course.id)
    return Money(sum(line.planned for line in lines), sum(line.used for line in lines)) if lines else None
