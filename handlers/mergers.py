"""HR of the whole merges and renames units: chosen, named, reviewed, done, undone. Rules: training.mergers."""

from bot.chat.pages import page_of
from bot.chat.router import answer, choice, notice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.folding import fold
from bot.training import acting, calendar, enrolments, merger_notices, merger_preview, mergers, telling, units
from bot.training.merger_preview import MOST, Wish

SHOWN = 3  # mergers that can still be undone


@choice("desk_mergers", who=Role.HR_ALL, reach="whole")
async def start(turn: Turn) -> Screen:
    """Begin anew: nothing is chosen yet; what was done within a day can be undone here."""
    turn.dialogue.forget()
    screen = Screen("mergers/start").button("choose", "merger_units", 0)
    for merger_id, name in (await mergers.to_undo(turn.tx, turn.now))[:SHOWN]:
        screen.button("undo", "merger_undo", merger_id, name=name)
    return screen.button("back", "desk_setup").button("home", "home", beside=True)


def _chosen(turn: Turn) -> list[int]:
    return [int(number) for number in turn.draft.get("merger_units", [])]


@choice("merger_units", who=Role.HR_ALL, reach="whole")
async def choose(turn: Turn, page: int) -> Screen:
    """List the units, by page or by typed words, to choose those that merge or are renamed."""
    every = await units.by_name(turn.tx)
    words = fold(str(turn.draft.get("merger_words", "")))
    found = page_of([unit for unit in every if words in fold(unit.name)], page)
    chosen = _chosen(turn)
    names = [unit.name for unit in every if unit.id in chosen]
    screen = Screen("mergers/choose", page=found, chosen=names, words=words)
    for unit in found.items:
        block = "taken" if unit.id in chosen else "item"
        screen.button(block, "merger_pick", unit.id, found.number, name=unit.name)
    found.buttons(screen, "merger_units")
    if chosen:
        screen.button("name", "merger_name", tone="go")
    if words:
        screen.button("all", "merger_all", beside=bool(chosen))
    turn.ask("merger_words")
    return screen.button("leave", "desk_mergers")


@answer("merger_words", who=Role.HR_ALL, reach="whole")
async def words_told(turn: Turn, text: str) -> Screen:
    """Narrow the list to units whose name has the typed words."""
    turn.draft["merger_words"] = text[:60]
    return await choose(turn, 0)


@choice("merger_all", who=Role.HR_ALL, reach="whole")
async def show_all(turn: Turn) -> Screen:
    """List all units again."""
    turn.draft.pop("merger_words", None)
    return await choose(turn, 0)


@choice("merger_pick", who=Role.HR_ALL, reach="whole")
async def pick(turn: Turn, unit_id: int, page: int) -> Screen:
    """Choose a unit, or let go of it."""
    await units.find(turn.tx, unit_id)
    chosen = _chosen(turn)
    kept = [number for number in chosen if number != unit_id]
    turn.draft["merger_units"] = kept if len(kept) < len(chosen) else [*chosen, unit_id][:MOST]
    return await choose(turn, page)


@choice("merger_name", who=Role.HR_ALL, reach="whole")
async def ask_name(turn: Turn) -> Screen:
    """Ask what the unit is called from now on."""
    names = [(await units.find(turn.tx, number)).name for number in _chosen(turn)]
    if not names:
        return await start(turn)
    turn.ask("merger_name")
    return Screen("mergers/name", names=names).button("back", "merger_units", 0)


@answer("merger_name", who=Role.HR_ALL, reach="whole")
async def name_told(turn: Turn, text: str) -> Screen:
    """Show all that would move, before it is done."""
    turn.draft["merger_name"] = text
    turn.draft.pop("merger_head", None)
    return await review(turn, 0)


