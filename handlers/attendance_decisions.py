"""What about attendance waits for a yes or no: contradictions, reasons for absence, people without a seat."""

from bot.chat.pages import page_of
from bot.chat.router import choice, notice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import NotAllowed
from bot.training import absences, attendance_decisions, attendance_walk_ins, audit, calendar, courses, rights, sessions
from bot.training import people as staff
from bot.training.attendance_decisions import Decision
from bot.training.courses import Course
from bot.training.sessions import Session
from handlers.attendance import RUNS, run


async def _may(turn: Turn, course: Course, decision: Decision) -> bool:
    """Tell whether the speaker decides on this: a walk-in whoever runs the class, all else HR of the course."""
    try:
        await rights.check_runs_course(turn.tx, turn.person, course)
        if decision.kind != "walk_in":
            await rights.check_course(turn.tx, turn.person.person_id, course)
    except NotAllowed:
        return False
    return decision.person_id != turn.person.person_id


@choice("att_dec", who=RUNS, reach="course")
async def waiting(turn: Turn, course_id: int, page: int = 0) -> Screen:
    """Show a page of what waits on a course."""
    course = await courses.find(turn.tx, course_id)
    await rights.check_runs_course(turn.tx, turn.person, course)
    everything = await attendance_decisions.waiting(turn.tx, course_id)
    shown = page_of([one for one in everything if await _may(turn, course, one)], page)
    await audit.record(turn.tx, turn.person.person_id, "attendance.decisions_list", course.subject, turn.now)
    left = len(everything) - shown.total
    screen = Screen("attendance/waiting", course=course, page=shown, left=left)
    for one in shown.items:
        screen.button("item", "att_d", one.session_id, one.id, one=one)
    return shown.buttons(screen, "att_dec", course_id).button("back", "att", course_id)


async def _held(turn: Turn, session_id: int, decision_id: int) -> tuple[Decision, Session, Course]:
    """Give a question about a session to whoever decides on it. Raises Stale, NotAllowed."""
    session, course = await run(turn, session_id)
    decision = await attendance_decisions.find(turn.tx, decision_id)
    if decision.session_id != session_id or not await _may(turn, course, decision):
        raise NotAllowed(f"attendance:{decision_id}")
    return decision, session, course


@choice("att_d", who=RUNS, reach="session")
async def card(turn: Turn, session_id: int, decision_id: int) -> Screen:
    """Show one question with both values, by whom and when each was told."""
    decision, session, course = await _held(turn, session_id, decision_id)
    there = await attendance_decisions.recorded(turn.tx, decision)
    by = None if decision.by is None else (await staff.find(turn.tx, decision.by)).name
    there_by = None if there is None or there.by is None else (await staff.find(turn.tx, there.by)).name
    screen = Screen(
        f"attendance/{decision.kind}",
        decision=decision,
        course=course,
        session=session,
        there=there,
        by=by,
        there_by=there_by,
    )
    if decision.open:
        screen.button("take", "att_d_set", session_id, decision_id, 1)
        screen.button("keep", "att_d_set", session_id, decision_id, 0, beside=True)
    return screen.button("list", "att_dec", course.id)


@choice("att_d_set", who=RUNS, reach="session")
async def decide(turn: Turn, session_id: int, decision_id: int, accepted: int) -> Screen:
    """Settle one question; a second tap, or a colleague's, changes nothing."""
    before, session, course = await _held(turn, session_id, decision_id)
    days = await calendar.load(turn.tx, turn.zone)
    by, let_in = turn.person.person_id, attendance_walk_ins.let_in
    decision = await attendance_decisions.decide(turn.tx, decision_id, bool(accepted), by, let_in, turn.now)
    if before.open and decision.kind != "conflict":
        await absences.tell_decided(turn.tx, decision_id, session, decision.person_id, days, turn.now)
    return await waiting(turn, course.id)


@notice("attendance_to_decide")
async def to_decide(turn: Turn, course_id: int) -> Screen | None:
    """Tell a clerk that something waits for their decision, while it does and their rights reach it."""
    course = await courses.find(turn.tx, course_id)
    if not turn.has(Role.HR) or not await rights.covers(turn.tx, turn.person.person_id, course.owner_unit_id):
        return None
    everything = await attendance_decisions.waiting(turn.tx, course_id)
    own = [one for one in everything if await _may(turn, course, one)]
    if not own:
        return None
    excuses = sum(one.kind == "excuse" for one in own)
    screen = Screen("attendance/to_decide", course=course, count=len(own), excuses=excuses)
    return screen.button("list", "att_dec", course_id).button("home", "home", beside=True)


@notice("attendance_decided")
async def decided(turn: Turn, decision_id: int) -> Screen | None:
    """Tell a person what became of their reason, or of their coming without a seat."""
    decision = await attendance_decisions.find(turn.tx, decision_id)
    if decision.open:
        return None
    session = await sessions.find(turn.tx, decision.session_id)
    course = await courses.find(turn.tx, session.course_id)
    screen = Screen("attend/decided", decision=decision, session=session, course=course)
    return screen.button("own", "att_me").button("home", "home", beside=True)
