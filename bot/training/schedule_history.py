"""Every change of a schedule that was made: kept, read again, summed up. Append-only; making one is elsewhere (R19)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.errors import Stale
from bot.store import Reading, Row, Tx
from bot.training.schedules import Known, Line, differences, dumped, in_order, loaded, snapshot

UNDONE = "undone"  # the reason kept with what a workbook changed and was taken back
# Of a change `c`: some session of it has not been changed again since. What was changed again needs no answer.
CURRENT = """exists (select 1 from schedule_change_lines l where l.change_id = c.id and not exists (
    select 1 from schedule_change_lines n where n.session_id = l.session_id and n.change_id > l.change_id))"""


def put_off(kind: str, lines: Iterable[Line]) -> list[int]:
    """Give the sessions that wait for a new day after a change of this kind; others held no more fall away."""
    return [line.session_id for line in lines] if kind == "postpone" else []


@dataclass(frozen=True)
class Change:
    """One act of HR; instants in UTC seconds. `by` is the clerk's name, None for the command line.

    `answer_by`: until when seat holders are awaited; None when silence costs nobody their seat.
    """

    id: int
    course_id: int
    kind: str
    reason: str
    by: str | None
    at: int
    answer_by: int | None
    lines: Sequence[Line] = ()

    @property
    def subject(self) -> str:
        """Give the subject of the question it puts to people."""
        return f"schedule_change:{self.id}"

    @property
    def put_off(self) -> list[int]:
        """Give the sessions that wait for a new day after it."""
        return put_off(self.kind, self.lines)


async def keep(tx: Tx, course_id: int, kind: str, lines: Sequence[Line], reason: str, by: int | None, now: int,
               answer_by: int | None = None) -> int:  # fmt: skip
    """Write down a change that was made and give its number. The caller holds the course."""
    change_id: int = await tx.fetchval(
        """
        insert into schedule_changes (course_id, kind, reason, by_person, at, answer_by)
        values ($1, $2, $3, $4, $5, $6) returning id
        """,
        course_id,
        kind,
        reason,
        by,
        now,
        answer_by,
    )
    for line in lines:
        await tx.execute(
            "insert into schedule_change_lines (change_id, session_id, number, old, new) values ($1, $2, $3, $4, $5)",
            change_id,
            line.session_id,
            line.number,
            dumped(line.old),
            dumped(line.new),
        )
    return change_id


_CHANGES = """
    select c.*, p.name as by_name from schedule_changes c left join people p on p.id = c.by_person
"""


async def find(tx: Reading, change_id: int) -> Change:
    """Read a change with its lines. Raises Stale when there is none."""
    row = await tx.fetchrow(f"{_CHANGES} where c.id = $1", change_id)
    if row is None:
        raise Stale
    return _change(row, (await _lines(tx, row["course_id"])).get(change_id, []))


async def of_course(tx: Reading, course_id: int) -> list[Change]:
    """Give every change of a course, the newest first."""
    lines = await _lines(tx, course_id)
    rows = await tx.fetch(f"{_CHANGES} where c.course_id = $1 order by c.id desc", course_id)
    return [_change(row, lines.get(row["id"], [])) for row in rows]


async def last_of_kind(tx: Reading, course_id: int, kind: str) -> Change | None:
    """Give the newest change of one kind."""
    return next((change for change in await of_course(tx, course_id) if change.kind == kind), None)


async def _lines(tx: Reading, course_id: int) -> dict[int, list[Line]]:
    rows = await tx.fetch(
        """
        select l.* from schedule_change_lines l join schedule_changes c on c.id = l.change_id where c.course_id = $1
        """,
        course_id,
    )
    found: dict[int, list[Line]] = {}
    for row in rows:
        found.setdefault(row["change_id"], []).append(_line(row))
    return {change_id: in_order(lines) for change_id, lines in found.items()}


def _line(row: Row) -> Line:
    return Line(row["session_id"], row["number"], loaded(row["old"]), loaded(row["new"]))


def _change(row: Row, lines: Sequence[Line]) -> Change:
    return Change(
        row["id"], row["course_id"], row["kind"], row["reason"], row["by_name"], row["at"], row["answer_by"], lines
    )


async def net(tx: Reading, course_id: int, since_id: int, now: int) -> list[Line]:
    """Give what differs now from the schedule before change `since_id`: nothing of what was changed back."""
    rows = await tx.fetch(
        """
        select l.* from schedule_change_lines l join schedule_changes c on c.id = l.change_id
        where c.course_id = $1 and l.change_id >= $2 order by l.change_id
        """,
        course_id,
        since_id,
    )
    before: dict[int, Known] = {}
    for line in map(_line, rows):
        before.setdefault(line.session_id, Known(line.number, line.old))
    after = await snapshot(tx, course_id)
    lines = differences(before, {key: known for key, known in after.items() if key in before})
    return [line for line in lines if line.matters(now)]


async def latest(tx: Reading, session_ids: Iterable[int]) -> dict[int, Line]:
    """Give the newest change of each of these sessions, by session."""
    found: dict[int, Line] = {}
    for session_id in set(session_ids):
        row = await tx.fetchrow(
            "select * from schedule_change_lines where session_id = $1 order by change_id desc limit 1", session_id
        )
        if row is not None:
            found[session_id] = _line(row)
    return found


async def changed(tx: Reading, course_id: int) -> bool:
    """Tell whether a course was ever changed."""
    return await tx.fetchval("select 1 as found from schedule_changes where course_id = $1", course_id) is not None
