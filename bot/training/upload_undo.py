"""Taking back what a file changed, within a day: what that would do is told first. How each kind does it is its own."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import Stale
from bot.store import Reading, Tx, tried
from bot.training import audit, upload_changes
from bot.training.upload_changes import Change
from bot.training.upload_kinds import Kind, Sender
from bot.training.uploads import BY_NAME, KINDS

_LOGGED = 50  # names of one file that are logged
_NAMED = 5  # of what goes back
_PERSON = "select name from people where id = $1"
_NAMES = {  # by the noun of a subject, how what it names is called
    "person": _PERSON,
    "unit": "select name from units where id = $1",
    "course": "select title from courses where id = $1",
    "enrolment": "select p.name from people p join enrolments e on e.person_id = p.id where e.id = $1",
    "certificate": "select p.name from people p join certificates c on c.person_id = p.id where c.id = $1",
    "turn": "select name from training_records where id = $1",
    "post": "select name from posts where id = $1",
    "legal": "select title from legal_updates where id = $1",
}


@dataclass(frozen=True)
class Undone:
    """A file that was, or would be, taken back: how many changes, and the names of what has to stay as it is now.

    `back` names the first of what goes back; `told` is how many people are sent a message about it.
    """

    kind: str
    filename: str
    count: int
    left: list[str]
    back: list[str]
    told: int


async def undoable(tx: Reading, upload_id: int) -> bool:
    """Tell whether a file that was applied changed anything that can be taken back."""
    kind = await tx.fetchval(
        """
        select kind from applied_uploads a where id = $1 and undone_at is null
            and exists (select 1 from upload_changes c where c.upload_id = a.id)
        """,
        upload_id,
    )
    return kind in BY_NAME and BY_NAME[kind].undo is not None


async def to_undo(tx: Reading, person_id: int, now: int) -> list[tuple[int, str]]:
    """Give number and name of the files this person applied within a day, the last first."""
    rows = await tx.fetch(
        """
        select id, filename from applied_uploads
        where person_id = $1 and applied_at >= $2 and undone_at is null order by applied_at desc, id
        """,
        person_id,
        now - upload_changes.LIVES,
    )
    return [(row["id"], row["filename"]) for row in rows if await undoable(tx, row["id"])]


async def preview(tx: Tx, upload_id: int, sender: Sender, only: Sequence[Kind] = KINDS) -> Undone:
    """Tell what `undo` would do, and leave everything as it is. Raises as `undo` does.

    It is tried within the transaction: so what is told beforehand is what will be done, for every kind.
    """
    async with tried(tx):
        return await undo(tx, upload_id, sender, only)


async def undo(tx: Tx, upload_id: int, sender: Sender, only: Sequence[Kind] = KINDS) -> Undone:
    """Take back what a file of this sender changed, as far as it is still so; where nothing is, it can be tried again.

    Raises Stale when that was done before, after a day, or for a kind that the sender may not send (any more).
    """
    if sender.person_id is None:
        raise Stale("uploads/undo_over")
    applied = await upload_changes.applied(tx, upload_id, sender.person_id, sender.now)
    take_back = BY_NAME[applied.kind].undo
    if take_back is None or BY_NAME[applied.kind] not in only:
        raise Stale("uploads/undo_over")
    await tx.lock(applied.kind)
    last = await tx.fetchval("select coalesce(max(id), 0) from outbox")
    named = [await _name(tx, change) for change in applied.changes[:_NAMED]]
    found = [await take_back(tx, change, sender) for change in applied.changes]
    left = list(dict.fromkeys(name for name in found if name is not None))
    count = sum(name is None for name in found)
    if count:
        await upload_changes.end(tx, upload_id, sender.now)
    told = {"kind": applied.kind, "file": applied.filename, "changes": len(found), "left": left[:_LOGGED]}
    await audit.record(tx, sender.person_id, "upload.undo", f"upload:{upload_id}", sender.now, new=told)
    back = [name for name, stays in zip(named, found, strict=False) if name and stays is None]
    return Undone(applied.kind, applied.filename, count, left, list(dict.fromkeys(back)), await _told(tx, last))


async def _name(tx: Reading, change: Change) -> str:
    """Give what people call that which a change is about: whoever it concerns, else the thing itself."""
    told = change.new or change.old or {}
    if ":person:" in change.subject:
        return str(await tx.fetchval(_PERSON, change.numbers[1]))
    if "person" in told:
        return str(await tx.fetchval(_PERSON, told["person"]))
    noun = change.subject.partition(":")[0]
    return str(await tx.fetchval(_NAMES[noun], change.number) if noun in _NAMES else told.get("name", ""))


async def _told(tx: Reading, last: int) -> int:
    """Count the people whom rows of the outbox written after row `last` are owed to."""
    count: int = await tx.fetchval(
        "select count(distinct person_id) from outbox where id > $1 and state = 'pending'", last
    )
    return count
