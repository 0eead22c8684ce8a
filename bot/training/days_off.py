"""The editable list of days off and working days as HR sees and types it. What it does to reminders is in calendar."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import holidays

from bot.errors import Refused
from bot.folding import fold, tidy
from bot.store import Reading, Tx
from bot.training import calendar, hours_nudge, legal_reminders, milestones, session_reminders

# What moves with the list; a course ends when it ends.
REMINDERS = (session_reminders.KIND, legal_reminders.KIND, legal_reminders.SUMMARY_KIND, hours_nudge.KIND)
AHEAD = 400  # days that the list shows
LONGEST_RUN = 30  # days in one line
_TYPED = re.compile(
    r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:\s*(?:-|–|—|đến)\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}))?\s*[:,]?\s*(.*)"
)
_WORKING = ("lam bu", "lam viec", "di lam", "working")


@dataclass(frozen=True)
class Day:
    """One day (ISO text) that is not as its weekday says; `edited` when it stands on the list by hand."""

    day: str
    name: str
    working: bool
    edited: bool


@dataclass(frozen=True)
class Typed:
    """What a clerk typed: some days, whether they are worked, a name."""

    days: tuple[date, ...]
    working: bool
    name: str


async def upcoming(tx: Reading, today: date, language: str) -> list[Day]:
    """Give the public holidays and the listed days from today on, in order."""
    end = today + timedelta(days=AHEAD)
    names = holidays.country_holidays(
        "VN", years=range(today.year, end.year + 1), language="vi" if language == "vi" else "en_US"
    )
    days = {d.isoformat(): Day(d.isoformat(), name, False, False) for d, name in names.items() if today <= d <= end}
    for row in await tx.fetch("select * from days where day >= $1", today.isoformat()):
        days[row["day"]] = Day(row["day"], row["name"], bool(row["working"]), True)
    return [days[day] for day in sorted(days)]


def parse(text: str, today: date) -> Typed:
    """Read "30/04/2027 Nghỉ bù", "26/12/2026 làm bù" or "06/02/2027 - 12/02/2027 Nghỉ Tết".

    Raises Refused for anything else, a day that does not exist, one that is past, or a run of over 30 days.
    """
    match = _TYPED.fullmatch(tidy(text))
    if match is None:
        raise Refused("daysoff/unclear")
    try:
        first = date(int(match[3]), int(match[2]), int(match[1]))
        last = date(int(match[6]), int(match[5]), int(match[4])) if match[4] else first
    except ValueError:
        raise Refused("daysoff/unclear") from None
    count = (last - first).days + 1
    if first < today or not 1 <= count <= LONGEST_RUN:
        raise Refused("daysoff/out_of_range", limit=LONGEST_RUN)
    name = match[7][:100]
    days = tuple(first + timedelta(days=n) for n in range(count))
    return Typed(days, fold(name).startswith(_WORKING), name)


async def put(tx: Tx, typed: Typed, zone: ZoneInfo, now: int) -> None:
    """Put the typed days on the list; reminders that would fall on a new day off move earlier."""
    for day in typed.days:
        await calendar.edit(tx, day, typed.working, typed.name)
    await milestones.retime(tx, REMINDERS, await calendar.load(tx, zone), now)


async def take_off(tx: Tx, day: str, name: str, zone: ZoneInfo, now: int) -> None:
    """Undo a listed day; a public holiday is made a working day instead."""
    at = date.fromisoformat(day)
    if day in (await calendar.load(tx, zone)).edited:
        await calendar.forget(tx, at)
    else:
        await calendar.edit(tx, at, True, name)
    await milestones.retime(tx, REMINDERS, await calendar.load(tx, zone), now)
