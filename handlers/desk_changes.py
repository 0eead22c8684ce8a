"""HR changes a schedule: which session, what, the new value, why, a look at what it does, then it is done.

The rules are in training.schedule_wishes and training.schedule_changes; cancelling a course is in desk_courses.
"""

from dataclasses import replace

from bot.chat.pages import page_of
from bot.chat.router import answer, choice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Stale
from bot.training import calendar, courses, rights, schedule_changes, sessions
from bot.training.courses import Course
from bot.training.schedule_changes import WAITS, Preview
from bot.training.schedule_wishes import LONGEST_REASON, WITH_VALUE, Wish, check_alive, kinds_for
from handlers import course_questions

_DRAFT = "desk_change"


async def _course(turn: Turn, course_id: int) -> Course:
    """Read a course that this clerk may change. Raises NotAllowed."""
    course = await courses.find(turn.tx, course_id)
    await rights.check_course(turn.tx, turn.person.person_id, course)
    return course


@choice("desk_change", who=Role.HR, reach="course")
async def start(turn: Turn, course_id: int, page: int = 0) -> Screen:
    """Ask which session is to change, or the whole course; from here also to the answers and the history."""
    course = await _course(turn, course_id)
    turn.draft.pop(_DRAFT, None)
    coming = [one for one in await sessions.of_course(turn.tx, course_id) if one.starts_at > turn.now]
    shown = page_of(coming, page)
    screen = Screen("desk_changes/start", course=course, page=shown, over=turn.now >= course.ends_at)
    if not course.cancelled and turn.now < course.ends_at:
        for session in shown.items:
            screen.button("item", "desk_change_what", course_id, session.id, session=session)
        shown.buttons(screen, "desk_change", course_id)
        screen.button("whole", "desk_change_what", course_id, 0)
    screen.button("answers", "desk_answers", course_id).button("history", "desk_history", course_id, beside=True)
    return screen.button("back", "desk_course", course_id)


@choice("desk_change_what", who=Role.HR, reach="course")
async def what(turn: Turn, course_id: int, session_id: int) -> Screen:
    """Ask what is to change."""
    course = await _course(turn, course_id)
    check_alive(course, turn.now)
    session = await sessions.find(turn.tx, session_id) if session_id else None
    if session is not None and (session.course_id != course_id or session.cancelled):
        raise Stale
    screen = Screen("desk_changes/what", course=course, session=session)
    for kind in kinds_for(course, session_id):
        screen.button(kind, "desk_change_kind", course_id, session_id, kind)
    if not session_id:
        screen.button("cancel", "desk_cancel", course_id, tone="stop")
    return screen.button("back", "desk_change", course_id)


@choice("desk_change_kind", who=Role.HR, reach="course")
async def chosen(turn: Turn, course_id: int, session_id: int, kind: str) -> Screen:
    """Ask for the new value, or, where none is needed, for the reason."""
    course = await _course(turn, course_id)
    check_alive(course, turn.now)
    if kind not in kinds_for(course, session_id):
        raise Stale
    if kind not in WITH_VALUE:
        return await _ask_reason(turn, Wish(course_id, session_id, kind))
    turn.ask("desk_change_value", course_id, session_id, kind)
    session = await sessions.find(turn.tx, session_id) if session_id else None
    screen = Screen("desk_changes/value", course=course, session=session, kind=kind)
    return screen.button("back", "desk_change_what", course_id, session_id)


@answer("desk_change_value", who=Role.HR, reach="course")
async def value_told(turn: Turn, text: str, course_id: int, session_id: int, kind: str) -> Screen:
    """Take the new value; what cannot be is refused at once, and can be typed anew."""
    await _course(turn, course_id)
    return await _ask_reason(turn, Wish(course_id, session_id, kind, text))


async def _ask_reason(turn: Turn, wish: Wish) -> Screen:
    """Ask why; everybody on the course will read it."""
    found = await _preview(turn, wish)
    turn.draft[_DRAFT] = {"wish": wish.dump(), "seen": found.seen}
    turn.ask("desk_change_reason", wish.course_id)
    screen = Screen("desk_changes/why", preview=found)
    return screen.button("back", "desk_change_what", wish.course_id, wish.session_id)


