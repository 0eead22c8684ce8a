"""HR nominates by workbook, one row a person and course: what the rows mean, what they come to, bringing them in."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.errors import BadFile, NotAllowed
from bot.excel import cells
from bot.excel.cells import CellError
from bot.excel.reader import Column, SheetRow, Table, read_table
from bot.folding import fold
from bot.store import Reading, Tx
from bot.training import (
    calendar,
    candidates,
    courses,
    enrolments,
    nominations,
    people,
    rights,
    undo_reach,
    upload_changes,
)
from bot.training.courses import Course
from bot.training.nominations import Verdict
from bot.training.roster_sheet import RowError
from bot.training.upload_changes import Change
from bot.training.upload_kinds import Kind, Report, Sender

MAX_ROWS = 2_000  # each is weighed as a tap would be
_TEMPLATE = "nominations/rows"
COLUMNS = (
    Column("course", ("Mã lớp", "Mã khóa"), required=True),
    Column("staff", ("Mã cán bộ", "Mã CBCC", "Mã CBCCVC", "Mã công chức", "Mã nhân viên", "Mã NV")),
    Column("name", ("Họ và tên", "Họ tên", "Tên cán bộ")),
    Column("unit", ("Đơn vị công tác", "Đơn vị", "Cơ quan")),
    Column("wait", ("Vào danh sách chờ", "Danh sách chờ", "Xếp chờ")),
)
_PERSON = ("Mã cán bộ", "Họ và tên", "Đơn vị")  # one of the first, or the two others


@dataclass(frozen=True)
class Wish:
    """One row: who for which course, and whether they may wait when there is no place."""

    row: int
    course: str
    staff: str
    name: str
    unit: str
    may_wait: bool


@dataclass
class Plan:
    """What a workbook asks for."""

    table: Table
    wishes: list[Wish] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)


@dataclass
class Difference:
    """What a plan comes to, or came to: the verdicts by course; `refused` are people beyond the sender's rights."""

    verdicts: dict[int, list[Verdict]] = field(default_factory=dict)
    may_wait: dict[int, set[int]] = field(default_factory=dict)  # whom the rows of a course let wait
    titles: dict[int, str] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)
    notes: list[RowError] = field(default_factory=list)  # of rows that come in: who has no chat to be asked in
    refused: list[int] = field(default_factory=list)

    @property
    def placed(self) -> int:
        """Count those who get a place."""
        return sum(not verdict.reason for verdicts in self.verdicts.values() for verdict in verdicts)

    @property
    def waiting(self) -> int:
        """Count those who wait for one."""
        return sum(
            verdict.could_wait and verdict.person.id in self.may_wait[course_id]
            for course_id, verdicts in self.verdicts.items()
            for verdict in verdicts
        )


def read(content: bytes, filename: str) -> Plan:
    """Read a workbook of nominations; long work, so call it in a thread. Raises BadFile when there is no such list."""
    table = read_table(content, filename, COLUMNS, max_rows=MAX_ROWS)
    if "staff" not in table.columns and not {"name", "unit"} <= table.columns:
        raise BadFile("files/missing_columns", filename=filename, sheet=table.sheet, names=list(_PERSON))
    plan = Plan(table)
    seen: set[tuple[str, ...]] = set()
    for row in table.rows:
        wish = _wish(plan, row)
        if wish is None:
            continue
        key = (wish.course.upper(), wish.staff.upper() or fold(wish.name), "" if wish.staff else fold(wish.unit))
        if key in seen:
            plan.errors.append(_error(wish.row, "twice"))
            continue
        seen.add(key)
        plan.wishes.append(wish)
    return plan


def _wish(plan: Plan, row: SheetRow) -> Wish | None:
    try:
        course, staff, name, unit = (cells.text(row.get(key)) for key in ("course", "staff", "name", "unit"))
        may_wait = cells.yes_no(row.get("wait"))
    except CellError as error:
        plan.errors.append(_error(row.number, "unreadable", error.value))
        return None
    if not course or not (staff or (name and unit)):
        plan.errors.append(_error(row.number, "course_missing" if not course else "person_missing"))
        return None
    return Wish(row.number, course, staff, name, unit, may_wait)


def _error(row: int, reason: str, value: str = "", clash: str = "") -> RowError:
    return RowError(row, reason, {"value": value[:60], "clash": clash}, template=_TEMPLATE)


async def compare(tx: Reading, plan: Plan, sender: Sender) -> Difference:
    """Tell what each row comes to, rows of one course in their order; whom the sender may not name is not told."""
    difference = Difference(errors=list(plan.errors))
    rows: dict[int, dict[int, Wish]] = {}
    found: dict[int, Course] = {}
    for wish in plan.wishes:
        course = await _course(tx, wish, difference)
        person_id = None if course is None else await _person(tx, wish, sender, difference)
        if course is not None and person_id is not None:
            found[course.id] = course
            rows.setdefault(course.id, {}).setdefault(person_id, wish)
    for course_id, wishes in sorted(rows.items()):
        difference.titles[course_id] = found[course_id].title
        difference.may_wait[course_id] = {person_id for person_id, wish in wishes.items() if wish.may_wait}
        verdicts = await nominations.weigh(tx, found[course_id], list(wishes), sender.now)
        difference.verdicts[course_id] = verdicts
        difference.notes += [
            _error(wishes[v.person.id].row, "not_reached") for v in verdicts if not v.reason and not v.reached
        ]
        difference.errors += [e for v in verdicts if (e := _objection(v, wishes[v.person.id])) is not None]
    difference.errors.sort(key=lambda error: error.number)
    return difference


