"""The register of certificates (L5): issued for our courses, or sent in by people from outside and confirmed by HR.

Files that people send are in certificate_files; the hours of an outside certificate join the ledger when confirmed.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from bot import outbox
from bot.errors import Refused, Stale
from bot.folding import fold
from bot.outbox import Owed
from bot.store import Reading, Row, Tx
from bot.training import audit, people, records, rights
from bot.training.calendar import Calendar
from bot.training.courses import CATEGORIES, Course
from bot.training.records import Kept, Record

LONGEST = 200  # letters of a title, an issuer, a number
LARGEST_HOURS = 2000  # lesson periods of one certificate
USEFUL = 14 * 86_400  # seconds
DECIDED, ISSUED = "certificate_decided", "certificate_issued"  # the notices to who holds one
WITHDRAWN = "withdrawn"  # the reason kept with one that was registered by mistake and taken back


@dataclass(frozen=True)
class Facts:
    """What a certificate says. `issued_on` is an ISO day, `hours` are lesson periods."""

    title: str
    issuer: str
    number: str
    issued_on: str
    hours: int
    category: str


@dataclass(frozen=True)
class Certificate:
    """One row of the register. States: 'waiting' for HR, 'valid', 'refused', 'replaced' by a re-issue."""

    id: int
    person_id: int
    name: str
    code: str
    unit: str
    course_id: int | None
    facts: Facts
    file_id: int | None
    sha256: str | None
    state: str
    reason: str | None
    replaces_id: int | None
    decided_at: int | None

    @property
    def subject(self) -> str:
        """Give the subject of what is told about it."""
        return f"certificate:{self.id}"

    @property
    def standing(self) -> str:
        """Give its state as people are told: 'withdrawn' for one that was registered by mistake."""
        return WITHDRAWN if self.state == "refused" and self.reason == WITHDRAWN else self.state


_SELECT = """
    select c.*, p.name, p.code, u.name as unit, f.sha256 from certificates c
    join people p on p.id = c.person_id join units u on u.id = p.unit_id
    left join certificate_files f on f.id = c.file_id
"""


def _certificate(row: Row) -> Certificate:
    facts = Facts(row["title"], row["issuer"], row["number"], row["issued_on"], row["hours"], row["category"])
    names = ("file_id", "sha256", "state", "reason", "replaces_id", "decided_at")
    whose = (row["id"], row["person_id"], row["name"], row["code"], row["unit"], row["course_id"])
    return Certificate(*whose, facts, *(row[name] for name in names))


async def find(tx: Reading, certificate_id: int) -> Certificate:
    """Read a certificate. Raises Stale when there is none."""
    row = await tx.fetchrow(f"{_SELECT} where c.id = $1", certificate_id)
    if row is None:
        raise Stale
    return _certificate(row)


async def of_person(tx: Reading, person_id: int) -> list[Certificate]:
    """Give everything a person has in the register, the newest first."""
    rows = await tx.fetch(f"{_SELECT} where c.person_id = $1 order by c.issued_on desc, c.id desc", person_id)
    return [_certificate(row) for row in rows]


async def of_course(tx: Reading, course_id: int) -> dict[int, Certificate]:
    """Give the valid certificate of each learner of a course."""
    rows = await tx.fetch(f"{_SELECT} where c.course_id = $1 and c.state = 'valid' order by c.id", course_id)
    return {row["person_id"]: _certificate(row) for row in rows}


async def in_reach(tx: Reading, clerk_id: int, *, only_waiting: bool = False) -> list[Certificate]:
    """Give the register of the people in a clerk's reach, the newest first; `only_waiting` the oldest first."""
    wanted, order = (
        ("c.state = 'waiting'", "c.id") if only_waiting else ("c.state <> 'refused'", "c.issued_on desc, c.id")
    )
    rows = await tx.fetch(
        f"{_SELECT} where {wanted} and {rights.covered('p.unit_id', '$1')} order by {order}",
        clerk_id,
    )
    return [_certificate(row) for row in rows]


def checked_day(day: dt.date, today: dt.date) -> str:
    """Give a day of issue as ISO text. Raises Refused for one to come, or before 1975."""
    if day > today or day.year < 1975:
        raise Refused("certificates/day_wrong", value=f"{day:%d/%m/%Y}")
    return day.isoformat()


