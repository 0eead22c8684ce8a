"""What a workbook changed of training plans, taken back within a day as far as it is still so."""

from typing import Any

from bot.errors import Refused, Stale
from bot.store import Tx
from bot.training import plan_changes, plans, rights
from bot.training.plans import Facts, Plan, Target
from bot.training.upload_changes import Change
from bot.training.upload_kinds import Sender


def line_subject(plan_id: int, line_id: int) -> str:
    """Give the subject under which a change of a line is kept."""
    return f"plan:{plan_id}:line:{line_id}"


async def undo(tx: Tx, change: Change, sender: Sender) -> str | None:
    """Let a plan or a line be what it was; gives its name where it stays as it is now, None when it went back."""
    whole = sender.person_id is not None and await rights.covers(tx, sender.person_id, None)
    told = change.old or change.new or {}
    name = str(told.get("number") or f"{told.get('category')} {told.get('level')}".strip())
    if not whole:
        return name
    await tx.lock("plans")
    try:
        plan = await plans.locked(tx, change.number)
        line = len(change.numbers) > 1
        done = await (_line(tx, plan, change, sender) if line else _plan(tx, plan, change, sender))
    except (Stale, Refused):  # removed since, or what came since leaves no room for it
        done = False
    return None if done else name


async def _plan(tx: Tx, plan: Plan, change: Change, sender: Sender) -> bool:
    if change.new is None or plan.facts != Facts(**change.new):
        return False
    if change.old is not None:
        await plan_changes.change(tx, plan.id, Facts(**change.old), sender.person_id, sender.now)
        return True
    if await plans.lines(tx, plan.id):
        return False
    await plan_changes.remove(tx, plan.id, sender.person_id, sender.now)
    return True


async def _line(tx: Tx, plan: Plan, change: Change, sender: Sender) -> bool:
    old, new = (_target(told) for told in (change.old, change.new))
    if new is None:
        if old is not None:
            await plan_changes.add_line(tx, plan.id, old, sender.person_id, sender.now)
        return True
    _, line = await plans.line(tx, change.numbers[1])
    if line.target != new or line.plan_id != plan.id:
        return False
    if old is None:
        await plan_changes.remove_line(tx, line.id, sender.person_id, sender.now)
    else:
        await plan_changes.change_line(tx, line.id, old, sender.person_id, sender.now)
    return True


def _target(told: dict[str, Any] | None) -> Target | None:
    return None if told is None else Target(**told)
