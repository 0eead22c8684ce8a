"""A workbook that merges and renames units: which old one becomes which new one. Doing it is in mergers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.errors import NotAllowed, Refused, Stale
from bot.excel.cells import CellError
from bot.excel.reader import Column, SheetRow, Table, read_table
from bot.folding import fold
from bot.store import Reading, Tx
from bot.training import calendar, merger_preview, mergers, rights, roster_difference, roster_units, row_reading
from bot.training.merger_preview import Preview, Wish
from bot.training.roster_sheet import RowError
from bot.training.upload_changes import Change, note
from bot.training.upload_kinds import Kind, Report, Sender

COLUMNS = (
    Column("old", ("Đơn vị cũ", "Tên đơn vị cũ", "Đơn vị trước sáp nhập"), required=True),
    Column("new", ("Đơn vị mới", "Tên đơn vị mới", "Đơn vị sau sáp nhập"), required=True),
)
_WORDS = "uploads/unit_rows"


@dataclass(frozen=True)
class Line:
    """One row: a unit and what it becomes."""

    number: int
    old: str
    new: str


@dataclass
class Plan:
    """The rows of a workbook, and the errors of those that cannot be read."""

    table: Table
    lines: list[Line] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)


@dataclass
class Difference:
    """What would be merged or renamed, or was: each with its rows; `same` counts rows that are so already."""

    wishes: list[tuple[Wish, Preview]] = field(default_factory=list)
    same: int = 0
    errors: list[RowError] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def read(content: bytes, filename: str) -> Plan:
    """Read the workbook. Raises BadFile (see bot.excel.reader)."""
    plan = Plan(read_table(content, filename, COLUMNS))
    seen: dict[str, int] = {}
    for row in plan.table.rows:
        line = _line(plan, row)
        if line is None:
            continue
        if fold(line.old) in seen:
            plan.errors.append(RowError(row.number, "twice", {"name": line.old, "row": seen[fold(line.old)]}, _WORDS))
            continue
        seen[fold(line.old)] = row.number
        plan.lines.append(line)
    return plan


def _line(plan: Plan, row: SheetRow) -> Line | None:
    names: list[str] = []
    for column in COLUMNS:
        try:
            names.append(row_reading.text(row.get(column.key)))
        except CellError as error:
            values = {"heading": column.names[0], "value": error.value}
            words = _WORDS if error.reason == "too_long" else "files/cells"
            plan.errors.append(RowError(row.number, error.reason, values, words))
            return None
    old, new = names
    if not fold(old) or not fold(new):
        plan.errors.append(RowError(row.number, "lacking", {}, _WORDS))
        return None
    return Line(row.number, old, new)


async def compare(tx: Reading, plan: Plan, sender: Sender) -> Difference:
    """Tell what the workbook would merge and rename; writes nothing. Only for HR of the whole."""
    difference = Difference(errors=list(plan.errors))
    if sender.person_id is not None and not await rights.covers(tx, sender.person_id, None):
        difference.errors += [RowError(line.number, "not_yours", {}, _WORDS) for line in plan.lines]
        difference.refused = ["units"]
        return difference
    known = await roster_units.known_units(tx)
    tree = roster_units.UnitTree(known, roster_difference.Difference())
    groups: dict[str, list[tuple[Line, int]]] = {}
    for line in plan.lines:
        unit = known.get(tree.key(line.old))
        if unit is None or unit.id is None:
            difference.errors.append(RowError(line.number, "unknown", {"name": line.old}, _WORDS))
        elif unit.name == line.new:
            difference.same += 1
        else:
            groups.setdefault(fold(line.new), []).append((line, unit.id))
    tied = await _tied(tx, groups)
    for key, lines in groups.items():
        if key in tied:
            difference.errors += [RowError(line.number, "tied", tied[key], _WORDS) for line, _ in lines]
        else:
            await _weigh(tx, lines, difference, sender.now)
    difference.errors.sort(key=lambda error: error.number)
    return difference


async def _tied(tx: Reading, groups: dict[str, list[tuple[Line, int]]]) -> dict[str, dict[str, Any]]:
    """Give the groups of rows of which one would do something else before than after another (names that swap).

    Each is told with a name in both. Which comes first is nobody's guess: they are sent in two files.
    """
    meets: dict[int | str, list[tuple[str, Line]]] = {}  # by unit, and by old name
    for key, lines in groups.items():
        for line, unit_id in lines:
            meets.setdefault(unit_id, []).append((key, line))
            meets.setdefault(fold(line.old), []).append((key, line))
    tied: dict[str, dict[str, Any]] = {}
    for key, lines in groups.items():
        stays = await tx.fetchval("select id from units where fold = $1 and closed_at is null", key)
        touched = {key, *(unit_id for _, unit_id in lines), *([] if stays is None else [stays])}
        for other, line in (met for one in touched for met in meets.get(one, ()) if met[0] != key):
            tied.setdefault(key, {"name": line.old, "row": line.number})
            tied.setdefault(other, {"name": line.old, "row": lines[0][0].number})
    return tied


async def _weigh(tx: Reading, lines: Sequence[tuple[Line, int]], difference: Difference, now: int) -> None:
    wish = Wish(tuple(unit_id for _, unit_id in lines), lines[0][0].new)
    try:
        difference.wishes.append((wish, await merger_preview.preview(tx, wish, now)))
    except (Refused, Stale) as reason:
        told = reason.screen.rpartition("/")[2]
        block = told if told in ("under", "no_name", "too_many") else "impossible"
        values = {"name": wish.name}
        difference.errors += [RowError(line.number, block, values, _WORDS) for line, _ in lines]


async def apply(tx: Tx, plan: Plan, sender: Sender) -> Difference:
    """Merge and rename what the workbook says; what the command line brings has no author and is refused."""
    await tx.lock("people")
    difference = await compare(tx, plan, sender)
    if sender.person_id is None:
        raise Refused("mergers/by_somebody")
    days = await calendar.load(tx, sender.zone)
    await mergers.hold_courses(tx, [unit_id for _, told in difference.wishes for unit_id in told.concerned])
    for wish, _ in difference.wishes:
        merger_id = await mergers.apply(tx, wish, sender.person_id, sender.now, days)
        await note(tx, sender.upload_id, f"merger:{merger_id}", None, {"name": wish.name})
    return difference


async def undo(tx: Tx, change: Change, sender: Sender) -> str | None:
    """Take one merger back; gives its unit's name when something of it has changed since, else None.

    Raises NotAllowed for whoever is not HR of the whole any more.
    """
    name = str((change.new or {}).get("name"))
    days = await calendar.load(tx, sender.zone)
    try:
        await mergers.undo(tx, change.number, sender.person_id or 0, sender.now, days)
    except NotAllowed:
        raise
    except (Refused, Stale):
        return name
    return None


def _report(filename: str, plan: Plan, difference: Difference) -> Report:
    renamed = [told for _, told in difference.wishes if told.renames]
    merged = [told for _, told in difference.wishes if not told.renames]
    counts = {
        "renamed": len(renamed),
        "merged": len(merged),
        "closed": sum(len(told.closes) for told in merged),
        "people": sum(told.people for told in merged),
        "waiting": sum(told.waiting for told in merged),
        "same": difference.same,
    }
    names = {
        "new": [told.name for _, told in difference.wishes],
        "headless": [told.name for told in merged if told.headless],
    }
    return Report("units", filename, counts, difference.errors, [], plan.table, names, refused=difference.refused)


UPLOAD = Kind("units", read, compare, apply, _report, undo=undo)
