"""What a list told of who was there, taken back within a day: the record as it was, or the question it had opened."""

from typing import Any

from bot.store import Reading, Row, Tx
from bot.training import absences, attendance, audit, class_rights, courses, people, results, sessions, upload_changes
from bot.training.attendance_marks import Mark, Verdict
from bot.training.sessions import Session
from bot.training.upload_changes import Change
from bot.training.upload_kinds import Sender

_RECORD = ("state", "hours_tenths", "reason", "source", "walk_in", "at", "by_person", "changed_at")
_QUESTION = ("state", "reason", "source", "at", "by_person")
_LOGGED = ("state", "hours_tenths", "reason", "source")


async def tell(tx: Tx, session: Session, person_id: int, mark: Mark, sender: Sender) -> Verdict:
    """Record what a list tells of a person and keep what was there before."""
    before = await _record(tx, session.id, person_id), await _question(tx, session.id, person_id)
    verdict = await attendance.tell(tx, session, person_id, mark, sender.now)
    after = await _record(tx, session.id, person_id), await _question(tx, session.id, person_id)
    for noun, old, new in zip(("session", "conflict"), before, after, strict=True):
        await upload_changes.note(tx, sender.upload_id, f"{noun}:{session.id}:person:{person_id}", old, new)
    return verdict


async def undo(tx: Tx, change: Change, sender: Sender) -> str | None:
    """Take back what the list told of one person; gives name and session where it stays.

    It stays when anybody has told or decided otherwise since, or the class was closed upon it.
    """
    session_id, person_id = change.numbers
    session = await sessions.find(tx, session_id)
    course = await courses.locked(tx, session.course_id)
    closed_at = await results.closed_at(tx, course.id)
    closed = closed_at is not None and closed_at >= change.at
    may = await class_rights.marks(tx, sender.person_id or 0, course)
    put = _put_question if change.subject.startswith("conflict:") else _put_record
    if closed or not may or not await put(tx, change, sender):
        return f"{(await people.find(tx, person_id)).name} ({course.code}/{session.number})"
    return None


async def _put_record(tx: Tx, change: Change, sender: Sender) -> bool:
    session_id, person_id = change.numbers
    if await _record(tx, session_id, person_id) != change.new:
        return False
    await tx.execute("delete from attendance where session_id = $1 and person_id = $2", session_id, person_id)
    if change.old is not None:
        await _insert(tx, "attendance", {"session_id": session_id, "person_id": person_id, **change.old})
    await absences.unmark(tx, session_id)
    old, new = _told(person_id, change.new), _told(person_id, change.old)
    await audit.record(tx, sender.person_id, "attendance.undo", f"session:{session_id}", sender.now, old=old, new=new)
    return True


def _told(person_id: int, columns: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if columns is None else {"person": person_id} | {name: columns[name] for name in _LOGGED}


async def _put_question(tx: Tx, change: Change, sender: Sender) -> bool:
    """Close the contradiction that the list had opened; one that it had taken the place of waits again."""
    session_id, person_id = change.numbers
    if await _question(tx, session_id, person_id) != change.new:
        return False
    await tx.execute(f"delete from attendance_decisions {_OPEN}", session_id, person_id)  # noqa: S608 (a constant)
    if change.old is not None:
        whose = {"session_id": session_id, "person_id": person_id, "kind": "conflict"}
        await _insert(tx, "attendance_decisions", whose | change.old)
    return True


async def _insert(tx: Tx, table: str, columns: dict[str, Any]) -> None:
    marks = ", ".join(f"${place}" for place in range(1, len(columns) + 1))
    await tx.execute(f"insert into {table} ({', '.join(columns)}) values ({marks})", *columns.values())  # noqa: S608


async def _record(tx: Reading, session_id: int, person_id: int) -> dict[str, Any] | None:
    row = await tx.fetchrow("select * from attendance where session_id = $1 and person_id = $2", session_id, person_id)
    return _columns(row, _RECORD)


_OPEN = "where session_id = $1 and person_id = $2 and kind = 'conflict' and decided_at is null"


async def _question(tx: Reading, session_id: int, person_id: int) -> dict[str, Any] | None:
    row = await tx.fetchrow(f"select * from attendance_decisions {_OPEN}", session_id, person_id)  # noqa: S608
    return _columns(row, _QUESTION)


def _columns(row: Row | None, names: tuple[str, ...]) -> dict[str, Any] | None:
    return None if row is None else {name: row[name] for name in names}
