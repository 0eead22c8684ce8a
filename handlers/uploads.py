"""A file that HR sends: shown first as what it would change, applied by a tap, undone. Rules: training.uploads."""

import asyncio
from collections.abc import Sequence
from pathlib import PurePath

from bot.chat.events import ReceivedFile
from bot.chat.router import ANY_FILE, answer, choice, file
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Refused
from bot.excel.correction import return_with_errors
from bot.training import upload_undo, uploads
from bot.training.roster_sheet import RowError
from bot.training.schedule_changes import WAITS
from bot.training.upload_kinds import Kind, Report, Sender
from bot.training.uploads import Parsed

SENDERS = (Role.HR, Role.SCHOOL, Role.TEACHER)  # who has a file to say yes to; what it may change is checked then
SHOWN = 5  # remarks in a message; the workbook that comes along has all
QUOTED = 200  # letters of a cell in a remark
SHOWN_FILES = 3  # that can still be undone


@choice("desk_uploads", who=Role.HR, reach="own")
async def how(turn: Turn) -> Screen:
    """Tell how a file is imported, and offer what can still be undone."""
    screen = Screen("uploads/how").button("people_sheet", "people_sheet", 0)
    for upload_id, name in (await upload_undo.to_undo(turn.tx, turn.person.person_id, turn.now))[:SHOWN_FILES]:
        screen.button("undo", "upload_undo", upload_id, name=name)
    return screen.button("back", "desk").button("home", "home", beside=True)


async def _read(sent: ReceivedFile) -> Parsed:
    return await uploads.read(sent.content, sent.name)


@file(ANY_FILE, who=Role.HR, reach="list", prepare=_read)
async def received(turn: Turn, parsed: Parsed) -> Screen:
    """Show what the file would change, with the workbook given back when rows are wrong; nothing is written yet."""
    turn.dialogue.forget()
    report = await uploads.compare(turn.tx, parsed, sender_of(turn))
    await uploads.log_refused(turn.tx, report, sender_of(turn))
    screen = shown(turn, report, done=False)
    await give_back(turn, screen, report)
    if not report.nothing:
        upload_id = await uploads.keep(turn.tx, turn.person.person_id, parsed, turn.now)
        _offer(screen, report, upload_id)
    return screen.button("home", "home")


def _offer(screen: Screen, report: Report, upload_id: int, wait: int = 0) -> None:
    """Offer to apply it; where others have changed the same meanwhile, the sender says whose counts.

    Where people are asked whether they can still come, the sender says how long silence may last (`wait`, hours).
    """
    ways = (("keep_mine", 1), ("keep_theirs", 0)) if report.conflicts else (("keep", 0),)
    for block, mine in ways:
        if report.removed:
            screen.button(block, "upload_removing", upload_id, mine, len(report.removed), int(report.drastic))
        else:
            screen.button(block, "upload_keep", upload_id, mine, 0, wait, tone="go")
    screen.button("leave", "upload_drop", upload_id, beside=True)
    if any(one.settable for one in report.rescheduled):
        for hours in WAITS:
            screen.button("wait", "upload_wait", upload_id, hours, beside=hours != WAITS[0], hours=hours)
        screen.button("wait_none", "upload_wait", upload_id, 0)


@choice("upload_wait", who=Role.HR, reach="own")
async def wait_chosen(turn: Turn, upload_id: int, hours: int) -> Screen:
    """Show again what the file would change, with that long to answer before silence frees a seat; 0: it frees none."""
    sender = sender_of(turn, wait=hours)
    report = await uploads.compare(turn.tx, await uploads.kept(turn.tx, upload_id, sender), sender)
    screen = shown(turn, report, done=False)
    if not report.nothing:
        _offer(screen, report, upload_id, sender.wait)
    return screen.button("home", "home")


@choice("upload_removing", who=Role.HR, reach="own")
async def ask_removing(turn: Turn, upload_id: int, mine: int, count: int, drastic: int) -> Screen:
    """Ask once more before people are taken off; the number is to be typed when they are many."""
    kind = await uploads.kind_of(turn.tx, upload_id, turn.person.person_id)
    screen = Screen("uploads/removing", kind=kind, count=count, drastic=bool(drastic))
    if drastic:
        turn.ask("upload_removing", upload_id, mine)
    else:
        screen.button("sure", "upload_keep", upload_id, mine, count, tone="stop", count=count)
    return screen.button("leave", "upload_drop", upload_id, beside=not drastic)


