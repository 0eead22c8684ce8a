"""Sessions as they are told, by a row of a workbook or by words: local day and times. Stored ones are in sessions."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.excel import cells
from bot.excel.cells import Cell, CellError
from bot.training import course_fields
from bot.training.course_fields import Fault

_LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class PlannedSession:
    """A session as it is told: local day and times, not yet instants."""

    row: int
    number: int
    day: dt.date
    start: dt.time
    end: dt.time
    hours: int | None
    place: str | None
    link: str | None


def place_and_link(text: str) -> tuple[str | None, str | None]:
    """Tell a room from an address: "Phòng 2, https://hop.vn/a" has both."""
    found = _LINK.search(text)
    if found is None:
        return text or None, None
    rest = (text[: found.start()] + text[found.end() :]).strip(" ,;-–()")
    return rest or None, found[0].rstrip(".,;)")


def read_session(get: Callable[[str], Cell], order: int, row: int = 0) -> tuple[PlannedSession | None, list[Fault]]:
    """Read a session from the cells day, start, end, number, hours, place; None, with what is wrong, if it cannot be.

    Without a number of its own it is the `order`-th.
    """
    blank = [key for key in ("day", "start", "end") if get(key).blank]
    if blank:
        return None, [Fault(blank[0], "no_session" if len(blank) == 3 else "missing")]
    faults: list[Fault] = []
    readers: dict[str, Callable[[Cell], Any]] = {
        "day": course_fields.day_of,
        "start": cells.time_of_day,
        "end": cells.time_of_day,
        "number": cells.whole,
        "hours": cells.whole,
        "place": partial(course_fields.text_of, key="place"),
    }
    told: dict[str, Any] = {}
    for key, reader in readers.items():
        try:
            told[key] = reader(get(key))
        except CellError as error:
            faults.append(Fault(key, error.reason, error.value))
    day, start, end = told.get("day"), told.get("start"), told.get("end")
    if start and end and end <= start:
        faults.append(Fault("end", "ends_before_start", f"{start:%H:%M} – {end:%H:%M}"))
    if faults or not (day and start and end):
        return None, faults
    place, link = place_and_link(told["place"])
    return PlannedSession(row, told["number"] or order, day, start, end, told["hours"], place, link), []


def deadline_remarks(deadline: dt.date | None, approve_until: dt.date | None, first: dt.date) -> list[Fault]:
    """Tell what is odd about local days until which people sign up and heads decide, beside that of the first session.

    Remarks, not refusals: a class may be filled on its first day.
    """
    found = []
    if deadline is not None and deadline >= first:
        reason = "deadline_on_start" if deadline == first else "deadline_after_start"
        found.append(Fault("deadline", reason, f"{deadline:%d/%m/%Y}"))
    if approve_until is not None and approve_until >= first:
        found.append(Fault("approve_until", "approval_late", f"{approve_until:%d/%m/%Y}"))
    return found


def overlaps(sessions: Sequence[PlannedSession]) -> Iterable[tuple[PlannedSession, PlannedSession]]:
    """Give each pair of sessions that share a time, the later one told first."""
    for at, session in enumerate(sessions):
        for other in sessions[:at]:
            if session.day == other.day and session.start < other.end and other.start < session.end:
                yield session, other
