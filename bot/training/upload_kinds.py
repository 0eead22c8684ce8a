"""What a kind of file that HR sends consists of, and what its sender is told. Which kinds there are: uploads."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from bot.excel.reader import Table
from bot.store import Tx
from bot.training.course_reschedules import Reschedule
from bot.training.roster_sheet import RowError
from bot.training.upload_changes import Change

Progress = Callable[[int, int], None]
# Figures of a report that tell of no change: what stays, and what the whole file adds up to.
UNTOUCHED = ("same", "left", "turns", "classes", "unmatched", "planned", "approved", "paid")
DRASTIC = 5  # a fifth


@dataclass(frozen=True)
class Sender:
    """Who sends a file and when; `person_id` None is the command line, whose reach is the whole.

    `now` is in UTC seconds, `zone` the one the file's days and times are meant in; `progress` gets (done, of).
    `mine`: where somebody else has changed the same meanwhile, the file counts. `removing` is how many people the
    sender has said yes to taking off. `wait` is how many hours people have to answer a changed schedule before silence
    frees their seat, 0: it frees none. `upload_id` is under what the changes are kept to be undone, None: not at all.
    """

    person_id: int | None
    now: int
    zone: ZoneInfo
    progress: Progress | None = None
    mine: bool = False
    removing: int = 0
    wait: int = 0
    upload_id: int | None = None


@dataclass(frozen=True)
class Report:
    """What a file would change, or has changed: figures by name, remarks by row, the sheet to give back.

    `errors` are rows that stay out, `notes` rows that come in with a remark. `changes` are names with what changes.
    `removed` names whom the file takes off its list, `of` how many were on it; `conflicts` counts what somebody else
    has changed meanwhile; `refused` are subjects beyond the sender's rights, for the log. `rescheduled` are the
    courses with another schedule.
    """

    kind: str
    filename: str
    counts: dict[str, int]
    errors: Sequence[RowError]
    notes: Sequence[RowError]
    table: Table | None
    names: dict[str, list[str]] = field(default_factory=dict)
    changes: Sequence[tuple[str, Sequence[str]]] = ()
    removed: Sequence[str] = ()
    of: int = 0
    conflicts: int = 0
    refused: Sequence[str] = ()
    rescheduled: Sequence[Reschedule] = ()

    @property
    def drastic(self) -> bool:
        """Tell whether so many are taken off that their number is to be typed: more than a fifth of the list."""
        return len(self.removed) * DRASTIC > self.of

    @property
    def nothing(self) -> bool:
        """Tell whether applying would change nothing."""
        told = any(count for name, count in self.counts.items() if name not in UNTOUCHED)
        return not (told or self.removed or self.conflicts)


@dataclass(frozen=True)
class Kind:
    """One kind of file. `name` is also that of its screen, templates/…/uploads/<name>.j2.

    `read` gets content and file name, runs in a thread, and raises BadFile: with files/missing_columns when it is
    no such list. `compare` tells the difference and leaves all as it is; `apply` compares anew, writes, and tells
    what it did; both check how far the sender's rights reach. `report` gets file name, what was read, the difference.
    `undo` takes one change back that `apply` has noted (upload_changes.note), as far as it is still so, and gives
    the name of what it had to leave, or None; without it the kind cannot be undone.
    """

    name: str
    read: Callable[[bytes, str], Any]
    compare: Callable[[Tx, Any, Sender], Awaitable[Any]]
    apply: Callable[[Tx, Any, Sender], Awaitable[Any]]
    report: Callable[[str, Any, Any], Report]
    undo: Callable[[Tx, Change, Sender], Awaitable[str | None]] | None = None
    yaml: bool = False  # a .yaml file; else a workbook
