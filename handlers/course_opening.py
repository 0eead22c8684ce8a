"""Opening a draft, copying a past course, the opening checklist. The rules are in bot.training."""

from bot.chat.router import answer, choice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.excel.cells import CellError
from bot.training import calendar, course_checks, course_drafts, course_opening, course_reach, typed_days
from handlers import class_console, course_questions
from handlers import course_drafts as form


@choice("cd_open", who=Role.HR, reach="draft")
async def review(turn: Turn, draft_id: int) -> Screen:
    """Show what opening means, with the checklist; what must be mended first is named."""
    by = turn.person.person_id
    draft = await course_drafts.find(turn.tx, draft_id, by)
    days = await calendar.load(turn.tx, turn.zone)
    found = await course_opening.review(turn.tx, draft, by, turn.now, days)
    screen = Screen(
        "course_form/open",
        review=found,
        items=course_checks.ITEMS,
        faults=[course_questions.remark(turn, fault.key, fault) for fault in found.faults[: form.MOST_REMARKS]],
        warnings=form.warnings(turn, found),
    )
    if not found.faults:
        screen.button("open", "cd_publish", draft_id, tone="go")
    return screen.button("card", "cd", draft_id, beside=not found.faults)


@choice("cd_publish", who=Role.HR, reach="draft")
async def publish(turn: Turn, draft_id: int) -> Screen:
    """Open the course for sign-up."""
    days = await calendar.load(turn.tx, turn.zone)
    course_id = await course_opening.publish(turn.tx, draft_id, turn.person.person_id, turn.now, days)
    return await class_console.show(turn, course_id, "opened")


@choice("cd_copy", who=Role.HR, reach="course")
async def ask_first_day(turn: Turn, course_id: int) -> Screen:
    """Ask when the copy is to begin."""
    course = await course_reach.to_read(turn.tx, turn.person.person_id, course_id)
    return _first_day(turn, course_id, course.title, "")


def _first_day(turn: Turn, course_id: int, title: str, remark: str) -> Screen:
    turn.ask("cd_copy_day", course_id)
    return Screen("course_form/copy", title=title, remark=remark).button("back", "ce", course_id)


@answer("cd_copy_day", who=Role.HR, reach="course")
async def copy(turn: Turn, text: str, course_id: int) -> Screen:
    """Make the copy, a draft, and show it."""
    by = turn.person.person_id
    course = await course_reach.to_read(turn.tx, by, course_id)
    days = await calendar.load(turn.tx, turn.zone)
    try:
        first = typed_days.day(text, days.local(turn.now).date())
    except CellError as error:
        return _first_day(turn, course_id, course.title, course_questions.remark(turn, "day", error))
    if first is None or first < days.local(turn.now).date():
        return await ask_first_day(turn, course_id)
    copied = await course_opening.copy(turn.tx, course_id, first, by, turn.now, days)
    return await form.show(turn, copied.draft, copied=copied)


@choice("cc", who=Role.HR, reach="course")
async def checklist(turn: Turn, course_id: int) -> Screen:
    """Show the opening checklist of a course."""
    by = turn.person.person_id
    course = await course_reach.to_read(turn.tx, by, course_id)
    done = await course_checks.done(turn.tx, course_id)
    screen = Screen("course_form/checks", course=course, items=course_checks.ITEMS, done=done)
    if await course_reach.may_change(turn.tx, by, course):
        for item in course_checks.ITEMS:
            screen.button("untick" if item in done else "tick", "cc_tick", course_id, item, item=item)
    return screen.button("back", "ce", course_id)


@choice("cc_tick", who=Role.HR, reach="course")
async def tick(turn: Turn, course_id: int, item: str) -> Screen:
    """Tick one item off, or take the tick away."""
    by = turn.person.person_id
    await course_reach.to_change(turn.tx, by, course_id)
    await course_checks.tick(turn.tx, course_id, [item], by, turn.now)
    return await checklist(turn, course_id)
