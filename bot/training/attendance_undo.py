"""Attendance that a sheet changed, as it was before: kept for a day, put back. What it means: attendance_sheet."""

from typing import Any

from bot.chat.turns import Role, Speaker
from bot.errors import NotAllowed
from bot.store import Reading, Tx
from bot.training import attendance, audit, courses, people, rights, sessions, upload_changes
from bot.training.attendance_marks import Presence, Verdict
from bot.training.sessions import Session
from bot.training.upload_changes import Change
from bot.training.upload_kinds import Sender

_COLUMNS = ("state", "hours_tenths", "reason", "source", "walk_in", "at", "by_person", "changed_at")


async def note(
    tx: Tx, session: Session, person_id: int, before: Presence | None, verdict: Verdict, sender: Sender
) -> None:
    """Keep what one row of a sheet did: recorded, or put a contradiction up for a decision."""
    if verdict == "take":
        new = await _row(tx, session.id, person_id)
        await upload_changes.note(tx, sender.upload_id, session.subject, _before(person_id, before), new)
    elif verdict == "conflict":
        await upload_changes.note(tx, sender.upload_id, session.subject, None, {"person": person_id, "conflict": True})


def _before(person_id: int, there: Presence | None) -> dict[str, Any] | None:
    if there is None:
        return None
    return {
        "person": person_id, "state": there.state, "hours_tenths": there.tenths, "reason": there.reason,
        "source": there.source, "walk_in": int(there.walk_in), "at": there.at, "by_person": there.by,
        "changed_at": there.changed_at,
    }  # fmt: skip


async def _row(tx: Reading, session_id: int, person_id: int) -> dict[str, Any] | None:
    return _before(person_id, await attendance.find(tx, session_id, person_id))


async def undo(tx: Tx, change: Change, sender: Sender) -> str | None:
    """Put one person's attendance back, unless it was told otherwise or decided since; then gives their name."""
    session, new = await sessions.find(tx, change.number), change.new or {}
    course = await courses.locked(tx, session.course_id)
    roles = frozenset({Role.HR, Role.SCHOOL, Role.TEACHER})  # each check asks the database
    try:
        await rights.check_runs_course(tx, Speaker(sender.person_id or 0, "", 0, roles), course)
    except NotAllowed:
        return (await people.find(tx, new["person"])).name
    done = await _forget_conflict(tx, session.id, new) if "conflict" in new else await _put_back(tx, session, change)
    if not done:
        return (await people.find(tx, new["person"])).name
    await audit.record(tx, sender.person_id, "attendance.undo", session.subject, sender.now, old=new, new=change.old)
    return None


async def _forget_conflict(tx: Tx, session_id: int, new: dict[str, Any]) -> bool:
    gone = await tx.execute(
        "delete from attendance_decisions where session_id = $1 and person_id = $2 and kind = 'conflict' "
        "and source = 'workbook' and decided_at is null",
        session_id,
        new["person"],
    )
    return gone > 0


async def _put_back(tx: Tx, session: Session, change: Change) -> bool:
    new = change.new or {}
    if await _row(tx, session.id, new["person"]) != new:
        return False
    if change.old is None:
        await tx.execute("delete from attendance where session_id = $1 and person_id = $2", session.id, new["person"])
        return True
    sets = ", ".join(f"{name} = ${place}" for place, name in enumerate(_COLUMNS, start=3))
    await tx.execute(
        f"update attendance set {sets} where session_id = $1 and person_id = $2",  # noqa: S608 (own names)
        session.id,
        new["person"],
        *(change.old[name] for name in _COLUMNS),
    )
    return True
