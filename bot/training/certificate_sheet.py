"""Certificates of a class from a workbook, one row a learner: the same rule as by taps, certificates.issue."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from bot.excel import cells
from bot.excel.cells import Cell, CellError
from bot.excel.reader import Column, SheetRow, Table, read_table
from bot.folding import fold
from bot.store import Reading, Tx
from bot.training import certificates, class_rights, courses, records, row_reading
from bot.training.calendar import Calendar
from bot.training.certificates import Facts
from bot.training.courses import Course
from bot.training.records import Kept
from bot.training.roster_sheet import RowError
from bot.training.row_reading import RowReader

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


async def compare(tx: Reading, plan: Plan, zone: ZoneInfo, now: int, clerk_id: int | None = None) -> Difference:
    """Tell what `plan` would issue; None as clerk is the command line."""
    difference = Difference(errors=list(plan.errors))
    reader = RowReader(COLUMNS, "certificates/rows", OWN, difference.errors)
    numbers: set[tuple[str, str]] = set()
    today = Calendar(zone).day(now)
    for told in plan.rows:
        if told.issued_on > today:
            reader.wrong(told.row, "day", "day_wrong", told.issued_on)
            continue
        course = await courses.with_code(tx, told.class_code)
        if course is None:
            reader.wrong(told.row, "class", "class_unknown", told.class_code)
        elif clerk_id is not None and not await class_rights.manages(tx, clerk_id, course):
            reader.wrong(told.row, "class", "not_allowed", told.class_code)
        else:
            await _compare_one(tx, told, course, reader, difference, clerk_id, numbers)
    return difference


async def _compare_one(
    tx: Reading,
    told: Told,
    course: Course,
    reader: RowReader,
    difference: Difference,
    clerk_id: int | None,
    numbers: set[tuple[str, str]],
) -> None:
    kept = await _completed(tx, course, told.code)
    facts = Facts(
        course.title, told.issuer or course.institution or "", told.number, told.issued_on, 0, course.category
    )
    if kept is None or kept.record.person_id is None:
        reader.wrong(told.row, "code", "not_completed", told.code)
        return
    old = (await certificates.of_course(tx, course.id)).get(kept.record.person_id)
    place = (fold(facts.issuer), fold(facts.number))
    if old is not None and (fold(old.facts.number), old.facts.issued_on) == (place[1], facts.issued_on):
        difference.same += 1
    elif old is not None:
        reader.wrong(told.row, "number", "issued_already", old.facts.number)
    elif kept.record.person_id == clerk_id:
        reader.wrong(told.row, "code", "own")
    elif not facts.issuer:
        reader.wrong(told.row, "issuer", "missing")
    elif place in numbers or await certificates.taken(tx, facts.issuer, facts.number):
        reader.wrong(told.row, "number", "number_taken", facts.number)
    else:
        numbers.add(place)
        difference.new.append((course, kept.record.person_id, facts))


async def _completed(tx: Reading, course: Course, code: str) -> Kept | None:
    for kept in (await records.of_course(tx, course.id)).values():
        if kept.record.code.casefold() == code.casefold() and kept.record.outcome == "completed":
            return kept
    return None


async def apply(tx: Tx, plan: Plan, now: int, zone: ZoneInfo, clerk_id: int | None = None) -> Difference:
    """Issue what `plan` tells and give what was done."""
    difference = await compare(tx, plan, zone, now, clerk_id)
    for course, person_id, facts in difference.new:
        await certificates.issue(tx, course, person_id, facts, clerk_id, now)
    return difference
