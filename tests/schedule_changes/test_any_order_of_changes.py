from dataclasses import dataclass
from itertools import pairwise

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.errors import Explained
from bot.store import Reading, Tx
from bot.training import (
    change_answers,
    courses,
    enrolments,
    offers,
    places,
    schedule_changes,
    schedule_history,
    schedules,
    sessions,
    signing_up,
)
from bot.training.calendar import Calendar
from bot.training.schedule_changes import HOUR, LEAST
from bot.training.schedule_history import CURRENT
from bot.training.schedule_wishes import Wish
from scheduler import offers as sweep
from tests.courses.classes import make_course
from tests.talking import MONDAY, ZONE, Chat, Office

NAMES = ("An", "Bình", "Chi", "Dũng", "Giang")
DATES = (("2026-12-07", "07:30", "11:30"), ("2026-12-08", "07:30", "11:30"), ("2026-12-10", "13:30", "17:00"))
CHANGES = ("move", "move", "place", "online", "drop", "shift", "postpone", "resume", "resume")
VERBS = (
    *CHANGES,
    "yes",
    "yes",
    "no",
    "sign_up",
    "sign_up",
    "give_up",
    "accept",
    "pass",
    "pass",
    "tell",
    "tell",
    "sweep",
)
steps = st.lists(
    st.tuples(st.sampled_from(VERBS), st.integers(0, len(NAMES) - 1), st.integers(1, 9)), min_size=20, max_size=40
)


