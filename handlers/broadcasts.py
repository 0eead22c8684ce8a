"""HR's announcements: the list, writing a draft, its file and kind. Audience, sending, receipts are beside it."""

from bot.chat.events import ReceivedFile
from bot.chat.pages import page_of
from bot.chat.router import answer, choice, file
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Stale
from bot.training import audiences, broadcasts, questions, sending
from bot.training.broadcasts import Broadcast


@choice("desk_broadcasts", who=Role.HR, reach="list")
async def listed(turn: Turn, page: int = 0) -> Screen:
    """List drafts of one's own and everything planned, under way and over, the newest first."""
    shown = page_of(await broadcasts.listed(turn.tx, turn.person.person_id), page)
    asked = len(await questions.waiting(turn.tx, turn.person.person_id))
    screen = Screen("broadcasts/list", page=shown, asked=asked)
    for broadcast in shown.items:
        screen.button("item", "bc", broadcast.id, broadcast=broadcast)
    shown.buttons(screen, "desk_broadcasts").button("new", "bc_new")
    if asked:
        screen.button("questions", "desk_questions", beside=True)
    return screen.button("desk", "desk").button("home", "home", beside=True)


@choice("bc", who=Role.HR, reach="broadcast")
async def card(turn: Turn, broadcast_id: int) -> Screen:
    """Show one announcement: the draft with what can be changed, the plan, or how far it has come."""
    broadcast = await broadcasts.opened(turn.tx, broadcast_id, turn.person.person_id)
    if broadcast.state == "draft":
        return await draft_card(turn, await broadcasts.draft(turn.tx, broadcast_id, turn.person.person_id))
    if broadcast.state == "scheduled":
        screen = Screen("broadcasts/scheduled", broadcast=broadcast).button("unplan", "bc_unplan", broadcast_id)
        return screen.button("list", "desk_broadcasts").button("home", "home", beside=True)
    return await progress_card(turn, broadcast)


async def draft_card(turn: Turn, broadcast: Broadcast) -> Screen:
    """Show a draft; a photo or file sent now is put into it."""
    _working_on(turn, broadcast)
    count = await audiences.count(turn.tx, broadcast)
    screen = Screen(
        "broadcasts/draft",
        broadcast=broadcast,
        file=await broadcasts.file_facts(turn.tx, broadcast),
        names=await audiences.names(turn.tx, broadcast),
        count=count,
    )
    screen.button("write", "bc_text", broadcast.id).button("add", "bc_more", broadcast.id, beside=True)
    if broadcast.kind != "got":
        screen.button("who", "bc_who", broadcast.id)
    screen.button("topic", "bc_topic", broadcast.id, beside=broadcast.kind != "got")
    screen.button("receipt", "bc_receipt", broadcast.id)
    if broadcast.file_id is not None:
        screen.button("file_off", "bc_file_off", broadcast.id, beside=True)
    screen.button("preview", "bc_preview", broadcast.id, tone="go")
    screen.button("drop", "bc_drop", broadcast.id, beside=True)
    screen = await back_to_class(turn, screen, broadcast)
    return screen.button("list", "desk_broadcasts").button("home", "home", beside=True)


async def progress_card(turn: Turn, broadcast: Broadcast) -> Screen:
    """Show how far a sending has come, with what can be done about it. Raises Stale for one that has not begun."""
    if broadcast.started_at is None:
        raise Stale
    screen = Screen(
        "broadcasts/progress", broadcast=broadcast, progress=await sending.progress(turn.tx, broadcast), now=turn.now
    )
    if broadcast.state == "running":
        screen.button("pause", "bc_pause", broadcast.id).button(
            "cancel", "bc_cancel", broadcast.id, beside=True, tone="stop"
        )
    if broadcast.state == "paused":
        screen.button("go_on", "bc_go", broadcast.id).button(
            "cancel", "bc_cancel", broadcast.id, beside=True, tone="stop"
        )
    screen = await back_to_class(turn, screen, broadcast)
    screen.button("sheet", "rc_sheet", broadcast.id)
    if broadcast.receipt:
        screen.button("receipts", "rc_who", broadcast.id, beside=True)
    if broadcast.over:
        screen.button("correct", "bc_correct", broadcast.id)
    else:
        screen.button("update", "bc", broadcast.id)
    return screen.button("list", "desk_broadcasts", beside=True)


async def back_to_class(turn: Turn, screen: Screen, broadcast: Broadcast) -> Screen:
    """Give the way back to the class, for a message to just one class."""
    about = await audiences.classes(turn.tx, broadcast)
    return screen.button("course", "desk_course", about[0].id) if len(about) == 1 else screen


def _working_on(turn: Turn, broadcast: Broadcast) -> None:
    turn.draft["broadcast"] = broadcast.id
    turn.ask_file("bc_file")


async def own_draft(turn: Turn, broadcast_id: int) -> Broadcast:
    """Read the draft this clerk works on. Raises Stale when it is none (any more), NotAllowed when it is not theirs."""
    return await broadcasts.draft(turn.tx, broadcast_id, turn.person.person_id)


