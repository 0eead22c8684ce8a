"""Who may come to a course: group, leader, title, rank, unit. When sign-up is open is told by signing_up."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from bot.folding import fold
from bot.store import Reading

_STEP_OF_RANK = re.compile(r"( bac)?( [0-9]+)+$")  # "chuyen vien bac 3 9", "chuyen vien 01 003"


class Narrowed(Protocol):
    """What a course says about who may come; an empty `only_…` narrows nothing."""

    @property
    def audience(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def only_leaders(self) -> bool: ...  # noqa: D102
    @property
    def only_titles(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def only_ranks(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def only_units(self) -> tuple[int, ...]: ...  # noqa: D102


@dataclass(frozen=True)
class Facts:
    """What is known of a person that decides; `units` are their own and all above it."""

    audience: str
    leader: bool = False
    title: str | None = None
    position: str | None = None
    rank: str | None = None
    units: frozenset[int] = frozenset()


def objection(course: Narrowed, facts: Facts) -> str:
    """Name what keeps a person off a course: audience, leaders, titles, ranks, units; '' when nothing does."""
    if facts.audience not in course.audience:
        return "audience"
    if course.only_leaders and not facts.leader:
        return "leaders"
    if course.only_titles and not (has_title(facts.title, course.only_titles) or
                                   has_title(facts.position, course.only_titles)):  # fmt: skip
        return "titles"
    if course.only_ranks and not has_rank(facts.rank, course.only_ranks):
        return "ranks"
    if course.only_units and not facts.units.intersection(course.only_units):
        return "units"
    return ""


def has_title(title: str | None, wanted: Iterable[str]) -> bool:
    """Tell whether a title begins with one of `wanted`: "Chủ tịch" takes "Chủ tịch UBND", not "Phó Chủ tịch"."""
    own = f"{fold(title or '')} "
    return any(own.startswith(f"{fold(one)} ") for one in wanted)


def has_rank(rank: str | None, wanted: Iterable[str]) -> bool:
    """Tell whether a rank is one of `wanted`, whatever its step: "Chuyên viên" is not "Chuyên viên chính"."""
    own = _bare_rank(rank or "")
    return bool(own) and any(own == _bare_rank(one) for one in wanted)


def _bare_rank(rank: str) -> str:
    folded = fold(rank)
    return _STEP_OF_RANK.sub("", folded) or folded


async def facts_of(tx: Reading, person_id: int) -> Facts | None:
    """Read what is known of somebody who works here; None when there is nobody."""
    row = await tx.fetchrow(
        "select audience, leader, title, position, rank, unit_id from people where id = $1 and active = 1", person_id
    )
    if row is None:
        return None
    above = await tx.fetch("select above_id from units_below where unit_id = $1", row["unit_id"])
    units = frozenset(one["above_id"] for one in above)
    return Facts(row["audience"], bool(row["leader"]), row["title"], row["position"], row["rank"], units)


async def may_come(tx: Reading, course: Narrowed, person_id: int) -> bool:
    """Tell whether a person may come to a course at all, dates apart."""
    facts = await facts_of(tx, person_id)
    return facts is not None and not objection(course, facts)
