"""Who is on which course, and how each got where they are. When a place is free is counted in places."""

from dataclasses import dataclass

from bot.chat.turns import Role, Speaker
from bot.errors import Stale
from bot.store import Reading, Row, Tx
from bot.training import deciders, rights

ACTIVE = ("head", "hr", "seat", "waiting", "offered")
UNDECIDED = ("head", "hr")
NOMINATED = "nominated"  # the reason kept of a step that others took for the person


@dataclass(frozen=True)
class Enrolment:
    """One attempt of a person to be on a course; instants in UTC seconds.

    States: 'head' and 'hr' wait for that decision, 'seat', 'waiting' (for a place), 'offered' (a place, until
    `offer_expires_at`); over are 'refused', 'cancelled' and 'declined' (by the person), 'lapsed' (in time),
    'withdrawn' (with the course). The waiting list goes by (`arrival`, `id`).
    """

    id: int
    course_id: int
    person_id: int
    state: str
    arrival: int
    requested_at: int
    offer_expires_at: int | None
    head_by: int | None
    reason: str | None
    nominated_by: int | None = None

    @property
    def nominated_by_hr(self) -> bool:
        """Tell whether HR put the person on the course, and so has decided; a head leaves `head_by` as well."""
        return self.nominated_by is not None and self.head_by is None

    @property
    def active(self) -> bool:
        """Tell whether it still stands."""
        return self.state in ACTIVE

    def offer_open(self, now: int) -> bool:
        """Tell whether its place can be taken at `now`, whatever has or has not been cleared away."""
        return self.state == "offered" and self.offer_expires_at is not None and self.offer_expires_at > now


def _enrolment(row: Row) -> Enrolment:
    return Enrolment(
        row["id"],
        row["course_id"],
        row["person_id"],
        row["state"],
        row["arrival"],
        row["requested_at"],
        row["offer_expires_at"],
        row["head_by"],
        row["reason"],
        row["nominated_by"],
    )


async def find(tx: Reading, enrolment_id: int) -> Enrolment:
    """Read an enrolment. Raises Stale when there is none."""
    row = await tx.fetchrow("select * from enrolments where id = $1", enrolment_id)
    if row is None:
        raise Stale
    return _enrolment(row)


async def latest(tx: Reading, person_id: int, course_id: int) -> Enrolment | None:
    """Give the person's newest attempt on a course; only the newest can be active."""
    row = await tx.fetchrow(
        "select * from enrolments where person_id = $1 and course_id = $2 order by id desc limit 1",
        person_id,
        course_id,
    )
    return None if row is None else _enrolment(row)


async def with_state(tx: Reading, course_id: int, state: str) -> list[Enrolment]:
    """Give the enrolments of a course in one state, in the order of arrival."""
    rows = await tx.fetch(
        "select * from enrolments where course_id = $1 and state = $2 order by arrival, id", course_id, state
    )
    return [_enrolment(row) for row in rows]


async def last_by(tx: Reading, enrolment_id: int) -> int | None:
    """Give who took the last step of an enrolment; None when time did."""
    by: int | None = await tx.fetchval(
        "select by_person from enrolment_history where enrolment_id = $1 order by id desc limit 1", enrolment_id
    )
    return by


async def position(tx: Reading, enrolment: Enrolment) -> int:
    """Give the place on the waiting list, from 1; 0 when it is not on it."""
    if enrolment.state != "waiting":
        return 0
    before: int = await tx.fetchval(
        """
        select count(*) from enrolments where course_id = $1 and state = 'waiting'
            and (arrival < $2 or (arrival = $2 and id < $3))
        """,
        enrolment.course_id,
        enrolment.arrival,
        enrolment.id,
    )
    return before + 1


async def add(tx: Tx, course_id: int, person_id: int, state: str, arrival: int, now: int) -> int:
    """Write a new attempt and give its number. The caller holds the course."""
    enrolment_id: int = await tx.fetchval(
        """
        insert into enrolments (course_id, person_id, state, arrival, requested_at, seated_at)
        values ($1, $2, $3, $4, $5, case when $3 = 'seat' then cast($5 as bigint) end) returning id
        """,
        course_id,
        person_id,
        state,
        arrival,
        now,
    )
    await _record(tx, enrolment_id, state, person_id, None, now)
    return enrolment_id


async def move(
    tx: Tx, enrolment_id: int, state: str, now: int, *, by: int | None = None, reason: str | None = None
) -> int:
    """Bring an enrolment into another state and give the number of that step. The caller holds the course."""
    await tx.execute(
        """
        update enrolments set state = $2, decided_by = coalesce($3, decided_by), decided_at = $4, reason = $5,
            offer_expires_at = null, seated_at = case when $2 = 'seat' then cast($4 as bigint) else seated_at end
        where id = $1
        """,
        enrolment_id,
        state,
        by,
        now,
        reason,
    )
    return await _record(tx, enrolment_id, state, by, reason, now)


async def offer(tx: Tx, enrolment_id: int, expires_at: int, now: int) -> int:
    """Offer a place until `expires_at` and give the number of that step. The caller holds the course."""
    step = await move(tx, enrolment_id, "offered", now)
    await tx.execute("update enrolments set offer_expires_at = $2 where id = $1", enrolment_id, expires_at)
    return step


