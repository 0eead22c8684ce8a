"""HR and certificates: confirming those sent in, issuing those of a class, the register. Rules are in bot.training."""

from datetime import date

from bot.chat.pages import page_of
from bot.chat.router import answer, choice, notice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.errors import Refused, Stale
from bot.excel.cells import CellValue
from bot.excel.writer import Sheet, write_workbook
from bot.training import (
    agency,
    audit,
    calendar,
    certificate_files,
    certificates,
    class_rights,
    courses,
    records,
    results,
    rights,
)
from bot.training.certificates import Certificate, Facts
from bot.training.courses import Course
from bot.training.results import Line
from handlers.certificates import day_of

MANAGES = (Role.HR, Role.SCHOOL)
LONGEST_REASON = 300  # characters kept of what was typed
_SHEET = "certificates/sheet"
_REGISTER = ("number", "issued_on", "issuer", "name", "code", "unit", "title", "category", "hours", "state", "sha256")
_CLASS = ("class", "code", "name", "number", "issued_on", "issuer")


@choice("desk_certs", who=Role.HR, reach="list")
async def waiting(turn: Turn, page: int = 0) -> Screen:
    """List what waits for a decision, the oldest first."""
    me = turn.person.person_id
    shown = page_of(await certificates.in_reach(turn.tx, me, only_waiting=True), page)
    await audit.record(turn.tx, me, "certificates.list", f"person:{me}", turn.now)
    screen = Screen("certificates/waiting", page=shown)
    for one in shown.items:
        screen.button("item", "cert_hr", one.id, one=one)
    shown.buttons(screen, "desk_certs").button("register", "cert_register")
    screen.button("decisions", "decisions_all", beside=True)
    return screen.button("back", "desk").button("home", "home", beside=True)


async def _seen(turn: Turn, certificate_id: int) -> Certificate:
    one = await certificates.find(turn.tx, certificate_id)
    await rights.check_person(turn.tx, turn.person.person_id, one.person_id)
    return one


@choice("cert_hr", who=Role.HR, reach="certificate")
async def card(turn: Turn, certificate_id: int) -> Screen:
    """Show a certificate with what HR may do to it."""
    return _card(await _seen(turn, certificate_id))


def _card(one: Certificate) -> Screen:
    screen = Screen("certificates/card", one=one, own=False)
    if one.file_id is not None:
        screen.button("file", "cert_open", one.id)
    if one.state == "waiting":
        screen.button("confirm", "cert_ok", one.id, tone="go")
        screen.button("refuse", "cert_no", one.id, beside=True, tone="stop")
    return screen.button("list", "desk_certs").button("home", "home", beside=True)


@choice("cert_open", who=Role.HR, reach="certificate")
async def open_file(turn: Turn, certificate_id: int) -> Screen:
    """Send HR the file as it was sent in."""
    one = await _seen(turn, certificate_id)
    if one.file_id is None:
        raise Stale
    kept = await certificate_files.find(turn.tx, one.file_id)
    await audit.record(turn.tx, turn.person.person_id, "certificate.open", one.subject, turn.now)
    screen = Screen("certificates/file", one=one, fresh=True).attach(kept.filename, kept.content)
    return screen.button("back", "cert_hr", certificate_id)


@choice("cert_ok", who=Role.HR, reach="certificate")
async def confirm(turn: Turn, certificate_id: int) -> Screen:
    """Confirm it; its hours join the ledger."""
    days = await calendar.load(turn.tx, turn.zone)
    await certificates.decide(turn.tx, certificate_id, turn.person.person_id, days, turn.now)
    return _card(await certificates.find(turn.tx, certificate_id))


@choice("cert_no", who=Role.HR, reach="certificate")
async def ask_reason(turn: Turn, certificate_id: int) -> Screen:
    """Ask why it is refused."""
    one = await _seen(turn, certificate_id)
    turn.ask("cert_no", certificate_id)
    return Screen("certificates/why", one=one).button("back", "cert_hr", certificate_id)


