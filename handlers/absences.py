"""What is told after a session: to whoever was absent, to clerks and heads, and that nobody has recorded it."""

from bot.chat.pages import page_of
from bot.chat.router import choice, notice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import NotAllowed
from bot.training import absences, attendance, attendance_roll, audit, courses, people, rights, sessions
from bot.training.absences import Gone
from bot.training.courses import Course
from bot.training.sessions import Session

READERS = (Role.HR, Role.HEAD, Role.SCHOOL, Role.TEACHER)


async def _gone(turn: Turn, session: Session, course: Course) -> list[Gone]:
    """Give who was absent, as far as the speaker may know: all who run the class, a clerk and a head their own.

    Raises NotAllowed for whoever has nobody on the roll.
    """
    everybody = await absences.gone(turn.tx, session.id)
    try:
        narrowed = await attendance_roll.scope(turn.tx, turn.person, course)
    except NotAllowed:
        own = await _led(turn, session)
    else:
        if narrowed is None:
            return everybody
        own = {line.person_id for line in await attendance_roll.of_session(turn.tx, session, narrowed)}
    return [one for one in everybody if one.person_id in own]


async def _led(turn: Turn, session: Session) -> set[int]:
    """Give the people on the roll whom the speaker heads."""
    roll = await attendance_roll.of_session(turn.tx, session)
    me = turn.person.person_id
    led = {line.person_id for line in roll if await people.approver(turn.tx, line.person_id) == me}
    if not led:
        raise NotAllowed(session.subject)
    return led


@notice("absences")
async def after(turn: Turn, session_id: int) -> Screen | None:
    """Tell a clerk or a head how many were absent, without names; nothing when all have turned out present."""
    session = await sessions.find(turn.tx, session_id)
    course = await courses.find(turn.tx, session.course_id)
    try:
        gone = await _gone(turn, session, course)
    except NotAllowed:
        return None
    absent = sum(one.state == "absent" for one in gone)
    if not absent:
        return None
    there = (await attendance.tallies(turn.tx, course.id)).get(session_id, attendance.Tally()).attended
    screen = Screen(
        "attendance/absences", session=session, course=course, absent=absent, excused=len(gone) - absent, there=there
    )
    return screen.button("names", "att_gone", session_id).button("home", "home", beside=True)


@choice("att_gone", who=READERS, reach="session")
async def names(turn: Turn, session_id: int, page: int = 0) -> Screen:
    """Show who was absent, only to those whose people they are or who run the class."""
    session = await sessions.find(turn.tx, session_id)
    course = await courses.find(turn.tx, session.course_id)
    gone = await _gone(turn, session, course)
    await audit.record(turn.tx, turn.person.person_id, "attendance.absent_list", session.subject, turn.now)
    shown = page_of(gone, page)
    screen = Screen("attendance/gone", session=session, course=course, page=shown)
    return shown.buttons(screen, "att_gone", session_id).button("home", "home")


@notice("absence_own")
async def own(turn: Turn, session_id: int) -> Screen | None:
    """Ask whoever was absent for the reason, while they are still recorded so."""
    there = await attendance.find(turn.tx, session_id, turn.person.person_id)
    if there is None or there.state != "absent":
        return None
    session = await sessions.find(turn.tx, session_id)
    screen = Screen("attend/absent", session=session, course=await courses.find(turn.tx, session.course_id))
    return screen.button("why", "att_why", session_id).button("home", "home", beside=True)


@notice("attendance_missing")
async def missing(turn: Turn) -> Screen | None:
    """Remind whoever runs classes of the sessions that nobody has recorded."""
    found = []
    for one, course in await absences.missing(turn.tx, turn.now):
        try:
            await rights.check_runs_course(turn.tx, turn.person, course)
        except NotAllowed:
            continue
        found.append(one)
    if not found:
        return None
    shown = page_of(found, 0)
    screen = Screen("attendance/missing", page=shown)
    for one in shown.items:
        screen.button("item", "att_s", one.session.id, one=one)
    return screen.button("home", "home")