async def nominate(
    tx: Tx, course_id: int, person_id: int, by: int, arrival: int, now: int, *, as_head: bool, expires_at: int | None
) -> tuple[int, int]:
    """Put somebody on a course for whom others ask: offered a place until `expires_at`, waiting when that is None.

    Gives the number of the enrolment and of that step. The caller holds the course.
    """
    state = "waiting" if expires_at is None else "offered"
    enrolment_id: int = await tx.fetchval(
        """
        insert into enrolments (course_id, person_id, state, arrival, requested_at, offer_expires_at, nominated_by,
            head_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8) returning id
        """,
        course_id,
        person_id,
        state,
        arrival,
        now,
        expires_at,
        by,
        by if as_head else None,
    )
    return enrolment_id, await _record(tx, enrolment_id, state, by, NOMINATED, now)


async def last_arrival(tx: Reading, course_id: int) -> int:
    """Give the place in the order of arrival behind which a list that came in by file lines up."""
    arrival: int | None = await tx.fetchval("select max(arrival) from enrolments where course_id = $1", course_id)
    return arrival or 0


async def note_head(tx: Tx, enrolment_id: int, head_id: int) -> None:
    """Keep that the head agreed."""
    await tx.execute("update enrolments set head_by = $2 where id = $1", enrolment_id, head_id)


async def _record(tx: Tx, enrolment_id: int, state: str, by: int | None, reason: str | None, now: int) -> int:
    step: int = await tx.fetchval(
        """
        insert into enrolment_history (enrolment_id, state, by_person, reason, at) values ($1, $2, $3, $4, $5)
        returning id
        """,
        enrolment_id,
        state,
        by,
        reason,
        now,
    )
    return step


async def open_tasks(tx: Reading, person_id: int, now: int) -> int:
    """Count the offers that wait for this person's answer."""
    count: int = await tx.fetchval(
        "select count(*) from enrolments where person_id = $1 and state = 'offered' and offer_expires_at > $2",
        person_id,
        now,
    )
    return count


@dataclass(frozen=True)
class Undecided:
    """A request that waits for a decision."""

    id: int
    name: str
    unit: str
    title: str
    state: str


_ASKED = """
    select e.id as key, e.person_id, p.unit_id from enrolments e join people p on p.id = e.person_id
    where e.state = 'head'
"""
_QUEUE = f"""
    with recursive {deciders.relation(_ASKED, "$3")}
    select e.id, p.name, n.name as unit, c.title, e.state from enrolments e
    join people p on p.id = e.person_id join units n on n.id = p.unit_id join courses c on c.id = e.course_id
    where e.state in ('head', 'hr') and (
        exists (select 1 from decides d where d.key = e.id and d.decider_id = $1)
        or $2 = 1 and {rights.covered("p.unit_id", "$1")} and not exists (
            select 1 from decides d join accounts a on a.person_id = d.decider_id and a.unreachable_at is null
            where d.key = e.id and (
                select k.given from consents k where k.person_id = d.decider_id and k.purpose = 'link'
                order by k.id desc limit 1) = 1))
    order by e.arrival, e.id
"""  # noqa: S608 (constants)


async def queue(tx: Reading, speaker: Speaker, now: int) -> list[Undecided]:
    """Give what waits for this speaker's decision, in the order of arrival.

    A head, or who stands in for one, has the requests of their people; HR, as far as their rights reach, those that
    wait for HR, and those whose head has no chat.
    """
    rows = await tx.fetch(_QUEUE, speaker.person_id, int(Role.HR in speaker.roles), now)
    return [Undecided(row["id"], row["name"], row["unit"], row["title"], row["state"]) for row in rows]


async def waiting_for(tx: Reading, speaker: Speaker, now: int) -> int:
    """Count what waits for this speaker's decision."""
    if not speaker.roles & {Role.HEAD, Role.HR}:
        return 0
    return len(await queue(tx, speaker, now))


@dataclass(frozen=True)
class Open:
    """A course that a person is on without a seat yet."""

    course_id: int
    title: str
    starts_at: int
    state: str
    offer_expires_at: int | None


async def without_seat(tx: Reading, person_id: int, now: int) -> list[Open]:
    """Give what the person waits for or has been offered, the earliest course first."""
    rows = await tx.fetch(
        """
        select c.id, c.title, c.starts_at, e.state, e.offer_expires_at from enrolments e
        join courses c on c.id = e.course_id
        where e.person_id = $1
            and (e.state in ('head', 'hr', 'waiting') or e.state = 'offered' and e.offer_expires_at > $2)
        order by c.starts_at, c.id
        """,
        person_id,
        now,
    )
    return [Open(row["id"], row["title"], row["starts_at"], row["state"], row["offer_expires_at"]) for row in rows]


@dataclass(frozen=True)
class Participant:
    """A person on a course as HR sees them."""

    name: str
    code: str
    unit: str
    job: str | None
    state: str
    requested_at: int


async def participants(tx: Reading, course_id: int, clerk_id: int | None = None) -> list[Participant]:
    """Give everybody on a course: seats first, then who is being decided on, offered a place, waiting.

    For a clerk those whom their rights cover; without one everybody, as its school and its lecturers see it.
    """
    rows = await tx.fetch(
        f"""
        select p.name, p.code, u.name as unit, p.title as job, e.state, e.requested_at from enrolments e
        join people p on p.id = e.person_id join units u on u.id = p.unit_id
        where e.course_id = $1 and e.state in ('seat', 'hr', 'head', 'offered', 'waiting')
            and (cast($2 as bigint) is null or {rights.covered("p.unit_id", "$2")})
        order by case e.state when 'seat' then 1 when 'hr' then 2 when 'head' then 3 when 'offered' then 4 else 5 end,
            e.arrival, e.id
        """,  # noqa: S608 (constants)
        course_id,
        clerk_id,
    )
    return [
        Participant(row["name"], row["code"], row["unit"], row["job"], row["state"], row["requested_at"])
        for row in rows
    ]
