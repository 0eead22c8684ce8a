"""A person's own certificates, and sending one in: a file, then small questions. The register is in bot.training."""

from typing import Any

from bot.chat.events import ReceivedFile
from bot.chat.pages import page_of
from bot.chat.router import answer, choice, file, notice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import NotAllowed, Refused, Stale
from bot.excel import cells
from bot.excel.cells import Cell, CellError
from bot.training import calendar, certificate_files, certificates, records
from bot.training.certificates import Facts
from bot.training.courses import CATEGORIES


@choice("certs", who=Role.OFFICIAL, reach="own")
async def own(turn: Turn, page: int = 0) -> Screen:
    """List the person's own certificates."""
    shown = page_of(await certificates.of_person(turn.tx, turn.person.person_id), page)
    screen = Screen("certificates/own", page=shown)
    for one in shown.items:
        screen.button("item", "cert", one.id, one=one)
    shown.buttons(screen, "certs").button("send", "cert_send")
    return screen.button("back", "hours", beside=True).button("home", "home", beside=True)


@choice("cert", who=Role.OFFICIAL, reach="own")
async def card(turn: Turn, certificate_id: int) -> Screen:
    """Show one of the person's own certificates."""
    one = await certificates.find(turn.tx, certificate_id)
    if one.person_id != turn.person.person_id:
        raise NotAllowed(one.subject)
    screen = Screen("certificates/card", one=one, own=True)
    if one.file_id is not None:
        screen.button("file", "cert_file", certificate_id)
    return screen.button("back", "certs").button("home", "home", beside=True)


@choice("cert_file", who=Role.OFFICIAL, reach="own")
async def open_own(turn: Turn, certificate_id: int) -> Screen:
    """Send a person the file they sent in."""
    one = await certificates.find(turn.tx, certificate_id)
    if one.person_id != turn.person.person_id or one.file_id is None:
        raise NotAllowed(one.subject)
    kept = await certificate_files.find(turn.tx, one.file_id)
    screen = Screen("certificates/file", one=one, fresh=True).attach(kept.filename, kept.content)
    return screen.button("back", "cert", certificate_id)


@choice("cert_send", who=Role.OFFICIAL, reach="own")
async def ask_file(turn: Turn) -> Screen:
    """Ask for a photo or PDF."""
    turn.draft.pop("cert", None)
    turn.ask_file("cert_file")
    return Screen("certificates/ask_file").button("back", "certs")


@file("cert_file", who=Role.OFFICIAL, reach="own")
async def received(turn: Turn, sent: ReceivedFile) -> Screen:
    """Keep the file and ask the first question."""
    file_id = await certificate_files.keep(turn.tx, turn.person.person_id, sent.content, turn.now)
    turn.dialogue.forget()
    turn.draft["cert"] = {"file": file_id}
    return _question(turn, "title")


def _draft(turn: Turn) -> dict[str, Any]:
    """Give what the person has told so far. Raises Stale when it was begun too long ago."""
    draft = turn.draft.get("cert")
    if not isinstance(draft, dict):
        raise Stale("certificates/begin_again")
    return draft


def _question(turn: Turn, about: str) -> Screen:
    turn.ask(f"cert_{about}")
    return Screen("certificates/ask", about=about).button("leave", "certs")


@answer("cert_title", who=Role.OFFICIAL, reach="own")
async def title_typed(turn: Turn, text: str) -> Screen:
    """Keep the title and ask who issued it."""
    _draft(turn)["title"] = certificates.checked_words(text)
    return _question(turn, "issuer")


@answer("cert_issuer", who=Role.OFFICIAL, reach="own")
async def issuer_typed(turn: Turn, text: str) -> Screen:
    """Keep the issuer and ask for the number."""
    _draft(turn)["issuer"] = certificates.checked_words(text)
    return _question(turn, "number")


@answer("cert_number", who=Role.OFFICIAL, reach="own")
async def number_typed(turn: Turn, text: str) -> Screen:
    """Keep the number, unless it is in the register, and ask for the day."""
    draft = _draft(turn)
    draft["number"] = certificates.checked_words(text)
    if await certificates.taken(turn.tx, draft["issuer"], draft["number"]):
        raise Refused("certificates/number_taken", number=draft["number"], issuer=draft["issuer"])
    return _question(turn, "day")


def day_of(turn: Turn, text: str) -> str:
    """Read a typed day of issue as ISO text. Raises Refused."""
    today = calendar.Calendar(turn.zone).local(turn.now).date()
    try:
        day = cells.day(Cell(text))
    except CellError:
        day = None
    if day is None:
        raise Refused("certificates/day_wrong", value=text[:40])
    return certificates.checked_day(day, today)


@answer("cert_day", who=Role.OFFICIAL, reach="own")
async def day_typed(turn: Turn, text: str) -> Screen:
    """Keep the day and ask for the hours."""
    _draft(turn)["issued_on"] = day_of(turn, text)
    return _question(turn, "hours")


@answer("cert_hours", who=Role.OFFICIAL, reach="own")
async def hours_typed(turn: Turn, text: str) -> Screen:
    """Keep the hours and offer the categories."""
    _draft(turn)["hours"] = certificates.checked_hours(text)
    screen = Screen("certificates/category")
    for place, code in enumerate(CATEGORIES):
        screen.button("item", "cert_category", code, beside=place % 2 == 1, code=code)
    return screen.button("leave", "certs")


@choice("cert_category", who=Role.OFFICIAL, reach="own")
async def category_chosen(turn: Turn, code: str) -> Screen:
    """Keep the category and show all that will be sent."""
    draft = _draft(turn)
    if code not in CATEGORIES:
        raise Stale
    draft["category"] = code
    screen = Screen("certificates/confirm", facts=_facts(draft))
    return screen.button("send", "cert_send_yes", tone="go").button("leave", "certs", beside=True)


def _facts(draft: dict[str, Any]) -> Facts:
    names = ("title", "issuer", "number", "issued_on", "hours", "category")
    if any(name not in draft for name in names):
        raise Stale("certificates/begin_again")
    return Facts(*(draft[name] for name in names))


@choice("cert_send_yes", who=Role.OFFICIAL, reach="own")
async def send(turn: Turn) -> Screen:
    """Register it as waiting for HR."""
    draft = _draft(turn)
    facts, file_id = _facts(draft), draft["file"]
    await certificate_files.find(turn.tx, file_id)
    days = await calendar.load(turn.tx, turn.zone)
    await certificates.send_in(turn.tx, turn.person.person_id, facts, file_id, days, turn.now)
    turn.draft.pop("cert")
    return Screen("certificates/sent", facts=facts).button("certs", "certs").button("home", "home", beside=True)


@notice("certificate_decided")
async def decided(turn: Turn, certificate_id: int) -> Screen | None:
    """Tell a person what became of the certificate they sent in."""
    one = await certificates.find(turn.tx, certificate_id)
    if one.state not in ("valid", "refused"):
        return None
    screen = Screen("certificates/decided", one=one)
    return screen.button("hours", "hours").button("certs", "certs", beside=True)


@notice("certificate_issued")
async def issued(turn: Turn, certificate_id: int) -> Screen | None:
    """Tell a learner that the certificate of a class was issued to them, while it stands."""
    one = await certificates.find(turn.tx, certificate_id)
    kept = (await records.of_course(turn.tx, one.course_id or 0)).get(one.person_id)
    if one.state != "valid" or kept is None:
        return None
    screen = Screen("certificates/issued", one=one, hours_tenths=kept.record.hours_tenths)
    return screen.button("certs", "certs").button("home", "home", beside=True)
