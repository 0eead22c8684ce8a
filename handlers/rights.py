"""HR of the whole gives rights to a person and takes them back. The rules are in training.granting."""

from bot.chat import narrowing
from bot.chat.pages import page_of
from bot.chat.router import answer, choice, notice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Refused
from bot.training import calendar, granting, institutions, people, telling, units
from bot.training.granting import Grant

LONGEST_NAME = 150  # letters of an institution's name


@choice("rights", who=Role.HR_ALL, reach="whole")
async def card(turn: Turn, person_id: int) -> Screen:
    """Show what somebody may do beside what every official may, each right with the button that takes it back."""
    person = await people.find(turn.tx, person_id)
    grants = await granting.of_person(turn.tx, person_id)
    screen = Screen("rights/card", person=person, grants=grants)
    for grant in grants:
        screen.button("take_unit" if grant.unit_id else f"take_{grant.role}", "right_take", grant.id, 0, grant=grant)
    screen.button("give_hr", "right_where", person_id)
    screen.button("give_school", "right_schools", person_id, 0)
    screen.button("give_operator", "right_give", person_id, "operator", 0, 0, beside=True)
    return screen.button("person", "person", person_id).button("home", "home", beside=True)


@choice("right_where", who=Role.HR_ALL, reach="whole")
async def where(turn: Turn, person_id: int) -> Screen:
    """Ask how far HR rights are to reach."""
    person = await people.find(turn.tx, person_id)
    screen = Screen("rights/where", person=person)
    screen.button("own_unit", "right_give", person_id, "hr", person.unit_id, 0)
    screen.button("other_unit", "right_units", person_id, 0)
    screen.button("whole", "right_give", person_id, "hr", 0, 0, beside=True)
    return screen.button("back", "rights", person_id)


@choice("right_units", who=Role.HR_ALL, reach="whole")
async def pick_unit(turn: Turn, person_id: int, page: int) -> Screen:
    """List the units to pick one from; typed words narrow the list."""
    narrowing.forget(turn)
    return await _units(turn, person_id, page)


@answer("right_words", who=Role.HR_ALL, reach="whole", narrows=True)
async def units_told(turn: Turn, text: str, person_id: int) -> Screen:
    """Narrow the list to units with the typed words in their name."""
    narrowing.keep(turn, "right_units", text)
    return await _units(turn, person_id, 0)


@choice("right_found", who=Role.HR_ALL, reach="whole")
async def units_found(turn: Turn, person_id: int, page: int) -> Screen:
    """Show another page of the narrowed list."""
    return await _units(turn, person_id, page)


async def _units(turn: Turn, person_id: int, page: int) -> Screen:
    person, words = await people.find(turn.tx, person_id), narrowing.kept(turn, "right_units")
    shown = page_of(narrowing.narrowed(await units.by_name(turn.tx), words, lambda unit: unit.name), page)
    screen = Screen("rights/units", person=person, page=shown, words=words)
    for unit in shown.items:
        screen.button("item", "right_give", person_id, "hr", unit.id, 0, name=unit.name)
    shown.buttons(screen, "right_found" if words else "right_units", person_id)
    if words:
        screen.button("all", "right_units", person_id, 0)
    turn.ask("right_words", person_id)
    return screen.button("back", "right_where", person_id)


@choice("right_schools", who=Role.HR_ALL, reach="whole")
async def pick_school(turn: Turn, person_id: int, page: int) -> Screen:
    """List the institutions to pick one from; another one is typed."""
    person = await people.find(turn.tx, person_id)
    shown = page_of(await institutions.everyone(turn.tx), page)
    turn.ask("right_school", person_id)
    screen = Screen("rights/schools", person=person, page=shown)
    for school in shown.items:
        screen.button("item", "right_give", person_id, "school", school.id, 0, name=school.name)
    return shown.buttons(screen, "right_schools", person_id).button("back", "rights", person_id)


@answer("right_school", who=Role.HR_ALL, reach="whole")
async def school_typed(turn: Turn, text: str, person_id: int) -> Screen:
    """Take the typed name of an institution, known or new."""
    found = await institutions.called(turn.tx, text) if len(text) <= LONGEST_NAME else None
    if found is None:
        raise Refused("rights/no_name", limit=LONGEST_NAME)
    return await give(turn, person_id, "school", found, 0)


@choice("right_give", who=Role.HR_ALL, reach="whole")
async def give(turn: Turn, person_id: int, role: str, place_id: int, sure: int) -> Screen:
    """Give a right, after asking once."""
    if sure:
        days = await calendar.load(turn.tx, turn.zone)
        await granting.give(turn.tx, person_id, role, place_id, turn.person.person_id, turn.now, days)
        return await card(turn, person_id)
    place = await granting.place_of(turn.tx, role, place_id)
    told = await telling.concerned(turn.tx, [person_id], turn.person.person_id)
    screen = Screen("rights/sure_give", person=await people.find(turn.tx, person_id), role=role, place=place, told=told)
    screen.button("sure", "right_give", person_id, role, place_id, 1)
    return screen.button("leave", "rights", person_id, beside=True)


@choice("right_take", who=Role.HR_ALL, reach="whole")
async def take(turn: Turn, grant_id: int, sure: int) -> Screen:
    """Take a right back, after asking once."""
    if sure:
        days = await calendar.load(turn.tx, turn.zone)
        taken = await granting.take(turn.tx, grant_id, turn.person.person_id, turn.now, days)
        if taken.person_id == turn.person.person_id:  # one's own: the list is not for them any more
            return Screen("rights/taken", grant=taken).button("home", "home")
        return await card(turn, taken.person_id)
    grant = await granting.find(turn.tx, grant_id)
    told = await telling.concerned(turn.tx, [grant.person_id], turn.person.person_id)
    screen = Screen("rights/sure_take", person=await people.find(turn.tx, grant.person_id), grant=grant, told=told)
    screen.button("sure", "right_take", grant_id, 1, tone="stop")
    return screen.button("leave", "rights", grant.person_id, beside=True)


@notice(granting.GIVEN)
async def given(turn: Turn, grant_id: int) -> Screen | None:
    """Tell somebody what they may do from now on, where it is and where their rights are seen, while they have it."""
    grant = await granting.given(turn.tx, grant_id)
    return None if grant.revoked_at is not None else _told(turn, "rights/given", grant)


@notice(granting.TAKEN)
async def taken_back(turn: Turn, grant_id: int) -> Screen:
    """Tell somebody that a right of theirs has ended."""
    return _told(turn, "rights/ended", await granting.given(turn.tx, grant_id))


def _told(turn: Turn, template: str, grant: Grant) -> Screen:
    screen = Screen(template, grant=grant, fresh=True)
    if grant.revoked_at is None and grant.role != "school":
        screen.button("desk", "desk")
    elif grant.revoked_at is None:
        screen.button("classes", "run")
    return screen.button("profile", "profile").button("home", "home", beside=True)
