"""Marks and certificates of a class sent by its school or lecturers, who import nothing else. HR sends any list."""

from bot.chat.events import ReceivedFile
from bot.chat.router import choice, file
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import BadFile
from bot.training import certificate_sheet, results_sheet, upload_undo, uploads
from bot.training.uploads import Parsed
from handlers.uploads import give_back, sender_of, shown

_KINDS = (certificate_sheet.UPLOAD, results_sheet.UPLOAD)


async def _read(sent: ReceivedFile) -> Parsed:
    parsed = await uploads.read(sent.content, sent.name)
    if parsed.kind not in _KINDS:
        raise BadFile("results/other_list", filename=sent.name)
    return parsed


@file("res_file", who=(Role.SCHOOL, Role.TEACHER), reach="list", prepare=_read)
async def received(turn: Turn, parsed: Parsed) -> Screen:
    """Show what the list would change; rows of classes that are not the sender's are in error."""
    turn.dialogue.forget()
    me = turn.person.person_id
    report = await uploads.compare(turn.tx, parsed, sender_of(turn))
    await uploads.log_refused(turn.tx, report, sender_of(turn))
    screen = shown(turn, report, done=False)
    await give_back(turn, screen, report)
    if not report.nothing:
        screen.button("keep", "res_file_keep", await uploads.keep(turn.tx, me, parsed, turn.now), tone="go")
    return screen.button("back", "run").button("home", "home", beside=True)


@choice("res_file_keep", who=(Role.SCHOOL, Role.TEACHER), reach="own")
async def keep(turn: Turn, upload_id: int) -> Screen:
    """Keep what it says; what the sender may mark or issue is checked again."""
    report = await uploads.apply(turn.tx, upload_id, sender_of(turn), _KINDS)
    screen = shown(turn, report, done=True)
    if await upload_undo.undoable(turn.tx, upload_id):
        screen.button("undo", "upload_undo", upload_id)
    return screen.button("back", "run").button("home", "home", beside=True)
