"""An announcement on its way: preview, rehearsal, sending now or later, its card. The rules are in training.sending."""

from bot.chat.pages import page_of
from bot.chat.router import answer, choice, notice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Stale
from bot.excel.cells import CellValue
from bot.excel.writer import Sheet, write_workbook
from bot.training import audiences, audit, broadcasts, calendar, people, sending
from bot.training.broadcasts import Broadcast
from handlers.broadcasts import back_to_class, card, draft_card, own_draft, progress_card

SAME, NIGHT = 1, 2  # what a clerk has been told of, and sends all the same
_SHEET = "broadcasts/sheet"


@notice("broadcast")
async def message(turn: Turn, broadcast_id: int) -> Screen | None:
    """Compose the very message, for everybody and for the preview; nothing after it was cancelled."""
    broadcast = await broadcasts.find(turn.tx, broadcast_id)
    if broadcast.state == "cancelled":
        return None
    about = await audiences.classes(turn.tx, broadcast)
    sender = await people.find(turn.tx, broadcast.sent_by or broadcast.author_id) if about else None
    screen = Screen("broadcasts/message", broadcast=broadcast, about=[one.name for one in about], sender=sender)
    picture = await broadcasts.picture(turn.tx, broadcast)
    if picture is not None:
        screen.illustrate(picture)
    if broadcast.receipt:
        screen.button("understood", "rc", broadcast_id)
    return screen.button("ask", "ask_back", broadcast_id, beside=broadcast.receipt)


@choice("bc_preview", who=Role.HR, reach="broadcast")
async def preview(turn: Turn, broadcast_id: int) -> Screen:
    """Send the clerk the very message, and after it whom it would go to."""
    broadcast = await own_draft(turn, broadcast_id)
    await sending.preview(turn.tx, broadcast, turn.person.person_id, turn.arrival, turn.now)
    screen = Screen("broadcasts/previewing").button("rehearsal", "bc_again", broadcast_id)
    return screen.button("edit", "bc", broadcast_id, beside=True)


@notice("broadcast_rehearsal")
async def rehearsed(turn: Turn, broadcast_id: int) -> Screen | None:
    """Show the clerk who previewed a draft whom it would go to, under the very message."""
    return await _rehearsal(turn, await own_draft(turn, broadcast_id)) if turn.has(Role.HR) else None


