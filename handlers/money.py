"""Money of a course: budget by source, support of a learner or of the whole class. The rules are in bot.training."""

from collections import defaultdict
from datetime import date

from bot.chat.pages import page_of
from bot.chat.router import answer, choice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Stale
from bot.excel.cells import CellValue
from bot.excel.writer import Sheet, write_workbook
from bot.training import audit, budgets, calendar, class_support, courses, money, results, rights
from bot.training.courses import Course
from bot.training.money import Support

_SHEET = "money/sheet"
_HEADINGS = ("class", "code", "name", "item", "payer", "planned", "approved", "paid", "paid_on")
_BUDGET = ("payer", "budgeted", "approved", "paid", "spent", "left")
ALL = 0  # in place of a person: the whole class


@choice("money_mine", who=Role.OFFICIAL, reach="own")
async def mine(turn: Turn, course_id: int = 0, page: int = 0) -> Screen:
    """Show a person what they are supported with, on one course or on all."""
    found = await money.of_person(turn.tx, turn.person.person_id, course_id or None)
    shown = page_of(found, page)
    screen = shown.buttons(Screen("money/mine", page=shown), "money_mine", course_id)
    if course_id:
        return screen.button("back", "course", course_id).button("home", "home", beside=True)
    return screen.button("back", "hours").button("home", "home", beside=True)


async def _edited(turn: Turn, course_id: int) -> Course:
    """Give a course whose money the speaker may change. Raises NotAllowed."""
    course = await courses.find(turn.tx, course_id)
    await rights.check_course(turn.tx, turn.person.person_id, course)
    return course


async def _support(turn: Turn, course: Course) -> tuple[list[Support], bool]:
    """Give the support of a course as far as the speaker sees it, and whether they may change it."""
    me = turn.person.person_id
    await rights.check_sees_course(turn.tx, me, course)
    whole = await rights.covers(turn.tx, me, course.owner_unit_id)
    return await money.of_course(turn.tx, course.id, None if whole else me), whole


@choice("money", who=Role.HR, reach="course")
async def card(turn: Turn, course_id: int) -> Screen:
    """Show the budget of a course by source, with what was spent of it."""
    course = await courses.find(turn.tx, course_id)
    support, whole = await _support(turn, course)
    await audit.record(turn.tx, turn.person.person_id, "money.read", course.subject, turn.now)
    screen = Screen("money/card", course=course, lines=await budgets.of_course(turn.tx, course_id), support=support)
    if whole:
        screen.button("budget", "money_sources", course_id)
    if whole and set(await money.learners(turn.tx, course_id)) - {turn.person.person_id}:
        screen.button("all", "money_items", course_id, ALL, beside=True)
    screen.button("learners", "money_class", course_id)
    if support:
        screen.button("sheet", "money_sheet", course_id, beside=True)
    return screen.button("back", "desk_course", course_id)


@choice("money_sources", who=Role.HR, reach="course")
async def sources(turn: Turn, course_id: int) -> Screen:
    """Offer the sources of the budget."""
    course = await _edited(turn, course_id)
    screen = Screen("money/sources", course=course, lines=await budgets.of_course(turn.tx, course_id))
    for source in money.SOURCES:
        screen.button("planned", "money_source", course_id, source, "planned", source=source)
        screen.button("spent", "money_source", course_id, source, "spent", beside=True, source=source)
    return screen.button("back", "money", course_id)


@choice("money_source", who=Role.HR, reach="course")
async def ask_source(turn: Turn, course_id: int, source: str, column: str) -> Screen:
    """Ask for an amount of the budget."""
    course = await _edited(turn, course_id)
    if source not in money.SOURCES or column not in ("planned", "spent"):
        raise Stale
    turn.ask("money_source", course_id, source, column)
    screen = Screen("money/ask_source", course=course, source=source, column=column)
    return screen.button("back", "money_sources", course_id)


@answer("money_source", who=Role.HR, reach="course")
async def source_typed(turn: Turn, text: str, course_id: int, source: str, column: str) -> Screen:
    """Keep an amount of the budget and say it back."""
    course, amount = await _edited(turn, course_id), money.amount_of(text)
    what: budgets.Column = "spent" if column == "spent" else "planned"
    await budgets.put(turn.tx, course, source, what, amount, turn.person.person_id, turn.now)
    screen = await _told(turn, course, class_support.Done(1, 0, amount, (source,)), what)
    return screen.button("more_sources", "money_sources", course_id).button("back", "money", course_id, beside=True)


