"""Courses: what they are and who may see which. Who has signed up, and the rules of it, are elsewhere."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bot.errors import Stale
from bot.store import Reading, Row, Tx
from bot.training import eligibility, rights
from bot.training.calendar import Calendar

# Content groups of the training law and of the offices' own lists; a course has one (domain: course categories).
CATEGORIES = (
    "LLCT", "QPAN", "QLNN", "LDQL", "VTVL", "CMNV", "CDNN", "PL", "DDCV", "CCHC", "CDS", "NN", "TDT", "HNQT", "DT",
)  # fmt: skip
MODES = ("truc_tiep", "truc_tuyen", "ket_hop")
SHORT = 5  # days on which a short course is held at most (R56)
LENGTHS = ("short", "long")
AUDIENCES = ("CB", "CC", "VC", "HDLD")
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")


@dataclass(frozen=True)
class Course:
    """One course; instants in UTC seconds. `starts_at` and `ends_at` are those of its first and last session.

    `only_…` narrow who may come beside `audience`: empty narrows nothing. `pass_mark` is in tenths, 50 is 5.0.
    """

    id: int
    code: str
    title: str
    category: str
    objective: str | None
    audience: tuple[str, ...]
    mode: str
    capacity: int
    deadline: int
    lecturer: str | None
    institution: str | None
    payer: str | None
    document: str | None
    bring: str | None
    needs_head: bool
    needs_hr: bool
    state: str
    cancel_reason: str | None
    cancel_until: int
    starts_at: int
    ends_at: int
    owner_unit_id: int | None = None
    institution_id: int | None = None
    kind: str = "lop"
    level: str | None = None
    tags: tuple[str, ...] = ()
    hours_theory: int | None = None
    hours_practice: int | None = None
    mandatory: bool = False
    approve_until: int | None = None
    document_on: str | None = None
    only_leaders: bool = False
    only_titles: tuple[str, ...] = ()
    only_ranks: tuple[str, ...] = ()
    only_units: tuple[int, ...] = ()
    contact_person_id: int | None = None
    attendance_share: int = 80
    pass_mark: int = 50
    copied_from: int | None = None
    postponed_at: int | None = None
    days: int = 0  # on which it is held; only where `with_days` was asked

    @property
    def length(self) -> str:
        """Give 'short' for a course held on five days or fewer (R56), else 'long'."""
        return "short" if self.days <= SHORT else "long"

    @property
    def postponed(self) -> bool:
        """Tell whether it is put off until new dates are set; its end, perhaps its start, is clock.UNDATED then."""
        return self.postponed_at is not None and not self.cancelled

    @property
    def cancelled(self) -> bool:
        """Tell whether it will not be held."""
        return self.state == "cancelled"

    @property
    def subject(self) -> str:
        """Give the subject of what is told about it."""
        return f"course:{self.id}"

    @property
    def end_subject(self) -> str:
        """Give the subject of its end, from which ratings start."""
        return f"course_end:{self.id}"


@dataclass(frozen=True)
class Filter:
    """What a catalogue is narrowed to; an empty field narrows nothing. `month` is local, '2026-12'."""

    category: str = ""
    month: str = ""
    mode: str = ""
    length: str = ""

    @classmethod
    def parse(cls, text: str) -> "Filter":
        """Read what `str` gave; whatever a forged button says beyond that is dropped."""
        category, month, mode, length, *_ = [*text.split("."), "", "", "", ""]
        return cls(
            category if category in CATEGORIES else "",
            month if _MONTH.fullmatch(month) else "",
            mode if mode in MODES else "",
            length if length in LENGTHS else "",
        )

    def __str__(self) -> str:
        return ".".join((self.category, self.month, self.mode, self.length)) if self else ""

    def __bool__(self) -> bool:
        return bool(self.category or self.month or self.mode or self.length)

    def with_value(self, by: str, value: str) -> "Filter":
        """Give the filter with its category, month, mode or length set to `value`."""
        return replace(self, **{by: value}) if by in ("category", "month", "mode", "length") else self

    def fits(self, course: Course, zone: ZoneInfo) -> bool:
        """Tell whether a course is of or touches (R18) this category, begins in this month, is so held and so long."""
        return (
            self.category in ("", course.category, *course.tags)
            and self.month in ("", month_of(course, zone))
            and self.mode in ("", course.mode)
            and self.length in ("", course.length)
        )


def values_of(offered: Sequence[Course], narrowed: Filter, by: str, zone: ZoneInfo) -> list[tuple[str, int]]:
    """Give each value of `by` (category, month, mode, length) of the courses that fit the rest, with their number."""
    rest = narrowed.with_value(by, "")
    fitting = [course for course in offered if rest.fits(course, zone)]
    return sorted(Counter(value for course in fitting for value in _values(course, by, zone)).items())


def _values(course: Course, by: str, zone: ZoneInfo) -> set[str]:
    if by == "category":
        return {course.category, *course.tags}
    return {month_of(course, zone) if by == "month" else course.length if by == "length" else course.mode}


def month_of(course: Course, zone: ZoneInfo) -> str:
    """Give the local month of the first session, '2026-12'."""
    return Calendar(zone).day(course.starts_at)[:7]


async def find(tx: Reading, course_id: int) -> Course:
    """Read a course. Raises Stale when there is none."""
    return _found(await tx.fetchrow("select * from courses where id = $1", course_id))


async def with_code(tx: Reading, code: str) -> Course | None:
    """Give the course of an organiser's code, None when there is none."""
    row = await tx.fetchrow("select * from courses where code = $1", code)
    return None if row is None else course_of(row)


