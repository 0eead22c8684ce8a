"""Training plans sent as a workbook and sent back: kept when they go out, brought in, reported.

The rules of writing are those of the chat, plan_changes. What the rows mean is in plan_sheet, what they change in
plan_difference, taking it back in plan_undo.
"""

from dataclasses import asdict
from typing import Any

from bot.errors import Refused
from bot.store import Tx
from bot.training import exports, plan_changes, plan_undo, plans, upload_changes
from bot.training.plan_difference import KIND, Difference, OfPlan, compare, key_of
from bot.training.plan_sheet import Plans, read
from bot.training.plans import Facts, Line, Plan, Target
from bot.training.upload_kinds import Kind, Report, Sender


async def went_out(tx: Tx, plan: Plan, lines: list[Line], clerk_id: int, now: int) -> str:
    """Keep what a plan tells when it goes out as a workbook, and give the mark that it carries."""
    told: dict[str, dict[str, Any]] = {key_of(line.target): asdict(line.target) for line in lines}
    told[KIND] = asdict(plan.facts)
    return exports.mark(await exports.keep(tx, KIND, plan.subject, clerk_id, told, now))


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
