"""/phapluat: legal updates of my own, cards, questions, the confirmation; the reminders. Rules: training.legal*."""

from bot.chat.pages import page_of
from bot.chat.router import choice, command, notice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Stale
from bot.training import audit, calendar, legal, legal_progress, legal_reminders, legal_who
from bot.training.legal import Task, Update
from bot.training.legal_progress import Place
from bot.training.legal_who import Whose

SHORT = 28  # letters of an answer that a button can show whole


@command("phapluat", who=Role.OFFICIAL)
async def phapluat(turn: Turn, words: str) -> Screen:
    """Show what concerns the person."""
    return await laws(turn)


@choice("laws", who=Role.OFFICIAL)
async def laws(turn: Turn, page: int = 0) -> Screen:
    """Show a page of what concerns the person, open ones first."""
    tasks = await legal.concerning(turn.tx, turn.person.person_id)
    shown = page_of(tasks, page)
    left = {task.update.id: task.update.days_left(turn.now, turn.zone) for task in shown.items}
    unfinished = sum(task.state == "open" for task in tasks)
    screen = Screen("laws/list", page=shown, left=left, unfinished=unfinished)
    for task in shown.items:
        screen.button("item", "law", task.update.id, task=task)
    return shown.buttons(screen, "laws").button("home", "home")


@choice("law", who=Role.OFFICIAL)
async def card(turn: Turn, update_id: int) -> Screen:
    """Show one update: what it is, until when, how far the person has come."""
    task = await legal.task(turn.tx, turn.person.person_id, update_id)
    place = await legal_progress.place(turn.tx, turn.person.person_id, update_id)
    screen = Screen("laws/card", task=task, place=place, left=task.update.days_left(turn.now, turn.zone))
    if task.evidence:
        screen.button("read_again", "law_card", update_id, 0)
    else:
        screen.button("go_on" if place.cards_read else "begin", "law_go", update_id)
    return screen.button("back", "laws").button("home", "home", beside=True)


@choice("law_go", who=Role.OFFICIAL)
async def go_on(turn: Turn, update_id: int) -> Screen:
    """Show what comes next: the card to read, the question to answer, the confirmation, or the proof."""
    task = await legal.task(turn.tx, turn.person.person_id, update_id)
    if task.evidence:
        return _proof(task)
    place = await legal_progress.place(turn.tx, turn.person.person_id, update_id)
    if not place.all_read:
        return await read(turn, update_id, place.card)
    if not place.passed:
        return _question(place)
    screen = Screen("laws/passed", update=place.update, place=place)
    return screen.button("confirm", "law_confirm", update_id, place.update.version, tone="go").button(
        "back", "law", update_id
    )


@choice("law_card", who=Role.OFFICIAL)
async def read(turn: Turn, update_id: int, card: int) -> Screen:
    """Show a card (from 0) and keep the place."""
    place = await legal_progress.turn_to(turn.tx, turn.person.person_id, update_id, card)
    task = await legal.task(turn.tx, turn.person.person_id, update_id)
    screen = Screen("laws/read", update=place.update, place=place, words=place.content.cards[place.card])
    if place.card > 0:
        screen.button("before", "law_card", update_id, place.card - 1)
    if place.card + 1 < len(place.content.cards):
        screen.button("more", "law_card", update_id, place.card + 1, beside=place.card > 0)
    elif task.evidence is None:
        screen.button("questions", "law_go", update_id, beside=place.card > 0)
    return screen.button("back", "law", update_id)


def _question(place: Place) -> Screen:
    update, question = place.update, place.question
    long = any(len(words) > SHORT for words in question.answers)
    screen = Screen("laws/question", update=update, place=place, question=question, long=long)
    for at, words in enumerate(question.answers):
        block = "numbered" if long else "answer"
        screen.button(block, "law_answer", update.id, update.edition, place.quiz.step, at, number=at + 1, words=words)
    return screen.button("cards", "law_card", update.id, 0).button("back", "law", update.id, beside=True)


@choice("law_answer", who=Role.OFFICIAL)
async def answer(turn: Turn, update_id: int, edition: int, step: int, chosen: int) -> Screen:
    """Take an answer and explain it; an old button leads to where the person stands now."""
    place = await legal_progress.answer(turn.tx, turn.person.person_id, update_id, edition, step, chosen)
    quiz = place.quiz
    if place.update.edition != edition or quiz.step != step + 1 or quiz.last is None:
        return await go_on(turn, update_id)
    asked, given = quiz.last
    question = place.content.questions[asked]
    screen = Screen("laws/explained", update=place.update, place=place, question=question, given=given)
    return screen.button("finish" if place.passed else "next", "law_go", update_id)


