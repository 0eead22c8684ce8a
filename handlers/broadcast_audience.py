"""Whom an announcement goes to, as HR chooses it: everybody, units, leaders, a course, a legal update, codes."""

from bot.chat.pages import page_of
from bot.chat.router import answer, choice, file
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Stale
from bot.training import audiences
from bot.training.broadcasts import Broadcast
from bot.training.courses import AUDIENCES
from handlers.broadcasts import own_draft

UNKNOWN_SHOWN = 10


@choice("bc_who", who=Role.HR, reach="broadcast")
async def who(turn: Turn, broadcast_id: int) -> Screen:
    """Show who is chosen now and what else may be."""
    return await _who(turn, await own_draft(turn, broadcast_id))


async def _who(turn: Turn, broadcast: Broadcast) -> Screen:
    screen = Screen(
        "broadcasts/who",
        broadcast=broadcast,
        names=await audiences.names(turn.tx, broadcast),
        count=await audiences.count(turn.tx, broadcast),
    )
    screen.button("all", "bc_kind", broadcast.id, "all").button(
        "leaders", "bc_kind", broadcast.id, "leaders", beside=True
    )
    screen.button("units", "bc_list", broadcast.id, "units").button("codes", "bc_codes", broadcast.id, beside=True)
    screen.button("course", "bc_list", broadcast.id, "course")
    screen.button("legal", "bc_list", broadcast.id, "legal", beside=True)
    for place, group in enumerate(AUDIENCES):
        screen.button("group", "bc_group", broadcast.id, group, beside=place % 2 == 1, group=group)
    return screen.button("done", "bc", broadcast.id)


@choice("bc_kind", who=Role.HR, reach="broadcast")
async def kind(turn: Turn, broadcast_id: int, name: str) -> Screen:
    """Choose everybody, or the leaders."""
    if name not in audiences.PLAIN:
        raise Stale
    return await _who(turn, await audiences.choose(turn.tx, await own_draft(turn, broadcast_id), name, turn.now))


@choice("bc_group", who=Role.HR, reach="broadcast")
async def group(turn: Turn, broadcast_id: int, name: str) -> Screen:
    """Narrow to a group, or no longer."""
    return await _who(turn, await audiences.narrow(turn.tx, await own_draft(turn, broadcast_id), name, turn.now))


@choice("bc_list", who=Role.HR, reach="broadcast")
async def options(turn: Turn, broadcast_id: int, name: str, page: int = 0) -> Screen:
    """List the units, courses or updates that can be picked."""
    return await _options(turn, await own_draft(turn, broadcast_id), name, page)


async def _options(turn: Turn, broadcast: Broadcast, name: str, page: int) -> Screen:
    every = await audiences.options(turn.tx, broadcast, name)
    shown = page_of(every, page)
    screen = Screen("broadcasts/pick", kind=name, page=shown, picked=[option.name for option in every if option.picked])
    for option in shown.items:
        screen.button("item", "bc_pick", broadcast.id, name, option.id, shown.number, option=option)
    return shown.buttons(screen, "bc_list", broadcast.id, name).button("done", "bc_who", broadcast.id)


@choice("bc_pick", who=Role.HR, reach="broadcast")
async def pick(turn: Turn, broadcast_id: int, name: str, target_id: int, page: int) -> Screen:
    """Pick one, or let go of it."""
    broadcast = await own_draft(turn, broadcast_id)
    if name not in audiences.PICKED or target_id not in {
        o.id for o in await audiences.options(turn.tx, broadcast, name)
    }:
        raise Stale
    return await _options(turn, await audiences.pick(turn.tx, broadcast, name, target_id, turn.now), name, page)


@choice("bc_codes", who=Role.HR, reach="broadcast")
async def ask_codes(turn: Turn, broadcast_id: int) -> Screen:
    """Ask for staff codes: pasted, or a workbook with a column of them."""
    await own_draft(turn, broadcast_id)
    turn.draft["broadcast"] = broadcast_id
    turn.ask("bc_codes", broadcast_id)
    turn.ask_file("bc_codes")
    return Screen("broadcasts/codes").button("back", "bc_who", broadcast_id)


@answer("bc_codes", who=Role.HR, reach="broadcast")
async def codes_typed(turn: Turn, text: str, broadcast_id: int) -> Screen:
    """Take the pasted codes."""
    return await _codes(turn, broadcast_id, audiences.codes_in(text))


@file("bc_codes", who=Role.HR, reach="own", prepare=audiences.read_codes)
async def codes_sent(turn: Turn, codes: list[str]) -> Screen:
    """Take the codes of a workbook."""
    turn.dialogue.awaits, turn.dialogue.awaits_args = None, []
    return await _codes(turn, int(turn.draft.get("broadcast", 0)), codes)


async def _codes(turn: Turn, broadcast_id: int, codes: list[str]) -> Screen:
    broadcast = await own_draft(turn, broadcast_id)
    turn.dialogue.awaits_file = None
    broadcast, unknown = await audiences.choose_codes(turn.tx, broadcast, codes, turn.now)
    if not unknown:
        return await _who(turn, broadcast)
    more = max(0, len(unknown) - UNKNOWN_SHOWN)
    count = await audiences.count(turn.tx, broadcast)
    screen = Screen("broadcasts/some_unknown", unknown=unknown[:UNKNOWN_SHOWN], more=more, count=count)
    return screen.button("done", "bc_who", broadcast.id).button("again", "bc_codes", broadcast.id, beside=True)
