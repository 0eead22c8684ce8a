"""What ratings come to: means and bands per item, response rate, comments. Hidden while too few have answered.

Figures grow in steps of so many forms, and by what is left when rating is over, unless that is a single form: whoever
looked before and after it, and knows from the list of who has not rated whose it is, would know what it said.
"""

from dataclasses import dataclass
from typing import Literal

from bot.store import Reading, Row
from bot.training import questionnaires, ratings, rights
from bot.training.questionnaires import Item

MINIMUM = ratings.STEP
# TT 10/2017: 0–<2, 2–<4, 4–<6, 6–<8, 8–10 (the words are in templates)
BANDS: tuple[Literal["kem", "yeu", "trung_binh", "kha", "tot"], ...] = ("kem", "yeu", "trung_binh", "kha", "tot")
Band = Literal["kem", "yeu", "trung_binh", "kha", "tot"]


@dataclass(frozen=True)
class Figure:
    """The mean of one item on the scale 1–10."""

    item: Item
    answers: int
    mean: float

    @property
    def band(self) -> Band:
        """Give its band."""
        return band(self.mean)


@dataclass(frozen=True)
class Finished:
    """A course that is over, with its seats and forms; `ends_at` in UTC seconds."""

    course_id: int
    title: str
    code: str
    ends_at: int
    seats: int
    forms: int
    counted: int

    @property
    def rate(self) -> int:
        """Give the response rate in whole per cent."""
        return round(100 * self.forms / self.seats) if self.seats else 0

    @property
    def hidden(self) -> bool:
        """Tell whether too few have answered for figures."""
        return self.counted < MINIMUM


@dataclass(frozen=True)
class Result:
    """The figures of a course; empty while hidden. Comments stand in no order that tells anything."""

    course: Finished
    figures: tuple[Figure, ...] = ()
    comments: tuple[str, ...] = ()

    @property
    def overall(self) -> float:
        """Give the mean of the items' means."""
        return sum(figure.mean for figure in self.figures) / len(self.figures) if self.figures else 0.0

    @property
    def band(self) -> Band:
        """Give the band of the overall mean."""
        return band(self.overall)


def band(mean: float) -> Band:
    """Give the band of a mean on the scale 0–10: 0–<2, 2–<4, 4–<6, 6–<8, 8–10."""
    return BANDS[min(int(mean / 2), 4)]


_SELECT = """
    select c.id, c.title, c.code, c.ends_at,
        (select count(*) from enrolments e where e.course_id = c.id and e.state = 'seat') as seats,
        (select count(*) from rating_receipts r where r.course_id = c.id) as forms,
        coalesce((select n.forms from rating_counts n where n.course_id = c.id), 0) as counted
    from courses c where c.state <> 'cancelled' and c.ends_at <= $1
"""


def _finished(row: Row, now: int) -> Finished:
    """Read a course; what is left over when rating is over counts too, unless it is a single form."""
    forms, counted = int(row["forms"]), int(row["counted"])
    if row["ends_at"] + ratings.OPEN <= now and forms - counted > 1 and forms >= MINIMUM:
        counted = forms
    return Finished(row["id"], row["title"], row["code"], row["ends_at"], int(row["seats"]), forms, counted)


async def finished(tx: Reading, clerk_id: int, now: int) -> list[Finished]:
    """Give the courses that are over whose owner a clerk's rights cover, the latest first."""
    own = rights.covered("c.owner_unit_id", "$2")
    rows = await tx.fetch(f"{_SELECT} and {own} order by c.ends_at desc, c.id", now, clerk_id)
    return [_finished(row, now) for row in rows]


async def result(tx: Reading, course_id: int, now: int) -> Result | None:
    """Give the result of a course; None when it is not over. Without figures and comments while hidden."""
    rows = await tx.fetch(f"{_SELECT} and c.id = $2", now, course_id)
    if not rows:
        return None
    (row,) = rows
    course = _finished(row, now)
    if course.hidden:
        return Result(course)
    whole = int(course.counted == course.forms)
    texts = await tx.fetch(
        "select text from rating_comments where course_id = $1 and (counted = 1 or cast($2 as bigint) = 1) order by id",
        course_id,
        whole,
    )
    return Result(course, await _figures(tx, course_id, whole), tuple(row["text"] for row in texts))


async def _figures(tx: Reading, course_id: int, whole: int) -> tuple[Figure, ...]:
    """Give the mean of each item, in the order of the newest version of its questionnaire."""
    rows = await tx.fetch(
        """
        select questionnaire, item, count(*) as answers, sum(value) as total from rating_answers
        where course_id = $1 and (counted = 1 or cast($2 as bigint) = 1)
        group by questionnaire, item order by questionnaire, item
        """,
        course_id,
        whole,
    )
    figures = [
        Figure(item, row["answers"], int(row["total"]) / row["answers"])
        for row in rows
        if (item := questionnaires.item_of(row["questionnaire"], row["item"])) is not None
    ]
    order = [item.code for one in {row["questionnaire"] for row in rows} for item in questionnaires.newest(one).items]
    return tuple(sorted(figures, key=lambda f: order.index(f.item.code) if f.item.code in order else len(order)))


@dataclass(frozen=True)
class Taught:
    """How the courses of a lecturer were rated (R26): how many with figures, their forms, the mean of all answers."""

    courses: int
    forms: int
    mean: float

    @property
    def band(self) -> Band:
        """Give the band of the mean."""
        return band(self.mean)


async def of_lecturer(tx: Reading, lecturer_id: int, clerk_id: int, now: int) -> Taught | None:
    """Sum up the courses somebody taught, those of a clerk's own that are over and have figures; None without any."""
    row = await tx.fetchrow(
        f"""
        with taught(id, forms) as (
            select c.id, n.forms from courses c join course_lecturers t on t.course_id = c.id and t.lecturer_id = $1
            join rating_counts n on n.course_id = c.id
            where c.state <> 'cancelled' and c.ends_at <= $2 and {rights.covered("c.owner_unit_id", "$3")})
        select (select count(*) from taught) as courses, (select coalesce(sum(forms), 0) from taught) as forms,
            count(*) as answers, coalesce(sum(value), 0) as total
        from rating_answers where course_id in (select id from taught) and counted = 1
        """,  # noqa: S608 (constants)
        lecturer_id,
        now,
        clerk_id,
    )
    if row is None or not row["answers"]:
        return None
    return Taught(row["courses"], int(row["forms"]), int(row["total"]) / row["answers"])
