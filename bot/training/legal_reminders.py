"""When people are reminded of a legal update, and heads and HR told who is not done. The words are composed later."""

import json
from datetime import time, timedelta

from bot import outbox
from bot.outbox import REMINDER
from bot.store import Tx
from bot.training import legal, legal_who, milestones
from bot.training.calendar import Calendar
from bot.training.legal import Update
from bot.training.legal_who import EVERYBODY, Whose
from bot.training.milestones import Milestone, Step

KIND = "legal"
SUMMARY_KIND = "legal_summary"
DAYS_BEFORE = (1, 3, 7, 14, 30)  # the most telling first: it wins when two fall on one day
HEADS_BEFORE = (7, 3, 1)  # the first of these that is still to come tells the heads
HOUR = time(8, 0)
USEFUL = 3 * 86_400  # seconds; an undelivered reminder is dropped then, or when the next one comes
_CHAIN = 366 * 86_400  # after a standstill of months the weekly reminders still go on


async def plan(tx: Tx, update: Update, days: Calendar, now: int) -> None:
    """Plan everything of an update anew: publication, the ladder to the deadline, the first of the weekly ones."""
    publish = Step(f"publish:{update.version}", days.soon(now), now + _CHAIN)
    week = weekly(update, days, publish.wanted_at)
    ladder = [
        Step(f"{before}d@{_day(update, days, before)}", _before(update, days, before), update.deadline)
        for before in DAYS_BEFORE
    ]
    await milestones.plan(tx, KIND, update.subject, milestones.timed(days, [publish, *ladder, week]), now)
    await milestones.plan(tx, SUMMARY_KIND, update.summary_subject, [*_heads(update, days, now), week], now)


async def withdraw(tx: Tx, update: Update, now: int, reason: str) -> None:
    """Take back what is planned and owed."""
    for subject in (update.subject, update.summary_subject):
        await milestones.withdraw(tx, subject, now)
        await outbox.withdraw(tx, subject, now, reason)


async def unpublish(tx: Tx, update: Update, now: int) -> None:
    """Take back all of a version that was published by mistake, so that one of this number can be published anew."""
    await withdraw(tx, update, now, "undone")
    step = f"publish:{update.version}"
    await tx.execute("delete from milestones where subject = $1 and step = $2", update.subject, step)


def _day(update: Update, days: Calendar, before: int) -> str:
    return (days.local(update.deadline).date() - timedelta(days=before)).isoformat()


def _before(update: Update, days: Calendar, before: int) -> int:
    return days.instant(days.local(update.deadline).date() - timedelta(days=before), HOUR)


def _heads(update: Update, days: Calendar, now: int) -> list[Step]:
    """Give the one summary to heads: seven days before, or at the next step when that is past."""
    for before in HEADS_BEFORE:
        at = days.earlier(_before(update, days, before))
        if at >= now:
            return [Step(f"heads@{days.day(at)}", at, update.deadline)]
    return []


def weekly(update: Update, days: Calendar, after: int) -> Step:
    """Give the next of the weekly reminders, on a local day after that of `after` and past the deadline.

    A week whose day falls into a run of days off is moved earlier, or falls away where that is not after `after`.
    """
    since = days.local(update.deadline).date()
    week = max(1, (days.local(after).date() - since).days // 7)
    while True:
        at = days.earlier(days.instant(since + timedelta(days=7 * week), HOUR))
        if at > update.deadline and days.day(at) > days.day(after):
            return Step(f"week@{days.day(at)}", at, at + _CHAIN)
        week += 1


async def fan_out(tx: Tx, milestone: Milestone, days: Calendar, now: int) -> int:
    """Remind everybody concerned who is not done, at most once a local day; gives how many."""
    update = await legal.find(tx, milestone.subject_id)
    if update.closed_at is not None:
        return 0
    await _go_on(tx, milestone, update, days, now)
    return await remind(tx, update, days, now, step=milestone.step.partition(":")[0])


async def fan_out_summary(tx: Tx, milestone: Milestone, days: Calendar, now: int) -> int:
    """Tell each head, or after the deadline HR, that some are not done; gives how many are told."""
    update = await legal.find(tx, milestone.subject_id)
    if update.closed_at is not None:
        return 0
    await _go_on(tx, milestone, update, days, now)
    heads = milestone.step.startswith("heads")
    return await _summarise(tx, update, days, now, heads=heads)


async def _go_on(tx: Tx, milestone: Milestone, update: Update, days: Calendar, now: int) -> None:
    """Plan the next week after a weekly step, until nobody is left."""
    if milestone.step.startswith("week") and (await legal_who.count(tx, update)).left:
        step = weekly(update, days, max(now, update.deadline))
        await milestones.plan(tx, milestone.kind, milestone.subject, [step], now)


async def remind(tx: Tx, update: Update, days: Calendar, now: int, *, whose: Whose = EVERYBODY, step: str) -> int:
    """Owe a reminder to everybody not done (of a head, a clerk), once a local day; gives how many are new."""
    below, of = await whose.below(tx)
    due_at = days.soon(now)
    return await tx.execute(
        f"""
        with recursive {below}
        insert into outbox (unique_key, kind, priority, subject, person_id, args, due_at, expires_at, created_at)
        select $4 || cast(p.id as text), 'legal_reminder', cast($5 as bigint), $6, p.id, $7,
            cast($8 as bigint), cast($9 as bigint), cast($10 as bigint)
        {legal_who.NOT_DONE}
        on conflict (unique_key) do nothing
        """,
        update.id,
        update.version,
        of,
        f"{update.subject}:{days.day(due_at)}:",
        REMINDER,
        update.subject,
        json.dumps([update.id, step]),
        due_at,
        await _expiry(tx, update.subject, due_at),
        now,
    )


async def _summarise(tx: Tx, update: Update, days: Calendar, now: int, *, heads: bool) -> int:
    due_at = days.soon(now)
    told = await (legal_who.heads_with_somebody_left if heads else legal_who.hr_if_somebody_left)(tx, update)
    subject, expires_at = update.summary_subject, await _expiry(tx, update.summary_subject, due_at)
    return sum(
        [
            await outbox.put(
                tx,
                outbox.Owed(
                    f"{subject}:{days.day(due_at)}:{person_id}",
                    "legal_summary",
                    subject,
                    person_id,
                    due_at,
                    min(expires_at, update.deadline) if heads else expires_at,
                    [update.id, "unit" if heads else "all"],
                ),
                now,
            )
            for person_id in told
        ]
    )


async def _expiry(tx: Tx, subject: str, due_at: int) -> int:
    """Give until when an undelivered row is kept: three days, or until the next step, so that two never pile up."""
    following: int | None = await tx.fetchval(
        "select min(due_at) from milestones where subject = $1 and state = 'pending' and due_at > $2", subject, due_at
    )
    return min(due_at + USEFUL, (following or due_at + USEFUL) - 1)
