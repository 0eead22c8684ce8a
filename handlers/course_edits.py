"""HR changes the fields of an open course, one at a time. Its sessions and its cancelling are elsewhere."""

from typing import Any

from bot.chat.choices import decode
from bot.chat.router import answer, choice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Stale
from bot.excel.cells import CellError
from bot.training import calendar, course_edits, course_reach, quotas, sessions
from bot.training.courses import Course
from handlers import course_questions, course_topics
from handlers.course_questions import Question
from handlers.course_topics import KEYS, MAIN, Form, as_shown

PREFIX = "ce"
MOST_SESSIONS = 4  # of those that the card shows


@choice("ce", who=Role.HR, reach="course")
async def card(turn: Turn, course_id: int) -> Screen:
    """Show what every course has, each line with its button to change it; the rest behind one button."""
    return await _show(turn, await course_reach.to_read(turn.tx, turn.person.person_id, course_id))


async def _show(turn: Turn, course: Course, said: str = "") -> Screen:
    """Show the card; `said` is the field that was just written."""
    form, held = await _form(turn, course), await sessions.of_course(turn.tx, course.id)
    screen = Screen("course_form/facts", course=course, said=said, lines=course_topics.lines(form.fields, MAIN),
                    sessions=held[:MOST_SESSIONS], more=len(held) - MOST_SESSIONS, count=len(held),
                    details=course_topics.details(form.fields), mine=form.mine)  # fmt: skip
    if form.mine:
        course_topics.edits(screen, form, MAIN)
    screen.button("details", "ce_more", course.id)
    screen.button("checks", "cc", course.id).button("copy", "cd_copy", course.id, beside=True)
    screen.button("sheet", "cx", course.id)
    if await course_reach.may_change(turn.tx, turn.person.person_id, course):
        screen.button("materials", "mt", course.id, beside=True)
    return screen.button("back", "desk_course", course.id).button("home", "home", beside=True)


async def _form(turn: Turn, course: Course) -> Form:
    days = await calendar.load(turn.tx, turn.zone)
    mine = await course_reach.may_change(turn.tx, turn.person.person_id, course) and not course.cancelled
    fields = await course_edits.values(turn.tx, course.id, days)
    return Form(PREFIX, "desk_change", course.id, course.title, fields, mine)


@choice("ce_more", who=Role.HR, reach="course")
async def more(turn: Turn, course_id: int, topic: str = "") -> Screen:
    """Offer the rarer fields by topic, or show those of one."""
    course = await course_reach.to_read(turn.tx, turn.person.person_id, course_id)
    if topic:
        return await _topic(turn, course, topic)
    return course_topics.overview(await _form(turn, course))


async def _topic(turn: Turn, course: Course, topic: str, said: str = "") -> Screen:
    used = await quotas.of_course(turn.tx, course.id, turn.now)
    return course_topics.one_topic(await _form(turn, course), topic, said, used)


async def question(turn: Turn, course_id: int, key: str, **details: Any) -> Screen:
    """Ask for one field; the version of the course that the clerk sees now is kept beside the question."""
    await course_reach.to_change(turn.tx, turn.person.person_id, course_id)
    days = await calendar.load(turn.tx, turn.zone)
    value = (await course_edits.values(turn.tx, course_id, days)).get(key)
    turn.draft["ce_seen"] = [course_id, await course_edits.version(turn.tx, course_id)]
    return await course_questions.ask(turn, Question(PREFIX, course_id, key, value, **details))


@choice("ce_ask", who=Role.HR, reach="course")
async def ask(turn: Turn, course_id: int, key: str, page: int = 0) -> Screen:
    """Ask for one field."""
    return await question(turn, course_id, key, page=page)


@choice("ce_pick", who=Role.HR, reach="course")
async def pick(turn: Turn, course_id: int, key: str, picked: str, page: int = 0) -> Screen:
    """Tick one of several codes, or take the tick away; also to the next ones."""
    seen = turn.draft.get("ce_seen")
    screen = await question(turn, course_id, key, picked=picked, page=page)
    if seen and seen[0] == course_id:  # what a colleague did since the first tick is still to be told
        turn.draft["ce_seen"] = seen
    return screen


