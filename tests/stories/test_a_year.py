import datetime as dt
import random
from collections import Counter
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import holidays
import pytest

from bot.clock import FixedClock
from bot.store.migrate import migrate
from bot.store.sqlite import SqliteStore
from bot.training import course_import, legal_import
from bot.training.course_sheet import Plan, PlannedCourse, PlannedSession
from tests.talking import MONDAY, ZONE, Chat, Office

YEAR = 365 * 86_400
QUARTER = 900
PUBLIC = holidays.country_holidays("VN", years=range(2026, 2029))


def local(at: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(at, ZONE)


def working(day: dt.date) -> bool:
    return day.weekday() < 5 and day not in PUBLIC


def on_or_before(day: dt.date) -> dt.date:
    while not working(day):
        day -= dt.timedelta(days=1)
    return day


class Year:
    """300 people, a course every fortnight, four legal updates; half of the people do what they are asked."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.rng = random.Random(2027)
        self.people: list[Chat] = []
        self.deadlines = [dt.date(2026, 12, 20), dt.date(2027, 2, 15), dt.date(2027, 5, 3), dt.date(2027, 9, 30)]
        self.published = [dt.date(2026, 11, 23), dt.date(2026, 12, 28), dt.date(2027, 3, 1), dt.date(2027, 8, 2)]

    async def begin(self) -> None:
        for number in range(300):
            unit = f"Xã số {number % 6}"
            chief = number < 6
            self.people.append(
                await self.office.person(f"N{number}", code=f"C{number}", unit=unit, head=chief, hr=number == 7)
            )
        async with self.office.store.transaction() as tx:
            courses = [self._course(number) for number in range(25)]
            await course_import.apply(tx, Plan(None, courses=courses), MONDAY, ZONE)  # type: ignore[arg-type]
            rows = await tx.fetch("select id from courses order by id")
            for row in rows:
                for chat in self.rng.sample(self.people, 20):
                    await tx.execute(
                        """insert into enrolments (course_id, person_id, state, arrival, requested_at)
                        values ($1, $2, 'seat', 1, $3)""",
                        row["id"], chat.person_id, MONDAY,
                    )  # fmt: skip

    def _course(self, number: int) -> PlannedCourse:
        first = dt.date(2026, 12, 1) + dt.timedelta(days=14 * number + number % 7)  # every weekday, Tết too
        sessions = tuple(
            PlannedSession(1, n + 1, first + dt.timedelta(days=n), dt.time(hour, 30), dt.time(hour + 3), 4, "P1", None)
            for n, hour in enumerate((7, 13))
        )
        fields = {
            "title": f"Lớp {number}", "category": "PL", "objective": "", "audience": "CB,CC,VC", "mode": "truc_tiep",
            "capacity": 40, "deadline": first - dt.timedelta(days=3), "lecturer": None, "institution": None,
            "payer": None, "document": None,
        }  # fmt: skip
        return PlannedCourse(1, f"L{number}", fields, sessions)

    async def publish(self, number: int) -> None:
        text = f"""
- so: "{number}/2027"
  ten: "Văn bản {number}"
  hieu_luc: 2026-01-01
  doi_tuong: [CB, CC, VC]
  han: {self.deadlines[number].isoformat()}
  dat: 1
  the: ["Thẻ"]
  cau_hoi:
    - {{hoi: "Hỏi", dap: ["Một", "Hai"], dung: 1, vi_sao: "Vì"}}
"""
        async with self.office.store.transaction() as tx:
            await legal_import.apply(tx, legal_import.read(text.encode(), "year.yaml"), self.office.clock.now(), ZONE)

    async def finish_half(self, number: int) -> None:
        """Every second person reads and understands ten days before the deadline."""
        async with self.office.store.transaction() as tx:
            update = await tx.fetchval("select id from legal_updates where number = $1", f"{number}/2027")
            for chat in self.people[::2]:
                await tx.execute(
                    """insert into legal_evidence (person_id, update_id, version, at, right_answers, questions)
                    values ($1, $2, 1, $3, 1, 1)""",
                    chat.person_id, update, self.office.clock.now(),
                )  # fmt: skip

    async def close(self, number: int) -> None:
        """HR closes an update thirty days after its deadline."""
        async with self.office.store.transaction() as tx:
            await tx.execute(
                "update legal_updates set closed_at = $2 where number = $1", f"{number}/2027", self.office.clock.now()
            )

    async def live(self) -> None:
        while self.office.clock.now() < MONDAY + YEAR:
            today = local(self.office.clock.now())
            if (today.hour, today.minute) == (9, 0):
                for number, (published, deadline) in enumerate(zip(self.published, self.deadlines, strict=True)):
                    if today.date() == published:
                        await self.publish(number)
                    if today.date() == deadline - dt.timedelta(days=10):
                        await self.finish_half(number)
                    if today.date() == deadline + dt.timedelta(days=30):
                        await self.close(number)
            await self.office.time_passes(self.office.clock.now() + QUARTER, QUARTER)


@pytest.fixture
async def year(tmp_path: Path) -> AsyncIterator[Year]:
    store = await SqliteStore.open(tmp_path / "year.db")
    await migrate(store, MONDAY)
    year = Year(Office(store, FixedClock(MONDAY)))
    await year.begin()
    yield year
    await store.close()


async def test_a_year_of_reminders_for_300_people_at_15_minute_steps(year: Year) -> None:
    await year.live()
    pushed = [(chat, at, kind, subject) for chat in year.people for at, kind, subject in chat.pushed]
    assert len(pushed) > 5_000

    disturbing = [p for p in pushed if not (7 <= local(p[1]).hour < 20 and working(local(p[1]).date()))]
    assert disturbing == []

    daily = Counter((chat.person_id, kind, subject, local(at).date()) for chat, at, kind, subject in pushed)
    assert [key for key, count in daily.items() if count > 1] == []

    await _sessions_have_their_ladder(year)
    await _updates_have_their_ladder(year)


async def _sessions_have_their_ladder(year: Year) -> None:
    async with year.office.store.reading() as tx:
        seats = await tx.fetch(
            """select e.person_id, s.id, s.starts_at from enrolments e join sessions s on s.course_id = e.course_id
            where s.starts_at < $1""",
            MONDAY + YEAR,
        )
    got = {
        (chat.person_id, subject): [at for at, kind, about in chat.pushed if about == subject]
        for chat in year.people
        for _, _, subject in chat.pushed
    }
    assert len(seats) > 900
    for seat in seats:
        start = local(seat["starts_at"])
        wanted = {
            on_or_before((start - ahead).date() if (start - ahead).hour >= 7 else start.date() - dt.timedelta(days=1))
            for ahead in (dt.timedelta(days=7), dt.timedelta(days=1), dt.timedelta(hours=2))
        }
        came = got.get((seat["person_id"], f"session:{seat['id']}"), [])
        assert {local(at).date() for at in came} == {day for day in wanted if day >= local(MONDAY).date()}, start
        assert all(at < seat["starts_at"] for at in came)


async def _updates_have_their_ladder(year: Year) -> None:
    async with year.office.store.reading() as tx:
        ids = {row["number"]: row["id"] for row in await tx.fetch("select id, number from legal_updates")}
    for number, (published, deadline) in enumerate(zip(year.published, year.deadlines, strict=True)):
        steps = {on_or_before(deadline - dt.timedelta(days=before)) for before in (30, 14, 7, 3, 1)}
        ladder = {day for day in steps if day > published} | {published}
        finished = deadline - dt.timedelta(days=10)
        subject = f"legal:{ids[f'{number}/2027']}"
        for place, chat in enumerate(year.people):
            days = {local(at).date() for at, kind, about in chat.pushed if about == subject}
            until = {day for day in days if day <= deadline}
            assert until == {day for day in ladder if place % 2 or day < finished}, (number, place)
            weekly = sorted(days - until)
            assert len(weekly) >= 3 if place % 2 else weekly == []
            assert all((b - a).days <= 14 for a, b in pairwise(weekly))
