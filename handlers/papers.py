"""The papers of a class, filled by one tap: list of learners, decision, the agency's own. Rules: training.papers."""

import asyncio
import datetime as dt
from pathlib import PurePath

from bot import forms
from bot.chat.pages import page_of
from bot.chat.router import choice
from bot.chat.screens import Screen
from bot.chat.turns import Role, Turn
from bot.forms import Row, Values
from bot.forms.number_words import in_words
from bot.training import courses, papers, rights
from bot.training import forms as agency_forms
from bot.training.calendar import Calendar
from bot.training.forms import Template
from bot.training.papers import Learner, Paper
from bot.training.roster_sheet import WRITTEN_GENDERS

LANGUAGE = "vi"  # official papers are Vietnamese, whatever the clerk's chat speaks
_WORDS = "papers/values"


@choice("papers", who=Role.HR, reach="course")
async def menu(turn: Turn, course_id: int, unit_id: int = 0) -> Screen:
    """Offer the papers of a class, of all its learners or of one unit."""
    course = await courses.find(turn.tx, course_id)
    await rights.check_sees_course(turn.tx, turn.person.person_id, course)
    units = await papers.units_of(turn.tx, turn.person.person_id, course_id)
    unit = next((name for number, name, _ in units if number == unit_id), None)
    whole = turn.has(Role.HR_ALL)
    screen = Screen("papers/menu", course=course, unit=unit, count=_count(units, unit_id), may_replace=whole)
    for purpose in agency_forms.BUILT_IN:
        screen.button(purpose, "paper", course_id, unit_id, purpose)
    for row in await agency_forms.listed(turn.tx):
        if row["purpose"] == agency_forms.OWN:
            screen.button("own", "paper", course_id, unit_id, str(row["id"]), name=row["name"])
    if len(units) > 1:
        screen.button("units", "papers_units", course_id, 0)
    screen.button("signed", "decisions", course_id)
    return screen.button("back", "desk_course", course_id).button("home", "home", beside=True)


def _count(units: list[tuple[int, str, int]], unit_id: int) -> int:
    return sum(learners for number, _, learners in units if unit_id in (0, number))


@choice("papers_units", who=Role.HR, reach="course")
async def choose_unit(turn: Turn, course_id: int, page: int) -> Screen:
    """List the units with people on a class."""
    course = await courses.find(turn.tx, course_id)
    await rights.check_sees_course(turn.tx, turn.person.person_id, course)
    found = page_of(await papers.units_of(turn.tx, turn.person.person_id, course_id), page)
    screen = Screen("papers/units", course=course, page=found)
    for unit_id, name, learners in found.items:
        screen.button("item", "papers", course_id, unit_id, name=name, count=learners)
    return found.buttons(screen, "papers_units", course_id).button("back", "papers", course_id)


@choice("paper", who=Role.HR, reach="course unit")
async def paper(turn: Turn, course_id: int, unit_id: int, which: str) -> Screen:
    """Fill one form for a class and send it."""
    told = await papers.for_clerk(turn.tx, turn.person.person_id, course_id, unit_id or None, turn.now)
    screen = await _filled(turn, told, which)
    return screen.button("back", "papers", course_id, unit_id).button("home", "home", beside=True)


@choice("head_papers", who=Role.HEAD, reach="list")
async def of_head(turn: Turn, page: int = 0) -> Screen:
    """List the courses on which a head has people, to fetch their list."""
    found = page_of(await papers.courses_of_head(turn.tx, turn.person.person_id, turn.now), page)
    screen = Screen("papers/of_head", page=found)
    for course in found.items:
        screen.button("item", "head_paper", course.id, course=course)
    return found.buttons(screen, "head_papers").button("list", "approvals").button("home", "home", beside=True)


