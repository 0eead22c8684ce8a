"""Seats that are to pass to a named colleague of the same unit: how each stands, who may take it, who decides.

Its steps are in swapping, what the three are told in swap_notices.
"""

from dataclasses import dataclass

from bot.errors import NotAllowed, Refused, Stale
from bot.folding import fold
from bot.store import Reading, Row
from bot.training import deciders, eligibility, enrolments, people, rights, sessions
from bot.training.audiences import REACHABLE
from bot.training.courses import Course
from bot.training.people import Person


@dataclass(frozen=True)
class Swap:
    """One wish to pass a seat on; instants in UTC seconds.

    States: 'asked' waits for the colleague, 'head' for the head; over are 'done', 'declined' (by the colleague),
    'refused' (by the head), 'withdrawn' (by one of the two), 'lapsed' (in time), 'void' (for `reason`).
    """

    id: int
    course_id: int
    enrolment_id: int
    holder_id: int
    colleague_id: int
    state: str
    arrival: int
    expires_at: int
    reason: str | None

    def open(self, now: int) -> bool:
        """Tell whether it can still come about at `now`."""
        return self.state in ("asked", "head") and self.expires_at > now

    @property
    def subject(self) -> str:
        """Give the subject of what is told about it."""
        return f"swap:{self.id}"


_SELECT = """
    select s.*, e.course_id, e.person_id as holder_id from seat_swaps s join enrolments e on e.id = s.enrolment_id
"""


def _swap(row: Row) -> Swap:
    names = ("id", "course_id", "enrolment_id", "holder_id", "colleague_id", "state", "arrival", "expires_at", "reason")
    return Swap(*(row[name] for name in names))


async def find(tx: Reading, swap_id: int) -> Swap:
    """Read a swap. Raises Stale when there is none."""
    row = await tx.fetchrow(f"{_SELECT} where s.id = $1", swap_id)
    if row is None:
        raise Stale
    return _swap(row)


async def open_of(tx: Reading, person_id: int, course_id: int, now: int) -> Swap | None:
    """Give the open swap of a person on a course: of their seat, else one that they are asked for."""
    rows = await tx.fetch(
        f"""{_SELECT} where e.course_id = $1 and s.state in ('asked', 'head') and s.expires_at > $3
            and (e.person_id = $2 or s.colleague_id = $2)
        order by case when e.person_id = $2 then 0 else 1 end, s.id""",
        course_id,
        person_id,
        now,
    )
    return _swap(rows[0]) if rows else None


async def of_course(tx: Reading, course_id: int) -> list[Swap]:
    """Give every swap there has been on a course."""
    return [_swap(row) for row in await tx.fetch(f"{_SELECT} where e.course_id = $1 order by s.id", course_id)]


async def unsettled(tx: Reading, course_id: int) -> list[Swap]:
    """Give the swaps of a course that nothing has ended yet, whatever time has done to them."""
    return [swap for swap in await of_course(tx, course_id) if swap.state in ("asked", "head")]


async def colleagues(tx: Reading, holder_id: int, course: Course, words: str, now: int) -> list[Person]:
    """Give the people of the holder's unit who could take the seat, by name; `words` narrow to names with them.

    Only who has a chat can be asked.
    """
    rows = await tx.fetch(
        f"""
        select p.*, u.name as unit from people p join units u on u.id = p.unit_id
        join people holder on holder.unit_id = p.unit_id and holder.id = $1
        where p.active = 1 and p.id <> $1 and {REACHABLE} and not exists (
            select 1 from enrolments e where e.person_id = p.id and e.course_id = $2
                and (e.state in ('head', 'hr', 'seat', 'waiting') or e.state = 'offered' and e.offer_expires_at > $3))
        order by p.fold, p.id
        """,  # noqa: S608 (a constant)
        holder_id,
        course.id,
        now,
    )
    found = [people.person_of(row) for row in rows if all(word in row["fold"] for word in fold(words).split())]
    return [person for person in found if await eligibility.may_come(tx, course, person.id)]


async def may_pass_on(tx: Reading, holder_id: int, course: Course, now: int) -> int:
    """Give the enrolment whose seat a person may pass on now. Raises Refused when they have none, or too late."""
    enrolment = await enrolments.latest(tx, holder_id, course.id)
    if enrolment is None or enrolment.state != "seat" or course.cancelled:
        raise Refused("swaps/no_seat", course=course)
    if now > course.cancel_until:
        raise Refused("swaps/too_late", course=course)
    return enrolment.id


async def obstacle(tx: Reading, course: Course, holder_id: int, colleague_id: int, now: int) -> str:
    """Name what stands in the way of passing the seat to this colleague, '' when nothing does.

    One of: cancelled, late, seat (the holder has none), left, unit, on (the colleague is on the course), audience,
    clash.
    """
    if course.cancelled or now > course.cancel_until:
        return "cancelled" if course.cancelled else "late"
    held = await enrolments.latest(tx, holder_id, course.id)
    if held is None or held.state != "seat":
        return "seat"
    colleague, holder = await people.details(tx, colleague_id), await people.find(tx, holder_id)
    if not colleague.active or colleague.person.unit_id != holder.unit_id:
        return "unit" if colleague.active else "left"
    own = await enrolments.latest(tx, colleague_id, course.id)
    if own is not None and own.active and (own.state != "offered" or own.offer_open(now)):
        return "on"
    if not await eligibility.may_come(tx, course, colleague_id):
        return "audience"
    return "clash" if await sessions.clash(tx, colleague_id, course.id) else ""


async def asked(tx: Reading, swap: Swap, now: int) -> list[int]:
    """Give who is asked to decide: heads above both of the two who have a chat, else HR; never one of the two."""
    heads = await deciders.of_person(tx, swap.holder_id, now, but=swap.colleague_id)
    reached = [one for one in heads if await people.chat_of(tx, one) is not None]
    clerks = [] if reached else await rights.clerks_for(tx, swap.holder_id)
    return reached or [one for one in clerks if one not in (swap.holder_id, swap.colleague_id)]


async def check_decides(tx: Reading, person_id: int, swap: Swap, now: int) -> None:
    """Let those pass who may decide: the heads above the two, HR of their unit. Raises NotAllowed."""
    if person_id not in (swap.holder_id, swap.colleague_id):
        unit_id = (await people.find(tx, swap.holder_id)).unit_id
        if person_id in await deciders.of_person(tx, swap.holder_id, now, but=swap.colleague_id):
            return
        if await rights.covers(tx, person_id, unit_id):
            return
    raise NotAllowed(swap.subject)


async def overdue(tx: Reading, now: int) -> list[int]:
    """Give the courses with a swap that may have to be closed."""
    rows = await tx.fetch(
        """
        select distinct e.course_id from seat_swaps s join enrolments e on e.id = s.enrolment_id
        join courses c on c.id = e.course_id
        where s.state in ('asked', 'head') and (s.expires_at <= $1 or e.state <> 'seat' or c.state = 'cancelled'
            or exists (select 1 from enrolments own where own.course_id = e.course_id
                and own.person_id = s.colleague_id and own.state in ('head', 'hr', 'seat', 'waiting')))
        order by e.course_id
        """,
        now,
    )
    return [row["course_id"] for row in rows]


async def queue(tx: Reading, person_id: int, now: int) -> list[Swap]:
    """Give the swaps that wait for this person's decision, the first to arrive first."""
    rows = await tx.fetch(f"{_SELECT} where s.state = 'head' and s.expires_at > $1 order by s.arrival, s.id", now)
    return [swap for swap in map(_swap, rows) if person_id in await asked(tx, swap, now)]
