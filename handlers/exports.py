"""Lists that go out to HR as workbooks to be edited and sent back. What they hold: training.roster_export."""

import asyncio

from bot.chat.router import choice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.excel.writer import Sheet, write_workbook
from bot.training import roster_export, units

_SHEET = "uploads/people_sheet"


@choice("people_sheet", who=Role.HR, reach="unit")
async def people_sheet(turn: Turn, unit_id: int) -> Screen:
    """Send the people within reach as a workbook: of one unit with what is under it, or (0) of all."""
    written = await roster_export.of_clerk(turn.tx, turn.person.person_id, unit_id or None, turn.now)
    title = turn.words(_SHEET, "title")
    if unit_id:
        title = f"{title} - {(await units.find(turn.tx, unit_id)).name}"
    notes = [title, turn.words(_SHEET, "note", mark=written.mark, made_at=turn.now)]
    sheet = Sheet(title, written.headings, written.rows, notes=notes)
    content = await asyncio.to_thread(write_workbook, [sheet], title=title, made_at=turn.now)
    screen = Screen(_SHEET, fresh=True, title=title, count=len(written.rows))
    screen.attach(turn.words(_SHEET, "file", name=title), content)
    return screen.button("back", "desk_uploads").button("home", "home", beside=True)