@choice("merger_review", who=Role.HR_ALL, reach="whole")
async def review(turn: Turn, head_id: int) -> Screen:
    """Show all that would move, with this head chosen."""
    if head_id:
        turn.draft["merger_head"] = head_id
    wish = _wish(turn)
    if wish is None:
        return await start(turn)
    told = await merger_preview.preview(turn.tx, wish, turn.now)
    concerned = await merger_notices.concerned(turn.tx, told, turn.now)
    telling_to = await telling.concerned(turn.tx, concerned, turn.person.person_id)
    screen = Screen("mergers/review", told=told, concerned=telling_to)
    others = [head for head in told.heads if head[0] != told.head_id]
    if told.headless:
        _heads(screen, others)
    screen.button("later" if told.headless and others else "apply", "merger_apply", tone="go")
    screen.button("name", "merger_name", beside=True)
    if not told.headless:
        _heads(screen, others)
    return screen.button("leave", "desk_mergers")


def _heads(screen: Screen, heads: list[tuple[int, str, str]]) -> None:
    for person_id, name, unit in heads:
        screen.button("head", "merger_review", person_id, name=name, unit=unit)


def _wish(turn: Turn) -> Wish | None:
    name, chosen = str(turn.draft.get("merger_name", "")), _chosen(turn)
    head = turn.draft.get("merger_head")
    return Wish(tuple(chosen), name, int(head) if head else None) if name and chosen else None


@choice("merger_apply", who=Role.HR_ALL, reach="whole")
async def apply(turn: Turn) -> Screen:
    """Do what was reviewed."""
    wish = _wish(turn)
    if wish is None:
        return await start(turn)
    told = await merger_preview.preview(turn.tx, wish, turn.now)
    days = await calendar.load(turn.tx, turn.zone)
    merger_id = await mergers.apply(turn.tx, wish, turn.person.person_id, turn.now, days)
    turn.dialogue.forget()
    unit = await merger_notices.unit_of(turn.tx, merger_id)
    screen = Screen("mergers/done", told=told)
    if unit is not None and told.headless:
        screen.button("choose_head", "unit_people", unit.id, 0, tone="go")
    screen.button("undo", "merger_undo", merger_id)
    return screen.button("back", "desk_mergers").button("home", "home", beside=True)


@choice("merger_undo", who=Role.HR_ALL, reach="whole")
async def undo(turn: Turn, merger_id: int) -> Screen:
    """Take a merger back."""
    days = await calendar.load(turn.tx, turn.zone)
    name = await mergers.undo(turn.tx, merger_id, turn.person.person_id, turn.now, days)
    return Screen("mergers/undone", name=name).button("back", "desk_mergers").button("home", "home", beside=True)


@notice(merger_notices.MERGED)
async def merged(turn: Turn, merger_id: int) -> Screen | None:
    """Tell the head of a merged unit that they head it, and others what waits for them since, while something does."""
    unit = await merger_notices.unit_of(turn.tx, merger_id)
    waiting = await enrolments.waiting_for(turn.tx, turn.person, turn.now)
    if unit is None or not (waiting or unit.head_id == turn.person.person_id):
        return None
    screen = Screen("mergers/merged", unit=unit, waiting=waiting, head=unit.head_id == turn.person.person_id)
    return screen.button("list", "approvals").button("home", "home", beside=True)


@notice(merger_notices.ENDED)
async def head_ended(turn: Turn, merger_id: int, unit_id: int) -> Screen | None:
    """Tell somebody that the unit they headed is part of another, and who heads that."""
    unit = await merger_notices.unit_of(turn.tx, merger_id)
    if unit is None or unit.head_id == turn.person.person_id:
        return None
    old = await units.find(turn.tx, unit_id)
    return Screen("mergers/head_ended", old=old, unit=unit, fresh=True).button("home", "home")


@notice(merger_notices.UNDONE)
async def undone(turn: Turn, merger_id: int) -> Screen | None:
    """Tell whoever heard of a merger that it was undone, and which units they head now."""
    unit = await merger_notices.unit_of(turn.tx, merger_id, undone=True)
    if unit is None:
        return None
    headed = [name for _, name in await acting.headed(turn.tx, turn.person.person_id)]
    return Screen("mergers/unmerged", unit=unit, headed=headed, fresh=True).button("home", "home")