@answer("desk_change_reason", who=Role.HR, reach="course")
async def reason_told(turn: Turn, text: str, course_id: int) -> Screen:
    """Take the reason and show what the change would do."""
    await _course(turn, course_id)
    wish = _wish(turn, course_id)
    if wish is None:
        raise Stale
    found = await _preview(turn, replace(wish, reason=text[:LONGEST_REASON]))
    return _shown(turn, found, moved=found.seen != turn.draft[_DRAFT]["seen"])


@choice("desk_change_wait", who=Role.HR, reach="course")
async def wait_chosen(turn: Turn, course_id: int, hours: int) -> Screen:
    """Set how long people have to answer before silence frees their seat; 0: it frees none."""
    await _course(turn, course_id)
    wish = _wish(turn, course_id)
    if wish is None or hours not in (0, *WAITS):
        return await start(turn, course_id)
    found = await _preview(turn, replace(wish, wait=hours))
    return _shown(turn, found, moved=found.seen != turn.draft[_DRAFT]["seen"])


@choice("desk_change_go", who=Role.HR, reach="course")
async def go(turn: Turn, course_id: int, sure: int) -> Screen:
    """Change the schedule as previewed; days off are asked about once more, another clerk's change is shown first."""
    await _course(turn, course_id)
    wish = _wish(turn, course_id)
    if wish is None or not wish.reason:  # an old button: done already, or another change was begun since
        return await start(turn, course_id)
    found = await _preview(turn, wish)
    if found.days_off and not sure:
        screen = Screen("desk_changes/sure", preview=found)
        return screen.button("confirm", "desk_change_go", course_id, 1).button("leave", "desk_change", course_id)
    days = await calendar.load(turn.tx, turn.zone)
    seen = turn.draft[_DRAFT]["seen"]
    done = await schedule_changes.apply(turn.tx, wish, seen, turn.person.person_id, turn.now, days)
    if done is None:
        return _shown(turn, found, moved=True)
    del turn.draft[_DRAFT]
    screen = Screen("desk_changes/done", done=done, preview=found, remarks=_remarks(turn, found))
    for at, fault in enumerate(found.remarks):
        screen.button("mend", "ce_ask", course_id, fault.key, beside=at > 0, key=fault.key)
    screen.button("answers", "desk_answers", course_id).button("course", "desk_course", course_id, beside=True)
    return screen.button("home", "home")


def _wish(turn: Turn, course_id: int) -> Wish | None:
    """Give what this chat is about to change on a course."""
    kept = turn.draft.get(_DRAFT)
    if not isinstance(kept, dict):
        return None
    wish = Wish.load(kept["wish"])
    return wish if wish.course_id == course_id else None


async def _preview(turn: Turn, wish: Wish) -> Preview:
    days = await calendar.load(turn.tx, turn.zone)
    return await schedule_changes.preview(turn.tx, wish, turn.now, days)


def _remarks(turn: Turn, found: Preview) -> list[str]:
    """Say which deadlines the new dates overtake."""
    return [course_questions.remark(turn, fault.key, fault) for fault in found.remarks]


def _shown(turn: Turn, found: Preview, *, moved: bool) -> Screen:
    """Show what a change would do; `moved` tells that somebody else has changed the schedule meanwhile."""
    turn.draft[_DRAFT] = {"wish": found.wish.dump(), "seen": found.seen}
    course_id = found.course.id
    settable = found.asks and not found.course.mandatory and found.course.starts_at > turn.now
    screen = Screen(
        "desk_changes/preview", preview=found, moved=moved, settable=settable, remarks=_remarks(turn, found)
    )
    screen.button("confirm", "desk_change_go", course_id, 0, tone="go").button(
        "leave", "desk_change", course_id, beside=True
    )
    if settable:
        for hours in WAITS:
            screen.button("wait", "desk_change_wait", course_id, hours, beside=hours != WAITS[0], hours=hours)
        screen.button("wait_none", "desk_change_wait", course_id, 0)
    return screen
