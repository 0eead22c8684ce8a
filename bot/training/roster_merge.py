"""A staff list that went out and came back edited: what the sender changed, what others changed meanwhile, who is gone.

A fact counts as edited when the file tells something else than the list told when it went out. One that only others
have changed since stays theirs. One that both have changed is a conflict: the sender says for the whole file whose
counts, and until then it is left as it is.
"""

from dataclasses import replace
from typing import Any

from bot.excel.cells import shown
from bot.folding import fold
from bot.training.exports import Export
from bot.training.roster_difference import Change, Difference
from bot.training.roster_matching import Matching
from bot.training.roster_sheet import Entry, Roster, RowError


def units_as_told(entries: list[Entry], export: Export | None) -> list[Entry]:
    """Give the rows without what they say of units just as the list did: it may have changed since."""
    if export is None:
        return entries
    went_out = {str(line["code"]).upper(): line for line in export.lines.values()}
    return [_edited_units(entry, went_out.get(entry.code or "")) for entry in entries]


def _edited_units(entry: Entry, line: dict[str, Any] | None) -> Entry:
    if line is None:
        return entry
    return replace(
        entry,
        parent=None if entry.parent == line["parent"] else entry.parent,
        old_unit=None if entry.old_unit == line["old_unit"] else entry.old_unit,
    )


def merge(difference: Difference, export: Export, roster: Roster, matching: Matching, *, mine: bool) -> None:
    """Narrow the changes to what the sender edited, and find whom they took off the list."""
    changed = []
    for change in difference.changed:
        line = export.lines.get(str(change.person_id))
        kept = change if line is None else _edited(change, line, difference, mine=mine)
        if kept.fields:
            changed.append(kept)
        else:
            difference.same += 1
    difference.changed = changed
    difference.of = len(export.lines)
    there = _names_and_codes(roster)
    difference.removed = [
        left
        for left in matching.left()
        if str(left.person_id) in export.lines and not there & {left.code.upper(), fold(left.name)}
    ]


def _edited(change: Change, line: dict[str, Any], difference: Difference, *, mine: bool) -> Change:
    fields: dict[str, tuple[Any, Any]] = {}
    for name, (present, told) in change.fields.items():
        went_out = True if name == "active" else line.get(name)
        if told == went_out:
            continue
        if present != went_out:
            values = {"fact": name, "present": shown(present), "told": shown(told), "mine": mine}
            difference.conflicts.append(RowError(change.entry.number, "conflict", values))
            if not mine:
                continue
        fields[name] = (present, told)
    return replace(change, fields=fields)


def _names_and_codes(roster: Roster) -> set[str]:
    """Give the codes of all rows and the names of those in error: who stands in one is not taken off the list."""
    wrong = {error.number for error in roster.errors}
    codes = {shown(row.get("code").value).replace(" ", "").upper() for row in roster.table.rows}
    return codes | {fold(shown(row.get("name").value)) for row in roster.table.rows if row.number in wrong}
