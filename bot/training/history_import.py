"""Bringing training of earlier years into the ledger: whose each turn is, what is new, what has changed.

What the rows of a workbook mean is in history_sheet.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.folding import fold
from bot.store import Reading, Tx
from bot.training import audit, people, records, rights, row_reading, upload_changes
from bot.training.calendar import Calendar
from bot.training.history_sheet import LEARNERS, OWN, Plan, Turn, read
from bot.training.records import Kept, Record
from bot.training.roster_sheet import RowError
from bot.training.row_reading import RowReader
from bot.training.upload_kinds import Kind, Report, Sender

__all__ = ["Difference", "Plan", "apply", "compare", "read"]

UNDONE = "undone"  # the reason kept with what a list told before, when the list is taken back


@dataclass(frozen=True)
class Change:
    """A turn that the ledger tells otherwise."""

    kept: Kept
    record: Record


@dataclass
class Difference:
    """What a plan would change, or has changed; `unmatched` turns are of nobody on the HR list."""

    new: list[Record] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    same: int = 0
    unmatched: int = 0
    errors: list[RowError] = field(default_factory=list)
    notes: list[RowError] = field(default_factory=list)
    categories: Counter[str] = field(default_factory=Counter)  # every sound turn of the file, new or not
    classes: Counter[str] = field(default_factory=Counter)  # … of those with a class code
    years: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class _Person:
    id: int
    code: str
    fold: str
    unit_fold: str
    covered: bool


@dataclass(frozen=True)
class _People:
    by_code: Mapping[str, _Person]
    by_name: Mapping[tuple[str, str], _Person | None]

    def find(self, record: Record) -> _Person | None:
        """Give the one a turn is of: by code, else by name and unit where that is one person only."""
        if record.code:
            return self.by_code.get(record.code.casefold())
        return self.by_name.get((fold(record.name), fold(record.unit)))


async def compare(tx: Reading, plan: Plan, sender: Sender) -> Difference:
    """Tell what `plan` would change."""
    difference = Difference(errors=list(plan.errors), notes=list(plan.notes))
    years = [turn.record.year for turn in plan.turns]
    there = await records.living(tx, min(years), max(years)) if years else {}
    people = await _people(tx, sender.person_id)
    whole = sender.person_id is None or await rights.covers(tx, sender.person_id, None)
    reader = RowReader(LEARNERS, "history/rows", OWN, difference.errors)
    today = Calendar(sender.zone).day(sender.now)
    for turn in plan.turns:
        if turn.record.to_on > today:
            reader.wrong(turn.row, "name", "not_over", turn.record.to_on)
            continue
        _compare_one(turn, people, there, whole, reader, difference)
    return difference


def _compare_one(
    turn: Turn, people: _People, there: Mapping[str, Kept], whole: bool, reader: RowReader, difference: Difference
) -> None:
    person = people.find(turn.record)
    if person is not None and fold(turn.record.name) != person.fold:
        difference.notes.append(reader.error(turn.row, "code", "other_name", turn.record.code))
        person = None
    if not (whole if person is None else person.covered):
        reader.wrong(turn.row, "name", "not_covered", turn.record.name)
        return
    record = replace(turn.record, person_id=person.id if person else None)
    kept = there.get(record.key)
    if kept is not None and kept.record.source != "history":
        if not _same_turn(kept.record, record):
            reader.wrong(turn.row, "name", "changed_here", record.class_code or record.title[:40])
            return
        record = kept.record
    _count(difference, record, kept)


def _same_turn(own: Record, told: Record) -> bool:
    """Tell whether a list tells a turn of a course or certificate as the ledger has it; marks it does not tell."""
    return own.same_as(replace(told, mark=own.mark, level=own.level, institution=own.institution))


def _count(difference: Difference, record: Record, kept: Kept | None) -> None:
    difference.categories[record.category] += 1
    difference.years.add(record.year)
    if record.class_code:
        difference.classes[record.class_code] += 1
    difference.unmatched += record.person_id is None
    if kept is None:
        difference.new.append(record)
    elif kept.record.same_as(record):
        difference.same += 1
    else:
        difference.changed.append(Change(kept, record))


async def _people(tx: Reading, clerk_id: int | None) -> _People:
    covered = "1" if clerk_id is None else f"case when {rights.covered('p.unit_id', '$1')} then 1 else 0 end"
    rows = await tx.fetch(
        f"""
        select p.id, p.code, p.fold, u.fold as unit_fold, {covered} as covered
        from people p join units u on u.id = p.unit_id
        """,  # noqa: S608 (constants)
        *([] if clerk_id is None else [clerk_id]),
    )
    everybody = [_Person(r["id"], r["code"], r["fold"], r["unit_fold"], bool(r["covered"])) for r in rows]
    by_name: dict[tuple[str, str], _Person | None] = {}
    for one in everybody:
        place = (one.fold, one.unit_fold)
        by_name[place] = None if place in by_name else one  # two of one name in a unit: nobody can tell which
    return _People({one.code.casefold(): one for one in everybody}, by_name)


async def apply(tx: Tx, plan: Plan, sender: Sender) -> Difference:
    """Bring `plan` in and give what it changed: a turn that is told otherwise gets a new row, the old one stays."""
    await tx.lock("history import")
    difference = await compare(tx, plan, sender)
    for record in difference.new:
        await _note(tx, await records.put(tx, record, sender.person_id, sender.now), None, sender)
    for change in difference.changed:
        number = await records.put(tx, change.record, sender.person_id, sender.now, replaces=change.kept.id)
        await _note(tx, number, change.kept.id, sender)
    if difference.new or difference.changed:
        counts = {"new": len(difference.new), "changed": len(difference.changed)}
        years = f"{min(difference.years)}-{max(difference.years)}"
        await audit.record(tx, sender.person_id, "history.import", f"years:{years}", sender.now, new=counts)
    return difference


async def _note(tx: Tx, record_id: int, replaces: int | None, sender: Sender) -> None:
    old = None if replaces is None else {"turn": replaces}
    await upload_changes.note(tx, sender.upload_id, f"turn:{record_id}", old, {"turn": record_id})


async def undo(tx: Tx, change: upload_changes.Change, sender: Sender) -> str | None:
    """End a turn that a file brought in; one that it replaced stands again in a row of its own.

    What was told otherwise since stays, and so does what the sender's rights no longer cover: gives the name then.
    """
    await tx.lock("history import")
    kept = await records.find(tx, change.number)
    whose = kept.record.person_id
    covered = sender.person_id is not None and await _covered(tx, sender.person_id, whose)
    standing = await _standing(tx, kept)
    if not covered or standing is None:
        return kept.record.name
    if change.old is None:
        await records.end(tx, standing, sender.now)
    else:
        before = await records.find(tx, change.old["turn"])
        await records.put(tx, before.record, sender.person_id, sender.now, replaces=standing, reason=UNDONE)
    return None


async def _standing(tx: Reading, kept: records.Kept) -> int | None:
    """Give the row in which a turn stands: its own, or the one that came back when a later list was undone."""
    if await records.stands(tx, kept.id):
        return kept.id
    number = await tx.fetchval(
        "select id from training_records where key = $1 and ended_at is null and reason = $2", kept.record.key, UNDONE
    )
    same = number is not None and (await records.find(tx, number)).record.same_as(kept.record)
    return number if same else None


async def _covered(tx: Reading, clerk_id: int, person_id: int | None) -> bool:
    """Tell whether a clerk may change somebody's turns; those of nobody on the list are for who has the whole."""
    unit_id = None if person_id is None else (await people.find(tx, person_id)).unit_id
    return await rights.covers(tx, clerk_id, unit_id)


def _report(filename: str, plan: Plan, difference: Difference) -> Report:
    counts = {
        "new": len(difference.new),
        "changed": len(difference.changed),
        "same": difference.same,
        "turns": difference.categories.total(),
        "classes": len(difference.classes),
        "unmatched": difference.unmatched,
    }
    names = {
        "categories": [f"{count} {name}" for name, count in difference.categories.items()],
        "classes": [f"{name}: {count}" for name, count in difference.classes.items()],
    }
    return Report(
        "history",
        filename,
        counts,
        difference.errors,
        difference.notes,
        plan.table,
        names,
        refused=row_reading.refused(difference.errors),
    )


UPLOAD = Kind("history", read, compare, apply, _report, undo=undo)
