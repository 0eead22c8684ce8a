"""The code of a session on the phone of whoever runs it: four digits that change each minute, and a QR picture.

Which code it is and when it changes by itself is told by training.attendance_board.
"""

from bot.chat.router import choice, notice
from bot.chat.screens import Attachment, Screen
from bot.chat.turns import Turn
from bot.errors import NotAllowed, Refused
from bot.training import (
    agency,
    attendance,
    attendance_board,
    attendance_codes,
    attendance_decisions,
    attendance_roll,
    qr,
)
from bot.training.attendance_codes import MINUTE
from handlers.attendance import RUNS, run


@choice("att_code", who=RUNS, reach="session")
async def show(turn: Turn, session_id: int) -> Screen:
    """Show the code of this minute in place of the tapped message, with a picture, at most one a minute."""
    session, course = await run(turn, session_id)
    code = None if course.cancelled else await attendance_board.code(turn.tx, session_id, turn.now)
    if code is None:
        raise Refused("attendance/not_yet", session=session, opens_at=attendance_codes.opens_at(session))
    board = await attendance_board.show(turn.tx, session, turn.person.person_id, turn.tapped, turn.now)
    screen = await _face(turn, session_id, code, board.until if board.message_ref else 0)
    link = (await agency.facts(turn.tx)).link
    if link and board.picture_due:
        picture = qr.picture(f"{link}{attendance_codes.scanned(session_id, code)}")
        screen.attachments.append(Attachment(turn.words("attendance/code", "picture"), picture, photo=True))
    return screen


async def _face(turn: Turn, session_id: int, code: str, until: int) -> Screen:
    session, course = await run(turn, session_id)
    roll = await attendance_roll.of_session(turn.tx, session)
    there = sum(line.presence is not None and line.presence.attended for line in roll)
    screen = Screen(
        "attendance/code",
        session=session,
        course=course,
        digits=" ".join(code),
        valid_until=(turn.now // MINUTE + 2) * MINUTE,
        there=there,
        total=len(roll),
        waiting=sum(one.kind == "walk_in" for one in await attendance_decisions.waiting(turn.tx, course.id)),
        until=until,
    )
    screen.button("next", "att_code", session_id, tone="go")
    return screen.button("stop", "att_s", session_id, beside=True)


@notice(attendance_board.NOTICE)
async def changes(turn: Turn, session_id: int) -> Screen | None:
    """Put the code of this minute in place of the one before; when its time is over, say how to go on."""
    board = await attendance_board.find(turn.tx, session_id, turn.person.person_id)
    try:
        session, course = await run(turn, session_id)
    except NotAllowed:
        return None
    code = await attendance_board.code(turn.tx, session_id, turn.now)
    if board is not None and code is not None:
        return await _face(turn, session_id, code, board.until)
    tally = (await attendance.tallies(turn.tx, course.id)).get(session_id, attendance.Tally())
    screen = Screen("attendance/code_over", session=session, course=course, there=tally.attended)
    if code is not None:
        screen.button("next", "att_code", session_id)
    return screen.button("session", "att_s", session_id, beside=code is not None)
