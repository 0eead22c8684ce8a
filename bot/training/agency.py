"""Who runs this assistant: the agency's name, whom to ask, the link that opens the chat. People are elsewhere."""

from dataclasses import dataclass

from bot.store import Reading, Tx


@dataclass(frozen=True)
class Agency:
    """The controller of the data: `name`, `contact` (free words), `link` ("https://t.me/x?start="); "" when unset."""

    name: str
    contact: str
    link: str


async def facts(tx: Reading) -> Agency:
    """Read what is known."""
    known = {row["fact"]: row["value"] for row in await tx.fetch("select fact, value from agency")}
    return Agency(known.get("name", ""), known.get("contact", ""), known.get("link_telegram", ""))


async def keep(tx: Tx, fact: str, value: str) -> None:
    """Keep one fact: 'name', 'contact', or 'link_telegram', which the messenger learns when it starts."""
    await tx.execute(
        "insert into agency (fact, value) values ($1, $2) on conflict (fact) do update set value = excluded.value",
        fact,
        value,
    )
