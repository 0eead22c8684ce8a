"""Courses that clerks put together in the chat: kept as words, as a workbook's row would have them, however long.

What the words mean is in course_fields, what they name in course_refs; writing in its sessions is in
course_draft_sessions, becoming a course in course_opening.
"""

import datetime as dt
import json
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from bot.errors import NotAllowed, Stale
from bot.excel.cells import Cell, CellError, shown
from bot.store import Reading, Row, Tx
from bot.training import audit, course_fields, course_refs, planned_sessions, rights, typed_days
from bot.training.calendar import Calendar
from bot.training.course_fields import Fault
from bot.training.planned_sessions import PlannedSession

# What is asked one after the other, for no course opens without it; everything else has its usual value until it is
# changed on the card. Sessions come before the deadline, which goes by the first of them.
STEPS = ("title", "category", "audience", "capacity", "sessions", "deadline")
_IN_THE_PAST = ("document_on",)


@dataclass(frozen=True)
class Draft:
    """One draft; `fields` are words by key, `sessions` words by day, start, end, hours, place. Times in UTC seconds.

    `step` is the question that comes next, '' when all have been asked.
    """

    id: int
    by_person: int
    by: str
    owner_unit_id: int | None
    fields: dict[str, str]
    sessions: list[dict[str, str]]
    step: str
    copied_from: int | None
    touched_by: str
    updated_at: int

    @property
    def title(self) -> str:
        """Give the name it has so far."""
        return self.fields.get("title", "")

    @property
    def missing(self) -> list[str]:
        """Give what must still be told before it can open, in the order in which it is asked."""
        return [key for key in STEPS if not (self.sessions if key == "sessions" else self.fields.get(key))]


_SELECT = """
    select d.*, p.name as by_name, coalesce(t.name, p.name) as touched_name from course_drafts d
    join people p on p.id = d.by_person left join people t on t.id = d.touched_by
"""


def _draft(row: Row) -> Draft:
    return Draft(
        row["id"],
        row["by_person"],
        row["by_name"],
        row["owner_unit_id"],
        json.loads(row["fields"]),
        json.loads(row["sessions"]),
        row["step"],
        row["copied_from"],
        row["touched_name"],
        row["updated_at"],
    )


async def begin(tx: Tx, by: int, now: int) -> Draft:
    """Begin an empty draft, of the clerk's own unit or of the whole."""
    owner = await course_refs.default_owner(tx, by)
    name = await tx.fetchval("select name from units where id = $1", owner)
    draft_id: int = await tx.fetchval(
        """
        insert into course_drafts (by_person, owner_unit_id, fields, step, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $5) returning id
        """,
        by,
        owner,
        json.dumps({"owner": name} if name else {}, ensure_ascii=False),
        STEPS[0],
        now,
    )
    return await find(tx, draft_id, by)


async def find(tx: Reading, draft_id: int, by: int) -> Draft:
    """Read a draft. Raises Stale when it is gone, NotAllowed when it is out of the clerk's reach."""
    row = await tx.fetchrow(f"{_SELECT} where d.id = $1 and d.closed_at is null", draft_id)
    if row is None:
        raise Stale("course_form/gone")
    if not await rights.covers(tx, by, row["owner_unit_id"]):
        raise NotAllowed(f"course_draft:{draft_id}")
    return _draft(row)


async def held(tx: Tx, draft_id: int, by: int) -> Draft:
    """Read a draft and hold it until the transaction ends: colleagues may write in it too."""
    await tx.fetchrow("select id from course_drafts where id = $1 for update", draft_id)
    return await find(tx, draft_id, by)


async def listed(tx: Reading, by: int) -> list[Draft]:
    """Give the drafts within a clerk's reach, one's own first, then the latest."""
    reach = rights.covered("d.owner_unit_id", "$1")
    rows = await tx.fetch(
        f"{_SELECT} where d.closed_at is null and {reach} "
        "order by case when d.by_person = $1 then 0 else 1 end, d.updated_at desc, d.id desc",
        by,
    )
    return [_draft(row) for row in rows]


def canonical(key: str, words: str, today: dt.date) -> str:
    """Give typed words as a workbook's cell would hold them. Raises CellError for what a field cannot be."""
    cell = Cell(words)
    if key in course_fields.DAYS:
        day = typed_days.day(words, today, past=key in _IN_THE_PAST)
        cell = Cell(None if day is None else f"{day:%d/%m/%Y}")
    return shown_words(key, course_fields.read(key, cell))


def shown_words(key: str, value: Any) -> str:
    """Give a field's value as words that read back to the same."""
    return shown(course_fields.written(key, value))


