"""HR's legal updates: who is done and who not, evidence, amending, closing. Files come in through handlers.uploads."""

import datetime as dt
from collections.abc import Sequence

from bot.chat.pages import page_of
from bot.chat.router import answer, choice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Stale
from bot.excel.cells import CellValue
from bot.excel.writer import Sheet, write_workbook
from bot.training import audit, calendar, legal, legal_changes, legal_who
from bot.training.calendar import Calendar
from bot.training.legal import Update
from bot.training.legal_who import Whose
from handlers import laws

SHEETS = "desk_laws/sheets"


@choice("desk_laws", who=Role.HR, reach="list")
async def listed(turn: Turn, page: int = 0) -> Screen:
    """Show a page of all updates with how many are done."""
    shown = page_of(await legal.everything(turn.tx), page)
    counts = {update.id: await legal_who.count(turn.tx, update, _whose(turn)) for update in shown.items}
    screen = Screen("desk_laws/list", page=shown, counts=counts)
    for update in shown.items:
        screen.button("item", "desk_law", update.id, update=update)
    shown.buttons(screen, "desk_laws")
    if turn.has(Role.HR_ALL):
        screen.button("publish", "desk_law_how")
    return screen.button("desk", "desk").button("home", "home", beside=True)


def _whose(turn: Turn) -> Whose:
    return Whose(clerk_id=turn.person.person_id)


@choice("desk_law_how", who=Role.HR_ALL, reach="none")
async def how(turn: Turn) -> Screen:
    """Tell how an update is published: by sending its file here."""
    return Screen("desk_laws/how").button("back", "desk_laws").button("home", "home", beside=True)


@choice("desk_law", who=Role.HR, reach="law")
async def card(turn: Turn, update_id: int) -> Screen:
    """Show one update with what HR can do about it."""
    update = await legal.find(turn.tx, update_id)
    count = await legal_who.count(turn.tx, update, _whose(turn))
    screen = Screen(
        "desk_laws/card",
        update=update,
        audience=await legal.audience(turn.tx, update_id),
        count=count,
        left=update.days_left(turn.now, turn.zone),
    )
    if count.left:
        screen.button("who", "who_not_list", "law", update_id)
        if update.closed_at is None:
            screen.button("nudge", "desk_law_nudge", update_id, beside=True)
    screen.button("proofs", "desk_law_proofs", update_id)
    if turn.has(Role.HR_ALL):
        screen.button("amend", "desk_law_amend", update_id)
        block = "close" if update.closed_at is None else "reopen"
        screen.button(block, f"desk_law_{block}", update_id, beside=True)
    return screen.button("back", "desk_laws").button("home", "home", beside=True)


@choice("desk_law_proofs", who=Role.HR, reach="law")
async def proofs(turn: Turn, update_id: int) -> Screen:
    """Send all evidence as a workbook: who, when, of which version."""
    update = await legal.find(turn.tx, update_id)
    local = Calendar(turn.zone).local
    rows = [
        (
            place,
            one.code,
            one.name,
            one.unit,
            local(one.evidence.at).replace(tzinfo=None, second=0),
            one.evidence.version,
            f"{one.evidence.right_answers}/{one.evidence.questions}",
        )
        for place, one in enumerate(await legal_who.proofs(turn.tx, update_id, turn.person.person_id), start=1)
    ]
    names = ("place", "code", "name", "unit", "confirmed_at", "version", "right")
    return await _workbook(turn, update, "proofs", [turn.words(SHEETS, name) for name in names], rows)


async def _workbook(
    turn: Turn, update: Update, what: str, headings: list[str], rows: Sequence[Sequence[CellValue]]
) -> Screen:
    await audit.noted(turn, f"law.export_{what}", f"law:{update.id}", new=len(rows))
    title = turn.words(SHEETS, f"{what}_title", update=update)
    notes = [title, turn.words(SHEETS, "made_at", now=turn.now), turn.words("uploads/report", "note")]
    sheet = Sheet(turn.words(SHEETS, what), headings, rows, notes=notes)
    content = write_workbook([sheet], title=title, made_at=turn.now)
    screen = Screen("desk_laws/workbook", fresh=True, update=update, rows=len(rows))
    screen.attach(turn.words(SHEETS, f"{what}_file", id=update.id, now=turn.now), content)
    return screen.button("back", "desk_law", update.id).button("home", "home", beside=True)


