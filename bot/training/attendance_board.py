"""The message that shows a session's code: which one it is, when its code changes by itself, when a picture is due.

The code itself is made by attendance_codes.
"""

from dataclasses import dataclass

from bot import outbox
from bot.outbox import Owed
from bot.store import Reading, Row, Tx
from bot.training import attendance_codes, sessions
from bot.training.attendance_codes import MINUTE
from bot.training.sessions import Session

NOTICE = "attendance_code"
BY_ITSELF = 30 * MINUTE  # seconds; then the code changes by a tap only


@dataclass(frozen=True)
class Board:
    """One message with a code. Until `until` (UTC seconds) it changes by itself, if the messenger can edit it.

    `picture_due`: no picture was sent in this minute yet.
    """

    session_id: int
    person_id: int
    message_ref: str | None
    until: int
    shown_minute: int
    picture_due: bool = False

    @property
    def subject(self) -> str:
        """Give the subject of what is owed to it."""
        return f"attendance_code:{self.session_id}:{self.person_id}"


def _board(row: Row, picture_due: bool = False) -> Board:
    return Board(
        row["session_id"], row["person_id"], row["message_ref"], row["until"], row["shown_minute"], picture_due
    )


async def find(tx: Reading, session_id: int, person_id: int) -> Board | None:
    """Read the board of a person for a session."""
    row = await tx.fetchrow(
        "select * from attendance_boards where session_id = $1 and person_id = $2", session_id, person_id
    )
    return None if row is None else _board(row)


async def show(tx: Tx, session: Session, person_id: int, message_ref: str | None, now: int) -> Board:
    """Begin to show the code in a message, or show it anew; for half an hour from now it changes by itself.

    A message that cannot be edited (`message_ref` None) changes by a tap only: else each minute would bring one more.
    """
    before = await tx.fetchrow(
        "select * from attendance_boards where session_id = $1 and person_id = $2 for update", session.id, person_id
    )
    minute, until = now // MINUTE, min(now + BY_ITSELF, session.ends_at)
    picture_due = before is None or before["picture_minute"] != minute
    await tx.execute(
        """
        insert into attendance_boards (session_id, person_id, message_ref, until, shown_minute, picture_minute)
        values ($1, $2, $3, $4, $5, $5)
        on conflict (session_id, person_id) do update set message_ref = excluded.message_ref, until = excluded.until,
            shown_minute = excluded.shown_minute, picture_minute = excluded.picture_minute
        """,
        session.id,
        person_id,
        message_ref,
        until,
        minute,
    )
    board = Board(session.id, person_id, message_ref, until, minute, picture_due)
    await outbox.withdraw(tx, board.subject, now, "superseded")
    await _forget_edits(tx, board)
    return board


async def leave(tx: Tx, session_id: int, person_id: int, message_ref: str | None, now: int) -> None:
    """Let the message be something else from now on, when it is the tapped one; one further up goes on."""
    board = await find(tx, session_id, person_id)
    if board is None or message_ref not in (None, await _stands_in(tx, board)):
        return
    await tx.execute("delete from attendance_boards where session_id = $1 and person_id = $2", session_id, person_id)
    await outbox.withdraw(tx, board.subject, now, "superseded")
    await _forget_edits(tx, board)


async def _stands_in(tx: Reading, board: Board) -> str | None:
    """Give the message that shows the code: a new one where the one before could not be edited."""
    last: str | None = await tx.fetchval(
        "select message_ref from outbox where subject = $1 and state = 'sent' and message_ref is not null "
        "order by id desc limit 1",
        board.subject,
    )
    return last or board.message_ref


async def _forget_edits(tx: Tx, board: Board) -> None:
    """Drop the edits of before: thirty an hour are nobody's record."""
    await tx.execute("delete from outbox where subject = $1 and state not in ('pending', 'sending')", board.subject)


async def due(tx: Reading, now: int) -> list[tuple[int, int]]:
    """Give (session, person) of the boards whose code is no longer that of this minute, or whose time is over."""
    rows = await tx.fetch(
        """
        select session_id, person_id from attendance_boards
        where message_ref is not null and shown_minute < $1 or until <= $2 order by session_id, person_id
        """,
        now // MINUTE,
        now,
    )
    return [(row["session_id"], row["person_id"]) for row in rows]


async def turn_over(tx: Tx, session_id: int, person_id: int, now: int) -> bool:
    """Owe one board the code of this minute, in place of the one before; a last time, without a code, when it ends."""
    row = await tx.fetchrow(
        "select * from attendance_boards where session_id = $1 and person_id = $2 for update", session_id, person_id
    )
    if row is None:
        return False
    board = _board(row)
    if board.until <= now:
        await tx.execute(
            "delete from attendance_boards where session_id = $1 and person_id = $2", session_id, person_id
        )
    else:
        await tx.execute(
            "update attendance_boards set shown_minute = $3 where session_id = $1 and person_id = $2",
            session_id,
            person_id,
            now // MINUTE,
        )
    return board.message_ref is not None and await _owe(tx, board, now)


async def _owe(tx: Tx, board: Board, now: int) -> bool:
    ref = await _stands_in(tx, board)
    await outbox.withdraw(tx, board.subject, now, "superseded")
    over = board.until <= now
    expires_at = now + 600 if over else (now // MINUTE + 1) * MINUTE - 1
    key = f"{board.subject}:{board.until if over else now // MINUTE}:{'end' if over else 'edit'}"
    owed = Owed(key, NOTICE, board.subject, board.person_id, now, expires_at, [board.session_id], replace_ref=ref)
    return await outbox.put(tx, owed, now)


async def code(tx: Tx, session_id: int, now: int) -> str | None:
    """Give the code of this minute, None outside the window or when the session is off."""
    session = await sessions.find(tx, session_id)
    return None if session.cancelled else await attendance_codes.current(tx, session, now)
