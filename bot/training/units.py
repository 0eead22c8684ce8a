"""Units and their heads: found, listed, given a head. Who works in them is told by people."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.errors import Stale
from bot.folding import fold
from bot.store import Reading, Row, Tx

# Who heads a unit, the surest titles first. A deputy never does; "Chủ tịch Hội …" only where nobody stands above.
_HEADS = (
    re.compile(r"(q |quyen )?chu tich (ubnd|uy ban nhan dan)( .*)?"),
    re.compile(r"(q |quyen )?chu tich"),
    re.compile(
        r"(q |quyen )?(truong phong|hieu truong|giam doc|tong giam doc|chanh van phong|chanh thanh tra|chanh an"
        r"|vien truong|truong ban|truong tram|truong dai|cuc truong|chi cuc truong|doi truong|thu truong)( .*)?"
    ),
    re.compile(r"(q |quyen )?(bi thu|chu tich) .*"),
)


@dataclass(frozen=True)
class Unit:
    """One unit; `head` is a name, `proposed` when nobody has confirmed it."""

    id: int
    name: str
    old_name: str | None
    parent: str | None
    head_id: int | None
    head: str | None
    proposed: bool
    size: int
    parent_id: int | None = None
    closed: bool = False


_SELECT = """
    select u.id, u.name, u.old_name, u.parent_id, u.closed_at, above.name as parent, u.head_id, h.name as head,
        u.head_proposed,
        (select count(*) from people p where p.unit_id = u.id and p.active = 1) as size
    from units u left join units above on above.id = u.parent_id left join people h on h.id = u.head_id
"""


async def find(tx: Reading, unit_id: int) -> Unit:
    """Read a unit. Raises Stale when there is none."""
    row = await tx.fetchrow(f"{_SELECT} where u.id = $1", unit_id)
    if row is None:
        raise Stale
    return _unit(row)


async def everyone(tx: Reading) -> list[Unit]:
    """Give every unit that works, those without a head first, then by name."""
    units = [_unit(row) for row in await tx.fetch(f"{_SELECT} where u.closed_at is null")]
    return sorted(units, key=lambda u: (u.head_id is not None, fold(u.name)))


def _unit(row: Row) -> Unit:
    return Unit(
        row["id"],
        row["name"],
        row["old_name"],
        row["parent"],
        row["head_id"],
        row["head"],
        bool(row["head_proposed"]),
        row["size"],
        row["parent_id"],
        row["closed_at"] is not None,
    )


async def set_head(tx: Tx, unit_id: int, person_id: int, proposed: bool = False) -> None:
    """Make a person the head of a unit, in place of whoever was."""
    await tx.execute(
        "update units set head_id = $2, head_proposed = $3 where id = $1", unit_id, person_id, int(proposed)
    )


def rank(title: str | None) -> int | None:
    """Give how surely a title heads a unit, 0 the surest; None for every other title and every deputy."""
    folded = fold(title or "")
    return next((place for place, pattern in enumerate(_HEADS) if pattern.fullmatch(folded)), None)


def best_head(titles: Iterable[tuple[int, str | None]]) -> int | None:
    """Give the one candidate of (id, title) pairs with the best title; None when there is none, or two."""
    ranked = [(place, who) for who, title in titles if (place := rank(title)) is not None]
    best = min(ranked, default=(None, 0))[0]
    found = [who for place, who in ranked if place == best]
    return found[0] if len(found) == 1 else None
