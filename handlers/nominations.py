"""Heads and HR put people on a course: choose or paste, look at it, send. The rule: training.nominations."""

from bot.chat import narrowing
from bot.chat.pages import page_of
from bot.chat.router import answer, choice, notice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import NotAllowed, Refused
from bot.excel.cells import CellValue
from bot.excel.writer import Sheet, write_workbook
from bot.training import audit, calendar, candidates, courses, nominations, people, places, quotas
from bot.training.candidates import Pasted
from bot.training.courses import Course
from bot.training.enrolments import Enrolment

_WHO = (Role.HEAD, Role.HR)
_DRAFT = "nominate"
_SHEET = "nominations/sheet"
_HEADINGS = ("number", "course", "code", "name", "job", "unit", "seats")


def _chosen(turn: Turn, course_id: int) -> list[int]:
    """Give whom this chat has chosen for the course so far; another course begins anew."""
    about, people_ids = turn.draft.get(_DRAFT, [0, []])
    return list(people_ids) if about == course_id else []


@choice("nominate_courses", who=_WHO, reach="list")
async def courses_open(turn: Turn, page: int = 0) -> Screen:
    """List the courses that people can be put on."""
    shown = page_of(await candidates.open_courses(turn.tx, turn.now), page)
    screen = Screen("nominations/courses", page=shown)
    for course in shown.items:
        screen.button("item", "nominate", course.id, course=course)
    return shown.buttons(screen, "nominate_courses").button("back", "approvals").button("home", "home", beside=True)


@choice("nominate", who=_WHO, reach="list")
async def listed(turn: Turn, course_id: int, in_need: int = 0, page: int = 0) -> Screen:
    """List who may be nominated, each with what speaks against it; `in_need` narrows to who needs the category.

    Typed words narrow the list as well.
    """
    narrowing.forget(turn)
    return await _listed(turn, course_id, in_need, page)


@answer("nominate_words", who=_WHO, reach="list", narrows=True)
async def words_told(turn: Turn, text: str, course_id: int, in_need: int) -> Screen:
    """Narrow the list to people with the typed words in their name, unit or code."""
    narrowing.keep(turn, f"nominate:{course_id}", text)
    return await _listed(turn, course_id, in_need, 0)


@choice("nominate_found", who=_WHO, reach="list")
async def found(turn: Turn, course_id: int, in_need: int, page: int) -> Screen:
    """Show another page of the narrowed list."""
    return await _listed(turn, course_id, in_need, page)


async def _listed(turn: Turn, course_id: int, in_need: int, page: int) -> Screen:
    by, words = turn.person.person_id, narrowing.kept(turn, f"nominate:{course_id}")
    course = await courses.find(turn.tx, course_id)
    days = await calendar.load(turn.tx, turn.zone)
    shown = await candidates.page(turn.tx, by, course, days, turn.now, page, in_need=bool(in_need), words=words)
    await audit.record(turn.tx, by, "people.list", course.subject, turn.now)
    verdicts = [(await nominations.weigh(turn.tx, course, [one.id], turn.now))[0] for one in shown.items]
    chosen = _chosen(turn, course_id)
    made = await nominations.made_by(turn.tx, by, course_id)
    rows = list(zip(shown.items, verdicts, strict=True))
    count = await places.of_course(turn.tx, course_id, turn.now)
    kept = await quotas.of_course(turn.tx, course_id, turn.now)
    screen = Screen("nominations/list", course=course, page=shown, rows=rows, chosen=chosen, in_need=bool(in_need),
                    places=count, quotas=kept, made=sum(one.stands for one in made), narrowed=words)  # fmt: skip
    for one, verdict in rows:
        if not verdict.reason or verdict.could_wait:
            block = "unpick" if one.id in chosen else "pick"
            screen.button(block, "nominate_pick", course_id, one.id, in_need, shown.number, name=one.name)
    shown.buttons(screen, "nominate_found" if words else "nominate", course_id, in_need)
    if words:
        screen.button("all", "nominate", course_id, in_need)
    turn.ask("nominate_words", course_id, in_need)
    return _ways(screen, course_id, chosen, in_need, bool(made))


