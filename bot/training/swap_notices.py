"""What holder, colleague and head are told of a seat that is to pass on: who, and until when it is of use."""

from collections.abc import Sequence

from bot import outbox
from bot.outbox import Owed
from bot.store import Tx
from bot.training import enrolment_notices
from bot.training.calendar import Calendar
from bot.training.courses import Course
from bot.training.swaps import Swap


async def tell(tx: Tx, swap: Swap, course: Course, told: Sequence[int], kind: str, now: int, days: Calendar) -> None:
    """Ask people for their word, as long as the swap is open."""
    due_at = min(enrolment_notices.soon(course, now, days), swap.expires_at)
    for person_id in told:
        key = f"{kind}:{swap.id}:{person_id}:{now}"
        await outbox.put(tx, Owed(key, kind, swap.subject, person_id, due_at, swap.expires_at, [swap.id]), now)


async def result(tx: Tx, swap: Swap, course: Course, told: Sequence[int], now: int, days: Calendar) -> None:
    """Tell people how the swap stands; composed only if it is still so then."""
    due_at = enrolment_notices.soon(course, now, days)
    for person_id in told:
        key = f"swap_result:{swap.id}:{swap.state}:{person_id}"
        expires_at = max(course.ends_at, due_at)
        args = [swap.id, swap.state]
        await outbox.put(tx, Owed(key, "swap_result", swap.subject, person_id, due_at, expires_at, args), now)


async def withdraw(tx: Tx, swap: Swap, now: int) -> None:
    """Take back what is still to be asked or told about a swap."""
    await outbox.withdraw(tx, swap.subject, now, "settled")
