"""The sessions of a course that is being put together in the chat: written part by part, as words, and taken out."""

import datetime as dt
from dataclasses import replace

from bot.errors import Stale
from bot.excel.cells import Cell, CellError, shown
from bot.folding import tidy
from bot.store import Tx
from bot.training import course_fields, typed_days
from bot.training.calendar import Calendar
from bot.training.course_drafts import Draft, held, keep
from bot.training.typed_days import When

PARTS = ("day", "span", "hours", "place")  # what a session has
ASKED_PARTS = ("day", "span", "place")  # what is asked of a new one; its lesson periods go by its length
MOST_SESSIONS = 60


async def put_part(
    tx: Tx, draft_id: int, number: int, part: str, words: str, by: int, now: int, days: Calendar, of: int = -1
) -> Draft:
    """Write one part of the `number`-th session (from 0; one beyond the last is a new one). Raises CellError, Stale.

    A new session is held where the one before it is, until it is told otherwise. `of` is how many there were when it
    was asked for (-1: not told): a new one comes behind those that a colleague has added since, and where one was
    taken out since, numbers mean others.
    """
    draft = await held(tx, draft_id, by)
    if number == of >= 0:
        number = max(number, len(draft.sessions))
    elif len(draft.sessions) < of:
        raise Stale
    if part not in PARTS or not 0 <= number <= min(len(draft.sessions), MOST_SESSIONS - 1):
        raise Stale
    told = _part(part, words, days.local(now).date())
    sessions = [*draft.sessions, *([_new_session(draft)] if number == len(draft.sessions) else [])]
    sessions[number] = sessions[number] | told
    return await keep(tx, replace(draft, sessions=sessions), by, now)


def _new_session(draft: Draft) -> dict[str, str]:
    before = draft.sessions[-1] if draft.sessions else {}
    return {"place": before["place"]} if "place" in before else {}


def _part(part: str, words: str, today: dt.date) -> dict[str, str]:
    """Give what the words tell: asked for a day or for hours, people often type both."""
    if part == "hours":
        return {"hours": shown(course_fields.read("hours_theory", Cell(words)))}
    if part == "place":
        return {"place": course_fields.text_of(Cell(words), "place")}
    when = typed_days.when(words, today, hours=part == "span")
    told = _day_part(when) | _span_part(when, words)
    if ("day" if part == "day" else "start") not in told:
        raise CellError("missing", "")
    return told


def _day_part(when: When) -> dict[str, str]:
    if when.day is None:
        return {}
    course_fields.day_of(Cell(when.day))
    return {"day": f"{when.day:%d/%m/%Y}"}


def _span_part(when: When, words: str) -> dict[str, str]:
    if when.start is None:
        return {}
    if when.end is None:
        raise CellError("time_wrong", tidy(words)[:40])
    if when.end <= when.start:
        raise CellError("ends_before_start", f"{when.start:%H:%M} – {when.end:%H:%M}")
    return {"start": f"{when.start:%H:%M}", "end": f"{when.end:%H:%M}"}


async def drop_session(tx: Tx, draft_id: int, number: int, of: int, by: int, now: int) -> Draft:
    """Take a session out of the `of` that there were when its button was made. Raises Stale when there are others."""
    draft = await held(tx, draft_id, by)
    if len(draft.sessions) != of or not 0 <= number < of:  # tapped twice, it would take the next one too
        raise Stale
    sessions = [session for at, session in enumerate(draft.sessions) if at != number]
    return await keep(tx, replace(draft, sessions=sessions), by, now)