@choice("money_class", who=Role.HR, reach="course")
async def of_class(turn: Turn, course_id: int, page: int = 0) -> Screen:
    """List the learners with what they are supported with."""
    course, me = await courses.find(turn.tx, course_id), turn.person.person_id
    support, whole = await _support(turn, course)
    await audit.record(turn.tx, me, "money.list", course.subject, turn.now)
    of_one: dict[int, list[Support]] = defaultdict(list)
    for one in support:
        of_one[one.person_id].append(one)
    shown = page_of(await results.lines(turn.tx, course, None if whole else me), page)
    screen = Screen("money/class", course=course, page=shown, of_one=of_one)
    if whole:
        for line in shown.items:
            screen.button("item", "money_items", course_id, line.person_id, line=line)
    return shown.buttons(screen, "money_class", course_id).button("back", "money", course_id)


async def _whose(
    turn: Turn, course_id: int, person_id: int, item: str | None = None
) -> tuple[Course, str, dict[str, list[Support]]]:
    """Give a course, a learner's name ('' for the whole class) and their support by item.

    Raises NotAllowed; Stale for somebody not on the class, and for an `item` that there is not.
    """
    course, me = await _edited(turn, course_id), turn.person.person_id
    name = "" if person_id == ALL else (await results.line_of(turn.tx, course, person_id, me)).name
    if item is not None:
        money.check_item(item)
    by_item: dict[str, list[Support]] = defaultdict(list)
    for one in await money.of_course(turn.tx, course_id):
        if person_id in (ALL, one.person_id):
            by_item[one.item].append(one)
    return course, name, by_item


@choice("money_items", who=Role.HR, reach="course person")
async def items(turn: Turn, course_id: int, person_id: int) -> Screen:
    """Show the items of a learner, or of the whole class."""
    course, name, by_item = await _whose(turn, course_id, person_id)
    screen = Screen("money/items", course=course, name=name, by_item=by_item)
    for place, item in enumerate(money.ITEMS):
        screen.button("item", "money_item", course_id, person_id, item, beside=place % 2 == 1, item=item)
    return screen.button("back", "money" if person_id == ALL else "money_class", course_id)


@choice("money_item", who=Role.HR, reach="course person")
async def item_card(turn: Turn, course_id: int, person_id: int, item: str) -> Screen:
    """Show one item with the next step: plan, approve, pay."""
    course, name, by_item = await _whose(turn, course_id, person_id, item)
    found, me = by_item.get(item, []), turn.person.person_id
    screen = Screen("money/item", course=course, name=name, item=item, found=found, own=person_id == me)
    stages = {one.stage for one in found if one.person_id != me}  # nobody moves their own on
    if await _open_for(turn, course, person_id, item):
        screen.button("plan", "money_payer", course_id, person_id, item)
    if "planned" in stages:
        screen.button("approve", "money_next", course_id, person_id, item, "approved", tone="go")
    if "approved" in stages:
        screen.button("pay", "money_next", course_id, person_id, item, "paid", tone="go")
    if person_id != ALL and stages & {"planned", "approved"}:
        stage = "approved" if "planned" in stages else "paid"
        screen.button(f"other_{stage}", "money_other", course_id, person_id, item, stage, beside=True)
    return screen.button("back", "money_items", course_id, person_id)


async def _open_for(turn: Turn, course: Course, person_id: int, item: str) -> list[int]:
    """Give for whom an item may be planned: the learner, or those of the class for whom it is open."""
    found = await class_support.open_for(turn.tx, course, item, turn.person.person_id)
    return [one for one in found if person_id in (ALL, one)]


@choice("money_payer", who=Role.HR, reach="course person")
async def ask_payer(turn: Turn, course_id: int, person_id: int, item: str) -> Screen:
    """Ask from what source it is paid, unless there is nobody left to plan it for."""
    course, name, _ = await _whose(turn, course_id, person_id, item)
    count = len(await _open_for(turn, course, person_id, item))
    if not count:
        return await item_card(turn, course_id, person_id, item)
    screen = Screen("money/payer", course=course, name=name, item=item, count=count)
    for place, source in enumerate(money.SOURCES):
        screen.button("source", "money_plan", course_id, person_id, item, source, beside=place % 2 == 1, source=source)
    return screen.button("back", "money_item", course_id, person_id, item)


@choice("money_plan", who=Role.HR, reach="course person")
async def ask_amount(turn: Turn, course_id: int, person_id: int, item: str, payer: str) -> Screen:
    """Ask for the planned amount."""
    course, name, _ = await _whose(turn, course_id, person_id, item)
    money.check_payer(payer)
    turn.ask("money_plan", course_id, person_id, item, payer)
    screen = Screen("money/ask_amount", course=course, name=name, item=item, stage="planned")
    return screen.button("back", "money_item", course_id, person_id, item)


@answer("money_plan", who=Role.HR, reach="course person")
async def amount_typed(turn: Turn, text: str, course_id: int, person_id: int, item: str, payer: str) -> Screen:
    """Plan the typed amount and say it back."""
    course, name, _ = await _whose(turn, course_id, person_id, item)
    money.check_payer(payer)
    amount, me = money.amount_of(text), turn.person.person_id
    whom = None if person_id == ALL else person_id
    done = await class_support.plan(turn.tx, course, whom, item, payer, amount, me, turn.now)
    return await _kept(turn, course, person_id, name, item, "planned", done)


