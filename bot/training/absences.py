"""After a session: who did not come, who is told of it, and that nobody has recorded it. Excuses wait in decisions."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot import outbox
from bot.errors import Refused
from bot.outbox import Owed
from bot.store import Reading, Tx
from bot.training import (
    attendance,
    attendance_codes,
    attendance_decisions,
    audit,
    courses,
    milestones,
    people,
    sessions,
)
from bot.training.attendance_marks import Mark
from bot.training.calendar import Calendar
from bot.training.courses import Course
from bot.training.milestones import Milestone, Step
from bot.training.rights import hr_people
from bot.training.sessions import Session

KIND = "attendance"  # the milestone, and the subject of what is owed
AFTER = 2 * 3600  # seconds after the end, in which a paper list can be ticked
LOOKED_BACK = 2 * 86_400
RETRIES = 3  # days on which a session that nobody has recorded is looked at again
USEFUL = 3 * 86_400
EXCUSED_FOR = 14 * 86_400  # seconds after a session, in which a reason can be told


def subject_of(session_id: int) -> str:
    """Give the subject under which it is planned and owed."""
    return f"{KIND}:{session_id}"


async def to_plan(tx: Reading, now: int) -> list[Session]:
    """Give the sessions that ended two hours ago or more and are not planned to be looked at."""
    rows = await tx.fetch(
        """
        select s.* from sessions s join courses c on c.id = s.course_id and c.state <> 'cancelled'
        where s.cancelled_at is null and s.ends_at <= $1 and s.ends_at > $2 and not exists (
            select 1 from milestones m where m.subject = $3 || cast(s.id as text)
                and m.step = 'over@' || cast(s.ends_at as text))
        order by s.id
        """,
        now - AFTER,
        now - LOOKED_BACK,
        f"{KIND}:",
    )
    return [sessions.session_of(row) for row in rows]


async def plan(tx: Tx, days: Calendar, now: int) -> int:
    """Plan the look at each session that ended two hours ago; gives how many. Doing it again changes nothing.

    Not planned with the session: whatever moved it meanwhile, and by which door, its end is what counts.
    """
    over = await to_plan(tx, now)
    for session in over:
        at = days.soon(now)
        step = Step(f"over@{session.ends_at}", at, at + USEFUL)
        await milestones.plan(tx, KIND, subject_of(session.id), [step], now)
    return len(over)


async def fan_out(tx: Tx, milestone: Milestone, days: Calendar, now: int) -> int:
    """Record as absent whoever has a seat and no record, and owe the messages of it; gives how many messages.

    A session of which nobody told anything is left as it is: whoever runs the class is reminded once.
    """
    session = await sessions.find(tx, milestone.subject_id)
    course = await courses.locked(tx, session.course_id)
    if session.cancelled or course.cancelled or session.ends_at + AFTER > now:
        return 0
    await _owe_decisions(tx, session, course, days, now)
    if not await is_recorded(tx, session):
        return await _unrecorded(tx, milestone, session, course, days, now)
    await _mark_absent(tx, session, now)
    gone = await _absent(tx, session.id)
    due_at = days.soon(now)
    told = [await _owe(tx, "absence_own", session, one, due_at, now) for one in gone]
    readers = {*await clerks(tx, course), *await _heads(tx, gone)} if gone else set()
    told += [await _owe(tx, "absences", session, one, due_at, now) for one in sorted(readers)]
    return sum(told)


# That somebody has told who came to session s; an excuse told ahead is not that.
_TOLD = f"(a.state <> 'excused' or a.at >= s.starts_at - {attendance_codes.OPENS})"
_RECORDED = f"exists (select 1 from attendance a where a.session_id = s.id and {_TOLD})"  # noqa: S608 (a constant)


async def is_recorded(tx: Reading, session: Session) -> bool:
    """Tell whether anybody has told who came; an excuse told ahead is not that."""
    found = await tx.fetchval(
        f"select 1 as found from sessions s where s.id = $1 and {_RECORDED}",  # noqa: S608 (a constant)
        session.id,
    )
    return found is not None


async def _mark_absent(tx: Tx, session: Session, now: int) -> None:
    count = await tx.execute(
        """
        insert into attendance (session_id, person_id, state, hours_tenths, source, at)
        select cast($1 as bigint), e.person_id, 'absent', 0, 'time', cast($2 as bigint) from enrolments e
        where e.course_id = $3 and e.state = 'seat'
        on conflict (session_id, person_id) do nothing
        """,
        session.id,
        now,
        session.course_id,
    )
    if count:
        await audit.record(tx, None, "attendance.absent", session.subject, now, new={"people": count})


async def unmark(tx: Tx, session_id: int) -> None:
    """Take back who is absent by silence alone, once nothing is left that anybody has told of the session."""
    await tx.execute(
        f"""
        delete from attendance where session_id = $1 and source = 'time' and not exists (
            select 1 from attendance a join sessions s on s.id = a.session_id
            where a.session_id = $1 and a.source <> 'time' and {_TOLD})
        """,  # noqa: S608 (constants)
        session_id,
    )


async def _absent(tx: Reading, session_id: int) -> list[int]:
    rows = await tx.fetch(
        "select person_id from attendance where session_id = $1 and state = 'absent' order by person_id", session_id
    )
    return [row["person_id"] for row in rows]


async def _owe(tx: Tx, kind: str, session: Session, person_id: int, due_at: int, now: int) -> bool:
    key = f"{kind}:{session.id}:{session.ends_at}:{person_id}"
    owed = Owed(key, kind, subject_of(session.id), person_id, due_at, due_at + USEFUL, [session.id])
    return await outbox.put(tx, owed, now)


async def _heads(tx: Reading, absent: Iterable[int]) -> set[int]:
    heads = {await people.approver(tx, person_id) for person_id in absent}
    return {head for head in heads if head is not None}


async def clerks(tx: Reading, course: Course) -> list[int]:
    """Give the clerks who are told about a course: HR of its owner, or of the nearest unit above, else of the whole."""
    rows = await tx.fetch(
        """
        with recursive climb(unit_id, depth) as (
            select id, 0 from units where id = $1
            union all
            select u.parent_id, c.depth + 1 from climb c join units u on u.id = c.unit_id
            where u.parent_id is not null and c.depth < 9)
        select r.person_id, min(c.depth) as depth from climb c
        join rights r on r.unit_id = c.unit_id and r.role = 'hr' and r.revoked_at is null
        join people p on p.id = r.person_id and p.active = 1
        group by r.person_id order by depth, r.person_id
        """,
        course.owner_unit_id,
    )
    nearest = [row["person_id"] for row in rows if row["depth"] == rows[0]["depth"]]
    return nearest or await hr_people(tx)


async def _teachers(tx: Reading, course: Course) -> list[int]:
    rows = await tx.fetch(
        """
        select distinct l.person_id from course_lecturers t join lecturers l on l.id = t.lecturer_id
        join people p on p.id = l.person_id and p.active = 1 where t.course_id = $1 order by l.person_id
        """,
        course.id,
    )
    return [row["person_id"] for row in rows]


async def _unrecorded(tx: Tx, milestone: Milestone, session: Session, course: Course, days: Calendar, now: int) -> int:
    """Remind once, on the next working day, one message a person however many sessions; and look again each day."""
    local = days.local(now)
    tomorrow = days.soon(int(local.replace(hour=0, minute=0, second=0).timestamp()) + 86_400)
    _, _, tried = milestone.step.partition("+")
    if int(tried or 0) < RETRIES:
        step = Step(
            f"over@{session.ends_at}+{int(tried or 0) + 1}", max(tomorrow, now + 86_400), now + LOOKED_BACK + USEFUL
        )
        await milestones.plan(tx, KIND, milestone.subject, [step], now)
    if tried:
        return 0
    told = 0
    for person_id in sorted({*await clerks(tx, course), *await _teachers(tx, course)}):
        key = f"attendance_missing:{days.day(tomorrow)}:{person_id}"
        subject = f"attendance_missing:{days.day(tomorrow)}"
        owed = Owed(key, "attendance_missing", subject, person_id, tomorrow, tomorrow + USEFUL)
        told += await outbox.put(tx, owed, now)
    return told


@dataclass(frozen=True)
class Missing:
    """A session that is over and of which nobody has told who came."""

    session: Session
    title: str


async def missing(tx: Reading, now: int) -> list[tuple[Missing, Course]]:
    """Give the sessions of the last five days that nobody has recorded, the oldest first."""
    rows = await tx.fetch(
        f"""
        select s.* from sessions s join courses c on c.id = s.course_id and c.state <> 'cancelled'
        where s.cancelled_at is null and s.ends_at <= $1 and s.ends_at > $2 and not {_RECORDED}
        order by s.ends_at, s.id
        """,  # noqa: S608 (a constant)
        now - AFTER,
        now - LOOKED_BACK - USEFUL,
    )
    found = [sessions.session_of(row) for row in rows]
    pairs = [(session, await courses.find(tx, session.course_id)) for session in found]
    return [(Missing(session, course.title), course) for session, course in pairs]


@dataclass(frozen=True)
class Gone:
    """Somebody who was absent, or excused with a reason."""

    person_id: int
    name: str
    unit: str
    unit_id: int
    state: str
    reason: str | None


async def gone(tx: Reading, session_id: int) -> list[Gone]:
    """Give who was not at a session, those without excuse first."""
    rows = await tx.fetch(
        """
        select p.id, p.name, p.unit_id, u.name as unit, a.state, a.reason from attendance a
        join people p on p.id = a.person_id join units u on u.id = p.unit_id
        where a.session_id = $1 and a.state in ('absent', 'excused') order by a.state, p.fold, p.id
        """,
        session_id,
    )
    return [Gone(r["id"], r["name"], r["unit"], r["unit_id"], r["state"], r["reason"]) for r in rows]


async def may_excuse(tx: Reading, session_id: int, person_id: int, now: int) -> Session:
    """Give the session that a person may tell a reason for. Raises Refused when they were not absent, or too late."""
    session = await sessions.find(tx, session_id)
    there = await attendance.find(tx, session_id, person_id)
    if there is None or there.state != "absent" or now > session.ends_at + EXCUSED_FOR:
        raise Refused("attendance/no_excuse")
    return session


async def excuse(tx: Tx, session_id: int, person_id: int, reason: str, days: Calendar, now: int) -> Session:
    """Keep a reason for the clerk's decision; clerks are told once a session and day. Raises Refused."""
    session = await may_excuse(tx, session_id, person_id, now)
    await attendance_decisions.ask(tx, "excuse", session, person_id, Mark("excused", "phone", person_id), reason, now)
    await _owe_decisions(tx, session, await courses.find(tx, session.course_id), days, now)
    return session


async def _owe_decisions(tx: Tx, session: Session, course: Course, days: Calendar, now: int) -> None:
    """Tell the clerks that something waits for their decision, once a session and day."""
    if not await attendance_decisions.waiting(tx, course.id):
        return
    due_at = days.soon(now)
    for clerk in await clerks(tx, course):
        key = f"attendance_to_decide:{session.id}:{days.day(due_at)}:{clerk}"
        owed = Owed(key, "attendance_to_decide", subject_of(session.id), clerk, due_at, due_at + USEFUL, [course.id])
        await outbox.put(tx, owed, now)


async def tell_decided(tx: Tx, decision_id: int, session: Session, person_id: int, days: Calendar, now: int) -> None:
    """Owe a person what became of their reason or of their wish to be let in."""
    due_at = days.soon(now)
    key = f"attendance_decided:{decision_id}"
    owed = Owed(key, "attendance_decided", subject_of(session.id), person_id, due_at, due_at + USEFUL, [decision_id])
    await outbox.put(tx, owed, now)
