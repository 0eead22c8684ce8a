"""Courses for those who run them: lecturers and training institutions. HR's own desk is in desk_courses."""

from bot.chat.pages import page_of
from bot.chat.router import answer, choice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.training import session_places, sessions

SHOWN = 6  # sessions without a place that are offered at once


@choice("run", who=(Role.TEACHER, Role.SCHOOL), reach="list")
async def listed(turn: Turn, page: int = 0) -> Screen:
    """List the courses that the person teaches, or whose school they work for."""
    turn.dialogue.forget()
    shown = page_of(await session_places.courses_run(turn.tx, turn.person.person_id, turn.now), page)
    screen = Screen("running/list", page=shown)
    for course in shown.items:
        screen.button("item", "run_one", course.id, course=course)
    return shown.buttons(screen, "run").button("home", "home")


@choice("run_one", who=(Role.TEACHER, Role.SCHOOL), reach="course")
async def card(turn: Turn, course_id: int) -> Screen:
    """Show one course with what is done in it, and its sessions that have no place yet."""
    turn.dialogue.forget()
    found = await session_places.running(turn.tx, turn.person, course_id, turn.now)
    screen = Screen("running/card", course=found.course, placeless=found.placeless)
    screen.button("attendance", "att", course_id).button("results", "res", course_id, beside=True)
    screen.button("materials", "mt", course_id)
    if turn.has(Role.SCHOOL):
        for session in found.placeless[:SHOWN]:
            screen.button("place", "run_place", session.id, session=session)
    return screen.button("list", "run").button("home", "home", beside=True)


@choice("run_place", who=Role.SCHOOL, reach="session")
async def ask_place(turn: Turn, session_id: int) -> Screen:
    """Ask where a session is held."""
    session = await sessions.find(turn.tx, session_id)
    found = await session_places.running(turn.tx, turn.person, session.course_id, turn.now)
    turn.ask("run_place", session_id)
    screen = Screen("running/place", course=found.course, session=session)
    return screen.button("back", "run_one", session.course_id)


@answer("run_place", who=Role.SCHOOL, reach="session")
async def place_told(turn: Turn, text: str, session_id: int) -> Screen:
    """Keep where a session is held."""
    session = await session_places.put(turn.tx, turn.person, session_id, text, turn.now)
    screen = Screen("running/placed", session=session)
    screen.button("course", "run_one", session.course_id)
    return screen.button("home", "home", beside=True)
