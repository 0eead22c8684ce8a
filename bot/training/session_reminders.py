"""Reminders of sessions: when they are wanted, and who gets each. The words are composed when it is sent."""

from bot import outbox
from bot.outbox import REMINDER
from bot.store import Tx
from bot.training import milestones
from bot.training.calendar import CLOSES, OPENS, Calendar
from bot.training.courses import Course
from bot.training.milestones import Milestone, Step
from bot.training.sessions import Session

KIND = "session"
END_KIND = "course_end"
# The order decides which of two that fall on one local day is kept.
LEADS = {"1d": 86_400, "2h": 2 * 3600, "7d": 7 * 86_400}


async def plan(tx: Tx, session: Session, now: int, days: Calendar) -> None:
    """Plan the reminders of a session anew; those of an earlier time are withdrawn.

    A session that was changed gets steps of its own, so that one moved after its reminder is reminded of again. A
    lead that is past keeps none away: of a session put on tomorrow morning people are reminded this evening.
    """
    await withdraw(tx, session.subject, now, "moved")
    moved = f"+{session.sequence}" if session.sequence else ""
    wanted = [Step(f"{name}{moved}", session.starts_at - lead, session.starts_at) for name, lead in LEADS.items()]
    await milestones.plan(tx, KIND, session.subject, milestones.timed(days, wanted, now - milestones.LATE), now)


async def plan_end(tx: Tx, course: Course, now: int) -> None:
    """Plan the end of a course, at the end of its last session; what follows from it is not known here.

    A course put off after its time ends once more: its new end is a step of its own.
    """
    if course.ends_at > now:
        await outbox.withdraw(tx, course.end_subject, now, "moved")
    step = Step(f"end@{course.ends_at}", course.ends_at, course.ends_at + 30 * 86_400)
    await milestones.plan(tx, END_KIND, course.end_subject, [step], now)


async def withdraw(tx: Tx, subject: str, now: int, reason: str) -> None:
    """Take back what is still planned or owed on a subject."""
    await milestones.withdraw(tx, subject, now)
    await outbox.withdraw(tx, subject, now, reason)


def lead_of(step: str) -> str:
    """Give '1d' of '1d' and of '1d+2'."""
    return step.partition("+")[0]


async def fan_out(tx: Tx, milestone: Milestone, days: Calendar, now: int) -> int:
    """Write the reminder of everybody with a seat, at most one a person, session and local day; gives how many.

    Whoever agreed to days off gets it at the wished time itself, if that is between 07:00 and 20:00. After a
    standstill it waits for calm hours, and falls away when the session begins before them.
    """
    calm = days.soon(now, milestone.expires_at)
    written = await _write(tx, milestone, days, calm, now, consent=0) if days.calm(calm) else 0
    wished = await _nominal(tx, milestone, days)
    at = wished if wished is not None and wished > now else now if days.calm(now, any_day=True) else calm
    return written + (await _write(tx, milestone, days, at, now, consent=1) if days.calm(at, any_day=True) else 0)


async def _nominal(tx: Tx, milestone: Milestone, days: Calendar) -> int | None:
    """Give the time the step was wished for, None when it is outside 07:00–20:00."""
    starts_at = await tx.fetchval("select starts_at from sessions where id = $1", milestone.subject_id)
    lead = LEADS.get(lead_of(milestone.step))
    if starts_at is None or lead is None:
        return None
    at: int = starts_at - lead
    return at if OPENS <= days.local(at).time() < CLOSES else None


async def _write(tx: Tx, milestone: Milestone, days: Calendar, due_at: int, now: int, *, consent: int) -> int:
    """Write the rows of those with (1) or without (0) consent to days off."""
    midnight = days.local(due_at).replace(hour=0, minute=0, second=0)
    return await tx.execute(
        """
        insert into outbox (unique_key, kind, priority, subject, person_id, args, due_at, expires_at, created_at)
        select $1 || cast(e.person_id as text), 'session_reminder', cast($2 as bigint), $3, e.person_id, $4,
            cast($5 as bigint), cast($6 as bigint), cast($7 as bigint)
        from sessions s join courses c on c.id = s.course_id
        join enrolments e on e.course_id = c.id and e.state = 'seat'
        where s.id = $8 and s.cancelled_at is null and c.state <> 'cancelled'
            and cast($9 as bigint) = coalesce((
                select k.given from consents k where k.person_id = e.person_id and k.purpose = 'days_off'
                order by k.id desc limit 1), 0)
            and not exists (
                select 1 from outbox o where o.subject = $3 and o.person_id = e.person_id
                    and o.kind = 'session_reminder' and o.state <> 'skipped'
                    and o.due_at >= $10 and o.due_at < $11)
        on conflict (unique_key) do nothing
        """,
        f"{milestone.subject}:{milestone.step}:",
        REMINDER,
        milestone.subject,
        f'[{milestone.subject_id}, "{lead_of(milestone.step)}"]',
        due_at,
        milestone.expires_at,
        now,
        milestone.subject_id,
        consent,
        int(midnight.timestamp()),
        int(midnight.timestamp()) + 86_400,
    )