def _ways(screen: Screen, course_id: int, chosen: list[int], in_need: int, made: bool) -> Screen:
    if chosen:
        screen.button("review", "nominate_review", course_id, tone="go", count=len(chosen))
    screen.button("everybody" if in_need else "needed", "nominate", course_id, int(not in_need))
    screen.button("codes", "nominate_codes", course_id, beside=True)
    if in_need:
        screen.button("sheet", "nominate_sheet", course_id)
    if made:
        screen.button("made", "nominate_made", course_id)
    return screen.button("courses", "nominate_courses").button("home", "home", beside=True)


@choice("nominate_pick", who=_WHO, reach="list")
async def pick(turn: Turn, course_id: int, person_id: int, in_need: int, page: int) -> Screen:
    """Choose a person, or take the choice back."""
    by, chosen = turn.person.person_id, _chosen(turn, course_id)
    if person_id in chosen:
        chosen.remove(person_id)
    elif await nominations.reaches(turn.tx, by, person_id, turn.now):
        if len(chosen) >= nominations.MOST:
            raise Refused("nominations/too_many", most=nominations.MOST)
        chosen.append(person_id)
    else:
        raise NotAllowed(f"person:{person_id}")
    turn.draft[_DRAFT] = [course_id, chosen]
    return await _listed(turn, course_id, in_need, page)


@choice("nominate_codes", who=_WHO, reach="list")
async def ask_codes(turn: Turn, course_id: int) -> Screen:
    """Ask for staff codes."""
    turn.ask("nominate_codes", course_id)
    screen = Screen("nominations/codes", course=await courses.find(turn.tx, course_id), most=nominations.MOST)
    return screen.button("back", "nominate", course_id)


@answer("nominate_codes", who=_WHO, reach="list")
async def codes_told(turn: Turn, text: str, course_id: int) -> Screen:
    """Choose those whose codes were pasted; codes of others are logged, and nothing is told about them."""
    by = turn.person.person_id
    pasted = await candidates.named(turn.tx, by, text, turn.now)
    for person_id in pasted.foreign:
        await audit.record(turn.tx, by, "refused", f"person:{person_id}", turn.now)
    chosen = list(dict.fromkeys([*_chosen(turn, course_id), *pasted.people]))[: nominations.MOST]
    turn.draft[_DRAFT] = [course_id, chosen]
    return await _review(turn, course_id, chosen, pasted)


@choice("nominate_review", who=_WHO, reach="list")
async def review(turn: Turn, course_id: int) -> Screen:
    """Show what the nomination of those chosen would come to."""
    return await _review(turn, course_id, _chosen(turn, course_id), Pasted())


async def _review(turn: Turn, course_id: int, chosen: list[int], pasted: Pasted) -> Screen:
    course = await courses.find(turn.tx, course_id)
    verdicts = await nominations.weigh(turn.tx, course, chosen, turn.now)
    screen = Screen("nominations/review", course=course, verdicts=verdicts, pasted=pasted)
    placed, could_wait = ([v for v in verdicts if not v.reason], [v for v in verdicts if v.could_wait])
    if placed:
        screen.button("send", "nominate_send", course_id, 0, tone="go", count=len(placed))
    if could_wait:
        screen.button("send_waiting", "nominate_send", course_id, 1, count=len(placed) + len(could_wait))
    return screen.button("back", "nominate", course_id).button("home", "home", beside=True)


@choice("nominate_send", who=_WHO, reach="list")
async def send(turn: Turn, course_id: int, may_wait: int) -> Screen:
    """Nominate those chosen; with `may_wait` those without a place go on the waiting list."""
    by, chosen = turn.person.person_id, _chosen(turn, course_id)
    if not chosen:  # tapped twice, or an old button
        return await listed(turn, course_id)
    days = await calendar.load(turn.tx, turn.zone)
    made = await nominations.nominate(
        turn.tx, by, course_id, chosen, turn.arrival, turn.now, days, may_wait=chosen if may_wait else ()
    )
    del turn.draft[_DRAFT]
    course = await courses.find(turn.tx, course_id)
    screen = Screen("nominations/done", course=course, verdicts=made)
    return screen.button("again", "nominate", course_id).button("home", "home", beside=True)


