"""HR changes the fields of an open course, one at a time. Its sessions and its cancelling are elsewhere."""

from typing import Any

from bot.chat.choices import decode
from bot.chat.pages import page_of
from bot.chat.router import answer, choice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Stale
from bot.excel.cells import CellError
from bot.training import calendar, course_edits, course_reach, quotas, sessions
from handlers import course_questions
from handlers.course_questions import KEYS, Question, as_shown

PREFIX = "ce"


@choice("ce", who=Role.HR, reach="course")
async def card(turn: Turn, course_id: int, page: int = 0) -> Screen:
    """Show all that is told of a course, six lines a page, each with its button to change it."""
    by = turn.person.person_id
    course = await course_reach.to_read(turn.tx, by, course_id)
    days = await calendar.load(turn.tx, turn.zone)
    values = await course_edits.values(turn.tx, course_id, days)
    shown = page_of(KEYS, page)
    lines = [(key, as_shown(values.get(key))) for key in shown.items]
    held = await sessions.of_course(turn.tx, course_id)
    mine = await course_reach.may_change(turn.tx, by, course) and not course.cancelled
    used = await quotas.of_course(turn.tx, course_id, turn.now) if "quotas" in shown.items else []
    screen = Screen("course_form/facts", course=course, page=shown, lines=lines, sessions=held, mine=mine, used=used)
    changed = [key for key in shown.items if key != "sessions"] if mine else []
    for at, key in enumerate(changed):
        screen.button("edit", "ce_ask", course_id, key, beside=at % 2 == 1, key=key)
    shown.buttons(screen, "ce", course_id)
    screen.button("checks", "cc", course_id).button("copy", "cd_copy", course_id, beside=True)
    screen.button("sheet", "cx", course_id)
    if await course_reach.may_change(turn.tx, by, course):
        screen.button("materials", "mt", course_id, beside=True)
    return screen.button("back", "desk_course", course_id).button("home", "home", beside=True)


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
async def pick(turn: Turn, course_id: int, key: str, picked: str) -> Screen:
    """Tick one of several codes, or take the tick away."""
    seen = turn.draft.get("ce_seen")
    screen = await question(turn, course_id, key, picked=picked)
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
        case "ce_pick", [key, value]:
            return await pick(turn, int(number), key, value)
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
        turn.dialogue.forget()
        return await card(turn, course_id, KEYS.index(key) // 6)
    turn.draft["ce_seen"] = [course_id, await course_edits.version(turn.tx, course_id)]
    turn.draft["ce_again"] = [course_id, key, words]
    values = {"value": as_shown(meanwhile.value), "wanted": as_shown(meanwhile.wanted)}
    screen = Screen("course_form/meanwhile", meanwhile=meanwhile, key=key, **values)
    return screen.button("again", "ce_again", course_id).button("leave", "ce", course_id, beside=True)
