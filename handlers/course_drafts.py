"""HR's form for a new course: drafts, one question a screen, the summary card. Sessions and opening are beside it."""

import datetime as dt
from typing import Any

from bot.chat.choices import decode
from bot.chat.pages import page_of
from bot.chat.router import answer, choice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Stale
from bot.excel.cells import CellError
from bot.training import calendar, course_drafts, course_opening
from bot.training.calendar import Calendar
from bot.training.course_drafts import Draft
from bot.training.course_fields import Fault
from bot.training.course_opening import Copied, Review
from handlers import course_questions, course_sessions, course_topics
from handlers.course_questions import Question
from handlers.course_topics import KEYS, MAIN, Form

PREFIX = "cd"
MOST_REMARKS = 8
MOST_SESSIONS = 4  # of those that the card shows
_CAPACITIES = ("30", "50", "100")
_DAYS_BEFORE = (7, 3, 1)  # the usual deadlines, before the first session


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
    usual = {"capacity": _CAPACITIES, "deadline": await _deadlines(turn, draft)}.get(key, ())
    guided = draft.step == key
    asked = Question(PREFIX, draft.id, key, value, usual=usual, guided=guided, **details)
    return await course_questions.ask(turn, asked)


async def _deadlines(turn: Turn, draft: Draft) -> tuple[str, ...]:
    """Give two usual deadlines that are still to come, as typed words."""
    planned, _ = course_drafts.sessions_of(draft)
    days = await calendar.load(turn.tx, turn.zone)
    today = days.local(turn.now).date()
    found = [_working(planned[0].day - dt.timedelta(days=before), days) for before in _DAYS_BEFORE] if planned else []
    return tuple(f"{day:%d/%m/%Y}" for day in dict.fromkeys(found) if day >= today)[:2]


def _working(day: dt.date, days: Calendar) -> dt.date:
    """Give the day, or the last working day before it."""
    while not days.working(day):
        day -= dt.timedelta(days=1)
    return day


@choice("cd", who=Role.HR, reach="draft")
async def card(turn: Turn, draft_id: int) -> Screen:
    """Show what a draft has so far."""
    return await show(turn, await course_drafts.find(turn.tx, draft_id, turn.person.person_id))


def _form(draft: Draft) -> Form:
    return Form(PREFIX, "cd_sessions", draft.id, draft.title, course_drafts.fields_of(draft)[0])


async def show(turn: Turn, draft: Draft, said: str = "", copied: Copied | None = None) -> Screen:
    """Show the card of a draft: what every course needs and what of it is missing; the rest behind one button.

    `said` is the field that was just written, `copied` what days a copy got.
    """
    turn.dialogue.forget()
    days = await calendar.load(turn.tx, turn.zone)
    found = await course_opening.review(turn.tx, draft, turn.person.person_id, turn.now, days)
    wrong = [fault for fault in found.faults if not _missing(draft, fault)]
    remarks = [course_questions.remark(turn, fault.key, fault) for fault in wrong[:MOST_REMARKS]]
    told = [key for key in MAIN if key not in draft.missing]
    screen = Screen("course_form/card", draft=draft, said=said, lines=course_topics.lines(found.fields, told),
                    missing=draft.missing, remarks=remarks, sessions=draft.sessions[:MOST_SESSIONS],
                    more=len(draft.sessions) - MOST_SESSIONS, details=course_topics.details(found.fields),
                    ready=not found.faults, review=found, warnings=warnings(turn, found), copied=copied)  # fmt: skip
    course_topics.edits(screen, _form(draft), MAIN, draft.missing)
    screen.button("details", "cd_more", draft.id)
    if draft.step or draft.missing:
        screen.button("go_on", "cd_next", draft.id, tone="go")
    if not found.faults:
        screen.button("open", "cd_open", draft.id, tone="go")
    going_on = draft.step or draft.missing or not found.faults
    screen.button("drop", "cd_drop", draft.id, 0, beside=bool(going_on), tone="stop")
    return screen.button("drafts", "desk_drafts").button("home", "home", beside=True)


def _missing(draft: Draft, fault: Fault) -> bool:
    """Tell whether a fault only says that something is not told yet, which the card says by itself."""
    return fault.key in draft.missing or (fault.reason == "no_session" and not draft.sessions)


def warnings(turn: Turn, review: Review) -> list[str]:
    """Say what is worth a look before a draft is opened."""
    return [course_questions.remark(turn, fault.key, fault) for fault in review.warnings[:MOST_REMARKS]]


@choice("cd_more", who=Role.HR, reach="draft")
async def more(turn: Turn, draft_id: int, topic: str = "") -> Screen:
    """Offer the rarer fields by topic, or show those of one."""
    turn.dialogue.forget()
    form = _form(await course_drafts.find(turn.tx, draft_id, turn.person.person_id))
    return course_topics.one_topic(form, topic) if topic else course_topics.overview(form)


@choice("cd_next", who=Role.HR, reach="draft")
async def resume(turn: Turn, draft_id: int) -> Screen:
    """Go on with the questions where they were left, or with what is still missing."""
    draft = await course_drafts.find(turn.tx, draft_id, turn.person.person_id)
    if draft.step or not draft.missing:
        return await go_on(turn, draft)
    if draft.missing[0] == "sessions":
        return await course_sessions.next_question(turn, draft)
    return await question(turn, draft, draft.missing[0])


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
async def pick(turn: Turn, draft_id: int, key: str, picked: str, page: int = 0) -> Screen:
    """Tick one of several codes, or take the tick away; also to the next ones."""
    draft = await course_drafts.find(turn.tx, draft_id, turn.person.person_id)
    return await question(turn, draft, key, picked=picked, page=page)


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
        case "cd_pick", [key, value, page]:
            return await pick(turn, int(number), key, value, int(page))
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
    topic = course_topics.topic_of(key)
    turn.dialogue.forget()
    return course_topics.one_topic(_form(draft), topic, key) if topic else await show(turn, draft, key)


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
