"""What people are told of a changed schedule, their answer to it, and the history they may read. Rules: training."""

from bot.chat.pages import page_of
from bot.chat.router import choice, notice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Stale
from bot.training import (
    calendar,
    change_answers,
    change_declines,
    change_notices,
    courses,
    places,
    schedule_changes,
    schedule_history,
    sessions,
    signing_up,
)
from bot.training.change_answers import Question
from handlers.desk_answers import HISTORY_SIZE


@notice("schedule_change")
async def told(turn: Turn, change_id: int) -> Screen | None:
    """Tell old and new side by side, and ask seat holders; None when nothing differs from what the person knows."""
    return await _news(turn, change_id, "schedule_changes/told")


@notice("change_reminder")
async def reminder(turn: Turn, change_id: int) -> Screen | None:
    """Remind whoever has not answered, while an answer still counts."""
    asked = await change_answers.questions(turn.tx, turn.person.person_id, turn.now)
    question = next((one for one in asked if one.change_id == change_id), None)
    if question is None or question.answer_by is None or question.answer_by <= turn.now:
        return None
    return await _news(turn, change_id, "schedule_changes/reminder")


@choice("change", who=Role.OFFICIAL)
async def card(turn: Turn, change_id: int) -> Screen:
    """Show a change again, with its question if it still stands."""
    screen = await _news(turn, change_id, "schedule_changes/told")
    if screen is None:
        raise Stale
    return screen


async def _news(turn: Turn, change_id: int, template: str) -> Screen | None:
    person_id = turn.person.person_id
    change = await schedule_history.find(turn.tx, change_id)
    course = await courses.find(turn.tx, change.course_id)
    since = await change_notices.since(turn.tx, change_id, person_id)
    standing = await signing_up.standing(turn.tx, person_id, course, turn.now)
    if since is None or course.cancelled or not standing.active:
        return None
    lines = await schedule_history.net(turn.tx, course.id, since, turn.now)
    if not lines:
        return None
    asked = await change_answers.questions(turn.tx, person_id, turn.now, course.id)
    question = next((one for one in asked if one.change_id >= since), None)
    clash = await sessions.clash(turn.tx, person_id, course.id, turn.now)
    off = [one.id for one in (await schedule_changes.schedule_of(turn.tx, course)).off]
    screen = Screen(template, course=course, change=change, lines=lines, put_off=off, question=question, clash=clash)
    _answers(screen, question)
    return screen.button("card", "course", course.id).button("mine", "mine", beside=True)


def _answers(screen: Screen, question: Question | None) -> None:
    """Add the two answers, if one is awaited."""
    if question is not None:
        screen.button("coming", "change_yes", question.change_id, tone="go")
        screen.button("not_coming", "change_no", question.change_id, tone="stop")


@choice("change_yes", who=Role.OFFICIAL)
async def coming(turn: Turn, change_id: int) -> Screen:
    """Take "Tôi còn đi được"."""
    return await _answered(turn, change_id, coming=True)


@choice("change_no", who=Role.OFFICIAL)
async def not_coming(turn: Turn, change_id: int) -> Screen:
    """Ask once before "Tôi không đi được" costs a seat; where it costs none, take it."""
    days = await calendar.load(turn.tx, turn.zone)
    course = await change_answers.seat_at_stake(turn.tx, turn.person.person_id, change_id, turn.now, days)
    if course is None:
        return await _answered(turn, change_id, coming=False)
    waiting = (await places.of_course(turn.tx, course.id, turn.now)).waiting
    closed = course.state != "open" or turn.now > course.deadline
    screen = Screen("schedule_changes/sure", course=course, waiting=waiting, closed=closed)
    screen.button("give_up", "change_off", change_id, tone="stop")
    return screen.button("keep", "change", change_id, beside=True)


@choice("change_off", who=Role.OFFICIAL)
async def given_up(turn: Turn, change_id: int) -> Screen:
    """Take "Bỏ chỗ": the seat is free at once."""
    return await _answered(turn, change_id, coming=False)


@notice(change_declines.KIND)
async def declined(turn: Turn, course_id: int) -> Screen | None:
    """Tell a clerk who cannot come after a change; None when everybody under their rights is back on the course."""
    course = await courses.find(turn.tx, course_id)
    gone = await change_declines.of_course(turn.tx, course_id, turn.person.person_id)
    if course.cancelled or not gone:
        return None
    count = await places.of_course(turn.tx, course_id, turn.now)
    screen = Screen(
        "schedule_changes/declined", course=course, gone=gone, places=count, begun=course.starts_at <= turn.now
    )
    return screen.button("answers", "desk_answers", course_id).button("course", "desk_course", course_id, beside=True)


async def _answered(turn: Turn, change_id: int, *, coming: bool) -> Screen:
    """Say what holds after the answer; a newer question takes the place of an old one."""
    person_id = turn.person.person_id
    days = await calendar.load(turn.tx, turn.zone)
    answered = await change_answers.answer(turn.tx, person_id, change_id, turn.now, days, coming=coming)
    course = answered.course
    held = [one for one in await sessions.of_course(turn.tx, course.id) if one.ends_at > turn.now]
    asked = await change_answers.questions(turn.tx, person_id, turn.now, course.id)
    question = asked[0] if asked and answered.state == change_answers.CHANGED else None
    screen = Screen("schedule_changes/answered", answered=answered, sessions=held, question=question)
    _answers(screen, question)
    if answered.state in (change_answers.NO, change_answers.GONE, change_answers.FREED, change_answers.CANCELLED):
        screen.button("courses", "courses")
    return screen.button("card", "course", course.id).button("mine", "mine", beside=True)


@choice("changes", who=Role.OFFICIAL)
async def history(turn: Turn, course_id: int, page: int = 0) -> Screen:
    """Show every change of a course, the newest first."""
    course = await courses.find(turn.tx, course_id)
    shown = page_of(await schedule_history.of_course(turn.tx, course_id), page, HISTORY_SIZE)
    screen = Screen("schedule_changes/history", course=course, page=shown, who=False)
    return shown.buttons(screen, "changes", course_id).button("back", "course", course_id)
