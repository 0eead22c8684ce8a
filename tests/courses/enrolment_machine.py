"""How a step of the enrolment model is taken and judged; the steps themselves are in test_enrolment_model."""

from collections.abc import Callable, Coroutine
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition

from tests.courses import enrolment_invariants, reminder_invariants
from tests.courses.enrolment_invariants import Step
from tests.courses.enrolment_world import ACTIVE, DAYS, Deed, Plain, View, World

INVARIANTS = (*enrolment_invariants.ALL, *reminder_invariants.ALL)
HOUR = 3600

Run = Callable[[Coroutine[Any, Any, Any]], Any]  # to its end, in the loop of the test


def there_is(found: Callable[[View], object]) -> Callable[[Any], Any]:
    """Let a rule run only when it has something to do."""
    return precondition(lambda machine: bool(found(machine.view)))


class EveryRule:
    def is_enabled(self, rule: str) -> bool:
        return True


class Machine(RuleBasedStateMachine):
    """Takes one step after the other and asks of each whether everything still holds."""

    def __init__(self, world: World, run: Run) -> None:
        super().__init__()
        self.world, self.run = world, run
        # Hypothesis leaves out about half of the rules at random, walk by walk; what goes wrong here takes a chain of
        # them. It has no setting for that: should this name of its own go away, walks find less and nothing breaks.
        self._rules_strategy.enabled_rules_strategy = st.just(EveryRule())

    def begin(self, **course: Any) -> None:
        """Begin with a course of its own, and with nothing of what was before."""
        self.steps = 0
        self.view: View = self.run(self.world.begin(**course))

    def does(self, verb: str, deed: Deed) -> None:
        """Do one thing in one transaction; a rule may say no."""
        self._judge(verb, self.run(self.world.attempt(deed)))

    def waits_until(self, at: int) -> None:
        """Let time pass while nothing runs."""
        self.world.office.clock.move_to(at)
        self._judge("time")

    def ticks(self, told: bool) -> None:
        """Let the scheduler run; people are told of what it did, or not yet."""
        self.run(self.world.deliver() if told else self.world.tick())
        self._judge("deliver" if told else "tick")

    def _judge(self, verb: str, done: bool = True) -> None:
        before, self.view = self.view, self.run(self.world.look())
        self.steps += 1
        for holds in INVARIANTS:
            holds(Step(verb, before, self.view, refused=not done))

    def one_of(self, rows: list[Plain], number: int) -> Plain:
        return rows[number % len(rows)]

    @property
    def alive(self) -> bool:
        """Tell whether anything can still be done to the course."""
        return not self.view.course.cancelled and self.now < self.view.course.ends_at

    @property
    def course_id(self) -> int:
        return self.world.course_id

    @property
    def now(self) -> int:
        return self.world.now

    @property
    def on_it(self) -> set[int]:
        """Give who is on the course in any way."""
        return {row["person_id"] for row in self.view.of(*ACTIVE)}

    def day(self, later: int) -> str:
        """Give the day so many days from now as a clerk types it."""
        return f"{DAYS.local(self.now + later * 24 * HOUR):%d/%m/%Y}"
