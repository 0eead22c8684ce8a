"""Working through a legal update: cards, questions, the confirmation. Rules of the questions are in legal_quiz."""

from dataclasses import dataclass

from bot.errors import Stale
from bot.store import Reading, Row, Tx
from bot.training import legal
from bot.training.legal import Content, Evidence, Update
from bot.training.legal_quiz import Quiz, begin
from bot.training.legal_yaml import Question


@dataclass(frozen=True)
class Place:
    """How far somebody has come: the card last seen (from 0), how many were read, and the questions."""

    update: Update
    content: Content
    card: int
    cards_read: int
    quiz: Quiz

    @property
    def all_read(self) -> bool:
        """Tell whether every card was seen, so that the questions may come."""
        return self.cards_read >= len(self.content.cards)

    @property
    def passed(self) -> bool:
        """Tell whether the questions are done with."""
        return self.quiz.passed(self.update.pass_mark)

    @property
    def question(self) -> Question:
        """Give the question to ask now; only while not passed."""
        return self.content.questions[self.quiz.question]


async def place(tx: Reading, person_id: int, update_id: int) -> Place:
    """Give where a person stands. Raises Stale when the update does not concern them.

    What was done of an earlier version counts no more; when a slip in the words was mended, the place in the cards is
    kept and the questions begin again.
    """
    update = (await legal.task(tx, person_id, update_id)).update
    content = await legal.content(tx, update)
    row = await tx.fetchrow(
        "select * from legal_progress where person_id = $1 and update_id = $2 and version = $3",
        person_id,
        update_id,
        update.version,
    )
    return _place(update, content, row)


def _place(update: Update, content: Content, row: Row | None) -> Place:
    if row is None:
        return Place(update, content, 0, 0, begin(len(content.questions)))
    last = len(content.cards) - 1
    known = row["quiz"] is not None and row["edition"] == update.edition
    quiz = Quiz.load(row["quiz"]) if known else begin(len(content.questions))
    return Place(update, content, min(row["card"], last), min(row["cards_read"], last + 1), quiz)


async def turn_to(tx: Tx, person_id: int, update_id: int, card: int) -> Place:
    """Note that a person looks at a card (from 0; out of range gives the nearest) and give the place."""
    before = await place(tx, person_id, update_id)
    card = min(max(card, 0), len(before.content.cards) - 1)
    if card > before.cards_read:  # an old or forged button: no card is left out
        card = before.cards_read
    after = Place(before.update, before.content, card, max(before.cards_read, card + 1), before.quiz)
    await _keep(tx, person_id, after)
    return after


async def answer(tx: Tx, person_id: int, update_id: int, edition: int, step: int, chosen: int) -> Place:
    """Take an answer (from 0) to the question of `step` and give the place after it.

    A button of an earlier step or of earlier words changes nothing: the place is given as it is.
    """
    before = await place(tx, person_id, update_id)
    fresh = before.update.edition == edition and before.quiz.step == step
    if not fresh or before.passed or not before.all_read:
        return before
    if not 0 <= chosen < len(before.question.answers):
        raise Stale
    quiz = before.quiz.answer(chosen, correct=chosen == before.question.right)
    after = Place(before.update, before.content, before.card, before.cards_read, quiz)
    await _keep(tx, person_id, after)
    return after


async def confirm(tx: Tx, person_id: int, update_id: int, version: int, now: int) -> Evidence | None:
    """Record that a person has read and understood `version`, once for ever, and give the proof.

    None when the questions of the present version are not passed yet, or it is no longer `version`.
    """
    found = (await legal.task(tx, person_id, update_id)).evidence
    there = await place(tx, person_id, update_id)
    if found is not None or version != there.update.version or not (there.all_read and there.passed):
        return found
    await tx.execute(
        """
        insert into legal_evidence (person_id, update_id, version, at, right_answers, questions)
        values ($1, $2, $3, $4, $5, $6) on conflict (person_id, update_id, version) do nothing
        """,
        person_id,
        update_id,
        version,
        now,
        there.quiz.right,
        len(there.content.questions),
    )
    return (await legal.task(tx, person_id, update_id)).evidence


async def _keep(tx: Tx, person_id: int, place: Place) -> None:
    await tx.execute(
        """
        insert into legal_progress (person_id, update_id, version, edition, card, cards_read, quiz)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (person_id, update_id) do update set version = excluded.version, edition = excluded.edition,
            card = excluded.card, cards_read = excluded.cards_read, quiz = excluded.quiz
        """,
        person_id,
        place.update.id,
        place.update.version,
        place.update.edition,
        place.card,
        place.cards_read,
        place.quiz.dump(),
    )
