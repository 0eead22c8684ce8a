"""HR's own forms: the marks they may have, taken in, replaced, given back. Rules: training.forms, bot.forms."""

import asyncio
from dataclasses import dataclass

from bot import forms
from bot.chat.events import ReceivedFile
from bot.chat.pages import page_of
from bot.chat.router import choice, file
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Stale
from bot.training import forms as agency_forms


@dataclass(frozen=True)
class Checked:
    """A form that may be kept."""

    sent: ReceivedFile
    form: forms.Form


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
async def marks(turn: Turn) -> Screen:
    """List every mark a form may have."""
    return Screen("forms/marks").button("back", "desk_forms").button("home", "home", beside=True)


@choice("form", who=Role.HR_ALL, reach="whole")
async def card(turn: Turn, form_id: int, purpose: str) -> Screen:
    """Show one form with what can be done with it."""
    form = await agency_forms.find(turn.tx, form_id) if form_id else agency_forms.built_in(purpose)
    screen = Screen("forms/card", form=form).button("fetch", "form_fetch", form_id, form.purpose)
    screen.button("replace", "form_new", form.purpose, beside=True)
    if form_id:
        screen.button("withdraw", "form_withdraw", form_id, tone="stop")
    return screen.button("back", "desk_forms").button("home", "home", beside=True)


@choice("form_fetch", who=Role.HR_ALL, reach="whole")
async def fetch(turn: Turn, form_id: int, purpose: str) -> Screen:
    """Send a form as it is, to be changed and sent back."""
    form = await agency_forms.find(turn.tx, form_id) if form_id else agency_forms.built_in(purpose)
    screen = Screen("forms/fetched", fresh=True, form=form).attach(form.filename, form.content)
    return screen.button("replace", "form_new", form.purpose).button("back", "desk_forms", beside=True)


@choice("form_new", who=Role.HR_ALL, reach="none")
async def ask(turn: Turn, purpose: str) -> Screen:
    """Ask for the file of a form."""
    if purpose not in agency_forms.PURPOSES:
        raise Stale
    turn.draft["form"] = purpose
    turn.ask_file("form")
    screen = Screen("forms/ask", purpose=purpose).button("marks", "form_marks")
    return screen.button("leave", "desk_forms", beside=True)


async def _check(sent: ReceivedFile) -> Checked:
    return Checked(sent, await asyncio.to_thread(forms.check, sent.content, sent.name, agency_forms.MARKS))


@file("form", who=Role.HR_ALL, reach="whole", prepare=_check)
async def received(turn: Turn, checked: Checked) -> Screen:
    """Keep a form that has only marks we know."""
    purpose = str(turn.draft.get("form", agency_forms.OWN))
    turn.dialogue.forget()
    by = turn.person.person_id
    form = await agency_forms.keep(turn.tx, purpose, checked.sent.name, checked.sent.content, by, turn.now)
    known = checked.form.marks
    repeats = bool(known & set(agency_forms.OF_LEARNER))
    screen = Screen("forms/kept", form=form, count=len(known), repeats=repeats, loses=checked.form.loses_pictures)
    return screen.button("back", "desk_forms").button("home", "home", beside=True)


@choice("form_withdraw", who=Role.HR_ALL, reach="whole")
async def withdraw(turn: Turn, form_id: int) -> Screen:
    """Take a form out of use."""
    await agency_forms.withdraw(turn.tx, form_id, turn.person.person_id, turn.now)
    return await listing(turn)
