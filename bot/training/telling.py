"""Whom a change of rights or of a head concerns: named beforehand, owed the news afterwards, in others' words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot import outbox
from bot.outbox import Owed
from bot.store import Reading, Tx
from bot.training import people
from bot.training.calendar import Calendar

TOLD_FOR = 14 * 86_400  # seconds that the news is worth telling


@dataclass(frozen=True)
class Concerned:
    """Somebody who will be told, or cannot be reached."""

    name: str
    reached: bool


async def concerned(tx: Reading, people_ids: Iterable[int | None], by: int) -> list[Concerned]:
    """Give those of these people who will be told, each once; who does it (`by`) sees it anyway."""
    found = dict.fromkeys(one for one in people_ids if one not in (None, by))
    return [
        Concerned((await people.find(tx, one)).name, await people.chat_of(tx, one) is not None)
        for one in found
        if one is not None
    ]


async def tell(tx: Tx, kind: str, subject: str, person_id: int, args: list[Any], days: Calendar, now: int) -> None:
    """Owe the notice `kind` to somebody, in calm hours, unless it has just been owed."""
    due_at = days.soon(now)
    key = f"{subject}:{kind}:{person_id}:{now}"
    await outbox.put(tx, Owed(key, kind, subject, person_id, due_at, due_at + TOLD_FOR, args), now)


async def unsaid(tx: Tx, kind: str, subject: str, person_id: int, now: int) -> bool:
    """Take back a notice that has not gone out yet; True when there was one: then its contrary is no news either."""
    return await outbox.withdraw(tx, subject, now, "changed", person_id, kind) > 0
