"""What people ask back about an announcement, and the clerk's answers. Both sides are told by notice."""

from dataclasses import dataclass

from bot import outbox
from bot.errors import Refused, Stale
from bot.outbox import Owed
from bot.store import Reading, Row, Tx
from bot.training import audit, people, rights
from bot.training.broadcasts import Broadcast
from bot.training.calendar import Calendar

LONGEST = 1000  # letters; a longer text would not fit into a message beside its frame
MOST_OPEN = 5  # unanswered questions of one person
TOLD_FOR = 14 * 86_400  # seconds that a notice is worth sending


@dataclass(frozen=True)
class Question:
    """One question with who asks and, once answered, who answered; instants in UTC seconds."""

    id: int
    broadcast_id: int
    person_id: int
    name: str
    unit: str
    text: str
    asked_at: int
    answer: str | None
    clerk: str | None
    answered_at: int | None


_SELECT = """
    select q.*, p.name, u.name as unit, c.name as clerk from questions q
    join people p on p.id = q.person_id join units u on u.id = p.unit_id left join people c on c.id = q.answered_by
"""


def _question(row: Row) -> Question:
    asked = ("id", "broadcast_id", "person_id", "name", "unit", "text", "asked_at")
    return Question(*(row[name] for name in (*asked, "answer", "clerk", "answered_at")))


async def find(tx: Reading, question_id: int) -> Question:
    """Read a question. Raises Stale when there is none."""
    row = await tx.fetchrow(f"{_SELECT} where q.id = $1", question_id)
    if row is None:
        raise Stale
    return _question(row)


async def opened(tx: Reading, question_id: int, clerk_id: int) -> Question:
    """Read a question for a clerk. Raises NotAllowed when their rights do not cover who asks, Stale for none."""
    question = await find(tx, question_id)
    await rights.check_person(tx, clerk_id, question.person_id)
    return question


async def waiting(tx: Reading, clerk_id: int) -> list[Question]:
    """Give the questions without an answer of those whom a clerk's rights cover, the oldest first."""
    within = f"{_SELECT} where q.answered_at is null and {rights.covered('p.unit_id', '$1')} order by q.id"
    return [_question(row) for row in await tx.fetch(within, clerk_id)]


async def may_ask(tx: Reading, person_id: int) -> None:
    """Raise Refused when a person has too many questions open."""
    count = await tx.fetchval("select count(*) from questions where person_id = $1 and answered_at is null", person_id)
    if count >= MOST_OPEN:
        raise Refused("questions/too_many", limit=MOST_OPEN)


async def ask(tx: Tx, broadcast: Broadcast, person_id: int, text: str, days: Calendar, now: int) -> list[str]:
    """Keep a question and pass it on to the clerk who sent the announcement; gives the names of who is told.

    When that clerk cannot be told any more, the clerks of the person are. Raises Refused when it is too long, or too
    many are open.
    """
    _check(text)
    await may_ask(tx, person_id)
    question_id = await tx.fetchval(
        "insert into questions (broadcast_id, person_id, text, asked_at) values ($1, $2, $3, $4) returning id",
        broadcast.id,
        person_id,
        text,
        now,
    )
    clerks = await _clerks(tx, broadcast, person_id)
    for clerk in clerks:
        await _tell(tx, "question_new", question_id, clerk, days, now)
    return [(await people.find(tx, clerk)).name for clerk in clerks]


async def _clerks(tx: Reading, broadcast: Broadcast, person_id: int) -> list[int]:
    sender, person = broadcast.sent_by, await people.find(tx, person_id)
    reached = sender in await rights.clerks(tx) and await people.chat_of(tx, sender or 0) is not None
    if sender is not None and reached and await rights.covers(tx, sender, person.unit_id):
        return [sender]
    return await rights.clerks_for(tx, person_id)


async def answer(tx: Tx, question_id: int, clerk_id: int, text: str, days: Calendar, now: int) -> Question:
    """Answer a question and let its author be told. Raises Stale when that was done before, NotAllowed as `opened`."""
    _check(text)
    await opened(tx, question_id, clerk_id)
    done = await tx.execute(
        """
        update questions set answer = $2, answered_by = $3, answered_at = $4 where id = $1 and answered_at is null
        """,
        question_id,
        text,
        clerk_id,
        now,
    )
    if not done:
        raise Stale("questions/answered_already")
    await audit.record(tx, clerk_id, "question.answer", f"question:{question_id}", now, new=text)
    await outbox.withdraw(tx, f"question:{question_id}", now, "answered")
    question = await find(tx, question_id)
    await _tell(tx, "question_answered", question_id, question.person_id, days, now)
    return question


def _check(text: str) -> None:
    if len(text) > LONGEST:
        raise Refused("questions/too_long", limit=LONGEST)


async def _tell(tx: Tx, kind: str, question_id: int, person_id: int, days: Calendar, now: int) -> None:
    subject = f"question:{question_id}"
    owed = Owed(
        f"{subject}:{kind}:{person_id}", kind, subject, person_id, days.soon(now), now + TOLD_FOR, [question_id]
    )
    await outbox.put(tx, owed, now)
