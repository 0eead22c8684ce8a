"""From a draft to an open course, and from a past course to a draft. Writing in a draft is in course_drafts."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from bot.errors import Refused
from bot.store import Reading, Row, Tx
from bot.training import (
    course_checks,
    course_drafts,
    course_reach,
    course_refs,
    course_writing,
    planned_sessions,
    sessions,
)
from bot.training.calendar import Calendar
from bot.training.course_drafts import Draft
from bot.training.course_fields import Fault
from bot.training.planned_sessions import PlannedSession

_NOT_COPIED = ("document", "document_on", "approve_until", "deadline")


@dataclass(frozen=True)
class Review:
    """A draft as it would be opened: what is wrong, what is worth a look, what of the checklist is ready.

    `days_off` are the days (ISO) of sessions on which offices do not work.
    """

    draft: Draft
    fields: dict[str, Any]
    sessions: list[PlannedSession]
    faults: list[Fault]
    warnings: list[Fault]
    days_off: list[str]
    ready: set[str]


async def review(tx: Reading, draft: Draft, by: int, now: int, days: Calendar) -> Review:
    """Check a draft by the rules that a workbook's rows are checked by."""
    fields, faults = course_drafts.fields_of(draft)
    planned, wrong = course_drafts.sessions_of(draft)
    wanted = await course_refs.resolve(tx, fields, days)
    faults += wrong + await course_refs.check(tx, wanted, None, by)
    warnings = _warnings(fields, planned, days.local(now).date())
    off = sorted({one.day.isoformat() for one in planned if not days.working(one.day)})
    return Review(draft, fields, planned, faults, warnings, off, course_checks.told_by(fields, planned))


def _warnings(fields: dict[str, Any], planned: list[PlannedSession], today: dt.date) -> list[Fault]:
    found = [Fault("day", "sessions_overlap", str(other.number)) for _, other in planned_sessions.overlaps(planned)]
    deadline = fields.get("deadline")
    if planned:
        found += planned_sessions.deadline_remarks(deadline, fields.get("approve_until"), planned[0].day)
    if deadline and deadline < today:
        found.append(Fault("deadline", "deadline_past", f"{deadline:%d/%m/%Y}"))
    if planned and planned[0].day < today:
        found.append(Fault("day", "session_past", f"{planned[0].day:%d/%m/%Y}"))
    return found


async def publish(tx: Tx, draft_id: int, by: int, now: int, days: Calendar) -> int:
    """Open the course of a draft for sign-up and let go of the draft; gives its number. Raises Refused, Stale."""
    await tx.lock("course codes")
    draft = await course_drafts.find(tx, draft_id, by)
    found = await review(tx, draft, by, now, days)
    if found.faults:
        raise Refused("course_form/not_ready", draft=draft)
    wanted = await course_refs.resolve(tx, found.fields, days)
    wanted.columns |= {"copied_from": draft.copied_from, "owner_unit_id": draft.owner_unit_id}
    code = await _code(tx, found.fields["category"], found.sessions[0].day.year)
    course_id = await course_writing.create(tx, code, wanted, found.sessions, by, now, days)
    await course_checks.tick(tx, course_id, sorted(found.ready), by, now)
    await course_drafts.close(tx, draft_id, by, now)
    return course_id


async def _code(tx: Reading, category: str, year: int) -> str:
    """Give the next code of a category in a year: 'PL26-03'."""
    taken = {row["code"] for row in await tx.fetch("select code from courses")}
    return next(code for n in range(1, len(taken) + 2) if (code := f"{category}{year % 100:02}-{n:02}") not in taken)


def weeks_to(first: dt.date, wanted: dt.date) -> dt.timedelta:
    """Give the whole weeks by which `first` is put off (or brought forward) to `wanted` or the next days after it."""
    return dt.timedelta(days=7 * -((first - wanted).days // 7))


@dataclass(frozen=True)
class Copied:
    """A draft that was copied, and which days it was given: `asked` by the clerk, `first` in fact, `was` in the past.

    The deadline lies as many days before the first session as it did, `lead`; 0 or less where it did not.
    """

    draft: Draft
    asked: dt.date
    was: dt.date
    first: dt.date
    deadline: dt.date

    @property
    def lead(self) -> int:
        """Give how many days the deadline lies before the first session."""
        return (self.first - self.deadline).days


async def copy(tx: Tx, course_id: int, first_day: dt.date, by: int, now: int, days: Calendar) -> Copied:
    """Begin a draft with the fields of a course, its sessions on the same weekdays from `first_day` on.

    Everything goes by the same whole weeks, so that sessions and the deadline keep their distance. The approving
    document is not copied: each year has its own. Raises NotAllowed out of the clerk's reach.
    """
    await course_reach.to_read(tx, by, course_id)
    row = await tx.fetchrow("select * from courses where id = $1", course_id)
    held = await sessions.of_course(tx, course_id)
    if row is None or not held:
        raise Refused("course_form/nothing_to_copy")
    was = days.local(held[0].starts_at).date()
    shift = weeks_to(was, first_day)
    draft = await course_drafts.begin(tx, by, now)
    copied = replace(
        draft,
        fields=draft.fields | await _fields_words(tx, row, shift, days),
        sessions=[_session_words(session, shift, days) for session in held],
        step="",
        copied_from=course_id,
    )
    kept = await course_drafts.fill(tx, copied, by, now)
    return Copied(kept, first_day, was, was + shift, days.local(row["deadline"]).date() + shift)


async def _fields_words(tx: Reading, row: Row, shift: dt.timedelta, days: Calendar) -> dict[str, str]:
    fields = await course_refs.fields_of(tx, row, days)
    words = {
        key: course_drafts.shown_words(key, value)
        for key, value in fields.items()
        if key not in _NOT_COPIED and key != "owner" and value is not None
    }
    words["deadline"] = f"{fields['deadline'] + shift:%d/%m/%Y}"
    return {key: value for key, value in words.items() if value}


def _session_words(session: sessions.Session, shift: dt.timedelta, days: Calendar) -> dict[str, str]:
    starts, ends = days.local(session.starts_at), days.local(session.ends_at)
    return {
        "day": f"{starts.date() + shift:%d/%m/%Y}",
        "start": f"{starts:%H:%M}",
        "end": f"{ends:%H:%M}",
        "hours": str(session.hours or ""),
        "place": ", ".join(filter(None, (session.place, session.link))),
    }
