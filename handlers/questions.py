"""Questions back: a person asks under an announcement, the clerk answers; each sees who the other is."""

from bot.chat.pages import page_of
from bot.chat.router import answer, choice, notice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Stale
from bot.training import broadcasts, calendar, people, questions, receipts
from bot.training.broadcasts import Broadcast


@choice("ask_back", who=Role.OFFICIAL)
async def ask(turn: Turn, broadcast_id: int) -> Screen:
    """Ask for the question, and say who will read it."""
    broadcast = await _own(turn, broadcast_id)
    if broadcast is None:
        return Screen("receipts/only_preview", fresh=True)
    await questions.may_ask(turn.tx, turn.person.person_id)
    turn.ask("ask_back", broadcast_id)
    clerk = await people.find(turn.tx, broadcast.sent_by or broadcast.author_id)
    return Screen("questions/ask", broadcast=broadcast, clerk=clerk, fresh=True).button("leave", "home")


async def _own(turn: Turn, broadcast_id: int) -> Broadcast | None:
    """Give an announcement that the person is of the audience of; None for HR looking at a preview."""
    broadcast = await broadcasts.find(turn.tx, broadcast_id)
    if await receipts.concerned(turn.tx, broadcast, turn.person.person_id):
        return broadcast
    if broadcast.started_at is None and turn.has(Role.HR):
        return None
    raise Stale


@answer("ask_back", who=Role.OFFICIAL)
async def asked(turn: Turn, text: str, broadcast_id: int) -> Screen:
    """Pass the question on."""
    broadcast = await _own(turn, broadcast_id)
    if broadcast is None:
        raise Stale
    days = await calendar.load(turn.tx, turn.zone)
    told = await questions.ask(turn.tx, broadcast, turn.person.person_id, text, days, turn.now)
    later = days.soon(turn.now) if days.soon(turn.now) > turn.now else None
    return Screen("questions/asked", told=told, later=later).button("home", "home")


@choice("desk_questions", who=Role.HR, reach="list")
async def waiting(turn: Turn, page: int = 0) -> Screen:
    """List the questions without an answer, the oldest first."""
    shown = page_of(await questions.waiting(turn.tx), page)
    screen = Screen("questions/list", page=shown)
    for question in shown.items:
        screen.button("item", "question", question.id, question=question)
    return shown.buttons(screen, "desk_questions").button("back", "desk_broadcasts").button("home", "home", beside=True)


@choice("question", who=Role.HR, reach="question")
async def card(turn: Turn, question_id: int) -> Screen:
    """Show one question with who asks."""
    return await _card(turn, question_id)


async def _card(turn: Turn, question_id: int) -> Screen:
    question = await questions.find(turn.tx, question_id)
    broadcast = await broadcasts.find(turn.tx, question.broadcast_id)
    screen = Screen("questions/card", question=question, broadcast=broadcast)
    if question.answered_at is None:
        screen.button("answer", "q_answer", question_id)
    return screen.button("questions", "desk_questions").button("home", "home", beside=True)


@choice("q_answer", who=Role.HR, reach="question")
async def ask_answer(turn: Turn, question_id: int) -> Screen:
    """Ask for the words of the answer."""
    question = await questions.find(turn.tx, question_id)
    if question.answered_at is not None:
        return await _card(turn, question_id)
    turn.ask("q_answer", question_id)
    return Screen("questions/answer", question=question).button("leave", "question", question_id)


@answer("q_answer", who=Role.HR, reach="question")
async def answered(turn: Turn, text: str, question_id: int) -> Screen:
    """Keep the answer; who asked is told."""
    days = await calendar.load(turn.tx, turn.zone)
    question = await questions.answer(turn.tx, question_id, turn.person.person_id, text, days, turn.now)
    screen = Screen("questions/done", question=question)
    return screen.button("questions", "desk_questions").button("home", "home", beside=True)


@notice("question_new")
async def new(turn: Turn, question_id: int) -> Screen | None:
    """Tell the clerk of a question, unless it has been answered."""
    question = await questions.find(turn.tx, question_id)
    if question.answered_at is not None or not turn.has(Role.HR):
        return None
    return await _card(turn, question_id)


@notice("question_answered")
async def told(turn: Turn, question_id: int) -> Screen | None:
    """Tell a person what was answered, and by whom."""
    question = await questions.find(turn.tx, question_id)
    screen = Screen("questions/answered", question=question)
    return screen.button("again", "ask_back", question.broadcast_id).button("home", "home", beside=True)