@choice("bc_new", who=Role.HR, reach="none")
async def new(turn: Turn) -> Screen:
    """Begin a new announcement."""
    return await ask_text(turn, await broadcasts.begin(turn.tx, turn.person.person_id, turn.now))


@choice("bc_correct", who=Role.HR, reach="broadcast")
async def correct(turn: Turn, broadcast_id: int) -> Screen:
    """Begin a correction to exactly those who got the first one."""
    return await ask_text(turn, await broadcasts.correct(turn.tx, broadcast_id, turn.person.person_id, turn.now))


@choice("bc_text", who=Role.HR, reach="broadcast")
async def ask_text(turn: Turn, broadcast_id: int) -> Screen:
    """Ask for the words; a photo or file may come as well."""
    broadcast = await own_draft(turn, broadcast_id)
    _working_on(turn, broadcast)
    turn.ask("bc_text", broadcast_id)
    screen = await _asking(turn, broadcast, more=False)
    if broadcast.text:
        return screen.button("back", "bc", broadcast_id)
    return (await back_to_class(turn, screen, broadcast)).button(
        "leave", "desk_broadcasts", beside=bool(broadcast.kind)
    )


async def _asking(turn: Turn, broadcast: Broadcast, *, more: bool) -> Screen:
    names = await audiences.names(turn.tx, broadcast)
    file = await broadcasts.file_facts(turn.tx, broadcast)
    return Screen("broadcasts/write", broadcast=broadcast, names=names, file=file, more=more)


@choice("bc_more", who=Role.HR, reach="broadcast")
async def ask_more(turn: Turn, broadcast_id: int) -> Screen:
    """Ask for words to put at the end."""
    broadcast = await own_draft(turn, broadcast_id)
    _working_on(turn, broadcast)
    turn.ask("bc_more", broadcast_id)
    return (await _asking(turn, broadcast, more=True)).button("back", "bc", broadcast_id)


@answer("bc_text", who=Role.HR, reach="broadcast")
async def written(turn: Turn, text: str, broadcast_id: int) -> Screen:
    """Take the words of a draft."""
    return await _keep(turn, broadcast_id, more=False)


@answer("bc_more", who=Role.HR, reach="broadcast")
async def more_written(turn: Turn, text: str, broadcast_id: int) -> Screen:
    """Put words at the end of a draft."""
    return await _keep(turn, broadcast_id, more=True)


async def _keep(turn: Turn, broadcast_id: int, *, more: bool) -> Screen:
    """Keep what was typed; a phone cuts a long text in two, so after a long one the rest is awaited."""
    if turn.typed is None:
        raise Stale
    broadcast = await own_draft(turn, broadcast_id)
    broadcast = await broadcasts.write(turn.tx, broadcast, turn.typed, turn.now, more=more)
    if len(turn.typed.text) < broadcasts.CUT_BY_PHONE:
        return await draft_card(turn, broadcast)
    _working_on(turn, broadcast)
    turn.ask("bc_more", broadcast_id)
    return Screen("broadcasts/rest", broadcast=broadcast).button("whole", "bc", broadcast_id)


@file("bc_file", who=Role.HR, reach="own")
async def file_sent(turn: Turn, sent: ReceivedFile) -> Screen:
    """Take the photo or file of the draft that is worked on."""
    broadcast = await own_draft(turn, int(turn.draft.get("broadcast", 0)))
    broadcast = await broadcasts.attach(turn.tx, broadcast, sent, turn.now)
    return await draft_card(turn, broadcast) if broadcast.text else await ask_text(turn, broadcast.id)


@choice("bc_file_off", who=Role.HR, reach="broadcast")
async def file_off(turn: Turn, broadcast_id: int) -> Screen:
    """Take the file off a draft."""
    return await draft_card(turn, await broadcasts.detach(turn.tx, await own_draft(turn, broadcast_id), turn.now))


@choice("bc_topic", who=Role.HR, reach="broadcast")
async def topic(turn: Turn, broadcast_id: int) -> Screen:
    """Switch between required reading and general news."""
    broadcast = await own_draft(turn, broadcast_id)
    other = "general" if broadcast.topic == "required" else "required"
    return await draft_card(turn, await broadcasts.set_topic(turn.tx, broadcast, other, turn.now))


@choice("bc_drop", who=Role.HR, reach="broadcast")
async def ask_drop(turn: Turn, broadcast_id: int) -> Screen:
    """Ask once more before a draft is deleted."""
    screen = Screen("broadcasts/drop", broadcast=await own_draft(turn, broadcast_id))
    return screen.button("sure", "bc_drop_yes", broadcast_id, tone="stop").button(
        "back", "bc", broadcast_id, beside=True
    )


@choice("bc_drop_yes", who=Role.HR, reach="broadcast")
async def drop(turn: Turn, broadcast_id: int) -> Screen:
    """Delete a draft."""
    await broadcasts.drop(turn.tx, await own_draft(turn, broadcast_id))
    return await listed(turn)