async def put(tx: Tx, draft_id: int, key: str, words: str, by: int, now: int, days: Calendar) -> Draft:
    """Write one field of a draft and go on to the next question, if this was the one that was open.

    Raises CellError for what the field cannot be, also for a unit or code that nobody has.
    """
    draft = await held(tx, draft_id, by)
    told = canonical(key, words, days.local(now).date())
    wanted = await course_refs.resolve(tx, {key: course_fields.read(key, Cell(told))}, days)
    for fault in wanted.faults:
        raise CellError(fault.reason, fault.value)
    owner = draft.owner_unit_id
    if key == "owner":
        owner = wanted.columns["owner_unit_id"]
        if not await rights.covers(tx, by, owner):
            raise CellError("not_yours", "")
    draft = replace(draft, fields=draft.fields | {key: told}, owner_unit_id=owner)
    return await keep(tx, _onward(draft, key), by, now)


async def skip(tx: Tx, draft_id: int, key: str, by: int, now: int) -> Draft:
    """Go on to the next question without an answer; what was answered before stays."""
    return await keep(tx, _onward(await held(tx, draft_id, by), key), by, now)


def _onward(draft: Draft, key: str) -> Draft:
    """Go from the question `key`, if it is the open one, to the next that has no answer yet.

    A draft of long ago may stand at a question that is no longer asked in a row: then at the first without an answer.
    """
    if draft.step != key:
        return draft
    later = STEPS[STEPS.index(key) + 1 :] if key in STEPS else STEPS
    return replace(draft, step=next((step for step in later if step in draft.missing), ""))


async def fill(tx: Tx, draft: Draft, by: int, now: int) -> Draft:
    """Write fields, sessions and step of a draft that was just begun, all at once (a copied course)."""
    await tx.execute("update course_drafts set copied_from = $2 where id = $1", draft.id, draft.copied_from)
    return await keep(tx, draft, by, now)


async def keep(tx: Tx, draft: Draft, by: int, now: int) -> Draft:
    """Write fields, sessions and step of a draft that is held."""
    await tx.execute(
        """
        update course_drafts set fields = $2, sessions = $3, step = $4, owner_unit_id = $5, touched_by = $6,
            updated_at = $7 where id = $1
        """,
        draft.id,
        json.dumps(draft.fields, ensure_ascii=False),
        json.dumps(draft.sessions, ensure_ascii=False),
        draft.step,
        draft.owner_unit_id,
        by,
        now,
    )
    return await find(tx, draft.id, by)


async def drop(tx: Tx, draft_id: int, by: int, now: int) -> Draft:
    """Throw a draft away."""
    draft = await held(tx, draft_id, by)
    await close(tx, draft_id, by, now)
    await audit.record(tx, by, "course_draft.drop", f"course_draft:{draft_id}", now, old=draft.fields)
    return draft


async def close(tx: Tx, draft_id: int, by: int, now: int) -> None:
    """Let go of a draft that was opened or dropped; old buttons of it lead nowhere."""
    await tx.execute("update course_drafts set closed_at = $2, touched_by = $3 where id = $1", draft_id, now, by)


def fields_of(draft: Draft) -> tuple[dict[str, Any], list[Fault]]:
    """Read the words of all fields; what was never told has its usual value, how it is held goes by its places."""
    fields: dict[str, Any] = {}
    faults: list[Fault] = []
    for one in course_fields.FIELDS:
        if one.key == "mode" and not draft.fields.get("mode"):
            fields["mode"] = _usual_mode(draft)
            continue
        try:
            fields[one.key] = course_fields.read(one.key, Cell(draft.fields.get(one.key)))
        except CellError as error:
            faults.append(Fault(one.key, error.reason, error.value))
    return fields, faults


def _usual_mode(draft: Draft) -> str:
    places = [planned_sessions.place_and_link(session.get("place", "")) for session in draft.sessions]
    links = any(link for _, link in places)
    if links and any(room for room, _ in places):
        return "ket_hop"
    return "truc_tuyen" if links else "truc_tiep"


def _cell(words: dict[str, str], key: str) -> Cell:
    return Cell(words.get(key))


def sessions_of(draft: Draft) -> tuple[list[PlannedSession], list[Fault]]:
    """Read the words of all sessions, in the order of time; what is wrong with each."""
    found: list[PlannedSession] = []
    faults: list[Fault] = [] if draft.sessions else [Fault("day", "no_session")]
    for at, words in enumerate(draft.sessions, start=1):
        session, wrong = planned_sessions.read_session(partial(_cell, words), at)
        faults.extend(wrong)
        found.extend([session] if session else [])
    found.sort(key=lambda session: (session.day, session.start))
    return [replace(session, number=at) for at, session in enumerate(found, start=1)], faults