def checked_words(text: str) -> str:
    """Give typed words. Raises Refused when they are too long or hold no letter or digit."""
    if len(text) > LONGEST or not fold(text):
        raise Refused("certificates/words_wrong", limit=LONGEST)
    return text


def checked_hours(text: str) -> int:
    """Read typed lesson periods. Raises Refused for anything but 0–2000."""
    if not (text.isascii() and text.isdigit() and len(text) < 6 and int(text) <= LARGEST_HOURS):
        raise Refused("certificates/hours_wrong", value=text[:40], largest=LARGEST_HOURS)
    return int(text)


async def taken(tx: Reading, issuer: str, number: str) -> bool:
    """Tell whether this issuer's number is in the register already."""
    found = await tx.fetchval(
        """
        select 1 as found from certificates
        where issuer_fold = $1 and number_fold = $2 and state in ('waiting', 'valid')
        """,
        fold(issuer),
        fold(number),
    )
    return found is not None


async def add(tx: Tx, person_id: int, facts: Facts, by: int | None, now: int, **columns: Any) -> int:
    """Write a row and give its number; `columns` are course_id, file_id, state, reason, replaces_id.

    Raises Refused when the issuer's number is taken: one number is one certificate.
    """
    names = ["person_id", "title", "category", "issuer", "issuer_fold", "number", "number_fold", "issued_on", "hours",
             "by_person", "at", *columns]  # fmt: skip
    values = [person_id, facts.title, facts.category, facts.issuer, fold(facts.issuer), facts.number,
              fold(facts.number), facts.issued_on, facts.hours, by, now, *columns.values()]  # fmt: skip
    marks = ", ".join(f"${n}" for n in range(1, len(names) + 1))
    certificate_id: int | None = await tx.fetchval(
        f"""
        insert into certificates ({", ".join(names)}) values ({marks})
        on conflict (issuer_fold, number_fold) where state in ('waiting', 'valid') do nothing returning id
        """,  # noqa: S608 (own names)
        *values,
    )
    if certificate_id is None:
        raise Refused("certificates/number_taken", number=facts.number, issuer=facts.issuer)
    return certificate_id


async def send_in(tx: Tx, person_id: int, facts: Facts, file_id: int, days: Calendar, now: int) -> int:
    """Register an outside certificate as waiting and owe a notice to their clerks; gives its number."""
    if facts.category not in CATEGORIES:
        raise Stale
    certificate_id = await add(tx, person_id, facts, person_id, now, file_id=file_id, state="waiting")
    due_at = days.soon(now)
    for clerk_id in await rights.clerks_for(tx, person_id):
        subject = f"certificate:{certificate_id}"
        key = f"{subject}:waiting:{clerk_id}"
        owed = Owed(key, "certificate_waiting", subject, clerk_id, due_at, due_at + USEFUL, [certificate_id])
        await outbox.put(tx, owed, now)
    return certificate_id


async def decide(
    tx: Tx, certificate_id: int, by: int, days: Calendar, now: int, *, refuse_because: str | None = None
) -> None:
    """Confirm a waiting certificate, whose hours then join the ledger, or refuse it; its owner is told.

    Raises NotAllowed out of reach, Refused for one's own, Stale when it is decided already.
    """
    certificate = await _held(tx, certificate_id)
    await rights.check_person(tx, by, certificate.person_id)
    if certificate.person_id == by:
        raise Refused("certificates/own_one")
    if certificate.state != "waiting":
        raise Stale("certificates/decided_already")
    record_id = None if refuse_because is not None else await _write(tx, certificate, by, now)
    await tx.execute(
        """
        update certificates set state = $2, reason = $3, record_id = $4, decided_by = $5, decided_at = $6 where id = $1
        """,
        certificate_id,
        "valid" if refuse_because is None else "refused",
        refuse_because,
        record_id,
        by,
        now,
    )
    verb = "certificate.confirm" if refuse_because is None else "certificate.refuse"
    await audit.record(tx, by, verb, certificate.subject, now, new=refuse_because)
    await outbox.withdraw(tx, certificate.subject, now, "decided", kind="certificate_waiting")
    await _tell(tx, DECIDED, certificate.subject, certificate.person_id, certificate_id, days, now)


