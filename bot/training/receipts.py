"""Who has read and understood an announcement: confirming, the check question, counts, reminding. Words elsewhere."""

import json
from dataclasses import dataclass

from bot.errors import Refused, Stale
from bot.outbox import REMINDER
from bot.store import Reading, Tx
from bot.training import broadcasts
from bot.training.broadcasts import Broadcast
from bot.training.calendar import Calendar
from bot.training.who_not import Missing

FEWEST, MOST = 2, 4  # answers of a check question
LONGEST_QUESTION, LONGEST_ANSWER = 300, 60
USEFUL = 3 * 86_400  # seconds that a reminder to confirm is worth sending

# $1 the subject of the announcement, $2 its id: those who got it, or may have.
_GOT = """
    from outbox o join people p on p.id = o.person_id join units u on u.id = p.unit_id
    left join receipts r on r.broadcast_id = $2 and r.person_id = p.id
    where o.subject = $1 and o.kind = 'broadcast' and o.state in ('sent', 'unknown')
"""


@dataclass(frozen=True)
class UnitReceipts:
    """How many of a unit got an announcement, and how many of them have confirmed it."""

    unit: str
    got: int
    confirmed: int


@dataclass(frozen=True)
class Line:
    """One person of an announcement's audience: what became of it, and when they confirmed (UTC seconds)."""

    code: str
    name: str
    unit: str
    phone: str | None
    state: str
    reason: str | None
    confirmed_at: int | None


async def ask_for(tx: Tx, broadcast: Broadcast, wanted: bool, now: int) -> Broadcast:
    """Put the button under a draft, or take it off with its question."""
    await tx.execute(
        "update broadcasts set receipt = $2, question = null, answers = null, right_answer = null where id = $1",
        broadcast.id,
        int(wanted),
    )
    return await broadcasts.changed(tx, broadcast, now)


async def set_question(tx: Tx, broadcast: Broadcast, question: str, now: int) -> Broadcast:
    """Give a draft its check question; the answers come next. Raises Refused when it is too long."""
    if len(question) > LONGEST_QUESTION:
        raise Refused("receipts/question_too_long", limit=LONGEST_QUESTION)
    await tx.execute(
        "update broadcasts set receipt = 1, question = $2, answers = null, right_answer = null where id = $1",
        broadcast.id,
        question,
    )
    return await broadcasts.changed(tx, broadcast, now)


async def set_answers(tx: Tx, broadcast: Broadcast, lines: str, now: int) -> Broadcast:
    """Give the check question its answers, one a line. Raises Refused unless there are two to four short ones."""
    answers = list(dict.fromkeys(filter(None, (" ".join(line.split()) for line in lines.splitlines()))))
    if not FEWEST <= len(answers) <= MOST or any(len(answer) > LONGEST_ANSWER for answer in answers):
        raise Refused("receipts/answers_wrong", fewest=FEWEST, most=MOST, limit=LONGEST_ANSWER)
    await tx.execute(
        "update broadcasts set answers = $2, right_answer = null where id = $1",
        broadcast.id,
        json.dumps(answers, ensure_ascii=False),
    )
    return await broadcasts.changed(tx, broadcast, now)


async def mark_right(tx: Tx, broadcast: Broadcast, place: int, now: int) -> Broadcast:
    """Say which answer is right, by its place from 0. Raises Stale when there is no such answer."""
    if not 0 <= place < len(broadcast.answers):
        raise Stale
    await tx.execute("update broadcasts set right_answer = $2 where id = $1", broadcast.id, place)
    return await broadcasts.changed(tx, broadcast, now)


async def concerned(tx: Reading, broadcast: Broadcast, person_id: int) -> bool:
    """Tell whether a person is of the frozen audience."""
    found = await tx.fetchval(
        "select 1 as found from broadcast_people where broadcast_id = $1 and person_id = $2", broadcast.id, person_id
    )
    return found is not None


async def given_at(tx: Reading, broadcast_id: int, person_id: int) -> int | None:
    """Give when a person confirmed (UTC seconds)."""
    at: int | None = await tx.fetchval(
        "select at from receipts where broadcast_id = $1 and person_id = $2", broadcast_id, person_id
    )
    return at


async def confirm(tx: Tx, broadcast: Broadcast, person_id: int, now: int) -> int:
    """Record that a person of the audience has read and understood; gives when they first did (UTC seconds)."""
    await tx.execute(
        """
        insert into receipts (broadcast_id, person_id, at) values ($1, $2, $3)
        on conflict (broadcast_id, person_id) do nothing
        """,
        broadcast.id,
        person_id,
        now,
    )
    return await given_at(tx, broadcast.id, person_id) or now


async def by_unit(tx: Reading, broadcast: Broadcast) -> list[UnitReceipts]:
    """Count who got it and who confirmed, unit by unit."""
    rows = await tx.fetch(
        f"""
        select u.name, count(*) as got, count(r.id) as confirmed {_GOT}
        group by u.id, u.name, u.fold order by u.fold
        """,
        broadcast.subject,
        broadcast.id,
    )
    return [UnitReceipts(row["name"], int(row["got"]), int(row["confirmed"])) for row in rows]


async def missing(tx: Reading, broadcast: Broadcast) -> list[Missing]:
    """Give who got it and has not confirmed, by unit, then by name."""
    rows = await tx.fetch(
        f"select p.id, p.code, p.name, u.name as unit {_GOT} and r.id is null order by u.fold, u.id, p.fold, p.id",
        broadcast.subject,
        broadcast.id,
    )
    return [Missing(row["id"], row["code"], row["name"], row["unit"]) for row in rows]


async def lines(tx: Reading, broadcast: Broadcast) -> list[Line]:
    """Give everybody of the audience with what became of it, by unit, then by name."""
    rows = await tx.fetch(
        """
        select p.code, p.name, u.name as unit, p.phone, o.state, o.reason, r.at
        from outbox o join people p on p.id = o.person_id join units u on u.id = p.unit_id
        left join receipts r on r.broadcast_id = $2 and r.person_id = p.id
        where o.subject = $1 and o.kind = 'broadcast' order by u.fold, u.id, p.fold, p.id
        """,
        broadcast.subject,
        broadcast.id,
    )
    names = ("code", "name", "unit", "phone", "state", "reason", "at")
    return [Line(*(row[name] for name in names)) for row in rows]


async def nudge(tx: Tx, broadcast: Broadcast, days: Calendar, now: int) -> int:
    """Owe a reminder to everybody who got it and has not confirmed, once a local day; gives how many are new."""
    if not broadcast.receipt or not broadcast.started_at:
        raise Stale
    due_at = days.soon(now)
    return await tx.execute(
        f"""
        insert into outbox (unique_key, kind, priority, subject, person_id, args, due_at, expires_at, created_at)
        select $3 || cast(p.id as text), 'broadcast_nudge', cast($4 as bigint), $5, p.id, $6,
            cast($7 as bigint), cast($8 as bigint), cast($9 as bigint)
        {_GOT} and r.id is null
        on conflict (unique_key) do nothing
        """,
        broadcast.subject,
        broadcast.id,
        f"{broadcast.nudge_subject}:{days.day(due_at)}:",
        REMINDER,
        broadcast.nudge_subject,
        json.dumps([broadcast.id]),
        due_at,
        due_at + USEFUL,
        now,
    )
