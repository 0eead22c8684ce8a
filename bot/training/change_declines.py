"""Who said after a change of schedule that they cannot come, and how the clerks of the class hear of it (R19)."""

from dataclasses import dataclass

from bot import outbox
from bot.outbox import Owed
from bot.store import Reading, Tx
from bot.training import absences, rights
from bot.training.calendar import Calendar
from bot.training.courses import Course
from bot.training.enrolment_notices import soon
from bot.training.schedule_history import CURRENT

KIND = "change_declined"
_GATHERED = 900  # seconds: the first "no" is told at once, those that follow within it together at its end
_DAY = 86_400


@dataclass(frozen=True)
class Decline:
    """Somebody who answered that they cannot come, and when (UTC seconds)."""

    name: str
    unit: str
    at: int


async def tell(tx: Tx, course: Course, person_id: int, now: int, days: Calendar) -> None:
    """Owe clerks the news of a "no" that a person has just given. The caller holds the course."""
    part = now // _GATHERED
    for clerk in await _clerks(tx, course, person_id):
        first = await _owe(tx, course, part, clerk, soon(course, now, days), now)
        if not first:
            later = (part + 1) * _GATHERED
            await _owe(tx, course, part + 1, clerk, soon(course, later, days), now)


async def _clerks(tx: Reading, course: Course, person_id: int) -> list[int]:
    """Give the clerks of the class who may know of this person; if there is none, those of the person."""
    unit_id = await tx.fetchval("select unit_id from people where id = $1", person_id)
    clerks = [one for one in await absences.clerks(tx, course) if await rights.covers(tx, one, unit_id)]
    return clerks or await rights.clerks_for(tx, person_id)


async def _owe(tx: Tx, course: Course, part: int, clerk: int, due_at: int, now: int) -> bool:
    return await outbox.put(
        tx,
        Owed(
            key=f"{KIND}:{course.id}:{part}:{clerk}",
            kind=KIND,
            subject=course.subject,
            person_id=clerk,
            due_at=due_at,
            expires_at=max(course.ends_at, due_at + _DAY),
            args=[course.id],
        ),
        now,
    )


async def of_course(tx: Reading, course_id: int, clerk_id: int) -> list[Decline]:
    """Give who cannot come, of the people under a clerk's rights, the newest answer first.

    Who signed up again since, or kept a seat and has another schedule to answer to by now, is left out.
    """
    rows = await tx.fetch(
        f"""
        select p.name, u.name as unit, max(x.at) as at from schedule_changes c
        join change_answers x on x.change_id = c.id and x.answer = 'no'
        join schedule_change_people a on a.change_id = c.id and a.person_id = x.person_id
        join enrolments e on e.id = a.enrolment_id and (e.state = 'cancelled' or e.state = 'seat' and {CURRENT})
        join people p on p.id = x.person_id join units u on u.id = p.unit_id
        where c.course_id = $1 and {rights.covered("p.unit_id", "$2")} and not exists (
            select 1 from enrolments n where n.course_id = $1 and n.person_id = p.id and n.id > e.id
                and n.state in ('seat', 'head', 'hr', 'waiting', 'offered'))
        group by p.id, p.name, u.name order by max(x.at) desc, p.id
        """,  # noqa: S608 (constants)
        course_id,
        clerk_id,
    )
    return [Decline(row["name"], row["unit"], row["at"]) for row in rows]
