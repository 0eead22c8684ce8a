"""Lines of a training plan by chat: added question by question, changed, removed. The rules: training.plan_changes."""

from dataclasses import replace
from typing import Any

from bot.chat.choices import LIMIT, encode
from bot.chat.pages import page_of
from bot.chat.router import answer, choice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Refused, Stale
from bot.folding import fold
from bot.training import plan_changes, plan_fields, plan_levels, plans
from bot.training.courses import CATEGORIES
from bot.training.plans import Line, Plan, Target
from handlers import plans as cards

FIGURES = ("turns", "classes", "money")
FIELDS = (*FIGURES, "level", "year")
LEVELS_SHOWN = 6


@choice("plan_cats", who=Role.HR_ALL, reach="plan")
async def ask_category(turn: Turn, plan_id: int, page: int = 0) -> Screen:
    """Begin a line with its content group."""
    plan = await plans.find(turn.tx, plan_id)
    turn.dialogue.forget()
    shown = page_of(CATEGORIES, page)
    screen = Screen("plans/ask_category", plan=plan, page=shown)
    for place, code in enumerate(shown.items):
        screen.button("item", "plan_cat", plan_id, code, beside=place % 2 == 1, code=code)
    return shown.buttons(screen, "plan_cats", plan_id).button("leave", "plan", plan_id)


@choice("plan_cat", who=Role.HR_ALL, reach="plan")
async def category_told(turn: Turn, plan_id: int, category: str) -> Screen:
    """Keep the content group and ask for the level: any, one that is in use, or a typed one."""
    plan = await plans.find(turn.tx, plan_id)
    if category not in CATEGORIES:
        raise Stale
    turn.draft["plan_line"] = {"plan": plan_id, "category": category}
    turn.ask("plan_level", plan_id)
    screen = Screen("plans/ask_level", plan=plan, category=category, old=None)
    screen.button("any", "plan_lv", plan_id, "")
    known = [level for level in await plan_levels.in_use(turn.tx) if _fits(plan_id, level)][:LEVELS_SHOWN]
    for place, level in enumerate(known):
        screen.button("item", "plan_lv", plan_id, fold(level), beside=place % 2 == 1, level=level)
    return screen.button("leave", "plan", plan_id)


def _fits(plan_id: int, level: str) -> bool:
    try:
        return len(encode("plan_lv", plan_id, fold(level))) <= LIMIT
    except ValueError:
        return False


def _draft(turn: Turn, plan: Plan) -> dict[str, Any]:
    """Give the line that is being put together for this plan. Raises Stale."""
    draft = turn.draft.get("plan_line")
    if not isinstance(draft, dict) or draft.get("plan") != plan.id:
        raise Stale
    return draft


@choice("plan_lv", who=Role.HR_ALL, reach="plan")
async def level_picked(turn: Turn, plan_id: int, folded: str) -> Screen:
    """Take a level that is in use, or ('') any."""
    level = next((one for one in await plan_levels.in_use(turn.tx) if fold(one) == folded), None)
    if folded and level is None:
        raise Stale
    return await level_told(turn, level or "", plan_id)


@answer("plan_level", who=Role.HR_ALL, reach="plan")
async def level_told(turn: Turn, text: str, plan_id: int) -> Screen:
    """Keep the level and ask for the year, which a plan of one year has already told."""
    plan = await plans.find(turn.tx, plan_id)
    _draft(turn, plan)["level"] = plan_fields.level_of(text)
    if plan.facts.first_year == plan.facts.last_year:
        return await year_picked(turn, plan_id, 0)
    return await ask_year(turn, plan_id)


@choice("plan_yrs", who=Role.HR_ALL, reach="plan")
async def ask_year(turn: Turn, plan_id: int, page: int = 0) -> Screen:
    """Ask for which year of the plan, or for the whole period."""
    plan = await plans.find(turn.tx, plan_id)
    _draft(turn, plan)
    turn.ask("plan_year", plan_id)
    shown = page_of(range(plan.facts.first_year, plan.facts.last_year + 1), page)
    screen = Screen("plans/ask_year", plan=plan, page=shown, old=None).button("whole", "plan_yr", plan_id, 0)
    for place, year in enumerate(shown.items):
        screen.button("item", "plan_yr", plan_id, year, beside=place % 3 > 0, year=year)
    return shown.buttons(screen, "plan_yrs", plan_id).button("leave", "plan", plan_id)


@choice("plan_yr", who=Role.HR_ALL, reach="plan")
async def year_picked(turn: Turn, plan_id: int, year: int) -> Screen:
    """Take a year, or (0) the whole period, and ask for the turns."""
    return await year_told(turn, str(year or ""), plan_id)


@answer("plan_year", who=Role.HR_ALL, reach="plan")
async def year_told(turn: Turn, text: str, plan_id: int) -> Screen:
    """Keep the year and ask for the turns."""
    plan = await plans.find(turn.tx, plan_id)
    draft = _draft(turn, plan)
    draft["year"] = plan_fields.year_of(text, plan.facts.first_year, plan.facts.last_year)
    return _figure(turn, plan, "turns")


def _figure(turn: Turn, plan: Plan, field: str) -> Screen:
    turn.ask("plan_figure", plan.id, field)
    screen = Screen(f"plans/ask_{field}", plan=plan, old=None)
    return screen.button("skip", "plan_skip", plan.id, field).button("leave", "plan", plan.id, beside=True)


