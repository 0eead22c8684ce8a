"""Money of a course (R41): its budget by source, what each learner is supported with. Amounts are whole đồng.

HR types amounts; no rate is known here. Each amount goes planned → approved → paid, each with who and when.
"""

import re
from dataclasses import dataclass
from typing import Literal

from bot.errors import Refused, Stale
from bot.folding import tidy
from bot.store import Reading, Row, Tx
from bot.training import audit, courses, rights
from bot.training.courses import Course
from bot.training.results import MEMBERS

ITEMS = ("tuition", "materials", "travel", "meals", "lodging")
SOURCES = ("state", "unit", "project", "learner", "other")
LARGEST = 10_000_000_000  # đồng; more than any course costs
Stage = Literal["planned", "approved", "paid"]
STAGES: tuple[Stage, ...] = ("planned", "approved", "paid")
_UNITS = {"k": 1000, "ng": 1000, "nghìn": 1000, "ngàn": 1000, "tr": 10**6, "triệu": 10**6, "tỷ": 10**9, "tỉ": 10**9}
_CURRENCY = ("đồng", "đ", "vnđ", "vnd")
_AMOUNT = re.compile(
    r"([0-9][0-9., ]*?)(?:\s*(" + "|".join(_UNITS) + r")\s*([0-9]{0,3}))?\s*(?:" + "|".join(_CURRENCY) + r")?"
)
_GROUPED = re.compile(r"[0-9]{1,3}(?:([., ])[0-9]{3})(?:\1[0-9]{3})*")
_DECIMAL = re.compile(r"([0-9]+)(?:[.,]([0-9]{1,6}))?")


def amount_of(text: str) -> int:
    """Read an amount as people type it: "1.500.000", "1500000đ", "1,5tr", "1tr5", "500k", "2 tỷ".

    Raises Refused for what is negative, no number, no whole đồng, or above 10 billion.
    """
    found = _AMOUNT.fullmatch(tidy(text).lower())
    amount = _scaled(found[1], _UNITS.get(found[2], 1), found[3] or "") if found else None
    if amount is None or not 0 <= amount <= LARGEST:
        raise Refused("money/amount_wrong", value=text[:40], largest=LARGEST)
    return amount


def _scaled(number: str, scale: int, rest: str) -> int | None:
    """Give đồng: `rest` are the digits after the unit, "1tr5" is 1,5 million; None when it is no whole number."""
    if _GROUPED.fullmatch(number):
        whole, fraction = re.sub(r"[., ]", "", number), rest
    elif decimal := _DECIMAL.fullmatch(number):
        if decimal[2] and rest:
            return None
        whole, fraction = decimal[1], decimal[2] or rest
    else:
        return None
    part, odd = divmod(int(fraction or 0) * scale, 10 ** len(fraction))
    return None if odd or len(whole) > 15 else int(whole) * scale + part


@dataclass(frozen=True)
class Support:
    """What one learner is supported with for one item; amounts in đồng, None where a stage is not reached."""

    id: int
    course_id: int
    title: str
    person_id: int
    name: str
    code: str
    item: str
    payer: str
    planned: int
    approved: int | None
    paid: int | None
    paid_on: str | None

    @property
    def stage(self) -> Stage:
        """Give how far it has come."""
        return "paid" if self.paid is not None else "approved" if self.approved is not None else "planned"

    @property
    def over(self) -> int:
        """Give how much more than planned was paid, or approved, in đồng."""
        return beyond(self.planned, self.approved, self.paid)


def beyond(planned: int, approved: int | None, paid: int | None) -> int:
    """Give how much more than planned was paid, or approved where nothing is paid yet; in đồng, 0 for no more."""
    return max(0, (paid if paid is not None else approved or 0) - planned)


_SELECT = """
    select s.*, c.title, p.name, p.code from support s
    join courses c on c.id = s.course_id join people p on p.id = s.person_id
"""


def _support(row: Row) -> Support:
    names = ("id", "course_id", "title", "person_id", "name", "code", "item", "payer", "planned", "approved", "paid",
             "paid_on")  # fmt: skip
    return Support(*(row[name] for name in names))


async def of_person(tx: Reading, person_id: int, course_id: int | None = None) -> list[Support]:
    """Give what a person is supported with (for one course), the newest course first."""
    rows = await tx.fetch(
        f"""
        {_SELECT} where s.person_id = $1 and (cast($2 as bigint) is null or s.course_id = $2)
        order by c.starts_at desc, c.id, s.item
        """,
        person_id,
        course_id,
    )
    return [_support(row) for row in rows]