@choice("nominate_made", who=_WHO, reach="list")
async def made_so_far(turn: Turn, course_id: int, page: int = 0) -> Screen:
    """List whom this person has nominated for the course, and how each stands; what is open can be taken back."""
    return await _made(turn, course_id, page)


async def _made(turn: Turn, course_id: int, page: int, taken_back: str = "") -> Screen:
    made = await nominations.made_by(turn.tx, turn.person.person_id, course_id)
    shown, standing = page_of(made, page), sum(one.stands for one in made)
    course = await courses.find(turn.tx, course_id)
    screen = Screen("nominations/made", course=course, page=shown, standing=standing, taken_back=taken_back)
    for one in shown.items:
        if one.open:
            screen.button("take_back", "nominate_back", one.enrolment_id, 0, name=one.name)
    return shown.buttons(screen, "nominate_made", course_id).button("back", "nominate", course_id)


@choice("nominate_back", who=_WHO, reach="own")
async def take_back(turn: Turn, enrolment_id: int, sure: int) -> Screen:
    """Take a nomination back, after asking once, and tell how many are left."""
    by = turn.person.person_id
    enrolment = await nominations.own(turn.tx, by, enrolment_id)
    if sure:
        days = await calendar.load(turn.tx, turn.zone)
        name = await nominations.take_back(turn.tx, by, enrolment_id, turn.now, days)
        return await _made(turn, enrolment.course_id, 0, taken_back=name)
    course, person = await courses.find(turn.tx, enrolment.course_id), await people.find(turn.tx, enrolment.person_id)
    screen = Screen("nominations/sure_back", course=course, person=person, asked=enrolment.state == "offered")
    screen.button("sure", "nominate_back", enrolment_id, 1, tone="stop")
    return screen.button("leave", "nominate_made", course.id, beside=True)


@choice("nominate_sheet", who=_WHO, reach="list")
async def sheet(turn: Turn, course_id: int) -> Screen:
    """Send those who still need the category as a workbook."""
    by, course = turn.person.person_id, await courses.find(turn.tx, course_id)
    days = await calendar.load(turn.tx, turn.zone)
    found = await candidates.everyone_in_need(turn.tx, by, course, days, turn.now)
    await audit.record(turn.tx, by, "people.export", course.subject, turn.now)
    rows: list[list[CellValue]] = [
        [at, course.code, one.code, one.name, one.title, one.unit, one.seats] for at, one in enumerate(found, start=1)
    ]
    headings = [turn.words(_SHEET, f"heading_{name}") for name in _HEADINGS]
    notes = [turn.words(_SHEET, "note", course=course)]
    content = write_workbook([Sheet(turn.words(_SHEET, "title"), headings, rows, notes=notes)], made_at=turn.now)
    screen = Screen(_SHEET, fresh=True, course=course, total=len(found))
    screen.attach(turn.words(_SHEET, "filename", course=course), content)
    return screen.button("back", "nominate", course_id, 1).button("home", "home", beside=True)


async def asked(turn: Turn, course: Course, enrolment: Enrolment, nominator_id: int) -> Screen:
    """Ask a nominee, with the buttons of any offered place."""
    nominator = await people.find(turn.tx, nominator_id)
    screen = Screen(
        "nominations/asked", course=course, nominator=nominator, by_hr=enrolment.nominated_by_hr,
        expires_at=enrolment.offer_expires_at,
    )  # fmt: skip
    screen.button("accept", "offer_yes", enrolment.id, tone="go")
    screen.button("decline", "offer_no", enrolment.id, beside=True, tone="stop")
    return screen.button("card", "course", course.id)


@notice("nominations_lost")
async def lost(turn: Turn, course_id: int) -> Screen | None:
    """Tell a nominator who did not take the place, all of them at once."""
    course = await courses.find(turn.tx, course_id)
    gone = await nominations.made_by(turn.tx, turn.person.person_id, course_id, "declined", "lapsed")
    if course.cancelled or not gone:
        return None
    screen = Screen("nominations/lost", course=course, gone=gone)
    if turn.now < min(course.deadline, course.starts_at):
        screen.button("again", "nominate", course_id)
    return screen.button("home", "home", beside=True)
