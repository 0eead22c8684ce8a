"""The roll on paper, come back as a workbook: whose session it is, what its rows tell, what that changes.

How a telling is merged with what is known is told by attendance; how the paper looks, by handlers.attendance_sheets.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from bot.chat.turns import Role, Speaker
from bot.errors import BadFile
from bot.excel import cells
from bot.excel.cells import CellError
from bot.excel.reader import Column, SheetRow, Table, read_table
from bot.folding import fold
from bot.store import Reading, Tx
from bot.training import (
    attendance,
    attendance_marks,
    attendance_roll,
    attendance_undo,
    audit,
    courses,
    rights,
    sessions,
)
from bot.training.attendance_marks import Mark, State, Verdict
from bot.training.attendance_roll import Line
from bot.training.roster_sheet import RowError
from bot.training.sessions import Session
from bot.training.upload_kinds import Kind, Report, Sender

COLUMNS = (
    Column("code", ("Mã", "Mã cán bộ", "Mã CBCC", "Mã CBCCVC")),
    Column("name", ("Họ và tên", "Họ tên"), required=True),
    Column("state", ("Trạng thái", "Điểm danh", "Có mặt"), required=True),
    Column("reason", ("Lý do", "Ghi chú", "Lý do vắng")),
)
HEADINGS = {column.key: column.names[0] for column in COLUMNS}
WORDS: dict[str, State] = {
    "x": "present", "co": "present", "co mat": "present", "du": "present", "1": "present", "dung gio": "present",
    "muon": "late", "di muon": "late", "den muon": "late", "tre": "late", "di tre": "late", "m": "late",
    "ve som": "left_early", "som": "left_early",
    "nua buoi": "half", "nua": "half", "1 2": "half",
    "co phep": "excused", "phep": "excused", "cp": "excused", "p": "excused", "vang co phep": "excused",
    "vang co ly do": "excused", "co ly do": "excused",
    "vang": "absent", "vang mat": "absent", "khong": "absent", "ko": "absent", "k": "absent", "kp": "absent",
    "0": "absent", "khong phep": "absent", "vang khong phep": "absent",
}  # fmt: skip
_TICKS = {"✓", "✔", "☑", "√"}
_SESSION = re.compile(r"m[aã]\s+bu[oổ]i\s*:\s*(\S.*?)\s*/\s*([0-9]{1,3})", re.IGNORECASE)
LONGEST_REASON = 200


@dataclass(frozen=True)
class Told:
    """One filled row: `number` as Excel shows it."""

    number: int
    code: str
    name: str
    state: State
    reason: str | None


@dataclass(frozen=True)
class Page:
    """One sheet of one session."""

    table: Table
    course_code: str
    session_number: int
    rows: tuple[Told, ...]
    errors: tuple[RowError, ...]


@dataclass
class Difference:
    """What the pages would change, or have changed: how often each verdict fell, and what is wrong."""

    counts: dict[Verdict, int] = field(default_factory=lambda: {"take": 0, "same": 0, "conflict": 0})
    errors: dict[str, list[RowError]] = field(default_factory=dict)  # by the name of the sheet
    sessions: list[str] = field(default_factory=list)


def session_line(course_code: str, number: int) -> str:
    """Give what the line "Mã buổi:" of the paper says, by which its session is found again."""
    return f"{course_code}/{number}"


def read(content: bytes, filename: str) -> list[Page]:
    """Read every sheet that is a roll of a session; long work, so call it in a thread. Raises BadFile."""
    try:
        first = read_table(content, filename, COLUMNS)
    except BadFile as error:
        lacks = error.screen == "files/missing_columns"
        raise _no_roll(filename, error.values["sheet"]) if lacks else error from None
    tables = [first, *(read_table(content, filename, COLUMNS, sheet=name) for name in first.other_sheets)]
    pages = [page for page in map(_page, tables) if page is not None]
    if not pages:
        raise _no_roll(filename, first.sheet)
    return pages


def _no_roll(filename: str, sheet: str) -> BadFile:
    """A list without the line that names its session is some other list, whichever columns it has."""
    names = ["Mã buổi", *(column.names[0] for column in COLUMNS)]
    return BadFile("files/missing_columns", filename=filename, sheet=sheet, names=names)


def _page(table: Table) -> Page | None:
    above = (cells.shown(cell.value) for line in table.grid[: table.header_row - 1] for cell in line)
    found = next((match for match in map(_SESSION.search, above) if match), None)
    if found is None:
        return None
    told: list[Told] = []
    errors: list[RowError] = []
    for row in table.rows:
        try:
            told += _told(row)
        except CellError as error:
            errors.append(_error(row.number, error.reason, "state", error.value))
    return Page(table, found[1], int(found[2]), tuple(told), tuple(errors))


def _told(row: SheetRow) -> Iterator[Told]:
    """Give what a row tells, nothing for one left blank. Raises CellError."""
    word, reason = cells.text(row.get("state")), cells.text(row.get("reason"))[:LONGEST_REASON]
    if not word:
        if reason:
            raise CellError("state_missing", reason[:40])
        return
    state = "present" if word in _TICKS else WORDS.get(fold(word))
    if state is None:
        raise CellError("state_unknown", word[:40])
    code, name = cells.text(row.get("code")), cells.text(row.get("name"))
    yield Told(row.number, code, name, state, reason if reason and state not in attendance_marks.ATTENDED else None)


def _error(number: int, reason: str, key: str, value: str = "") -> RowError:
    template = "files/cells" if reason == "formula" else "attendance/rows"
    return RowError(number, reason, {"heading": HEADINGS[key], "value": value}, template=template)


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
            before = await attendance.find(tx, session.id, person_id)
            verdict = await attendance.tell(tx, session, person_id, _mark(told, sender), sender.now)
            await attendance_undo.note(tx, session, person_id, before, verdict, sender)
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
        errors.append(_error(page.table.header_row, "session_unknown", "state", named))
        return None
    session = sessions.session_of(row)
    course = await courses.find(tx, session.course_id)
    if sender.person_id is not None:  # each check asks the database, so the roles need not be known here
        roles = frozenset({Role.HR, Role.SCHOOL, Role.TEACHER})
        await rights.check_runs_course(tx, Speaker(sender.person_id, "", 0, roles), course)
    if course.cancelled or sender.now < session.starts_at - attendance_roll.TICKED_BEFORE:
        errors.append(_error(page.table.header_row, "not_yet", "state", named))
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
            errors.append(_error(told.number, line, "name", told.name or told.code))
        elif line.person_id in matched and matched[line.person_id].state != told.state:
            errors.append(_error(told.number, "twice", "name", line.name))
        elif told.state == "excused" and not (told.reason or (line.presence and line.presence.reason)):
            errors.append(_error(told.number, "reason_missing", "reason", line.name))
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


def _report(filename: str, pages: list[Page], difference: Difference) -> Report:
    """Report by the first sheet with errors; of the others only how many there are."""
    faulty = [page for page in pages if difference.errors.get(page.table.sheet)]
    page = faulty[0] if faulty else pages[0]
    errors = list(difference.errors.get(page.table.sheet, ()))
    for other in faulty[1:]:
        count = len(difference.errors[other.table.sheet])
        told = _error(page.table.header_row, "other_sheet", "state", f"{other.table.sheet} ({count})")
        errors.append(replace(told, template="attendance/rows"))
    done = difference.counts
    counts = {"told": done["take"], "conflict": done["conflict"], "same": done["same"]}
    return Report("attendance", filename, counts, errors, [], page.table, {"sessions": difference.sessions})


UPLOAD = Kind("attendance", read, compare, apply, _report, undo=attendance_undo.undo)