@answer("cert_no", who=Role.HR, reach="certificate")
async def refuse(turn: Turn, text: str, certificate_id: int) -> Screen:
    """Refuse it for the typed reason."""
    days = await calendar.load(turn.tx, turn.zone)
    reason = text[:LONGEST_REASON]
    await certificates.decide(turn.tx, certificate_id, turn.person.person_id, days, turn.now, refuse_because=reason)
    return _card(await certificates.find(turn.tx, certificate_id))


@notice("certificate_waiting")
async def arrived(turn: Turn, certificate_id: int) -> Screen | None:
    """Tell HR that a certificate waits."""
    one = await certificates.find(turn.tx, certificate_id)
    if one.state != "waiting":
        return None
    return Screen("certificates/arrived", one=one).button("open", "cert_hr", certificate_id)


@choice("cert_class", who=MANAGES, reach="course")
async def of_class(turn: Turn, course_id: int, page: int = 0) -> Screen:
    """List who has completed a course, with the number of their certificate."""
    course, completed, issued = await _class(turn, course_id)
    shown = page_of(completed, page)
    screen = Screen("certificates/class", course=course, page=shown, issued=issued)
    for person_id, name in shown.items:
        screen.button("item", "cert_issue", course_id, person_id, name=name, one=issued.get(person_id))
    shown.buttons(screen, "cert_class", course_id)
    if completed:
        screen.button("sheet", "cert_class_sheet", course_id)
    return screen.button("back", "res", course_id, beside=True)


async def _class(turn: Turn, course_id: int) -> tuple[Course, list[tuple[int, str]], dict[int, Certificate]]:
    course = await courses.find(turn.tx, course_id)
    await class_rights.check_manages(turn.tx, turn.person.person_id, course)
    kept = (await records.of_course(turn.tx, course_id)).items()
    done = [(person_id, k.record.name) for person_id, k in kept if k.record.outcome == "completed"]
    return course, sorted(done, key=lambda one: one[1]), await certificates.of_course(turn.tx, course_id)


async def _learner(turn: Turn, course_id: int, person_id: int) -> tuple[Course, Line]:
    """Give somebody who has completed a class that the speaker runs. Raises NotAllowed, Stale, Refused."""
    course, me = await courses.find(turn.tx, course_id), turn.person.person_id
    await class_rights.check_manages(turn.tx, me, course)
    line = await results.line_of(turn.tx, course, person_id, me)
    await certificates.entitled(turn.tx, course, person_id, me)
    return course, line


@choice("cert_issue", who=MANAGES, reach="course person")
async def ask_number(turn: Turn, course_id: int, person_id: int) -> Screen:
    """Ask for the number; of a re-issue, first why."""
    course, person = await _learner(turn, course_id, person_id)
    old = (await certificates.of_course(turn.tx, course_id)).get(person_id)
    turn.ask("cert_again" if old else "cert_issue_number", course_id, person_id)
    turn.draft["cert_issue"] = {"for": [course_id, person_id], "reason": ""}
    screen = Screen("certificates/issue", course=course, person=person, old=old)
    return screen.button("back", "cert_class", course_id)


@answer("cert_again", who=MANAGES, reach="course person")
async def reason_typed(turn: Turn, text: str, course_id: int, person_id: int) -> Screen:
    """Keep why it is issued again and ask for the new number."""
    course, person = await _learner(turn, course_id, person_id)
    turn.draft["cert_issue"] = {"for": [course_id, person_id], "reason": text[:LONGEST_REASON]}
    turn.ask("cert_issue_number", course_id, person_id)
    screen = Screen("certificates/issue", course=course, person=person, old=None)
    return screen.button("back", "cert_class", course_id)


@answer("cert_issue_number", who=MANAGES, reach="course person")
async def number_typed(turn: Turn, text: str, course_id: int, person_id: int) -> Screen:
    """Keep the number and ask for the day."""
    await _learner(turn, course_id, person_id)
    draft = turn.draft.get("cert_issue")
    if not draft or draft["for"] != [course_id, person_id]:
        raise Stale("certificates/begin_again")
    draft["number"] = certificates.checked_words(text)
    turn.ask("cert_issue_day", course_id, person_id)
    screen = Screen("certificates/issue_day", number=draft["number"])
    screen.button("today", "cert_today", course_id, person_id)
    return screen.button("back", "cert_class", course_id, beside=True)