@choice("desk_law_nudge", who=Role.HR, reach="law")
async def nudge(turn: Turn, update_id: int) -> Screen:
    """Remind everybody who is not done, at most once a day each."""
    return await laws.nudged(turn, update_id, _whose(turn))


@choice("desk_law_amend", who=Role.HR_ALL, reach="whole")
async def amend(turn: Turn, update_id: int) -> Screen:
    """Ask for the new deadline of an amended document; one is proposed."""
    update = await legal.find(turn.tx, update_id)
    return await _deadline_question(turn, update, wrong="")


async def _deadline_question(turn: Turn, update: Update, wrong: str) -> Screen:
    days = await calendar.load(turn.tx, turn.zone)
    proposed = legal_changes.proposed_deadline(days, turn.now)
    turn.ask("desk_law_deadline", update.id, update.version)
    screen = Screen("desk_laws/deadline", update=update, proposed=proposed, wrong=wrong)
    screen.button("proposed", "desk_law_sure", update.id, update.version, _bare(proposed))
    return screen.button("leave", "desk_law", update.id)


@answer("desk_law_deadline", who=Role.HR_ALL, reach="whole")
async def deadline_typed(turn: Turn, text: str, update_id: int, version: int) -> Screen:
    """Take the typed deadline; what is no day of use is asked for again."""
    days = await calendar.load(turn.tx, turn.zone)
    day = legal_changes.typed_deadline(text, days, turn.now)
    if day is None:
        return await _deadline_question(turn, await legal.find(turn.tx, update_id), wrong=text[:40])
    return await sure(turn, update_id, version, _bare(day))


def _bare(day: str) -> int:
    """Give an ISO day as a number, 20261231, as buttons carry it."""
    return int(day.replace("-", ""))


def _day(bare: int) -> str:
    try:
        return dt.datetime.strptime(str(bare), "%Y%m%d").replace(tzinfo=dt.UTC).date().isoformat()
    except ValueError:
        raise Stale from None


@choice("desk_law_sure", who=Role.HR_ALL, reach="whole")
async def sure(turn: Turn, update_id: int, version: int, day: int) -> Screen:
    """Show whom amending reopens the update for, and ask whether that is meant."""
    update = await legal.find(turn.tx, update_id)
    if update.version != version:
        raise Stale
    count = await legal_who.count(turn.tx, update)
    screen = Screen("desk_laws/sure", update=update, count=count, deadline=_day(day))
    return screen.button("amend", "desk_law_amended", update_id, version, day).button("leave", "desk_law", update_id)


@choice("desk_law_amended", who=Role.HR_ALL, reach="whole")
async def amended(turn: Turn, update_id: int, version: int, day: int) -> Screen:
    """Mark it as amended; a second tap shows the card as it is."""
    if (await legal.find(turn.tx, update_id)).version == version:
        await legal_changes.amend(turn.tx, update_id, version, _day(day), turn.now, turn.zone)
        await audit.noted(turn, "law.amend", f"law:{update_id}", old=version, new=_day(day))
    return await card(turn, update_id)


@choice("desk_law_close", who=Role.HR_ALL, reach="whole")
async def close(turn: Turn, update_id: int) -> Screen:
    """Close it: nobody is reminded any more. It can be opened again."""
    await legal_changes.close(turn.tx, update_id, turn.now)
    await audit.noted(turn, "law.close", f"law:{update_id}")
    return await card(turn, update_id)


@choice("desk_law_reopen", who=Role.HR_ALL, reach="whole")
async def reopen(turn: Turn, update_id: int) -> Screen:
    """Open it again."""
    await legal_changes.reopen(turn.tx, update_id, turn.now, turn.zone)
    await audit.noted(turn, "law.reopen", f"law:{update_id}")
    return await card(turn, update_id)
