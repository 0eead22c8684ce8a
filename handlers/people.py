"""HR finds a person, sees their card, issues a code. Rights are given in handlers.rights, rules are in bot.training."""

from bot.chat.pages import page_of
from bot.chat.router import answer, choice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.training import accounts, agency, audit, calendar, directory, granting, invites, people, rights, units

LONGEST = 60  # letters of a query that are kept


@choice("desk_people", who=Role.HR, reach="none")
async def ask_person(turn: Turn) -> Screen:
    """Ask whom to look for."""
    turn.ask("desk_person")
    return Screen("people/ask").button("back", "desk").button("home", "home", beside=True)


@answer("people_words", who=Role.HR, reach="list", narrows=True)
@answer("desk_person", who=Role.HR, reach="list")
async def person_told(turn: Turn, text: str) -> Screen:
    """Show whom the typed words find."""
    turn.draft["person"] = text[:LONGEST]
    return await people_found(turn, 0)


@choice("people", who=Role.HR, reach="list")
async def people_found(turn: Turn, page: int) -> Screen:
    """Show a page of the people found last; other words may be typed at once."""
    query = str(turn.draft.get("person", ""))
    found = page_of(await directory.matching(turn.tx, query, turn.person.person_id), page)
    await audit.noted(turn, "people.list", "people", new={"query": query, "found": found.total})
    turn.ask("people_words")
    screen = Screen("people/found" if found.total else "people/nobody", query=query, page=found)
    for person in found.items:
        screen.button("item", "person", person.id, name=person.name, unit=person.unit)
    found.buttons(screen, "people").button("find", "desk_people")
    return screen.button("back", "desk", beside=True).button("home", "home", beside=True)


@choice("person", who=Role.HR, reach="person")
async def card(turn: Turn, person_id: int) -> Screen:
    """Show a person with what HR can do for them."""
    await rights.check_person(turn.tx, turn.person.person_id, person_id)
    await audit.noted(turn, "person.read", f"person:{person_id}")
    return await _card(turn, person_id)


async def _card(turn: Turn, person_id: int) -> Screen:
    details = await people.details(turn.tx, person_id)
    unit = await units.find(turn.tx, details.person.unit_id)
    grants = await granting.of_person(turn.tx, person_id)
    chats = await accounts.linked(turn.tx, person_id)
    screen = Screen("people/card", details=details, chats=chats, is_head=unit.head_id == person_id, grants=grants)
    if details.active:
        screen.button("invite", "person_invite", person_id)
        if turn.has(Role.HR_ALL):
            screen.button("rights", "rights", person_id)
        if unit.head_id != person_id:
            screen.button("make_head", "head_set", unit.id, person_id, 0, beside=True)
    screen.button(
        "leave_office" if details.active else "come_back", "person_here", person_id, int(not details.active), 0
    )
    screen.button("messages", "outbox_of", person_id, 0, beside=True)
    return screen.button("find", "desk_people").button("home", "home", beside=True)


@choice("person_invite", who=Role.HR, reach="person")
async def invite(turn: Turn, person_id: int) -> Screen:
    """Make a code and show it once, with the link that carries it."""
    await rights.check_person(turn.tx, turn.person.person_id, person_id)
    person = await people.find(turn.tx, person_id)
    code = await invites.create(turn.tx, person.code, "official", turn.now)
    await audit.noted(turn, "person.invite", f"person:{person_id}")
    link = (await agency.facts(turn.tx)).link
    screen = Screen(
        "people/invited",
        person=person,
        code=invites.grouped(code),
        link=f"{link}{code}" if link else "",
        expires_at=turn.now + invites.LIVES,
        fresh=True,
    )
    screen.copy("copy", screen.values["link"] or code)
    return screen.button("card", "person", person_id).button("home", "home", beside=True)


@choice("person_here", who=Role.HR, reach="person")
async def here(turn: Turn, person_id: int, here: int, sure: int) -> Screen:
    """Note that a person has left or come back, after asking once."""
    await rights.check_person(turn.tx, turn.person.person_id, person_id)
    if not sure:
        person = await people.find(turn.tx, person_id)
        screen = Screen("people/sure_back" if here else "people/sure_leave", person=person)
        screen.button("sure", "person_here", person_id, here, 1)
        return screen.button("leave", "person", person_id, beside=True)
    if here:
        await directory.come_back(turn.tx, person_id, turn.person.person_id, turn.now)
    else:
        days = await calendar.load(turn.tx, turn.zone)
        await directory.leave(turn.tx, person_id, turn.person.person_id, turn.now, days)
    return await _card(turn, person_id)
