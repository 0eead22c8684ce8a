"""Results of a class: who has come to what, marks by taps, closing, corrections. The rules are in bot.training."""

from bot.chat.pages import page_of
from bot.chat.router import answer, choice, notice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Refused
from bot.excel.cells import CellValue
from bot.excel.writer import Sheet, write_workbook
from bot.training import audit, calendar, class_rights, closing, completion, courses, hours, records, results
from bot.training.completion import Marks
from bot.training.courses import Course
from bot.training.results import Line

RUNS = (Role.HR, Role.SCHOOL, Role.TEACHER)
MANAGES = (Role.HR, Role.SCHOOL)
LONGEST_REASON = 300  # characters kept of what was typed
_SHEET = "results/sheet"
_HEADINGS = ("class", "code", "name", "unit", "hours", "score", "resit", "outcome", "state")


async def _seen(turn: Turn, course_id: int) -> tuple[Course, list[Line], bool]:
    """Give a course, the learners of it in the speaker's reach, and whether those are all and may be marked."""
    course, me = await courses.find(turn.tx, course_id), turn.person.person_id
    whole = await class_rights.check_sees(turn.tx, me, course)
    await audit.record(turn.tx, me, "results.list", course.subject, turn.now)
    return course, await results.lines(turn.tx, course, None if whole else me), whole


@choice("res", who=RUNS, reach="course")
async def listed(turn: Turn, course_id: int, page: int = 0) -> Screen:
    """Show a page of the class with what each has come to; a button a learner."""
    course, lines, whole = await _seen(turn, course_id)
    shown = page_of(lines, page)
    closed_at = await results.closed_at(turn.tx, course_id)
    screen = Screen(
        "results/list",
        course=course,
        page=shown,
        outlook=closing.Outlook.of(lines),
        closed_at=closed_at,
        begun=results.begun(course, turn.now),
    )
    if whole and results.begun(course, turn.now):
        for line in shown.items:
            screen.button("item", "res_one", course_id, line.person_id, line=line)
    shown.buttons(screen, "res", course_id)
    if lines:
        screen.button("sheet", "res_sheet", course_id)
    if await class_rights.manages(turn.tx, turn.person.person_id, course):
        screen.button("close", "res_close", course_id, beside=True)
        screen.button("certificates", "cert_class", course_id)
    if turn.has(Role.HR):
        return screen.button("back", "desk_course", course_id)
    return screen.button("back", "run_one", course_id)


async def _one(turn: Turn, course_id: int, person_id: int) -> tuple[Course, Line]:
    """Give a learner whom the speaker may mark. Raises NotAllowed; Refused for themself, and before the class."""
    course = await courses.find(turn.tx, course_id)
    me = turn.person.person_id
    await class_rights.check_marks(turn.tx, me, course, person_id)
    line = await results.line_of(turn.tx, course, person_id, me)
    results.check_begun(course, turn.now)
    return course, line


async def _held(turn: Turn, course_id: int, person_id: int) -> tuple[Course, Line]:
    """Give the same to write: the course is held, so that nobody closes it or marks the learner meanwhile."""
    await courses.locked(turn.tx, course_id)
    return await _one(turn, course_id, person_id)


@choice("res_one", who=RUNS, reach="course person")
async def one(turn: Turn, course_id: int, person_id: int) -> Screen:
    """Show one learner and await their mark."""
    course, line = await _one(turn, course_id, person_id)
    closed_at = await results.closed_at(turn.tx, course_id)
    turn.ask("res_mark", course_id, person_id, 0)
    screen = Screen("results/one", course=course, line=line, closed_at=closed_at)
    if line.marks.score is None:
        screen.button("passed", "res_pass", course_id, person_id, 1, tone="go")
        screen.button("not_passed", "res_pass", course_id, person_id, 0, beside=True, tone="stop")
    if line.marks.score is not None and line.marks.score < course.pass_mark:
        screen.button("resit", "res_resit", course_id, person_id)
    if any(reason.name == "attendance_missing" for reason in line.verdict.reasons):
        screen.button("vouch", "res_vouch", course_id, person_id)
    return screen.button("back", "res", course_id)


