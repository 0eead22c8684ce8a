"""A training plan as a workbook, to be edited and sent back. What it holds and how it comes back: plan_import."""

from bot.chat.router import choice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.excel.cells import CellValue
from bot.excel.writer import Sheet, write_workbook
from bot.training import audit, plan_import, plans
from bot.training.plan_sheet import COLUMNS
from bot.training.plans import Plan, Target

_SHEET = "plans/sheet"


@choice("plan_sheet", who=Role.HR_ALL, reach="plan")
async def sheet(turn: Turn, plan_id: int) -> Screen:
    """Send a plan, one row a line; a plan without lines is a row of its own."""
    plan, me = await plans.find(turn.tx, plan_id), turn.person.person_id
    lines = await plans.lines(turn.tx, plan_id)
    mark = await plan_import.went_out(turn.tx, plan, lines, me, turn.now)
    await audit.noted(turn, "plan.export", plan.subject, new={"lines": len(lines)})
    title = turn.words(_SHEET, "title", plan=plan)
    notes = [title, turn.words(_SHEET, "note", mark=mark, made_at=turn.now)]
    rows = [_row(plan, line.target) for line in lines] or [_row(plan, None)]
    listed = Sheet(title, [column.names[0] for column in COLUMNS], rows, notes=notes)
    content = write_workbook([listed], title=title, made_at=turn.now)
    screen = Screen(_SHEET, fresh=True, plan=plan, lines=len(lines))
    screen.attach(turn.words(_SHEET, "filename", number=plan.facts.number.replace("/", "-")), content)
    return screen.button("back", "plan", plan_id).button("home", "home", beside=True)


def _row(plan: Plan, target: Target | None) -> list[CellValue]:
    facts = plan.facts
    told: list[CellValue] = [facts.number, facts.title, facts.first_year, facts.last_year]
    if target is None:
        return [*told, *[None] * 6]
    figures = [target.classes or None, target.turns or None, target.money]
    return [*told, target.category, target.level or None, target.year, *figures]