@answer("plan_figure", who=Role.HR_ALL, reach="plan")
async def figure_told(turn: Turn, text: str, plan_id: int, field: str) -> Screen:
    """Keep turns, classes or money and go on to the next."""
    plan = await plans.find(turn.tx, plan_id)
    draft = _draft(turn, plan)
    if field not in FIGURES:
        raise Stale
    reads = {"turns": plan_fields.turns_of, "classes": plan_fields.classes_of, "money": plan_fields.money_of}
    draft[field] = reads[field](text)
    return await _next(turn, plan, field)


@choice("plan_skip", who=Role.HR_ALL, reach="plan")
async def skipped(turn: Turn, plan_id: int, field: str) -> Screen:
    """Leave a figure untold and go on to the next."""
    plan = await plans.find(turn.tx, plan_id)
    _draft(turn, plan).pop(field, None)
    return await _next(turn, plan, field)


async def _next(turn: Turn, plan: Plan, field: str) -> Screen:
    """Ask for the figure after this one; after the last, add the line and show the plan with it."""
    draft = _draft(turn, plan)
    if field == "turns":
        return _figure(turn, plan, "classes")
    if not draft.get("turns") and not draft.get("classes"):
        raise Refused("plans/no_figure")
    if field == "classes":
        return _figure(turn, plan, "money")
    if not {"level", "year"} <= draft.keys():
        raise Stale
    figures = {"turns": draft.get("turns", 0), "classes": draft.get("classes", 0), "money": draft.get("money")}
    target = Target(draft["category"], draft["level"], draft["year"], **figures)
    line_id = await plan_changes.add_line(turn.tx, plan.id, target, turn.person.person_id, turn.now)
    turn.dialogue.forget()
    return await cards.shown_card(turn, plan, line_id=line_id)


@choice("plan_line", who=Role.HR_ALL, reach="line")
async def card(turn: Turn, line_id: int) -> Screen:
    """Show a line, planned against actual, with what can be changed of it."""
    turn.dialogue.forget()
    return await _card(turn, *await plans.line(turn.tx, line_id))


async def _card(turn: Turn, plan: Plan, line: Line) -> Screen:
    done = await cards.done_of(turn, plan)
    screen = Screen("plans/line", plan=plan, target=line.target, actual=done.of([line.target]))
    fields = [field for field in FIELDS if field != "year" or plan.facts.first_year < plan.facts.last_year]
    for place, field in enumerate(fields):
        screen.button(field, "plan_ask", line.id, field, beside=place % 2 == 1)
    screen.button("drop", "plan_cut", line.id, 0, tone="stop")
    return screen.button("back", "plan", plan.id).button("home", "home", beside=True)


@choice("plan_ask", who=Role.HR_ALL, reach="line")
async def ask(turn: Turn, line_id: int, field: str) -> Screen:
    """Ask for another value of one field."""
    if field not in FIELDS:
        raise Stale
    plan, line = await plans.line(turn.tx, line_id)
    turn.ask("plan_put", line_id, field, line.version)
    about = {"page": None} if field == "year" else {"category": line.target.category} if field == "level" else {}
    screen = Screen(f"plans/ask_{field}", plan=plan, old=line.target, **about)
    if field in FIGURES:
        screen.button("blank", "plan_blank", line_id, field, line.version)
    return screen.button("leave", "plan_line", line_id, beside=field in FIGURES)


@choice("plan_blank", who=Role.HR_ALL, reach="line")
async def blank(turn: Turn, line_id: int, field: str, version: int) -> Screen:
    """Take a figure away."""
    if field not in FIGURES:
        raise Stale
    return await told(turn, "", line_id, field, version)


@answer("plan_put", who=Role.HR_ALL, reach="line")
async def told(turn: Turn, text: str, line_id: int, field: str, version: int) -> Screen:
    """Change one field, unless a colleague has changed the line since it was asked."""
    plan, line = await plans.line(turn.tx, line_id)
    target = _with(line.target, plan, field, text)
    if line.version != version:
        screen = Screen("plans/meanwhile", plan=plan, target=line.target)
        return screen.button("again", "plan_ask", line_id, field).button("leave", "plan_line", line_id, beside=True)
    changed = await plan_changes.change_line(turn.tx, line_id, target, turn.person.person_id, turn.now)
    return await _card(turn, plan, changed)


def _with(target: Target, plan: Plan, field: str, text: str) -> Target:
    """Give the line with one field as it is typed, '' for none. Raises Refused, Stale for an unknown field."""
    match field:
        case "turns":
            return replace(target, turns=plan_fields.turns_of(text) if text else 0)
        case "classes":
            return replace(target, classes=plan_fields.classes_of(text) if text else 0)
        case "money":
            return replace(target, money=plan_fields.money_of(text) if text else None)
        case "level":
            return replace(target, level=plan_fields.level_of(text))
        case "year":
            return replace(target, year=plan_fields.year_of(text, plan.facts.first_year, plan.facts.last_year))
    raise Stale


@choice("plan_cut", who=Role.HR_ALL, reach="line")
async def drop(turn: Turn, line_id: int, sure: int = 0) -> Screen:
    """Remove a line, after asking once."""
    plan, line = await plans.line(turn.tx, line_id)
    if not sure:
        screen = Screen("plans/sure_line", plan=plan, target=line.target)
        screen.button("sure", "plan_cut", line_id, 1, tone="stop")
        return screen.button("leave", "plan_line", line_id, beside=True)
    await plan_changes.remove_line(turn.tx, line_id, turn.person.person_id, turn.now)
    return await cards.shown_card(turn, plan)
