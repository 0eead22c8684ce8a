"""A file that HR sends: what it would change is shown first, then it is applied by a tap. Rules: training.uploads."""

import asyncio
from pathlib import PurePath

from bot.chat.events import ReceivedFile
from bot.chat.router import ANY_FILE, choice, file
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.excel.correction import return_with_errors
from bot.training import audit, uploads
from bot.training.roster_sheet import RowError
from bot.training.upload_kinds import Report, Sender
from bot.training.uploads import Parsed

SHOWN = 5  # remarks in a message; the workbook that comes along has all


@choice("desk_uploads", who=Role.HR, reach="none")
async def how(turn: Turn) -> Screen:
    """Tell how a file is imported."""
    return Screen("uploads/how").button("back", "desk").button("home", "home", beside=True)


async def _read(sent: ReceivedFile) -> Parsed:
    return await uploads.read(sent.content, sent.name)


@file(ANY_FILE, who=Role.HR, reach="list", prepare=_read)
async def received(turn: Turn, parsed: Parsed) -> Screen:
    """Show what the file would change, with the workbook given back when rows are wrong; nothing is written yet."""
    turn.dialogue.forget()
    report = await uploads.compare(turn.tx, parsed, _sender(turn))
    for subject in report.refused:
        await audit.record(turn.tx, turn.person.person_id, "refused", subject, turn.now)
    screen = _screen(turn, report, done=False)
    await _give_back(turn, screen, report)
    if not report.nothing:
        upload_id = await uploads.keep(turn.tx, turn.person.person_id, parsed, turn.now)
        screen.button("keep", "upload_keep", upload_id, tone="go").button(
            "leave", "upload_drop", upload_id, beside=True
        )
    return screen.button("home", "home")


@choice("upload_keep", who=Role.HR, reach="own")
async def keep(turn: Turn, upload_id: int) -> Screen:
    """Apply the file and say what was done."""
    report = await uploads.apply(turn.tx, upload_id, _sender(turn))
    return _screen(turn, report, done=True).button("back", "desk").button("home", "home", beside=True)


@choice("upload_drop", who=Role.HR, reach="own")
async def drop(turn: Turn, upload_id: int) -> Screen:
    """Let go of the file."""
    await uploads.drop(turn.tx, upload_id, turn.person.person_id)
    return Screen("uploads/dropped").button("back", "desk").button("home", "home", beside=True)


def _sender(turn: Turn) -> Sender:
    return Sender(turn.person.person_id, turn.now, turn.zone)


def _screen(turn: Turn, report: Report, *, done: bool) -> Screen:
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
    return turn.words(told.template, told.reason, **told.values)


async def _give_back(turn: Turn, screen: Screen, report: Report) -> None:
    """Attach the sheet with a red column beside the rows that are wrong or were changed in reading."""
    if report.table is None or not (report.errors or report.notes):
        return
    sentences: dict[int, list[str]] = {}
    for told in [*report.errors, *report.notes]:
        sentences.setdefault(told.number, []).append(_words(turn, told))
    heading = turn.words("files/cells", "error_heading")
    content = await asyncio.to_thread(return_with_errors, report.table, sentences, heading)
    screen.attach(turn.words("uploads/how", "errors_file", name=PurePath(report.filename).stem), content)