async def _tell(tx: Tx, kind: str, subject: str, person_id: int, certificate_id: int, days: Calendar, now: int) -> None:
    """Owe it to the holder to say what became of a certificate, once."""
    due_at = days.soon(now)
    owed = Owed(f"{subject}:{kind}", kind, subject, person_id, due_at, due_at + USEFUL, [certificate_id])
    await outbox.put(tx, owed, now)


async def _held(tx: Tx, certificate_id: int) -> Certificate:
    await tx.fetchval("select id from certificates where id = $1 for update", certificate_id)
    return await find(tx, certificate_id)


async def _write(tx: Tx, certificate: Certificate, by: int, now: int) -> int:
    """Write the hours of an outside certificate. Raises Refused when the ledger has this turn already."""
    facts, person = certificate.facts, await people.find(tx, certificate.person_id)
    record = Record(
        person_id=person.id,
        code=person.code,
        name=person.name,
        unit=person.unit,
        source="certificate",
        course_id=None,
        class_code="",
        title=facts.title,
        category=facts.category,
        level="",
        institution=facts.issuer,
        from_on=facts.issued_on,
        to_on=facts.issued_on,
        hours_tenths=facts.hours * 10,
    )
    if await records.with_key(tx, record.key) is not None:
        raise Refused("certificates/counted_already", certificate=certificate)
    return await records.put(tx, record, by, now)


async def entitled(tx: Reading, course: Course, person_id: int, by: int | None) -> Kept:
    """Give the completed turn that a certificate is issued for. Raises Refused without one, and for one's own."""
    if person_id == by:
        raise Refused("certificates/own_one")
    kept = (await records.of_course(tx, course.id)).get(person_id)
    if kept is None or kept.record.outcome != "completed":
        raise Refused("certificates/not_completed", course=course)
    return kept


async def issue(
    tx: Tx, course: Course, person_id: int, facts: Facts, by: int | None, days: Calendar, now: int, reason: str = ""
) -> int:
    """Register the certificate of a course for who has completed it, and owe it to them to say so.

    Again, for a reason, it replaces the first.

    Raises as `entitled`, Stale when there is one and no reason is given. Day and number are never changed after: a
    re-issue is a row of its own and the old one stays.
    """
    kept = await entitled(tx, course, person_id, by)
    old = (await of_course(tx, course.id)).get(person_id)
    if old is not None and not reason:
        raise Stale("certificates/issued_already")
    if old is not None:
        await tx.execute("update certificates set state = 'replaced' where id = $1", old.id)
        await outbox.withdraw(tx, old.subject, now, "replaced", kind=ISSUED)
    columns = {"course_id": course.id, "state": "valid", "reason": reason or None}
    columns |= {"replaces_id": old.id if old else None, "record_id": kept.id, "decided_by": by, "decided_at": now}
    certificate_id = await add(tx, person_id, facts, by, now, **columns)
    await _tell(tx, ISSUED, f"certificate:{certificate_id}", person_id, certificate_id, days, now)
    log = {"number": facts.number, "day": facts.issued_on}
    before = None if old is None else {"number": old.facts.number, "day": old.facts.issued_on, "reason": reason}
    await audit.record(tx, by, "certificate.issue", f"certificate:{certificate_id}", now, old=before, new=log)
    return certificate_id


async def withdraw(tx: Tx, certificate_id: int, by: int | None, now: int) -> bool:
    """Take a certificate that was registered by mistake out of force: its row stays, its number is free again.

    False when it is not in force any more. The caller has checked who may.
    """
    withdrawn = await tx.execute(
        "update certificates set state = 'refused', reason = $2 where id = $1 and state = 'valid'",
        certificate_id,
        WITHDRAWN,
    )
    if withdrawn:
        await outbox.withdraw(tx, f"certificate:{certificate_id}", now, WITHDRAWN, kind=ISSUED)
        await audit.record(tx, by, "certificate.withdraw", f"certificate:{certificate_id}", now, old="valid")
    return withdrawn > 0
