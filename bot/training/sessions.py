"""Sessions of courses and whose they are. When people are reminded of them is in session_reminders."""

from dataclasses import dataclass

from bot.errors import Stale
from bot.store import Reading, Row


@dataclass(frozen=True)
class Session:
    """One session; instants in UTC seconds, `hours` in lesson periods. `sequence` counts its changes."""

    id: int
    course_id: int
    number: int
    starts_at: int
    ends_at: int
    hours: int | None
    place: str | None
    link: str | None
    sequence: int
    cancelled: bool

    @property
    def subject(self) -> str:
        """Give the subject of its reminders."""
        return f"session:{self.id}"


@dataclass(frozen=True)
class Mine:
    """A session of a course on which a person has a seat, or has had one.

    `of` is how many sessions the course holds; `left` how often the person gave up a seat on it; `held`
    whether they have one now.
    """

    session: Session
    title: str
    of: int
    held: bool
    left: int
    course_cancelled: bool

    @property
    def off(self) -> bool:
        """Tell whether it should disappear from the person's calendar."""
        return not self.held or self.session.cancelled or self.course_cancelled

    @property
    def sequence(self) -> int:
        """Give a number that grows with every change of the session and of the person's own seat."""
        return self.session.sequence + 2 * self.left - (0 if self.held or not self.left else 1)


def session_of(row: Row) -> Session:
    """Read a session from a row of `sessions`."""
    return Session(
        row["id"],
        row["course_id"],
        row["number"],
        row["starts_at"],
        row["ends_at"],
        row["hours"],
        row["place"],
        row["link"],
        row["sequence"],
        row["cancelled_at"] is not None,
    )


async def find(tx: Reading, session_id: int) -> Session:
    """Read a session. Raises Stale when there is none."""
    row = await tx.fetchrow("select * from sessions where id = $1", session_id)
    if row is None:
        raise Stale
    return session_of(row)


async def of_course(tx: Reading, course_id: int) -> list[Session]:
    """Give the sessions of a course in order, without those taken out of it."""
    rows = await tx.fetch(
        "select * from sessions where course_id = $1 and cancelled_at is null order by starts_at, number", course_id
    )
    return [session_of(row) for row in rows]


async def of_person(tx: Reading, person_id: int) -> list[Mine]:
    """Give every session of every course on which the person has or had a seat, the earliest first."""
    rows = await tx.fetch(
        """
        select s.*, c.title, c.state as course_state, mine.held, mine.past,
            (select count(*) from sessions o where o.course_id = s.course_id and o.cancelled_at is null) as held_in_all
        from (
            select course_id, count(case when state = 'seat' then 1 end) as held,
                count(case when state <> 'seat' then 1 end) as past
            from enrolments where person_id = $1 and seated_at is not null group by course_id
        ) mine
        join sessions s on s.course_id = mine.course_id
        join courses c on c.id = s.course_id
        order by s.starts_at, s.id
        """,
        person_id,
    )
    return [_mine(row) for row in rows]


def _mine(row: Row) -> Mine:
    return Mine(
        session=session_of(row),
        title=row["title"],
        of=row["held_in_all"],
        held=row["held"] > 0,
        left=row["past"],
        course_cancelled=row["course_state"] == "cancelled",
    )


async def upcoming(tx: Reading, person_id: int, now: int) -> list[Mine]:
    """Give the person's sessions that are not over at `now`, the next first."""
    return [m for m in await of_person(tx, person_id) if not m.off and m.session.ends_at > now]


@dataclass(frozen=True)
class Clash:
    """A session of another course at the same time."""

    course_id: int
    title: str
    starts_at: int
    ends_at: int


async def clash(tx: Reading, person_id: int, course_id: int, since: int = 0) -> Clash | None:
    """Give the first session of the person's other courses (seats and requests) that overlaps with this course.

    Sessions of this course that were over at `since` (UTC seconds) are not looked at.
    """
    row = await tx.fetchrow(
        """
        select c.id, c.title, b.starts_at, b.ends_at from sessions a
        join sessions b on b.starts_at < a.ends_at and b.ends_at > a.starts_at
            and b.course_id <> a.course_id and b.cancelled_at is null
        join courses c on c.id = b.course_id and c.state <> 'cancelled'
        join enrolments e on e.course_id = b.course_id and e.person_id = $2 and e.state in ('seat', 'head', 'hr')
        where a.course_id = $1 and a.cancelled_at is null and a.ends_at > $3
        order by b.starts_at, b.id limit 1
        """,
        course_id,
        person_id,
        since,
    )
    return None if row is None else Clash(row["id"], row["title"], row["starts_at"], row["ends_at"])