@choice("cert_today", who=MANAGES, reach="course person")
async def issue_today(turn: Turn, course_id: int, person_id: int) -> Screen:
    """Issue it with the day of today."""
    course, _ = await _learner(turn, course_id, person_id)
    return await _issue(turn, course, person_id, calendar.Calendar(turn.zone).day(turn.now))


@answer("cert_issue_day", who=MANAGES, reach="course person")
async def issue_on(turn: Turn, text: str, course_id: int, person_id: int) -> Screen:
    """Issue it with the typed day."""
    course, _ = await _learner(turn, course_id, person_id)
    return await _issue(turn, course, person_id, day_of(turn, text))


async def _issue(turn: Turn, course: Course, person_id: int, day: str) -> Screen:
    draft = turn.draft.pop("cert_issue", None)
    if not draft or draft["for"] != [course.id, person_id] or "number" not in draft:
        raise Stale("certificates/begin_again")
    issuer = course.institution or (await agency.facts(turn.tx)).name
    if not issuer:
        raise Refused("certificates/no_issuer", course=course)
    facts = Facts(course.title, issuer, draft["number"], day, 0, course.category)
    days, me = await calendar.load(turn.tx, turn.zone), turn.person.person_id
    await certificates.issue(turn.tx, course, person_id, facts, me, days, turn.now, reason=draft["reason"])
    return await of_class(turn, course.id)


def _workbook(
    turn: Turn, headings: tuple[str, ...], rows: list[list[CellValue]], title: str, notes: tuple[str, ...] = ()
) -> bytes:
    words = [turn.words(_SHEET, f"heading_{name}") for name in headings]
    sheet = Sheet(turn.words(_SHEET, "title"), words, rows, notes=notes)
    return write_workbook([sheet], title=title, made_at=turn.now)


@choice("cert_class_sheet", who=MANAGES, reach="course")
async def class_sheet(turn: Turn, course_id: int) -> Screen:
    """Send those who completed as a workbook: numbers and days filled in can be sent back. Of nobody there is none."""
    course, _, issued = await _class(turn, course_id)
    await audit.record(turn.tx, turn.person.person_id, "certificates.export", course.subject, turn.now)
    rows: list[list[CellValue]] = []
    for person_id, kept in (await records.of_course(turn.tx, course_id)).items():
        if kept.record.outcome == "completed":
            facts = issued[person_id].facts if person_id in issued else None
            told: list[CellValue] = (
                [facts.number, date.fromisoformat(facts.issued_on), facts.issuer]
                if facts
                else [None, None, course.institution]
            )
            rows.append([course.code, kept.record.code, kept.record.name, *told])
    screen = Screen(_SHEET, fresh=True, course=course, nobody=not rows)
    if rows:
        content = _workbook(turn, _CLASS, rows, course.title)
        screen.attach(turn.words(_SHEET, "class_filename", course=course), content)
        if not turn.has(Role.HR):
            turn.ask_file("res_file")
    return screen.button("back", "cert_class", course_id)


@choice("cert_register", who=Role.HR, reach="list")
async def register(turn: Turn) -> Screen:
    """Send the register of the people in reach as a workbook."""
    me = turn.person.person_id
    found = await certificates.in_reach(turn.tx, me)
    await audit.record(turn.tx, me, "certificates.export", f"person:{me}", turn.now, new={"rows": len(found)})
    rows: list[list[CellValue]] = [
        [one.facts.number, date.fromisoformat(one.facts.issued_on), one.facts.issuer, one.name, one.code, one.unit,
         one.facts.title, one.facts.category, one.facts.hours, turn.words(_SHEET, f"state_{one.state}"), one.sha256]
        for one in found
    ]  # fmt: skip
    title = turn.words(_SHEET, "title")
    content = _workbook(turn, _REGISTER, rows, title, (title, turn.words("uploads/report", "note")))
    screen = Screen(_SHEET, fresh=True, course=None, nobody=False).attach(turn.words(_SHEET, "filename"), content)
    return screen.button("back", "desk_certs").button("home", "home", beside=True)
