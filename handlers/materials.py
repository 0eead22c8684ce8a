"""Materials of a course: opened by those with a seat, added and withdrawn by those who run it. Rules: training."""

from bot.chat.events import ReceivedFile
from bot.chat.pages import page_of
from bot.chat.router import answer, choice, file, notice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Refused
from bot.training import calendar, courses, materials, rights
from bot.training.courses import Course
from bot.training.materials import Material

RUNS = (Role.HR, Role.SCHOOL, Role.TEACHER)


@choice("mt", who=Role.OFFICIAL)
async def listed(turn: Turn, course_id: int, page: int = 0) -> Screen:
    """List the materials of a course."""
    course = await courses.find(turn.tx, course_id)
    await materials.check_reader(turn.tx, turn.person, course)
    turn.dialogue.forget()
    shown = page_of(await materials.current(turn.tx, course_id), page)
    screen = Screen("materials/list", course=course, page=shown)
    for one in shown.items:
        screen.button("item", "mt_one", one.id, material=one)
    shown.buttons(screen, "mt", course_id)
    if await materials.runs(turn.tx, turn.person, course):
        screen.button("add", "mt_add", course_id)
    if await materials.reads_at_desk(turn.tx, turn.person, course):
        screen.button("course", "ce", course_id)
    else:
        screen.button("course", "course", course_id)
    return screen.button("home", "home", beside=True)


@choice("mt_one", who=Role.OFFICIAL)
async def opened(turn: Turn, material_id: int) -> Screen:
    """Send a file, or show a link, with what those who run the course may do to it."""
    material = await materials.find(turn.tx, material_id)
    course = await courses.find(turn.tx, material.course_id)
    await materials.check_reader(turn.tx, turn.person, course)
    if material.withdrawn:
        raise Refused("materials/withdrawn", material=material)
    screen = Screen("materials/one", fresh=material.link is None, material=material, course=course)
    if material.link is not None:
        screen.url("open", material.link)
    else:
        screen.attach(material.filename or material.name, await materials.content(turn.tx, material))
    if await materials.runs(turn.tx, turn.person, course):
        screen.button("renew", "mt_renew", material_id)
        screen.button("withdraw", "mt_off", material_id, 0, beside=True, tone="stop")
    return screen.button("list", "mt", course.id).button("home", "home", beside=True)


@choice("mt_add", who=RUNS, reach="course")
async def ask_name(turn: Turn, course_id: int) -> Screen:
    """Ask for the name of a new material."""
    course = await _running(turn, course_id)
    turn.ask("mt_name", course_id)
    return Screen("materials/name", course=course).button("back", "mt", course_id)


@answer("mt_name", who=RUNS, reach="course")
async def name_told(turn: Turn, text: str, course_id: int) -> Screen:
    """Ask for the file or the link."""
    await _running(turn, course_id)
    return _ask_content(turn, course_id, await materials.check_name(turn.tx, course_id, text))


@choice("mt_renew", who=RUNS, reach="material")
async def renew(turn: Turn, material_id: int) -> Screen:
    """Ask for the next version of a material."""
    material = await materials.find(turn.tx, material_id)
    await _running(turn, material.course_id)
    return _ask_content(turn, material.course_id, material.name)


def _ask_content(turn: Turn, course_id: int, name: str) -> Screen:
    turn.draft["mt"] = [course_id, name]
    turn.ask("mt_link", course_id)
    turn.ask_file("mt_file")
    return Screen("materials/send", name=name, limit_mb=materials.LARGEST_FILE // 2**20).button("back", "mt", course_id)


async def _running(turn: Turn, course_id: int) -> Course:
    course = await courses.find(turn.tx, course_id)
    await rights.check_runs_course(turn.tx, turn.person, course)
    return course


@answer("mt_link", who=RUNS, reach="course")
async def link_told(turn: Turn, text: str, course_id: int) -> Screen:
    """Keep a link."""
    about, name = turn.draft.get("mt", (0, ""))
    if about != course_id:
        return await listed(turn, course_id)
    days = await calendar.load(turn.tx, turn.zone)
    added = await materials.add_link(turn.tx, turn.person, course_id, name, text, turn.now, days)
    return _added(turn, added)


@file("mt_file", who=RUNS, reach="own")
async def file_sent(turn: Turn, sent: ReceivedFile) -> Screen:
    """Keep a file."""
    course_id, name = turn.draft.get("mt", (0, ""))
    days = await calendar.load(turn.tx, turn.zone)
    added = await materials.add_file(turn.tx, turn.person, course_id, name, sent, turn.now, days)
    return _added(turn, added)


def _added(turn: Turn, added: Material) -> Screen:
    turn.dialogue.forget()
    screen = Screen("materials/added", material=added).button("list", "mt", added.course_id)
    return screen.button("home", "home", beside=True)


@choice("mt_off", who=RUNS, reach="material")
async def withdraw(turn: Turn, material_id: int, sure: int) -> Screen:
    """Take a material off, after asking once."""
    material = await materials.find(turn.tx, material_id)
    await _running(turn, material.course_id)
    if not sure:
        screen = Screen("materials/sure_off", material=material)
        screen.button("sure", "mt_off", material_id, 1, tone="stop")
        return screen.button("back", "mt", material.course_id, beside=True)
    await materials.withdraw(turn.tx, turn.person, material_id, turn.now)
    return await listed(turn, material.course_id)


@notice("material_new")
async def renewed(turn: Turn, material_id: int) -> Screen | None:
    """Tell who has a seat that a material has a new version."""
    found = await materials.news(turn.tx, material_id, turn.person.person_id)
    if found is None:
        return None
    material, course = found
    screen = Screen("materials/news", material=material, course=course).button("see", "mt_one", material_id)
    return screen.button("course", "course", course.id, beside=True)