@answer("upload_removing", who=Role.HR, reach="own")
async def removing_told(turn: Turn, text: str, upload_id: int, mine: int) -> Screen:
    """Apply the file when the number of people it takes off was typed."""
    bare = text.replace(".", "").replace(" ", "")
    if not (bare.isascii() and bare.isdigit() and len(bare) < 9):
        raise Refused("uploads/not_a_number")
    return await keep(turn, upload_id, mine, int(bare))


@choice("upload_keep", who=SENDERS, reach="own")
async def keep(turn: Turn, upload_id: int, mine: int = 0, removing: int = 0, wait: int = 0) -> Screen:
    """Apply the file and say what was done."""
    report = await uploads.apply(turn.tx, upload_id, sender_of(turn, mine=bool(mine), removing=removing, wait=wait))
    screen = shown(turn, report, done=True)
    if await upload_undo.undoable(turn.tx, upload_id):
        screen.button("undo", "upload_undo", upload_id)
    return _ways_out(turn, screen)


@choice("upload_undo", who=SENDERS, reach="own")
async def ask_undo(turn: Turn, upload_id: int) -> Screen:
    """Show what taking a file back would do and whom it tells, and ask for a yes."""
    undone = await upload_undo.preview(turn.tx, upload_id, sender_of(turn), _undoable_by(turn))
    screen = Screen("uploads/undoing", undone=undone)
    screen.button("sure", "upload_undo_go", upload_id, tone="stop")
    return screen.button("leave", "desk" if turn.has(Role.HR) else "att_mine", beside=True)


@choice("upload_undo_go", who=SENDERS, reach="own")
async def undo(turn: Turn, upload_id: int) -> Screen:
    """Take back what a file changed, and name what had to stay."""
    undone = await upload_undo.undo(turn.tx, upload_id, sender_of(turn), _undoable_by(turn))
    screen = Screen("uploads/undone", undone=undone)
    if not undone.count:
        screen.button("again", "upload_undo", upload_id)
    return _ways_out(turn, screen)


def _undoable_by(turn: Turn) -> Sequence[Kind]:
    return uploads.KINDS if turn.has(Role.HR) else uploads.OF_CLASSES


@choice("upload_drop", who=SENDERS, reach="own")
async def drop(turn: Turn, upload_id: int) -> Screen:
    """Let go of the file."""
    await uploads.drop(turn.tx, upload_id, turn.person.person_id)
    return _ways_out(turn, Screen("uploads/dropped"))


def _ways_out(turn: Turn, screen: Screen) -> Screen:
    is_hr = turn.has(Role.HR)
    return screen.button("back", "desk" if is_hr else "att_mine").button("home", "home", beside=True)


def sender_of(turn: Turn, *, mine: bool = False, removing: int = 0, wait: int = 0) -> Sender:
    """Give who speaks as the sender of a file; a time to answer that no button offers is none."""
    wait = wait if wait in WAITS else 0
    return Sender(turn.person.person_id, turn.now, turn.zone, mine=mine, removing=removing, wait=wait)


def shown(turn: Turn, report: Report, *, done: bool) -> Screen:
    """Show what a file would change, or has changed, with the first remarks."""
    remarks = [] if done else sorted([*report.errors, *report.notes], key=lambda told: told.number)
    return Screen(
        f"uploads/{report.kind}",
        done=done,
        report=report,
        wrong_rows=len({told.number for told in report.errors}),
        remarks=[(told.number, _words(turn, told)) for told in remarks[:SHOWN]],
        more=max(0, len(remarks) - SHOWN),
    )


def _words(turn: Turn, told: RowError) -> str:
    """Word a remark; what stood in the cell is shown as far as one would recognise it."""
    values = {name: value[:QUOTED] if isinstance(value, str) else value for name, value in told.values.items()}
    return turn.words(told.template, told.reason, **values)


async def give_back(turn: Turn, screen: Screen, report: Report) -> None:
    """Attach the sheet with a red column beside the rows that are wrong or were changed in reading.

    Remarks alone come in a file only when the message has no room for them all.
    """
    if report.table is None or not (report.errors or len(report.notes) > SHOWN):
        return
    heading_word, file_word = ("error_heading", "errors_file") if report.errors else ("note_heading", "notes_file")
    sentences: dict[int, list[str]] = {}
    for told in [*report.errors, *report.notes]:
        sentences.setdefault(told.number, []).append(_words(turn, told))
    heading = turn.words("files/cells", heading_word)
    content = await asyncio.to_thread(return_with_errors, report.table, sentences, heading)
    screen.attach(turn.words("uploads/how", file_word, name=PurePath(report.filename).stem), content)
