"""What a file changed, kept for a day so that it can be undone. How each kind is undone is in its own module."""

import json
from dataclasses import dataclass
from typing import Any

from bot.errors import Stale
from bot.store import Reading, Row, Tx

LIVES = 86_400  # seconds in which it can be undone
_TABLES = {"person": "people", "unit": "units", "course": "courses", "session": "sessions"}


@dataclass(frozen=True)
class Change:
    """One thing that a file changed at `at` (UTC seconds).

    `old` is None when the file brought it in, `new` when it took it away.
    """

    subject: str
    old: dict[str, Any] | None
    new: dict[str, Any] | None
    at: int = 0

    @property
    def number(self) -> int:
        """Give the (first) number in its subject."""
        return self.numbers[0]

    @property
    def numbers(self) -> tuple[int, ...]:
        """Give the numbers in its subject: (17, 5) of 'course:17:person:5'."""
        return tuple(int(part) for part in self.subject.split(":") if part.isdigit())


@dataclass(frozen=True)
class Applied:
    """A file that was said yes to (`at` in UTC seconds) and what it changed, the last first."""

    id: int
    kind: str
    filename: str
    at: int
    changes: list[Change]


async def begin(tx: Tx, upload_id: int, person_id: int, kind: str, filename: str, now: int) -> None:
    """Note that a file is being applied; what can no longer be undone is forgotten."""
    over = "applied_at < $1"
    await tx.execute(
        f"delete from upload_changes where upload_id in (select id from applied_uploads where {over})",  # noqa: S608 (constant)
        now - LIVES,
    )
    await tx.execute(f"delete from applied_uploads where {over}", now - LIVES)  # noqa: S608 (constant)
    await tx.execute(
        "insert into applied_uploads (id, person_id, kind, filename, applied_at) values ($1, $2, $3, $4, $5)",
        upload_id,
        person_id,
        kind,
        filename,
        now,
    )


async def note(
    tx: Tx, upload_id: int | None, subject: str, old: dict[str, Any] | None, new: dict[str, Any] | None
) -> None:
    """Keep one change; nothing is kept for a file of the command line (None)."""
    if upload_id is None or old == new:
        return
    await tx.execute(
        "insert into upload_changes (upload_id, subject, old, new) values ($1, $2, $3, $4)",
        upload_id,
        subject,
        None if old is None else json.dumps(old, ensure_ascii=False),
        None if new is None else json.dumps(new, ensure_ascii=False),
    )


async def change(tx: Tx, upload_id: int | None, subject: str, columns: dict[str, Any]) -> None:
    """Change columns of the row that `subject` names ('person:17'), and keep what they were and are."""
    noun, _, number = subject.partition(":")
    table, names = _TABLES[noun], ", ".join(columns)
    row = await tx.fetchrow(f"select {names} from {table} where id = $1 for update", int(number))  # noqa: S608 (own names)
    if row is None:
        raise Stale
    sets = ", ".join(f"{name} = ${place}" for place, name in enumerate(columns, start=2))
    await tx.execute(f"update {table} set {sets} where id = $1", int(number), *columns.values())  # noqa: S608 (own names)
    await note(tx, upload_id, subject, {name: row[name] for name in columns}, columns)


async def applied(tx: Tx, upload_id: int, person_id: int, now: int) -> Applied:
    """Give what a file of this person changed, to be undone by nobody else meanwhile.

    Raises Stale when it was undone before, is another's, or is older than a day.
    """
    row = await tx.fetchrow(
        """
        select * from applied_uploads where id = $1 and person_id = $2 and applied_at >= $3 and undone_at is null
        for update
        """,
        upload_id,
        person_id,
        now - LIVES,
    )
    if row is None:
        raise Stale("uploads/undo_over")
    at: int = row["applied_at"]
    rows = await tx.fetch("select * from upload_changes where upload_id = $1 order by id desc", upload_id)
    return Applied(upload_id, row["kind"], row["filename"], at, [_change(row, at) for row in rows])


async def end(tx: Tx, upload_id: int, now: int) -> None:
    """Note that a file was undone: it cannot be again."""
    await tx.execute("update applied_uploads set undone_at = $2 where id = $1", upload_id, now)


def _change(row: Row, at: int) -> Change:
    old, new = row["old"], row["new"]
    return Change(
        row["subject"], None if old is None else json.loads(old), None if new is None else json.loads(new), at
    )


async def put_back(tx: Tx, change: Change) -> dict[str, Any]:
    """Give each column of a row its old value where it is still as the file left it, and could be so again.

    A unit closed since takes nobody and nothing, no unit comes under one that is under it, who has left heads none.
    Gives the columns that went back; it was undone as a whole when these are all of `change.new`.
    """
    table = _TABLES[change.subject.partition(":")[0]]
    row = await tx.fetchrow(f"select * from {table} where id = $1 for update", change.number)  # noqa: S608 (own names)
    if row is None or change.old is None or change.new is None:
        return {}
    back = [name for name, value in change.new.items() if row[name] == value]
    back = [name for name in back if await _possible(tx, change, name, change.old[name])]
    if "head_id" in change.new and "head_id" not in back:
        back = [name for name in back if name != "head_proposed"]  # it tells of the head
    for name in back:
        await tx.execute(
            f"update {table} set {name} = $2 where id = $1",  # noqa: S608 (own names)
            change.number,
            change.old[name],
        )
    return {name: change.old[name] for name in back}


async def _possible(tx: Reading, change: Change, name: str, value: Any) -> bool:
    if value is None or name not in ("unit_id", "parent_id", "owner_unit_id", "head_id"):
        return True
    if name == "head_id":
        return bool(await tx.fetchval("select active from people where id = $1", value))
    closed = await tx.fetchval("select 1 as found from units where id = $1 and closed_at is not null", value)
    return closed is None and not (name == "parent_id" and await _under(tx, value, change.number))


async def _under(tx: Reading, unit_id: int, above_id: int) -> bool:
    """Tell whether a unit is another one or stands under it."""
    found = await tx.fetchval(
        "select 1 as found from units_below where above_id = $1 and unit_id = $2", above_id, unit_id
    )
    return found is not None
