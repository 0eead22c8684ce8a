"""When a course counts as completed (L4): attendance, mark, one resit. Pure rules; marks are kept in results."""

import re
from dataclasses import dataclass

from bot.errors import Refused

HIGHEST = 100  # tenths of a mark
_MARK = re.compile(r"([0-9]{1,2})(?:[.,]([0-9]))?0*")


@dataclass(frozen=True)
class Marks:
    """What was told about one learner: first mark and resit in tenths, or passed (or not) without a mark."""

    score: int | None = None
    resit: int | None = None
    passed: bool | None = None

    @property
    def final(self) -> int | None:
        """Give the mark that counts: the better of the two."""
        told = [mark for mark in (self.score, self.resit) if mark is not None]
        return max(told) if told else None


@dataclass(frozen=True)
class Attended:
    """Lesson periods in tenths: attended of those held. None attended: nobody's attendance was recorded."""

    tenths: int | None
    held: int
    vouched: bool = False  # HR has confirmed by hand that the person was there

    @property
    def percent(self) -> int:
        """Give the whole percent attended."""
        return 0 if not self.held else (self.tenths or 0) * 100 // self.held


@dataclass(frozen=True)
class Reason:
    """Why a course is not completed, worded by results/words.j2; hours and marks in tenths, `needed` as in the rule."""

    name: str
    told: int = 0
    of: int = 0
    percent: int = 0
    needed: int = 0


@dataclass(frozen=True)
class Verdict:
    """Completed, or why not; the hours (tenths) that a completed course gives."""

    reasons: tuple[Reason, ...]
    hours_tenths: int

    @property
    def completed(self) -> bool:
        """Tell whether nothing is missing."""
        return not self.reasons


def judge(share: int, pass_mark: int, marks: Marks, attended: Attended) -> Verdict:
    """Decide on one learner: `share` in percent of the hours, `pass_mark` in tenths, 0 for a course without a test."""
    by_hours, by_mark = _hours_reason(share, attended), _mark_reason(pass_mark, marks)
    hours = attended.held if attended.vouched and attended.tenths is None else attended.tenths or 0
    return Verdict(tuple(reason for reason in (by_hours, by_mark) if reason is not None), hours)


def _hours_reason(share: int, attended: Attended) -> Reason | None:
    if attended.vouched or share == 0:
        return None
    if attended.tenths is None or not attended.held:
        return Reason("attendance_missing")
    if attended.tenths * 100 < share * attended.held:
        return Reason("attendance_low", attended.tenths, attended.held, attended.percent, share)
    return None


def _mark_reason(pass_mark: int, marks: Marks) -> Reason | None:
    if marks.passed is not None:
        return None if marks.passed else Reason("not_passed")
    if pass_mark == 0:
        return None
    if marks.final is None:
        return Reason("mark_missing", needed=pass_mark)
    if marks.final < pass_mark:
        return Reason("mark_low", marks.final, needed=pass_mark)
    return None


def band(mark: int) -> str:
    """Give the band of a mark in tenths: 5, 7, 8 and 9 are where the next begins (domain: completion)."""
    for name, least in (("excellent", 90), ("good", 80), ("fair", 70), ("average", 50)):
        if mark >= least:
            return name
    return "weak"


def mark_of(text: str) -> int:
    """Read a mark as tenths from "7,5", "7.5" or "7". Raises Refused for anything outside 0–10 or finer than 0,1."""
    found = _MARK.fullmatch(text.strip())
    tenths = int(found[1]) * 10 + int(found[2] or 0) if found else -1
    if not 0 <= tenths <= HIGHEST:
        raise Refused("results/mark_wrong", value=text[:40])
    return tenths
