"""HR's own forms: the marks they may have, taken in, replaced, given back. Rules: training.forms, bot.forms."""

import asyncio
from dataclasses import dataclass

from bot import forms
from bot.chat.events import ReceivedFile
from bot.chat.pages import page_of
from bot.chat.router import answer, choice, file
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import BadFile, Refused, Stale
from bot.training import forms as agency_forms


@dataclass(frozen=True)
class Checked:
    """A form that was read; without `form`, why its marks are not those we know."""

    sent: ReceivedFile
    form: forms.Form | None
    why: BadFile | None = None


_OF_MARKS = ("forms/unknown_marks", "forms/no_marks")  # refusals that the list of marks helps with


@choice("desk_forms", who=Role.HR_ALL, reach="whole")
async def listing(turn: Turn, page: int = 0) -> Screen:
    """List the forms: the two every class needs, then the agency's other ones."""
    own = await agency_forms.listed(turn.tx)
    found = page_of([row for row in own if row["purpose"] == agency_forms.OWN], page)
    names = dict.fromkeys(agency_forms.BUILT_IN) | {row["purpose"]: row["name"] for row in own}
    screen = Screen("forms/list", page=found, own=names)
    for purpose in agency_forms.BUILT_IN:
        form_id = next((row["id"] for row in own if row["purpose"] == purpose), 0)
        screen.button(purpose, "form", form_id, purpose)
    for row in found.items:
        screen.button("item", "form", row["id"], agency_forms.OWN, name=row["name"])
    found.buttons(screen, "desk_forms").button("add", "form_new", agency_forms.OWN)
    screen.button("marks", "form_marks", beside=True)
    return screen.button("back", "desk_setup").button("home", "home", beside=True)


@choice("form_marks", who=Role.HR_ALL, reach="none")
async def marks(turn: Turn, waits: int = 0) -> Screen:
    """List every mark a form may have; somebody who was about to send a form (`waits`) may send it still."""
    if waits:
        turn.ask_file("form")
    screen = Screen("forms/marks", waits=bool(waits))
    return screen.button("leave" if waits else "back", "desk_forms").button("home", "home", beside=True)


@choice("form", who=Role.HR_ALL, reach="whole")
async def card(turn: Turn, form_id: int, purpose: str) -> Screen:
    """Show one form with what can be done with it."""
    form = await agency_forms.find(turn.tx, form_id) if form_id else agency_forms.built_in(purpose)
    screen = Screen("forms/card", form=form).button("fetch", "form_fetch", form_id, form.purpose)
    screen.button("replace", "form_new", form.purpose, form_id, beside=True)
    if form.purpose == agency_forms.OWN:
        screen.button("rename", "form_rename", form_id)
    if form_id:
        screen.button("withdraw", "form_withdraw", form_id, beside=form.purpose == agency_forms.OWN, tone="stop")
    return screen.button("back", "desk_forms").button("home", "home", beside=True)


@choice("form_fetch", who=Role.HR_ALL, reach="whole")
async def fetch(turn: Turn, form_id: int, purpose: str) -> Screen:
    """Send a form as it is, to be changed and sent back."""
    form = await agency_forms.find(turn.tx, form_id) if form_id else agency_forms.built_in(purpose)
    screen = Screen("forms/fetched", fresh=True, form=form).attach(form.filename, form.content)
    return screen.button("replace", "form_new", form.purpose, form_id).button("back", "desk_forms", beside=True)


@choice("form_new", who=Role.HR_ALL, reach="whole")
async def ask(turn: Turn, purpose: str, form_id: int = 0) -> Screen:
    """Ask for the file of a form; one that is new of the agency is named first, `form_id` keeps its name."""
    if purpose not in agency_forms.PURPOSES:
        raise Stale
    if purpose == agency_forms.OWN and not form_id:
        turn.ask("form_name")
        return Screen("forms/ask_name", form=None).button("leave", "desk_forms")
    own = await agency_forms.find(turn.tx, form_id) if form_id else None
    return _ask_file(turn, purpose, own.name if own and purpose == agency_forms.OWN else "", taken=False)


@answer("form_name", who=Role.HR_ALL, reach="none")
async def named(turn: Turn, text: str) -> Screen:
    """Take the name of a new form, which is what its button will say, and ask for the file."""
    _check_name(text)
    return _ask_file(turn, agency_forms.OWN, text, taken=await agency_forms.has_own(turn.tx, text))


def _check_name(text: str) -> None:
    if len(text) > agency_forms.LONGEST_NAME:
        raise Refused("forms/long_name", longest=agency_forms.LONGEST_NAME)


def _ask_file(turn: Turn, purpose: str, name: str, *, taken: bool) -> Screen:
    turn.draft["form_for"] = [purpose, name]
    turn.ask_file("form")
    screen = Screen("forms/ask", purpose=purpose, name=name, taken=taken).button("marks", "form_marks", 1)
    return screen.button("leave", "desk_forms", beside=True)


@choice("form_rename", who=Role.HR_ALL, reach="whole")
async def ask_name(turn: Turn, form_id: int) -> Screen:
    """Ask for another name of an own form."""
    form = await agency_forms.find(turn.tx, form_id)
    turn.ask("form_renamed", form_id)
    return Screen("forms/ask_name", form=form).button("leave", "form", form_id, form.purpose)


@answer("form_renamed", who=Role.HR_ALL, reach="whole")
async def renamed(turn: Turn, text: str, form_id: int) -> Screen:
    """Give an own form another name."""
    _check_name(text)
    await agency_forms.rename(turn.tx, form_id, text, turn.person.person_id, turn.now)
    return await card(turn, form_id, agency_forms.OWN)


async def _check(sent: ReceivedFile) -> Checked:
    try:
        return Checked(sent, await asyncio.to_thread(forms.check, sent.content, sent.name, agency_forms.MARKS))
    except BadFile as why:
        if why.screen not in _OF_MARKS:
            raise
        return Checked(sent, None, why)


@file("form", who=Role.HR_ALL, reach="whole", prepare=_check)
async def received(turn: Turn, checked: Checked) -> Screen:
    """Keep a form that has only marks we know; otherwise say which it has, and await it again."""
    if checked.form is None:
        return _not_kept(checked.why)
    purpose, name = turn.draft.get("form_for", [agency_forms.OWN, ""])
    turn.dialogue.forget()
    by = turn.person.person_id
    form = await agency_forms.keep(turn.tx, purpose, name, checked.sent.name, checked.sent.content, by, turn.now)
    known = checked.form.marks
    repeats = bool(known & set(agency_forms.OF_LEARNER))
    screen = Screen("forms/kept", form=form, count=len(known), repeats=repeats, loses=checked.form.loses_pictures)
    return screen.button("back", "desk_forms").button("home", "home", beside=True)


def _not_kept(why: BadFile | None) -> Screen:
    if why is None:
        raise Stale
    screen = Screen(why.screen, fresh=True, **why.values).button("marks", "form_marks", 1)
    return screen.button("leave", "desk_forms", beside=True)


@choice("form_withdraw", who=Role.HR_ALL, reach="whole")
async def withdraw(turn: Turn, form_id: int) -> Screen:
    """Take a form out of use."""
    await agency_forms.withdraw(turn.tx, form_id, turn.person.person_id, turn.now)
    return await listing(turn)
