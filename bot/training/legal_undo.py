"""What a file of legal updates published or changed, taken back within a day as long as nobody has begun upon it."""

from collections.abc import Sequence
from typing import Any

from bot.store import Reading, Row, Tx
from bot.training import audit, calendar, legal, legal_reminders, rights
from bot.training.legal import Update
from bot.training.upload_changes import Change
from bot.training.upload_kinds import Sender

_COLUMNS = (
    "title", "fold", "version", "edition", "effective_on", "replaces", "deadline", "pass_mark", "digest", "amended_at",
    "closed_at",
)  # fmt: skip
_WITHDRAWN = ""  # the digest of what was published by mistake: no file is the same as it


def is_withdrawn(row: Row) -> bool:
    """Tell whether an update (a row of `legal_updates`) was published by mistake: a file publishes it anew."""
    return row["closed_at"] is not None and row["digest"] == _WITHDRAWN


async def pictures(tx: Reading, numbers: Sequence[str]) -> dict[int, dict[str, Any]]:
    """Give what is stored of the updates of these documents in their present version, by the update's number."""
    found: dict[int, dict[str, Any]] = {}
    for number in numbers:
        row = await tx.fetchrow(
            """
            select u.*, v.cards, v.questions from legal_updates u
            join legal_versions v on v.update_id = u.id and v.version = u.version where u.number = $1
            """,
            number,
        )
        if row is not None:
            told = {name: row[name] for name in (*_COLUMNS, "cards", "questions")}
            found[row["id"]] = told | {"audience": list(await legal.audience(tx, row["id"]))}
    return found


async def undo(tx: Tx, change: Change, sender: Sender) -> str | None:
    """Take an update back; gives its title where it stays: changed since, or somebody has begun the version.

    One that the file brought in is closed and not deleted: people have been told of it, and nobody is told again.
    """
    await tx.lock("legal_updates")
    update = await legal.locked(tx, change.number)
    present = (await pictures(tx, [update.number]))[update.id]
    fresh = change.old is None or change.old["version"] != update.version
    if (
        present != change.new
        or not await rights.covers(tx, sender.person_id or 0, None)
        or (fresh and await _begun(tx, update))
    ):
        return update.title
    if change.old is None:
        await _withdraw(tx, update, sender.now)
    else:
        await _go_back(tx, update, change.old, present, sender)
    await audit.record(tx, sender.person_id, "legal.undo", update.subject, sender.now, old={"version": update.version})
    return None


async def _begun(tx: Reading, update: Update) -> bool:
    """Tell whether anybody has opened the present version."""
    found = await tx.fetchval(
        "select 1 as found from legal_progress where update_id = $1 and version = $2 limit 1", update.id, update.version
    )
    return found is not None


async def _withdraw(tx: Tx, update: Update, now: int) -> None:
    await tx.execute("update legal_updates set closed_at = $2, digest = $3 where id = $1", update.id, now, _WITHDRAWN)
    await legal_reminders.withdraw(tx, update, now, "undone")


async def _go_back(tx: Tx, update: Update, old: dict[str, Any], new: dict[str, Any], sender: Sender) -> None:
    amended = old["version"] != new["version"]
    reworded = (old["cards"], old["questions"]) != (new["cards"], new["questions"])
    edition = new["edition"] + 1 if reworded and not amended else old["edition"]  # buttons under the mended words
    columns = {name: old[name] for name in _COLUMNS} | {"edition": edition}
    sets = ", ".join(f"{name} = ${place}" for place, name in enumerate(columns, start=2))
    await tx.execute(f"update legal_updates set {sets} where id = $1", update.id, *columns.values())  # noqa: S608 (own names)
    await tx.execute("delete from legal_audience where update_id = $1", update.id)
    for group in old["audience"]:
        await tx.execute("insert into legal_audience (update_id, audience) values ($1, $2)", update.id, group)
    await _words_back(tx, update, old, amended=amended)
    await _reminders_back(tx, update, sender, amended=amended)


async def _words_back(tx: Tx, update: Update, old: dict[str, Any], *, amended: bool) -> None:
    which = "where update_id = $1 and version = $2"
    if amended:
        await tx.execute(f"delete from legal_versions {which}", update.id, update.version)  # noqa: S608 (a constant)
        return
    words = old["cards"], old["questions"]
    sets = f"update legal_versions set cards = $3, questions = $4 {which}"  # noqa: S608 (a constant)
    await tx.execute(sets, update.id, update.version, *words)


async def _reminders_back(tx: Tx, update: Update, sender: Sender, *, amended: bool) -> None:
    after = await legal.find(tx, update.id)
    if amended:
        await legal_reminders.unpublish(tx, update, sender.now)
    if after.closed_at is None and (amended or after.deadline != update.deadline):
        await legal_reminders.plan(tx, after, await calendar.load(tx, sender.zone), sender.now)
