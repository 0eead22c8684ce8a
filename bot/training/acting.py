"""Who stands in for a head between two days: handing over, ending it early, telling both. Deciding is in approvals."""

import datetime as dt
from dataclasses import dataclass

from bot import outbox
from bot.chat.turns import Role, Speaker
from bot.errors import NotAllowed, Refused, Stale
from bot.excel import cells
from bot.excel.cells import Cell, CellError
from bot.outbox import Owed
from bot.store import Reading, Row, Tx
from bot.training import audit, people, rights, units
from bot.training.calendar import Calendar

GIVEN, ENDED = "acting_given", "acting_ended"
FURTHEST = 366  # days ahead that a hand-over may begin, and that it may last
TOLD_FOR = 7 * 86_400  # seconds that the news of an end is worth sending


@dataclass(frozen=True)
class Acting:
    """One hand-over; instants in UTC seconds, `until_at` is the first second it is over, `last_at` the one before."""

    id: int
    unit_id: int
    unit: str
    head_id: int | None
    person_id: int
    name: str
    from_at: int
    until_at: int
    ended_at: int | None
    by: str | None

    @property
    def last_at(self) -> int:
        """Give the last second it holds: of its last day."""
        return self.until_at - 1

    @property
    def subject(self) -> str:
        """Give the subject of what is told about it."""
        return f"acting:{self.id}"

    def holds(self, now: int) -> bool:
        """Tell whether it is on at `now`."""
        return self.ended_at is None and self.from_at <= now < self.until_at

    def over(self, now: int) -> bool:
        """Tell whether nothing of it is left."""
        return self.ended_at is not None or now >= self.until_at


_SELECT = """
    select h.id, h.unit_id, u.name as unit, u.head_id, h.person_id, p.name, h.from_at, h.until_at, h.ended_at,
        b.name as by
    from acting_heads h join units u on u.id = h.unit_id join people p on p.id = h.person_id
    left join people b on b.id = h.by_person
"""


async def find(tx: Reading, acting_id: int) -> Acting:
    """Read a hand-over. Raises Stale when there is none."""
    row = await tx.fetchrow(f"{_SELECT} where h.id = $1", acting_id)
    if row is None:
        raise Stale
    return _acting(row)


def _acting(row: Row) -> Acting:
    return Acting(**{name: row[name] for name in Acting.__dataclass_fields__})


async def of_unit(tx: Reading, unit_id: int, now: int) -> list[Acting]:
    """Give the hand-overs of a unit that are on or still to come, the first to begin first."""
    rows = await tx.fetch(
        f"{_SELECT} where h.unit_id = $1 and h.ended_at is null and h.until_at > $2 order by h.from_at", unit_id, now
    )
    return [_acting(row) for row in rows]


async def of_person(tx: Reading, person_id: int, now: int) -> list[Acting]:
    """Give the hand-overs to a person that are on or still to come."""
    rows = await tx.fetch(
        f"{_SELECT} where h.person_id = $1 and h.ended_at is null and h.until_at > $2 order by h.from_at",
        person_id,
        now,
    )
    return [_acting(row) for row in rows]


async def headed(tx: Reading, person_id: int) -> list[tuple[int, str]]:
    """Give number and name of the units whose head a person is; those they only stand in for are not among them."""
    rows = await tx.fetch("select id, name from units where head_id = $1 order by fold, id", person_id)
    return [(row["id"], row["name"]) for row in rows]


async def check(tx: Reading, speaker: Speaker, unit_id: int) -> None:
    """Let the head of a unit pass, and HR whose rights cover it. Raises NotAllowed: who stands in hands nothing on."""
    head_id = await tx.fetchval("select head_id from units where id = $1", unit_id)
    if head_id == speaker.person_id:
        return
    if Role.HR not in speaker.roles or not await rights.covers(tx, speaker.person_id, unit_id):
        raise NotAllowed(f"unit:{unit_id}")


async def check_colleague(tx: Reading, speaker: Speaker, unit_id: int, person_id: int) -> None:
    """Let pass who may hand a unit over, to somebody of it.

    Raises NotAllowed as `check`, and for somebody of another unit; Stale when HR could reach them there.
    """
    await check(tx, speaker, unit_id)
    if (await people.find(tx, person_id)).unit_id != unit_id:
        if Role.HR in speaker.roles:
            await rights.check_person(tx, speaker.person_id, person_id)
            raise Stale
        raise NotAllowed(f"person:{person_id}")


