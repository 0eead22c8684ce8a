"""Training plans as HR sees them: the list, a card with planned against actual, making one, removing it.

The rules are in training.plan_changes, what came of a plan in training.plan_actual.
"""

from bot.chat.pages import SIZE, page_of
from bot.chat.router import answer, choice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Stale
from bot.training import calendar, plan_actual, plan_changes, plan_fields, plans
from bot.training.plan_actual import Done
from bot.training.plans import Facts, Plan


@choice("plans", who=Role.HR, reach="list")
async def listed(turn: Turn, page: int = 0) -> Screen:
    """List the plans, the latest period first."""
    turn.dialogue.forget()
    shown = page_of(await plans.everyone(turn.tx), page)
    screen = Screen("plans/list", page=shown, edits=turn.has(Role.HR_ALL))
    for plan in shown.items:
        screen.button("item", "plan", plan.id, plan=plan)
    shown.buttons(screen, "plans")
    if turn.has(Role.HR_ALL):
        screen.button("new", "plan_new")
    return screen.button("back", "desk").button("home", "home", beside=True)


async def done_of(turn: Turn, plan: Plan) -> Done:
    """Give all training of a plan's years within the speaker's reach."""
    days = await calendar.load(turn.tx, turn.zone)
    first, last = plan.facts.first_year, plan.facts.last_year
    return await plan_actual.of_years(turn.tx, turn.person.person_id, first, last, days)


@choice("plan", who=Role.HR, reach="plan")
async def card(turn: Turn, plan_id: int, page: int = 0) -> Screen:
    """Show a plan: what each line promises, what came of it within the clerk's reach, the total."""
    turn.dialogue.forget()
    return await shown_card(turn, await plans.find(turn.tx, plan_id), page)


async def shown_card(turn: Turn, plan: Plan, page: int = 0, line_id: int = 0) -> Screen:
    """Show a plan with what the speaker may do, on the page of one line where one is named."""
    lines, done = await plans.lines(turn.tx, plan.id), await done_of(turn, plan)
    place = next((place for place, line in enumerate(lines) if line.id == line_id), page * SIZE)
    shown = page_of(lines, place // SIZE)
    targets = [line.target for line in lines]
    screen = Screen(
        "plans/card",
        plan=plan,
        page=shown,
        figures=[(line.target, done.of([line.target])) for line in shown.items],
        planned=plans.added_up(targets),
        total=done.total(targets),
        whole=turn.has(Role.HR_ALL),
    )
    return _ways_on(turn, screen, plan)


def _ways_on(turn: Turn, screen: Screen, plan: Plan) -> Screen:
    shown, edits = screen.values["page"], turn.has(Role.HR_ALL)
    if edits:
        for line in shown.items:
            screen.button("item", "plan_line", line.id, target=line.target)
    shown.buttons(screen, "plan", plan.id)
    if edits:
        screen.button("add", "plan_cats", plan.id, 0).button("edit", "plan_edit", plan.id, beside=True)
        screen.button("sheet", "plan_sheet", plan.id)
    screen.button("report", "plan_report", plan.id, beside=edits)
    if edits:
        screen.button("drop", "plan_drop", plan.id, 0, tone="stop")
    return screen.button("back", "plans").button("home", "home", beside=True)


@choice("plan_new", who=Role.HR_ALL, reach="none")
async def ask_number(turn: Turn) -> Screen:
    """Begin a plan with the number of its decision."""
    turn.dialogue.forget()
    turn.ask("plan_number")
    return Screen("plans/ask_number").button("leave", "plans")


@answer("plan_number", who=Role.HR_ALL, reach="none")
async def number_told(turn: Turn, text: str) -> Screen:
    """Keep the number in the draft and ask for the title."""
    turn.draft["plan_number"] = plan_fields.number_of(text)
    turn.ask("plan_title")
    return Screen("plans/ask_title", number=turn.draft["plan_number"]).button("leave", "plans")


@answer("plan_title", who=Role.HR_ALL, reach="none")
async def title_told(turn: Turn, text: str) -> Screen:
    """Keep the title in the draft and ask for the years."""
    turn.draft["plan_title"] = plan_fields.title_of(text)
    turn.ask("plan_years")
    return Screen("plans/ask_years", number=turn.draft.get("plan_number", "")).button("leave", "plans")


@answer("plan_years", who=Role.HR_ALL, reach="none")
async def years_told(turn: Turn, text: str) -> Screen:
    """Make the plan and show it, ready for its lines."""
    first, last = plan_fields.years_of(text)
    number, title = turn.draft.get("plan_number"), turn.draft.get("plan_title")
    if not number or not title:  # forgotten after a week
        raise Stale
    facts = Facts(str(number), str(title), first, last)
    plan_id = await plan_changes.create(turn.tx, facts, turn.person.person_id, turn.now)
    turn.dialogue.forget()
    return await shown_card(turn, await plans.find(turn.tx, plan_id))


@choice("plan_drop", who=Role.HR_ALL, reach="plan")
async def drop(turn: Turn, plan_id: int, sure: int = 0) -> Screen:
    """Remove a plan, after asking once."""
    plan = await plans.find(turn.tx, plan_id)
    if not sure:
        screen = Screen("plans/sure", plan=plan, lines=len(await plans.lines(turn.tx, plan_id)))
        return screen.button("sure", "plan_drop", plan_id, 1, tone="stop").button("leave", "plan", plan_id, beside=True)
    await plan_changes.remove(turn.tx, plan_id, turn.person.person_id, turn.now)
    return await listed(turn)
