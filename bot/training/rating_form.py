"""A rating form being filled in, in the chat's draft: pure rules. It is stored whole at the end, by ratings."""

from dataclasses import dataclass, field, replace
from typing import Any

from bot.training import questionnaires
from bot.training.questionnaires import Questionnaire

SKIPPED = 0
MOST_MISSING = 0.05  # TT 10/2017: a form with more than 5 % of its items unanswered is invalid
LONGEST_COMMENT = 1000


@dataclass(frozen=True)
class Form:
    """The marks given so far, by item; SKIPPED where somebody passed over an item."""

    course_id: int
    questionnaire: Questionnaire
    marks: dict[str, int] = field(default_factory=dict)
    comment: str = ""

    @property
    def next(self) -> int | None:
        """Give the place of the first item not seen yet, None when all are."""
        return next((at for at, item in enumerate(self.questionnaire.items) if item.code not in self.marks), None)

    @property
    def valid(self) -> bool:
        """Tell whether it counts: at most 5 % of the items are missing."""
        return self._missing <= MOST_MISSING * len(self.questionnaire.items)

    @property
    def _missing(self) -> int:
        return sum(not self.marks.get(item.code) for item in self.questionnaire.items)

    def may_skip(self, at: int) -> bool:
        """Tell whether the item at `at` may be passed over: a short form allows none."""
        code = self.questionnaire.items[at].code
        skipped = sum(mark == SKIPPED for item, mark in self.marks.items() if item != code)
        return skipped + 1 <= MOST_MISSING * len(self.questionnaire.items)

    def with_mark(self, at: int, mark: int) -> "Form | None":
        """Give the form with a mark for the item at `at`; None when there is no such item or mark."""
        if not 0 <= at < len(self.questionnaire.items):
            return None
        allowed = self.may_skip(at) if mark == SKIPPED else self.questionnaire.mark(mark) is not None
        return replace(self, marks={**self.marks, self.questionnaire.items[at].code: mark}) if allowed else None

    def with_comment(self, words: str) -> "Form":
        """Give the form with a comment, cut to a thousand letters."""
        return replace(self, comment=words[:LONGEST_COMMENT])

    def stored(self) -> dict[str, int]:
        """Give the values on the scale 1–10, by item."""
        marks = {code: self.questionnaire.mark(mark) for code, mark in self.marks.items()}
        return {code: mark.stored for code, mark in marks.items() if mark is not None}

    def dump(self) -> dict[str, Any]:
        """Give it as the chat's draft keeps it."""
        one = self.questionnaire
        return {"course": self.course_id, "form": [one.code, one.version], "marks": self.marks, "comment": self.comment}


def load(draft: Any, course_id: int, code: str) -> Form:
    """Give the form in a draft if it is of this course and of a version still known, else an empty one."""
    if isinstance(draft, dict) and draft.get("course") == course_id:
        name, version = draft["form"]
        questionnaire = questionnaires.known().get((name, version))
        if questionnaire is not None:
            return Form(course_id, questionnaire, dict(draft["marks"]), draft["comment"])
    return Form(course_id, questionnaires.newest(code))
