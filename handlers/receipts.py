"""Đã đọc, đã hiểu: asking for it, confirming, who has and who has not. The rules are in training.receipts."""

from bot.chat.pages import page_of
from bot.chat.router import answer, choice, notice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Stale
from bot.excel.cells import CellValue
from bot.excel.writer import Sheet, write_workbook
from bot.training import audit, broadcasts, calendar, receipts
from bot.training.broadcasts import Broadcast
from bot.training.calendar import Calendar
from handlers.broadcasts import own_draft

_SHEET = "receipts/sheet"
_HEADINGS = ("number", "name", "code", "unit", "phone", "state", "confirmed")
_STATES = {"no chat": "no_chat", "unreachable": "no_chat", "expired": "expired", "cancelled": "cancelled"}


@choice("bc_receipt", who=Role.HR, reach="broadcast")
async def setting(turn: Turn, broadcast_id: int) -> Screen:
    """Show whether a draft asks for a confirmation, and how."""
    return _setting(await own_draft(turn, broadcast_id))


def _setting(broadcast: Broadcast) -> Screen:
    screen = Screen("receipts/setting", broadcast=broadcast)
    screen.button("without", "bc_receipt_set", broadcast.id, 0)
    screen.button("plain", "bc_receipt_set", broadcast.id, 1, beside=True)
    screen.button("question", "bc_question", broadcast.id)
    return screen.button("done", "bc", broadcast.id, beside=True)


@choice("bc_receipt_set", who=Role.HR, reach="broadcast")
async def set_plain(turn: Turn, broadcast_id: int, wanted: int) -> Screen:
    """Put the plain button under a draft, or take it off."""
    return _setting(await receipts.ask_for(turn.tx, await own_draft(turn, broadcast_id), bool(wanted), turn.now))


@choice("bc_question", who=Role.HR, reach="broadcast")
async def ask_question(turn: Turn, broadcast_id: int) -> Screen:
    """Ask for the check question."""
    await own_draft(turn, broadcast_id)
    turn.ask("bc_question", broadcast_id)
    return Screen("receipts/ask_question").button("back", "bc_receipt", broadcast_id)


@answer("bc_question", who=Role.HR, reach="broadcast")
async def question_typed(turn: Turn, text: str, broadcast_id: int) -> Screen:
    """Keep the question and ask for its answers."""
    broadcast = await receipts.set_question(turn.tx, await own_draft(turn, broadcast_id), text, turn.now)
    turn.ask("bc_answers", broadcast_id)
    screen = Screen("receipts/ask_answers", broadcast=broadcast, fewest=receipts.FEWEST, most=receipts.MOST)
    return screen.button("back", "bc_receipt", broadcast_id)


@answer("bc_answers", who=Role.HR, reach="broadcast")
async def answers_typed(turn: Turn, text: str, broadcast_id: int) -> Screen:
    """Keep the answers and ask which is right."""
    lines = text if turn.typed is None else turn.typed.text
    broadcast = await receipts.set_answers(turn.tx, await own_draft(turn, broadcast_id), lines, turn.now)
    screen = Screen("receipts/which", broadcast=broadcast)
    for place, words in enumerate(broadcast.answers):
        screen.button("item", "bc_right", broadcast_id, place, words=words)
    return screen.button("back", "bc_receipt", broadcast_id)


@choice("bc_right", who=Role.HR, reach="broadcast")
async def mark_right(turn: Turn, broadcast_id: int, place: int) -> Screen:
    """Keep which answer is right."""
    return _setting(await receipts.mark_right(turn.tx, await own_draft(turn, broadcast_id), place, turn.now))


@choice("rc", who=Role.OFFICIAL)
async def understood(turn: Turn, broadcast_id: int) -> Screen:
    """Confirm, or show the check question first. The announcement itself stays as it is."""
    broadcast = await broadcasts.find(turn.tx, broadcast_id)
    at = await receipts.given_at(turn.tx, broadcast_id, turn.person.person_id)
    if at is not None:
        return _noted(broadcast, at)
    if not broadcast.receipt:
        raise Stale
    if broadcast.question is not None:
        return _question(broadcast, wrong=False)
    return await _confirm(turn, broadcast)


def _question(broadcast: Broadcast, *, wrong: bool) -> Screen:
    screen = Screen("receipts/question", broadcast=broadcast, wrong=wrong, fresh=not wrong)
    for place, words in enumerate(broadcast.answers):
        screen.button("item", "rc_answer", broadcast.id, place, words=words)
    return screen


@choice("rc_answer", who=Role.OFFICIAL)
async def answered(turn: Turn, broadcast_id: int, place: int) -> Screen:
    """Take an answer; a wrong one may be tried again after reading."""
    broadcast = await broadcasts.find(turn.tx, broadcast_id)
    if broadcast.question is None or not 0 <= place < len(broadcast.answers):
        raise Stale
    if place != broadcast.right_answer:
        return _question(broadcast, wrong=True)
    return await _confirm(turn, broadcast)