@dataclass
class Walk:
    """One course whose schedule changes in any order while people come and go, and what must always be so."""

    office: Office
    people: list[Chat]
    hr: Chat
    course_id: int
    first: int
    arrival: int = 0

    @property
    def now(self) -> int:
        return self.office.clock.now()

    async def do(self, verb: str, who: int, number: int) -> None:
        if verb == "pass":
            self.office.clock.move_by(number * 5 * HOUR)
        elif verb == "tell":
            await self.office.settle()
        elif verb == "sweep":
            await sweep.tick(self.office.store, self.now, ZONE)
        else:
            try:
                async with self.office.store.transaction() as tx:
                    await self._in(tx, verb, who, number)
            except Explained:
                pass  # a rule said no: nothing may have changed, which the checks see
        async with self.office.store.reading() as tx:
            await self.check(tx)

    async def _in(self, tx: Tx, verb: str, who: int, number: int) -> None:
        self.arrival += 1
        days, now, person_id = Calendar(ZONE), self.now, self.people[who].person_id
        if verb in CHANGES:
            wish = self._wish(verb, who, number, days)
            preview = await schedule_changes.preview(tx, wish, now, days)
            done = await schedule_changes.apply(tx, wish, preview.seen, self.hr.person_id, now, days)
            assert done is not None
        elif verb == "sign_up":
            await signing_up.sign_up(tx, person_id, self.course_id, self.arrival, now, days)
        elif verb == "give_up":
            await signing_up.cancel(tx, person_id, self.course_id, "work", now, days)
        elif verb == "accept":
            offered = await enrolments.with_state(tx, self.course_id, "offered")
            if offered:
                await offers.accept(tx, offered[0].person_id, offered[0].id, now, days)
        else:
            made = [change.id for change in await schedule_history.of_course(tx, self.course_id)][:3]
            if made:
                change_id = made[number % len(made)]
                await change_answers.answer(tx, person_id, change_id, now, days, coming=verb == "yes")

    def _wish(self, verb: str, who: int, number: int, days: Calendar) -> Wish:
        day = days.local(self.now + number * 2 * 86_400)
        value = {
            "move": f"{day:%d/%m/%Y} {6 + who}:30",
            "place": f"Phòng {number}",
            "online": f"https://hop.vn/{number}",
            "shift": str(number),
            "resume": f"{day:%d/%m/%Y}",
        }.get(verb, "")
        whole = verb in ("shift", "postpone", "resume") or (verb in ("place", "online") and number > 6)
        return Wish(self.course_id, 0 if whole else self.first + number % 3, verb, value, "x", (12, 24, 48, 48, 0)[who])

    async def check(self, tx: Reading) -> None:
        course = await courses.find(tx, self.course_id)
        held = await sessions.of_course(tx, self.course_id)
        count = await places.of_course(tx, self.course_id, self.now)
        assert count.taken <= count.capacity
        assert (course.starts_at, course.ends_at) == schedules.span(held, postponed=course.postponed)
        for one, other in pairwise(held):
            assert one.ends_at <= other.starts_at, "two sessions of the course at one time"
        await self._no_orphan(tx, {one.subject: one.starts_at for one in held})
        await self._ends_once(tx, [] if course.postponed else [course.ends_at])
        await self._told_once(tx)
        await self._freed_only_whom_the_question_reached(tx)

    async def _no_orphan(self, tx: Reading, starts: dict[str, int]) -> None:
        planned = await tx.fetch("select * from milestones where state = 'pending' and kind = 'session'")
        owed = await tx.fetch("select * from outbox where state = 'pending' and kind = 'session_reminder'")
        for row in [*planned, *owed]:
            assert starts.get(row["subject"]) == row["expires_at"], "a reminder of a session not held then"
        stale = await tx.fetch(
            f"""select m.* from milestones m join schedule_changes c
                on m.subject = 'schedule_change:' || cast(c.id as text)
            where m.state = 'pending' and not {CURRENT}"""
        )
        assert stale == [], "a question about what has changed again"

    async def _ends_once(self, tx: Reading, expected: list[int]) -> None:
        rows = await tx.fetch("select due_at from milestones where state = 'pending' and kind = 'course_end'")
        assert [row["due_at"] for row in rows] in (expected, []), "the end of the course is not where it is planned"

    async def _told_once(self, tx: Reading) -> None:
        rows = await tx.fetch(
            """
            select a.person_id, a.since_id, a.change_id from schedule_change_people a join outbox o
                on o.unique_key = 'schedule_change:' || cast(a.change_id as text) || ':' || cast(a.person_id as text)
            where o.state = 'sent' order by a.person_id, a.change_id
            """
        )
        for one, other in pairwise(rows):
            if one["person_id"] == other["person_id"]:
                assert one["change_id"] < other["since_id"], "somebody was told twice of one change"

    async def _freed_only_whom_the_question_reached(self, tx: Reading) -> None:
        rows = await tx.fetch(
            """
            select c.answer_by, o.state, o.settled_at from change_answers x
            join schedule_changes c on c.id = x.change_id left join outbox o
                on o.unique_key = 'schedule_change:' || cast(x.change_id as text) || ':' || cast(x.person_id as text)
            where x.answer = 'silent'
            """
        )
        assert all(row["state"] == "sent" and row["settled_at"] <= row["answer_by"] - LEAST for row in rows)


@settings(
    max_examples=25,
    derandomize=True,  # the same examples wherever it runs; more of them find more
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking 40 steps on a database takes minutes
)
@given(steps=steps)
async def test_in_any_order_of_changes_reminders_places_and_news_are_right(
    office: Office, steps: list[tuple[str, int, int]]
) -> None:
    walk = await begun(office)
    for who in range(3):
        await walk.do("sign_up", who, 1)
    for verb, who, number in steps:
        await walk.do(verb, who, number)


async def begun(office: Office) -> Walk:
    """Begin with a fresh course; whatever an earlier example left is out of the way."""
    office.clock.move_to(MONDAY)
    known = office.chats.get("Hạnh")
    hr = known or await office.person("Hạnh", hr=True)
    people = [office.chats[name] if known else await office.person(name) for name in NAMES]
    async with office.store.transaction() as tx:
        await tx.execute("update courses set state = 'cancelled'")
        await tx.execute("update milestones set state = 'withdrawn'")
        await tx.execute("update outbox set state = 'skipped'")
        await tx.execute("delete from change_answers")
        course_id = await make_course(tx, MONDAY, capacity=3, needs_head=0, sessions_at=DATES)
        first = await tx.fetchval("select min(id) from sessions where course_id = $1", course_id)
    return Walk(office, people, hr, course_id, first)
