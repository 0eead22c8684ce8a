"""The four digits of a session that change each minute: how they come about, and what becomes of one that is sent.

Who is let in without a seat is told by attendance_walk_ins; how the digits are shown by attendance_board.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.chat.events import Address
from bot.store import Reading, Tx
from bot.training import (
    attendance,
    attendance_marks,
    attendance_walk_ins,
)
from bot.training.attendance_marks import Mark, Presence, Source
from bot.training.keys import hasher
from bot.training.sessions import Session, session_of

KEY = "attendance"
MINUTE = 60
OPENS = 30 * MINUTE  # seconds before the start
SLOWED, SLOWED_IN, WAIT = 3, 10 * MINUTE, MINUTE
STOPPED = 6  # wrong codes
_CODE = re.compile(r"[0-9](?: ?[0-9]){3}")
_SCANNED = re.compile(r"d([0-9]{1,12})-([0-9]{4})")
_NEAR = 36 * 3600  # seconds: a session this near is what somebody means who sends a code too early
_JUST_OVER = 12 * 3600

Kind = Literal[
    "taken", "already", "conflict", "wrong", "wait", "stopped", "early", "over", "walked_in", "asked", "none"
]  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """What became of a code: the session it is about, what is recorded, until when to wait (UTC seconds).

    "none": it can be no code at all, for no session of this person and none that could be walked into is open.
    `seated` tells whether any session in its window is the person's own.
    """

    kind: Kind
    session: Session | None = None
    presence: Presence | None = None
    until: int = 0
    seated: bool = False


def code_in(text: str) -> str | None:
    """Give the four digits of "4821" or "4 8 2 1", as they are shown; None for any other text."""
    return text.replace(" ", "") if _CODE.fullmatch(text) else None


def scanned_in(words: str) -> tuple[int, str] | None:
    """Give session and code of the words that a scanned link carries, "d17-4821"; None for others."""
    found = _SCANNED.fullmatch(words)
    return None if found is None else (int(found[1]), found[2])


def scanned(session_id: int, code: str) -> str:
    """Give the words that a scanned link carries."""
    return f"d{session_id}-{code}"


def opens_at(session: Session) -> int:
    """Give when its codes begin to count (UTC seconds)."""
    return session.starts_at - OPENS


def in_window(session: Session, now: int) -> bool:
    """Tell whether its codes count at `now`: from half an hour before its start until its end."""
    return opens_at(session) <= now <= session.ends_at


def codes_at(session_ids: Sequence[int], minute: int, hashed: Callable[[str], str]) -> dict[int, str]:
    """Give the code of each session at a minute (since 1970), no two the same.

    The last digit is odd in odd minutes: so codes of two minutes that count together differ as well.
    """
    taken: dict[str, int] = {}
    for session_id in sorted(session_ids):
        tries = (f"{session_id}:{minute}:{n}" for n in range(10_000))
        code = next(c for c in (_digits(hashed(one), minute) for one in tries) if c not in taken)
        taken[code] = session_id
    return {session_id: code for code, session_id in taken.items()}


def _digits(hex_hash: str, minute: int) -> str:
    return f"{2 * (int(hex_hash[:12], 16) % 5000) + minute % 2:04}"


async def current(tx: Tx, session: Session, now: int) -> str | None:
    """Give the code of a session at `now`, None outside its window."""
    if not in_window(session, now):
        return None
    return (await _codes(tx, now // MINUTE)).get(session.id)


async def _codes(tx: Tx, minute: int) -> dict[int, str]:
    running = await _running(tx, minute * MINUTE, minute * MINUTE + MINUTE - 1)
    return codes_at([session.id for session in running], minute, await hasher(tx, KEY))


async def _running(tx: Reading, since: int, until: int) -> list[Session]:
    """Give the sessions whose window touches the time between two instants."""
    rows = await tx.fetch(
        """
        select s.* from sessions s join courses c on c.id = s.course_id and c.state <> 'cancelled'
        where s.cancelled_at is null and s.starts_at <= $1 and s.ends_at >= $2 order by s.id
        """,
        until + OPENS,
        since,
    )
    return [session_of(row) for row in rows]


async def _meant(tx: Tx, code: str, now: int) -> int | None:
    """Give the session that a code of this minute or the one before belongs to: its last digit tells which minute."""
    minute = now // MINUTE
    minute -= (minute - int(code)) % 2
    return next((session_id for session_id, one in (await _codes(tx, minute)).items() if one == code), None)


async def send(
    tx: Tx, address: Address, person_id: int, code: str, now: int, *, source: Source = "code", only: int | None = None
) -> Answer:
    """Let a person tell by a code that they are there; `only` is the session that a scanned link names.

    Wrong codes are counted against the chat: slowed, then stopped until the session is over. The answer never tells
    that a code belongs to another session.
    """
    running = await _running(tx, now, now)
    own = await _own(tx, person_id, running)
    if not running:
        return await _not_now(tx, person_id, now)
    recorded = await _recorded(tx, person_id, own)
    if recorded is not None:
        return recorded
    blocked = await _blocked(tx, address, own, running, now)
    if blocked is not None:
        return blocked
    meant = await _meant(tx, code, now)
    session = next((s for s in (own or running) if s.id == meant and only in (None, meant)), None)
    if session is None:
        return await _wrong(tx, address, person_id, own, running, now)
    if not own:
        return await _walk_in(tx, session, person_id, source, now)
    return await _record(tx, session, person_id, source, now)


async def _own(tx: Reading, person_id: int, running: Sequence[Session]) -> list[Session]:
    rows = await tx.fetch("select course_id from enrolments where person_id = $1 and state = 'seat'", person_id)
    seats = {row["course_id"] for row in rows}
    return [session for session in running if session.course_id in seats]


async def _recorded(tx: Reading, person_id: int, own: Sequence[Session]) -> Answer | None:
    """Answer whoever is recorded at all their sessions: another code, right or wrong, changes nothing."""
    answers = [Answer("already", s, await attendance.find(tx, s.id, person_id), seated=True) for s in own]
    known = [one for one in answers if one.presence is not None and one.presence.attended]
    return known[0] if known and len(known) == len(own) else None


async def _record(tx: Tx, session: Session, person_id: int, source: Source, now: int) -> Answer:
    mark = Mark(attendance_marks.state_at(session, now), source, person_id)
    await attendance.tell(tx, session, person_id, mark, now)
    presence = await attendance.find(tx, session.id, person_id)
    there = presence is not None and presence.attended
    return Answer("taken" if there else "conflict", session, presence, seated=True)


async def _walk_in(tx: Tx, session: Session, person_id: int, source: Source, now: int) -> Answer:
    before = await attendance.find(tx, session.id, person_id)
    if before is not None and before.attended:
        return Answer("already", session, before)
    mark = Mark(attendance_marks.state_at(session, now), source, person_id, walk_in=True)
    let_in = await attendance_walk_ins.come(tx, session, person_id, mark, now)
    return Answer("walked_in" if let_in else "asked", session, await attendance.find(tx, session.id, person_id))


async def _wrong(
    tx: Tx, address: Address, person_id: int, own: list[Session], running: list[Session], now: int
) -> Answer:
    await _count_wrong(tx, address, now)
    blocked = await _blocked(tx, address, own, running, now)
    if blocked is not None and blocked.kind == "stopped":
        return blocked
    if own:
        return Answer("wrong", own[0], seated=True)
    near = await _not_now(tx, person_id, now)
    return near if near.kind != "none" else Answer("wrong")


async def _not_now(tx: Reading, person_id: int, now: int) -> Answer:
    """Say which session of the person's own is meant that is not in its window: the next one, else one just over."""
    rows = await tx.fetch(
        """
        select s.* from sessions s join courses c on c.id = s.course_id and c.state <> 'cancelled'
        join enrolments e on e.course_id = c.id and e.person_id = $1 and e.state = 'seat'
        where s.cancelled_at is null and s.ends_at > $2 and s.starts_at < $3 order by s.starts_at, s.id
        """,
        person_id,
        now - _JUST_OVER,
        now + _NEAR,
    )
    near = [session_of(row) for row in rows]
    coming = next((s for s in near if opens_at(s) > now), None)
    past = next((s for s in reversed(near) if s.ends_at < now), None)
    if past is not None and (coming is None or coming.starts_at - now > now - past.ends_at):
        return Answer("over", past, await attendance.find(tx, past.id, person_id), seated=True)
    return Answer("none") if coming is None else Answer("early", coming, until=opens_at(coming), seated=True)


async def _blocked(
    tx: Reading, address: Address, own: Sequence[Session], running: Sequence[Session], now: int
) -> Answer | None:
    """Tell a chat to wait a minute after three wrong codes in ten minutes, to ask in the room after six."""
    sessions = own or running
    since = min(opens_at(session) for session in sessions)
    rows = await tx.fetch(
        "select at from attendance_attempts where platform = $1 and address = $2 and at >= $3 order by at desc",
        address.platform,
        address.id,
        since,
    )
    wrong = [row["at"] for row in rows]
    if len(wrong) >= STOPPED:
        return Answer("stopped", sessions[0], until=max(s.ends_at for s in sessions), seated=bool(own))
    if sum(at > now - SLOWED_IN for at in wrong) >= SLOWED and wrong[0] + WAIT > now:
        return Answer("wait", sessions[0], until=wrong[0] + WAIT, seated=bool(own))
    return None


async def _count_wrong(tx: Tx, address: Address, now: int) -> None:
    await tx.execute("delete from attendance_attempts where at < $1", now - 86_400)
    await tx.execute(
        "insert into attendance_attempts (platform, address, at) values ($1, $2, $3)", address.platform, address.id, now
    )
