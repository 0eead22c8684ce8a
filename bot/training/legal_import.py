"""Bringing legal updates in: what is new, changed or amended, and what follows for reminders.

What a file says and what is wrong in it is in legal_yaml.
"""

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from bot.errors import NotAllowed
from bot.folding import fold
from bot.store import Reading, Tx
from bot.training import calendar, legal, legal_reminders, legal_undo, rights, upload_changes
from bot.training.calendar import Calendar
from bot.training.legal import Update
from bot.training.legal_yaml import Entry, Fault, Plan, read
from bot.training.roster_sheet import RowError
from bot.training.upload_kinds import Kind, Report, Sender

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
__all__ = ["Change", "Difference", "Fault", "Plan", "apply", "compare", "read"]


@dataclass(frozen=True)
class Change:
    """An update that is there already and would change: which of its fields, named as `Entry` names them."""

    update: Update
    entry: Entry
    fields: tuple[str, ...]


@dataclass
class Difference:
    """What a plan would change, or has changed. `amended` ones begin again for everybody, `changed` ones do not."""

    new: list[Entry] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    amended: list[Change] = field(default_factory=list)
    unchanged: list[Entry] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


async def compare(tx: Reading, plan: Plan, zone: ZoneInfo = ZONE) -> Difference:
    """Tell what `plan` would change; `zone` is the one its days are meant in.

    An entry marked as amended counts as such once: the same file sent again changes nothing.
    """
    difference = Difference(faults=list(plan.faults))
    for entry in plan.entries:
        row = await tx.fetchrow("select * from legal_updates where number = $1", entry.number)
        if row is None or legal_undo.is_withdrawn(row):
            difference.new.append(entry)
            continue
        update = legal.update_of(row)
        fields = await _fields(tx, update, entry, zone)
        if update.digest == entry.digest or not (fields or entry.amended):
            difference.unchanged.append(entry)
        else:
            (difference.amended if entry.amended else difference.changed).append(Change(update, entry, fields))
    return difference


async def _fields(tx: Reading, update: Update, entry: Entry, zone: ZoneInfo) -> tuple[str, ...]:
    words = await legal.content(tx, update)
    there = {
        "title": update.title,
        "effective_on": update.effective_on,
        "replaces": update.replaces,
        "audience": set(await legal.audience(tx, update.id)),
        "deadline_on": Calendar(zone).day(update.deadline),
        "pass_mark": update.pass_mark,
        "cards": words.cards,
        "questions": words.questions,
    }
    told = {name: getattr(entry, name) for name in there} | {"audience": set(entry.audience)}
    return tuple(name for name in there if there[name] != told[name])


async def apply(tx: Tx, plan: Plan, now: int, zone: ZoneInfo = ZONE) -> Difference:
    """Bring `plan` in and give what it changed: new and amended ones are published, a moved deadline is planned anew.

    Entries with faults are left out; nothing is taken away that the file no longer has.
    """
    await tx.lock("legal_updates")
    days = await calendar.load(tx, zone)
    difference = await compare(tx, plan, zone)
    for entry in difference.new:
        await _publish(tx, entry, days, now)
    for change in difference.amended:
        await _update(tx, change, days, now, amended=True)
    for change in difference.changed:
        await _update(tx, change, days, now, amended=False)
    return difference


def end_of_day(days: Calendar, day: str) -> int:
    """Give the last second of a local day (ISO text) as UTC seconds."""
    return days.instant(dt.date.fromisoformat(day), dt.time(23, 59, 59))


async def _publish(tx: Tx, entry: Entry, days: Calendar, now: int) -> None:
    row = await tx.fetchrow("select * from legal_updates where number = $1", entry.number)
    if row is not None:  # it was published by mistake and taken back: it begins anew
        await _update(tx, Change(legal.update_of(row), entry, ()), days, now, amended=True)
        return
    columns = _columns(entry, days) | {"number": entry.number, "published_at": now}
    names = sorted(columns)
    marks = ", ".join(f"${place}" for place in range(1, len(names) + 1))
    update_id: int = await tx.fetchval(
        f"insert into legal_updates ({', '.join(names)}) values ({marks}) returning id",  # noqa: S608 (own names)
        *(columns[name] for name in names),
    )
    await _write_words(tx, update_id, 1, entry, now)
    await legal_reminders.plan(tx, await legal.find(tx, update_id), days, now)


