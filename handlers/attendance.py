"""Attendance for whoever runs a class: its sessions, the roll of one, ticking people. Rules: training.attendance*."""

from bot.chat.pages import page_of
from bot.chat.router import answer, choice, command
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Stale
from bot.training import (
    attendance,
    attendance_board,
    attendance_codes,
    attendance_decisions,
    attendance_marks,
    attendance_roll,
    attendance_walk_ins,
    audit,
    courses,
    rights,
    sessions,
)
from bot.training.attendance_marks import Mark
from bot.training.courses import Course
from bot.training.sessions import Session

RUNS = (Role.HR, Role.SCHOOL, Role.TEACHER)
LONGEST_REASON = 200  # letters


async def run(turn: Turn, session_id: int) -> tuple[Session, Course]:
    """Give a session with its course to whoever runs it. Raises Stale, NotAllowed."""
    session = await sessions.find(turn.tx, session_id)
    course = await courses.find(turn.tx, session.course_id)
    await rights.check_runs_course(turn.tx, turn.person, course)
    return session, course


async def seen(turn: Turn, session_id: int) -> tuple[Session, Course, int | None]:
    """Give a session with its course, and the clerk whose own people alone may be shown (None: everybody)."""
    session = await sessions.find(turn.tx, session_id)
    course = await courses.find(turn.tx, session.course_id)
    return session, course, await attendance_roll.scope(turn.tx, turn.person, course)


@command("diemdanh", who=RUNS, reach="list")
async def diemdanh(turn: Turn, words: str) -> Screen:
    """Show the sessions that whoever asks runs."""
    return await mine(turn)


@choice("att_mine", who=RUNS, reach="list")
async def mine(turn: Turn, page: int = 0) -> Screen:
    """Show a page of the sessions that whoever asks runs, the next first."""
    shown = page_of(await attendance_roll.run_by(turn.tx, turn.person.person_id, turn.now), page)
    screen = Screen("attendance/mine", page=shown)
    for session, title in shown.items:
        screen.button("item", "att_s", session.id, session=session, title=title)
    shown.buttons(screen, "att_mine")
    if turn.has(Role.HR):
        screen.button("courses", "desk_courses")
    return screen.button("home", "home", beside=turn.has(Role.HR))


@choice("att", who=RUNS, reach="course")
async def of_course(turn: Turn, course_id: int, page: int = 0) -> Screen:
    """Show the sessions of a course with how many were there."""
    course = await courses.find(turn.tx, course_id)
    narrowed = await attendance_roll.scope(turn.tx, turn.person, course)
    shown = page_of(await sessions.of_course(turn.tx, course_id), page)
    tallies = await attendance.tallies(turn.tx, course_id, narrowed)
    seats = await attendance_roll.seats(turn.tx, course_id, narrowed)
    waiting = [] if narrowed else await attendance_decisions.waiting(turn.tx, course_id)
    screen = Screen("attendance/course", course=course, page=shown, tallies=tallies, seats=seats, waiting=len(waiting))
    for session in shown.items:
        screen.button("item", "att_s", session.id, session=session)
    shown.buttons(screen, "att", course_id)
    if waiting:
        screen.button("decide", "att_dec", course_id)
    if not narrowed:
        screen.button("print", "att_paper", course_id).button("file", "att_file", course_id, beside=True)
    screen.button("matrix", "att_matrix", course_id)
    if turn.has(Role.HR):
        return screen.button("card", "desk_course", course_id).button("home", "home", beside=True)
    return screen.button("mine", "att_mine").button("home", "home", beside=True)


