"""What a workbook of training plans changes against the kept ones, with what it was when it went out. Writes nothing.

A line goes only where the file is an export of its plan; where a colleague has changed the same since then, the sender
says whose counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.errors import NotAllowed, Stale
from bot.folding import fold
from bot.store import Reading
from bot.training import exports, plans, rights
from bot.training.exports import Export
from bot.training.plan_sheet import COLUMNS, OWN, TEMPLATE, Plans, ToldPlan
from bot.training.plans import Facts, Line, Plan, Target
from bot.training.roster_sheet import RowError
from bot.training.row_reading import RowReader
from bot.training.upload_kinds import Sender

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


def key_of(target: Target) -> str:
    """Give the key under which an export keeps a line."""
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
    mine = _of_export(told, own, export) if own is not None and export is not None else None
    for one in told.plans:
        plan = own if one is mine else None
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


def _of_export(told: Plans, own: Plan, export: Export) -> ToldPlan | None:
    """Give which of the told plans is the exported one: the only one though renamed, else that of number and year."""
    if len(told.plans) == 1:
        return told.plans[0]
    known = [own.facts, Facts(**export.lines[KIND])]
    places = {(fold(facts.number), facts.first_year) for facts in known}
    return next((one for one in told.plans if (fold(one.facts.number), one.facts.first_year) in places), None)


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
    _lines(found, told, {key_of(line.target): line for line in lines}, base, difference, sender)
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
        key = key_of(target)
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
    keys = {key_of(one.target) for one in told.lines if one.target is not None}
    for line in lines:
        went = base.get(key_of(line.target))
        if went is None or key_of(line.target) in keys:
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