async def _rehearsal(turn: Turn, broadcast: Broadcast) -> Screen:
    days = await calendar.load(turn.tx, turn.zone)
    rehearsal = await audiences.rehearse(turn.tx, broadcast)
    same = await sending.same_lately(turn.tx, broadcast, turn.person.person_id, turn.now)
    calm = days.calm(turn.now)
    finish = sending.finish_at(rehearsal.reachable, turn.now)
    screen = Screen(
        "broadcasts/rehearsal",
        broadcast=broadcast,
        rehearsal=rehearsal,
        finish=finish,
        minutes=-(-(finish - turn.now) // 60),
        calm=calm,
        interrupted=calm and not days.calm(finish),
        proposed=days.soon(turn.now),
        same=same,
    )
    known = (SAME if same else 0) | (0 if calm else NIGHT)
    if rehearsal.people:
        _send_buttons(screen, broadcast, known, calm, days.soon(turn.now))
    if rehearsal.people:
        screen.button("by_unit", "bc_units", broadcast.id, 0)
    if rehearsal.people > rehearsal.reachable:
        screen.button("unreached", "bc_unreached", broadcast.id, beside=True)
    return screen.button("edit", "bc", broadcast.id)


def _send_buttons(screen: Screen, broadcast: Broadcast, known: int, calm: bool, proposed: int) -> None:
    if calm:
        block = "send_anyway" if known & SAME else "send"
        screen.button(block, "bc_send", broadcast.id, broadcast.edition, known, tone="go")
    else:
        screen.button("send_at", "bc_at", broadcast.id, broadcast.edition, known, proposed, tone="go")
        screen.button("send_now", "bc_send", broadcast.id, broadcast.edition, known)
    screen.button("plan", "bc_when", broadcast.id, broadcast.edition, known, beside=True)


@choice("bc_units", who=Role.HR, reach="broadcast")
async def by_unit(turn: Turn, broadcast_id: int, page: int = 0) -> Screen:
    """Show the count of each unit."""
    broadcast = await own_draft(turn, broadcast_id)
    rehearsal = await audiences.rehearse(turn.tx, broadcast)
    shown = page_of(rehearsal.units, page)
    screen = Screen("broadcasts/by_unit", rehearsal=rehearsal, page=shown)
    return shown.buttons(screen, "bc_units", broadcast_id).button("back", "bc_again", broadcast_id)


@choice("bc_again", who=Role.HR, reach="broadcast")
async def rehearsal_again(turn: Turn, broadcast_id: int) -> Screen:
    """Show the rehearsal again, without another preview."""
    broadcast = await own_draft(turn, broadcast_id)
    sending.check(broadcast)
    return await _rehearsal(turn, broadcast)


@choice("bc_unreached", who=Role.HR, reach="broadcast")
async def unreached(turn: Turn, broadcast_id: int) -> Screen:
    """Send those without a chat as a workbook: they need another route."""
    broadcast = await broadcasts.opened(turn.tx, broadcast_id, turn.person.person_id)
    found = await audiences.unreached(turn.tx, broadcast, turn.person.person_id)
    rows: list[list[CellValue]] = [
        [place, one.name, one.code, one.unit, one.phone] for place, one in enumerate(found, start=1)
    ]
    await audit.noted(turn, "broadcast.export_unreached", broadcast.subject, new=len(rows))
    headings = [turn.words(_SHEET, f"heading_{name}") for name in ("number", "name", "code", "unit", "phone")]
    title = turn.words(_SHEET, "unreached_title")
    notes = [title, broadcast.title, turn.words("uploads/report", "note")]
    content = write_workbook([Sheet(title, headings, rows, notes=notes)], title=title, made_at=turn.now)
    screen = Screen("broadcasts/unreached", count=len(found), fresh=True)
    screen.attach(turn.words(_SHEET, "unreached_file", id=broadcast_id), content)
    return screen.button("back", "bc_again" if broadcast.state == "draft" else "bc", broadcast_id)


@choice("bc_send", who=Role.HR, reach="broadcast")
async def send(turn: Turn, broadcast_id: int, edition: int, known: int) -> Screen:
    """Freeze the audience and begin; ask first about the same words sent lately, and about the night."""
    clerk = turn.person.person_id
    broadcast = await sending.ready(turn.tx, broadcast_id, edition, clerk)
    days = await calendar.load(turn.tx, turn.zone)
    same = await sending.same_lately(turn.tx, broadcast, turn.person.person_id, turn.now)
    if same is not None:
        await sending.tell_other(turn.tx, same, broadcast, clerk, days, turn.now)
        if not known & SAME:
            sender = await people.find(turn.tx, same.sent_by or same.author_id)
            screen = Screen("broadcasts/same", same=same, sender=sender, own=sender.id == clerk)
            screen.button("send_anyway", "bc_send", broadcast_id, edition, known | SAME)
            return screen.button("edit", "bc", broadcast_id, beside=True)
    if not days.calm(turn.now) and not known & NIGHT:
        screen = Screen("broadcasts/night", proposed=days.soon(turn.now))
        _send_buttons(screen, broadcast, known | NIGHT, False, days.soon(turn.now))
        return screen.button("edit", "bc", broadcast_id)
    turn.dialogue.forget()
    await audit.noted(turn, "broadcast.send", broadcast.subject, new=broadcast.title)
    told = await sending.start(turn.tx, broadcast, clerk, turn.now, card_ref=turn.tapped)
    if turn.tapped is not None:  # the card that follows is put in place of this very message
        return await progress_card(turn, await broadcasts.find(turn.tx, broadcast_id))
    screen = await back_to_class(turn, Screen("broadcasts/started", told=told), broadcast)
    return screen.button("list", "desk_broadcasts").button("home", "home", beside=True)


@choice("bc_when", who=Role.HR, reach="broadcast")
async def ask_when(turn: Turn, broadcast_id: int, edition: int, known: int) -> Screen:
    """Ask for the day and hour."""
    await own_draft(turn, broadcast_id)
    turn.ask("bc_when", broadcast_id, edition, known)
    days = await calendar.load(turn.tx, turn.zone)
    screen = Screen("broadcasts/when", example=days.soon(turn.now + 86_400), wrong="")
    return screen.button("back", "bc_again", broadcast_id)


@answer("bc_when", who=Role.HR, reach="broadcast")
async def when_typed(turn: Turn, text: str, broadcast_id: int, edition: int, known: int) -> Screen:
    """Take the typed time; the past is asked for again, and for the night or a day off a calm time is proposed."""
    await own_draft(turn, broadcast_id)
    days = await calendar.load(turn.tx, turn.zone)
    at = sending.typed_time(text, days, turn.now)
    if at is not None and days.calm(at):
        return await send_at(turn, broadcast_id, edition, known, at)
    turn.ask("bc_when", broadcast_id, edition, known)
    if at is None:
        screen = Screen("broadcasts/when", example=days.soon(turn.now + 86_400), wrong=text[:40])
        return screen.button("back", "bc_again", broadcast_id)
    screen = Screen("broadcasts/not_calm", proposed=days.soon(at))
    screen.button("take", "bc_at", broadcast_id, edition, known, days.soon(at))
    return screen.button("back", "bc_again", broadcast_id)


@choice("bc_at", who=Role.HR, reach="broadcast")
async def send_at(turn: Turn, broadcast_id: int, edition: int, known: int, at: int) -> Screen:
    """Plan the start at an instant (UTC seconds); ask first about the same words sent lately."""
    clerk = turn.person.person_id
    broadcast = await sending.ready(turn.tx, broadcast_id, edition, clerk)
    days = await calendar.load(turn.tx, turn.zone)
    same = await sending.same_lately(turn.tx, broadcast, turn.person.person_id, turn.now)
    if same is not None and not known & SAME:
        await sending.tell_other(turn.tx, same, broadcast, clerk, days, turn.now)
        sender = await people.find(turn.tx, same.sent_by or same.author_id)
        screen = Screen("broadcasts/same", same=same, sender=sender, own=sender.id == clerk)
        screen.button("send_anyway", "bc_at", broadcast_id, edition, known | SAME, at)
        return screen.button("edit", "bc", broadcast_id, beside=True)
    turn.dialogue.forget()
    await audit.noted(turn, "broadcast.plan", broadcast.subject, new=at)
    await sending.schedule(turn.tx, broadcast, clerk, at, days, turn.now)
    return await card(turn, broadcast_id)


@choice("bc_unplan", who=Role.HR, reach="broadcast")
async def unplan(turn: Turn, broadcast_id: int) -> Screen:
    """Make a planned announcement a draft again; of a colleague's only the list is shown."""
    await broadcasts.opened(turn.tx, broadcast_id, turn.person.person_id)
    await sending.unschedule(turn.tx, broadcast_id, turn.now)
    await audit.noted(turn, "broadcast.unplan", f"broadcast:{broadcast_id}")
    broadcast = await broadcasts.find(turn.tx, broadcast_id)
    if broadcast.author_id == turn.person.person_id:
        return await draft_card(turn, broadcast)
    screen = Screen("broadcasts/unplanned", broadcast=broadcast)
    return screen.button("list", "desk_broadcasts").button("home", "home", beside=True)


@choice("bc_pause", who=Role.HR, reach="broadcast")
async def pause(turn: Turn, broadcast_id: int) -> Screen:
    """Send nothing more for now."""
    await broadcasts.opened(turn.tx, broadcast_id, turn.person.person_id)
    await audit.noted(turn, "broadcast.pause", f"broadcast:{broadcast_id}")
    return await progress_card(turn, await sending.pause(turn.tx, broadcast_id, turn.now))


@choice("bc_go", who=Role.HR, reach="broadcast")
async def go_on(turn: Turn, broadcast_id: int) -> Screen:
    """Go on sending."""
    await broadcasts.opened(turn.tx, broadcast_id, turn.person.person_id)
    days = await calendar.load(turn.tx, turn.zone)
    await audit.noted(turn, "broadcast.resume", f"broadcast:{broadcast_id}")
    return await progress_card(turn, await sending.resume(turn.tx, broadcast_id, days, turn.now))


@choice("bc_cancel", who=Role.HR, reach="broadcast")
async def ask_cancel(turn: Turn, broadcast_id: int) -> Screen:
    """Ask once more: what was sent cannot be taken back."""
    broadcast = await broadcasts.opened(turn.tx, broadcast_id, turn.person.person_id)
    if broadcast.over:
        return await progress_card(turn, broadcast)
    if broadcast.started_at is None:
        raise Stale
    screen = Screen("broadcasts/cancel", progress=await sending.progress(turn.tx, broadcast))
    return screen.button("sure", "bc_cancel_yes", broadcast_id, tone="stop").button(
        "back", "bc", broadcast_id, beside=True
    )


@choice("bc_cancel_yes", who=Role.HR, reach="broadcast")
async def cancel(turn: Turn, broadcast_id: int) -> Screen:
    """Send it to nobody else."""
    await broadcasts.opened(turn.tx, broadcast_id, turn.person.person_id)
    await audit.noted(turn, "broadcast.cancel", f"broadcast:{broadcast_id}")
    return await progress_card(turn, await sending.cancel(turn.tx, broadcast_id, turn.now))


@notice("broadcast_progress")
async def progress(turn: Turn, broadcast_id: int) -> Screen | None:
    """Show whoever sent it how far it has come, while they have HR rights."""
    if not turn.has(Role.HR):
        return None
    return await progress_card(turn, await broadcasts.find(turn.tx, broadcast_id))


@notice("broadcast_done")
async def done(turn: Turn, broadcast_id: int) -> Screen | None:
    """Tell whoever sent it that it is over."""
    if not turn.has(Role.HR):
        return None
    broadcast = await broadcasts.find(turn.tx, broadcast_id)
    screen = Screen("broadcasts/done", broadcast=broadcast, progress=await sending.progress(turn.tx, broadcast))
    return screen.button("open", "bc", broadcast_id).button("home", "home", beside=True)


@notice("broadcast_held")
async def held(turn: Turn, broadcast_id: int, reason: str) -> Screen | None:
    """Tell HR that a planned announcement did not start: 'rights', 'nobody' or 'missed'."""
    broadcast = await broadcasts.opened(turn.tx, broadcast_id, turn.person.person_id)
    if broadcast.state != "draft" or not turn.has(Role.HR):
        return None
    screen = Screen("broadcasts/held", broadcast=broadcast, reason=reason)
    return screen.button("list", "desk_broadcasts").button("home", "home", beside=True)


@notice("broadcast_same")
async def same_words(turn: Turn, broadcast_id: int, clerk_id: int) -> Screen | None:
    """Tell whoever sent an announcement that a colleague has the same words ready."""
    if not turn.has(Role.HR):
        return None
    broadcast = await broadcasts.find(turn.tx, broadcast_id)
    screen = Screen("broadcasts/same_told", broadcast=broadcast, clerk=await people.find(turn.tx, clerk_id))
    return screen.button("open", "bc", broadcast_id).button("home", "home", beside=True)