@choice("res_resit", who=RUNS, reach="course person")
async def ask_resit(turn: Turn, course_id: int, person_id: int) -> Screen:
    """Await the mark of the resit."""
    course, line = await _one(turn, course_id, person_id)
    results.check_resit(line.marks, course.pass_mark)
    turn.ask("res_mark", course_id, person_id, 1)
    return Screen("results/resit", course=course, line=line).button("back", "res_one", course_id, person_id)


@answer("res_mark", who=RUNS, reach="course person")
async def mark_typed(turn: Turn, text: str, course_id: int, person_id: int, resit: int) -> Screen:
    """Keep a typed mark."""
    course, line = await _held(turn, course_id, person_id)
    mark = completion.mark_of(text)
    return await _keep(
        turn, course, line, results.with_mark(line.marks, mark, resit=bool(resit), pass_mark=course.pass_mark)
    )


@choice("res_pass", who=RUNS, reach="course person")
async def passed(turn: Turn, course_id: int, person_id: int, passed: int) -> Screen:
    """Keep that a learner passed or not, without a mark; where there is one, it decides."""
    course, line = await _held(turn, course_id, person_id)
    if line.marks.score is not None:
        return await one(turn, course_id, person_id)
    return await _keep(turn, course, line, Marks(passed=bool(passed)))


async def _keep(turn: Turn, course: Course, line: Line, marks: Marks) -> Screen:
    """Keep marks at once, or after closing when a reason has been typed."""
    if await results.closed_at(turn.tx, course.id) is not None:
        turn.draft["res_correct"] = [course.id, line.person_id, marks.score, marks.resit, marks.passed]
        turn.ask("res_correct", course.id, line.person_id)
        screen = Screen("results/why", course=course, line=line, marks=marks)
        return screen.button("back", "res_one", course.id, line.person_id)
    await results.keep(turn.tx, course, line.person_id, marks, turn.person.person_id, turn.now)
    return await _next(turn, course, line.person_id)


async def _next(turn: Turn, course: Course, person_id: int) -> Screen:
    """Show what was kept, with the way to the next learner without a mark."""
    lines = await results.lines(turn.tx, course)
    kept = next(line for line in lines if line.person_id == person_id)
    empty = [line for line in lines if line.marks == Marks() and line.person_id != turn.person.person_id]
    screen = Screen("results/kept", course=course, line=kept, left=len(empty))
    if empty:
        screen.button("next", "res_one", course.id, empty[0].person_id, line=empty[0])
    return screen.button("again", "res_one", course.id, person_id).button("list", "res", course.id, beside=True)


@answer("res_correct", who=RUNS, reach="course person")
async def correct(turn: Turn, text: str, course_id: int, person_id: int) -> Screen:
    """Correct a final result for the typed reason."""
    course, _ = await _held(turn, course_id, person_id)
    about, learner, score, resit, passed = turn.draft.pop("res_correct", [0, 0, None, None, None])
    if (about, learner) != (course_id, person_id):  # another one was begun since
        return await one(turn, course_id, person_id)
    me, days = turn.person.person_id, await calendar.load(turn.tx, turn.zone)
    await results.keep(turn.tx, course, person_id, Marks(score, resit, passed), me, turn.now)
    await closing.correct(turn.tx, course_id, person_id, text[:LONGEST_REASON], me, days, turn.now)
    return await _next(turn, course, person_id)


@choice("res_vouch", who=MANAGES, reach="course person")
async def ask_vouch(turn: Turn, course_id: int, person_id: int) -> Screen:
    """Ask why the hours of a learner may count without attendance."""
    course, line = await _one(turn, course_id, person_id)
    await class_rights.check_manages(turn.tx, turn.person.person_id, course)
    turn.ask("res_vouch", course_id, person_id)
    return Screen("results/vouch", course=course, line=line).button("back", "res_one", course_id, person_id)


