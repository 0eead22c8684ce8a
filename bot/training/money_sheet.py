"""Support of learners from a workbook, one row a learner, course and item: the same rules as by taps, see money."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.errors import Refused
from bot.excel import cells
from bot.excel.cells import Cell, CellError
from bot.excel.reader import Column, SheetRow, Table, read_table
from bot.folding import fold
from bot.store import Reading, Tx
from bot.training import budgets, courses, money, money_undo, results, rights, row_reading, upload_changes
from bot.training.calendar import Calendar
from bot.training.courses import Course
from bot.training.money import Support
from bot.training.roster_sheet import RowError
from bot.training.row_reading import RowReader
from bot.training.upload_kinds import Kind, Report, Sender

COLUMNS = (
    Column("class", ("Mã lớp", "Mã khóa"), required=True),
    Column("code", ("Mã cán bộ", "Mã CBCC", "Mã CBCCVC", "Mã học viên"), required=True),
    Column("item", ("Khoản chi", "Khoản", "Nội dung chi"), required=True),
    Column("payer", ("Nguồn chi trả", "Nguồn", "Ai chi trả")),
    Column("planned", ("Dự kiến", "Dự toán", "Số tiền"), required=True),
    Column("approved", ("Được duyệt", "Duyệt", "Đã duyệt")),
    Column("paid", ("Đã chi", "Thực chi", "Đã thanh toán")),
    Column("paid_on", ("Ngày chi", "Ngày thanh toán")),
)
OWN = frozenset({
    "missing", "too_long", "item_unknown", "payer_unknown", "amount_wrong", "twice", "class_unknown", "not_allowed",
    "not_on_course", "own", "not_approved", "above_approved", "approved_already", "paid_already", "no_day", "day_wrong",
})  # fmt: skip
_ITEMS = {
    "hoc phi": "tuition", "tai lieu": "materials", "di lai": "travel", "tien an": "meals", "an": "meals",
    "cho o": "lodging", "tien o": "lodging", "luu tru": "lodging", "o": "lodging",
}  # fmt: skip
_PAYERS = {
    "ngan sach": "state", "ngan sach nha nuoc": "state", "don vi": "unit", "du an": "project", "de an": "project",
    "ca nhan": "learner", "nguoi hoc": "learner", "nguon khac": "other", "khac": "other",
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """What one row tells; amounts in đồng, None where its cell is blank."""

    row: int
    class_code: str
    code: str
    item: str
    payer: str
    planned: int
    approved: int | None
    paid: int | None
    paid_on: str | None


@dataclass
class Plan:
    """What a workbook tells."""

    table: Table
    rows: list[Told] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)


@dataclass(frozen=True)
class Change:
    """A row that would change something."""

    course: Course
    person_id: int
    told: Told
    old: Support | None

    @property
    def over(self) -> int:
        """Give how much more than planned is approved or paid once it is kept, in đồng."""
        old, told = self.old, self.told
        approved = told.approved if told.approved is not None or old is None else old.approved
        return money.beyond(told.planned, approved, told.paid if told.paid is not None or old is None else old.paid)

    @property
    def paid_more(self) -> int:
        """Give how much more is paid than before, in đồng."""
        before = (self.old.paid or 0) if self.old else 0
        return 0 if self.told.paid is None else self.told.paid - before


@dataclass
class Difference:
    """What a plan would change, or has changed."""

    changed: list[Change] = field(default_factory=list)
    same: int = 0
    errors: list[RowError] = field(default_factory=list)
    notes: list[RowError] = field(default_factory=list)

    def sum_of(self, stage: money.Stage) -> int:
        """Add up what the changed rows tell of a stage, in đồng."""
        return sum(getattr(change.told, stage) or 0 for change in self.changed)


def read(content: bytes, filename: str) -> Plan:
    """Read a workbook; long work, so call it in a thread. Raises BadFile when there is no such list."""
    table = read_table(content, filename, COLUMNS)
    reader = RowReader(COLUMNS, "money/rows", OWN)
    plan = Plan(table, errors=reader.errors)
    seen: dict[tuple[str, str, str], int] = {}
    for row in table.rows:
        told = _row(reader, row)
        if told is None:
            continue
        first = seen.setdefault((told.class_code.casefold(), told.code.casefold(), told.item), told.row)
        if first != told.row:
            reader.wrong(told.row, "code", "twice", str(first))
        else:
            plan.rows.append(told)
    return plan


def _row(reader: RowReader, row: SheetRow) -> Told | None:
    before = len(reader.errors)
    class_code = reader.told(row, "class", row_reading.text, required=True)
    code = reader.told(row, "code", row_reading.text, required=True)
    item = reader.told(row, "item", _item, required=True)
    payer = reader.told(row, "payer", _payer)
    planned = reader.told(row, "planned", _amount, required=True)
    approved, paid = reader.told(row, "approved", _amount), reader.told(row, "paid", _amount)
    day = reader.told(row, "paid_on", cells.day)
    if paid is not None and day is None:
        reader.wrong(row.number, "paid_on", "no_day")
    if len(reader.errors) > before or not (class_code and code and item and payer) or planned is None:
        return None
    return Told(row.number, class_code, code, item, payer, planned, approved, paid, day.isoformat() if day else None)


def _item(cell: Cell) -> str:
    return _known(cell, _ITEMS, "item_unknown")


def _payer(cell: Cell) -> str:
    return "unit" if cell.blank else _known(cell, _PAYERS, "payer_unknown")


def _known(cell: Cell, names: Mapping[str, str], reason: str) -> str:
    found = cells.text(cell)
    if fold(found) not in names:
        raise CellError(reason, found[:40])
    return names[fold(found)]


def _amount(cell: Cell) -> int | None:
    found = cells.text(cell)
    try:
        return money.amount_of(found) if found else None
    except Refused:
        raise CellError("amount_wrong", found[:40]) from None


async def compare(tx: Reading, plan: Plan, sender: Sender) -> Difference:
    """Tell what `plan` would change."""
    difference, me = Difference(errors=list(plan.errors)), sender.person_id
    reader = RowReader(COLUMNS, "money/rows", OWN, difference.errors)
    by_class: dict[str, list[Told]] = {}
    for told in plan.rows:
        by_class.setdefault(told.class_code, []).append(told)
    for code, rows in by_class.items():
        course = await courses.with_code(tx, code)
        allowed = course and (me is None or await rights.covers(tx, me, course.owner_unit_id))
        if course is None or not allowed:
            for told in rows:
                reader.wrong(told.row, "class", "not_allowed" if course else "class_unknown", code)
            continue
        await _compare_class(tx, course, rows, reader, difference, me, Calendar(sender.zone).day(sender.now))
    difference.errors.sort(key=lambda e: e.number)
    difference.notes = await _overspent(tx, difference.changed)
    return difference


async def _overspent(tx: Reading, changes: Sequence[Change]) -> list[RowError]:
    """Remark on what goes beyond its plan: an item in its row, a source of a budget once, in the last row that pays."""
    notes = [_note(change, "over_planned", {"over": change.over}) for change in changes if change.over]
    by_source: dict[tuple[int, str], list[Change]] = {}
    for change in changes:
        if change.paid_more > 0:
            by_source.setdefault((change.course.id, change.told.payer), []).append(change)
    for (course_id, source), paying in by_source.items():
        lines = {line.source: line for line in await budgets.of_course(tx, course_id)}
        planned, used = (lines[source].planned, lines[source].used) if source in lines else (0, 0)
        used += sum(change.paid_more for change in paying)
        if used > planned:
            told = {"source": source, "planned": planned, "used": used, "over": used - planned}
            notes.append(_note(paying[-1], "over_budget", told))
    return notes


def _note(change: Change, reason: str, values: dict[str, Any]) -> RowError:
    return RowError(change.told.row, reason, values, template="money/over")


async def _compare_class(
    tx: Reading,
    course: Course,
    rows: list[Told],
    reader: RowReader,
    difference: Difference,
    clerk_id: int | None,
    today: str,
) -> None:
    on_course = {line.code.casefold(): line.person_id for line in await results.lines(tx, course)}
    there = {(one.person_id, one.item): one for one in await money.of_course(tx, course.id)}
    for told in rows:
        person_id = on_course.get(told.code.casefold())
        old = there.get((person_id or 0, told.item))
        if person_id is None:
            reader.wrong(told.row, "code", "not_on_course", told.code)
        elif old is not None and _same(told, old):
            difference.same += 1
        elif person_id == clerk_id:
            reader.wrong(told.row, "code", "own")
        elif told.paid_on is not None and told.paid_on > today:
            reader.wrong(told.row, "paid_on", "day_wrong", cells.shown(date.fromisoformat(told.paid_on)))
        elif fault := _fault(told, old):
            reader.wrong(told.row, *fault)
        else:
            difference.changed.append(Change(course, person_id, told, old))


def _same(told: Told, old: Support) -> bool:
    """Tell whether a row changes nothing; a blank cell leaves what is there."""
    return (
        (told.planned, told.payer) == (old.planned, old.payer)
        and told.approved in (None, old.approved)
        and told.paid in (None, old.paid)
        and (told.paid is None or told.paid_on == old.paid_on)
    )


def _fault(told: Told, old: Support | None) -> tuple[str, str] | None:
    """Tell which column cannot be so, and why."""
    approved = told.approved if told.approved is not None else old.approved if old else None
    if old is not None and old.stage != "planned" and (told.planned, told.payer) != (old.planned, old.payer):
        return "planned", "approved_already"
    if old is not None and old.paid is not None and approved != old.approved:
        return "approved", "paid_already"
    if told.paid is not None and approved is None:
        return "paid", "not_approved"
    if told.paid is not None and told.paid > (approved or 0):
        return "paid", "above_approved"
    return None


async def apply(tx: Tx, plan: Plan, sender: Sender) -> Difference:
    """Keep what `plan` changes, stage by stage, and give what was done."""
    await courses.hold(tx, [told.class_code for told in plan.rows])
    difference = await compare(tx, plan, sender)
    for change in difference.changed:
        course, person_id, told = change.course, change.person_id, change.told
        old = {one.item: one for one in await money.of_person(tx, person_id, course.id)}.get(told.item)
        before = await money_undo.picture(tx, course.id, person_id, told.item)
        if old is None or old.stage == "planned":
            await money.plan(tx, course, person_id, told.item, told.payer, told.planned, sender.person_id, sender.now)
        if told.approved is not None:
            await money.approve(tx, course, person_id, told.item, told.approved, sender.person_id, sender.now)
        if told.paid is not None and told.paid_on is not None:
            await money.pay(tx, course, person_id, told.item, told.paid, told.paid_on, sender.person_id, sender.now)
        after = await money_undo.picture(tx, course.id, person_id, told.item)
        subject = f"{course.subject}:person:{person_id}:{told.item}"
        await upload_changes.note(tx, sender.upload_id, subject, before, after)
    return difference


def _report(filename: str, plan: Plan, difference: Difference) -> Report:
    counts = {"changed": len(difference.changed), "same": difference.same}
    counts |= {stage: difference.sum_of(stage) for stage in money.STAGES}
    return Report(
        "money",
        filename,
        counts,
        difference.errors,
        difference.notes,
        plan.table,
        refused=row_reading.refused(difference.errors),
    )


UPLOAD = Kind("money", read, compare, apply, _report, undo=money_undo.undo)
