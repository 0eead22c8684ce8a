"""Signed decisions on sending people to a class (L3, R60): number, day, the paper with its SHA-256; the register.

A row is never changed but by adding its paper; a mistake is withdrawn and stays. The text of a decision before it is
signed is a paper of the class, see papers.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass

from bot.errors import Refused, Stale
from bot.folding import fold, tidy
from bot.store import Reading, Row, Tx
from bot.training import audit, rights, scans
from bot.training.courses import Course

LONGEST_NUMBER = 60  # letters
FIRST_YEAR = 1975
_COLUMNS = "d.id, d.course_id, d.number, d.signed_on, d.filename, d.sha256, d.by_person, d.at, d.withdrawn_at"
_SELECT = f"""
    select {_COLUMNS}, c.title, c.code, c.owner_unit_id from decisions d join courses c on c.id = d.course_id
"""  # noqa: S608 (constants)


@dataclass(frozen=True)
class Decision:
    """One signed decision; `signed_on` is an ISO day, `filename` and `sha256` None until its paper was sent."""

    id: int
    course_id: int
    title: str
    code: str
    number: str
    signed_on: str
    filename: str | None
    sha256: str | None
    withdrawn: bool

    @property
    def subject(self) -> str:
        """Give its subject in the log."""
        return f"decision:{self.id}"


def _decision(row: Row) -> Decision:
    return Decision(
        row["id"],
        row["course_id"],
        row["title"],
        row["code"],
        row["number"],
        row["signed_on"],
        row["filename"],
        row["sha256"],
        row["withdrawn_at"] is not None,
    )


def checked_number(text: str) -> str:
    """Give a typed number. Raises Refused for one too long or without a digit."""
    told = tidy(text)
    if len(told) > LONGEST_NUMBER or not any(letter.isdigit() for letter in told):
        raise Refused("decisions/number_wrong", limit=LONGEST_NUMBER)
    return told


def checked_day(day: dt.date | None, today: dt.date, told: str) -> str:
    """Give the day of signing as ISO text. Raises Refused for no day, one to come, or before 1975."""
    if day is None or day > today or day.year < FIRST_YEAR:
        raise Refused("decisions/day_wrong", value=told[:40])
    return day.isoformat()


async def find(tx: Reading, decision_id: int) -> Decision:
    """Read one, withdrawn or not. Raises Stale."""
    row = await tx.fetchrow(f"{_SELECT} where d.id = $1", decision_id)
    if row is None:
        raise Stale
    return _decision(row)


async def of_course(tx: Reading, course_id: int) -> list[Decision]:
    """Give the decisions of a class that are in force, the newest first."""
    rows = await tx.fetch(
        f"{_SELECT} where d.course_id = $1 and d.withdrawn_at is null order by d.signed_on desc, d.id desc", course_id
    )
    return [_decision(row) for row in rows]


async def in_reach(tx: Reading, clerk_id: int, words: str = "") -> list[Decision]:
    """Give the decisions on classes that a clerk sees, the newest first.

    `words` narrows to those with these in number, title or code of the class, diacritics apart.
    """
    rows = await tx.fetch(
        f"""
        {_SELECT} where d.withdrawn_at is null and {rights.seen("c.owner_unit_id", "$1")}
        order by d.signed_on desc, d.id desc
        """,
        clerk_id,
    )
    found = [_decision(row) for row in rows]
    wanted = fold(words)
    return [one for one in found if wanted in fold(f"{one.number} {one.title} {one.code}")] if wanted else found


async def record(tx: Tx, course: Course, number: str, signed_on: str, by: int, now: int) -> int:
    """Write that a decision on this class was signed and give its number. Raises Refused for one there is."""
    decision_id: int | None = await tx.fetchval(
        """
        insert into decisions (course_id, number, number_fold, signed_on, by_person, at)
        values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning id
        """,
        course.id,
        number,
        fold(number),
        signed_on,
        by,
        now,
    )
    if decision_id is None:
        raise Refused("decisions/there_already", number=number)
    await audit.record(tx, by, "decision.record", course.subject, now, new={"number": number, "day": signed_on})
    return decision_id


async def attach(tx: Tx, decision: Decision, content: bytes, by: int, now: int) -> Decision:
    """Keep the paper of a decision, once. Raises BadFile for what is no scan, Stale when it has one or is withdrawn."""
    kind, digest = scans.kind_of(content), hashlib.sha256(content).hexdigest()
    kept = await tx.execute(
        """
        update decisions set filename = $2, content = $3, sha256 = $4
        where id = $1 and content is null and withdrawn_at is null
        """,
        decision.id,
        f"quyet-dinh-{digest[:8]}.{kind}",
        content,
        digest,
    )
    if not kept:
        raise Stale
    await audit.record(tx, by, "decision.attach", decision.subject, now, new={"sha256": digest})
    return await find(tx, decision.id)


async def content(tx: Reading, decision: Decision) -> bytes:
    """Give the paper. Raises Stale when there is none."""
    found = await tx.fetchval("select content from decisions where id = $1", decision.id)
    if found is None:
        raise Stale
    return bytes(found)


async def withdraw(tx: Tx, decision: Decision, by: int, now: int) -> bool:
    """Take a decision that was recorded by mistake out of the register; its row stays. False when it was before."""
    withdrawn = await tx.execute(
        "update decisions set withdrawn_by = $2, withdrawn_at = $3 where id = $1 and withdrawn_at is null",
        decision.id,
        by,
        now,
    )
    if withdrawn:
        old = {"number": decision.number, "day": decision.signed_on}
        await audit.record(tx, by, "decision.withdraw", decision.subject, now, old=old)
    return withdrawn > 0
