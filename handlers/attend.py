"""A person tells that they are there, by code or by scan; their own attendance; the reason why they were absent.

What a code is worth is told by training.attendance_codes, what an excuse leads to by training.absences.
"""

from bot.chat.pages import page_of
from bot.chat.router import answer, choice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Refused
from bot.training import absences, attendance_codes, attendance_roll, calendar, courses
from bot.training.attendance_codes import Answer

SHORTEST, LONGEST = 3, 300  # letters of a reason


async def typed(turn: Turn, code: str) -> tuple[Screen, bool] | None:
    """Answer four typed digits; None when they can be no code at all.

    Told beside: whether the answer stands, or yields to what a search for the digits finds.
    """
    told = await attendance_codes.send(turn.tx, turn.address, turn.person.person_id, code, turn.now)
    if told.kind == "none":
        return None
    return await _screen(turn, told), told.seated or told.kind in ("walked_in", "asked", "already")


async def scanned(turn: Turn, session_id: int, code: str) -> Screen:
    """Answer the link of a scanned picture."""
    person_id = turn.person.person_id
    told = await attendance_codes.send(turn.tx, turn.address, person_id, code, turn.now, source="qr", only=session_id)
    return await _screen(turn, told)


async def _screen(turn: Turn, told: Answer) -> Screen:
    session = told.session
    course = None if session is None else await courses.find(turn.tx, session.course_id)
    late = told.presence is not None and told.presence.state == "late"
    screen = Screen(f"attend/{told.kind}", session=session, course=course, told=told, late=late)
    return screen.button("mine", "mine").button("home", "home", beside=True)


@choice("att_me", who=Role.OFFICIAL)
async def own(turn: Turn, page: int = 0) -> Screen:
    """Show the person's own attendance, the latest first."""
    shown = page_of(await attendance_roll.of_person(turn.tx, turn.person.person_id), page)
    screen = Screen("attend/own", page=shown)
    for one in shown.items:
        if one.presence.state == "absent" and turn.now <= one.session.ends_at + absences.EXCUSED_FOR:
            screen.button("why", "att_why", one.session.id, one=one)
    return shown.buttons(screen, "att_me").button("mine", "mine").button("home", "home", beside=True)


@choice("att_why", who=Role.OFFICIAL)
async def ask_why(turn: Turn, session_id: int) -> Screen:
    """Ask a person why they were absent."""
    session = await absences.may_excuse(turn.tx, session_id, turn.person.person_id, turn.now)
    turn.ask("att_why", session_id)
    course = await courses.find(turn.tx, session.course_id)
    return Screen("attend/why", session=session, course=course).button("leave", "att_me")


@answer("att_why", who=Role.OFFICIAL)
async def why_typed(turn: Turn, text: str, session_id: int) -> Screen:
    """Pass the reason on to the clerks, who decide."""
    if len(text) < SHORTEST:
        raise Refused("attend/why_short")
    days = await calendar.load(turn.tx, turn.zone)
    person_id = turn.person.person_id
    session = await absences.excuse(turn.tx, session_id, person_id, text[:LONGEST], days, turn.now)
    screen = Screen("attend/why_kept", session=session, course=await courses.find(turn.tx, session.course_id))
    return screen.button("mine", "mine").button("home", "home", beside=True)
