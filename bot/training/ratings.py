"""Ratings of courses: who may rate which, and storing forms so that nobody is recognised. Results are elsewhere."""

import json
import secrets
from dataclasses import dataclass
from typing import Literal

from bot.errors import Refused
from bot.outbox import REMINDER
from bot.store import Reading, Tx
from bot.training.attendance import attended_sql
from bot.training.calendar import Calendar
from bot.training.milestones import Milestone
from bot.training.rating_form import Form

KIND = "course_end"  # the milestone it starts from, planned with the sessions
QUICK = "q-nhanh"  # after every course
OPEN = 30 * 86_400  # seconds after the last session
REMIND_AFTER = 2 * 86_400
STEP = 5  # forms by which figures grow; with fewer, they could tell who said what
Standing = Literal["open", "done", "early", "over", "no_seat", "absent"]

_UNRATED = f"""
    from enrolments e join courses c on c.id = e.course_id
    where e.person_id = $1 and e.state = 'seat' and c.state <> 'cancelled' and c.ends_at <= $2 and c.ends_at > $3
    and not exists (
        select 1 from rating_receipts r where r.course_id = c.id and r.person_id = e.person_id)
    and {attended_sql("c.id", "e.person_id")}
"""  # noqa: S608 (constants)


@dataclass(frozen=True)
class Ratable:
    """A course that waits to be rated; `ends_at` in UTC seconds."""

    course_id: int
    title: str
    ends_at: int


async def ratable(tx: Reading, person_id: int, now: int) -> list[Ratable]:
    """Give what a person can rate, the latest first: had a seat, over for at most 30 days, not yet done.

    Where attendance is recorded: was at one session at least.
    """
    rows = await tx.fetch(
        f"select c.id, c.title, c.ends_at {_UNRATED} order by c.ends_at desc, c.id", person_id, now, now - OPEN
    )
    return [Ratable(row["id"], row["title"], row["ends_at"]) for row in rows]


async def open_tasks(tx: Reading, person_id: int, now: int) -> int:
    """Count what a person can rate now."""
    count: int = await tx.fetchval(f"select count(*) as waiting {_UNRATED}", person_id, now, now - OPEN)
    return count


async def standing(tx: Reading, person_id: int, course_id: int, now: int) -> Standing:
    """Tell whether a person may rate a course now, or why not."""
    row = await tx.fetchrow(
        f"""
        select c.ends_at, {attended_sql("c.id", "$2")} as attended,
            exists (select 1 from rating_receipts r where r.course_id = c.id and r.person_id = $2) as done
        from courses c join enrolments e on e.course_id = c.id and e.person_id = $2 and e.state = 'seat'
        where c.id = $1 and c.state <> 'cancelled'
        """,  # noqa: S608 (constants)
        course_id,
        person_id,
    )
    if row is None:
        return "no_seat"
    if row["done"]:
        return "done"
    if not row["attended"]:
        return "absent"
    if row["ends_at"] > now:
        return "early"
    return "open" if row["ends_at"] > now - OPEN else "over"


async def store(tx: Tx, person_id: int, form: Form, now: int, *, may_comment: bool) -> bool:
    """Store a form, once a person and course; False when one had been stored before.

    Raises Refused when the person may not rate the course, or when more than 5 % of the items are missing.
    """
    state = await standing(tx, person_id, form.course_id, now)
    if state == "done":
        return False
    if state != "open":
        raise Refused(f"ratings/{state}")
    if not form.valid:
        raise Refused("ratings/incomplete")
    written = await tx.execute(
        "insert into rating_receipts (course_id, person_id) values ($1, $2) on conflict do nothing",
        form.course_id,
        person_id,
    )
    if written:
        await _write(tx, form, may_comment=may_comment)
        await _count(tx, form.course_id)
        await _mix(tx, form.course_id)
    return written > 0


async def _write(tx: Tx, form: Form, *, may_comment: bool) -> None:
    named = form.course_id, form.questionnaire.code, form.questionnaire.version
    for item, value in form.stored().items():
        await tx.execute(
            """
            insert into rating_answers (id, course_id, questionnaire, version, item, value)
            values ($1, $2, $3, $4, $5, $6)
            """,
            secrets.token_hex(16),
            *named,
            item,
            value,
        )
    if form.comment and may_comment:
        await tx.execute(
            "insert into rating_comments (id, course_id, questionnaire, version, text) values ($1, $2, $3, $4, $5)",
            secrets.token_hex(16),
            *named,
            form.comment,
        )


async def _count(tx: Tx, course_id: int) -> None:
    """Let the figures tell of the forms that came since the last step, once there are STEP of them."""
    forms: int = await tx.fetchval("select count(*) from rating_receipts where course_id = $1", course_id)
    counted: int | None = await tx.fetchval("select forms from rating_counts where course_id = $1", course_id)
    if forms - (counted or 0) < STEP:
        return
    await tx.execute(
        """
        insert into rating_counts (course_id, forms) values ($1, $2)
        on conflict (course_id) do update set forms = excluded.forms
        """,
        course_id,
        forms,
    )
    await tx.execute("update rating_answers set counted = 1 where course_id = $1", course_id)
    await tx.execute("update rating_comments set counted = 1 where course_id = $1", course_id)


async def _mix(tx: Tx, course_id: int) -> None:
    """Rewrite all rows of the course, so that none tells by the number of its transaction who wrote it.

    PostgreSQL keeps that number in every row: without this, a receipt and its answers could be brought together.
    """
    await tx.execute("update rating_answers set value = value where course_id = $1", course_id)
    await tx.execute("update rating_comments set text = text where course_id = $1", course_id)
    await tx.execute("update rating_receipts set person_id = person_id where course_id = $1", course_id)


async def fan_out(tx: Tx, milestone: Milestone, days: Calendar, now: int) -> int:
    """Owe everybody with a seat the invitation to rate, and one reminder two days later; gives how many rows.

    Where attendance is recorded: everybody who was at one session at least.
    """
    invite_at = days.soon(now)
    remind_at = days.soon(invite_at + REMIND_AFTER)
    invited = await _owe(tx, milestone, "rate_invite", invite_at, remind_at - 1, now)
    return invited + await _owe(tx, milestone, "rate_reminder", remind_at, remind_at + 3 * 86_400, now)


async def _owe(tx: Tx, milestone: Milestone, kind: str, due_at: int, expires_at: int, now: int) -> int:
    return await tx.execute(
        f"""
        insert into outbox (unique_key, kind, priority, subject, person_id, args, due_at, expires_at, created_at)
        select $1 || cast(e.person_id as text), $2, cast($3 as bigint), $4, e.person_id, $5,
            cast($6 as bigint), cast($7 as bigint), cast($8 as bigint)
        from enrolments e join courses c on c.id = e.course_id
        where c.id = $9 and e.state = 'seat' and c.state <> 'cancelled' and not exists (
            select 1 from rating_receipts r where r.course_id = c.id and r.person_id = e.person_id)
            and {attended_sql("c.id", "e.person_id")}
        on conflict (unique_key) do nothing
        """,  # noqa: S608 (constants)
        f"{milestone.subject}:{milestone.step}:{kind}:",
        kind,
        REMINDER,
        milestone.subject,
        json.dumps([milestone.subject_id]),
        due_at,
        expires_at,
        now,
        milestone.subject_id,
    )
