"""The budget of a course by source: planned, and what has been spent of it. What each learner got is in money."""

from dataclasses import dataclass
from typing import Literal

from bot.errors import Stale
from bot.store import Reading, Tx
from bot.training import audit, courses, rights
from bot.training.courses import Course
from bot.training.money import SOURCES

Column = Literal["planned", "spent"]


@dataclass(frozen=True)
class Line:
    """One source; all in đồng. `spent` is on the class as a whole, `paid` and `approved` to learners from it."""

    source: str
    planned: int
    spent: int
    approved: int
    paid: int

    @property
    def used(self) -> int:
        """Give all that was spent of it."""
        return self.spent + self.paid

    @property
    def left(self) -> int:
        """Give what is left; below zero it is overspent."""
        return self.planned - self.used


async def of_course(tx: Reading, course_id: int) -> list[Line]:
    """Give the sources that anything is planned, approved or spent of."""
    budget = {r["source"]: r for r in await tx.fetch("select * from course_budget where course_id = $1", course_id)}
    rows = await tx.fetch(
        """
        select payer, coalesce(sum(approved), 0) as approved, coalesce(sum(paid), 0) as paid from support
        where course_id = $1 group by payer
        """,
        course_id,
    )
    support = {row["payer"]: row for row in rows}
    lines = []
    for source in SOURCES:
        own, given = budget.get(source), support.get(source)
        if own is None and given is None:
            continue
        planned, spent = (own["planned"], own["spent"]) if own is not None else (0, 0)
        approved, paid = (int(given["approved"]), int(given["paid"])) if given is not None else (0, 0)
        lines.append(Line(source, planned, spent, approved, paid))
    return lines


@dataclass(frozen=True)
class PaidFor:
    """What was paid for one course, in đồng; `ends_at` in UTC seconds."""

    category: str
    level: str
    ends_at: int
    amount: int


async def paid_for_courses(tx: Reading, clerk_id: int, from_: int, before: int) -> list[PaidFor]:
    """Give what was paid for each course of a clerk's reach that ends in [from_, before): classes and learners (R34).

    Cancelled ones are there as well: money that has gone is a fact.
    """
    rows = await tx.fetch(
        f"""
        select c.category, coalesce(c.level, '') as level, c.ends_at, b.spent, s.paid from courses c
        left join (select course_id, sum(spent) as spent from course_budget group by course_id) b on b.course_id = c.id
        left join (select course_id, sum(paid) as paid from support group by course_id) s on s.course_id = c.id
        where c.ends_at >= $2 and c.ends_at < $3 and (b.spent > 0 or s.paid > 0)
            and {rights.covered("c.owner_unit_id", "$1")}
        """,  # noqa: S608 (constants)
        clerk_id,
        from_,
        before,
    )
    return [
        PaidFor(row["category"], row["level"], row["ends_at"], int(row["spent"] or 0) + int(row["paid"] or 0))
        for row in rows
    ]


async def put(tx: Tx, course: Course, source: str, column: Column, amount: int, by: int, now: int) -> None:
    """Set what is planned, or spent on the class as a whole, of a source. The caller has checked who may."""
    if source not in SOURCES or column not in ("planned", "spent"):
        raise Stale
    await courses.locked(tx, course.id)
    old = await tx.fetchval(
        f"select {column} from course_budget where course_id = $1 and source = $2",  # noqa: S608 (one of two)
        course.id,
        source,
    )
    await tx.execute(
        f"""
        insert into course_budget (course_id, source, {column}, by_person, at) values ($1, $2, $3, $4, $5)
        on conflict (course_id, source) do update set {column} = excluded.{column}, by_person = excluded.by_person,
            at = excluded.at
        """,  # noqa: S608 (one of two)
        course.id,
        source,
        amount,
        by,
        now,
    )
    await audit.record(tx, by, f"budget.{column}", f"{course.subject}:{source}", now, old=old, new=amount)
