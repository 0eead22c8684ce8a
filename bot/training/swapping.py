"""The steps of a seat that passes on: asked, agreed to, called off, approved, refused, closed by time.

The seat is its holder's until the one transaction that moves it; the waiting list is not asked, since no place becomes
free. Each step holds the course and looks again at what could stand in the way. How a swap stands is in swaps.
"""

from collections.abc import Sequence

from bot.errors import NotAllowed, Refused
from bot.store import Reading, Tx
from bot.training import courses, enrolment_notices, enrolments, offers, people, swap_notices, swaps
from bot.training.calendar import Calendar
from bot.training.courses import Course
from bot.training.swaps import Swap

WORKING_DAYS = 2  # for the colleague, and again for the head
SWAPPED = "swap"  # the reason kept with a seat that was passed on


async def ask(
    tx: Tx, holder_id: int, course_id: int, colleague_id: int, arrival: int, now: int, days: Calendar
) -> Swap:
    """Ask a colleague to take the seat; asking the same one again changes nothing.

    Raises Refused with what stands in the way, also while another colleague is being asked; NotAllowed for somebody
    of another unit.
    """
    course = await courses.locked(tx, course_id)
    enrolment_id = await swaps.may_pass_on(tx, holder_id, course, now)
    if (await people.find(tx, colleague_id)).unit_id != (await people.find(tx, holder_id)).unit_id:
        raise NotAllowed(f"person:{colleague_id}")
    await clear(tx, course, now, days)
    before = await swaps.open_of(tx, holder_id, course_id, now)
    if before is not None and before.enrolment_id == enrolment_id:
        if before.colleague_id == colleague_id:
            return before
        raise Refused("swaps/one_at_a_time", course=course, colleague=await people.find(tx, before.colleague_id))
    why = await swaps.obstacle(tx, course, holder_id, colleague_id, now)
    if why or colleague_id == holder_id:
        raise Refused("swaps/not_possible", course=course, why=why or "on")
    swap_id = await tx.fetchval(
        """
        insert into seat_swaps (enrolment_id, colleague_id, state, arrival, asked_at, expires_at)
        values ($1, $2, 'asked', $3, $4, $5) returning id
        """,
        enrolment_id,
        colleague_id,
        arrival,
        now,
        _expiry(course, now, days),
    )
    swap = await swaps.find(tx, swap_id)
    await swap_notices.tell(tx, swap, course, [colleague_id], "swap_asked", now, days)
    return swap


def _expiry(course: Course, now: int, days: Calendar) -> int:
    """Give until when the next one may answer: two working days, but not past the time to give a seat back."""
    return min(days.working_days_after(days.soon(now, course.cancel_until), WORKING_DAYS), course.cancel_until)


async def agree(tx: Tx, colleague_id: int, swap_id: int, now: int, days: Calendar) -> Swap:
    """Take the seat, as far as the colleague is concerned: the head is asked. Raises Refused; twice is harmless."""
    course, swap = await _held(tx, swap_id)
    if swap.colleague_id != colleague_id:
        raise NotAllowed(swap.subject)
    if swap.state in ("head", "done"):
        return swap
    swap = await _still_open(tx, course, swap, now)
    await tx.execute(
        "update seat_swaps set state = 'head', expires_at = $2 where id = $1", swap.id, _expiry(course, now, days)
    )
    swap = await swaps.find(tx, swap.id)
    await swap_notices.result(tx, swap, course, [swap.holder_id], now, days)
    await swap_notices.tell(tx, swap, course, await swaps.asked(tx, swap, now), "swap_decide", now, days)
    return swap


async def decline(tx: Tx, colleague_id: int, swap_id: int, now: int, days: Calendar) -> Swap:
    """Leave the seat with its holder, who is told; twice is harmless."""
    course, swap = await _held(tx, swap_id)
    if swap.colleague_id != colleague_id:
        raise NotAllowed(swap.subject)
    if swap.state == "asked":
        return await _settle(tx, course, swap, "declined", [swap.holder_id], now, days)
    return swap


