"""Legal updates: what they are, whom they concern, what is still to do. How one works through is elsewhere."""

import json
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.errors import Stale
from bot.store import Reading, Row, Tx
from bot.training.calendar import Calendar
from bot.training.legal_yaml import Question


@dataclass(frozen=True)
class Update:
    """One legal update; instants in UTC seconds, `effective_on` an ISO day. `deadline` is the end of its local day."""

    id: int
    number: str
    title: str
    version: int
    edition: int
    effective_on: str
    replaces: str | None
    deadline: int
    pass_mark: int
    digest: str
    published_at: int
    amended_at: int | None
    closed_at: int | None

    @property
    def subject(self) -> str:
        """Give the subject of its reminders."""
        return f"legal:{self.id}"

    @property
    def summary_subject(self) -> str:
        """Give the subject of the summaries to heads and HR."""
        return f"legal_summary:{self.id}"

    def days_left(self, now: int, zone: ZoneInfo) -> int:
        """Give the local days from today to the deadline: 0 on the day itself, negative afterwards."""
        days = Calendar(zone)
        return (days.local(self.deadline).date() - days.local(now).date()).days


@dataclass(frozen=True)
class Content:
    """The words of one version."""

    cards: tuple[str, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Evidence:
    """The proof that somebody has read and understood a version; `at` in UTC seconds."""

    version: int
    at: int
    right_answers: int
    questions: int


@dataclass(frozen=True)
class Task:
    """An update as it stands for one person; `evidence` is of the present version, `before` of an earlier one."""

    update: Update
    evidence: Evidence | None
    before: Evidence | None
    cards: int
    cards_read: int

    @property
    def state(self) -> str:
        """Give 'done', 'closed' (HR has ended it, nothing was confirmed) or 'open'."""
        return "done" if self.evidence else "closed" if self.update.closed_at is not None else "open"


_CONCERNED = """
    from people p join legal_audience a on a.audience = p.audience join legal_updates u on u.id = a.update_id
    where p.id = $1 and p.active = 1
"""


async def find(tx: Reading, update_id: int) -> Update:
    """Read an update. Raises Stale when there is none."""
    return _found(await tx.fetchrow("select * from legal_updates where id = $1", update_id))


async def locked(tx: Tx, update_id: int) -> Update:
    """Read an update that is about to be changed, under a row lock. Raises Stale when there is none."""
    return _found(await tx.fetchrow("select * from legal_updates where id = $1 for update", update_id))


def _found(row: Row | None) -> Update:
    if row is None:
        raise Stale
    return update_of(row)


def update_of(row: Row) -> Update:
    """Read an update from a row of `legal_updates`."""
    names = Update.__dataclass_fields__
    return Update(**{name: row[name] for name in names})


async def everything(tx: Reading) -> list[Update]:
    """Give all updates: those still open first, the most urgent first; then the closed ones, the latest first."""
    updates = [update_of(row) for row in await tx.fetch("select * from legal_updates")]
    return sorted(updates, key=lambda u: (u.closed_at is not None, -(u.closed_at or 0), u.deadline, u.id))


async def audience(tx: Reading, update_id: int) -> tuple[str, ...]:
    """Give the groups of people it concerns."""
    rows = await tx.fetch("select audience from legal_audience where update_id = $1 order by audience", update_id)
    return tuple(row["audience"] for row in rows)


async def content(tx: Reading, update: Update) -> Content:
    """Read the words of the present version."""
    row = await tx.fetchrow(
        "select cards, questions from legal_versions where update_id = $1 and version = $2", update.id, update.version
    )
    if row is None:
        raise LookupError(f"legal update {update.id} has no version {update.version}")
    questions = (
        Question(text, tuple(answers), right, why) for text, answers, right, why in json.loads(row["questions"])
    )
    return Content(tuple(json.loads(row["cards"])), tuple(questions))


async def concerning(tx: Reading, person_id: int) -> list[Task]:
    """Give all that concerns a person: open ones by deadline, then done ones, the latest first, then closed ones."""
    rows = await tx.fetch(f"select u.* {_CONCERNED}", person_id)
    tasks = [await _task(tx, person_id, update_of(row)) for row in rows]
    return sorted(tasks, key=_urgency)


def _urgency(task: Task) -> tuple[int, int, int]:
    at = -task.evidence.at if task.evidence else task.update.deadline
    return ["open", "done", "closed"].index(task.state), at, task.update.id


async def task(tx: Reading, person_id: int, update_id: int) -> Task:
    """Give one update as it stands for a person. Raises Stale when there is none or it does not concern them."""
    row = await tx.fetchrow(f"select u.* {_CONCERNED} and u.id = $2", person_id, update_id)
    return await _task(tx, person_id, _found(row))


async def _task(tx: Reading, person_id: int, update: Update) -> Task:
    rows = await tx.fetch(
        "select * from legal_evidence where person_id = $1 and update_id = $2 order by version", person_id, update.id
    )
    proofs = [evidence_of(row) for row in rows]
    read: int | None = await tx.fetchval(
        "select cards_read from legal_progress where person_id = $1 and update_id = $2 and version = $3",
        person_id,
        update.id,
        update.version,
    )
    return Task(
        update,
        next((e for e in proofs if e.version == update.version), None),
        next((e for e in reversed(proofs) if e.version < update.version), None),
        len((await content(tx, update)).cards),
        read or 0,
    )


def evidence_of(row: Row) -> Evidence:
    """Read the proof from a row of `legal_evidence`."""
    return Evidence(row["version"], row["at"], row["right_answers"], row["questions"])


async def open_tasks(tx: Reading, person_id: int, now: int) -> int:
    """Count what a person still has to work through, overdue or not."""
    done = "select 1 from legal_evidence e where e.person_id = p.id and e.update_id = u.id and e.version = u.version"
    unfinished = f"{_CONCERNED} and u.closed_at is null and not exists ({done})"
    count: int = await tx.fetchval(f"select count(*) {unfinished}", person_id)
    return count


async def titles(tx: Reading, person_id: int, now: int) -> list[tuple[int, str]]:
    """Give id and "title (number)" of every update that a person may find by searching."""
    rows = await tx.fetch(f"select u.id, u.title, u.number {_CONCERNED} order by u.deadline, u.id", person_id)
    return [(row["id"], f"{row['title']} ({row['number']})") for row in rows]
