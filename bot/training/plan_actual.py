"""What came of training plans, counted: turns and classes of the ledger, classes under way, money paid.

A plan promises people who have learned something: what counts for it are completed turns. Who failed, or stayed away
until the end, is told beside them. A class was held whatever its results, so it counts by its code in any case.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time

from bot.store import Reading
from bot.training import budgets, records, rights
from bot.training.calendar import Calendar
from bot.training.plans import Target
from bot.training.records import Tally


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
            classes=records.classes_in(held),
            open_classes=len(going),
            open_seats=sum(one.seats for one in going),
            paid=sum(one.amount for one in self.paid if counts(one)),
        )

    def total(self, targets: Sequence[Target]) -> Actual:
        """Count for the whole plan: each figure for the lines that promise it, where none does for all.

        Classes of a line that promises turns only would else seem to be more than the plan asked for.
        """
        every = self.of(targets)
        return replace(
            every,
            turns=self.of([one for one in targets if one.turns] or targets).turns,
            classes=self.of([one for one in targets if one.classes] or targets).classes,
            paid=self.of([one for one in targets if one.money is not None] or targets).paid,
        )


async def of_years(tx: Reading, clerk_id: int, first: int, last: int, days: Calendar) -> Done:
    """Give what was and is being done in calendar years, as far as a clerk's rights reach.

    Classes under way and money are those of courses whose owner the rights cover, as money is seen elsewhere (R34).
    """
    from_, before = days.instant(date(first, 1, 1), time()), days.instant(date(last + 1, 1, 1), time())
    counted = await records.tallies(tx, clerk_id, first, last)
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
