"""Once a quarter: who has no hour of learning this year is told, and each head how many there are (R65, L1)."""

import datetime as dt
import json

from bot import outbox
from bot.outbox import REMINDER, Owed
from bot.store import Reading, Tx
from bot.training import hours, milestones
from bot.training.calendar import Calendar
from bot.training.milestones import Milestone, Step

KIND = "hours_nudge"
HOUR = dt.time(8, 30)
USEFUL = 7 * 86_400  # seconds

# $1–$3 as in hours.EARNED: active people without any hour in the year.
_WITHOUT = """
    from people p where p.active = 1
        and not exists (select 1 from sums s where s.person_id = p.id and s.tenths > 0)
"""
_AGREED = """
    (select k.given from consents k where k.person_id = p.id and k.purpose = 'link' order by k.id desc limit 1) = 1
"""
_BELOW = """
    below(head_id, id) as (
        select head_id, id from units where head_id is not null
        union
        select b.head_id, u.id from units u join below b on u.parent_id = b.id)
"""


def subject_of(year: int) -> str:
    """Give the subject of a calendar year's nudges."""
    return f"hours_nudge:{year}"


async def plan(tx: Tx, days: Calendar, now: int) -> None:
    """Plan the nudges of this local year and the next, each year once; days off move them as they move reminders."""
    this_year = days.local(now).year
    for year in (this_year, this_year + 1):
        planned = await tx.fetchval("select count(*) from milestones where subject = $1", subject_of(year))
        if not planned:
            steps = [_step(year, quarter, days) for quarter in range(1, 5)]
            await milestones.plan(tx, KIND, subject_of(year), steps, now)


def _step(year: int, quarter: int, days: Calendar) -> Step:
    """Give the first working day of the quarter's last month."""
    day = dt.date(year, 3 * quarter, 1)
    while not days.working(day):
        day += dt.timedelta(days=1)
    at = days.instant(day, HOUR)
    return Step(f"q{quarter}", at, at + USEFUL)


async def fan_out(tx: Tx, milestone: Milestone, days: Calendar, now: int) -> int:
    """Owe one message to each without an hour who agreed to messages, and one count to each head; gives how many."""
    year, due_at = milestone.subject_id, days.soon(now)
    written = await tx.execute(
        f"""
        with {hours.EARNED}
        insert into outbox (unique_key, kind, priority, subject, person_id, args, due_at, expires_at, created_at)
        select $4 || cast(p.id as text), 'hours_nudge', cast($5 as bigint), $6, p.id, $7,
            cast($8 as bigint), cast($9 as bigint), cast($10 as bigint) {_WITHOUT} and {_AGREED}
        on conflict (unique_key) do nothing
        """,
        year,
        *hours.bounds(year, days),
        f"{milestone.subject}:{milestone.step}:",
        REMINDER,
        milestone.subject,
        json.dumps([year]),
        due_at,
        milestone.expires_at,
        now,
    )
    return written + await _tell_heads(tx, milestone, due_at, days, now)


async def _tell_heads(tx: Tx, milestone: Milestone, due_at: int, days: Calendar, now: int) -> int:
    year = milestone.subject_id
    told = 0
    for head_id in await _heads(tx, year, days):
        key = f"{milestone.subject}:{milestone.step}:head:{head_id}"
        owed = Owed(key, "hours_heads", milestone.subject, head_id, due_at, milestone.expires_at, [year])
        told += await outbox.put(tx, owed, now)
    return told


async def _heads(tx: Reading, year: int, days: Calendar) -> list[int]:
    rows = await tx.fetch(
        f"""
        with recursive {hours.EARNED}, {_BELOW}
        select distinct b.head_id {_WITHOUT.replace("from people p", "from people p join below b on b.id = p.unit_id")}
            and p.id <> b.head_id order by b.head_id
        """,
        year,
        *hours.bounds(year, days),
    )
    return [row["head_id"] for row in rows]


async def without_hours(tx: Reading, head_id: int, year: int, days: Calendar) -> tuple[int, int]:
    """Count the people of a head's units and below: without any hour in a year, and all; the head is not counted."""
    row = await tx.fetchrow(
        f"""
        with recursive {hours.EARNED}, {_BELOW}
        select count(distinct p.id) as everybody,
            count(distinct case when coalesce(s.tenths, 0) = 0 then p.id end) as empty
        from below b join people p on p.unit_id = b.id and p.active = 1 and p.id <> b.head_id
        left join sums s on s.person_id = p.id where b.head_id = $4
        """,  # noqa: S608 (constants)
        year,
        *hours.bounds(year, days),
        head_id,
    )
    return (int(row["empty"]), int(row["everybody"])) if row is not None else (0, 0)
