"""/danhgia: rating a finished course by taps, one message edited in place; the invitation. Rules: training.rating*."""

from bot.chat.pages import page_of
from bot.chat.router import answer, choice, command, notice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Refused, Stale
from bot.training import consents, courses, rating_form, ratings, topics
from bot.training.rating_form import Form

DRAFT = "rating"


@command("danhgia", who=Role.OFFICIAL)
async def danhgia(turn: Turn, words: str) -> Screen:
    """Show what the person can rate."""
    return await rate(turn)


@choice("rate", who=Role.OFFICIAL)
async def rate(turn: Turn, page: int = 0) -> Screen:
    """Show a page of the courses the person can rate."""
    shown = page_of(await ratings.ratable(turn.tx, turn.person.person_id, turn.now), page)
    screen = Screen("ratings/list", page=shown)
    for one in shown.items:
        screen.button("item", "rate_course", one.course_id, one=one)
    return shown.buttons(screen, "rate").button("home", "home")


@choice("rate_course", who=Role.OFFICIAL)
async def begin(turn: Turn, course_id: int) -> Screen:
    """Begin a course's form, or go on with the one begun."""
    return await _shown(turn, await _form(turn, course_id))


async def _form(turn: Turn, course_id: int) -> Form:
    """Give the form in the draft, or an empty one. Raises Refused when the person may not rate the course."""
    state = await ratings.standing(turn.tx, turn.person.person_id, course_id, turn.now)
    if state != "open":
        raise Refused(f"ratings/{state}")
    return rating_form.load(turn.draft.get(DRAFT), course_id, ratings.QUICK)


async def _shown(turn: Turn, form: Form) -> Screen:
    turn.draft[DRAFT] = form.dump()
    return await _check(turn, form) if form.next is None else await _item(turn, form, form.next)


async def _item(turn: Turn, form: Form, at: int) -> Screen:
    course, one = await courses.find(turn.tx, form.course_id), form.questionnaire
    given = one.mark(form.marks.get(one.items[at].code, rating_form.SKIPPED))
    screen = Screen(
        "ratings/item",
        course=course,
        title=one.title[turn.language],
        item=one.items[at].words[turn.language],
        at=at,
        of=len(one.items),
        given=given.words[turn.language] if given else None,
    )
    for step in one.scale:
        words = step.words[turn.language]
        screen.button("mark", "rate_mark", form.course_id, one.version, at, step.mark, words=words)
    if form.may_skip(at):
        screen.button("skip", "rate_mark", form.course_id, one.version, at, rating_form.SKIPPED)
    if at > 0:
        screen.button("back", "rate_item", form.course_id, at - 1)
    return screen.button("leave", "rate", beside=at > 0)


@choice("rate_item", who=Role.OFFICIAL)
async def go_back(turn: Turn, course_id: int, at: int) -> Screen:
    """Show an item again; beyond the first one not answered it cannot go."""
    form = await _form(turn, course_id)
    turn.draft[DRAFT] = form.dump()
    last = len(form.questionnaire.items) - 1 if form.next is None else form.next
    return await _item(turn, form, min(max(at, 0), last))


@choice("rate_mark", who=Role.OFFICIAL)
async def mark(turn: Turn, course_id: int, version: int, at: int, given: int) -> Screen:
    """Take a mark and show the next item; a button of another version of the form only shows where it stands."""
    form = await _form(turn, course_id)
    if form.questionnaire.version != version:
        return await _shown(turn, form)
    marked = form.with_mark(at, given)
    if marked is None:
        raise Stale
    return await _shown(turn, marked)


async def _check(turn: Turn, form: Form) -> Screen:
    """Show the whole form before it is sent; a comment can be typed by those who agreed to that."""
    course, one = await courses.find(turn.tx, form.course_id), form.questionnaire
    lines = [
        (item.words[turn.language], found.words[turn.language] if (found := one.mark(form.marks[item.code])) else None)
        for item in one.items
    ]
    may_comment = await _may_comment(turn)
    if may_comment:
        turn.ask("rate_comment", form.course_id)
    screen = Screen("ratings/check", course=course, lines=lines, may_comment=may_comment, comment=form.comment)
    screen.button("send", "rate_send", form.course_id, tone="go")
    return screen.button("back", "rate_item", form.course_id, len(one.items) - 1).button("leave", "rate", beside=True)


async def _may_comment(turn: Turn) -> bool:
    return await consents.given(turn.tx, turn.person.person_id, "comments")


@answer("rate_comment", who=Role.OFFICIAL)
async def comment(turn: Turn, text: str, course_id: int) -> Screen:
    """Keep the typed comment in the form; typed again it replaces the one before."""
    return await _shown(turn, (await _form(turn, course_id)).with_comment(text))


@choice("rate_send", who=Role.OFFICIAL)
async def send(turn: Turn, course_id: int) -> Screen:
    """Store the form and forget what the chat knew of it."""
    form = await _form(turn, course_id)
    if form.next is not None:
        return await _shown(turn, form)
    await ratings.store(turn.tx, turn.person.person_id, form, turn.now, may_comment=await _may_comment(turn))
    turn.dialogue.forget()
    left = await ratings.open_tasks(turn.tx, turn.person.person_id, turn.now)
    screen = Screen("ratings/thanks", left=left)
    if left:
        screen.button("another", "rate")
    return screen.button("home", "home", beside=bool(left))


@notice("rate_invite")
async def invitation(turn: Turn, course_id: int) -> Screen | None:
    """Invite to rate a course that has just ended."""
    return await _invited(turn, course_id, again=False)


@notice("rate_reminder")
async def reminder(turn: Turn, course_id: int) -> Screen | None:
    """Remind once of a course not rated yet, unless the person does not want to be reminded."""
    if topics.RATINGS in await topics.off(turn.tx, turn.person.person_id):
        return None
    return await _invited(turn, course_id, again=True)


async def _invited(turn: Turn, course_id: int, *, again: bool) -> Screen | None:
    if await ratings.standing(turn.tx, turn.person.person_id, course_id, turn.now) != "open":
        return None
    items = len(rating_form.load(None, course_id, ratings.QUICK).questionnaire.items)
    screen = Screen("ratings/invite", course=await courses.find(turn.tx, course_id), again=again, items=items)
    return screen.button("begin", "rate_course", course_id).button("home", "home", beside=True)
