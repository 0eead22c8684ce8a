"""Training plans sent as a workbook: what is new, changed, removed against the kept ones, brought in and undone.

The rules of writing are those of the chat, plan_changes. What the rows mean is in plan_sheet. A line goes only where
the file is an export of its plan; where a colleague has changed the same since then, the sender says whose counts.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from bot.errors import NotAllowed, Refused, Stale
from bot.store import Reading, Tx
from bot.training import exports, plan_changes, plan_undo, plans, rights, upload_changes
from bot.training.exports import Export
from bot.training.plan_sheet import COLUMNS, OWN, TEMPLATE, Plans, ToldPlan, read
from bot.training.plans import Facts, Line, Plan, Target
from bot.training.roster_sheet import RowError
from bot.training.row_reading import RowReader
from bot.training.upload_kinds import Kind, Report, Sender

KIND = "plan"


@dataclass
class OfPlan:
    """What a workbook would change of one plan, or has changed; without a `plan` it is a new one."""

    plan: Plan | None
    facts: Facts
    edited: bool = False
    new: list[Target] = field(default_factory=list)
    changed: list[tuple[Line, Target]] = field(default_factory=list)
    removed: list[Line] = field(default_factory=list)


@dataclass
class Difference:
    """What a workbook would change, or has changed; `kept` are lines that it lacks but a colleague has changed."""

    plans: list[OfPlan] = field(default_factory=list)
    same: int = 0
    conflicts: int = 0
    of: int = 0
    kept: list[Line] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    notes: list[RowError] = field(default_factory=list)

    @property
    def removed(self) -> list[Line]:
        """Give every line that goes."""
        return [line for one in self.plans for line in one.removed]


async def went_out(tx: Tx, plan: Plan, lines: list[Line], clerk_id: int, now: int) -> str:
    """Keep what a plan tells when it goes out as a workbook, and give the mark that it carries."""
    told: dict[str, dict[str, Any]] = {_key(line.target): asdict(line.target) for line in lines}
    told[KIND] = asdict(plan.facts)
    return exports.mark(await exports.keep(tx, KIND, plan.subject, clerk_id, told, now))


def _key(target: Target) -> str:
    return "|".join(map(str, target.key))


async def check_whole(tx: Reading, sender: Sender) -> None:
    """Let pass who may change plans: the command line, and HR of the whole. Raises NotAllowed."""
    if sender.person_id is not None and not await rights.covers(tx, sender.person_id, None):
        raise NotAllowed("plan:upload")


async def compare(tx: Reading, told: Plans, sender: Sender) -> Difference:
    """Tell what the workbook would change; writes nothing. Raises NotAllowed, Stale."""
    await check_whole(tx, sender)
    difference = Difference(errors=list(told.errors))
    reader = RowReader(COLUMNS, TEMPLATE, OWN, difference.errors)
    export = await exports.of_table(tx, told.table, KIND)
    own = await _own(tx, export)
    if export is None and exports.number_in(told.table) is not None:
        difference.notes.append(RowError(told.table.header_row, "export_unknown", {}, TEMPLATE))
    for one in told.plans:
        plan = own if own is not None and one is _of_export(told, own, export) else None
        base = export if plan is not None else None
        plan = plan or await plans.numbered(tx, one.facts.number, one.facts.first_year)
        await _compare(tx, one, plan, base, reader, difference, sender)
    difference.errors.sort(key=lambda error: error.number)
    return difference


async def _own(tx: Reading, export: Export | None) -> Plan | None:
    """Give the plan that the file is an export of, None when it is none. Raises Stale when it was removed since."""
    if export is None:
        return None
    try:
        return await plans.find(tx, int(export.subject.partition(":")[2]))
    except Stale:
        raise Stale("plans/removed_since") from None


def _of_export(told: Plans, own: Plan, export: Export | None) -> ToldPlan | None:
    """Give which of the told plans is the exported one: the only one, though renamed, else that of its number."""
    if len(told.plans) == 1:
        return told.plans[0]
    went = export.lines[KIND] if export is not None else {}
    numbers = {own.facts.number, went.get("number")}
    return next((one for one in told.plans if one.facts.number in numbers), None)


async def _compare(
    tx: Reading,
    told: ToldPlan,
    plan: Plan | None,
    export: Export | None,
    reader: RowReader,
    difference: Difference,
    sender: Sender,
) -> None:
    facts = told.facts if plan is None else replace(told.facts, decided_on=plan.facts.decided_on)
    found = OfPlan(plan, facts)
    lines = [] if plan is None else await plans.lines(tx, plan.id)
    base = {} if export is None else {k: Target(**v) for k, v in export.lines.items() if k != KIND}
    if plan is not None:
        went = plan.facts if export is None else Facts(**export.lines[KIND])
        _facts(found, plan, replace(went, decided_on=plan.facts.decided_on), difference, sender)
    _lines(found, told, {_key(line.target): line for line in lines}, base, difference, sender)
    if export is not None and not difference.errors:  # a row nobody can read may be any line
        _gone(found, told, lines, base, difference)
    if not await _objection(tx, found, told, lines, reader):
        difference.plans.append(found)


def _facts(found: OfPlan, plan: Plan, went: Facts, difference: Difference, sender: Sender) -> None:
    """Tell whether number, title or years change; what the file has left as it went out changes nothing."""
    if found.facts in (plan.facts, went):
        found.facts = plan.facts
        return
    if went != plan.facts:
        difference.conflicts += 1
        if not sender.mine:
            found.facts = plan.facts
            return
    found.edited = True


def _lines(
    found: OfPlan,
    told: ToldPlan,
    now: Mapping[str, Line],
    base: Mapping[str, Target],
    difference: Difference,
    sender: Sender,
) -> None:
    """Sort the told lines into new, changed, the same; `base` is what the export had, empty without one."""
    for target in [one.target for one in told.lines if one.target is not None]:
        key = _key(target)
        line, went = now.get(key), base.get(key)
        present = line.target if line is not None else None
        if _same(target, present) or _same(target, went):
            difference.same += 1
            continue
        if went is not None and not _same(went, present):
            difference.conflicts += 1
            if not sender.mine:
                continue
        if line is None:
            found.new.append(target)
        else:
            found.changed.append((line, target))


def _same(one: Target, other: Target | None) -> bool:
    """Tell whether two lines of one key promise the same; a level written otherwise is the same."""
    return other is not None and replace(one, level=other.level) == other


def _gone(found: OfPlan, told: ToldPlan, lines: list[Line], base: Mapping[str, Target], difference: Difference) -> None:
    """Find the lines that went out and are not in the file any more."""
    difference.of += len(base)
    keys = {_key(one.target) for one in told.lines if one.target is not None}
    for line in lines:
        went = base.get(_key(line.target))
        if went is None or _key(line.target) in keys:
            continue
        (found.removed if _same(went, line.target) else difference.kept).append(line)


async def _objection(tx: Reading, found: OfPlan, told: ToldPlan, lines: list[Line], reader: RowReader) -> bool:
    """Note what keeps the plan from being so: its number is another's, or kept lines would be outside its years."""
    facts, own = found.facts, found.plan.id if found.plan is not None else 0
    other = await plans.numbered(tx, facts.number, facts.first_year)
    if other is not None and other.id != own:
        reader.wrong(told.row, "number", "number_taken", facts.number)
        return True
    left = [line.target.year for line in lines if line not in found.removed]
    outside = [year for year in left if year and not facts.first_year <= year <= facts.last_year]
    if outside:
        reader.wrong(told.row, "first", "lines_outside", ", ".join(map(str, sorted(set(outside)))))
    return bool(outside)


