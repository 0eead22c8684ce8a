"""What people agreed to, purpose by purpose: append-only, the newest answer counts. How they are asked is not here."""

import hashlib
from dataclasses import dataclass
from typing import Literal, get_args

from bot.chat.events import Address
from bot.store import Reading, Tx
from bot.training import accounts
from bot.training.keys import keyed_hash

Purpose = Literal["link", "days_off", "comments"]
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)


@dataclass(frozen=True)
class Consent:
    """The newest answer to one purpose; `given` is None when it was never asked. `at` in UTC seconds."""

    purpose: Purpose
    given: bool | None
    at: int | None


async def record(tx: Tx, person_id: int, purpose: Purpose, given: bool, words: str, address: Address, now: int) -> None:
    """Write an answer with the very words it answers, the time and the chat's keyed hash; the words are kept as proof.

    Saying no to 'link' takes the link off every chat of the person.
    """
    version = hashlib.sha256(words.encode()).hexdigest()[:16]
    await tx.execute(
        "insert into wordings (version, words, first_at) values ($1, $2, $3) on conflict (version) do nothing",
        version,
        words,
        now,
    )
    await tx.execute(
        "insert into consents (person_id, purpose, given, wording, chat_hash, at) values ($1, $2, $3, $4, $5, $6)",
        person_id,
        purpose,
        int(given),
        version,
        await keyed_hash(tx, "chats", f"{address.platform}:{address.id}"),
        now,
    )
    if purpose == "link" and not given:
        await accounts.detach_all(tx, person_id)


async def of(tx: Reading, person_id: int) -> dict[Purpose, Consent]:
    """Give the newest answer to every purpose."""
    rows = await tx.fetch("select purpose, given, at from consents where person_id = $1 order by id", person_id)
    newest = {row["purpose"]: Consent(row["purpose"], bool(row["given"]), row["at"]) for row in rows}
    return {purpose: newest.get(purpose, Consent(purpose, None, None)) for purpose in PURPOSES}


async def given(tx: Reading, person_id: int, purpose: Purpose) -> bool:
    """Tell whether a person agrees to a purpose now; never asked is no."""
    return bool((await of(tx, person_id))[purpose].given)