async def withdraw(tx: Tx, person_id: int, swap_id: int, now: int, days: Calendar) -> Swap:
    """Let the holder or the colleague call it off; the other one is told. Decided meanwhile: nothing happens."""
    course, swap = await _held(tx, swap_id)
    if person_id not in (swap.holder_id, swap.colleague_id):
        raise NotAllowed(swap.subject)
    if swap.state not in ("asked", "head"):
        return swap
    other = swap.colleague_id if person_id == swap.holder_id else swap.holder_id
    return await _settle(tx, course, swap, "withdrawn", [other], now, days, by=person_id)


async def approve(tx: Tx, by: int, swap_id: int, now: int, days: Calendar) -> Swap:
    """Move the seat: the old enrolment ends and the colleague's begins in this one transaction.

    Raises Refused when something has come in the way since, and NotAllowed. Decided meanwhile: nothing happens.
    """
    course, swap = await _held(tx, swap_id)
    await swaps.check_decides(tx, by, swap, now)
    if swap.state != "head":
        return swap
    await offers.hold_diary(tx, swap.colleague_id)
    swap = await _still_open(tx, course, swap, now)
    await enrolments.move(tx, swap.enrolment_id, "cancelled", now, by=by, reason=SWAPPED)
    await enrolment_notices.withdraw(tx, course, swap.holder_id, now)
    taken_by = await enrolments.add(tx, course.id, swap.colleague_id, "seat", swap.arrival, now)
    await enrolments.note_head(tx, taken_by, by)
    await tx.execute("update seat_swaps set taken_by = $2 where id = $1", swap.id, taken_by)
    return await _settle(tx, course, swap, "done", [swap.holder_id, swap.colleague_id], now, days, by=by)


async def refuse(tx: Tx, by: int, swap_id: int, reason: str | None, now: int, days: Calendar) -> Swap:
    """Say no: the seat stays with its holder. Decided meanwhile: nothing happens. Raises NotAllowed."""
    course, swap = await _held(tx, swap_id)
    await swaps.check_decides(tx, by, swap, now)
    if swap.state != "head":
        return swap
    both = [swap.holder_id, swap.colleague_id]
    return await _settle(tx, course, swap, "refused", both, now, days, by=by, reason=reason)


async def _held(tx: Tx, swap_id: int) -> tuple[Course, Swap]:
    course = await courses.locked(tx, (await swaps.find(tx, swap_id)).course_id)
    return course, await swaps.find(tx, swap_id)


async def _still_open(tx: Reading, course: Course, swap: Swap, now: int) -> Swap:
    """Give the swap if it can still come about. Raises Refused with why not."""
    if not swap.open(now):
        raise Refused("swaps/over", course=course, state=swap.state)
    why = await swaps.obstacle(tx, course, swap.holder_id, swap.colleague_id, now)
    if why:
        raise Refused("swaps/not_possible", course=course, why=why)
    return swap


async def _settle(
    tx: Tx, course: Course, swap: Swap, state: str, told: Sequence[int], now: int, days: Calendar,
    *, by: int | None = None, reason: str | None = None,
) -> Swap:  # fmt: skip
    await tx.execute(
        "update seat_swaps set state = $2, settled_at = $3, decided_by = $4, reason = $5 where id = $1",
        swap.id,
        state,
        now,
        by,
        reason,
    )
    await swap_notices.withdraw(tx, swap, now)
    swap = await swaps.find(tx, swap.id)
    await swap_notices.result(tx, swap, course, told, now, days)
    return swap


async def clear(tx: Tx, course: Course, now: int, days: Calendar) -> int:
    """Close the swaps that time, a cancelled course, a lost seat or another enrolment has ended; gives how many.

    The holder is told, and a colleague who had agreed. The caller holds the course.
    """
    closed = 0
    for swap in await swaps.unsettled(tx, course.id):
        why = "" if swap.open(now) else "time"
        why = why or await swaps.obstacle(tx, course, swap.holder_id, swap.colleague_id, now)
        if why:
            told = [] if course.cancelled else [swap.holder_id, *([swap.colleague_id] if swap.state == "head" else [])]
            state = "lapsed" if why == "time" else "void"
            await _settle(tx, course, swap, state, told, now, days, reason=why)
            closed += 1
    return closed


async def end(tx: Tx, course: Course, now: int, days: Calendar) -> None:
    """Close every swap of a course that is cancelled; nothing more is told of any of them. The caller holds it."""
    await clear(tx, course, now, days)
    for swap in await swaps.of_course(tx, course.id):
        await swap_notices.withdraw(tx, swap, now)
