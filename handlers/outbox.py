"""HR's view of what was sent and what was not: counts, lists, one message's story, who cannot be reached, late things.

The rules are in bot.training.deliveries and bot.training.late.
"""

from bot.chat.pages import page_of
from bot.chat.router import choice, notice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Stale
from bot.excel.cells import CellValue
from bot.excel.writer import Sheet, write_workbook
from bot.training import audit, calendar, deliveries, late, rights

_SHEET = "outbox/sheet"
_HEADINGS = ("number", "name", "code", "unit", "phone", "why", "since")
_LISTS = ("unknown", "failed", "pending", "sent", "skipped")


@choice("desk_outbox", who=Role.HR, reach="list")
async def overview(turn: Turn) -> Screen:
    """Show what waits, what ended in the last week, and what needs HR."""
    counts = await deliveries.counts(turn.tx, turn.now - deliveries.WEEK, turn.person.person_id)
    cut = await deliveries.cut_off(turn.tx, turn.person.person_id)
    held = await late.waiting(turn.tx, turn.now) if turn.has(Role.HR_ALL) else None
    screen = Screen("outbox/desk", counts=counts, cut=len(cut), held=held)
    if held:
        screen.button("held", "outbox_held")
    screen.button("cut", "outbox_cut", 0)
    for state in (s for s in _LISTS if counts[s]):
        screen.button("rows", "outbox_list", state, 0, state=state, count=counts[state])
    return screen.button("back", "desk").button("home", "home", beside=True)


@choice("outbox_list", who=Role.HR, reach="list")
async def listed(turn: Turn, state: str, page: int) -> Screen:
    """List the newest messages of one state, of the last week."""
    if state not in _LISTS:
        raise Stale
    since, clerk = turn.now - deliveries.WEEK, turn.person.person_id
    shown = page_of(await deliveries.listed(turn.tx, state=state, since=since, clerk_id=clerk), page)
    await audit.noted(turn, "outbox.list", f"state:{state}")
    screen = Screen("outbox/list", page=shown, state=state, name=None)
    for row in shown.items:
        screen.button("item", "outbox_row", row.id, row=row)
    return shown.buttons(screen, "outbox_list", state).button("back", "desk_outbox").button("home", "home", beside=True)


@choice("outbox_of", who=Role.HR, reach="person")
async def of_person(turn: Turn, person_id: int, page: int = 0) -> Screen:
    """List the newest messages of one person, whatever became of them."""
    await rights.check_person(turn.tx, turn.person.person_id, person_id)
    rows = await deliveries.listed(turn.tx, person_id=person_id)
    await audit.noted(turn, "outbox.list", f"person:{person_id}")
    shown = page_of(rows, page)
    screen = Screen("outbox/list", page=shown, state=None, name=rows[0].name if rows else "")
    for row in shown.items:
        screen.button("item", "outbox_row", row.id, row=row)
    shown.buttons(screen, "outbox_of", person_id)
    return screen.button("person", "person", person_id).button("home", "home", beside=True)


@choice("outbox_row", who=Role.HR, reach="delivery")
async def story(turn: Turn, row_id: int) -> Screen:
    """Tell one message's story."""
    row = await deliveries.find(turn.tx, row_id)
    if row is None:
        raise Stale
    await rights.check_person(turn.tx, turn.person.person_id, row.person_id)
    screen = Screen("outbox/row", row=row).button("all", "outbox_of", row.person_id, 0)
    screen.button("person", "person", row.person_id, beside=True)
    return screen.button("back", "desk_outbox").button("home", "home", beside=True)


@choice("outbox_cut", who=Role.HR, reach="list")
async def cut_off(turn: Turn, page: int = 0) -> Screen:
    """List who gets nothing here, with the phone number as the other route."""
    shown = page_of(await deliveries.cut_off(turn.tx, turn.person.person_id), page)
    await audit.noted(turn, "people.cut_off", "people")
    screen = Screen("outbox/cut", page=shown)
    shown.buttons(screen, "outbox_cut")
    if shown.total:
        screen.button("sheet", "outbox_cut_sheet")
    return screen.button("back", "desk_outbox").button("home", "home", beside=True)


@choice("outbox_cut_sheet", who=Role.HR, reach="list")
async def cut_off_sheet(turn: Turn) -> Screen:
    """Send the same list as a workbook."""
    days = calendar.Calendar(turn.zone)
    rows: list[list[CellValue]] = [
        [at, c.name, c.code, c.unit, c.phone, turn.words(_SHEET, f"why_{c.why.replace(' ', '_')}"),
         None if c.since is None else days.local(c.since).replace(tzinfo=None, second=0)]
        for at, c in enumerate(await deliveries.cut_off(turn.tx, turn.person.person_id), start=1)
    ]  # fmt: skip
    await audit.noted(turn, "people.export_cut_off", "people", new=len(rows))
    title = turn.words(_SHEET, "title")
    notes = [title, turn.words("uploads/report", "note")]
    headings = [turn.words(_SHEET, f"heading_{name}") for name in _HEADINGS]
    content = write_workbook([Sheet(title, headings, rows, notes=notes)], title=title, made_at=turn.now)
    screen = Screen(_SHEET, fresh=True, count=len(rows)).attach(turn.words(_SHEET, "filename"), content)
    return screen.button("back", "outbox_cut", 0).button("home", "home", beside=True)


@choice("outbox_held", who=Role.HR_ALL, reach="whole")
async def held(turn: Turn) -> Screen:
    """Show what waits for a yes, and ask."""
    waiting = await late.waiting(turn.tx, turn.now)
    if waiting is None:
        return Screen("outbox/decided", done=None, count=0).button("back", "desk_outbox").button("home", "home")
    screen = Screen("outbox/held", held=waiting)
    screen.button("release", "outbox_late", "release", waiting.due_before)
    screen.button("drop", "outbox_late", "drop", waiting.due_before, beside=True)
    return screen.button("home", "home")


@choice("outbox_late", who=Role.HR_ALL, reach="whole")
async def decide(turn: Turn, what: str, due_before: int) -> Screen:
    """Let go or drop what waits, if it is still what was asked about."""
    waiting = await late.waiting(turn.tx, turn.now)
    if waiting is None or waiting.due_before != due_before or what not in ("release", "drop"):
        return await held(turn)
    count = await (late.release if what == "release" else late.drop)(turn.tx, turn.now)
    await audit.noted(turn, f"outbox.{what}", "outbox", new=count)
    screen = Screen("outbox/decided", done=what, count=count)
    return screen.button("back", "desk_outbox").button("home", "home", beside=True)


@notice(late.KIND)
async def ask(turn: Turn) -> Screen | None:
    """Ask HR about late things, unless somebody has decided."""
    return None if not turn.has(Role.HR_ALL) or await late.waiting(turn.tx, turn.now) is None else await held(turn)