@answer("res_vouch", who=MANAGES, reach="course person")
async def vouch(turn: Turn, text: str, course_id: int, person_id: int) -> Screen:
    """Keep that HR confirms the hours by hand; after closing this corrects the result."""
    course, _ = await _held(turn, course_id, person_id)
    me, reason = turn.person.person_id, text[:LONGEST_REASON]
    await class_rights.check_manages(turn.tx, me, course)
    await results.vouch(turn.tx, course, person_id, reason, me, turn.now)
    if await results.closed_at(turn.tx, course_id) is not None:
        days = await calendar.load(turn.tx, turn.zone)
        await closing.correct(turn.tx, course_id, person_id, reason, me, days, turn.now)
    return await _next(turn, course, person_id)


@choice("res_close", who=MANAGES, reach="course")
async def preview_close(turn: Turn, course_id: int) -> Screen:
    """Show what closing would write, before it is done."""
    course = await courses.find(turn.tx, course_id)
    await class_rights.check_manages(turn.tx, turn.person.person_id, course)
    closing.check_can_close(course, turn.now)
    lines = await results.lines(turn.tx, course)
    if not lines:
        raise Refused("results/nobody", course=course)
    gaps = await closing.gaps(turn.tx, course, lines)
    screen = Screen("results/preview", course=course, outlook=closing.Outlook.of(lines), gaps=gaps)
    return screen.button("confirm", "res_close_yes", course_id, tone="go").button("back", "res", course_id, beside=True)


@choice("res_close_yes", who=MANAGES, reach="course")
async def close(turn: Turn, course_id: int) -> Screen:
    """Make the results final."""
    course, me = await courses.find(turn.tx, course_id), turn.person.person_id
    await class_rights.check_manages(turn.tx, me, course)
    days = await calendar.load(turn.tx, turn.zone)
    outlook = await closing.close(turn.tx, course_id, me, days, turn.now)
    screen = Screen("results/closed", course=course, outlook=outlook)
    return screen.button("certificates", "cert_class", course_id).button("list", "res", course_id, beside=True)


@choice("res_sheet", who=RUNS, reach="course")
async def sheet(turn: Turn, course_id: int) -> Screen:
    """Send the class as a workbook: marks filled in there can be sent back."""
    course, lines, _ = await _seen(turn, course_id)
    await audit.record(turn.tx, turn.person.person_id, "results.export", course.subject, turn.now)
    rows = [_row(turn, course, line) for line in lines]
    title = turn.words(_SHEET, "title")
    content = write_workbook(
        [Sheet(title, [turn.words(_SHEET, f"heading_{name}") for name in _HEADINGS], rows, notes=[course.title])],
        title=course.title,
        made_at=turn.now,
    )
    if not turn.has(Role.HR):
        turn.ask_file("res_file")
    screen = Screen(_SHEET, fresh=True, course=course).attach(turn.words(_SHEET, "filename", course=course), content)
    return screen.button("back", "res", course_id)


def _row(turn: Turn, course: Course, line: Line) -> list[CellValue]:
    marks = line.marks
    told = None if marks.passed is None else turn.words(_SHEET, "passed" if marks.passed else "not_passed")
    state = turn.words(_SHEET, "state", line=line)
    tenths = line.attended.tenths
    return [
        course.code, line.code, line.name, line.unit, None if tenths is None else tenths / 10,
        None if marks.score is None else marks.score / 10, None if marks.resit is None else marks.resit / 10,
        told, state,
    ]  # fmt: skip


@notice("course_result")
async def told(turn: Turn, course_id: int) -> Screen | None:
    """Tell a learner their own result, as it stands now."""
    course, me = await courses.find(turn.tx, course_id), turn.person.person_id
    kept = (await records.of_course(turn.tx, course_id)).get(me)
    if kept is None:
        return None
    line = await results.line_of(turn.tx, course, me, me)
    year = kept.record.year
    standing = await hours.of_person(turn.tx, me, year, calendar.Calendar(turn.zone))
    screen = Screen("results/told", course=course, record=kept.record, line=line, standing=standing, year=year)
    return screen.button("hours", "hours").button("home", "home", beside=True)
