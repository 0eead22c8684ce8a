"""Reminding who is on a list of a class, for whoever looks at it: of what they can do themselves, once a day each.

Laws and announcements have reminders of their own, in legal_reminders and receipts.
"""

import json
from dataclasses import dataclass

from bot.errors import Stale
from bot.outbox import REMINDER
from bot.store import Reading, Tx
from bot.training import courses, ratings, who_not
from bot.training.audiences import REACHABLE
from bot.training.calendar import Calendar
from bot.training.who_not import Listed

# Attendance and results are entered by others, and who has no chat is reached by no message.
KINDS = ("decide", "confirm", "change", "rate")
USEFUL = 3 * 86_400  # seconds that such a reminder is worth sending


@dataclass(frozen=True)
class Nudged:
    """How many are reminded now, and how many of the list no message can reach."""

    reminded: int
    unreached: int


async def possible(tx: Reading, listed: Listed, now: int) -> bool:
    """Tell whether those on a list can still do it themselves (`now` in UTC seconds)."""
    if listed.kind not in KINDS or not listed.count or not listed.current:
        return False
    return listed.kind != "rate" or (await courses.find(tx, listed.id)).ends_at > now - ratings.OPEN


async def nudge(tx: Tx, listed: Listed, asker_id: int, days: Calendar, now: int) -> Nudged:
    """Owe a reminder to everybody on a list as far as the asker sees it, once a local day, in calm hours.

    Raises Stale where there is nothing to remind of.
    """
    if not await possible(tx, listed, now):
        raise Stale
    due_at, subject = days.soon(now), f"who_not:{listed.kind}:{listed.id}"
    reminded = await tx.execute(
        f"""
        insert into outbox (unique_key, kind, priority, subject, person_id, args, due_at, expires_at, created_at)
        select $4 || cast(p.id as text), 'who_not_nudge', cast($5 as bigint), $6, p.id, $7, cast($8 as bigint),
            cast($9 as bigint), cast($3 as bigint)
        {who_not.on_list(listed.kind)} and {REACHABLE}
        on conflict (unique_key) do nothing
        """,
        listed.id,
        asker_id,
        now,
        f"{subject}:{days.day(due_at)}:",
        REMINDER,
        subject,
        json.dumps([listed.kind, listed.id]),
        due_at,
        due_at + USEFUL,
    )
    unreached: int = await tx.fetchval(
        f"select count(*) as n {who_not.on_list(listed.kind)} and not {REACHABLE}",
        listed.id,
        asker_id,
        now,
    )
    return Nudged(reminded, unreached)