async def apply(tx: Tx, told: Plans, sender: Sender) -> Difference:
    """Bring the workbook in and give what was done.

    Raises NotAllowed, Stale; Refused when it removes another number of lines than the sender has said yes to.
    """
    await tx.lock("plans")
    difference = await compare(tx, told, sender)
    if len(difference.removed) != sender.removing:
        raise Refused("uploads/removal_unsure", count=len(difference.removed))
    for one in difference.plans:
        await _write(tx, one, sender)
    return difference


async def _write(tx: Tx, one: OfPlan, sender: Sender) -> None:
    """Write one plan, what goes first: the years of a plan may only then change."""
    by, now = sender.person_id, sender.now
    for line in one.removed:
        await plan_changes.remove_line(tx, line.id, by, now)
        await _note(tx, sender, plan_undo.line_subject(line.plan_id, line.id), line.target, None)
    if one.plan is None:
        plan_id = await plan_changes.create(tx, one.facts, by, now)
        await _note(tx, sender, f"plan:{plan_id}", None, one.facts)
    else:
        plan_id = one.plan.id
        if one.edited:
            await plan_changes.change(tx, plan_id, one.facts, by, now)
            await _note(tx, sender, f"plan:{plan_id}", one.plan.facts, one.facts)
    for target in one.new:
        line_id = await plan_changes.add_line(tx, plan_id, target, by, now)
        _, line = await plans.line(tx, line_id)
        await _note(tx, sender, plan_undo.line_subject(plan_id, line_id), None, line.target)
    for line, target in one.changed:
        changed = await plan_changes.change_line(tx, line.id, target, by, now)
        await _note(tx, sender, plan_undo.line_subject(plan_id, line.id), line.target, changed.target)


async def _note(tx: Tx, sender: Sender, subject: str, old: Facts | Target | None, new: Facts | Target | None) -> None:
    before, after = (None if told is None else asdict(told) for told in (old, new))
    await upload_changes.note(tx, sender.upload_id, subject, before, after)


def _report(filename: str, told: Plans, difference: Difference) -> Report:
    counts = {
        "plans": sum(one.plan is None for one in difference.plans),
        "edited": sum(one.edited for one in difference.plans),
        "new": sum(len(one.new) for one in difference.plans),
        "changed": sum(len(one.changed) for one in difference.plans),
        "removed": len(difference.removed),
        "same": difference.same,
    }
    changes = [
        (_name(line.target), [name for name in ("turns", "classes", "money") if _differs(line, target, name)])
        for one in difference.plans
        for line, target in one.changed
    ]
    names = {
        "plans": [one.facts.number for one in difference.plans],
        "kept": [_name(line.target) for line in difference.kept],
    }
    return Report(
        KIND, filename, counts, difference.errors, difference.notes, told.table, names, changes,
        removed=[_name(line.target) for line in difference.removed], of=difference.of, conflicts=difference.conflicts,
    )  # fmt: skip


def _differs(line: Line, target: Target, name: str) -> bool:
    return bool(getattr(line.target, name) != getattr(target, name))


def _name(target: Target) -> str:
    """Name a line without words of a language: "QLNN Cấp xã 2026"."""
    return " ".join(filter(None, [target.category, target.level, str(target.year or "")]))


UPLOAD = Kind(KIND, read, compare, apply, _report, undo=plan_undo.undo)
