"""Making, changing and removing training plans and their lines: the same rules for chat and workbook, all logged.

The caller has checked that HR rights over the whole are there; what is typed is read in plan_fields. Whoever holds
both takes "plans" (numbers are free or taken) before the row of a plan.
"""

from dataclasses import asdict
from typing import Any

from bot.errors import Refused, Stale
from bot.folding import fold
from bot.store import Tx
from bot.training import audit, plan_fields, plans
from bot.training.plans import Facts, Line, Plan, Target

_FACTS = ("number", "number_fold", "title", "decided_on", "first_year", "last_year")
_TARGET = ("category", "level", "level_fold", "year", "classes", "turns", "money")


async def create(tx: Tx, facts: Facts, by: int | None, now: int) -> int:
    """Keep a new plan and give its number (`now` in UTC seconds). Raises Refused: years, a number that is taken."""
    await tx.lock("plans")
    await _check(tx, facts, 0)
    columns = _columns(facts)
    names = [*columns, "by_person", "at"]
    marks = ", ".join(f"${place}" for place in range(1, len(names) + 1))
    plan_id: int = await tx.fetchval(
        f"insert into plans ({', '.join(names)}) values ({marks}) returning id",  # noqa: S608 (own names)
        *columns.values(),
        by,
        now,
    )
    await audit.record(tx, by, "plan.create", f"plan:{plan_id}", now, new=asdict(facts))
    return plan_id


async def change(tx: Tx, plan_id: int, facts: Facts, by: int | None, now: int) -> Plan:
    """Change what is told of a plan. Raises Stale; Refused: years, lines outside of them, a number that is taken."""
    await tx.lock("plans")
    old = await plans.locked(tx, plan_id)
    if old.facts == facts:
        return old
    await _check(tx, facts, plan_id)
    columns = _columns(facts)
    sets = ", ".join(f"{name} = ${place}" for place, name in enumerate(columns, start=2))
    await tx.execute(
        f"update plans set {sets}, version = version + 1 where id = $1",  # noqa: S608 (own names)
        plan_id,
        *columns.values(),
    )
    await audit.record(tx, by, "plan.edit", old.subject, now, old=asdict(old.facts), new=asdict(facts))
    return await plans.find(tx, plan_id)


async def _check(tx: Tx, facts: Facts, plan_id: int) -> None:
    plan_fields.check_years(facts.first_year, facts.last_year)
    other = await plans.numbered(tx, facts.number, facts.first_year)
    if other is not None and other.id != plan_id:
        raise Refused("plans/number_taken", plan=other)
    years = {line.target.year for line in await plans.lines(tx, plan_id)} - {None}
    outside = sorted(year for year in years if year and not facts.first_year <= year <= facts.last_year)
    if outside:
        raise Refused("plans/lines_outside", years=outside, facts=facts)


def _columns(facts: Facts) -> dict[str, Any]:
    told = asdict(facts) | {"number_fold": fold(facts.number)}
    return {name: told[name] for name in _FACTS}


async def remove(tx: Tx, plan_id: int, by: int | None, now: int) -> Plan:
    """Take a plan off the list with its lines, which stay in the log. Raises Stale."""
    plan = await plans.locked(tx, plan_id)
    lines = [asdict(line.target) for line in await plans.lines(tx, plan_id)]
    await tx.execute("update plans set removed_at = $2 where id = $1", plan_id, now)
    await audit.record(tx, by, "plan.drop", plan.subject, now, old=asdict(plan.facts) | {"lines": lines})
    return plan


async def add_line(tx: Tx, plan_id: int, target: Target, by: int | None, now: int) -> int:
    """Add a line and give its number. Raises Stale; Refused: no figure, a year outside, a line told twice."""
    plan = await plans.locked(tx, plan_id)
    await _check_line(tx, plan, target, 0)
    columns = _target(target)
    names = ["plan_id", *columns]
    marks = ", ".join(f"${place}" for place in range(1, len(names) + 1))
    line_id: int = await tx.fetchval(
        f"insert into plan_lines ({', '.join(names)}) values ({marks}) returning id",  # noqa: S608 (own names)
        plan_id,
        *columns.values(),
    )
    await audit.record(tx, by, "plan.add_line", plan.subject, now, new=asdict(target))
    return line_id


async def change_line(tx: Tx, line_id: int, target: Target, by: int | None, now: int) -> Line:
    """Change a line. Raises as `add_line`."""
    plan, _ = await plans.line(tx, line_id)
    plan = await plans.locked(tx, plan.id)
    _, old = await plans.line(tx, line_id)
    await _check_line(tx, plan, target, line_id)
    if old.target == target:
        return old
    columns = _target(target)
    sets = ", ".join(f"{name} = ${place}" for place, name in enumerate(columns, start=2))
    await tx.execute(
        f"update plan_lines set {sets}, version = version + 1 where id = $1",  # noqa: S608 (own names)
        line_id,
        *columns.values(),
    )
    await audit.record(tx, by, "plan.edit_line", plan.subject, now, old=asdict(old.target), new=asdict(target))
    return (await plans.line(tx, line_id))[1]


async def _check_line(tx: Tx, plan: Plan, target: Target, line_id: int) -> None:
    facts = plan.facts
    if target.year is not None and not facts.first_year <= target.year <= facts.last_year:
        raise Refused("plans/year_wrong", value=str(target.year), first=facts.first_year, last=facts.last_year)
    if not target.turns and not target.classes:
        raise Refused("plans/no_figure")
    others = [line for line in await plans.lines(tx, plan.id) if line.id != line_id]
    if any(line.target.key == target.key for line in others):
        raise Refused("plans/line_twice", target=target)
    if len(others) >= plan_fields.MOST_LINES:
        raise Refused("plans/too_many_lines", limit=plan_fields.MOST_LINES)


def _target(target: Target) -> dict[str, Any]:
    told = asdict(target) | {"level_fold": fold(target.level)}
    return {name: told[name] for name in _TARGET}


async def remove_line(tx: Tx, line_id: int, by: int | None, now: int) -> Plan:
    """Remove a line, which stays in the log; gives its plan. Raises Stale."""
    plan, _ = await plans.line(tx, line_id)
    await plans.locked(tx, plan.id)
    _, old = await plans.line(tx, line_id)
    if not await tx.execute("delete from plan_lines where id = $1", line_id):
        raise Stale
    await audit.record(tx, by, "plan.drop_line", plan.subject, now, old=asdict(old.target))
    return plan
