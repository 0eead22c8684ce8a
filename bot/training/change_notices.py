"""Who is told of a changed schedule, and when they are asked: outbox rows and milestones. Answers: change_answers."""

from bot import outbox
from bot.outbox import REMINDER
from bot.store import Reading, Tx
from bot.training import milestones, schedule_history
from bot.training.audiences import REACHABLE
from bot.training.calendar import Calendar
from bot.training.courses import Course
from bot.training.milestones import Step
from bot.training.schedule_history import CURRENT

KIND = "schedule_change"  # the milestones of a question, and the notice
REMIND, DUE = "half", "due"
_ROOM = 2 * 3600  # seconds between being told, being reminded, and the end of the time to answer
_DAY = 86_400

# Of a row `a` of schedule_change_people: the key of the outbox row that tells them.
NOTICE_KEY = f"'{KIND}:' || cast(a.change_id as text) || ':' || cast(a.person_id as text)"
# Of an enrolment `e`: it stands at the instant `now`, so that the person is told.
ON_COURSE = "(e.state in ('seat', 'head', 'hr', 'waiting') or e.state = 'offered' and e.offer_expires_at > {now})"
REACHED = f"({REACHABLE} and p.active = 1)"  # of a person `p`


async def without_chat(tx: Reading, course_id: int, now: int) -> int:
    """Count those on a course whom no message can reach."""
    count: int = await tx.fetchval(
        f"""
        select count(*) as n from enrolments e join people p on p.id = e.person_id
        where e.course_id = $1 and {ON_COURSE.format(now="$2")} and not {REACHED}
        """,  # noqa: S608 (constants)
        course_id,
        now,
    )
    return count


async def tell(tx: Tx, course: Course, change_id: int, told_at: int, now: int, *, asks: bool) -> int:
    """Owe the news to everybody on the course, seat holders with the question; gives to how many.

    What a person has not been told of yet is taken together with this change: they hear what differs from what they
    know, and nothing when nothing does.
    """
    await _note_people(tx, course.id, change_id, now, asks=asks)
    await outbox.withdraw(tx, course.subject, now, "superseded", kind=KIND)
    rows = await tx.fetch("select distinct since_id from schedule_change_people where change_id = $1", change_id)
    told = 0
    for row in rows:
        lines = await schedule_history.net(tx, course.id, row["since_id"], now)
        if not any(line.new for line in lines):
            await _ask_nothing(tx, change_id, row["since_id"])
        if lines:
            told += await _owe(tx, course, change_id, row["since_id"], told_at, now)
    return told


async def _note_people(tx: Tx, course_id: int, change_id: int, now: int, *, asks: bool) -> None:
    await tx.execute(
        f"""
        insert into schedule_change_people (change_id, person_id, since_id, enrolment_id)
        select cast($1 as bigint), e.person_id, coalesce((
            select min(a.since_id) from schedule_change_people a
            join schedule_changes c on c.id = a.change_id and c.course_id = $2
            join outbox o on o.unique_key = {NOTICE_KEY} and o.state = 'pending'
            where a.person_id = e.person_id), cast($1 as bigint)),
            case when e.state = 'seat' and cast($3 as bigint) = 1 then e.id end
        from enrolments e where e.course_id = $2 and {ON_COURSE.format(now="$4")}
        """,  # noqa: S608 (constants)
        change_id,
        course_id,
        int(asks),
        now,
    )


async def _ask_nothing(tx: Tx, change_id: int, since_id: int) -> None:
    """Await no answer of those for whom nothing is held at another time or place than they know."""
    await tx.execute(
        "update schedule_change_people set enrolment_id = null where change_id = $1 and since_id = $2",
        change_id,
        since_id,
    )


async def _owe(tx: Tx, course: Course, change_id: int, since_id: int, told_at: int, now: int) -> int:
    return await tx.execute(
        f"""
        insert into outbox (unique_key, kind, priority, subject, person_id, args, due_at, expires_at, created_at)
        select {NOTICE_KEY}, $3, cast($4 as bigint), $5, a.person_id, $6, cast($7 as bigint), cast($8 as bigint),
            cast($9 as bigint)
        from schedule_change_people a where a.change_id = $1 and a.since_id = $2
        on conflict (unique_key) do nothing
        """,  # noqa: S608 (constants)
        change_id,
        since_id,
        KIND,
        REMINDER,
        course.subject,
        f"[{change_id}]",
        told_at,
        max(course.ends_at, told_at + _DAY),
        now,
    )


async def since(tx: Reading, change_id: int, person_id: int) -> int | None:
    """Give the first change that the news of this one tells a person; None when it does not concern them."""
    found: int | None = await tx.fetchval(
        "select since_id from schedule_change_people where change_id = $1 and person_id = $2", change_id, person_id
    )
    return found


async def plan(tx: Tx, change_id: int, told_at: int, until: int | None, course: Course, now: int,
               days: Calendar) -> None:  # fmt: skip
    """Plan the reminder of those silent half-way, and the end of the time to answer; nothing without one."""
    if until is None:
        return
    half = days.earlier((told_at + until) // 2)
    steps = [Step(REMIND, half, until)] if told_at + _ROOM <= half <= until - _ROOM else []
    steps.append(Step(DUE, until, max(course.starts_at, until + 1)))
    await milestones.plan(tx, KIND, f"{KIND}:{change_id}", steps, now)


async def withdraw_answered(tx: Tx, course_id: int, now: int) -> None:
    """Let go of the questions of changes that were changed again. The caller holds the course."""
    await _withdraw(tx, course_id, now, f"and not {CURRENT}")


async def withdraw_all(tx: Tx, course_id: int, now: int) -> None:
    """Let go of every question about a course. The caller holds the course."""
    await _withdraw(tx, course_id, now, "")


async def _withdraw(tx: Tx, course_id: int, now: int, which: str) -> None:
    rows = await tx.fetch(
        f"select c.id from schedule_changes c where c.course_id = $1 and c.answer_by is not null {which}",  # noqa: S608 (constants)
        course_id,
    )
    for row in rows:
        await milestones.withdraw(tx, f"{KIND}:{row['id']}", now)
        await outbox.withdraw(tx, f"{KIND}:{row['id']}", now, "superseded")