async def _confirm(turn: Turn, broadcast: Broadcast) -> Screen:
    """Record it for one of the audience; in a preview nothing is recorded."""
    if not await receipts.concerned(turn.tx, broadcast, turn.person.person_id):
        if broadcast.started_at is None and turn.has(Role.HR):
            return Screen("receipts/only_preview", fresh=True)
        raise Stale
    return _noted(broadcast, await receipts.confirm(turn.tx, broadcast, turn.person.person_id, turn.now))


def _noted(broadcast: Broadcast, at: int) -> Screen:
    return Screen("receipts/noted", broadcast=broadcast, at=at, fresh=True)


@notice("broadcast_nudge")
async def reminder(turn: Turn, broadcast_id: int) -> Screen | None:
    """Remind of an announcement that the person has not confirmed."""
    broadcast = await broadcasts.find(turn.tx, broadcast_id)
    if not broadcast.receipt or await receipts.given_at(turn.tx, broadcast_id, turn.person.person_id) is not None:
        return None
    screen = Screen("receipts/nudge", broadcast=broadcast).button("understood", "rc", broadcast_id)
    return screen.button("ask", "ask_back", broadcast_id, beside=True)


@choice("rc_who", who=Role.HR, reach="broadcast")
async def who(turn: Turn, broadcast_id: int, page: int = 0) -> Screen:
    """Show how many have confirmed, by unit."""
    broadcast = await broadcasts.opened(turn.tx, broadcast_id, turn.person.person_id)
    units = await receipts.by_unit(turn.tx, broadcast, turn.person.person_id)
    shown = page_of(units, page)
    got, confirmed = sum(u.got for u in units), sum(u.confirmed for u in units)
    screen = Screen("receipts/who", broadcast=broadcast, page=shown, got=got, confirmed=confirmed)
    shown.buttons(screen, "rc_who", broadcast_id)
    if confirmed < got:
        screen.button("missing", "who_not_list", "receipt", broadcast_id).button(
            "nudge", "rc_nudge", broadcast_id, beside=True
        )
    return screen.button("sheet", "rc_sheet", broadcast_id).button("back", "bc", broadcast_id, beside=True)


@choice("rc_nudge", who=Role.HR, reach="broadcast")
async def nudge(turn: Turn, broadcast_id: int) -> Screen:
    """Remind everybody who has not confirmed, at most once a day each."""
    broadcast = await broadcasts.opened(turn.tx, broadcast_id, turn.person.person_id)
    days = await calendar.load(turn.tx, turn.zone)
    reminded = await receipts.nudge(turn.tx, broadcast, turn.person.person_id, days, turn.now)
    left = len(await receipts.missing(turn.tx, broadcast, turn.person.person_id))
    await audit.noted(turn, "receipts.nudge", broadcast.subject, new=reminded)
    later = days.soon(turn.now) if days.soon(turn.now) > turn.now else None
    screen = Screen("receipts/nudged", broadcast=broadcast, reminded=reminded, left=left, later=later)
    return screen.button("back", "rc_who", broadcast_id).button("home", "home", beside=True)


@choice("rc_sheet", who=Role.HR, reach="broadcast")
async def sheet(turn: Turn, broadcast_id: int) -> Screen:
    """Send everybody of the audience as a workbook: what became of the message, when they confirmed."""
    broadcast = await broadcasts.opened(turn.tx, broadcast_id, turn.person.person_id)
    found = await receipts.lines(turn.tx, broadcast, turn.person.person_id)
    rows = [_row(turn, place, line) for place, line in enumerate(found, start=1)]
    await audit.noted(turn, "receipts.export", broadcast.subject, new=len(rows))
    title = turn.words(_SHEET, "title")
    headings = [turn.words(_SHEET, f"heading_{name}") for name in _HEADINGS]
    notes = [broadcast.title, turn.words("uploads/report", "note")]
    content = write_workbook([Sheet(title, headings, rows, notes=notes)], title=title, made_at=turn.now)
    screen = Screen("receipts/sheet", broadcast=broadcast, fresh=True)
    screen.attach(turn.words(_SHEET, "filename", id=broadcast_id), content)
    return screen.button("back", "bc", broadcast_id).button("home", "home", beside=True)


def _row(turn: Turn, place: int, line: receipts.Line) -> list[CellValue]:
    state = _STATES.get(line.reason or "", line.state)
    at = None if line.confirmed_at is None else Calendar(turn.zone).local(line.confirmed_at).replace(tzinfo=None)
    return [place, line.name, line.code, line.unit, line.phone, turn.words(_SHEET, f"state_{state}"), at]
