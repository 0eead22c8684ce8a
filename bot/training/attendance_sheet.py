"""What a list of attendance that comes back changes: whose session it is, whose rows, and recording them.

What its sheets say is read by attendance_pages and attendance_matrix; how a telling is merged with what is known is
told by attendance; how the lists look, by handlers.attendance_sheets.
"""

from dataclasses import dataclass, field, replace

from bot.chat.turns import Role, Speaker
from bot.errors import BadFile
from bot.folding import fold
from bot.store import Reading, Tx
from bot.training import (
    attendance,
    attendance_matrix,
    attendance_pages,
    attendance_roll,
    attendance_undo,
    audit,
    courses,
    rights,
    sessions,
)
from bot.training.attendance_marks import Mark, Verdict
from bot.training.attendance_pages import HEADINGS, Page, Told, row_error, session_line
from bot.training.attendance_roll import Line
from bot.training.roster_sheet import RowError
from bot.training.sessions import Session
from bot.training.upload_kinds import Kind, Report, Sender


@dataclass
class Difference:
    """What the pages would change, or have changed: how often each verdict fell, and what is wrong."""

    counts: dict[Verdict, int] = field(default_factory=lambda: {"take": 0, "same": 0, "conflict": 0})
    errors: dict[str, list[RowError]] = field(default_factory=dict)  # by the name of the sheet
    sessions: list[str] = field(default_factory=list)


def read(content: bytes, filename: str) -> list[Page]:
    """Read the rolls of sessions, or the table of a whole course; call it in a thread. Raises BadFile for others."""
    try:
        return attendance_pages.read(content, filename)
    except BadFile as error:
        if error.screen != "files/missing_columns":
            raise
        try:
            return attendance_matrix.read(content, filename)
        except BadFile as other:
            raise error if other.screen == "files/missing_columns" else other from None


async def compare(tx: Reading, pages: list[Page], sender: Sender) -> Difference:
    """Tell what the pages would change; writes nothing. Raises NotAllowed for a class the sender does not run."""
    difference = Difference()
    for page in pages:
        session = await _session(tx, page, sender, difference)
        for person_id, told in await _matched(tx, page, session, difference) if session else []:
            verdict = await attendance.foresee(tx, session, person_id, _mark(told, sender)) if session else "same"
            difference.counts[verdict] += 1
    return difference


async def apply(tx: Tx, pages: list[Page], sender: Sender) -> Difference:
    """Record what the pages tell and give what that changed; the same pages once more change nothing."""
    difference = Difference()
    for page in pages:
        session = await _session(tx, page, sender, difference)
        if session is None:
            continue
        await courses.locked(tx, session.course_id)
        for person_id, told in await _matched(tx, page, session, difference):
            verdict = await attendance_undo.tell(tx, session, person_id, _mark(told, sender), sender)
            difference.counts[verdict] += 1
        counted = dict(difference.counts)
        await audit.record(tx, sender.person_id, "attendance.import", session.subject, sender.now, new=counted)
    return difference


def _mark(told: Told, sender: Sender) -> Mark:
    return Mark(told.state, "workbook", sender.person_id, reason=told.reason)


async def _session(tx: Reading, page: Page, sender: Sender, difference: Difference) -> Session | None:
    """Find the session of a page, check the sender's rights to it, and that it has begun."""
    errors = difference.errors.setdefault(page.table.sheet, list(page.errors))
    course_id = await tx.fetchval("select id from courses where code = $1", page.course_code)
    row = await tx.fetchrow(
        "select * from sessions where course_id = $1 and number = $2", course_id, page.session_number
    )
    named = session_line(page.course_code, page.session_number)
    if row is None or row["cancelled_at"] is not None:
        errors += [_error(page, number, "session_unknown", "state", named) for number in _rows(page)]
        return None
    session = sessions.session_of(row)
    course = await courses.find(tx, session.course_id)
    if sender.person_id is not None:  # each check asks the database, so the roles need not be known here
        roles = frozenset({Role.HR, Role.SCHOOL, Role.TEACHER})
        await rights.check_runs_course(tx, Speaker(sender.person_id, "", 0, roles), course)
    if course.cancelled or sender.now < session.starts_at - attendance_roll.TICKED_BEFORE:
        errors += [_error(page, told.number, "not_yet", "state", named) for told in page.rows]  # a blank tells nothing
        return None
    difference.sessions.append(named)
    return session


async def _matched(tx: Reading, page: Page, session: Session, difference: Difference) -> list[tuple[int, Told]]:
    """Give whose rows these are; who cannot be told, or stands there twice with different words, is an error."""
    errors = difference.errors[page.table.sheet]
    roll = await attendance_roll.of_session(tx, session)
    matched: dict[int, Told] = {}
    for told in page.rows:
        line = _line(roll, told)
        if isinstance(line, str):
            errors.append(_error(page, told.number, line, "name", told.name or told.code))
        elif line.person_id in matched and matched[line.person_id].state != told.state:
            errors.append(_error(page, told.number, "twice", "name", line.name))
        elif told.state == "excused" and not (told.reason or (line.presence and line.presence.reason)):
            reason = "reason_elsewhere" if page.heading else "reason_missing"  # a table has no column for it
            errors.append(_error(page, told.number, reason, "reason", line.name))
        else:
            matched.setdefault(line.person_id, told)
    return list(matched.items())


def _line(roll: list[Line], told: Told) -> Line | str:
    """Find a row's person on the roll: by code, else by the whole name if only one has it; else name what is wrong."""
    named = [line for line in roll if fold(line.name) == fold(told.name)]
    if not told.code:
        return named[0] if len(named) == 1 else "name_twice" if named else "not_on_list"
    coded = next((line for line in roll if fold(line.code) == fold(told.code)), None)
    if coded is None:
        return "not_on_list"
    return coded if not told.name or coded in named else "name_differs"


def _rows(page: Page) -> list[int]:
    """Give the rows that tell anything, or the first one where none does: what is wrong with all has to stand there."""
    return [told.number for told in page.rows] or [page.table.rows[0].number]


def _error(page: Page, number: int, reason: str, key: str, value: str) -> RowError:
    """Say what is wrong in a row, under the heading that the sheet has for it."""
    own = page.heading if key in ("state", "reason") else ""
    return row_error(number, reason, own or HEADINGS[key], value)


def _report(filename: str, pages: list[Page], difference: Difference) -> Report:
    """Report by the first sheet with errors; of the others only how many there are."""
    faulty = list({page.table.sheet: page for page in pages if difference.errors.get(page.table.sheet)}.values())
    page = faulty[0] if faulty else pages[0]
    told_once = {(e.number, e.reason, e.values["value"]): e for e in difference.errors.get(page.table.sheet, ())}
    errors = list(told_once.values())  # the table of a course has a row's mistake in each of its sessions
    for other in faulty[1:]:
        count = len(difference.errors[other.table.sheet])
        told = _error(page, page.table.rows[0].number, "other_sheet", "state", f"{other.table.sheet} ({count})")
        errors.append(replace(told, template="attendance/rows"))
    done = difference.counts
    counts = {"told": done["take"], "conflict": done["conflict"], "same": done["same"]}
    return Report("attendance", filename, counts, errors, [], page.table, {"sessions": difference.sessions})


UPLOAD = Kind("attendance", read, compare, apply, _report, undo=attendance_undo.undo)
