"""Certificates of a class from a workbook, one row a learner: the same rule as by taps, certificates.issue."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.excel import cells
from bot.excel.cells import Cell, CellError
from bot.excel.reader import Column, SheetRow, Table, read_table
from bot.folding import fold
from bot.store import Reading, Tx
from bot.training import calendar, certificates, class_rights, courses, records, row_reading, upload_changes
from bot.training.certificates import Certificate, Facts
from bot.training.courses import Course
from bot.training.roster_sheet import RowError
from bot.training.row_reading import RowReader
from bot.training.upload_changes import Change
from bot.training.upload_kinds import Kind, Report, Sender

COLUMNS = (
    Column("class", ("Mã lớp", "Mã khóa"), required=True),
    Column("code", ("Mã cán bộ", "Mã CBCC", "Mã CBCCVC", "Mã học viên"), required=True),
    Column("number", ("Số chứng chỉ", "Số hiệu", "Số chứng nhận"), required=True),
    Column("day", ("Ngày cấp", "Cấp ngày"), required=True),
    Column("issuer", ("Nơi cấp", "Cơ quan cấp", "Đơn vị cấp")),
)
OWN = frozenset({
    "missing", "too_long", "day_wrong", "twice", "class_unknown", "not_allowed", "not_completed", "own",
    "issued_already", "number_taken",
})  # fmt: skip


@dataclass(frozen=True)
class Told:
    """What one row tells."""

    row: int
    class_code: str
    code: str
    number: str
    issued_on: str
    issuer: str


@dataclass
class Plan:
    """What a workbook tells."""

    table: Table
    rows: list[Told] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)


@dataclass
class Difference:
    """What a plan would issue, or has issued."""

    new: list[tuple[Course, int, Facts]] = field(default_factory=list)
    same: int = 0
    errors: list[RowError] = field(default_factory=list)


def read(content: bytes, filename: str) -> Plan:
    """Read a workbook; long work, so call it in a thread. Raises BadFile when there is no such list."""
    table = read_table(content, filename, COLUMNS)
    reader = RowReader(COLUMNS, "certificates/rows", OWN)
    plan = Plan(table, errors=reader.errors)
    seen: dict[tuple[str, str], int] = {}
    for row in table.rows:
        told = None if row.get("number").blank and row.get("day").blank else _row(reader, row)
        if told is None:
            continue  # a learner without a certificate yet, or a row in error
        first = seen.setdefault((told.class_code.casefold(), told.code.casefold()), told.row)
        if first != told.row:
            reader.wrong(told.row, "code", "twice", str(first))
        else:
            plan.rows.append(told)
    return plan


def _row(reader: RowReader, row: SheetRow) -> Told | None:
    before = len(reader.errors)
    words = {key: reader.told(row, key, row_reading.text, required=True) for key in ("class", "code", "number")}
    day = reader.told(row, "day", _day, required=True)
    issuer = reader.told(row, "issuer", row_reading.text)
    if len(reader.errors) > before or day is None:
        return None
    return Told(row.number, words["class"] or "", words["code"] or "", words["number"] or "", day, issuer or "")


def _day(cell: Cell) -> str | None:
    day = cells.day(cell)
    if day is not None and day.year < 1975:
        raise CellError("day_wrong", f"{day:%d/%m/%Y}")
    return None if day is None else day.isoformat()


async def compare(tx: Reading, plan: Plan, sender: Sender) -> Difference:
    """Tell what `plan` would issue."""
    difference = Difference(errors=list(plan.errors))
    reader = RowReader(COLUMNS, "certificates/rows", OWN, difference.errors)
    by_class: dict[str, list[Told]] = {}
    for told in plan.rows:
        by_class.setdefault(told.class_code, []).append(told)
    for code, rows in by_class.items():
        course = await courses.with_code(tx, code)
        if course is None or not await _may_issue(tx, course, sender.person_id):
            for told in rows:
                reader.wrong(told.row, "class", "not_allowed" if course else "class_unknown", code)
            continue
        await _compare_class(tx, course, rows, reader, difference, sender)
    difference.errors.sort(key=lambda e: e.number)
    return difference


async def _may_issue(tx: Reading, course: Course, person_id: int | None) -> bool:
    return person_id is None or await class_rights.manages(tx, person_id, course)


async def _compare_class(
    tx: Reading, course: Course, rows: Iterable[Told], reader: RowReader, difference: Difference, sender: Sender
) -> None:
    kept = (await records.of_course(tx, course.id)).items()
    completed = {k.record.code.casefold(): one for one, k in kept if k.record.outcome == "completed"}
    issued = await certificates.of_course(tx, course.id)
    today = calendar.Calendar(sender.zone).day(sender.now)
    for told in rows:
        person_id = completed.get(told.code.casefold())
        issuer = told.issuer or course.institution or ""
        facts = Facts(course.title, issuer, told.number, told.issued_on, 0, course.category)
        if person_id is None:
            reader.wrong(told.row, "code", "not_completed", told.code)
        elif _same(facts, issued.get(person_id)):
            difference.same += 1
        elif fault := await _fault(tx, facts, person_id, issued, difference, sender, today):
            reader.wrong(told.row, *fault)
        else:
            difference.new.append((course, person_id, facts))


def _same(facts: Facts, there: Certificate | None) -> bool:
    if there is None:
        return False
    return (fold(there.facts.number), there.facts.issued_on) == (fold(facts.number), facts.issued_on)


async def _fault(
    tx: Reading,
    facts: Facts,
    person_id: int,
    issued: Mapping[int, Certificate],
    difference: Difference,
    sender: Sender,
    today: str,
) -> tuple[str, str, str] | None:
    """Tell which column of a row cannot be so, why, and what stands there."""
    if person_id in issued:
        return "number", "issued_already", issued[person_id].facts.number
    if person_id == sender.person_id:
        return "code", "own", ""
    if facts.issued_on > today:
        return "day", "day_wrong", cells.shown(date.fromisoformat(facts.issued_on))
    if not facts.issuer:
        return "issuer", "missing", ""
    place = (fold(facts.issuer), fold(facts.number))
    in_file = any((fold(other.issuer), fold(other.number)) == place for _, _, other in difference.new)
    if in_file or await certificates.taken(tx, facts.issuer, facts.number):
        return "number", "number_taken", facts.number
    return None


async def apply(tx: Tx, plan: Plan, sender: Sender) -> Difference:
    """Issue what `plan` tells and give what was done."""
    await courses.hold(tx, [told.class_code for told in plan.rows])
    difference = await compare(tx, plan, sender)
    days = await calendar.load(tx, sender.zone)
    for course, person_id, facts in difference.new:
        number = await certificates.issue(tx, course, person_id, facts, sender.person_id, days, sender.now)
        await upload_changes.note(tx, sender.upload_id, f"certificate:{number}", None, {"state": "valid"})
    return difference


async def undo(tx: Tx, change: Change, sender: Sender) -> str | None:
    """Withdraw a certificate that the file issued; gives name and class where it was issued anew since, else None."""
    one = await certificates.find(tx, change.number)
    course = await courses.find(tx, one.course_id or 0)
    may = await _may_issue(tx, course, sender.person_id)
    if may and await certificates.withdraw(tx, one.id, sender.person_id, sender.now):
        return None
    return f"{one.name} ({course.code})"


def _report(filename: str, plan: Plan, difference: Difference) -> Report:
    counts = {"new": len(difference.new), "same": difference.same}
    return Report(
        "certificates",
        filename,
        counts,
        difference.errors,
        [],
        plan.table,
        refused=row_reading.refused(difference.errors),
    )


UPLOAD = Kind("certificates", read, compare, apply, _report, undo=undo)
