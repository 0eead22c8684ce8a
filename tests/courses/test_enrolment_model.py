import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from bot.clock import UNDATED
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
from bot.training.approval_deadlines import over_at
from bot.training.class_list import TAKEN_OFF
from bot.training.schedule_wishes import Wish
from tests.courses.enrolment_machine import HOUR, Machine, there_is
from tests.courses.enrolment_world import ACTIVE, DAYS, PEOPLE, World
from tests.talking import Office

UNITS = ("Phòng A", "Tổ A1", "Phòng B")
somebody = st.integers(0, len(PEOPLE) - 1)
which = st.integers(0, 9)  # of those there are


class Enrolling(Machine):
    """One course under any order of what its people, its heads, HR and time can do."""

    @initialize(
        capacity=st.integers(2, 4),
        needs_head=st.booleans(),
        needs_hr=st.booleans(),
        mandatory=st.booleans(),
        first=st.integers(2, 7),
    )
    def begins(self, first: int, **course: int) -> None:
        self.begin(**{name: int(value) for name, value in course.items()})
        for who in range(first):
            self.signs_up(who)

    # What people do.

    @rule(who=somebody)
    def signs_up(self, who: int) -> None:
        person_id, arrival = self.world.people[who], self.world.arrival()
        self.does("signs_up", lambda tx: signing_up.sign_up(tx, person_id, self.course_id, arrival, self.now, DAYS))

    @there_is(lambda view: view.of(*ACTIVE))
    @rule(number=which)
    def gives_up(self, number: int) -> None:
        person_id = self.one_of(self.view.of(*ACTIVE), number)["person_id"]
        self.does("gives_up", lambda tx: signing_up.cancel(tx, person_id, self.course_id, "work", self.now, DAYS))

    @there_is(lambda view: view.of("offered"))
    @rule(number=which, takes=st.sampled_from((True, True, False)))
    def answers_an_offer(self, number: int, takes: bool) -> None:
        offer, answer = self.one_of(self.view.of("offered"), number), offers.accept if takes else offers.decline
        self.does("answers_offer", lambda tx: answer(tx, offer["person_id"], offer["id"], self.now, DAYS))

    @there_is(lambda view: [row for row in view.enrolments if view.over(row)])
    @rule()
    def answers_an_offer_too_late(self) -> None:
        offer = next(row for row in self.view.enrolments if self.view.over(row))
        self.does("answers_offer", lambda tx: offers.accept(tx, offer["person_id"], offer["id"], self.now, DAYS))

    @there_is(lambda view: view.asked)
    @rule(number=which, coming=st.booleans())
    def answers_whether_they_can_come(self, number: int, coming: bool) -> None:
        asked = self.one_of(self.view.asked, number)
        args = asked["person_id"], asked["change_id"], self.now, DAYS
        self.does("answers", lambda tx: change_answers.answer(tx, *args, coming=coming))

    @there_is(lambda view: view.of("seat"))
    @rule(number=which, who=somebody)
    def asks_a_colleague(self, number: int, who: int) -> None:
        holder = self.one_of(self.view.of("seat"), number)["person_id"]
        own = [p for p in self.world.people if self.view.unit_of[p] == self.view.unit_of[holder]]
        away = [p for p in own if p not in self.on_it] or own
        colleague, arrival = away[who % len(away)], self.world.arrival()
        args = holder, self.course_id, colleague, arrival, self.now, DAYS
        self.does("swap_asked", lambda tx: swapping.ask(tx, *args))

    @there_is(lambda view: view.swaps)
    @rule(number=which)
    def a_swap_is_called_off(self, number: int) -> None:
        swap = self.one_of(self.view.swaps, number)
        self.does("swap_off", lambda tx: swapping.withdraw(tx, swap["colleague_id"], swap["id"], self.now, DAYS))

    # What heads and HR decide.

    @there_is(lambda view: view.swaps)
    @rule(number=which, by_head=st.booleans(), yes=st.sampled_from((True, True, True, False)))
    def a_swap_goes_on(self, number: int, by_head: bool, yes: bool) -> None:
        """The colleague answers, and after that the head or HR decides."""
        swap = self.one_of(self.view.swaps, number)
        by = (self.world.head if by_head else self.world.hr).person_id
        if swap["state"] == "asked":
            answer = swapping.agree if yes else swapping.decline
            self.does("swap_answered", lambda tx: answer(tx, swap["colleague_id"], swap["id"], self.now, DAYS))
        elif yes:
            self.does("swap_decided", lambda tx: swapping.approve(tx, by, swap["id"], self.now, DAYS))
        else:
            self.does("swap_decided", lambda tx: swapping.refuse(tx, by, swap["id"], None, self.now, DAYS))

    @rule(named=st.lists(somebody, min_size=1, max_size=3), by_head=st.booleans(), may_wait=st.booleans())
    def are_nominated(self, named: list[int], by_head: bool, may_wait: bool) -> None:
        by = (self.world.head if by_head else self.world.hr).person_id
        own = [p for p in self.world.of_head if p not in self.on_it] if by_head else []
        people = [own[who % len(own)] if own else self.world.people[who] for who in named]
        args = by, self.course_id, people, self.world.arrival(), self.now, DAYS
        self.does("nominated", lambda tx: nominations.nominate(tx, *args, may_wait=people if may_wait else ()))

    @there_is(lambda view: view.of("head", "hr"))
    @rule(number=which, by_head=st.booleans(), yes=st.sampled_from((True, True, False)))
    def a_request_is_decided(self, number: int, by_head: bool, yes: bool) -> None:
        asked, by = self.one_of(self.view.of("head", "hr"), number), self.world.head if by_head else self.world.hr
        if yes:
            self.does("decided", lambda tx: approvals.approve(tx, by, asked["id"], self.now, DAYS))
        else:
            self.does("decided", lambda tx: approvals.refuse(tx, by, asked["id"], None, self.now, DAYS))

    # What HR does to the course.

    @there_is(lambda view: view.of(*ACTIVE))
    @rule(number=which)
    def is_taken_off(self, number: int) -> None:
        one = self.one_of(self.view.of(*ACTIVE), number)

        async def take_off(tx: Tx) -> None:
            course, by = await courses.locked(tx, self.course_id), self.world.hr.person_id
            enrolment = await enrolments.find(tx, one["id"])
            await signing_up.take_off(tx, course, enrolment, by, TAKEN_OFF, self.now, DAYS)

        self.does("taken_off", take_off)

    @rule(capacity=st.integers(1, 6))
    def capacity_is_changed(self, capacity: int) -> None:
        self.does("edited", lambda tx: course_changes.set_capacity(tx, self.course_id, capacity, self.now, DAYS))

    @rule(kept=st.dictionaries(st.sampled_from(UNITS), st.integers(1, 2), max_size=2))
    def quotas_are_set(self, kept: dict[str, int]) -> None:
        self.edits("quotas", "; ".join(f"{unit}: {places}" for unit, places in kept.items()))

    @rule(later=st.sampled_from((-1, 6, 12, 20)))
    def the_deadline_is_moved(self, later: int) -> None:
        self.edits("deadline", f"{DAYS.local(self.now + later * 24 * HOUR):%d/%m/%Y}")

    def edits(self, key: str, words: str) -> None:
        async def edit(tx: Tx) -> None:
            seen = await course_edits.version(tx, self.course_id)
            await course_edits.put(tx, self.course_id, key, words, seen, self.world.hr.person_id, self.now, DAYS)

        self.does("edited", edit)

    @rule(is_open=st.sampled_from((True, True, False)))
    def sign_up_is_opened_or_closed(self, is_open: bool) -> None:
        self.does("opened", lambda tx: course_changes.set_open(tx, self.course_id, is_open, self.now))

    @there_is(lambda view: not view.course.cancelled and not view.course.postponed)
    @rule(
        kind=st.sampled_from(("move", "move", "place", "online", "drop")),
        number=which, days=st.integers(1, 21), hour=st.integers(6, 18), wait=st.sampled_from((0, 12, 48)),
    )  # fmt: skip
    def a_session_is_changed(self, kind: str, number: int, days: int, hour: int, wait: int) -> None:
        held = [one.id for one in self.view.held(self.course_id)]
        value = {
            "move": f"{self.day(days)} {hour}:30", "place": f"Phòng {number}", "online": f"https://hop.vn/{number}"
        }.get(kind, "")  # fmt: skip
        self.changes(Wish(self.course_id, held[number % len(held)], kind, value, "x", wait))

    @there_is(lambda view: not view.course.cancelled and not view.course.postponed)
    @rule(kind=st.sampled_from(("shift", "postpone", "place", "online")), days=st.integers(1, 14))
    def the_course_is_changed(self, kind: str, days: int) -> None:
        value = {"shift": str(days), "place": f"Phòng {days}", "online": f"https://hop.vn/{days}"}.get(kind, "")
        self.changes(Wish(self.course_id, 0, kind, value, "x", 48))

    @there_is(lambda view: view.course.postponed)
    @rule(days=st.integers(1, 14))
    def the_course_is_put_back_on(self, days: int) -> None:
        self.changes(Wish(self.course_id, 0, "resume", self.day(days), "x", 48))

    def changes(self, wish: Wish) -> None:
        async def change(tx: Tx) -> None:
            preview = await schedule_changes.preview(tx, wish, self.now, DAYS)
            assert await schedule_changes.apply(tx, wish, preview.seen, self.world.hr.person_id, self.now, DAYS)

        self.does("changed", change)

    @precondition(
        lambda self: (
            self.steps > 45 and self.now < self.view.course.ends_at < UNDATED and not self.view.course.cancelled
        )
    )
    @rule()
    def the_course_is_cancelled(self) -> None:
        by = self.world.hr.person_id
        self.does("cancels", lambda tx: course_changes.cancel(tx, self.course_id, "x", by, self.now, DAYS))

    # What time does.

    @rule(hours=st.integers(1, 12))
    def hours_pass(self, hours: int) -> None:
        self.waits_until(self.now + hours * HOUR)

    @rule(told=st.booleans())
    def the_scheduler_runs(self, told: bool) -> None:
        self.ticks(told)

    @there_is(lambda view: view.of("offered"))
    @rule(told=st.booleans())
    def an_offer_runs_out(self, told: bool) -> None:
        self.waits_until(min(row["offer_expires_at"] for row in self.view.of("offered")))
        self.ticks(told)

    @there_is(lambda view: view.of("head") and over_at(view.course, DAYS) > view.now)
    @rule()
    def heads_stay_silent(self) -> None:
        self.waits_until(over_at(self.view.course, DAYS))
        self.ticks(told=True)

    @there_is(lambda view: view.asked and not view.course.cancelled)
    @rule()
    def nobody_says_whether_they_can_come(self) -> None:
        """They are told of it in the next calm hour, and then time passes."""
        asked = {row["change_id"] for row in self.view.asked}
        until = [r["answer_by"] for r in self.view.tables["schedule_changes"] if r["id"] in asked and r["answer_by"]]
        self.waits_until(DAYS.soon(self.now))
        self.ticks(told=True)
        if until and max(until) > self.now:
            self.waits_until(max(until))
            self.ticks(told=True)

    @there_is(lambda view: [one for one in view.tables["milestones"] if one["state"] == "pending"])
    @rule(told=st.booleans())
    def the_next_step_comes(self, told: bool) -> None:
        due = [one["due_at"] for one in self.view.tables["milestones"] if one["state"] == "pending"]
        self.waits_until(max(self.now, min(due)))
        self.ticks(told)


async def test_in_any_order_of_steps_places_order_and_reminders_are_kept(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    world, loop = World(office), asyncio.get_running_loop()

    def run(work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result()

    fixed = settings(
        max_examples=40,
        stateful_step_count=50,
        derandomize=True,  # the same walks each time: what fails here fails everywhere
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],  # shrinking 50 steps on a database takes minutes
    )
    await asyncio.to_thread(run_state_machine_as_test, lambda: Enrolling(world, run), settings=fixed)
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
