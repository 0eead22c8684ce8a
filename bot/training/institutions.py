"""Training institutions (cơ sở đào tạo): found by their name, or new. Who works for one is in rights."""

from dataclasses import dataclass

from bot.folding import fold
from bot.store import Reading, Tx


@dataclass(frozen=True)
class Institution:
    """One institution."""

    id: int
    name: str


async def everyone(tx: Reading) -> list[Institution]:
    """Give every institution, by name."""
    return [Institution(row["id"], row["name"]) for row in await tx.fetch("select * from institutions order by fold")]


async def called(tx: Tx, name: str | None) -> int | None:
    """Give the institution of that name, a new one if there is none; None for no name."""
    if not name or not fold(name):
        return None
    await tx.execute(
        "insert into institutions (name, fold) values ($1, $2) on conflict (fold) do nothing", name, fold(name)
    )
    found: int = await tx.fetchval("select id from institutions where fold = $1", fold(name))
    return found