@choice("law_confirm", who=Role.OFFICIAL)
async def confirm(turn: Turn, update_id: int, version: int) -> Screen:
    """Record that the person has read and understood, and show the proof."""
    await legal_progress.confirm(turn.tx, turn.person.person_id, update_id, version, turn.now)
    return await go_on(turn, update_id)


def _proof(task: Task) -> Screen:
    screen = Screen("laws/proof", task=task).button("read_again", "law_card", task.update.id, 0)
    return screen.button("laws", "laws").button("home", "home", beside=True)


@choice("law_summary", who=Role.HEAD, reach="law")
async def summary(turn: Turn, update_id: int, page: int = 0) -> Screen:
    """Show a head who of their units is not done; they themselves are named as such."""
    return await _summary(turn, await legal.find(turn.tx, update_id), page)


async def _summary(turn: Turn, update: Update, page: int = 0) -> Screen:
    person_id = turn.person.person_id
    await audit.noted(turn, "law.list", f"law:{update.id}")
    missing = await legal_who.missing(turn.tx, update, Whose(head_id=person_id))
    shown, own = page_of(missing, page), any(one.person_id == person_id for one in missing)
    count = await legal_who.count(turn.tx, update, Whose(head_id=person_id))
    left = update.days_left(turn.now, turn.zone)
    screen = Screen("laws/summary", update=update, count=count, page=shown, left=left, own=own, me=person_id)
    if own and update.closed_at is None:
        screen.button("read", "law", update.id)
    if count.left > own and update.closed_at is None:
        screen.button("nudge", "law_nudge", update.id)
    return shown.buttons(screen, "law_summary", update.id).button("home", "home")


@choice("law_nudge", who=Role.HEAD, reach="law")
async def nudge(turn: Turn, update_id: int) -> Screen:
    """Remind those of the head's units who are not done, at most once a day each."""
    return await nudged(turn, update_id, Whose(head_id=turn.person.person_id))


async def nudged(turn: Turn, update_id: int, whose: Whose) -> Screen:
    """Owe the reminders, of a head's units or a clerk's, and tell how many. Raises Stale when HR has closed it."""
    update = await legal.find(turn.tx, update_id)
    if update.closed_at is not None:
        raise Stale
    days = await calendar.load(turn.tx, turn.zone)
    reminded = await legal_reminders.remind(turn.tx, update, days, turn.now, whose=whose, step="nudge")
    left = (await legal_who.count(turn.tx, update, whose)).left
    later = days.soon(turn.now) if days.soon(turn.now) > turn.now else None
    return Screen("laws/nudged", update=update, reminded=reminded, left=left, later=later).button("home", "home")


@notice("legal_reminder")
async def reminder(turn: Turn, update_id: int, step: str) -> Screen | None:
    """Remind of an update that is open for the person; `step` is 'publish' when it has just come out."""
    task = await legal.task(turn.tx, turn.person.person_id, update_id)
    if task.state != "open":
        return None
    left = task.update.days_left(turn.now, turn.zone)
    screen = Screen("laws/reminder", task=task, left=left, new=step == "publish")
    return screen.button("open", "law", update_id).button("home", "home", beside=True)


@notice("legal_summary")
async def summary_notice(turn: Turn, update_id: int, scope: str) -> Screen | None:
    """Tell a head (`scope` 'unit') or HR ('all') who is not done, while somebody is not."""
    update = await legal.find(turn.tx, update_id)
    if update.closed_at is not None or not turn.has(Role.HEAD if scope == "unit" else Role.HR):
        return None
    person_id = turn.person.person_id
    whose = Whose(head_id=person_id) if scope == "unit" else Whose(clerk_id=person_id)
    count = await legal_who.count(turn.tx, update, whose)
    if not count.left:
        return None
    if scope == "unit":
        return await _summary(turn, update)
    screen = Screen("desk_laws/summary", update=update, count=count, left=update.days_left(turn.now, turn.zone))
    screen.button("who", "who_not_list", "law", update_id).button("nudge", "desk_law_nudge", update_id)
    return screen.button("home", "home")
