"""What is told of a training plan, changed by chat one field at a time. The rules: training.plan_changes."""

import datetime as dt
from dataclasses import replace

from bot.chat.router import answer, choice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Refused, Stale
from bot.excel.cells import CellError
from bot.training import calendar, plan_changes, plan_fields, plans, typed_days
from bot.training.plans import Facts, Plan

FIELDS = ("number", "title", "years", "day")


@choice("plan_edit", who=Role.HR_ALL, reach="plan")
async def card(turn: Turn, plan_id: int) -> Screen:
    """Show what is told of a plan, each with its button."""
    turn.dialogue.forget()
    return _card(await plans.find(turn.tx, plan_id))


def _card(plan: Plan) -> Screen:
    screen = Screen("plans/edit", plan=plan)
    for place, field in enumerate(FIELDS):
        screen.button(field, "plan_what", plan.id, field, beside=place % 2 == 1)
    if plan.facts.decided_on:
        screen.button("no_day", "plan_no_day", plan.id)
    return screen.button("back", "plan", plan.id).button("home", "home", beside=True)


@choice("plan_what", who=Role.HR_ALL, reach="plan")
async def ask(turn: Turn, plan_id: int, field: str) -> Screen:
    """Ask for one field anew."""
    if field not in FIELDS:
        raise Stale
    plan = await plans.find(turn.tx, plan_id)
    turn.ask("plan_facts", plan_id, field, plan.version)
    return Screen(f"plans/ask_{field}", number=plan.facts.number).button("leave", "plan_edit", plan_id)


@answer("plan_facts", who=Role.HR_ALL, reach="plan")
async def told(turn: Turn, text: str, plan_id: int, field: str, version: int) -> Screen:
    """Change one field, unless a colleague has changed the plan since it was asked."""
    plan = await plans.find(turn.tx, plan_id)
    days = await calendar.load(turn.tx, turn.zone)
    facts = _with(plan.facts, field, text, days.local(turn.now).date())
    if plan.version != version:
        screen = Screen("plans/meanwhile", plan=plan, target=None)
        return screen.button("again", "plan_what", plan_id, field).button("leave", "plan_edit", plan_id, beside=True)
    return _card(await plan_changes.change(turn.tx, plan_id, facts, turn.person.person_id, turn.now))


def _with(facts: Facts, field: str, text: str, today: dt.date) -> Facts:
    match field:
        case "number":
            return replace(facts, number=plan_fields.number_of(text))
        case "title":
            return replace(facts, title=plan_fields.title_of(text))
        case "years":
            first, last = plan_fields.years_of(text)
            return replace(facts, first_year=first, last_year=last)
        case "day":
            return replace(facts, decided_on=_day(text, today))
    raise Stale


def _day(text: str, today: dt.date) -> str:
    try:
        day = typed_days.day(text, today, past=True)
    except CellError:
        day = None
    if day is None or not plan_fields.FIRST_YEAR <= day.year <= plan_fields.LAST_YEAR:
        raise Refused("plans/day_wrong", value=text[:40])
    return day.isoformat()


@choice("plan_no_day", who=Role.HR_ALL, reach="plan")
async def no_day(turn: Turn, plan_id: int) -> Screen:
    """Let the day of the decision be untold."""
    facts = replace((await plans.find(turn.tx, plan_id)).facts, decided_on=None)
    return _card(await plan_changes.change(turn.tx, plan_id, facts, turn.person.person_id, turn.now))
