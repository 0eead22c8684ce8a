"""HR's results of ratings: in the chat, comments, workbook. What they come to and when they are hidden: training."""

from bot.chat.pages import page_of
from bot.chat.router import choice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Stale
from bot.excel.writer import Sheet, write_workbook
from bot.training import audit, courses, rating_results, rights
from bot.training.rating_results import MINIMUM, Result

SHEETS = "desk_ratings/sheets"
COMMENTS = 5


@choice("desk_ratings", who=Role.HR, reach="list")
async def listed(turn: Turn, page: int = 0) -> Screen:
    """Show a page of the courses that are over, with the number of forms."""
    shown = page_of(await rating_results.finished(turn.tx, turn.person.person_id, turn.now), page)
    screen = Screen("desk_ratings/list", page=shown)
    for course in shown.items:
        screen.button("item", "desk_rating", course.course_id, course=course)
    return shown.buttons(screen, "desk_ratings").button("desk", "desk").button("home", "home", beside=True)


async def _result(turn: Turn, course_id: int) -> Result:
    """Read the figures, for a clerk of the course's owner; few people of one unit on it could be guessed by another."""
    await rights.check_course(turn.tx, turn.person.person_id, await courses.find(turn.tx, course_id))
    found = await rating_results.result(turn.tx, course_id, turn.now)
    if found is None:
        raise Stale
    return found


@choice("desk_rating", who=Role.HR, reach="course")
async def card(turn: Turn, course_id: int) -> Screen:
    """Show the figures of a course, or why there are none."""
    result = await _result(turn, course_id)
    await audit.noted(turn, "ratings.read", f"course:{course_id}")
    if result.course.hidden:
        screen = Screen("desk_ratings/hidden", course=result.course, minimum=MINIMUM)
        return screen.button("back", "desk_ratings").button("home", "home", beside=True)
    figures = [(figure.item.words[turn.language], figure) for figure in result.figures]
    screen = Screen("desk_ratings/card", result=result, figures=figures)
    if result.comments:
        screen.button("comments", "desk_rating_words", course_id, 0)
    screen.button("workbook", "desk_rating_file", course_id, beside=bool(result.comments))
    return screen.button("back", "desk_ratings").button("home", "home", beside=True)


@choice("desk_rating_words", who=Role.HR, reach="course")
async def comments(turn: Turn, course_id: int, page: int = 0) -> Screen:
    """Show the comments, without names and in no telling order."""
    result = await _result(turn, course_id)
    if result.course.hidden:
        return await card(turn, course_id)
    shown = page_of(result.comments, page, COMMENTS)
    screen = Screen("desk_ratings/comments", course=result.course, page=shown)
    shown.buttons(screen, "desk_rating_words", course_id)
    return screen.button("back", "desk_rating", course_id).button("home", "home", beside=True)


@choice("desk_rating_file", who=Role.HR, reach="course")
async def workbook(turn: Turn, course_id: int) -> Screen:
    """Send the result as a workbook."""
    result = await _result(turn, course_id)
    if result.course.hidden:
        return await card(turn, course_id)
    await audit.noted(turn, "ratings.export", f"course:{course_id}")
    title = turn.words(SHEETS, "title", course=result.course)
    content = write_workbook([_figures(turn, result, title), _comments(turn, result)], title=title, made_at=turn.now)
    screen = Screen("desk_ratings/workbook", fresh=True, course=result.course)
    screen.attach(turn.words(SHEETS, "file", course=result.course, now=turn.now), content)
    return screen.button("back", "desk_rating", course_id).button("home", "home", beside=True)


def _figures(turn: Turn, result: Result, title: str) -> Sheet:
    rows = [
        (
            place,
            figure.item.words[turn.language],
            figure.item.source,
            figure.answers,
            round(figure.mean, 2),
            turn.words(SHEETS, figure.band),
        )
        for place, figure in enumerate(result.figures, start=1)
    ]
    overall = ("", turn.words(SHEETS, "overall"), "", "", round(result.overall, 2), turn.words(SHEETS, result.band))
    headings = [turn.words(SHEETS, name) for name in ("place", "item", "source", "answers", "mean", "band")]
    answered = turn.words(SHEETS, "answered", course=result.course, now=turn.now)
    notes = [title, answered, turn.words("uploads/report", "note")]
    return Sheet(turn.words(SHEETS, "figures"), headings, [*rows, overall], notes=notes)


def _comments(turn: Turn, result: Result) -> Sheet:
    headings = [turn.words(SHEETS, name) for name in ("place", "comment")]
    return Sheet(turn.words(SHEETS, "comments"), headings, list(enumerate(result.comments, start=1)), widths=[6, 80])
