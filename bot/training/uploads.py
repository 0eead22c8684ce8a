"""Files that HR sends: recognised, tried without writing, kept between dry run and apply. Each kind has its own rules.

What a list means and changes is in the module of its kind; what a kind consists of is in upload_kinds; taking back
what one changed, in upload_undo.
"""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.errors import BadFile, Stale
from bot.excel.reader import words_above
from bot.store import Reading, Row, Tx
from bot.training import (
    attendance_sheet,
    audit,
    certificate_sheet,
    class_list,
    course_upload,
    exports,
    history_import,
    legal_import,
    merger_sheet,
    money_sheet,
    nomination_import,
    plan_import,
    post_requirement_sheet,
    results_sheet,
    roster,
    upload_changes,
)
from bot.training.roster_sheet import RowError
from bot.training.upload_kinds import Kind, Report, Sender

KINDS: tuple[Kind, ...] = (  # workbooks are tried in this order: the first whose columns are all there is meant
    attendance_sheet.UPLOAD,  # known by a line of its own, so it takes no other list for its own
    history_import.UPLOAD,
    certificate_sheet.UPLOAD,
    money_sheet.UPLOAD,
    results_sheet.UPLOAD,
    class_list.UPLOAD,
    nomination_import.UPLOAD,  # after all other lists of learners, which have its few columns too
    post_requirement_sheet.UPLOAD,
    roster.UPLOAD,
    course_upload.UPLOAD,
    merger_sheet.UPLOAD,
    plan_import.UPLOAD,
    legal_import.UPLOAD,
)
OF_CLASSES = (attendance_sheet.UPLOAD, certificate_sheet.UPLOAD, results_sheet.UPLOAD)  # for schools and lecturers too
BY_NAME = {kind.name: kind for kind in KINDS}
_NUMBER_BITS = 48  # fits into a button beside its name
_LOGGED = 50  # refused subjects of one file that are logged
LIVES = 86_400  # seconds between dry run and apply; the database may have moved on by then


@dataclass(frozen=True)
class Parsed:
    """A recognised file, read but not compared with anything."""

    kind: Kind
    filename: str
    content: bytes
    plan: Any


async def read(content: bytes, filename: str) -> Parsed:
    """Recognise a file by what is in it and read it, in a thread. Raises BadFile, also for a report of ours."""
    return await asyncio.to_thread(_read, content, filename)


def _read(content: bytes, filename: str) -> Parsed:
    yaml = filename.lower().endswith((".yaml", ".yml"))
    if not yaml and exports.is_report(words_above(content, filename)):
        raise BadFile("uploads/report", filename=filename)
    lacking: list[BadFile] = []
    for kind in KINDS:
        if kind.yaml is not yaml:
            continue
        try:
            return Parsed(kind, filename, content, kind.read(content, filename))
        except BadFile as error:
            if error.screen != "files/missing_columns":
                raise
            lacking.append(error)
    raise min(lacking, key=lambda error: len(error.values["names"]))  # the list it is nearest to


async def compare(tx: Tx, parsed: Parsed, sender: Sender) -> Report:
    """Tell what applying the file would change; leaves all as it is."""
    return _report(parsed, await parsed.kind.compare(tx, parsed.plan, sender))


async def log_refused(tx: Tx, report: Report, sender: Sender) -> None:
    """Log what a file tried that its sender's rights do not cover, each thing once, a long list cut."""
    for subject in report.refused[:_LOGGED]:
        await audit.record(tx, sender.person_id, "refused", subject, sender.now, new={"file": report.filename})


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
        parsed.kind.name,
        parsed.filename,
        parsed.content,
        now,
    )
    return upload_id


async def apply(tx: Tx, upload_id: int, sender: Sender, only: Sequence[Kind] = KINDS) -> Report:
    """Apply a kept file of its sender and let go of it; compared anew, so the report tells what was really done.

    What it changes is kept for a day under the same number, to be undone. `only` is for senders who may send but some
    kinds. Raises Stale when it was applied before, replaced by a newer file, is older than a day, or of another kind.
    """
    parsed = await kept(tx, upload_id, sender)
    if parsed.kind not in only or sender.person_id is None:
        raise Stale("uploads/gone")
    await drop(tx, upload_id, sender.person_id)
    await upload_changes.begin(tx, upload_id, sender.person_id, parsed.kind.name, parsed.filename, sender.now)
    return await write(tx, parsed, replace(sender, upload_id=upload_id))


async def kept(tx: Tx, upload_id: int, sender: Sender) -> Parsed:
    """Read a kept file of its sender anew. Raises Stale when it is kept no more."""
    row: Row | None = await tx.fetchrow(
        "select * from uploads where id = $1 and person_id = $2 and created_at >= $3 for update",
        upload_id,
        sender.person_id,
        sender.now - LIVES,
    )
    if row is None or row["kind"] not in BY_NAME:
        raise Stale("uploads/gone")
    kind, content = BY_NAME[row["kind"]], bytes(row["content"])
    plan = await asyncio.to_thread(kind.read, content, row["filename"])
    return Parsed(kind, row["filename"], content, plan)


async def write(tx: Tx, parsed: Parsed, sender: Sender) -> Report:
    """Apply what was read from a file and tell what was done."""
    report = _report(parsed, await parsed.kind.apply(tx, parsed.plan, sender))
    told = {"kind": report.kind, "file": report.filename, **report.counts}
    await audit.record(tx, sender.person_id, "upload.apply", f"upload:{sender.upload_id or 0}", sender.now, new=told)
    return report


async def kind_of(tx: Reading, upload_id: int, person_id: int) -> str:
    """Give the kind of a kept file of this person. Raises Stale when it is kept no more."""
    kind = await tx.fetchval("select kind from uploads where id = $1 and person_id = $2", upload_id, person_id)
    if kind is None:
        raise Stale("uploads/gone")
    return str(kind)


async def drop(tx: Tx, upload_id: int, person_id: int) -> None:
    """Let go of a kept file."""
    await tx.execute("delete from uploads where id = $1 and person_id = $2", upload_id, person_id)


async def purge(tx: Tx, now: int) -> int:
    """Let go of files that nobody said yes to for a day."""
    return await tx.execute("delete from uploads where created_at < $1", now - LIVES)


def _report(parsed: Parsed, difference: Any) -> Report:
    """Make the report; what is wrong under a heading is said with the heading that the sheet itself has."""
    report = parsed.kind.report(parsed.filename, parsed.plan, difference)
    if report.table is None:
        return report
    headings = report.table.headings
    errors, notes = ([_headed(told, headings) for told in those] for those in (report.errors, report.notes))
    return replace(report, errors=errors, notes=notes)


def _headed(told: RowError, headings: Mapping[str, str]) -> RowError:
    heading = str(told.values.get("heading"))
    return replace(told, values={**told.values, "heading": headings[heading]}) if heading in headings else told
