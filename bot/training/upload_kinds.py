"""What a kind of file that HR sends consists of, and what its sender is told. Which kinds there are: uploads."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from bot.excel.reader import Table
from bot.store import Reading, Tx
from bot.training.roster_sheet import RowError

Progress = Callable[[int, int], None]
UNTOUCHED = ("same", "left")  # figures of a report that tell of no change


@dataclass(frozen=True)
class Sender:
    """Who sends a file and when; `person_id` None is the command line, whose reach is the whole.

    `now` is in UTC seconds, `zone` the one the file's days and times are meant in; `progress` gets (done, of).
    """

    person_id: int | None
    now: int
    zone: ZoneInfo
    progress: Progress | None = None


@dataclass(frozen=True)
class Report:
    """What a file would change, or has changed: figures by name, remarks by row, the sheet to give back.

    `errors` are rows that stay out, `notes` rows that come in with a remark. `changes` are names with what changes.
    `refused` are subjects beyond the sender's rights, for the log.
    """

    kind: str
    filename: str
    counts: dict[str, int]
    errors: Sequence[RowError]
    notes: Sequence[RowError]
    table: Table | None
    names: dict[str, list[str]] = field(default_factory=dict)
    changes: Sequence[tuple[str, Sequence[str]]] = ()
    refused: Sequence[str] = ()

    @property
    def nothing(self) -> bool:
        """Tell whether applying would change nothing."""
        return not any(count for name, count in self.counts.items() if name not in UNTOUCHED)


@dataclass(frozen=True)
class Kind:
    """One kind of file. `name` is also that of its screen, templates/…/uploads/<name>.j2.

    `read` gets content and file name, runs in a thread, and raises BadFile: with files/missing_columns when it is
    no such list. `compare` tells the difference and writes nothing; `apply` compares anew, writes, and tells what it
    did; both check how far the sender's rights reach. `report` gets file name, what was read, the difference.
    """

    name: str
    read: Callable[[bytes, str], Any]
    compare: Callable[[Reading, Any, Sender], Awaitable[Any]]
    apply: Callable[[Tx, Any, Sender], Awaitable[Any]]
    report: Callable[[str, Any, Any], Report]
    yaml: bool = False  # a .yaml file; else a workbook
