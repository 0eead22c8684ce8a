"""/lich: the person's own sessions, their calendar file, and the reminders of each. The rules are in bot.training."""

from bot.chat.pages import page_of
from bot.chat.router import choice, command, notice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.training import attendance_roll, change_answers, courses, enrolments, ics, schedule_history, sessions


@command("lich", who=Role.OFFICIAL)
async def lich(turn: Turn, words: str) -> Screen:
    """Show the person's own sessions."""
    return await mine(turn)


@choice("mine", who=Role.OFFICIAL)
async def mine(turn: Turn, page: int = 0) -> Screen:
    """Show a page of the sessions to come, the next first, and below what is not settled yet."""
    person_id = turn.person.person_id
    coming = await sessions.upcoming(turn.tx, person_id, turn.now)
    undecided = await enrolments.without_seat(turn.tx, person_id, turn.now)
    shown = page_of(coming, page)
    asked = await change_answers.questions(turn.tx, person_id, turn.now)
    changed = await schedule_history.latest(turn.tx, [m.session.id for m in shown.items])
    postponed = await courses.postponed_for(turn.tx, person_id)
    screen = Screen("mine/list", page=shown, undecided=undecided, asked=asked, changed=changed, postponed=postponed)
    for course_id, title in {m.session.course_id: m.title for m in shown.items}.items():
        screen.button("item", "course", course_id, title=title)
    for one in undecided[:6]:
        screen.button("undecided", "course", one.course_id, one=one)
    for question in asked[:6]:
        screen.button("answer", "change", question.change_id, question=question)
    shown.buttons(screen, "mine")
    link = next((m.session.link for m in coming if m.session.link), None)
    if link:
        screen.copy("copy_link", link)
    if coming:
        screen.button("ics", "mine_ics")
    if await attendance_roll.of_person(turn.tx, person_id):
        screen.button("attended", "att_me")
    return screen.button("courses", "courses").button("home", "home", beside=True)


@choice("mine_ics", who=Role.OFFICIAL)
async def calendar_file(turn: Turn) -> Screen:
    """Send the calendar file of all the person's sessions; opened again later, it updates what is there."""
    content = ics.calendar_file(await sessions.of_person(turn.tx, turn.person.person_id), turn.now)
    screen = Screen("mine/file", fresh=True).attach(turn.words("mine/file", "filename"), content)
    return screen.button("mine", "mine").button("home", "home", beside=True)


@notice("session_reminder")
async def reminder(turn: Turn, session_id: int, lead: str) -> Screen | None:
    """Remind of a session, if the person still has a seat and it is still to come."""
    session = await sessions.find(turn.tx, session_id)
    course = await courses.find(turn.tx, session.course_id)
    enrolment = await enrolments.latest(turn.tx, turn.person.person_id, course.id)
    if enrolment is None or enrolment.state != "seat":
        return None
    if course.cancelled or session.cancelled or session.starts_at <= turn.now:
        return None
    of = len(await sessions.of_course(turn.tx, course.id))
    screen = Screen("mine/reminder", course=course, session=session, of=of, lead=lead)
    if session.link:
        screen.copy("copy_link", session.link)
    return screen.button("card", "course", course.id).button("mine", "mine", beside=True)