@choice("money_other", who=Role.HR, reach="course person")
async def ask_other(turn: Turn, course_id: int, person_id: int, item: str, stage: str) -> Screen:
    """Ask for an amount other than that of the step before."""
    course, name, _ = await _whose(turn, course_id, person_id, item)
    money.check_step(stage)
    turn.ask("money_other", course_id, person_id, item, stage)
    screen = Screen("money/ask_amount", course=course, name=name, item=item, stage=stage)
    return screen.button("back", "money_item", course_id, person_id, item)


@answer("money_other", who=Role.HR, reach="course person")
async def other_typed(turn: Turn, text: str, course_id: int, person_id: int, item: str, stage: str) -> Screen:
    """Approve or pay the typed amount and say it back."""
    course, name, by_item = await _whose(turn, course_id, person_id, item)
    money.check_step(stage)
    amount, me = money.amount_of(text), turn.person.person_id
    if stage == "approved":
        await money.approve(turn.tx, course, person_id, item, amount, me, turn.now)
    else:
        today = calendar.Calendar(turn.zone).day(turn.now)
        await money.pay(turn.tx, course, person_id, item, amount, today, me, turn.now)
    payers = tuple(one.payer for one in by_item[item])
    return await _kept(turn, course, person_id, name, item, stage, class_support.Done(1, 0, amount, payers))


@choice("money_next", who=Role.HR, reach="course person")
async def next_stage(turn: Turn, course_id: int, person_id: int, item: str, stage: str) -> Screen:
    """Approve what is planned, or note as paid today what is approved, amount by amount."""
    course, name, _ = await _whose(turn, course_id, person_id, item)
    me = turn.person.person_id
    money.check_step(stage)
    today = calendar.Calendar(turn.zone).day(turn.now)
    whom = None if person_id == ALL else person_id
    done = await class_support.advance(turn.tx, course, whom, item, stage, today, me, turn.now)
    return await _kept(turn, course, person_id, name, item, stage, done)


async def _kept(
    turn: Turn, course: Course, person_id: int, name: str, item: str, stage: str, done: class_support.Done
) -> Screen:
    """Say back what was kept of an item: the step, whose it is, from what source, and what goes beyond its plan."""
    found = [] if person_id == ALL else await money.of_person(turn.tx, person_id, course.id)
    over = sum(one.over for one in found if one.item == item)
    screen = await _told(turn, course, done, stage, item=item, name=name, over=over)
    screen.button("item", "money_item", course.id, person_id, item)
    return screen.button("back", "money", course.id, beside=True)


async def _told(
    turn: Turn, course: Course, done: class_support.Done, step: str, *, item: str = "", name: str = "", over: int = 0
) -> Screen:
    """Say back an amount; `overspent` are its sources of which more is spent than planned (not by an approval)."""
    lines = await budgets.of_course(turn.tx, course.id)
    spends = step in ("paid", "spent") or not item
    overspent = [line for line in lines if spends and line.source in done.payers and line.left < 0]
    return Screen(
        "money/kept", course=course, done=done, step=step, item=item, name=name, over=over, overspent=overspent
    )


@choice("money_sheet", who=Role.HR, reach="course")
async def sheet(turn: Turn, course_id: int) -> Screen:
    """Send the money of a course as a workbook: support can be changed there and sent back."""
    course = await courses.find(turn.tx, course_id)
    support, _ = await _support(turn, course)
    await audit.record(turn.tx, turn.person.person_id, "money.export", course.subject, turn.now)
    rows: list[list[CellValue]] = [
        [course.code, one.code, one.name, turn.words(_SHEET, f"item_{one.item}"),
         turn.words(_SHEET, f"source_{one.payer}"), one.planned, one.approved, one.paid,
         date.fromisoformat(one.paid_on) if one.paid_on else None]
        for one in support
    ]  # fmt: skip
    lines: list[list[CellValue]] = [
        [turn.words(_SHEET, f"source_{line.source}"), line.planned, line.approved, line.paid, line.spent, line.left]
        for line in await budgets.of_course(turn.tx, course_id)
    ]
    sheets = [
        Sheet(turn.words(_SHEET, "title"), [turn.words(_SHEET, f"heading_{name}") for name in _HEADINGS], rows),
        Sheet(turn.words(_SHEET, "budget"), [turn.words(_SHEET, f"heading_{name}") for name in _BUDGET], lines),
    ]
    content = write_workbook(sheets, title=course.title, made_at=turn.now)
    screen = Screen(_SHEET, fresh=True, course=course).attach(turn.words(_SHEET, "filename", course=course), content)
    return screen.button("back", "money", course_id)
