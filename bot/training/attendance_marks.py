"""What may be told of somebody and a session, what it counts, how two tellings are merged. Pure rules; no tables."""

import re
from dataclasses import dataclass
from typing import Literal, get_args

from bot.training.sessions import Session

State = Literal["present", "late", "left_early", "half", "excused", "absent"]
Source = Literal["code", "qr", "phone", "sheet", "workbook", "proxy", "time"]
Verdict = Literal["take", "same", "conflict"]

STATES: tuple[State, ...] = get_args(State)
ATTENDED = ("present", "late", "left_early", "half")
BY_THEMSELF = ("code", "qr")
NOBODY: Source = "time"  # nobody told: the session was over
LATE_AFTER = 15 * 60  # seconds after the start
_PERIODS = re.compile(r"([0-9]{1,3})(?:[.,]([05]))?")
PERIOD = 60 * 60  # seconds that a lesson period (tiết) takes with its break: a day of eight hours has eight (L1)


@dataclass(frozen=True)
class Mark:
    """What somebody tells of a person: `by` is who tells it. `tenths` only when the hours were typed."""

    state: State
    source: Source
    by: int | None
    reason: str | None = None
    tenths: int | None = None
    walk_in: bool = False


@dataclass(frozen=True)
class Presence:
    """What is recorded of a person and session; instants in UTC seconds, `tenths` of lesson periods."""

    session_id: int
    person_id: int
    state: State
    tenths: int
    reason: str | None
    source: Source
    walk_in: bool
    at: int
    by: int | None
    changed_at: int | None = None

    @property
    def told_at(self) -> int:
        """Give when it was told as it stands."""
        return self.at if self.changed_at is None else self.changed_at

    @property
    def attended(self) -> bool:
        """Tell whether they were there at all."""
        return self.state in ATTENDED

    def shown(self) -> dict[str, object]:
        """Give what the log keeps of it."""
        return {"state": self.state, "tenths": self.tenths, "reason": self.reason, "source": self.source}


def periods(session: Session) -> int:
    """Give the lesson periods of a session: those of its plan, else one for each hour, a half counted as one."""
    if session.hours is not None:
        return session.hours
    return max(1, (session.ends_at - session.starts_at + PERIOD // 2) // PERIOD)


def tenths_of(session: Session, state: str) -> int:
    """Give the tenths of lesson periods that count: all when late, half when half or left early, else none (L4)."""
    whole = 10 * periods(session)
    return {"present": whole, "late": whole, "left_early": whole // 2, "half": whole // 2}.get(state, 0)


def typed_tenths(text: str, session: Session) -> int | None:
    """Read "3", "2,5" or "2.5" lesson periods in tenths; None for anything else, none, or more than there are."""
    found = _PERIODS.fullmatch(text.strip())
    tenths = 0 if found is None else 10 * int(found[1]) + int(found[2] or 0)
    return tenths if 0 < tenths <= 10 * periods(session) else None


def state_at(session: Session, now: int) -> State:
    """Give what somebody is who comes at `now`."""
    return "late" if now > session.starts_at + LATE_AFTER else "present"


def merge(there: Presence | None, told: Mark) -> Verdict:
    """Tell what becomes of what is told beside what is recorded: taken, nothing new, or for a person to decide.

    A contradiction about being there at all is never settled by who came last. What a clerk taps seeing the record
    corrects other clerks, but not what the person told by code in time.
    """
    if there is None or there.source == NOBODY:
        return "take"
    if told.state == there.state:
        news = (told.reason or there.reason) != there.reason or told.tenths not in (None, there.tenths)
        return "take" if news else "same"
    if told.source == "phone" and there.source not in BY_THEMSELF:
        return "take"
    if (told.state in ATTENDED) != there.attended:
        return "conflict"
    return _finer(there, told)


def _finer(there: Presence, told: Mark) -> Verdict:
    """Both say the person was there, or both that not: only what tells more than there is known is taken."""
    if told.source in BY_THEMSELF:
        return "same"
    if there.source in BY_THEMSELF and told.state in ("present", "late"):
        return "conflict" if told.source == "phone" or told.state == "late" else "same"  # the clock said otherwise
    return "same" if told.state in ("present", "absent") else "take"