def _objection(verdict: Verdict, wish: Wish) -> RowError | None:
    if not verdict.reason or (verdict.could_wait and wish.may_wait):
        return None
    clash = verdict.clash.title if verdict.clash else ""
    return _error(wish.row, verdict.reason, clash=clash)


async def _course(tx: Reading, wish: Wish, difference: Difference) -> Course | None:
    row = await tx.fetchrow("select * from courses where upper(code) = $1", wish.course.upper())
    if row is None:
        difference.errors.append(_error(wish.row, "course_unknown", wish.course))
    return None if row is None else courses.course_of(row)


async def _person(tx: Reading, wish: Wish, sender: Sender, difference: Difference) -> int | None:
    meant = await _meant(tx, wish)
    reached = [person_id for person_id in meant if await _reaches(tx, sender, person_id)]
    if len(reached) == len(meant) == 1:
        return reached[0]
    difference.refused += [person_id for person_id in meant if person_id not in reached]
    reason = "person_many" if len(reached) > 1 else await _why_nobody(tx, wish, meant, sender)
    difference.errors.append(_error(wish.row, reason, wish.staff or wish.name))
    return None


async def _why_nobody(tx: Reading, wish: Wish, meant: Sequence[int], sender: Sender) -> str:
    """Tell why a row names nobody; that there is none at all is told to HR of the whole alone."""
    if sender.person_id in meant:
        return "oneself"
    if meant or sender.person_id is None or not await rights.covers(tx, sender.person_id, None):
        return "person_unknown"
    return "code_nobody" if wish.staff else "name_nobody"


async def _meant(tx: Reading, wish: Wish) -> list[int]:
    if wish.staff:
        person_id = await candidates.with_code(tx, wish.staff)
        return [] if person_id is None else [person_id]
    rows = await tx.fetch(
        "select p.id from people p join units u on u.id = p.unit_id where p.fold = $1 and u.fold = $2 and p.active = 1",
        fold(wish.name),
        fold(wish.unit),
    )
    return [row["id"] for row in rows]


async def _reaches(tx: Reading, sender: Sender, person_id: int) -> bool:
    return sender.person_id is not None and await nominations.reaches(tx, sender.person_id, person_id, sender.now)


async def apply(tx: Tx, plan: Plan, sender: Sender) -> Difference:
    """Nominate whoever the rows ask for and the rule lets; compared anew. Raises NotAllowed on the command line.

    All courses are held first, then all diaries: two clerks with many courses do not wait for each other in a circle.
    """
    if sender.person_id is None:
        raise NotAllowed("nominations")
    days = await calendar.load(tx, sender.zone)
    await _hold_courses(tx, plan)
    difference = await compare(tx, plan, sender)
    everybody = [verdict.person.id for verdicts in difference.verdicts.values() for verdict in verdicts]
    await nominations.hold_diaries(tx, everybody)
    for course_id, verdicts in sorted(difference.verdicts.items()):
        difference.verdicts[course_id] = await nominations.nominate(
            tx, sender.person_id, course_id, [verdict.person.id for verdict in verdicts],
            await enrolments.last_arrival(tx, course_id), sender.now, days, may_wait=difference.may_wait[course_id],
        )  # fmt: skip
    for course_id, verdicts in sorted(difference.verdicts.items(), reverse=True):  # undone the last first
        await _note(tx, course_id, verdicts, sender)
    return difference


async def _note(tx: Tx, course_id: int, verdicts: Sequence[Verdict], sender: Sender) -> None:
    for verdict in verdicts:
        enrolment = await enrolments.latest(tx, verdict.person.id, course_id) if verdict.became else None
        if enrolment is not None:
            new = {"state": verdict.became}
            await upload_changes.note(tx, sender.upload_id, f"enrolment:{enrolment.id}", None, new)


async def undo(tx: Tx, change: Change, sender: Sender) -> str | None:
    """Take a nomination back that nobody has answered yet, and tell who was asked; else gives the nominee's name."""
    course = await courses.locked(tx, (await enrolments.find(tx, change.number)).course_id)
    enrolment = await enrolments.find(tx, change.number)
    if enrolment.state not in nominations.OPEN or not await undo_reach.covers(tx, change, sender):
        return (await people.find(tx, enrolment.person_id)).name
    days = await calendar.load(tx, sender.zone)
    await nominations.withdraw(tx, course, enrolment, sender.person_id, sender.now, days)
    return None


async def _hold_courses(tx: Tx, plan: Plan) -> None:
    codes = sorted({wish.course.upper() for wish in plan.wishes})
    ids = [await tx.fetchval("select id from courses where upper(code) = $1", code) for code in codes]
    for course_id in sorted(number for number in ids if number is not None):
        await courses.locked(tx, course_id)


def _report(filename: str, plan: Plan, difference: Difference) -> Report:
    counts = {"placed": difference.placed, "waiting": difference.waiting}
    verdicts = [verdict for found in difference.verdicts.values() for verdict in found]
    names: dict[str, list[str]] = {
        "courses": list(difference.titles.values()),
        "placed": [verdict.person.name for verdict in verdicts if not verdict.reason],
    }
    refused = [f"person:{person_id}" for person_id in difference.refused]
    return Report(
        "nominations", filename, counts, difference.errors, difference.notes, plan.table, names, refused=refused
    )


UPLOAD = Kind("nominations", read, compare, apply, _report, undo=undo)
