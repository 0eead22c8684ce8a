"""The places of a course: the one sum of who holds one. Who gets the next is in offers and approvals."""

from dataclasses import dataclass

from bot.store import Reading, Row


@dataclass(frozen=True)
class Places:
    """How the places of a course stand at one moment.

    `head` and `hr` are requests that wait for that decision; `offered` counts open offers only: one whose
    time is over holds nothing, whether or not it has been cleared away.
    """

    capacity: int
    seats: int = 0
    head: int = 0
    hr: int = 0
    offered: int = 0
    waiting: int = 0

    @property
    def pending(self) -> int:
        """Give the requests under decision: each holds its place, so that nobody is promised one in vain."""
        return self.head + self.hr

    @property
    def firm(self) -> int:
        """Give the places that cannot be taken back from anybody: seats and open offers."""
        return self.seats + self.offered

    @property
    def taken(self) -> int:
        """Give the places held by anybody."""
        return self.firm + self.pending

    @property
    def free(self) -> int:
        """Give the places nobody holds; 0 also when the course has shrunk below what is held."""
        return max(0, self.capacity - self.taken)

    @property
    def active(self) -> int:
        """Give everybody who is on the course in any way, and so has to be told of what becomes of it."""
        return self.taken + self.waiting


_SUM = """
    select c.id, c.capacity,
        count(case when e.state = 'seat' then 1 end) as seats,
        count(case when e.state = 'head' then 1 end) as head,
        count(case when e.state = 'hr' then 1 end) as hr,
        count(case when e.state = 'offered' and e.offer_expires_at > $1 then 1 end) as offered,
        count(case when e.state = 'waiting' then 1 end) as waiting
    from courses c left join enrolments e
        on e.course_id = c.id and e.state in ('seat', 'head', 'hr', 'offered', 'waiting')
    where cast($2 as bigint) is null or c.id = $2
    group by c.id, c.capacity
"""


async def of_course(tx: Reading, course_id: int, now: int) -> Places:
    """Count one course. To act on it, hold the course (courses.locked) first."""
    row = await tx.fetchrow(_SUM, now, course_id)
    return Places(0) if row is None else _places(row)


async def of_all(tx: Reading, now: int) -> dict[int, Places]:
    """Count every course, by its number."""
    return {row["id"]: _places(row) for row in await tx.fetch(_SUM, now, None)}


def _places(row: Row) -> Places:
    return Places(row["capacity"], row["seats"], row["head"], row["hr"], row["offered"], row["waiting"])
