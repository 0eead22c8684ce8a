"""Every job that happens by itself, on one page. What a job does is in the file it is imported from."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.store import Store
from scheduler import broadcasts, housekeeping, milestones, offers, swaps

# Does its work at `now` (UTC seconds) in the office's zone and gives how many things it touched.
Tick = Callable[[Store, int, ZoneInfo], Awaitable[int]]


@dataclass(frozen=True)
class Job:
    """A tick and how often it runs, in seconds."""

    name: str
    every: float
    tick: Tick


TIMETABLE = (
    Job("milestones", 2, milestones.tick),  # reminders that have come due
    Job("broadcasts", 10, broadcasts.tick),  # announcements under way: progress cards, the end
    Job("offers", 5, offers.tick),  # seats nobody took, offered on
    Job("swaps", 10, swaps.tick),  # seats that nobody agreed to pass on
    Job("housekeeping", 600, housekeeping.tick),  # what need not be kept any longer
)
