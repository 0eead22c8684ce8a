import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from bot.chat.turns import Speaker
from bot.store import Tx
from bot.training import (
    approvals,
    change_answers,
    course_changes,
    course_edits,
    courses,
    enrolments,
    nominations,
    offers,
    schedule_changes,
    signing_up,
    swapping,
)
from bot.training.class_list import TAKEN_OFF
from bot.training.schedule_wishes import Wish
from tests.courses.enrolment_machine import HOUR, Machine, there_is
from tests.courses.enrolment_world import ACTIVE, DAYS, PEOPLE, Plain, World
from tests.talking import Office, at

UNITS = ("Phòng A", "Tổ A1", "Phòng B")
somebody = st.integers(0, len(PEOPLE) - 1)
which = st.integers(0, 9)  # of those there are
courses_to_be = st.fixed_dictionaries(
    {
        "capacity": st.integers(2, 4),
        "needs_head": st.integers(0, 1),
        "needs_hr": st.sampled_from((0, 0, 1)),
        "mandatory": st.sampled_from((0, 0, 1)),
        "approve_until": st.sampled_from((None, at("2026-11-26"))),
    }
)
while_alive = precondition(lambda machine: machine.alive)


class Enrolling(Machine):
    """One course under any order of what its people, its heads, HR and time can do."""

    @initialize(course=courses_to_be, first=st.integers(2, 7))
    def begins(self, course: dict[str, Any], first: int) -> None:
        self.begin(**course)
        for who in range(first):
            self.signs_up(who)

    @precondition(lambda machine: not machine.alive)
    @rule(course=courses_to_be, first=st.integers(2, 7))
    def another_course_begins(self, course: dict[str, Any], first: int) -> None:
        self.begins(course, first)

    # What people do.

    @rule(who=somebody)
    def signs_up(self, who: int) -> None:
        person_id, arrival = self.world.people[who], self.world.arrival()
        self.does("signs_up", lambda tx: signing_up.sign_up(tx, person_id, self.course_id, arrival, self.now, DAYS))

    @there_is(lambda view: view.of(*ACTIVE))
    @rule(number=which, by_hr=st.booleans())
    def gives_up_or_is_taken_off(self, number: int, by_hr: bool) -> None:
        one = self.one_of(self.view.of(*ACTIVE), number)

        async def take_off(tx: Tx) -> None:
            course, by = await courses.locked(tx, self.course_id), self.world.hr.person_id
            enrolment = await enrolments.find(tx, one["id"])
            await signing_up.take_off(tx, course, enrolment, by, TAKEN_OFF, self.now, DAYS)

        if by_hr:
            self.does("taken_off", take_off)
        else:
            args = one["person_id"], self.course_id, "work", self.now, DAYS
            self.does("gives_up", lambda tx: signing_up.cancel(tx, *args))

    @there_is(lambda view: view.of("seat"))
    @rule(number=which, who=somebody)
    def asks_a_colleague_to_take_the_seat(self, number: int, who: int) -> None:
        holder = self.one_of(self.view.of("seat"), number)["person_id"]
        own = [p for p in self.world.people if self.view.unit_of[p] == self.view.unit_of[holder]]
        away = [p for p in own if p not in self.on_it] or own
        args = holder, self.course_id, away[who % len(away)], self.world.arrival(), self.now, DAYS
        self.does("swap_asked", lambda tx: swapping.ask(tx, *args))

    # What waits for an answer: of the person, of the colleague, of heads and HR.

    @there_is(lambda view: view.tasks)
    @rule(number=st.integers(0, 99), by_head=st.booleans(), yes=st.sampled_from((True, True, False)))
    def is_answered(self, number: int, by_head: bool, yes: bool) -> None:
        kinds = list(self.view.tasks)
        kind = kinds[number % len(kinds)]
        by = self.world.head if by_head else self.world.hr
        getattr(self, f"_{kind}")(self.one_of(self.view.tasks[kind], number // len(kinds)), by, yes)

    def _offer(self, offer: Plain, by: Speaker, yes: bool) -> None:
        answer = offers.accept if yes else offers.decline
        self.does("offer_answered", lambda tx: answer(tx, offer["person_id"], offer["id"], self.now, DAYS))

    def _question(self, asked: Plain, by: Speaker, yes: bool) -> None:
        args = asked["person_id"], asked["change_id"], self.now, DAYS
        self.does("answers", lambda tx: change_answers.answer(tx, *args, coming=yes))

    def _request(self, asked: Plain, by: Speaker, yes: bool) -> None:
        if yes:
            self.does("decided", lambda tx: approvals.approve(tx, by, asked["id"], self.now, DAYS))
        else:
            self.does("decided", lambda tx: approvals.refuse(tx, by, asked["id"], None, self.now, DAYS))

    def _swap(self, swap: Plain, by: Speaker, yes: bool) -> None:
        """The colleague's word, then that of the head or HR; a "no" may also be that it is called off."""
        asked, number = swap["state"] == "asked", swap["id"]
        colleague, days = swap["colleague_id"], DAYS
        if not yes and by is self.world.hr:
            self.does("swap_off", lambda tx: swapping.withdraw(tx, colleague, number, self.now, days))
        elif asked:
            answer = swapping.agree if yes else swapping.decline
            self.does("swap_answered", lambda tx: answer(tx, colleague, number, self.now, days))
        elif yes:
            self.does("swap_decided", lambda tx: swapping.approve(tx, by.person_id, number, self.now, days))
        else:
            self.does("swap_decided", lambda tx: swapping.refuse(tx, by.person_id, number, None, self.now, days))

    @while_alive
    @rule(named=st.lists(somebody, min_size=1, max_size=3), by_head=st.booleans(), may_wait=st.booleans())
    def are_nominated(self, named: list[int], by_head: bool, may_wait: bool) -> None:
        by = (self.world.head if by_head else self.world.hr).person_id
        own = [p for p in self.world.of_head if p not in self.on_it] if by_head else []
        people = [own[who % len(own)] if own else self.world.people[who] for who in named]
        args = by, self.course_id, people, self.world.arrival(), self.now, DAYS
        self.does("nominated", lambda tx: nominations.nominate(tx, *args, may_wait=people if may_wait else ()))

    # What HR does to the course.

    @while_alive
    @rule(
        what=st.sampled_from(("capacity", "capacity", "capacity", "quotas", "deadline", "open")),
        more=st.integers(-1, 3), kept=st.dictionaries(st.sampled_from(UNITS), st.integers(1, 2), max_size=2),
        later=st.sampled_from((-1, 6, 12, 20)), is_open=st.sampled_from((True, True, False)),
    )  # fmt: skip
    def sign_up_is_changed(self, what: str, more: int, kept: dict[str, int], later: int, is_open: bool) -> None:
        """The capacity about what is firmly taken: less is refused, just that leaves requests without a place."""
        if what == "capacity":
            args = self.course_id, len(self.view.of("seat", "offered")) + more, self.now, DAYS
            self.does("edited", lambda tx: course_changes.set_capacity(tx, *args))
        elif what == "open":
            self.does("opened", lambda tx: course_changes.set_open(tx, self.course_id, is_open, self.now))
        elif what == "quotas":
            self._edits("quotas", "; ".join(f"{unit}: {places}" for unit, places in kept.items()))
        else:
            self._edits("deadline", self.day(later))

    def _edits(self, key: str, words: str) -> None:
        async def edit(tx: Tx) -> None:
            seen = await course_edits.version(tx, self.course_id)
            await course_edits.put(tx, self.course_id, key, words, seen, self.world.hr.person_id, self.now, DAYS)

        self.does("edited", edit)

    @while_alive
    @rule(
        kind=st.sampled_from(("move", "move", "move", "place", "online", "drop", "shift", "postpone")),
        number=which, days=st.integers(1, 21), hour=st.integers(6, 18), wait=st.sampled_from((0, 12, 48)),
    )  # fmt: skip
    def the_schedule_is_changed(self, kind: str, number: int, days: int, hour: int, wait: int) -> None:
        """A course that is put off can only be put back on; a room may change for one session or for all of them."""
        kind = "resume" if self.view.course.postponed else kind
        held = [one.id for one in self.view.held(self.course_id)]
        whole = kind in ("shift", "postpone", "resume") or (number > 6 and kind in ("place", "online"))
        value = {
            "move": f"{self.day(days)} {hour}:30", "place": f"Phòng {number}", "online": f"https://hop.vn/{number}",
            "shift": str(days), "resume": self.day(days),
        }.get(kind, "")  # fmt: skip
        wish = Wish(self.course_id, 0 if whole else held[number % len(held)], kind, value, "x", wait)

        async def change(tx: Tx) -> None:
            preview = await schedule_changes.preview(tx, wish, self.now, DAYS)
            assert await schedule_changes.apply(tx, wish, preview.seen, self.world.hr.person_id, self.now, DAYS)

        self.does("changed", change)

    @precondition(lambda machine: machine.alive and machine.steps > 25)
    @rule()
    def the_course_is_cancelled(self) -> None:
        by = self.world.hr.person_id
        self.does("cancels", lambda tx: course_changes.cancel(tx, self.course_id, "x", by, self.now, DAYS))

    # What time does.

    @while_alive
    @rule(
        until=st.sampled_from(("some hours", "offer", "offer", "heads", "heads", "reminder", "answer", "answer")),
        hours=st.integers(1, 12), then=st.sampled_from(("nothing", "tick", "deliver", "deliver")),
    )  # fmt: skip
    def time_passes(self, until: str, hours: int, then: str) -> None:
        """Nobody does anything until an offer, the heads' time, a reminder, or the time to answer has come."""
        if until == "answer" and self.view.tasks.get("question"):
            self.waits_until(DAYS.soon(self.now))
            self.ticks(told=True)  # only who has been told can be silent
        self.waits_until(max(self.now, self.view.next_of(until) or self.now + hours * HOUR))
        if then != "nothing":
            self.ticks(told=then == "deliver")

    @rule(told=st.booleans())
    def the_scheduler_runs(self, told: bool) -> None:
        self.ticks(told)


async def test_in_any_order_of_steps_places_order_and_reminders_are_kept(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    world, loop = World(office), asyncio.get_running_loop()

    def run(work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result()

    fixed = settings(
        max_examples=50 if office.store.engine == "sqlite" else 12,
        stateful_step_count=50,
        derandomize=True,  # the same walks each time: what fails here fails everywhere
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],  # shrinking 50 steps on a database takes minutes
    )
    await asyncio.to_thread(run_state_machine_as_test, lambda: Enrolling(world, run), settings=fixed)
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