@choice("ce_set", who=Role.HR, reach="course")
async def chosen(turn: Turn, course_id: int, key: str, value: str) -> Screen:
    """Take the answer of a button."""
    return await _put(turn, course_id, key, value)


@choice("ce_known", who=Role.HR, reach="course")
async def known(turn: Turn, course_id: int, key: str, number: int) -> Screen:
    """Take a name that is known."""
    await course_reach.to_change(turn.tx, turn.person.person_id, course_id)
    days = await calendar.load(turn.tx, turn.zone)
    value = (await course_edits.values(turn.tx, course_id, days)).get(key)
    return await _put(turn, course_id, key, await course_questions.picked_words(turn, key, number, value))


@choice("ce_skip", who=Role.HR, reach="course")
async def empty(turn: Turn, course_id: int, key: str) -> Screen:
    """Empty a field."""
    return await _put(turn, course_id, key, "")


@answer("ce_told", who=Role.HR, reach="course")
async def told(turn: Turn, text: str, course_id: int, key: str) -> Screen:
    """Take a typed answer, or the number of a button."""
    await course_reach.to_change(turn.tx, turn.person.person_id, course_id)
    data = course_questions.tapped(turn, key, text)
    if data is not None:
        return await _tapped(turn, data)
    return await _put(turn, course_id, key, course_questions.typed(turn, text))


async def _tapped(turn: Turn, data: str) -> Screen:
    """Do what the button of a question does."""
    name, (number, *args) = decode(data)
    match name, args:
        case "ce_set", [key, value]:
            return await chosen(turn, int(number), key, value)
        case "ce_pick", [key, value, page]:
            return await pick(turn, int(number), key, value, int(page))
        case "ce_known", [key, place]:
            return await known(turn, int(number), key, int(place))
        case "ce_ask", [key, page]:
            return await ask(turn, int(number), key, int(page))
        case "ce_skip", [key]:
            return await empty(turn, int(number), key)
    return await card(turn, int(number))


@choice("ce_again", who=Role.HR, reach="course")
async def again(turn: Turn, course_id: int) -> Screen:
    """Write the answer after all, over what a colleague wrote meanwhile."""
    about, key, words = turn.draft.pop("ce_again", (0, "", ""))
    if about != course_id:  # an old button
        return await card(turn, course_id)
    return await _put(turn, course_id, key, words)


async def _put(turn: Turn, course_id: int, key: str, words: str) -> Screen:
    by = turn.person.person_id
    await course_reach.to_change(turn.tx, by, course_id)
    about, seen = turn.draft.get("ce_seen", (0, 0))
    if key not in KEYS or key == "sessions":
        raise Stale
    if about != course_id:  # asked too long ago to know what the clerk saw
        return await question(turn, course_id, key)
    days = await calendar.load(turn.tx, turn.zone)
    try:
        meanwhile = await course_edits.put(turn.tx, course_id, key, words, seen, by, turn.now, days)
    except CellError as error:
        return await question(turn, course_id, key, remark=course_questions.remark(turn, key, error))
    if meanwhile is None:
        return await _written(turn, course_id, key)
    turn.draft["ce_seen"] = [course_id, await course_edits.version(turn.tx, course_id)]
    turn.draft["ce_again"] = [course_id, key, words]
    values = {"value": as_shown(meanwhile.value), "wanted": as_shown(meanwhile.wanted)}
    screen = Screen("course_form/meanwhile", meanwhile=meanwhile, key=key, **values)
    return screen.button("again", "ce_again", course_id).button("leave", "ce", course_id, beside=True)


async def _written(turn: Turn, course_id: int, key: str) -> Screen:
    """Say that a field is written, where it stands."""
    turn.dialogue.forget()
    course = await course_reach.to_read(turn.tx, turn.person.person_id, course_id)
    topic = course_topics.topic_of(key)
    return await _topic(turn, course, topic, key) if topic else await _show(turn, course, key)