def typed_day(words: str, days: Calendar, now: int) -> dt.date | None:
    """Read a typed day ("31/12/2026"); None when it is no day from today on within a year."""
    try:
        day = cells.day(Cell(words))
    except CellError:
        return None
    return day if day is not None and useful(day, days, now) else None


def useful(day: dt.date, days: Calendar, now: int) -> bool:
    """Tell whether a hand-over may begin on a day: today or later, within a year."""
    return 0 <= (day - days.local(now).date()).days <= FURTHEST


def span(first: dt.date, last: dt.date, days: Calendar, now: int) -> tuple[int, int]:
    """Give from the first second of `first` to the first second after `last` in UTC seconds.

    Raises Refused for days in the wrong order, in the past, or too far away.
    """
    if not useful(first, days, now) or not 0 <= (last - first).days <= FURTHEST:
        raise Refused("acting/wrong_days", furthest=FURTHEST)
    return days.instant(first, dt.time()), days.instant(last + dt.timedelta(days=1), dt.time())


async def hand_over(
    tx: Tx, speaker: Speaker, unit_id: int, person_id: int, first: dt.date, last: dt.date, days: Calendar, now: int
) -> Acting:
    """Let a colleague of the unit stand in for its head from one local day to another; both are told.

    Raises NotAllowed or Stale as `check_colleague`, Stale for the head or somebody who has left, Refused for wrong
    days or when somebody stands in already on one of them.
    """
    await check_colleague(tx, speaker, unit_id, person_id)
    await tx.fetchrow("select id from units where id = $1 for update", unit_id)
    unit, details = await units.find(tx, unit_id), await people.details(tx, person_id)
    if not details.active or unit.head_id == person_id:
        raise Stale
    from_at, until_at = span(first, last, days, now)
    taken = [one for one in await of_unit(tx, unit_id, now) if one.from_at < until_at and from_at < one.until_at]
    if taken:
        raise Refused("acting/taken", acting=taken[0])
    acting_id = await tx.fetchval(
        """
        insert into acting_heads (unit_id, person_id, from_at, until_at, by_person, created_at)
        values ($1, $2, $3, $4, $5, $6) returning id
        """,
        unit_id,
        person_id,
        from_at,
        until_at,
        speaker.person_id,
        now,
    )
    told = {"person": person_id, "from": first.isoformat(), "until": last.isoformat()}
    await audit.record(tx, speaker.person_id, "acting.give", f"unit:{unit_id}", now, new=told)
    made = await find(tx, acting_id)
    await _tell_both(tx, GIVEN, made, speaker, days, now, until_at)
    return made


async def end(tx: Tx, speaker: Speaker, acting_id: int, days: Calendar, now: int) -> Acting:
    """End a hand-over before its time, at once; both are told. Raises NotAllowed as `check`; twice is harmless."""
    found = await find(tx, acting_id)
    await check(tx, speaker, found.unit_id)
    if found.over(now):
        return found
    await tx.execute("update acting_heads set ended_at = $2 where id = $1", acting_id, now)
    await audit.record(
        tx, speaker.person_id, "acting.end", f"unit:{found.unit_id}", now, old={"person": found.person_id}
    )
    await outbox.withdraw(tx, found.subject, now, "ended")
    await _tell_both(tx, ENDED, found, speaker, days, now, now + TOLD_FOR)
    return await find(tx, acting_id)


async def end_all(tx: Tx, person_id: int, now: int) -> None:
    """End what somebody stands in for who works here no more."""
    for one in await of_person(tx, person_id, now):
        await tx.execute("update acting_heads set ended_at = $2 where id = $1", one.id, now)
        await outbox.withdraw(tx, one.subject, now, "ended")


async def _tell_both(
    tx: Tx, kind: str, acting: Acting, speaker: Speaker, days: Calendar, now: int, useful_until: int
) -> None:
    """Owe the news to who stands in and to the head, but for whoever did it and sees it anyway."""
    for person_id in {acting.person_id, acting.head_id} - {None, speaker.person_id}:
        assert person_id is not None  # noqa: S101 (taken out above)
        due_at = days.soon(now, useful_until)
        key = f"{acting.subject}:{kind}:{person_id}"
        await outbox.put(tx, Owed(key, kind, acting.subject, person_id, due_at, useful_until, [acting.id]), now)
