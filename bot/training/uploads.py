"""Files that HR sends: recognised, tried without writing, kept between dry run and apply. Each list has its own rules.

What a list means and changes is in roster, course_import and legal_import.
"""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from zoneinfo import ZoneInfo

from bot.errors import BadFile, Stale
from bot.excel.reader import Table
from bot.store import Reading, Row, Tx
from bot.training import course_import, legal_import, roster
from bot.training.roster import Progress
from bot.training.roster_sheet import RowError

Kind = Literal["people", "courses", "legal"]
_NUMBER_BITS = 48  # fits into a button beside its name
LIVES = 86_400  # seconds between dry run and apply; the database may have moved on by then


@dataclass(frozen=True)
class Report:
    """What a file would change, or has changed: figures by name, remarks by row, the sheet to give back.

    `errors` are rows that stay out, `notes` rows that come in with a remark.
    """

    kind: Kind
    filename: str
    counts: dict[str, int]
    errors: Sequence[RowError]
    notes: Sequence[RowError]
    table: Table | None
    names: dict[str, list[str]] = field(default_factory=dict)
    changes: Sequence[tuple[str, Sequence[str]]] = ()  # of people: name, the facts that change
    refused: Sequence[int] = ()  # of courses: those that the clerk has no rights over

    @property
    def nothing(self) -> bool:
        """Tell whether applying would change nothing."""
        return not any(count for name, count in self.counts.items() if name not in ("same", "left"))


@dataclass(frozen=True)
class Parsed:
    """A recognised file, read but not compared with anything."""

    kind: Kind
    filename: str
    content: bytes
    plan: Any


async def read(content: bytes, filename: str) -> Parsed:
    """Recognise a file by what is in it and read it, in a thread. Raises BadFile."""
    return await asyncio.to_thread(_read, content, filename)


def _read(content: bytes, filename: str) -> Parsed:
    if filename.lower().endswith((".yaml", ".yml")):
        return Parsed("legal", filename, content, legal_import.read(content, filename))
    lacking: list[BadFile] = []
    for kind in _WORKBOOKS:
        try:
            return Parsed(kind, filename, content, _MODULES[kind].read(content, filename))
        except BadFile as error:
            if error.screen != "files/missing_columns":
                raise
            lacking.append(error)
    raise min(lacking, key=lambda error: len(error.values["names"]))  # the list it is nearest to


_MODULES: dict[Kind, Any] = {"people": roster, "courses": course_import, "legal": legal_import}
_WORKBOOKS: tuple[Kind, ...] = ("people", "courses")


async def compare(tx: Reading, parsed: Parsed, zone: ZoneInfo, by: int | None = None) -> Report:
    """Tell what applying the file would change; writes nothing. `by` is the clerk whose rights count."""
    if parsed.kind == "courses":
        return _report(parsed, await course_import.compare(tx, parsed.plan, zone, by))
    return _report(parsed, await _MODULES[parsed.kind].compare(tx, parsed.plan, zone))


async def keep(tx: Tx, person_id: int, parsed: Parsed, now: int) -> int:
    """Keep the file until its sender says yes; gives its number. An earlier one of theirs, and all old ones, go.

    The number is random: one that had been another file's would let an old button apply this one.
    """
    await tx.execute("delete from uploads where person_id = $1", person_id)
    await purge(tx, now)
    upload_id = secrets.randbits(_NUMBER_BITS)
    await tx.execute(
        """
        insert into uploads (id, person_id, kind, filename, content, created_at) values ($1, $2, $3, $4, $5, $6)
        """,
        upload_id,
        person_id,
        parsed.kind,
        parsed.filename,
        parsed.content,
        now,
    )
    return upload_id


async def apply(tx: Tx, upload_id: int, person_id: int, now: int, zone: ZoneInfo) -> Report:
    """Apply a kept file of this person and let go of it; compared anew, so the report tells what was really done.

    Raises Stale when it was applied before, replaced by a newer file, or is older than a day.
    """
    row: Row | None = await tx.fetchrow(
        "select * from uploads where id = $1 and person_id = $2 and created_at >= $3 for update",
        upload_id,
        person_id,
        now - LIVES,
    )
    if row is None:
        raise Stale("uploads/gone")
    kind: Kind = row["kind"]
    plan = await asyncio.to_thread(_MODULES[kind].read, bytes(row["content"]), row["filename"])
    await drop(tx, upload_id, person_id)
    return await write(tx, Parsed(kind, row["filename"], b"", plan), now, zone, by=person_id)


async def write(
    tx: Tx, parsed: Parsed, now: int, zone: ZoneInfo, progress: Progress | None = None, by: int | None = None
) -> Report:
    """Apply what was read from a file and tell what was done; `progress` gets (done, of) while people are written."""
    if parsed.kind == "people":
        return _report(parsed, await roster.apply(tx, parsed.plan, now, zone, progress))
    if parsed.kind == "courses":
        return _report(parsed, await course_import.apply(tx, parsed.plan, now, zone, by))
    return _report(parsed, await _MODULES[parsed.kind].apply(tx, parsed.plan, now, zone))


async def drop(tx: Tx, upload_id: int, person_id: int) -> None:
    """Let go of a kept file."""
    await tx.execute("delete from uploads where id = $1 and person_id = $2", upload_id, person_id)


async def purge(tx: Tx, now: int) -> int:
    """Let go of files that nobody said yes to for a day."""
    return await tx.execute("delete from uploads where created_at < $1", now - LIVES)


def _report(parsed: Parsed, difference: Any) -> Report:
    report: Report = _REPORTS[parsed.kind](parsed, difference)
    return report


def _people(parsed: Parsed, difference: roster.Difference) -> Report:
    counts = {
        "new": len(difference.new),
        "changed": len(difference.changed),
        "same": difference.same,
        "left": len(difference.left),
        "units": len(difference.units_new) + len(difference.units_changed),
        "heads": len(difference.heads),
    }
    changes = [(change.entry.name, tuple(change.fields)) for change in difference.changed]
    names = {"units": difference.units_new}
    return Report(
        "people", parsed.filename, counts, difference.errors, difference.notes, parsed.plan.table, names, changes
    )


def _courses(parsed: Parsed, difference: course_import.Difference) -> Report:
    counts = {
        "new": len(difference.new),
        "changed": len(difference.changed),
        "same": len(difference.unchanged),
        "sessions": sum(len(course.sessions) for course in difference.new),
    }
    names = {
        "new": [course.fields["title"] for course in difference.new],
        "changed": [change.planned.fields["title"] for change in difference.changed],
        "held_back": parsed.plan.held_back,
    }
    return Report(
        "courses", parsed.filename, counts, difference.errors, difference.warnings, parsed.plan.table, names,
        refused=difference.refused,
    )  # fmt: skip


def _legal(parsed: Parsed, difference: legal_import.Difference) -> Report:
    counts = {
        "new": len(difference.new),
        "changed": len(difference.changed),
        "amended": len(difference.amended),
        "same": len(difference.unchanged),
    }
    names = {
        "new": [entry.title for entry in difference.new],
        "changed": [change.entry.title for change in difference.changed],
        "amended": [change.entry.title for change in difference.amended],
    }
    errors = [RowError(f.entry, f.reason, f.values, template="desk_laws/fault") for f in difference.faults]
    return Report("legal", parsed.filename, counts, errors, [], None, names)


_REPORTS: dict[Kind, Any] = {"people": _people, "courses": _courses, "legal": _legal}