@choice("att_s", who=RUNS, reach="session")
async def card(turn: Turn, session_id: int) -> Screen:
    """Show one session with what is recorded and what can be done."""
    session, course, narrowed = await seen(turn, session_id)
    await attendance_board.leave(turn.tx, session_id, turn.person.person_id, turn.tapped, turn.now)
    roll = await attendance_roll.of_session(turn.tx, session, narrowed)
    counts = attendance_roll.counted(roll)
    waiting = 0 if narrowed else len(await attendance_decisions.waiting(turn.tx, course.id))
    screen = Screen(
        "attendance/session", session=session, course=course, counts=counts, total=len(roll), waiting=waiting
    )
    if waiting:
        screen.button("decide", "att_dec", course.id)
    if narrowed is None:
        if attendance_codes.in_window(session, turn.now) and not session.cancelled and not course.cancelled:
            screen.button("show", "att_code", session_id, tone="go")
        screen.button("tick", "att_list", session_id).button("add", "att_add", session_id, beside=True)
        if counts[""]:
            screen.button("rest", "att_rest", session_id, 0)
        screen.button("print", "att_print", session_id, beside=counts[""] > 0)
    else:
        screen.button("list", "att_list", session_id)
    return screen.button("sessions", "att", course.id).button("home", "home", beside=True)


@choice("att_list", who=RUNS, reach="session")
async def roll(turn: Turn, session_id: int, page: int = 0) -> Screen:
    """Show a page of the roll, a button a person."""
    session, course, narrowed = await seen(turn, session_id)
    lines = await attendance_roll.of_session(turn.tx, session, narrowed)
    shown = page_of(lines, page)
    await audit.record(turn.tx, turn.person.person_id, "attendance.list", session.subject, turn.now)
    screen = Screen("attendance/roll", session=session, course=course, page=shown)
    if narrowed is None:
        for line in shown.items:
            screen.button("item", "att_p", session_id, line.person_id, line=line)
    return shown.buttons(screen, "att_list", session_id).button("back", "att_s", session_id)


@choice("att_p", who=RUNS, reach="session person")
async def person(turn: Turn, session_id: int, person_id: int) -> Screen:
    """Show what is recorded of one person, with a button for each state."""
    session, course = await run(turn, session_id)
    line = await attendance_roll.line(turn.tx, session, person_id, turn.person.person_id)
    waits = await attendance_decisions.conflict_of(turn.tx, session_id, person_id)
    screen = Screen("attendance/person", session=session, course=course, line=line, waits=waits is not None)
    for at, state in enumerate(attendance_marks.STATES):
        screen.button(state, "att_set", session_id, person_id, state, beside=at % 2 == 1)
    if line.presence is not None and line.presence.attended:
        screen.button("hours", "att_hours", session_id, person_id)
    return screen.button("list", "att_list", session_id)


@choice("att_set", who=RUNS, reach="session person")
async def tick(turn: Turn, session_id: int, person_id: int, state: str) -> Screen:
    """Record a state; of an excused person the reason is asked first."""
    session, _ = await run(turn, session_id)
    line = await attendance_roll.line(turn.tx, session, person_id, turn.person.person_id)
    found = next((one for one in attendance_marks.STATES if one == state), None)
    if found is None:
        raise Stale
    if found == "excused":
        turn.ask("att_reason", session_id, person_id)
        return Screen("attendance/reason", session=session, line=line).button("leave", "att_p", session_id, person_id)
    mark = Mark(found, "phone", turn.person.person_id)
    return await _told(turn, session, person_id, mark)


@answer("att_reason", who=RUNS, reach="session person")
async def reason_typed(turn: Turn, text: str, session_id: int, person_id: int) -> Screen:
    """Record somebody as excused with the typed reason."""
    session, _ = await run(turn, session_id)
    mark = Mark("excused", "phone", turn.person.person_id, reason=text[:LONGEST_REASON])
    return await _told(turn, session, person_id, mark)


async def _told(turn: Turn, session: Session, person_id: int, mark: Mark) -> Screen:
    await attendance_roll.tick(turn.tx, session, person_id, mark, turn.now)
    return await person(turn, session.id, person_id)


@choice("att_hours", who=RUNS, reach="session person")
async def ask_hours(turn: Turn, session_id: int, person_id: int) -> Screen:
    """Ask for the lesson periods that count for one person."""
    session, _ = await run(turn, session_id)
    line = await attendance_roll.line(turn.tx, session, person_id, turn.person.person_id)
    turn.ask("att_hours", session_id, person_id)
    screen = Screen("attendance/hours", line=line, most=attendance_marks.periods(session), wrong="")
    return screen.button("leave", "att_p", session_id, person_id)


