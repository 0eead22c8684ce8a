"""HR's form for a new course: drafts, one question a screen, the summary card. Sessions and opening are beside it."""

from typing import Any

from bot.chat.choices import decode
from bot.chat.pages import page_of
from bot.chat.router import answer, choice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Stale
from bot.excel.cells import CellError
from bot.training import calendar, course_drafts, course_opening
from bot.training.course_drafts import Draft
from bot.training.course_opening import Copied, Review
from handlers import course_questions, course_sessions
from handlers.course_questions import KEYS, Question, as_shown

PREFIX = "cd"
MOST_REMARKS = 8


@choice("desk_drafts", who=Role.HR, reach="list")
async def listed(turn: Turn, page: int = 0) -> Screen:
    """List the drafts within reach, with whose each is."""
    turn.dialogue.forget()
    shown = page_of(await course_drafts.listed(turn.tx, turn.person.person_id), page)
    screen = Screen("course_form/list", page=shown)
    for draft in shown.items:
        screen.button("item", "cd", draft.id, draft=draft)
    shown.buttons(screen, "desk_drafts").button("new", "cd_new", tone="go")
    return screen.button("list", "desk_courses").button("home", "home", beside=True)


@choice("cd_new", who=Role.HR, reach="none")
async def new(turn: Turn) -> Screen:
    """Begin a draft with its first question."""
    return await go_on(turn, await course_drafts.begin(turn.tx, turn.person.person_id, turn.now))


async def go_on(turn: Turn, draft: Draft) -> Screen:
    """Ask what comes next, or show the card when everything has been asked."""
    if draft.step == "sessions":
        return await course_sessions.next_question(turn, draft)
    return await question(turn, draft, draft.step) if draft.step else await show(turn, draft)


async def question(turn: Turn, draft: Draft, key: str, **details: Any) -> Screen:
    """Ask for one field of a draft."""
    value = course_drafts.fields_of(draft)[0].get(key) if key in draft.fields else None
    return await course_questions.ask(turn, Question(PREFIX, draft.id, key, value, **details))


@choice("cd", who=Role.HR, reach="draft")
async def card(turn: Turn, draft_id: int, page: int = 0) -> Screen:
    """Show what a draft has so far."""
    return await show(turn, await course_drafts.find(turn.tx, draft_id, turn.person.person_id), page)


async def show(turn: Turn, draft: Draft, page: int = 0, copied: Copied | None = None) -> Screen:
    """Show the card of a draft: six lines a page, each with its button to change it; of a copy, what days it got."""
    turn.dialogue.forget()
    days = await calendar.load(turn.tx, turn.zone)
    found = await course_opening.review(turn.tx, draft, turn.person.person_id, turn.now, days)
    shown = page_of(KEYS, page)
    lines = [(key, as_shown(found.fields.get(key))) for key in shown.items]
    remarks = [course_questions.remark(turn, fault.key, fault) for fault in found.faults]
    screen = Screen("course_form/card", draft=draft, page=shown, lines=lines, remarks=remarks[:MOST_REMARKS],
                    warnings=warnings(turn, found), review=found, copied=copied)  # fmt: skip
    for at, key in enumerate(shown.items):
        if key == "sessions":
            screen.button("edit", "cd_sessions", draft.id, beside=at % 2 == 1, key=key)
        else:
            screen.button("edit", "cd_ask", draft.id, key, beside=at % 2 == 1, key=key)
    shown.buttons(screen, "cd", draft.id)
    if draft.step:
        screen.button("go_on", "cd_next", draft.id)
    screen.button("open", "cd_open", draft.id, tone="go")
    screen.button("drop", "cd_drop", draft.id, 0, beside=True, tone="stop")
    return screen.button("drafts", "desk_drafts").button("home", "home", beside=True)


def warnings(turn: Turn, review: Review) -> list[str]:
    """Say what is worth a look before a draft is opened."""
    return [course_questions.remark(turn, fault.key, fault) for fault in review.warnings[:MOST_REMARKS]]


@choice("cd_next", who=Role.HR, reach="draft")
async def resume(turn: Turn, draft_id: int) -> Screen:
    """Go on with the questions where they were left."""
    return await go_on(turn, await course_drafts.find(turn.tx, draft_id, turn.person.person_id))


