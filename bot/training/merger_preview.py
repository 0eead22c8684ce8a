"""What merging units, or giving one another name, would move: people, heads, requests, rights. Doing it: mergers."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import Refused, Stale
from bot.folding import fold, tidy
from bot.store import Reading, Row
from bot.training import deciders, people, units
from bot.training.merging import members
from bot.training.units import Unit

LONGEST = 200  # letters of a name
MOST = 60  # units in one step


@dataclass(frozen=True)
class Wish:
    """What is to be done: these units become one of this name, with this head (None: as `head_of` tells)."""

    sources: tuple[int, ...]
    name: str
    head_id: int | None = None


@dataclass(frozen=True)
class Preview:
    """What it would do. `target` is None when the unit is made new; `heads` are those who head one of the units now."""

    sources: list[Unit]
    target: Unit | None
    name: str
    people: int
    heads: list[tuple[int, str, str]]
    head_id: int | None
    head: str | None
    waiting: int
    quotas: int
    courses: int
    clerks: list[str]
    drafts: int

    @property
    def renames(self) -> bool:
        """Tell whether it only gives a unit another name."""
        return len(self.sources) == 1 and self.target is not None and self.target.id == self.sources[0].id

    @property
    def headless(self) -> bool:
        """Tell whether units would merge into one that nobody heads."""
        return not self.renames and self.head_id is None

    @property
    def closes(self) -> list[Unit]:
        """Give the units that end."""
        return [unit for unit in self.sources if self.target is None or unit.id != self.target.id]

    @property
    def concerned(self) -> list[int]:
        """Give the numbers of the units it touches, the one that stays among them."""
        return list(dict.fromkeys(unit.id for unit in (*self.sources, *([self.target] if self.target else []))))


async def preview(tx: Reading, wish: Wish, now: int) -> Preview:
    """Tell what a wish would do; writes nothing. Raises Refused when it cannot be done or would change nothing."""
    sources = await _open_units(tx, wish.sources)
    name = tidy(wish.name)
    if not sources or not fold(name) or len(name) > LONGEST:
        raise Refused("mergers/no_name", limit=LONGEST)
    target = await _target(tx, sources, name)
    numbers = [unit.id for unit in sources]
    if target is not None and numbers == [target.id] and target.name == name:
        raise Refused("mergers/nothing", name=name)
    if target is not None and await _stands_under(tx, target.id, numbers):
        raise Refused("mergers/under", name=target.name)
    closing = [unit.id for unit in sources if target is None or unit.id != target.id]
    heads = await _heads(tx, [*closing, *([target.id] if target else [])])
    head_id = wish.head_id or default_head(target, heads)
    return Preview(
        sources,
        target,
        name,
        sum([len(await members(tx, number)) for number in closing]),
        heads,
        head_id,
        None if head_id is None else (await people.find(tx, head_id)).name,
        len(await waiting(tx, numbers, now)),
        len(await rows(tx, "course_quotas", "unit_id", closing)),
        len(await rows(tx, "courses", "owner_unit_id", closing)),
        [row["name"] for row in await clerks(tx, closing)],
        len(await drafts(tx, closing)),
    )


async def _open_units(tx: Reading, numbers: Sequence[int]) -> list[Unit]:
    if len(numbers) > MOST:
        raise Refused("mergers/too_many", limit=MOST)
    found = [await units.find(tx, number) for number in dict.fromkeys(numbers)]
    for unit in found:
        if unit.closed:
            raise Stale("mergers/closed", name=unit.name)
    return found


async def _target(tx: Reading, sources: Sequence[Unit], name: str) -> Unit | None:
    """Give the unit that stays: the one that has the name already, the one that is renamed, or None for a new one."""
    number = await tx.fetchval("select id from units where fold = $1 and closed_at is null", fold(name))
    if number is not None:
        return await units.find(tx, number)
    return sources[0] if len(sources) == 1 else None


async def _stands_under(tx: Reading, target_id: int, numbers: Sequence[int]) -> bool:
    """Tell whether the unit that stays is below one that ends: then it would be above itself."""
    found = await tx.fetch("select above_id from units_below where unit_id = $1 and above_id <> $1", target_id)
    return any(row["above_id"] in numbers for row in found)


async def _heads(tx: Reading, numbers: Sequence[int]) -> list[tuple[int, str, str]]:
    found = [await units.find(tx, number) for number in numbers]
    return [(unit.head_id, unit.head or "", unit.name) for unit in found if unit.head_id is not None]


def default_head(target: Unit | None, heads: Sequence[tuple[int, str, str]]) -> int | None:
    """The head of the unit that stays goes on; a new unit's is whoever alone heads one of the old ones."""
    if target is not None:
        return target.head_id
    only = {person_id for person_id, _, _ in heads}
    return only.pop() if len(only) == 1 else None


async def rows(tx: Reading, table: str, column: str, numbers: Sequence[int]) -> list[Row]:
    """Give the rows of a table that speak of these units."""
    within = ", ".join(str(int(number)) for number in numbers) or "0"
    return await tx.fetch(f"select * from {table} where {column} in ({within})")  # noqa: S608 (own names, numbers)


async def clerks(tx: Reading, numbers: Sequence[int]) -> list[Row]:
    """Give the HR rights over just these units."""
    within = ", ".join(str(int(number)) for number in numbers) or "0"
    return await tx.fetch(
        f"""
        select r.id, r.person_id, r.unit_id, p.name from rights r join people p on p.id = r.person_id
        where r.role = 'hr' and r.revoked_at is null and r.unit_id in ({within}) order by r.id
        """  # noqa: S608 (numbers)
    )


async def drafts(tx: Reading, numbers: Sequence[int]) -> list[Row]:
    """Give the announcements not yet sent that speak of these units."""
    within = ", ".join(str(int(number)) for number in numbers) or "0"
    return await tx.fetch(
        f"""
        select t.broadcast_id, t.target_id from broadcast_targets t join broadcasts b on b.id = t.broadcast_id
        where b.kind = 'units' and b.state in ('draft', 'scheduled') and t.target_id in ({within})
        order by t.broadcast_id, t.target_id
        """  # noqa: S608 (numbers)
    )


async def waiting(tx: Reading, numbers: Sequence[int], now: int) -> list[tuple[int, set[int]]]:
    """Give each request that waits for a head of these units or of one below, with those who decide at `now`."""
    within = ", ".join(str(int(number)) for number in numbers) or "0"
    found = await tx.fetch(
        f"""
        select distinct e.id, e.person_id from enrolments e join people p on p.id = e.person_id
        join units_below b on b.unit_id = p.unit_id where e.state = 'head' and b.above_id in ({within}) order by e.id
        """  # noqa: S608 (numbers)
    )
    return [(row["id"], set(await deciders.of_person(tx, row["person_id"], now))) for row in found]


async def courses_of(tx: Reading, numbers: Sequence[int]) -> list[int]:
    """Give the courses that speak of these units, or keep places for one of them or one above, in ascending order."""
    within = ", ".join(str(int(number)) for number in numbers) or "0"
    found = await tx.fetch(
        f"""
        select q.course_id as id from course_quotas q join units_below b on b.above_id = q.unit_id
        where b.unit_id in ({within}) union select id from courses where owner_unit_id in ({within})
        """  # noqa: S608 (numbers)
    )
    named = [
        row["id"]
        for row in await tx.fetch("select id, only_units from courses where only_units <> ''")
        if any(int(number) in numbers for number in row["only_units"].split(",") if number)
    ]
    return sorted({*named, *(row["id"] for row in found)})
