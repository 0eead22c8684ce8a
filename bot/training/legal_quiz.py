"""The questions of a legal update as a game of cards in hand: pure rules. Words and storage are elsewhere."""

import json
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Quiz:
    """Where somebody stands: whom to ask next, how often each question was answered, which are right by now.

    `queue` holds places of questions (from 0), the next first. `last` is the question answered last and the answer
    given, both from 0. `step` counts the answers given: a button of an earlier step is an old one.
    """

    queue: tuple[int, ...]
    tries: tuple[int, ...]
    last: tuple[int, int] | None = None
    step: int = 0

    @property
    def right(self) -> int:
        """Give how many questions have been answered right, at the first or a later time."""
        return sum(1 for place, tries in enumerate(self.tries) if tries and place not in self.queue)

    @property
    def question(self) -> int:
        """Give the place of the question to ask now; only while not passed."""
        return self.queue[0]

    @property
    def again(self) -> bool:
        """Tell whether the question to ask now has been missed before."""
        return self.tries[self.question] > 0

    def passed(self, pass_mark: int) -> bool:
        """Tell whether it is enough: everything was asked, what was missed was asked again, and enough is right.

        A question missed a second time comes back only while `pass_mark` right answers are not reached.
        """
        asked_again = all(self.tries[place] > 1 for place in self.queue)
        return asked_again and self.right >= min(pass_mark, len(self.tries))

    def answer(self, chosen: int, correct: bool) -> "Quiz":
        """Give the state after an answer to the present question; a missed one goes to the end of the queue."""
        place, *rest = self.queue
        tries = tuple(count + (at == place) for at, count in enumerate(self.tries))
        queue = tuple(rest) if correct else (*rest, place)
        return replace(self, queue=queue, tries=tries, last=(place, chosen), step=self.step + 1)

    def dump(self) -> str:
        """Give it as JSON."""
        return json.dumps([self.queue, self.tries, self.last, self.step])

    @classmethod
    def load(cls, dumped: str) -> "Quiz":
        """Read back what `dump` gave."""
        queue, tries, last, step = json.loads(dumped)
        return cls(tuple(queue), tuple(tries), tuple(last) if last else None, step)


def begin(questions: int) -> Quiz:
    """Give the state before the first answer."""
    return Quiz(tuple(range(questions)), (0,) * questions)
