"""HR's list of lecturers: kind, profile, whose chat is a lecturer's. The rules are in training.lecturers."""

from bot.chat.pages import page_of
from bot.chat.router import answer, choice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Refused
from bot.training import lecturers, rating_results
from bot.training.lecturers import Lecturer


@choice("lecturers", who=Role.HR, reach="list")
async def listed(turn: Turn, page: int = 0) -> Screen:
    """List every lecturer."""
    turn.dialogue.forget()
    shown = page_of(await lecturers.everyone(turn.tx), page)
    screen = Screen("lecturers/list", page=shown)
    for one in shown.items:
        screen.button("item", "lecturer", one.id, lecturer=one)
    shown.buttons(screen, "lecturers").button("new", "lecturer_new")
    return screen.button("list", "desk_courses").button("home", "home", beside=True)


@choice("lecturer", who=Role.HR, reach="lecturer")
async def card(turn: Turn, lecturer_id: int) -> Screen:
    """Show one lecturer with what can be changed."""
    return await _card(turn, await lecturers.find(turn.tx, lecturer_id))


async def _card(turn: Turn, lecturer: Lecturer) -> Screen:
    turn.dialogue.forget()
    rated = await rating_results.of_lecturer(turn.tx, lecturer.id, turn.person.person_id, turn.now)
    screen = Screen("lecturers/card", lecturer=lecturer, rated=rated)
    for at, kind in enumerate(kind for kind in lecturers.KINDS if kind != lecturer.kind):
        screen.button("kind", "lecturer_kind", lecturer.id, kind, beside=at > 0, kind=kind)
    screen.button("profile", "lecturer_ask", lecturer.id, "profile")
    if turn.has(Role.HR_ALL):  # it gives somebody a lecturer's rights
        screen.button("link", "lecturer_ask", lecturer.id, "person", beside=True)
        if lecturer.person_id is not None:
            screen.button("unlink", "lecturer_unlink", lecturer.id)
    return screen.button("list", "lecturers").button("home", "home", beside=True)


@choice("lecturer_new", who=Role.HR, reach="none")
async def ask_new(turn: Turn) -> Screen:
    """Ask for the name of a new lecturer."""
    turn.ask("lecturer_new")
    return Screen("lecturers/ask_name").button("back", "lecturers")


@answer("lecturer_new", who=Role.HR, reach="none")
async def new(turn: Turn, text: str) -> Screen:
    """Put a lecturer on the list, or show the one of that name."""
    return await _card(turn, await lecturers.find(turn.tx, await lecturers.called(turn.tx, text)))


@choice("lecturer_kind", who=Role.HR, reach="lecturer")
async def set_kind(turn: Turn, lecturer_id: int, kind: str) -> Screen:
    """Change the kind."""
    return await _change(turn, lecturer_id, "kind", kind)


@choice("lecturer_ask", who=Role.HR, reach="lecturer")
async def ask(turn: Turn, lecturer_id: int, fact: str) -> Screen:
    """Ask for the profile, or for the staff code of the lecturer."""
    lecturer = await lecturers.find(turn.tx, lecturer_id)
    if fact == "person":
        turn.ask("lecturer_person", lecturer_id)
        return Screen("lecturers/ask_person", lecturer=lecturer).button("back", "lecturer", lecturer_id)
    turn.ask("lecturer_profile", lecturer_id)
    return Screen("lecturers/ask_profile", lecturer=lecturer).button("back", "lecturer", lecturer_id)


@answer("lecturer_profile", who=Role.HR, reach="lecturer")
async def profile_told(turn: Turn, text: str, lecturer_id: int) -> Screen:
    """Keep the profile."""
    return await _change(turn, lecturer_id, "profile", text)


@answer("lecturer_person", who=Role.HR_ALL, reach="whole")
async def person_told(turn: Turn, text: str, lecturer_id: int) -> Screen:
    """Keep who the lecturer is on the HR list."""
    person_id = await lecturers.person_of_code(turn.tx, text)
    if person_id is None:
        raise Refused("lecturers/no_such_code", code=text[:40])
    return await _change(turn, lecturer_id, "person_id", person_id)


@choice("lecturer_unlink", who=Role.HR_ALL, reach="whole")
async def unlink(turn: Turn, lecturer_id: int) -> Screen:
    """Let the lecturer be nobody of the HR list."""
    return await _change(turn, lecturer_id, "person_id", None)


async def _change(turn: Turn, lecturer_id: int, fact: str, value: str | int | None) -> Screen:
    changed = await lecturers.change(turn.tx, lecturer_id, fact, value, turn.person.person_id, turn.now)
    return await _card(turn, changed)
