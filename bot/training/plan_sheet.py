"""Training plans read from a workbook, one row a line of a plan. What is new against the kept ones: plan_import."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from bot.errors import Refused
from bot.excel import cells
from bot.excel.cells import Cell, CellError
from bot.excel.reader import Column, SheetRow, Table, read_table
from bot.folding import fold
from bot.training import plan_fields, row_reading
from bot.training.plans import Facts, Target
from bot.training.roster_sheet import RowError
from bot.training.row_reading import RowReader

T = TypeVar("T")
COLUMNS = (
    Column("number", ("Số kế hoạch", "Số văn bản kế hoạch"), required=True),
    Column("title", ("Tên kế hoạch", "Kế hoạch"), required=True),
    Column("first", ("Từ năm", "Năm bắt đầu"), required=True),
    Column("last", ("Đến năm", "Năm kết thúc")),
    Column("category", ("Nội dung", "Nhóm nội dung", "Mã loại"), required=True),
    Column("level", ("Cấp", "Cấp độ")),
    Column("year", ("Năm", "Năm thực hiện")),
    Column("classes", ("Số lớp", "Lớp")),
    Column("turns", ("Số lượt", "Lượt", "Số lượng")),
    Column("money", ("Kinh phí (đồng)", "Kinh phí", "Dự toán")),
)
TEMPLATE = "plans/rows"
OWN = frozenset({
    "missing", "too_long", "category_unknown", "number_wrong", "title_wrong", "years_wrong", "years_turned",
    "level_wrong", "year_wrong", "count_wrong", "amount_wrong", "no_figure", "twice", "plan_differs", "number_taken",
    "lines_outside", "too_many",
})  # fmt: skip
_LINE = ("category", "level", "year", "classes", "turns", "money")


@dataclass(frozen=True)
class Told:
    """What a row tells of a line; a `target` of None is a row that tells the plan alone."""

    row: int
    target: Target | None


@dataclass
class ToldPlan:
    """A plan as the workbook tells it, from its first row on, with its lines."""

    row: int
    facts: Facts
    lines: list[Told] = field(default_factory=list)
    rows: dict[tuple[str, str, int], int] = field(default_factory=dict)  # of each line, by its key


@dataclass
class Plans:
    """What a workbook tells."""

    table: Table
    plans: list[ToldPlan] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)


def read(content: bytes, filename: str) -> Plans:
    """Read a workbook; long work, so call it in a thread. Raises BadFile when there is no such list."""
    table = read_table(content, filename, COLUMNS)
    reader = RowReader(COLUMNS, TEMPLATE, OWN)
    told = Plans(table, errors=reader.errors)
    seen: dict[tuple[str, int], ToldPlan] = {}
    for row in table.rows:
        before = len(reader.errors)
        facts = _facts(reader, row, seen)
        target = _target(reader, row, facts)
        if facts is None or len(reader.errors) > before:
            continue
        place = (fold(facts.number), facts.first_year)
        plan = seen.get(place)
        if plan is None:
            plan = seen[place] = ToldPlan(row.number, facts)
            told.plans.append(plan)
        _put(reader, plan, facts, Told(row.number, target))
    return told


def _put(reader: RowReader, plan: ToldPlan, facts: Facts, told: Told) -> None:
    if facts != plan.facts:
        reader.wrong(told.row, "number", "plan_differs", str(plan.row))
        return
    if told.target is not None:
        first = plan.rows.get(told.target.key)
        if first is not None:
            reader.wrong(told.row, "category", "twice", str(first))
            return
        if len(plan.rows) >= plan_fields.MOST_LINES:
            reader.wrong(told.row, "category", "too_many", str(plan_fields.MOST_LINES))
            return
        plan.rows[told.target.key] = told.row
    plan.lines.append(told)


def _facts(reader: RowReader, row: SheetRow, seen: dict[tuple[str, int], ToldPlan]) -> Facts | None:
    """Read whose line a row is; what an earlier row of the same plan has told may be left blank."""
    before = len(reader.errors)
    number = reader.told(row, "number", _typed(plan_fields.number_of), required=True)
    first = reader.told(row, "first", _typed(_year), required=True)
    last = first if row.get("last").blank else reader.told(row, "last", _typed(_year))
    known = seen.get((fold(number or ""), first or 0))
    if known is not None and row.get("last").blank:
        last = known.facts.last_year
    if known is not None and row.get("title").blank:
        title: str | None = known.facts.title
    else:
        title = reader.told(row, "title", _typed(plan_fields.title_of), required=True)
    if len(reader.errors) > before or number is None or title is None or first is None or last is None:
        return None
    if first > last:
        reader.wrong(row.number, "last", "years_turned", str(last))
        return None
    return Facts(known.facts.number if known is not None else number, title, first, last)


def _target(reader: RowReader, row: SheetRow, facts: Facts | None) -> Target | None:
    if all(row.get(key).blank for key in _LINE):
        return None
    before = len(reader.errors)
    category = reader.told(row, "category", row_reading.category, required=True)
    level = reader.told(row, "level", _typed(plan_fields.level_of))
    figures = {key: reader.told(row, key, _count(key)) or 0 for key in ("turns", "classes")}
    money = None if row.get("money").blank else reader.told(row, "money", _typed(plan_fields.money_of))
    year = None
    if facts is not None:
        period = (facts.first_year, facts.last_year)
        year = reader.told(row, "year", _typed(lambda text: plan_fields.year_of(text, *period)))
    if len(reader.errors) > before or category is None:
        return None
    if not any(figures.values()):
        reader.wrong(row.number, "turns", "no_figure")
        return None
    return Target(category, level or "", year, figures["classes"], figures["turns"], money)


def _typed(reads: Callable[[str], T]) -> Callable[[Cell], T]:
    """Let a rule for typed words read a cell, its no being a remark on the row."""

    def read_cell(cell: Cell) -> T:
        told = cells.text(cell)
        try:
            return reads(told)
        except Refused as no:
            raise CellError(no.screen.rpartition("/")[2], told[:40]) from None

    return read_cell


def _count(key: str) -> Callable[[Cell], int]:
    reads = plan_fields.turns_of if key == "turns" else plan_fields.classes_of
    return _typed(lambda text: reads(text) if text else 0)


def _year(text: str) -> int:
    first, last = plan_fields.years_of(text)
    if first != last:  # a period in the column of one year
        raise Refused("plans/years_wrong")
    return first
