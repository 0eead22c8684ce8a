"""What the papers of a class tell: whom it concerns, which class it is, and what a decision must not lack.

A decision on sending people to a course must state who, what, who organises, when and where, and who pays. How a form
is filled is in bot.forms, which forms there are in training.forms; the words of dates and kinds are the templates'.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import NotAllowed
from bot.store import Reading, Row, Tx
from bot.training import agency, audit, courses, deciders, rights, sessions
from bot.training.courses import Course
from bot.training.sessions import Session


@dataclass(frozen=True)
class Learner:
    """Somebody with a seat, as a list of learners tells them."""

    person_id: int
    code: str
    name: str
    gender: str | None
    birth_year: int | None
    title: str | None
    unit: str
    audience: str
    position: str | None
    rank: str | None
    education: str | None
    phone: str | None


@dataclass(frozen=True)
class Paper:
    """All that a paper of a class may tell; `unit` when it is about the people of one unit only."""

    course: Course
    sessions: Sequence[Session]
    learners: Sequence[Learner]
    agency: str
    unit: str | None

    @property
    def hours(self) -> int:
        """Give the lesson periods (tiết) of all sessions."""
        return sum(session.hours or 0 for session in self.sessions)

    @property
    def places(self) -> list[str]:
        """Give where it is held, each place once."""
        return list(dict.fromkeys(s.place or s.link or "" for s in self.sessions if s.place or s.link))

    @property
    def missing(self) -> list[str]:
        """Name what a decision must state and this class does not: who, organiser, where, payer."""
        there = {
            "who": self.learners,
            "organiser": self.course.institution,
            "where": self.places,
            "payer": self.course.payer,
        }
        return [name for name, value in there.items() if not value]


_COMMON = ("Đơn vị", "Ngân sách", "Cơ quan", "Cá nhân", "Học viên", "Người", "Nguồn")


def payer_within(payer: str | None) -> str | None:
    """Give who pays as it is written within a sentence: a common noun begins small, the name of an office as it is."""
    return payer[0].lower() + payer[1:] if payer and payer.startswith(_COMMON) else payer


_LEARNERS = """
    select p.*, u.name as unit from enrolments e join people p on p.id = e.person_id join units u on u.id = p.unit_id
    where e.course_id = $1 and e.state = 'seat' and (cast($3 as bigint) is null or exists (
        select 1 from units_below b where b.above_id = $3 and b.unit_id = p.unit_id))
"""
_IN_ORDER = "order by u.fold, u.id, p.leader desc, p.fold, p.id"


async def for_clerk(tx: Tx, clerk_id: int, course_id: int, unit_id: int | None, now: int) -> Paper:
    """Give what a clerk may put on paper about a class: the people their rights cover, of one unit or (None) of all.

    Raises NotAllowed for a class or unit beyond their rights.
    """
    course = await courses.find(tx, course_id)
    await rights.check_sees_course(tx, clerk_id, course)
    if unit_id is not None:
        await rights.check_unit(tx, clerk_id, unit_id)
    within = rights.covered("p.unit_id", "$2")
    rows = await tx.fetch(f"{_LEARNERS} and {within} {_IN_ORDER}", course_id, clerk_id, unit_id)
    return await _paper(tx, course, rows, unit_id, clerk_id, now)


async def for_head(tx: Tx, head_id: int, course_id: int, now: int) -> Paper:
    """Give what a head, or whoever stands in for one at `now`, may put on paper: their own people on a class.

    Raises NotAllowed for a class on which none of their people has a seat.
    """
    rows = await tx.fetch(
        f"""
        with recursive {deciders.people_of("$2", "$4")}
        {_LEARNERS} and p.id in (select person_id from mine) {_IN_ORDER}
        """,  # noqa: S608 (constants)
        course_id,
        head_id,
        None,
        now,
    )
    if not rows:
        raise NotAllowed(f"course:{course_id}")
    return await _paper(tx, await courses.find(tx, course_id), rows, None, head_id, now)


async def courses_of_head(tx: Reading, head_id: int, now: int) -> list[Course]:
    """Give the courses not over at `now` on which people whom somebody decides on have a seat, the soonest first."""
    rows = await tx.fetch(
        f"""
        with recursive {deciders.people_of("$1", "$2")}
        select c.* from courses c where c.ends_at > $2 and exists (
            select 1 from enrolments e where e.course_id = c.id and e.state = 'seat'
                and e.person_id in (select person_id from mine))
        order by c.starts_at, c.id
        """,  # noqa: S608 (constants)
        head_id,
        now,
    )
    return [courses.course_of(row) for row in rows]


async def _paper(tx: Tx, course: Course, rows: list[Row], unit_id: int | None, by: int, now: int) -> Paper:
    name = None if unit_id is None else await tx.fetchval("select name from units where id = $1", unit_id)
    await audit.record(tx, by, "course.paper", course.subject, now, new={"unit": unit_id, "people": len(rows)})
    return Paper(
        course,
        await sessions.of_course(tx, course.id),
        [_learner(row) for row in rows],
        (await agency.facts(tx)).name,
        name,
    )


def _learner(row: Row) -> Learner:
    return Learner(
        row["id"],
        row["code"],
        row["name"],
        row["gender"],
        row["birth_year"],
        row["title"],
        row["unit"],
        row["audience"],
        row["position"],
        row["rank"],
        row["education"],
        row["phone"],
    )


async def units_of(tx: Reading, clerk_id: int, course_id: int) -> list[tuple[int, str, int]]:
    """Give number, name and learners of each unit with people on a class, as far as a clerk's rights reach."""
    rows = await tx.fetch(
        f"""
        select u.id, u.name, count(*) as learners from enrolments e
        join people p on p.id = e.person_id join units u on u.id = p.unit_id
        where e.course_id = $1 and e.state = 'seat' and {rights.covered("p.unit_id", "$2")}
        group by u.id, u.name, u.fold order by u.fold, u.id
        """,  # noqa: S608 (constants)
        course_id,
        clerk_id,
    )
    return [(row["id"], row["name"], row["learners"]) for row in rows]
