"""Marks of learners from a workbook, one row a learner and course: the same rules as by taps, which are in results."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.errors import Refused
from bot.excel import cells
from bot.excel.cells import Cell, CellError
from bot.excel.reader import Column, SheetRow, Table, read_table
from bot.store import Reading, Tx
from bot.training import class_rights, courses, people, results, row_reading, upload_changes
from bot.training.completion import Marks, mark_of
from bot.training.courses import Course
from bot.training.results import Line
from bot.training.roster_sheet import RowError
from bot.training.row_reading import RowReader
from bot.training.upload_kinds import Kind, Report, Sender

COLUMNS = (
    Column("class", ("Mã lớp", "Mã khóa"), required=True),
    Column("code", ("Mã cán bộ", "Mã CBCC", "Mã CBCCVC", "Mã học viên"), required=True),
    Column("score", ("Điểm", "Điểm thi", "Điểm kiểm tra"), required=True),
    Column("resit", ("Điểm thi lại", "Thi lại")),
    Column("outcome", ("Kết quả",)),
)
OWN = frozenset({
    "missing", "too_long", "outcome_unknown", "mark_wrong", "resit_without", "contradicts", "twice", "class_unknown",
    "not_on_course", "not_allowed", "own", "not_begun", "closed", "cancelled",
})  # fmt: skip


@dataclass(frozen=True)
class Told:
    """What one row tells; None where its cell is blank."""

    row: int
    class_code: str
    code: str
    score: int | None
    resit: int | None
    passed: bool | None


@dataclass
class Plan:
    """What a workbook tells."""

    table: Table
    rows: list[Told] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)


@dataclass(frozen=True)
class Change:
    """New marks of a learner."""

    course: Course
    line: Line
    marks: Marks


@dataclass
class Difference:
    """What a plan would change, or has changed."""

    changed: list[Change] = field(default_factory=list)
    same: int = 0
    errors: list[RowError] = field(default_factory=list)


def read(content: bytes, filename: str) -> Plan:
    """Read a workbook of marks; long work, so call it in a thread. Raises BadFile when there is no such list."""
    table = read_table(content, filename, COLUMNS)
    reader = RowReader(COLUMNS, "results/rows", OWN)
    plan = Plan(table, errors=reader.errors)
    seen: dict[tuple[str, str], int] = {}
    for row in table.rows:
        told = _row(reader, row)
        if told is None:
            continue
        first = seen.setdefault((told.class_code.casefold(), told.code.casefold()), told.row)
        if first != told.row:
            reader.wrong(told.row, "code", "twice", str(first))
        else:
            plan.rows.append(told)
    return plan


def _row(reader: RowReader, row: SheetRow) -> Told | None:
    before = len(reader.errors)
    class_code = reader.told(row, "class", row_reading.text, required=True)
    code = reader.told(row, "code", row_reading.text, required=True)
    score, resit = reader.told(row, "score", _mark), reader.told(row, "resit", _mark)
    passed = reader.told(row, "outcome", row_reading.passed)
    if len(reader.errors) > before or not (class_code and code):
        return None
    return Told(row.number, class_code, code, score, resit, passed)


def _mark(cell: Cell) -> int | None:
    found = cells.text(cell)
    try:
        return mark_of(found) if found else None
    except Refused:
        raise CellError("mark_wrong", found[:40]) from None


async def compare(tx: Reading, plan: Plan, sender: Sender) -> Difference:
    """Tell what `plan` would change."""
    difference = Difference(errors=list(plan.errors))
    reader = RowReader(COLUMNS, "results/rows", OWN, difference.errors)
    by_class: dict[str, list[Told]] = {}
    for told in plan.rows:
        by_class.setdefault(told.class_code, []).append(told)
    for code, rows in by_class.items():
        course = await courses.with_code(tx, code)
        fault = await _fault(tx, course, sender.person_id)
        if course is None or fault:
            for told in rows:
                reader.wrong(told.row, "class", fault, code)
            continue
        await _compare_class(tx, course, rows, reader, difference, sender)
    difference.errors.sort(key=lambda e: e.number)
    return difference


async def _fault(tx: Reading, course: Course | None, clerk_id: int | None) -> str:
    """Tell why no row of a class is taken, '' when they may be."""
    if course is None:
        return "class_unknown"
    if clerk_id is not None and not await class_rights.marks(tx, clerk_id, course):
        return "not_allowed"
    return "cancelled" if course.cancelled else ""


async def _compare_class(
    tx: Reading, course: Course, rows: Iterable[Told], reader: RowReader, difference: Difference, sender: Sender
) -> None:
    on_course = {line.code.casefold(): line for line in await results.lines(tx, course)}
    closed = await results.closed_at(tx, course.id) is not None
    for told in rows:
        line = on_course.get(told.code.casefold())
        if line is None:
            reader.wrong(told.row, "code", "not_on_course", told.code)
            continue
        marks, fault = wanted(told, line.marks, course.pass_mark)
        if fault:
            reader.wrong(told.row, "resit" if fault == "resit_without" else "outcome", fault)
        elif marks == line.marks:
            difference.same += 1
        elif line.person_id == sender.person_id:
            reader.wrong(told.row, "code", "own")
        elif not results.begun(course, sender.now):
            reader.wrong(told.row, "class", "not_begun", course.code)
        elif closed:
            reader.wrong(told.row, "class", "closed", course.code)
        else:
            difference.changed.append(Change(course, line, marks))


def wanted(told: Told, there: Marks, pass_mark: int) -> tuple[Marks, str]:
    """Give the marks that a row asks for, or why it cannot be so: a blank cell leaves what is there."""
    score = there.score if told.score is None else told.score
    resit = there.resit if told.resit is None else told.resit
    if told.resit is not None and (score is None or score >= pass_mark):
        return there, "resit_without"
    if told.score is not None and told.score >= pass_mark:
        resit = None
    marks = Marks(score, resit, there.passed if told.score is None and told.resit is None else None)
    if told.passed is None:
        return marks, ""
    if marks.final is not None and pass_mark:
        return (marks, "") if told.passed == (marks.final >= pass_mark) else (there, "contradicts")
    return Marks(score, resit, told.passed), ""


async def apply(tx: Tx, plan: Plan, sender: Sender) -> Difference:
    """Keep the marks that `plan` changes and give what was done."""
    await courses.hold(tx, [told.class_code for told in plan.rows])
    difference = await compare(tx, plan, sender)
    for change in difference.changed:
        line = change.line
        await results.keep(tx, change.course, line.person_id, change.marks, sender.person_id, sender.now)
        old, new = ({"person": line.person_id, **results.told(marks)} for marks in (line.marks, change.marks))
        await upload_changes.note(tx, sender.upload_id, change.course.subject, old, new)
    return difference


async def undo(tx: Tx, change: upload_changes.Change, sender: Sender) -> str | None:
    """Give a learner the marks of before, unless they were changed since or are final: then gives the name."""
    course = await courses.locked(tx, change.number)
    old, new = dict(change.old or {}), dict(change.new or {})
    person_id = old.pop("person")
    line = next((one for one in await results.lines(tx, course) if one.person_id == person_id), None)
    if line is None:
        return f"{(await people.find(tx, person_id)).name} ({course.code})"
    fixed = course.cancelled or await results.closed_at(tx, course.id) is not None
    may = sender.person_id is not None and await class_rights.marks(tx, sender.person_id, course)
    if fixed or not may or {"person": person_id, **results.told(line.marks)} != new:
        return f"{line.name} ({course.code})"
    await results.keep(tx, course, person_id, Marks(**old), sender.person_id, sender.now)
    return None


def _report(filename: str, plan: Plan, difference: Difference) -> Report:
    counts = {"changed": len(difference.changed), "same": difference.same}
    return Report(
        "results", filename, counts, difference.errors, [], plan.table, refused=row_reading.refused(difference.errors)
    )


UPLOAD = Kind("results", read, compare, apply, _report, undo=undo)
