"""What came of training plans, counted: turns and classes of the ledger, classes under way, money paid.

A plan promises people who have learned something: what counts for it are completed turns. Who failed, or stayed away
until the end, is told beside them. A class was held whatever its results, so it counts by its code in any case.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, time

from bot.store import Reading
from bot.training import budgets, rights
from bot.training.calendar import Calendar
from bot.training.plans import Target
from bot.training.records import IN_REACH


@dataclass(frozen=True)
class Tally:
    """Turns of the ledger of one class ('' where no code is told), category, level and calendar year."""

    year: int
    category: str
    level: str
    class_code: str
    completed: int
    failed: int

    @property
    def turns(self) -> int:
        """Give all turns: one is a person on a course, whatever the result (R08, R15)."""
        return self.completed + self.failed


@dataclass(frozen=True)
class UnderWay:
    """A class that is neither cancelled, put off without a day, nor in the ledger yet; of the year of its last day."""

    year: int
    category: str
    level: str
    seats: int


@dataclass(frozen=True)
class Paid:
    """What was paid, in đồng, for a course with its last day in a calendar year, also one that was cancelled."""

    year: int
    category: str
    level: str
    amount: int


@dataclass(frozen=True)
class Actual:
    """What came of a line, or of a whole plan: `turns` are completed ones; `paid` in đồng."""

    turns: int
    failed: int
    classes: int
    open_classes: int
    open_seats: int
    paid: int


@dataclass(frozen=True)
class Done:
    """All training of some calendar years within a clerk's reach."""

    tallies: Sequence[Tally] = ()
    under_way: Sequence[UnderWay] = ()
    paid: Sequence[Paid] = field(default=())

    def of(self, targets: Iterable[Target]) -> Actual:
        """Count what counts for any of these lines, each turn once."""
        wanted = list(targets)

        def counts(one: Tally | UnderWay | Paid) -> bool:
            return any(target.counts(one.category, one.level, one.year) for target in wanted)

        held = [one for one in self.tallies if counts(one)]
        going = [one for one in self.under_way if counts(one)]
        return Actual(
            turns=sum(one.completed for one in held),
            failed=sum(one.failed for one in held),
            classes=classes_in(held),
            open_classes=len(going),
            open_seats=sum(one.seats for one in going),
            paid=sum(one.amount for one in self.paid if counts(one)),
        )


def classes_in(tallies: Iterable[Tally]) -> int:
    """Count distinct classes; turns without a class code belong to none."""
    return len({one.class_code.casefold() for one in tallies if one.class_code})


async def tallies(tx: Reading, clerk_id: int, first: int, last: int) -> list[Tally]:
    """Count the turns in a clerk's reach of the calendar years `first` to `last`."""
    rows = await tx.fetch(
        f"""
        select r.year, r.category, r.level, r.class_code,
            sum(case when r.outcome = 'completed' then 1 else 0 end) as completed,
            sum(case when r.outcome = 'failed' then 1 else 0 end) as failed
        {IN_REACH} and r.year between $2 and $3
        group by r.year, r.category, r.level, r.class_code order by r.year, r.category, r.level, r.class_code
        """,
        clerk_id,
        first,
        last,
    )
    return [
        Tally(row["year"], row["category"], row["level"], row["class_code"], int(row["completed"]), int(row["failed"]))
        for row in rows
    ]


async def of_years(tx: Reading, clerk_id: int, first: int, last: int, days: Calendar) -> Done:
    """Give what was and is being done in calendar years, as far as a clerk's rights reach.

    Classes under way and money are those of courses whose owner the rights cover, as money is seen elsewhere (R34).
    """
    from_, before = days.instant(date(first, 1, 1), time()), days.instant(date(last + 1, 1, 1), time())
    counted = await tallies(tx, clerk_id, first, last)
    paid = [
        Paid(days.local(one.ends_at).year, one.category, one.level, one.amount)
        for one in await budgets.paid_for_courses(tx, clerk_id, from_, before)
    ]
    return Done(counted, await _under_way(tx, clerk_id, from_, before, days), paid)


async def _under_way(tx: Reading, clerk_id: int, from_: int, before: int, days: Calendar) -> list[UnderWay]:
    rows = await tx.fetch(
        f"""
        select c.category, coalesce(c.level, '') as level, c.ends_at, c.capacity from courses c
        where c.state <> 'cancelled' and c.postponed_at is null and c.ends_at >= $2 and c.ends_at < $3
            and not exists (select 1 from closings k where k.course_id = c.id)
            and not exists (select 1 from training_records r where r.course_id = c.id and r.ended_at is null)
            and c.code not in (select class_code from training_records where ended_at is null)
            and {rights.covered("c.owner_unit_id", "$1")}
        """,  # noqa: S608 (constants)
        clerk_id,
        from_,
        before,
    )
    return [UnderWay(days.local(row["ends_at"]).year, row["category"], row["level"], row["capacity"]) for row in rows]
