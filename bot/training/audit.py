"""What was done with other people's data: who, when, what, old and new. Append-only; what may be done is in rights."""

import json
from typing import Any

from bot.chat.turns import Turn
from bot.store import Tx


async def record(
    tx: Tx, by: int | None, action: str, subject: str, now: int, *, old: Any = None, new: Any = None
) -> None:
    """Write one line of the log, in the transaction of what it tells; `old` and `new` are JSON values.

    `action` is 'noun.verb' ('course.edit', 'people.list', 'ratings.export'), `subject` what it was done to
    ('course:17', 'unit:3'). `by` is None for the command line.
    """
    await tx.execute(
        "insert into audit (at, by_person, action, subject, old, new) values ($1, $2, $3, $4, $5, $6)",
        now,
        by,
        action,
        subject,
        None if old is None else json.dumps(old, ensure_ascii=False),
        None if new is None else json.dumps(new, ensure_ascii=False),
    )


async def noted(turn: Turn, action: str, subject: str, *, old: Any = None, new: Any = None) -> None:
    """Write what the speaker of this turn reads, exports or changes, as `record` does."""
    await record(turn.tx, turn.person.person_id, action, subject, turn.now, old=old, new=new)