@answer("att_hours", who=RUNS, reach="session person")
async def hours_typed(turn: Turn, text: str, session_id: int, person_id: int) -> Screen:
    """Record the typed lesson periods, to half a period."""
    session, _ = await run(turn, session_id)
    line = await attendance_roll.line(turn.tx, session, person_id, turn.person.person_id)
    tenths = attendance_marks.typed_tenths(text, session)
    if tenths is None or line.presence is None or not line.presence.attended:
        turn.ask("att_hours", session_id, person_id)
        screen = Screen("attendance/hours", line=line, most=attendance_marks.periods(session), wrong=text[:20])
        return screen.button("leave", "att_p", session_id, person_id)
    mark = Mark(line.presence.state, "phone", turn.person.person_id, tenths=tenths)
    return await _told(turn, session, person_id, mark)


@choice("att_rest", who=RUNS, reach="session")
async def rest(turn: Turn, session_id: int, sure: int) -> Screen:
    """Record everybody of whom nothing is recorded as present, after asking once."""
    session, course = await run(turn, session_id)
    attendance_roll.check_time(session, turn.now)
    if sure:
        await attendance_roll.tick_rest(turn.tx, session, turn.person.person_id, turn.now)
        return await card(turn, session_id)
    roll = await attendance_roll.of_session(turn.tx, session)
    left = sum(line.presence is None for line in roll)
    if not left:
        return await card(turn, session_id)
    screen = Screen("attendance/rest", session=session, course=course, left=left)
    return screen.button("sure", "att_rest", session_id, 1).button("leave", "att_s", session_id, beside=True)


@choice("att_add", who=RUNS, reach="session")
async def ask_who(turn: Turn, session_id: int) -> Screen:
    """Ask who has come without a seat."""
    session, course = await run(turn, session_id)
    attendance_roll.check_time(session, turn.now)
    turn.ask("att_add", session_id)
    return Screen("attendance/add", session=session, course=course).button("leave", "att_s", session_id)


@answer("att_add", who=RUNS, reach="session")
async def who_typed(turn: Turn, text: str, session_id: int) -> Screen:
    """Show whom the typed code or name means."""
    session, _ = await run(turn, session_id)
    found = await attendance_roll.named(turn.tx, text)
    await audit.record(turn.tx, turn.person.person_id, "people.search", session.subject, turn.now)
    turn.draft["att_found"] = [one.id for one in found]
    screen = Screen("attendance/found" if found else "attendance/nobody", query=text[:60], found=found)
    for one in found:
        screen.button("item", "att_in", session_id, one.id, 0, one=one)
    return screen.button("again", "att_add", session_id).button("back", "att_s", session_id, beside=True)


@choice("att_in", who=RUNS, reach="session person")
async def add(turn: Turn, session_id: int, person_id: int, sure: int) -> Screen:
    """Let somebody in who was just looked for; what speaks against a seat is shown first."""
    session, course = await run(turn, session_id)
    if person_id not in turn.draft.get("att_found", []):
        await rights.check_person(turn.tx, turn.person.person_id, person_id)
        raise Stale
    attendance_roll.check_time(session, turn.now)
    mark = Mark(attendance_marks.state_at(session, turn.now), "phone", turn.person.person_id, walk_in=True)
    seated = await attendance_walk_ins.is_seated(turn.tx, course.id, person_id)
    why = "" if sure or seated else await attendance_walk_ins.check(turn.tx, course, person_id, turn.now)
    if why:
        screen = Screen("attendance/let_in", session=session, course=course, why=why)
        screen.button("sure", "att_in", session_id, person_id, 1)
        return screen.button("leave", "att_s", session_id, beside=True)
    if session.ends_at < turn.now:  # told afterwards: nobody knows any more when they came
        mark = Mark("present", "phone", turn.person.person_id, walk_in=not seated)
    await attendance_walk_ins.let_in(turn.tx, session, person_id, mark, turn.now)
    return await person(turn, session_id, person_id)
