"""The sessions of a draft: day, hours, lesson periods, place, one question each. Open courses' are elsewhere."""

from bot.chat.pages import SIZE, page_of
from bot.chat.router import answer, choice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Stale
from bot.excel.cells import CellError
from bot.training import calendar, course_draft_sessions, course_drafts
from bot.training.course_draft_sessions import ASKED_PARTS, MOST_SESSIONS, PARTS
from bot.training.course_drafts import STEPS, Draft
from handlers import course_questions

SPANS = ("07:30-11:30", "13:30-17:00")  # the usual half days
HOURS = ("4", "5", "8")
_KEYS = {"day": "day", "span": "start", "hours": "hours", "place": "place"}


async def next_question(turn: Turn, draft: Draft) -> Screen:
    """Ask for the first session, or whether there is another one."""
    if not draft.sessions:
        return await ask_part(turn, draft, 0, "day")
    return await listed(turn, draft.id)


@choice("cd_sessions", who=Role.HR, reach="draft")
async def listed(turn: Turn, draft_id: int, page: int = 0) -> Screen:
    """List the sessions so far, each to be changed; offer another one."""
    draft = await course_drafts.find(turn.tx, draft_id, turn.person.person_id)
    return _listed(turn, draft, page)


def _listed(turn: Turn, draft: Draft, page: int = 0, said: str = "", number: int = 0) -> Screen:
    """Show the list; `said` tells what was done to session `number`: put, dropped."""
    turn.dialogue.forget()
    draft_id = draft.id
    shown = page_of(list(enumerate(draft.sessions)), page)
    screen = Screen("course_form/sessions", draft=draft, page=shown, said=said, number=number)
    for at, session in shown.items:
        screen.button("item", "cd_s", draft_id, at, number=at + 1, session=session)
    shown.buttons(screen, "cd_sessions", draft_id)
    if len(draft.sessions) < MOST_SESSIONS:
        screen.button("add", "cd_s_ask", draft_id, len(draft.sessions), "day")
    if draft.step == "sessions" and draft.sessions:
        return screen.button("done", "cd_s_done", draft_id, beside=True, tone="go").button("card", "cd", draft_id)
    return screen.button("card", "cd", draft_id, beside=True)


@choice("cd_s", who=Role.HR, reach="draft")
async def one(turn: Turn, draft_id: int, number: int) -> Screen:
    """Show one session with a button for each part."""
    draft = await course_drafts.find(turn.tx, draft_id, turn.person.person_id)
    if not 0 <= number < len(draft.sessions):
        raise Stale
    screen = Screen("course_form/session", number=number + 1, session=draft.sessions[number])
    for at, part in enumerate(PARTS):
        screen.button(part, "cd_s_ask", draft_id, number, part, beside=at % 2 == 1)
    screen.button("take_out", "cd_s_drop", draft_id, number, len(draft.sessions), tone="stop")
    return screen.button("back", "cd_sessions", draft_id, beside=True)


@choice("cd_s_drop", who=Role.HR, reach="draft")
async def take_out(turn: Turn, draft_id: int, number: int, of: int = 0) -> Screen:
    """Take a session out of the draft, once however often it is tapped."""
    draft = await course_draft_sessions.drop_session(turn.tx, draft_id, number, of, turn.person.person_id, turn.now)
    return _listed(turn, draft, number // SIZE, "dropped", number + 1)


@choice("cd_s_ask", who=Role.HR, reach="draft")
async def ask(turn: Turn, draft_id: int, number: int, part: str) -> Screen:
    """Ask for one part of a session."""
    draft = await course_drafts.find(turn.tx, draft_id, turn.person.person_id)
    return await ask_part(turn, draft, number, part)


async def ask_part(turn: Turn, draft: Draft, number: int, part: str, remark: str = "") -> Screen:
    """Ask for one part, with the usual answers as buttons."""
    if part not in PARTS or not 0 <= number <= len(draft.sessions):
        raise Stale
    of = len(draft.sessions)
    turn.ask("cd_s_told", draft.id, number, part, of)
    step = STEPS.index("sessions") + 1 if draft.step == "sessions" and number == 0 else 0
    screen = Screen("course_form/ask_part", part=part, number=number + 1, remark=remark, step=step, steps=len(STEPS))
    for at, value in enumerate({"span": SPANS, "hours": HOURS}.get(part, ())):
        screen.button("usual", "cd_s_set", draft.id, number, part, value, of, beside=at > 0, value=value)
    if part == "place" and number > 0 and draft.sessions[number - 1].get("place"):
        screen.button("same_place", "cd_s_same", draft.id, number, of)
    if part in ("hours", "place"):
        screen.button("skip", "cd_s_set", draft.id, number, part, "", of)
    return screen.button("card", "cd_sessions", draft.id, beside=part in ("hours", "place"))


@choice("cd_s_same", who=Role.HR, reach="draft")
async def same_place(turn: Turn, draft_id: int, number: int, of: int = -1) -> Screen:
    """Take the place of the session before."""
    draft = await course_drafts.find(turn.tx, draft_id, turn.person.person_id)
    if not 1 <= number < len(draft.sessions):
        raise Stale
    return await _put(turn, draft_id, number, "place", draft.sessions[number - 1].get("place", ""), of)


@choice("cd_s_set", who=Role.HR, reach="draft")
async def chosen(turn: Turn, draft_id: int, number: int, part: str, value: str, of: int = -1) -> Screen:
    """Take the answer of a button."""
    return await _put(turn, draft_id, number, part, value, of)


@answer("cd_s_told", who=Role.HR, reach="draft")
async def told(turn: Turn, text: str, draft_id: int, number: int, part: str, of: int = -1) -> Screen:
    """Take a typed answer."""
    return await _put(turn, draft_id, number, part, text, of)


async def _put(turn: Turn, draft_id: int, number: int, part: str, words: str, of: int) -> Screen:
    """Write one part; of a new session the next one is asked, until it is whole.

    `of` is how many there were when it was asked for, -1 for an old button that does not tell.
    """
    by = turn.person.person_id
    before = await course_drafts.find(turn.tx, draft_id, by)
    if number == of:  # a new one, behind those that a colleague has added since
        number = of = max(of, len(before.sessions))
    days = await calendar.load(turn.tx, turn.zone)
    try:
        draft = await course_draft_sessions.put_part(turn.tx, draft_id, number, part, words, by, turn.now, days, of)
    except CellError as error:
        remark = course_questions.remark(turn, _KEYS[part], error)
        return await ask_part(turn, before, number, part, remark)
    number = len(draft.sessions) - 1 if number == of else number
    missing = next((one for one in ASKED_PARTS if _KEYS[one] not in draft.sessions[number]), None)
    if missing is not None:
        return await ask_part(turn, draft, number, missing)
    return _listed(turn, draft, number // SIZE, "put", number + 1)