async def hold(tx: Tx, codes: Iterable[str]) -> None:
    """Hold every course of these codes, the lower number first: so two files with many do not wait in a circle."""
    found = [await with_code(tx, code) for code in sorted(set(codes))]
    for course_id in sorted(course.id for course in found if course is not None):
        await locked(tx, course_id)


async def locked(tx: Tx, course_id: int) -> Course:
    """Read a course and hold it until the transaction ends: whoever counts its places asks for this first."""
    return _found(await tx.fetchrow("select * from courses where id = $1 for update", course_id))


def _found(row: Row | None) -> Course:
    if row is None:
        raise Stale
    return course_of(row)


def course_of(row: Row) -> Course:
    """Read a course from a row of `courses`."""
    return Course(
        id=row["id"],
        code=row["code"],
        title=row["title"],
        category=row["category"],
        objective=row["objective"],
        audience=tuple(row["audience"].split(",")),
        mode=row["mode"],
        capacity=row["capacity"],
        deadline=row["deadline"],
        lecturer=row["lecturer"],
        institution=row["institution"],
        payer=row["payer"],
        document=row["document"],
        bring=row["bring"],
        needs_head=bool(row["needs_head"]),
        needs_hr=bool(row["needs_hr"]),
        state=row["state"],
        cancel_reason=row["cancel_reason"],
        cancel_until=row["cancel_until"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        owner_unit_id=row["owner_unit_id"],
        institution_id=row["institution_id"],
        kind=row["kind"],
        level=row["level"],
        tags=tuple(row["tags"].split(",")) if row["tags"] else (),
        hours_theory=row["hours_theory"],
        hours_practice=row["hours_practice"],
        mandatory=bool(row["mandatory"]),
        approve_until=row["approve_until"],
        document_on=row["document_on"],
        only_leaders=bool(row["only_leaders"]),
        only_titles=tuple(row["only_titles"].splitlines()),
        only_ranks=tuple(row["only_ranks"].splitlines()),
        only_units=tuple(int(n) for n in row["only_units"].split(",") if n),
        contact_person_id=row["contact_person_id"],
        attendance_share=row["attendance_share"],
        pass_mark=row["pass_mark"],
        copied_from=row["copied_from"],
        postponed_at=row["postponed_at"],
    )


async def catalogue(tx: Reading, person_id: int, now: int) -> list[Course]:
    """Give the courses this person may sign up for at `now`, the earliest first."""
    rows = await tx.fetch(
        """
        select c.* from courses c join people p on p.id = $1
        where c.state = 'open' and c.postponed_at is null and c.deadline >= $2 and c.starts_at > $2
            and ',' || c.audience || ',' like '%,' || p.audience || ',%'
        order by c.starts_at, c.title, c.id
        """,
        person_id,
        now,
    )
    facts = await eligibility.facts_of(tx, person_id)
    offered = [course_of(row) for row in rows]
    return [course for course in offered if facts and not eligibility.objection(course, facts)]


async def with_days(tx: Reading, offered: Sequence[Course], zone: ZoneInfo) -> list[Course]:
    """Give open courses with the number of local days on which each is held."""
    rows = await tx.fetch(
        """
        select s.course_id, s.starts_at from sessions s join courses c on c.id = s.course_id
        where c.state = 'open' and s.cancelled_at is null
        """
    )
    held: dict[int, set[str]] = {}
    for row in rows:
        held.setdefault(row["course_id"], set()).add(Calendar(zone).day(row["starts_at"]))
    return [replace(course, days=len(held.get(course.id, ()))) for course in offered]


async def titles(tx: Reading, person_id: int, now: int) -> list[tuple[int, str]]:
    """Give number and title of every course the person may see: those open to them and those they are on."""
    rows = await tx.fetch(
        """
        select c.* from courses c where c.ends_at > $2 and exists (
            select 1 from enrolments e where e.course_id = c.id and e.person_id = $1
                and e.state in ('head', 'hr', 'seat', 'waiting', 'offered'))
        """,
        person_id,
        now,
    )
    seen = {course.id: course for course in [*await catalogue(tx, person_id, now), *map(course_of, rows)]}
    return [(course.id, course.title) for course in sorted(seen.values(), key=lambda c: (c.starts_at, c.id))]


async def postponed_for(tx: Reading, person_id: int) -> list[str]:
    """Give the titles of courses put off on which the person has a seat."""
    rows = await tx.fetch(
        """
        select c.title from courses c join enrolments e on e.course_id = c.id and e.person_id = $1 and e.state = 'seat'
        where c.postponed_at is not null and c.state <> 'cancelled' order by c.title, c.id
        """,
        person_id,
    )
    return [row["title"] for row in rows]


async def seen_by(tx: Reading, clerk_id: int) -> list[Course]:
    """Give every course a clerk may see, the earliest first. In what order they are listed: class_console."""
    rows = await tx.fetch(
        f"select * from courses c where {rights.seen('c.owner_unit_id', '$1')} order by starts_at, id",  # noqa: S608
        clerk_id,
    )
    return [course_of(row) for row in rows]
