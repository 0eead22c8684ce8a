from dataclasses import dataclass, field

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.chat.turns import Role, Speaker
from bot.errors import Explained
from bot.store import Store, Tx
from bot.training import approvals, course_changes, courses, enrolments, offers, places, signing_up
from bot.training.calendar import Calendar
from bot.training.enrolments import Enrolment
from scheduler import offers as sweep
from tests.courses.classes import make_course
from tests.talking import MONDAY, ZONE, Office

PEOPLE = 7
VERBS = (
    "sign_up", "sign_up", "sign_up", "cancel", "cancel", "approve", "approve", "refuse", "accept", "accept", "decline",
    "resize", "pass_time", "sweep",
)  # fmt: skip
steps = st.lists(
    st.tuples(st.sampled_from(VERBS), st.integers(0, PEOPLE - 1), st.integers(1, 4)), min_size=25, max_size=50
)


@dataclass
class Model:
    """One course under any order of steps, and what must always be so."""

    store: Store
    people: list[int]
    hr: Speaker
    course_id: int = 0
    now: int = MONDAY
    arrival: int = 0
    most: int = 0
    newest: int = 0
    offered_before: set[int] = field(default_factory=set)
    waiting_before: set[int] = field(default_factory=set)

    async def do(self, verb: str, who: int, number: int) -> None:
        if verb == "sweep":
            await sweep.tick(self.store, self.now, ZONE)
        elif verb == "pass_time":
            self.now += number * 9 * 3600
        else:
            try:
                async with self.store.transaction() as tx:
                    await self._in(tx, verb, self.people[who], number)
            except Explained:
                pass  # a rule said no: nothing may have changed, which the check below sees
        await self.check(verb)

    async def _in(self, tx: Tx, verb: str, person_id: int, number: int) -> None:
        self.arrival += 1
        days, now, course_id = Calendar(ZONE), self.now, self.course_id
        if verb == "sign_up":
            here = await enrolments.participants(tx, course_id)
            away = [p for p in self.people if f"P{p}" not in {one.code for one in here}] or [person_id]
            await signing_up.sign_up(tx, away[number % len(away)], course_id, self.arrival, now, days)
        elif verb == "cancel":
            await signing_up.cancel(tx, person_id, course_id, "work", now, days)
        elif verb == "resize":
            await course_changes.set_capacity(tx, course_id, number, now, days)
        elif chosen := await self._chosen(tx, verb, number) or await enrolments.latest(tx, person_id, course_id):
            if verb == "approve":
                await approvals.approve(tx, self.hr, chosen.id, now, days)
            elif verb == "refuse":
                await approvals.refuse(tx, self.hr, chosen.id, None, now, days)
            elif verb == "accept":
                await offers.accept(tx, chosen.person_id, chosen.id, now, days)
            else:
                await offers.decline(tx, chosen.person_id, chosen.id, now, days)

    async def _chosen(self, tx: Tx, verb: str, number: int) -> Enrolment | None:
        """Mostly one that the step can do something to; there is no head, so HR decides."""
        wanted = {"approve": "hr", "refuse": "hr"}.get(verb, "offered")
        found = await enrolments.with_state(tx, self.course_id, wanted)
        return found[number % len(found)] if found and number < 4 else None

    async def check(self, verb: str) -> None:
        async with self.store.reading() as tx:
            course = await courses.find(tx, self.course_id)
            count = await places.of_course(tx, self.course_id, self.now)
            twice = await tx.fetch(
                """select person_id from enrolments where course_id = $1
                and state in ('head', 'hr', 'seat', 'waiting', 'offered') group by person_id having count(*) > 1""",
                self.course_id,
            )
            waiting = await enrolments.with_state(tx, self.course_id, "waiting")
            offered = await enrolments.with_state(tx, self.course_id, "offered")
        assert count.firm <= count.capacity
        assert count.taken <= max(count.capacity, self.most), "a shrunk course may keep its requests, not gain any"
        self.most = count.taken
        assert twice == []
        new = [(e.arrival, e.id) for e in offered if e.id not in self.offered_before]
        passed_over = [(e.arrival, e.id) for e in waiting if e.id in self.waiting_before]
        assert not new or not passed_over or max(new) < min(passed_over), "the order of arrival was not kept"
        if verb == "sign_up":
            placed = [e for state in ("head", "hr", "seat") for e in await self._fresh(state)]
            assert not placed or not passed_over, "a newcomer was let past somebody who waited"
        if verb == "sweep" and self.now < course.starts_at:
            assert not (count.free and count.waiting), "somebody waits beside a free place"
        self.newest = max([self.newest, *(e.id for e in [*waiting, *offered])])
        self.offered_before, self.waiting_before = {e.id for e in offered}, {e.id for e in waiting}

    async def _fresh(self, state: str) -> list[Enrolment]:
        """Give the enrolments in a state that the last step made."""
        async with self.store.reading() as tx:
            found = await enrolments.with_state(tx, self.course_id, state)
            fresh = [e for e in found if e.id > self.newest]
        self.newest = max([self.newest, *(e.id for e in fresh)])
        return fresh


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking 50 steps on a database takes minutes
)
@given(steps=steps, needs_head=st.booleans())
async def test_in_any_order_of_steps_places_and_order_are_kept(
    office: Office, steps: list[tuple[str, int, int]], needs_head: bool
) -> None:
    model = await _model(office.store, needs_head)
    for who in range(PEOPLE - 1):
        await model.do("sign_up", who, 1)
    for verb, who, number in steps:
        await model.do(verb, who, number)
    async with office.store.transaction() as tx:
        await course_changes.cancel(tx, model.course_id, "x", model.hr.person_id, model.now, Calendar(ZONE))
    async with office.store.reading() as tx:
        assert await tx.fetchval("select count(*) from milestones where state = 'pending'") == 0
        assert (
            await tx.fetchval("select count(*) from outbox where state = 'pending' and kind <> 'course_cancelled'") == 0
        )
        assert (await places.of_course(tx, model.course_id, model.now)).active == 0


async def _model(store: Store, needs_head: bool) -> Model:
    """Begin with a fresh course; whatever an earlier example left is out of the way."""
    async with store.transaction() as tx:
        await tx.execute("update courses set state = 'cancelled'")
        await tx.execute("update milestones set state = 'withdrawn'")
        await tx.execute("update outbox set state = 'skipped'")
        rows = await tx.fetch("select id from people order by id")
        people = [row["id"] for row in rows] or [await _person(tx, n) for n in range(PEOPLE + 1)]
        course_id = await make_course(tx, MONDAY, capacity=4, needs_head=int(needs_head))
    hr = Speaker(people[-1], "HR", 1, frozenset({Role.LINKED, Role.OFFICIAL, Role.HR}))
    return Model(store, people[:PEOPLE], hr, course_id)


async def _person(tx: Tx, number: int) -> int:
    await tx.execute("insert into units (id, name, fold) values (1, 'U', 'u') on conflict (id) do nothing")
    person_id: int = await tx.fetchval(
        """insert into people (code, name, fold, unit_id, audience, created_at)
        values ($1, $1, $1, 1, 'CC', 1) returning id""",
        f"P{number + 1}",
    )
    return person_id
