"""What posts call for as a workbook, one row for each whom and content group; the rule is post_requirements.

A workbook that went out from here also takes away what its rows no longer tell; any other one only adds and changes.
What it tells as it went out changes nothing, and what a colleague has changed since is not taken away.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from bot.excel import cells
from bot.excel.cells import Cell, CellError, CellValue
from bot.excel.reader import Column, SheetRow, Table, read_table
from bot.folding import fold
from bot.store import Reading, Tx
from bot.training import audit, exports, post_requirements, posts, rights, row_reading, upload_changes
from bot.training.post_requirements import POST, Requirement, Whom
from bot.training.roster_sheet import RowError
from bot.training.row_reading import RowReader
from bot.training.upload_changes import Change
from bot.training.upload_kinds import Kind, Report, Sender

KIND = "post_requirements"
Went = dict[str, dict[str, Any]]  # what a workbook told when it went out
COLUMNS = (
    Column("whom", ("Ai cần học", "Vị trí việc làm", "Đối tượng"), required=True),
    Column("category", ("Nội dung cần học", "Nội dung"), required=True),
    Column("term", ("Chu kỳ", "Bao lâu một lần"), required=True),
    Column("priority", ("Vị trí ưu tiên", "Ưu tiên")),
)
OWN = frozenset({
    "missing", "too_long", "category_unknown", "term_unknown", "twice", "not_a_post", "nothing_told", "not_covered",
    "priority_unknown", "nobody_there", "no_name",
})  # fmt: skip
_GENERAL = {
    "moi nguoi": "all", "tat ca": "all", "lanh dao quan ly": "leaders", "lanh dao": "leaders",
    "can bo": "CB", "cb": "CB", "cong chuc": "CC", "cc": "CC", "vien chuc": "VC", "vc": "VC",
    "hop dong lao dong": "HDLD", "hdld": "HDLD",
}  # fmt: skip
_WRITTEN = {"all": "Mọi người", "leaders": "Lãnh đạo, quản lý", "CB": "Cán bộ", "CC": "Công chức", "VC": "Viên chức",
            "HDLD": "Hợp đồng lao động"}  # fmt: skip
_FIRST = "priority:"  # of a post, in what is kept of a workbook that went out
_TERMS = {"moi nam": True, "hang nam": True, "mot lan": False, "1 lan": False}
_WRITTEN_TERMS = {True: "Mỗi năm", False: "Một lần"}


@dataclass(frozen=True)
class Told:
    """One row: whom it is about, as typed, and what it tells; `priority` None where the sheet has no such column."""

    row: int
    whom: str
    category: str
    every_year: bool
    priority: bool | None

    @property
    def kind(self) -> str:
        """Give which kind of whom is meant."""
        return _GENERAL.get(fold(self.whom), POST)

    @property
    def key(self) -> tuple[str, str, str]:
        """Give what tells this row from all others, however it is spelled."""
        return self.kind, fold(self.whom) if self.kind == POST else "", self.category


@dataclass
class Plan:
    """What a workbook tells."""

    table: Table
    rows: list[Told] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)


@dataclass
class Difference:
    """What a plan would change, or has changed."""

    new: list[Told] = field(default_factory=list)
    changed: list[Told] = field(default_factory=list)
    dropped: list[Requirement] = field(default_factory=list)
    priorities: list[tuple[str, bool]] = field(default_factory=list)
    same: int = 0
    errors: list[RowError] = field(default_factory=list)
    notes: list[RowError] = field(default_factory=list)


@dataclass(frozen=True)
class Written:
    """The workbook ready to be written: its mark, headings, rows."""

    mark: str
    headings: list[str]
    rows: list[list[CellValue]]


async def written(tx: Tx, clerk_id: int, said: Callable[[str], str], now: int) -> Written:
    """Give all requirements and sensitive posts, kept so that the workbook can come back edited.

    `said` gives the name of a content group.
    """
    told = await post_requirements.all_of(tx)
    rows: list[list[CellValue]] = [
        [_WRITTEN.get(one.whom.kind, one.whom.name), said(one.category), _WRITTEN_TERMS[one.every_year],
         "x" if one.whom.priority else None]
        for one in told
    ]  # fmt: skip
    required = {one.whom.post_id for one in told}
    rows += [
        [post.name, None, None, "x"] for post in await posts.all_of(tx) if post.priority and post.id not in required
    ]
    lines: dict[str, dict[str, bool]] = {one.key: {"every_year": one.every_year} for one in told}
    lines |= {f"{_FIRST}{post.id}": {"priority": post.priority} for post in await posts.all_of(tx)}
    export_id = await exports.keep(tx, KIND, "posts", clerk_id, lines, now)
    await audit.record(tx, clerk_id, "posts.export", "posts", now, new={"rows": len(rows)})
    return Written(exports.mark(export_id), [column.names[0] for column in COLUMNS], rows)


def read(content: bytes, filename: str) -> Plan:
    """Read a workbook; long work, so call it in a thread. Raises BadFile when there is no such list."""
    table = read_table(content, filename, COLUMNS)
    reader = RowReader(COLUMNS, "post_requirements/rows", OWN)
    plan = Plan(table, errors=reader.errors)
    seen: dict[tuple[str, str, str], int] = {}
    for row in table.rows:
        told = _row(reader, row, "priority" in table.columns)
        if told is None:
            continue
        first = seen.setdefault(told.key, told.row)
        if first != told.row:
            reader.wrong(told.row, "category", "twice", str(first))
        else:
            plan.rows.append(told)
    return plan


def _row(reader: RowReader, row: SheetRow, with_priority: bool) -> Told | None:
    before = len(reader.errors)
    whom = reader.told(row, "whom", row_reading.text, required=True) or ""
    priority = reader.told(row, "priority", _yes) if with_priority else None
    blank = row.get("category").blank and row.get("term").blank
    if whom and not fold(whom):
        reader.wrong(row.number, "whom", "no_name", whom[:40])
    if blank and not priority:
        reader.wrong(row.number, "category", "nothing_told")
    category = "" if blank else reader.told(row, "category", row_reading.category, required=True)
    term = False if blank else reader.told(row, "term", _term, required=True)
    if len(reader.errors) > before:
        return None
    return Told(row.number, whom, category or "", bool(term), priority)


def _yes(cell: Cell) -> bool:
    found = fold(cells.text(cell))
    if found not in ("", "x", "co", "khong"):
        raise CellError("priority_unknown", cells.text(cell)[:40])
    return found in ("x", "co")


def _term(cell: Cell) -> bool:
    found = fold(cells.text(cell))
    if found not in _TERMS:
        raise CellError("term_unknown", cells.text(cell)[:40])
    return _TERMS[found]


async def compare(tx: Reading, plan: Plan, sender: Sender) -> Difference:
    """Tell what `plan` would change; only who has the whole may send it."""
    difference = Difference(errors=list(plan.errors))
    reader = RowReader(COLUMNS, "post_requirements/rows", OWN, difference.errors)
    if sender.person_id is not None and not await rights.covers(tx, sender.person_id, None):
        for told in plan.rows:
            reader.wrong(told.row, "whom", "not_covered", told.whom)
        return difference
    there = {(one.whom.kind, fold(one.whom.name), one.category): one for one in await post_requirements.all_of(tx)}
    export = await exports.of_table(tx, plan.table, KIND)
    went = {} if export is None else export.lines
    for told in plan.rows:
        await _compare_row(tx, told, there, went, reader, difference)
    await _compare_priorities(tx, plan.rows, went, difference)
    if export is not None and not plan.errors:  # a row that nobody can read may be any of them
        _dropped(plan, there.values(), went, difference)
    return difference


async def _compare_row(
    tx: Reading,
    told: Told,
    there: dict[tuple[str, str, str], Requirement],
    went: Went,
    reader: RowReader,
    difference: Difference,
) -> None:
    post = await posts.named(tx, told.whom) if told.kind == POST else None
    if told.kind == POST:
        if post is None or not post.people:
            difference.notes.append(reader.error(told.row, "whom", "nobody_there", told.whom[:60]))
    elif told.priority:
        reader.wrong(told.row, "priority", "not_a_post", told.whom[:60])
        return
    if not told.category:
        return
    one = there.get(told.key)
    before = went.get(f"{told.kind}:{post.id if post else 0}:{told.category}")
    if before == {"every_year": told.every_year} or (one is not None and one.every_year is told.every_year):
        difference.same += 1
    elif one is None:
        difference.new.append(told)
    else:
        difference.changed.append(told)


async def _compare_priorities(tx: Reading, rows: Iterable[Told], went: Went, difference: Difference) -> None:
    """Find the posts that come first from now on, or no more; one row of a post that says so is enough."""
    told: dict[str, tuple[str, bool]] = {}
    for row in rows:
        if row.kind == POST and row.priority is not None:
            name, already = told.get(fold(row.whom), (row.whom, False))
            told[fold(row.whom)] = (name, already or row.priority)
    for name, priority in told.values():
        post = await posts.named(tx, name)
        if post is not None and went.get(f"{_FIRST}{post.id}") == {"priority": priority}:
            continue
        if (post is not None and post.priority) is not priority:
            difference.priorities.append((name, priority))


def _dropped(plan: Plan, there: Iterable[Requirement], went: Went, difference: Difference) -> None:
    """Find what stood in the workbook when it went out, is so still, and is told by no row of it now."""
    told = {row.key for row in plan.rows}
    for one in there:
        still = went.get(one.key) == {"every_year": one.every_year}
        if still and (one.whom.kind, fold(one.whom.name), one.category) not in told:
            difference.dropped.append(one)


async def apply(tx: Tx, plan: Plan, sender: Sender) -> Difference:
    """Write what `plan` tells and give what was done."""
    await tx.lock("post requirements")
    await posts.learn(tx)
    difference = await compare(tx, plan, sender)
    for told in [*difference.new, *difference.changed]:
        one = await _whom(tx, told)
        old = {"every_year": not told.every_year} if told in difference.changed else None
        await post_requirements.put(tx, one, told.category, told.every_year, sender.person_id, sender.now)
        await _note(tx, sender, one, told.category, old, {"every_year": told.every_year})
    for gone in difference.dropped:
        await post_requirements.drop(tx, gone.whom, gone.category, sender.person_id, sender.now)
        await _note(tx, sender, gone.whom, gone.category, {"every_year": gone.every_year}, None)
    for name, priority in difference.priorities:
        post_id = await posts.called(tx, name)
        await posts.set_priority(tx, post_id, priority, sender.person_id, sender.now)
        old, new = ({"priority": value} for value in (not priority, priority))
        await upload_changes.note(tx, sender.upload_id, f"post:{post_id}", old, new)
    return difference


async def _whom(tx: Tx, told: Told) -> Whom:
    post_id = await posts.called(tx, told.whom) if told.kind == POST else 0
    return await post_requirements.whom(tx, told.kind, post_id)


async def _note(
    tx: Tx, sender: Sender, one: Whom, category: str, old: dict[str, bool] | None, new: dict[str, bool] | None
) -> None:
    await upload_changes.note(tx, sender.upload_id, f"requirement:{one.kind}:{one.post_id}:{category}", old, new)


async def undo(tx: Tx, change: Change, sender: Sender) -> str | None:
    """Take one change back where it is still so, else give the name of whom it is about."""
    await tx.lock("post requirements")
    if sender.person_id is None or not await rights.covers(tx, sender.person_id, None):
        return change.subject
    if change.subject.startswith("post:"):
        post = await posts.find(tx, change.number)
        if change.old is None or change.new is None or post.priority is not change.new["priority"]:
            return post.name
        await posts.set_priority(tx, post.id, change.old["priority"], sender.person_id, sender.now)
        return None
    _, kind, post_id, category = change.subject.split(":")
    one = await post_requirements.whom(tx, kind, int(post_id))
    there = {r.category: {"every_year": r.every_year} for r in await post_requirements.of_whom(tx, one)}
    if there.get(category) != change.new:
        return _WRITTEN.get(kind, one.name)
    if change.old is None:
        await post_requirements.drop(tx, one, category, sender.person_id, sender.now)
    else:
        await post_requirements.put(tx, one, category, change.old["every_year"], sender.person_id, sender.now)
    return None


def _report(filename: str, plan: Plan, difference: Difference) -> Report:
    counts = {
        "changed": len(difference.changed),
        "new": len(difference.new),
        "dropped": len(difference.dropped),
        "priorities": len(difference.priorities),
        "same": difference.same,
    }
    dropped = [f"{_WRITTEN.get(one.whom.kind, one.whom.name)}:{one.category}" for one in difference.dropped]
    return Report(
        KIND, filename, counts, difference.errors, difference.notes, plan.table, {"dropped": dropped},
        refused=row_reading.refused(difference.errors),
    )  # fmt: skip


UPLOAD = Kind(KIND, read, compare, apply, _report, undo=undo)
