"""What people ask about their own data, and HR's answers: owed within two working days. Who may ask is not here."""

from dataclasses import dataclass

from bot import outbox
from bot.errors import Refused, Stale
from bot.outbox import Owed
from bot.store import Reading, Row, Tx
from bot.training import audit, rights
from bot.training.calendar import Calendar

WORKING_DAYS = 2  # answer owed by law on personal data (NĐ 356/2025/NĐ-CP)
LONGEST = 1000  # letters; a longer text would not fit into a message beside its frame
TOLD_FOR = 14 * 86_400  # seconds that a notice about a request is worth sending


@dataclass(frozen=True)
class Request:
    """One request; instants in UTC seconds, `answer` and `done_at` once HR has answered."""

    id: int
    person_id: int
    name: str
    code: str
    unit: str
    text: str
    created_at: int
    due_at: int
    done_at: int | None
    answer: str | None


_SELECT = """
    select r.*, p.name, p.code, u.name as unit from requests r
    join people p on p.id = r.person_id join units u on u.id = p.unit_id
"""


def _request(row: Row) -> Request:
    names = ("id", "person_id", "name", "code", "unit", "text", "created_at", "due_at", "done_at", "answer")
    return Request(*(row[name] for name in names))


async def find(tx: Reading, request_id: int) -> Request:
    """Read a request. Raises Stale when there is none."""
    row = await tx.fetchrow(f"{_SELECT} where r.id = $1", request_id)
    if row is None:
        raise Stale
    return _request(row)


async def waiting(tx: Reading, clerk_id: int) -> list[Request]:
    """Give the requests without an answer of the people whom a clerk's rights cover, the most urgent first."""
    rows = await tx.fetch(
        f"{_SELECT} where r.done_at is null and {rights.covered('p.unit_id', '$1')} order by r.due_at, r.id", clerk_id
    )
    return [_request(row) for row in rows]


async def of_person(tx: Reading, person_id: int) -> list[Request]:
    """Give a person's own requests, newest first."""
    return [_request(row) for row in await tx.fetch(f"{_SELECT} where r.person_id = $1 order by r.id desc", person_id)]


async def open_tasks(tx: Reading, person_id: int, now: int) -> int:
    """Count the requests that wait for this clerk; 0 for everybody else."""
    return len(await waiting(tx, person_id))


async def ask(tx: Tx, person_id: int, text: str, calendar: Calendar, now: int) -> Request:
    """Write a request and let the clerks of the person be told. Raises Refused for a text that is too long."""
    _check(text)
    request_id = await tx.fetchval(
        "insert into requests (person_id, text, created_at, due_at) values ($1, $2, $3, $4) returning id",
        person_id,
        text,
        now,
        calendar.working_days_after(now, WORKING_DAYS),
    )
    for clerk in await rights.clerks_for(tx, person_id):
        await _tell(tx, "request_new", request_id, clerk, calendar, now)
    return await find(tx, request_id)


async def opened(tx: Tx, request_id: int, clerk_id: int) -> Request:
    """Read a request for a clerk. Raises NotAllowed when their rights do not cover its author, Stale for none."""
    request = await find(tx, request_id)
    await rights.check_person(tx, clerk_id, request.person_id)
    return request


async def answer(tx: Tx, request_id: int, clerk_id: int, text: str, calendar: Calendar, now: int) -> Request:
    """Answer a request and let its author be told. Raises Stale when that was done before, NotAllowed as `opened`."""
    _check(text)
    await opened(tx, request_id, clerk_id)
    if not await tx.execute(
        "update requests set done_at = $2, answer = $3 where id = $1 and done_at is null", request_id, now, text
    ):
        raise Stale("requests/answered_already")
    await outbox.withdraw(tx, f"request:{request_id}", now, "answered")
    request = await find(tx, request_id)
    await audit.record(tx, clerk_id, "request.answer", f"request:{request_id}", now, new=text)
    await _tell(tx, "request_answered", request_id, request.person_id, calendar, now)
    return request


def _check(text: str) -> None:
    if len(text) > LONGEST:
        raise Refused("requests/too_long", limit=LONGEST)


async def _tell(tx: Tx, kind: str, request_id: int, person_id: int, calendar: Calendar, now: int) -> None:
    subject = f"request:{request_id}"
    key = f"{subject}:{kind}:{person_id}"
    await outbox.put(tx, Owed(key, kind, subject, person_id, calendar.soon(now), now + TOLD_FOR, [request_id]), now)
