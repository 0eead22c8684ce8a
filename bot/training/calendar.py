"""Calm hours, working days and holidays: when a person may be written to. What is written is not here."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from bot.store import Reading, Tx

OPENS = time(7, 0)  # the first minute at which a reminder may come
CLOSES = time(20, 0)  # from here on it may not
LAST = time(19, 0)  # where an earlier reminder is put: an hour leaves room for a long queue
FIRST = time(7, 30)
_SEARCH = 60  # days; longer than any run of days off


@lru_cache(maxsize=32)
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("VN", years=year))


@dataclass(frozen=True)
class Calendar:
    """The days of one place: `zone`, public holidays, and an editable list that wins over them."""

    zone: ZoneInfo
    edited: dict[str, bool] = field(default_factory=dict)  # ISO day → working

    def local(self, at: int) -> datetime:
        """Give an instant (UTC seconds) as local time."""
        return datetime.fromtimestamp(at, UTC).astimezone(self.zone)

    def instant(self, day: date, hour: time) -> int:
        """Give a local day and hour as UTC seconds."""
        return int(datetime.combine(day, hour, self.zone).timestamp())

    def day(self, at: int) -> str:
        """Give the local day of an instant as ISO text."""
        return self.local(at).date().isoformat()

    def working(self, day: date) -> bool:
        """Tell whether offices work on `day`: Monday to Friday, no public holiday, unless the list says otherwise."""
        edited = self.edited.get(day.isoformat())
        if edited is not None:
            return edited
        return day.weekday() < 5 and day not in _public_holidays(day.year)

    def calm(self, at: int, *, any_day: bool = False) -> bool:
        """Tell whether a person may be reminded at `at`: 07:00–20:00 of a working day (of any day, if they agreed)."""
        local = self.local(at)
        return OPENS <= local.time() < CLOSES and (any_day or self.working(local.date()))

    def earlier(self, at: int, *, any_day: bool = False) -> int:
        """Give `at`, or the nearest calm instant before it: a reminder moves earlier, never past its use."""
        local = self.local(at)
        day = local.date()
        fits = any_day or self.working(day)
        if fits and OPENS <= local.time() < CLOSES:
            return at
        if fits and local.time() >= CLOSES:
            return self.instant(day, LAST)
        for back in range(1, _SEARCH):
            before = day - timedelta(days=back)
            if any_day or self.working(before):
                return self.instant(before, LAST)
        return at

    def soon(self, now: int, useful_until: int | None = None) -> int:
        """Give the first calm instant from `now` on; `now` itself when that would be after `useful_until`."""
        if self.calm(now):
            return now
        local = self.local(now)
        for ahead in range(_SEARCH):
            day = local.date() + timedelta(days=ahead)
            opening = self.instant(day, FIRST)
            if self.working(day) and opening >= now:
                return opening if useful_until is None or opening < useful_until else now
        return now

    def working_days_after(self, at: int, days: int) -> int:
        """Give the end (17:00) of the `days`-th working day after `at`: for answers owed in working days."""
        day = self.local(at).date()
        while days:
            day += timedelta(days=1)
            days -= self.working(day)
        return self.instant(day, time(17, 0))


async def load(tx: Reading, zone: ZoneInfo) -> Calendar:
    """Read the editable list."""
    rows = await tx.fetch("select day, working from days")
    return Calendar(zone, {row["day"]: bool(row["working"]) for row in rows})


async def edit(tx: Tx, day: date, working: bool, name: str) -> None:
    """Put a day on the editable list, or change it there."""
    await tx.execute(
        """
        insert into days (day, working, name) values ($1, $2, $3)
        on conflict (day) do update set working = excluded.working, name = excluded.name
        """,
        day.isoformat(),
        int(working),
        name,
    )


async def forget(tx: Tx, day: date) -> None:
    """Take a day off the editable list."""
    await tx.execute("delete from days where day = $1", day.isoformat())
