"""An announcement on its way: sent or planned, its audience frozen, paused, cancelled, counted, finished.

Whom it concerns is in audiences; the words and who may work on a draft in broadcasts.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, time

from bot import outbox
from bot.crashpoints import crashpoint
from bot.errors import Refused, Stale
from bot.outbox import BROADCAST, Owed
from bot.store import Reading, Tx
from bot.training import audiences, broadcasts, milestones, rights
from bot.training.broadcasts import Broadcast
from bot.training.calendar import Calendar
from bot.training.milestones import Milestone, Step

KIND = "broadcast"
CARD = "broadcast_progress"
REHEARSAL = "broadcast_rehearsal"
PER_SECOND = 25  # the pace that pushes leave at
USEFUL = 7 * 86_400  # seconds; what could not be sent by then is recorded as expired
LATE = 6 * 3600  # seconds that a planned start may be late after a standstill; then HR is asked
CARD_EVERY = 10  # seconds between two edits of the progress card
FURTHEST = 366 * 86_400
SAME_WITHIN = 7 * 86_400
NEVER = 4_102_444_800  # 2100: when what is paused is due
_PREVIEW_LIVES = 600  # seconds
_CARD_LIVES = 60  # seconds; the next edit tells more
_AFTER_ANSWER = 2  # seconds; the answer to the tap is shown in the message that the card then stands in
_LOOKED_AT = 30  # seconds; a card that takes longer is looked away from, and its last edit rings no bell


@dataclass(frozen=True)
class Progress:
    """How far a sending has come; figures of people."""

    sent: int = 0
    no_chat: int = 0  # nobody to write to, or the chat is blocked or gone
    unknown: int = 0  # the connection broke: nobody can tell
    failed: int = 0
    left_out: int = 0  # withdrawn or expired
    waiting: int = 0

    @property
    def total(self) -> int:
        """Give how many are concerned."""
        return self.sent + self.no_chat + self.unknown + self.failed + self.left_out + self.waiting

    @property
    def tenths(self) -> int:
        """Give how much is over, in tenths, for a bar."""
        return 10 * (self.total - self.waiting) // self.total if self.total else 10

    @property
    def percent(self) -> int:
        """Give how much is over, in hundredths."""
        return 100 * (self.total - self.waiting) // self.total if self.total else 100

    @property
    def minutes(self) -> int:
        """Give the minutes left at the usual pace, rounded up."""
        return -(-self.waiting // (60 * PER_SECOND))


async def progress(tx: Reading, broadcast: Broadcast) -> Progress:
    """Count what has become of an announcement."""
    rows = await tx.fetch(
        """
        select state, coalesce(reason, '') as reason, count(*) as people from outbox
        where subject = $1 and kind = 'broadcast' group by state, coalesce(reason, '')
        """,
        broadcast.subject,
    )
    counts = dict.fromkeys(("sent", "no_chat", "unknown", "failed", "left_out", "waiting"), 0)
    for row in rows:
        counts[_ending(row["state"], row["reason"])] += int(row["people"])
    return Progress(**counts)


def _ending(state: str, reason: str) -> str:
    if reason in ("no chat", "unreachable"):
        return "no_chat"
    return {"pending": "waiting", "sending": "waiting", "skipped": "left_out"}.get(state, state)


def finish_at(people_reachable: int, start: int) -> int:
    """Give when sending to so many would be over at the usual pace (UTC seconds)."""
    return start + -(-people_reachable // PER_SECOND)


async def preview(tx: Tx, broadcast: Broadcast, clerk_id: int, arrival: int, now: int) -> None:
    """Owe the clerk the very message, in their own chat, and after it the rehearsal with the button to send.

    Raises Refused for what cannot be sent.
    """
    check(broadcast)
    subject = f"broadcast_preview:{broadcast.id}"
    for kind in (KIND, REHEARSAL):
        key = f"{subject}:{clerk_id}:{arrival}:{kind}"
        await outbox.put(tx, Owed(key, kind, subject, clerk_id, now, now + _PREVIEW_LIVES, [broadcast.id]), now)


def check(broadcast: Broadcast) -> None:
    """Raise Refused for a draft without words, without anybody to go to, or with half a check question."""
    if not broadcast.text:
        raise Refused("broadcasts/empty")
    if not broadcast.kind:
        raise Refused("broadcasts/nobody")
    if broadcast.question is not None and broadcast.right_answer is None:
        raise Refused("receipts/unfinished")


async def same_lately(tx: Reading, broadcast: Broadcast, clerk_id: int, now: int) -> Broadcast | None:
    """Give the newest announcement of the same words, that the clerk may see, sent or planned within seven days."""
    row = await tx.fetchrow(
        f"""
        select * from broadcasts b where {broadcasts.visible("$4")} and same = $1 and id <> $2
            and (state = 'scheduled' or state in ('running', 'paused', 'done', 'cancelled') and started_at > $3)
        order by id desc limit 1
        """,  # noqa: S608 (constants)
        broadcast.same,
        broadcast.id,
        now - SAME_WITHIN,
        clerk_id,
    )
    return None if row is None else broadcasts.broadcast_of(row)


async def ready(tx: Tx, broadcast_id: int, edition: int, clerk_id: int) -> Broadcast:
    """Give a draft that is about to be sent or planned, just as it was previewed; senders go one at a time.

    Raises Stale when it was sent before, or changed since the preview; Refused when nobody would get it.
    """
    await tx.lock("broadcasts")
    broadcast = await broadcasts.opened(tx, broadcast_id, clerk_id)
    if broadcast.state != "draft":
        raise Stale("broadcasts/sent_already", broadcast=broadcast)
    broadcast = await broadcasts.draft(tx, broadcast_id, clerk_id)
    if broadcast.edition != edition:
        raise Stale("broadcasts/changed")
    check(broadcast)
    if not await audiences.count(tx, broadcast):
        raise Refused("broadcasts/nobody")
    return broadcast


async def tell_other(tx: Tx, first: Broadcast, second: Broadcast, clerk_id: int, days: Calendar, now: int) -> None:
    """Tell who sent the first of two announcements of the same words that a colleague is about to send it again."""
    sender = first.sent_by or first.author_id
    if sender != clerk_id:
        key = f"broadcast_same:{first.id}:{second.id}"
        owed = Owed(key, "broadcast_same", key, sender, days.soon(now), now + 86_400, [first.id, clerk_id])
        await outbox.put(tx, owed, now)


async def start(
    tx: Tx, broadcast: Broadcast, clerk_id: int, now: int, due_at: int | None = None, card_ref: str | None = None
) -> int:
    """Freeze the audience and owe everybody the message, all in this transaction; gives how many.

    Nobody is written to twice: the pair of announcement and person is unique. `due_at` is later than `now` only when
    a planned start comes at night after a standstill. The progress card is put in place of the message `card_ref`.
    """
    crashpoint("freeze.before")
    await tx.execute(
        f"""
        insert into broadcast_people (broadcast_id, person_id)
        select cast($1 as bigint), p.id from people p {audiences.chosen(broadcast)}
        on conflict (broadcast_id, person_id) do nothing
        """,  # noqa: S608 (conditions are constants of audiences)
        broadcast.id,
    )
    at = due_at or now
    told = await tx.execute(
        """
        insert into outbox (unique_key, kind, priority, subject, person_id, args, due_at, expires_at, created_at)
        select $2 || cast(person_id as text), 'broadcast', cast($3 as bigint), $4, person_id, $5,
            cast($6 as bigint), cast($7 as bigint), cast($8 as bigint)
        from broadcast_people where broadcast_id = $1 order by person_id
        on conflict (unique_key) do nothing
        """,
        broadcast.id,
        f"{broadcast.subject}:",
        BROADCAST,
        broadcast.subject,
        json.dumps([broadcast.id]),
        at,
        at + USEFUL,
        now,
    )
    await tx.execute(
        "update broadcasts set state = 'running', sent_by = $2, started_at = $3, updated_at = $3 where id = $1",
        broadcast.id,
        clerk_id,
        now,
    )
    await show_card(tx, await broadcasts.find(tx, broadcast.id), Progress(waiting=told), now, card_ref)
    crashpoint("freeze.after")
    return told


def typed_time(text: str, days: Calendar, now: int) -> int | None:
    """Read "24/11/2026 14:30" as UTC seconds; None for anything else, the past, or more than a year ahead."""
    parts = text.lower().replace("h", ":").replace(",", " ").split()
    parts.sort(key=lambda part: "/" not in part and "-" not in part)  # the day first, whichever way it was typed
    if len(parts) != 2:
        return None
    try:
        day, month, year = (int(number) for number in parts[0].replace("-", "/").split("/"))
        hour, _, minute = parts[1].partition(":")
        at = datetime.combine(date(year, month, day), time(int(hour), int(minute or 0)), days.zone)
        instant = int(at.timestamp())
    except (ValueError, OverflowError):
        return None
    return instant if now < instant <= now + FURTHEST else None


async def schedule(tx: Tx, broadcast: Broadcast, clerk_id: int, at: int, days: Calendar, now: int) -> Broadcast:
    """Plan the start at a calm instant. Raises Refused for the past, the night, a day off, or beyond a year."""
    if not (now < at <= now + FURTHEST and days.calm(at)):
        raise Refused("broadcasts/not_calm", proposed=days.soon(max(at, now)))
    await milestones.plan(tx, KIND, broadcast.subject, [Step(f"send@{at}:{now}", at, at + LATE)], now)
    await tx.execute(
        """
        update broadcasts set state = 'scheduled', scheduled_at = $2, sent_by = $3, updated_at = $4
        where id = $1 and state = 'draft'
        """,
        broadcast.id,
        at,
        clerk_id,
        now,
    )
    return await broadcasts.find(tx, broadcast.id)


async def unschedule(tx: Tx, broadcast_id: int, now: int) -> None:
    """Make a planned announcement a draft again. Raises Stale when it has begun."""
    broadcast = await broadcasts.locked(tx, broadcast_id)
    if broadcast.state != "scheduled":
        raise Stale("broadcasts/sent_already", broadcast=broadcast)
    await milestones.withdraw(tx, broadcast.subject, now)
    await _set_state(tx, broadcast, "draft", now)


async def fan_out(tx: Tx, milestone: Milestone, days: Calendar, now: int) -> int:
    """Start a planned announcement; one whose clerk has lost their rights, or that has nobody left, waits for HR."""
    await tx.lock("broadcasts")
    broadcast = await broadcasts.locked(tx, milestone.subject_id)
    if broadcast.state != "scheduled" or broadcast.sent_by is None:
        return 0
    if broadcast.sent_by not in await rights.clerks(tx):
        await hold(tx, broadcast, "rights", days, now)
        return 0
    if not await audiences.count(tx, broadcast):
        await hold(tx, broadcast, "nobody", days, now)
        return 0
    return await start(tx, broadcast, broadcast.sent_by, now, days.soon(now))


async def hold(tx: Tx, broadcast: Broadcast, reason: str, days: Calendar, now: int) -> None:
    """Make a planned announcement a draft again and tell its clerk and HR of the whole why it did not start."""
    await _set_state(tx, broadcast, "draft", now)
    for clerk in {*await rights.hr_people(tx), *({broadcast.author_id} & {*await rights.clerks(tx)})}:
        key = f"broadcast_held:{broadcast.id}:{broadcast.scheduled_at}:{clerk}"
        subject = f"broadcast_held:{broadcast.id}"
        owed = Owed(key, "broadcast_held", subject, clerk, days.soon(now), now + USEFUL, [broadcast.id, reason])
        await outbox.put(tx, owed, now)


async def pause(tx: Tx, broadcast_id: int, now: int) -> Broadcast:
    """Send nothing more for now; what is just leaving goes. A second tap changes nothing."""
    broadcast = await broadcasts.locked(tx, broadcast_id)
    if broadcast.state == "running":
        await hold_rows(tx, broadcast)
        await _set_state(tx, broadcast, "paused", now)
    return await broadcasts.find(tx, broadcast_id)


async def hold_rows(tx: Tx, broadcast: Broadcast) -> int:
    """Make what waits due never; gives how many rows."""
    return await tx.execute(
        """
        update outbox set due_at = $2, expires_at = $2
        where subject = $1 and kind = 'broadcast' and state = 'pending' and due_at < $2
        """,
        broadcast.subject,
        NEVER,
    )


async def resume(tx: Tx, broadcast_id: int, days: Calendar, now: int) -> Broadcast:
    """Go on: at once, or when calm hours begin again."""
    broadcast = await broadcasts.locked(tx, broadcast_id)
    if broadcast.state == "paused":
        await tx.execute(
            """
            update outbox set due_at = $2, expires_at = $3
            where subject = $1 and kind = 'broadcast' and state = 'pending'
            """,
            broadcast.subject,
            days.soon(now),
            now + USEFUL,
        )
        await _set_state(tx, broadcast, "running", now)
    return await broadcasts.find(tx, broadcast_id)


async def cancel(tx: Tx, broadcast_id: int, now: int) -> Broadcast:
    """Send it to nobody else, for good."""
    broadcast = await broadcasts.locked(tx, broadcast_id)
    if broadcast.state in ("running", "paused"):
        await outbox.withdraw(tx, broadcast.subject, now, "cancelled", kind=KIND)
        await tx.execute("update broadcasts set finished_at = $2 where id = $1", broadcast_id, now)
        await _set_state(tx, broadcast, "cancelled", now)
    return await broadcasts.find(tx, broadcast_id)


async def _set_state(tx: Tx, broadcast: Broadcast, state: str, now: int) -> None:
    await tx.execute("update broadcasts set state = $2, updated_at = $3 where id = $1", broadcast.id, state, now)


async def watch(tx: Tx, broadcast_id: int, count: Progress, days: Calendar, now: int) -> None:
    """Bring one announcement up to now: finish it, edit its card, hold what came back, ask about a missed start.

    `count` was taken just before, outside this transaction: it takes long for many people and keeps nobody waiting.
    """
    broadcast = await broadcasts.locked(tx, broadcast_id)
    if broadcast.state == "scheduled" and (broadcast.scheduled_at or 0) + LATE < now:
        await milestones.withdraw(tx, broadcast.subject, now)
        await hold(tx, broadcast, "missed", days, now)
    if broadcast.state == "paused":
        await hold_rows(tx, broadcast)  # a row whose sending failed while it was paused
    if broadcast.state == "running" and not count.waiting:
        await _finish(tx, broadcast, now)
    if broadcast.state in ("running", "paused", "cancelled"):
        await show_card(tx, await broadcasts.find(tx, broadcast_id), count, now)


async def _finish(tx: Tx, broadcast: Broadcast, now: int) -> None:
    await tx.execute("update broadcasts set finished_at = $2 where id = $1", broadcast.id, now)
    await _set_state(tx, broadcast, "done", now)
    if broadcast.sent_by is not None and now - (broadcast.started_at or 0) > _LOOKED_AT:
        key = f"broadcast_done:{broadcast.id}"
        await outbox.put(
            tx, Owed(key, "broadcast_done", key, broadcast.sent_by, now, now + USEFUL, [broadcast.id]), now
        )


async def watched(tx: Reading, now: int) -> list[tuple[int, Progress]]:
    """Give the announcements that `watch` has something to do for, or may have, each with how far it is."""
    rows = await tx.fetch(
        """
        select * from broadcasts where state in ('running', 'paused')
            or state = 'scheduled' and scheduled_at < $1 or state = 'cancelled' and finished_at > $2 order by id
        """,
        now - LATE,
        now - _CARD_LIVES,
    )
    found = [broadcasts.broadcast_of(row) for row in rows]
    return [(broadcast.id, await progress(tx, broadcast)) for broadcast in found]


async def show_card(tx: Tx, broadcast: Broadcast, count: Progress, now: int, ref: str | None = None) -> None:
    """Owe whoever sent it the progress card, put in place of the one before, when the figures have changed.

    At most every ten seconds while it runs; the cards of before are not kept.
    """
    figures = f"{broadcast.state} {count.sent} {count.no_chat} {count.unknown} {count.failed} {count.left_out}"
    shown = await tx.fetchval("select shown from broadcasts where id = $1", broadcast.id)
    if figures == shown or broadcast.sent_by is None:
        return
    last = await tx.fetchrow(
        """
        select id, coalesce(message_ref, replace_ref) as message_ref from outbox
        where subject = $1 and (state = 'sent' and message_ref is not null or replace_ref is not null)
        order by id desc limit 1
        """,
        broadcast.card_subject,
    )
    bucket = "begin" if not shown else "end" if broadcast.over else str(now // CARD_EVERY)
    key = f"{broadcast.card_subject}:{bucket}"
    due_at = now if ref is None else now + _AFTER_ANSWER
    ref = ref if last is None else last["message_ref"]
    subject, until = broadcast.card_subject, now + (USEFUL if broadcast.over or not shown else _CARD_LIVES)
    owed = Owed(key, CARD, subject, broadcast.sent_by, due_at, until, [broadcast.id], replace_ref=ref)
    if await outbox.put(tx, owed, now):
        await tx.execute("update broadcasts set shown = $2 where id = $1", broadcast.id, figures)
    if last is not None:
        await tx.execute(
            "delete from outbox where subject = $1 and id < $2 and state not in ('pending', 'sending')",
            broadcast.card_subject,
            last["id"],
        )
