"""Who runs this assistant: the agency's name, whom to ask, the link that opens the chat. People are elsewhere."""

from dataclasses import dataclass

from bot.errors import Refused
from bot.store import Reading, Tx

AUDIT_MONTHS = 24  # kept unless the agency says otherwise
MOST_MONTHS = 120


@dataclass(frozen=True)
class Agency:
    """The controller of the data: `name`, `contact` (free words), `link` ("https://t.me/x?start="); "" when unset."""

    name: str
    contact: str
    link: str
    audit_months: int  # how long the log is kept


async def facts(tx: Reading) -> Agency:
    """Read what is known."""
    known = {row["fact"]: row["value"] for row in await tx.fetch("select fact, value from agency")}
    months = int(known.get("audit_months", AUDIT_MONTHS))
    return Agency(known.get("name", ""), known.get("contact", ""), known.get("link_telegram", ""), months)


async def keep(tx: Tx, fact: str, value: str) -> None:
    """Keep one fact: 'name', 'contact', 'audit_months', or 'link_telegram', which the messenger learns at its start.

    Raises Refused for months that are no number from 1 to 120.
    """
    if fact == "audit_months" and not (value.isascii() and value.isdigit() and 1 <= int(value[:4]) <= MOST_MONTHS):
        raise Refused("desk/not_months", most=MOST_MONTHS)
    await tx.execute(
        "insert into agency (fact, value) values ($1, $2) on conflict (fact) do update set value = excluded.value",
        fact,
        value,
    )