@choice("head_paper", who=Role.HEAD, reach="list")
async def head_paper(turn: Turn, course_id: int) -> Screen:
    """Send a head the list of their own people on a class."""
    told = await papers.for_head(turn.tx, turn.person.person_id, course_id, turn.now)
    screen = await _filled(turn, told, "list")
    return screen.button("list", "approvals").button("home", "home", beside=True)


async def _filled(turn: Turn, told: Paper, which: str) -> Screen:
    if not told.learners:
        return Screen("papers/nobody", course=told.course)
    own = which.isascii() and which.isdigit()
    form = await (agency_forms.find(turn.tx, int(which)) if own else agency_forms.for_purpose(turn.tx, which))
    values, rows = _values(turn, told), [_row(turn, at, learner) for at, learner in enumerate(told.learners, start=1)]
    content = await asyncio.to_thread(forms.fill, form.content, form.filename, values, rows, agency_forms.OF_LEARNER)
    missing = told.missing if form.purpose == "decision" else []
    screen = Screen("papers/filled", fresh=True, course=told.course, form=form, count=len(rows), missing=missing)
    return screen.attach(_name(turn, told, form), content)


def _name(turn: Turn, told: Paper, form: Template) -> str:
    block = form.purpose if form.purpose in agency_forms.BUILT_IN else "own"
    about = told.unit or told.course.code
    return turn.words("papers/filled", f"file_{block}", about=about, name=form.name) + PurePath(form.filename).suffix


def _values(turn: Turn, told: Paper) -> Values:
    """Give what each mark of a class stands for; what is not known is a line of dots to be written on by hand."""
    course, days = told.course, Calendar(turn.zone)
    first, last = days.local(course.starts_at).date(), days.local(course.ends_at).date()
    values: dict[str, str | int | dt.date | None] = {
        "ten_lop": course.title,
        "ma_lop": course.code,
        "muc_tieu": course.objective,
        "don_vi_to_chuc": course.institution,
        "ngay_hoc": _said(turn, "span", first=course.starts_at, last=course.ends_at, one=first == last),
        "khai_giang": first,
        "be_giang": last,
        "lich_hoc": _said(turn, "sessions", sessions=told.sessions),
        "noi_hoc": "; ".join(told.places),
        "hinh_thuc": _said(turn, "mode", mode=course.mode),
        "so_buoi": len(told.sessions),
        "so_tiet": told.hours or None,
        "giang_vien": course.lecturer,
        "nguon_kinh_phi": papers.payer_within(course.payer),
        "so_van_ban": course.document,
        "ngay_van_ban": dt.date.fromisoformat(course.document_on) if course.document_on else None,
        "so_hoc_vien": len(told.learners),
        "so_hoc_vien_bang_chu": in_words(len(told.learners)),
        "co_quan": told.agency,
        "don_vi_gui": told.unit or told.agency,
        "ngay_lap": days.local(turn.now).date(),
        "nam": str(days.local(turn.now).year),
    }
    dots = _said(turn, "unknown")
    return {name: dots if value in (None, "") else value for name, value in values.items()}


def _said(turn: Turn, block: str, **values: object) -> str:
    return turn.wording(LANGUAGE, _WORDS, block, **values)


def _row(turn: Turn, at: int, learner: Learner) -> Row:
    born = learner.birth_year
    return {
        "stt": at,
        "ho_ten": learner.name,
        "ma": learner.code,
        "gioi_tinh": WRITTEN_GENDERS.get(learner.gender or ""),
        "nam_sinh": None if born is None else str(born),
        "nam_sinh_nam": str(born) if born and learner.gender == "M" else None,
        "nam_sinh_nu": str(born) if born and learner.gender == "F" else None,
        "chuc_vu": learner.title,
        "don_vi": learner.unit,
        "doi_tuong": _said(turn, "audience", code=learner.audience),
        "vi_tri_viec_lam": learner.position,
        "ngach": learner.rank,
        "trinh_do": learner.education,
        "dien_thoai": learner.phone,
        "ghi_chu": None,
    }
