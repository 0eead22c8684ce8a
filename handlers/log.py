"""The log of what was done with data, for HR of the whole and, without names, for operators. Rules: audit_log."""

from bot.chat.pages import page_of
from bot.chat.router import answer, choice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Stale
from bot.folding import fold
from bot.training import audit, audit_log, audit_subjects, directory, people

READERS = (Role.HR_ALL, Role.OPERATOR)
LONGEST = 60  # letters of a query that are kept


@choice("log", who=READERS, reach="whole")
async def listed(turn: Turn, page: int = 0, kind: str = "", person_id: int = 0) -> Screen:
    """Show a page of the log, the newest first, narrowed to a kind or a person."""
    named = turn.has(Role.HR_ALL)
    lines = await audit_log.newest(turn.tx, kind, person_id if named else 0)
    shown = page_of(lines, page)
    if page == 0:
        await audit.noted(turn, "audit.list", "audit", new={"kind": kind, "person": person_id})
    person = await people.find(turn.tx, person_id) if named and person_id else None
    about = {line.id: await audit_subjects.parts(turn.tx, line.subject, named=named) for line in shown.items}
    screen = Screen("log/list", page=shown, kind=kind, person=person, named=named, about=about, most=audit_log.MOST)
    for line in shown.items:
        screen.button("item", "log_line", line.id, line=line, named=named)
    if shown.number > 0:
        screen.button("before", "log", shown.number - 1, kind, person_id)
    if shown.number + 1 < shown.count:
        screen.button("more", "log", shown.number + 1, kind, person_id, beside=shown.number > 0)
    screen.button("by_kind", "log_kinds", 0)
    if named:
        screen.button("by_person", "log_whom", beside=True)
    if kind or person_id:
        screen.button("all", "log", 0)
    return screen.button("back", "desk_setup" if named else "desk").button("home", "home", beside=True)


@choice("log_line", who=READERS, reach="whole")
async def line_card(turn: Turn, line_id: int) -> Screen:
    """Show one line; old and new, and the name of what it was done to, for HR only."""
    line = await audit_log.find(turn.tx, line_id)
    if line is None:
        raise Stale
    named = turn.has(Role.HR_ALL)
    about = await audit_subjects.parts(turn.tx, line.subject, named=named)
    return Screen("log/line", line=line, about=about, named=named).button("back", "log", 0).button("home", "home")


@choice("log_kinds", who=READERS, reach="whole")
async def pick_kind(turn: Turn, page: int = 0) -> Screen:
    """List the kinds to narrow the log to, by the alphabet of their words."""
    kinds = await audit_log.kinds(turn.tx)
    shown = page_of(sorted(kinds, key=lambda kind: fold(turn.words("log/kinds", "item", kind=kind))), page)
    screen = Screen("log/kinds", page=shown)
    for kind in shown.items:
        screen.button("item", "log", 0, kind, kind=kind)
    return shown.buttons(screen, "log_kinds").button("back", "log", 0)


@choice("log_whom", who=Role.HR_ALL, reach="whole")
async def ask_person(turn: Turn) -> Screen:
    """Ask by or about whom the lines are to be."""
    turn.ask("log_whom")
    return Screen("log/ask").button("back", "log", 0)


@answer("log_whom", who=Role.HR_ALL, reach="whole")
async def person_told(turn: Turn, text: str) -> Screen:
    """Show whom the typed words find, to pick one."""
    query = text[:LONGEST]
    turn.ask("log_whom")
    shown = page_of(await directory.matching(turn.tx, query, turn.person.person_id), 0)
    screen = Screen("log/people", query=query, page=shown)
    for person in shown.items:
        screen.button("item", "log", 0, "", person.id, name=person.name, unit=person.unit)
    return screen.button("back", "log", 0)