@choice("cd_s_done", who=Role.HR, reach="draft")
async def sessions_done(turn: Turn, draft_id: int) -> Screen:
    """Go on behind the sessions."""
    draft = await course_drafts.skip(turn.tx, draft_id, "sessions", turn.person.person_id, turn.now)
    return await go_on(turn, draft)


@choice("cd_ask", who=Role.HR, reach="draft")
async def ask(turn: Turn, draft_id: int, key: str, page: int = 0) -> Screen:
    """Ask for one field."""
    draft = await course_drafts.find(turn.tx, draft_id, turn.person.person_id)
    return await question(turn, draft, key, page=page)


@choice("cd_pick", who=Role.HR, reach="draft")
async def pick(turn: Turn, draft_id: int, key: str, picked: str) -> Screen:
    """Tick one of several codes, or take the tick away."""
    draft = await course_drafts.find(turn.tx, draft_id, turn.person.person_id)
    return await question(turn, draft, key, picked=picked)


@choice("cd_set", who=Role.HR, reach="draft")
async def chosen(turn: Turn, draft_id: int, key: str, value: str) -> Screen:
    """Take the answer of a button."""
    return await _put(turn, draft_id, key, value)


@choice("cd_known", who=Role.HR, reach="draft")
async def known(turn: Turn, draft_id: int, key: str, number: int) -> Screen:
    """Take a name that is known."""
    draft = await course_drafts.find(turn.tx, draft_id, turn.person.person_id)
    value = course_drafts.fields_of(draft)[0].get(key)
    return await _put(turn, draft_id, key, await course_questions.picked_words(turn, key, number, value))


@answer("cd_told", who=Role.HR, reach="draft")
async def told(turn: Turn, text: str, draft_id: int, key: str) -> Screen:
    """Take a typed answer, or the number of a button."""
    data = course_questions.tapped(turn, key, text)
    if data is not None:
        return await _tapped(turn, data)
    return await _put(turn, draft_id, key, course_questions.typed(turn, text))


async def _tapped(turn: Turn, data: str) -> Screen:
    """Do what the button of a question does."""
    name, (number, *args) = decode(data)
    match name, args:
        case "cd_set", [key, value]:
            return await chosen(turn, int(number), key, value)
        case "cd_pick", [key, value]:
            return await pick(turn, int(number), key, value)
        case "cd_known", [key, place]:
            return await known(turn, int(number), key, int(place))
        case "cd_ask", [key, page]:
            return await ask(turn, int(number), key, int(page))
        case "cd_skip", [key]:
            return await skip(turn, int(number), key)
    return await card(turn, int(number))


@choice("cd_skip", who=Role.HR, reach="draft")
async def skip(turn: Turn, draft_id: int, key: str) -> Screen:
    """Leave a question out; asked from the card, the field is emptied."""
    by = turn.person.person_id
    draft = await course_drafts.find(turn.tx, draft_id, by)
    if draft.step != key:
        return await _put(turn, draft_id, key, "")
    return await go_on(turn, await course_drafts.skip(turn.tx, draft_id, key, by, turn.now))


async def _put(turn: Turn, draft_id: int, key: str, words: str) -> Screen:
    by = turn.person.person_id
    before = await course_drafts.find(turn.tx, draft_id, by)
    if key not in KEYS or key == "sessions":
        raise Stale
    days = await calendar.load(turn.tx, turn.zone)
    try:
        draft = await course_drafts.put(turn.tx, draft_id, key, words, by, turn.now, days)
    except CellError as error:
        return await question(turn, before, key, remark=course_questions.remark(turn, key, error))
    if before.step == key:
        return await go_on(turn, draft)
    return await show(turn, draft, KEYS.index(key) // 6)


@choice("cd_drop", who=Role.HR, reach="draft")
async def drop(turn: Turn, draft_id: int, sure: int) -> Screen:
    """Throw a draft away, after asking once."""
    by = turn.person.person_id
    if not sure:
        draft = await course_drafts.find(turn.tx, draft_id, by)
        screen = Screen("course_form/sure_drop", draft=draft).button("sure", "cd_drop", draft_id, 1, tone="stop")
        return screen.button("back", "cd", draft_id, beside=True)
    draft = await course_drafts.drop(turn.tx, draft_id, by, turn.now)
    return (
        Screen("course_form/dropped", draft=draft).button("drafts", "desk_drafts").button("home", "home", beside=True)
    )