async def _update(tx: Tx, change: Change, days: Calendar, now: int, *, amended: bool) -> None:
    update, entry = change.update, change.entry
    reworded = amended or bool({"cards", "questions"} & set(change.fields))
    columns = _columns(entry, days) | {"edition": update.edition + reworded}
    if amended:
        columns |= {"version": update.version + 1, "amended_at": now, "closed_at": None}
    names = sorted(columns)
    sets = ", ".join(f"{name} = ${place}" for place, name in enumerate(names, start=2))
    await tx.execute(
        f"update legal_updates set {sets} where id = $1",  # noqa: S608 (own names)
        update.id,
        *(columns[name] for name in names),
    )
    await _write_words(tx, update.id, columns.get("version", update.version), entry, now)
    after = await legal.find(tx, update.id)
    if after.closed_at is None and (amended or after.deadline != update.deadline):
        await legal_reminders.plan(tx, after, days, now)


def _columns(entry: Entry, days: Calendar) -> dict[str, Any]:
    return {
        "title": entry.title,
        "fold": fold(entry.title),
        "effective_on": entry.effective_on,
        "replaces": entry.replaces,
        "deadline": end_of_day(days, entry.deadline_on),
        "pass_mark": entry.pass_mark,
        "digest": entry.digest,
    }


async def _write_words(tx: Tx, update_id: int, version: int, entry: Entry, now: int) -> None:
    await tx.execute("delete from legal_audience where update_id = $1", update_id)
    for group in entry.audience:
        await tx.execute("insert into legal_audience (update_id, audience) values ($1, $2)", update_id, group)
    questions = [[q.text, q.answers, q.right, q.why] for q in entry.questions]
    await tx.execute(
        """
        insert into legal_versions (update_id, version, cards, questions, since) values ($1, $2, $3, $4, $5)
        on conflict (update_id, version) do update set cards = excluded.cards, questions = excluded.questions
        """,
        update_id,
        version,
        json.dumps(entry.cards, ensure_ascii=False),
        json.dumps(questions, ensure_ascii=False),
        now,
    )


async def _compare_sent(tx: Reading, plan: Plan, sender: Sender) -> Difference:
    await _check(tx, sender)
    return await compare(tx, plan, sender.zone)


async def _apply_sent(tx: Tx, plan: Plan, sender: Sender) -> Difference:
    await _check(tx, sender)
    numbers = [entry.number for entry in plan.entries]
    await tx.lock("legal_updates")
    before = await legal_undo.pictures(tx, numbers)
    difference = await apply(tx, plan, sender.now, sender.zone)
    for update_id, picture in (await legal_undo.pictures(tx, numbers)).items():
        await upload_changes.note(tx, sender.upload_id, f"legal:{update_id}", before.get(update_id), picture)
    return difference


async def _check(tx: Reading, sender: Sender) -> None:
    """Legal updates concern everybody: only HR of the whole publishes them. Raises NotAllowed."""
    if sender.person_id is not None and not await rights.covers(tx, sender.person_id, None):
        raise NotAllowed("file:legal")


def _report(filename: str, plan: Plan, difference: Difference) -> Report:
    counts = {
        "new": len(difference.new),
        "changed": len(difference.changed),
        "amended": len(difference.amended),
        "same": len(difference.unchanged),
    }
    names = {
        "new": [entry.title for entry in difference.new],
        "changed": [change.entry.title for change in difference.changed],
        "amended": [change.entry.title for change in difference.amended],
    }
    errors = [RowError(f.entry, f.reason, f.values, template="desk_laws/fault") for f in difference.faults]
    return Report("legal", filename, counts, errors, [], None, names)


UPLOAD = Kind("legal", read, _compare_sent, _apply_sent, _report, undo=legal_undo.undo, yaml=True)
