"""What a clerk wants changed in a schedule, and whether it can be: pure rules. Writing it: schedule_changes."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.errors import Refused, Stale
from bot.excel.cells import CellError
from bot.folding import fold, tidy
from bot.training import typed_days
from bot.training.calendar import Calendar
from bot.training.courses import Course
from bot.training.planned_sessions import place_and_link
from bot.training.schedules import Facts, Line, facts_of, in_order
from bot.training.sessions import Session

OF_SESSION = ("move", "place", "online", "drop")
OF_COURSE = ("shift", "postpone", "place", "online")
OF_POSTPONED = ("resume",)
WITH_VALUE = ("move", "place", "online", "shift", "resume")  # the others say all by themselves
LONGEST_PLACE = 200
LONGEST_REASON = 300
LONGEST_SHIFT = 366  # days
FAR = 2 * 366  # days ahead; a later session is a slip of the keyboard
_DAYS = re.compile(r"([0-9]{1,4})(?: (?:ngay|days?))?")


@dataclass(frozen=True)
class Wish:
    """What is to change, as it was tapped and typed; `session_id` 0 is every session to come.

    `wait` is how many hours people have to answer before silence frees their seat, 0 when it frees none.
    """

    course_id: int
    session_id: int
    kind: str
    value: str = ""
    reason: str = ""
    wait: int = 48

    def dump(self) -> list[Any]:
        """Give the JSON that a draft keeps."""
        return [self.course_id, self.session_id, self.kind, self.value, self.reason, self.wait]

    @classmethod
    def load(cls, kept: Any) -> "Wish":
        """Read what `dump` gave. Raises Stale when nothing is kept: an old button."""
        if not isinstance(kept, list) or len(kept) != 6:
            raise Stale
        return cls(*kept)


@dataclass(frozen=True)
class Schedule:
    """The sessions of a course: those that are held, and those that wait for new dates while it is put off."""

    held: Sequence[Session]
    off: Sequence[Session] = ()


def kinds_for(course: Course, session_id: int) -> tuple[str, ...]:
    """Give what can be wished for one session, for the course (0), or for one that is put off."""
    if course.postponed:
        return () if session_id else OF_POSTPONED
    return OF_SESSION if session_id else OF_COURSE


def check_alive(course: Course, now: int) -> None:
    """Raise Refused for a course that is cancelled or over: what was held stays as it was."""
    if course.cancelled:
        raise Refused("desk_courses/is_cancelled", course=course)
    if now >= course.ends_at:
        raise Refused("desk_changes/over", course=course)


def lines_of(wish: Wish, course: Course, schedule: Schedule, now: int, days: Calendar) -> list[Line]:
    """Give what the wish would do to each session, in order.

    Raises Refused when it cannot be: in the past, ending before it starts, over another session of the course, too
    far ahead, nothing different, the last session dropped; Stale for a kind that does not fit.
    """
    check_alive(course, now)
    if wish.kind not in kinds_for(course, wish.session_id):
        raise Stale
    wanted = {one.id: _wanted(wish, one, schedule, now, days) for one in _targets(wish, schedule, now)}
    old = {one.id: facts_of(one) for one in schedule.held}
    every = {one.id: one for one in (*schedule.held, *schedule.off)}
    lines = [Line(key, every[key].number, old.get(key), facts) for key, facts in wanted.items()]
    lines = in_order(line for line in lines if line.old != line.new)
    _check(lines, wish, schedule, now)
    return lines


def _targets(wish: Wish, schedule: Schedule, now: int) -> Sequence[Session]:
    if wish.kind == "resume":
        return schedule.off
    coming = [one for one in schedule.held if one.starts_at > now]
    if not wish.session_id:
        return coming
    return _the_one(wish.session_id, schedule.held, now)


def _the_one(session_id: int, held: Sequence[Session], now: int) -> Sequence[Session]:
    """Give the session wished for. Raises Stale when it is held no more, Refused when it has begun."""
    for one in held:
        if one.id == session_id:
            if one.starts_at <= now:
                raise Refused("desk_changes/impossible", problem="begun", number=one.number)
            return [one]
    raise Stale


def _wanted(wish: Wish, session: Session, schedule: Schedule, now: int, days: Calendar) -> Facts | None:
    facts = facts_of(session)
    if wish.kind in ("drop", "postpone"):
        return None
    if wish.kind == "place":
        return _at_place(facts, wish.value)
    if wish.kind == "online":
        return replace(facts, place=None, link=link_in(wish.value))
    if wish.kind == "move":
        return _moved(facts, wish.value, now, days)
    return _shifted(facts, shift_of(wish, _targets(wish, schedule, now), now, days), days)


def _at_place(facts: Facts, text: str) -> Facts:
    typed = tidy(text)
    if not typed or len(typed) > LONGEST_PLACE:
        raise Refused("desk_changes/impossible", problem="place", number=LONGEST_PLACE)
    place, link = place_and_link(typed)
    return replace(facts, place=place, link=link)


def link_in(text: str) -> str:
    """Give the address in a typed text. Raises Refused when there is none."""
    _, link = place_and_link(tidy(text))
    if link is None or len(text) > LONGEST_PLACE:
        raise Refused("desk_changes/impossible", problem="link", number=LONGEST_PLACE)
    return link


def _moved(facts: Facts, text: str, now: int, days: Calendar) -> Facts:
    """Put a session at the typed day and hours; what was not typed stays, a new start keeps the length."""
    try:
        when = typed_days.when(text, days.local(now).date())
    except CellError as error:
        raise Refused("desk_changes/unclear", problem=error.reason, typed=error.value) from None
    day = when.day or days.local(facts.starts_at).date()
    start = days.instant(day, when.start or days.local(facts.starts_at).time())
    if when.end is not None:
        end = days.instant(day, when.end)
    elif when.start is None:
        end = days.instant(day, days.local(facts.ends_at).time())
    else:
        end = start + facts.ends_at - facts.starts_at
    return replace(facts, starts_at=start, ends_at=end)


def shift_of(wish: Wish, targets: Sequence[Session], now: int, days: Calendar) -> int:
    """Read by how many days every session goes: a number of days, or the day on which the first is to be.

    Raises Refused for anything else.
    """
    first = min((one.starts_at for one in targets), default=None)
    typed = tidy(wish.value)
    count = _DAYS.fullmatch(fold(typed))
    if first is None:
        raise Refused("desk_changes/impossible", problem="none_left", number=0)
    if count and wish.kind == "shift":
        shift = int(count[1])
        if not 1 <= shift <= LONGEST_SHIFT:
            raise Refused("desk_changes/impossible", problem="shift", number=LONGEST_SHIFT)
        return shift
    try:
        day = typed_days.day(typed, days.local(now).date())
    except CellError as error:
        raise Refused("desk_changes/unclear", problem=error.reason, typed=error.value) from None
    if day is None:
        raise Refused("desk_changes/unclear", problem="", typed=typed[:60])
    return (day - days.local(first).date()).days


def _shifted(facts: Facts, shift: int, days: Calendar) -> Facts:
    """Put a session that many days later, at the same local hours."""

    def later(at: int) -> int:
        local = days.local(at)
        return days.instant(local.date() + dt.timedelta(days=shift), local.time())

    return replace(facts, starts_at=later(facts.starts_at), ends_at=later(facts.ends_at))


def _check(lines: Sequence[Line], wish: Wish, schedule: Schedule, now: int) -> None:
    if wish.kind == "drop" and len(schedule.held) == 1:  # without it there is no course: it is cancelled or put off
        raise Refused("desk_changes/impossible", problem="last", number=schedule.held[0].number)
    if not lines:
        problem = "none_left" if not any(one.starts_at > now for one in schedule.held) else "same"
        raise Refused("desk_changes/impossible", problem=problem, number=0)
    touched = {line.session_id for line in lines}
    others = [(one.number, facts_of(one)) for one in schedule.held if one.id not in touched]
    for line in lines:
        if line.new is not None and line.moved:
            _check_times(line, line.new, others, now)
            others.append((line.number, line.new))


def _check_times(line: Line, new: Facts, others: Sequence[tuple[int, Facts]], now: int) -> None:
    if new.ends_at <= new.starts_at:
        raise Refused("desk_changes/impossible", problem="ends_before_start", number=line.number)
    if new.starts_at <= now:
        raise Refused("desk_changes/impossible", problem="past", number=line.number)
    if new.starts_at > now + FAR * 86_400:
        raise Refused("desk_changes/impossible", problem="far", number=line.number)
    for number, other in others:
        if new.starts_at < other.ends_at and other.starts_at < new.ends_at:
            raise Refused("desk_changes/impossible", problem="overlap", number=number)


def days_off(lines: Sequence[Line], days: Calendar) -> list[str]:
    """Give the new days (ISO) on which offices do not work: they are asked about once more."""
    at = {days.day(line.new.starts_at) for line in lines if line.new and line.moved}
    return sorted(day for day in at if not days.working(dt.date.fromisoformat(day)))


def mode_after(kind: str, course: Course, after: Sequence[Facts]) -> str:
    """Give how a course is held after its sessions went online or into a room."""
    rooms, links = any(one.place for one in after), any(one.link for one in after)
    if kind == "online":
        return "ket_hop" if rooms else "truc_tuyen"
    if kind == "place" and course.mode == "truc_tuyen" and rooms:
        return "ket_hop" if links else "truc_tiep"
    return course.mode