async def of_course(tx: Reading, course_id: int, clerk_id: int | None = None) -> list[Support]:
    """Give what the learners of a course are supported with, by name; with `clerk_id` only those in reach."""
    covered = "" if clerk_id is None else f"and {rights.covered('p.unit_id', '$2')}"
    rows = await tx.fetch(
        f"{_SELECT} where s.course_id = $1 {covered} order by p.fold, p.id, s.item",
        course_id,
        *([] if clerk_id is None else [clerk_id]),
    )
    return [_support(row) for row in rows]


async def learners(tx: Reading, course_id: int) -> list[int]:
    """Give who is on a course."""
    return [row["person_id"] for row in await tx.fetch(MEMBERS, course_id)]


def check_item(item: str) -> None:
    """Raise Stale for an item that there is not."""
    if item not in ITEMS:
        raise Stale


def check_payer(payer: str) -> None:
    """Raise Stale for a source that there is not."""
    if payer not in SOURCES:
        raise Stale


def check_step(stage: str) -> None:
    """Raise Stale for what is no step after planning."""
    if stage not in STAGES[1:]:
        raise Stale


async def plan(
    tx: Tx, course: Course, person_id: int, item: str, payer: str, amount: int, by: int | None, now: int
) -> None:
    """Plan an amount for a learner, or plan it anew until it is approved. Raises Refused once it is."""
    check_item(item)
    check_payer(payer)
    await courses.locked(tx, course.id)
    if person_id == by:
        raise Refused("money/own")
    old = await _one(tx, course.id, person_id, item)
    if old is not None and old.stage != "planned":
        raise Refused("money/approved_already", support=old)
    if old is not None and (old.planned, old.payer) == (amount, payer):
        return
    await tx.execute(
        """
        insert into support (course_id, person_id, item, payer, planned, planned_by, planned_at)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (course_id, person_id, item) do update set payer = excluded.payer, planned = excluded.planned,
            planned_by = excluded.planned_by, planned_at = excluded.planned_at
        """,
        course.id,
        person_id,
        item,
        payer,
        amount,
        by,
        now,
    )
    before = None if old is None else {"amount": old.planned, "payer": old.payer}
    await _log(tx, "money.plan", course.id, person_id, item, by, now, before, {"amount": amount, "payer": payer})


async def approve(tx: Tx, course: Course, person_id: int, item: str, amount: int, by: int | None, now: int) -> None:
    """Approve an amount, or another one until it is paid. Raises Refused without a plan, once paid, for one's own."""
    old = await _open(tx, course, person_id, item, by)
    if old.paid is not None:
        raise Refused("money/paid_already", support=old)
    if old.approved == amount:
        return
    await tx.execute(
        "update support set approved = $2, approved_by = $3, approved_at = $4 where id = $1", old.id, amount, by, now
    )
    await _log(tx, "money.approve", course.id, person_id, item, by, now, old.approved, amount)


async def pay(
    tx: Tx, course: Course, person_id: int, item: str, amount: int, paid_on: str, by: int | None, now: int
) -> None:
    """Note what was paid on an ISO day; typed again it is corrected, with the old in the log.

    Raises Refused for what is not approved, for more than that, for one's own.
    """
    old = await _open(tx, course, person_id, item, by)
    if old.approved is None:
        raise Refused("money/not_approved", support=old)
    if amount > old.approved:
        raise Refused("money/above_approved", support=old, amount=amount)
    if (old.paid, old.paid_on) == (amount, paid_on):
        return
    await tx.execute(
        "update support set paid = $2, paid_on = $3, paid_by = $4, paid_at = $5 where id = $1",
        old.id,
        amount,
        paid_on,
        by,
        now,
    )
    before = None if old.paid is None else {"amount": old.paid, "day": old.paid_on}
    await _log(tx, "money.pay", course.id, person_id, item, by, now, before, {"amount": amount, "day": paid_on})


async def _open(tx: Tx, course: Course, person_id: int, item: str, by: int | None) -> Support:
    await courses.locked(tx, course.id)
    if person_id == by:
        raise Refused("money/own")
    old = await _one(tx, course.id, person_id, item)
    if old is None:
        raise Refused("money/not_planned")
    return old


async def _one(tx: Reading, course_id: int, person_id: int, item: str) -> Support | None:
    row = await tx.fetchrow(
        f"{_SELECT} where s.course_id = $1 and s.person_id = $2 and s.item = $3", course_id, person_id, item
    )
    return None if row is None else _support(row)


async def _log(
    tx: Tx, action: str, course_id: int, person_id: int, item: str, by: int | None, now: int, old: object, new: object
) -> None:
    await audit.record(tx, by, action, f"course:{course_id}:person:{person_id}:{item}", now, old=old, new=new)
