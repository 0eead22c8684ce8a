"""The steps of a merger, written and taken back: each cell with what it was and became. What merges: mergers."""

import json
from dataclasses import dataclass, field
from typing import Any

from bot.store import Reading, Tx
from bot.training import rights

_CELLS = {
    "units": ("name", "fold", "old_name", "parent_id", "head_id", "head_proposed", "closed_at", "merged_into"),
    "rights": ("revoked_at",),
    "acting_heads": ("unit_id", "ended_at"),
    "courses": ("owner_unit_id", "only_units"),
    "course_drafts": ("owner_unit_id",),
}

_GIVEN_ANEW = """
    select n.id from rights o join rights n on n.person_id = o.person_id and n.role = o.role and n.unit_id = o.unit_id
    where o.id = $1 and n.id <> o.id and n.revoked_at is null
"""


@dataclass
class Ledger:
    """What one merger changed. `cells` are (table, row, column, before, after); `quotas` (course, unit, before, after).

    `moved` are (unit, its people), `drafts` (announcement, unit, whether it spoke of the new unit too), `granted` the
    rights given over the new unit, `held` those its clerks had there already, `members` everybody in it afterwards.
    """

    target_id: int
    cells: list[list[Any]] = field(default_factory=list)
    quotas: list[list[Any]] = field(default_factory=list)
    moved: list[list[Any]] = field(default_factory=list)
    drafts: list[list[int]] = field(default_factory=list)
    granted: list[int] = field(default_factory=list)
    held: list[int] = field(default_factory=list)
    members: list[int] = field(default_factory=list)

    def dump(self) -> str:
        """Give the JSON it is kept as."""
        return json.dumps(vars(self), ensure_ascii=False)

    @classmethod
    def load(cls, dumped: str) -> "Ledger":
        """Read back what `dump` gave."""
        return cls(**json.loads(dumped))

    async def set(self, tx: Tx, table: str, row_id: int, column: str, after: Any) -> None:
        """Change one cell and note what it was."""
        before = await _cell(tx, table, row_id, column)
        if before != after:
            await _put(tx, table, row_id, column, after)
            self.cells.append([table, row_id, column, before, after])

    async def set_quota(self, tx: Tx, course_id: int, unit_id: int, after: int | None) -> None:
        """Change the places kept for a unit on a course; None takes the quota away."""
        before = await _quota(tx, course_id, unit_id)
        await _put_quota(tx, course_id, unit_id, after)
        self.quotas.append([course_id, unit_id, before, after])

    async def retarget(self, tx: Tx, broadcast_id: int, unit_id: int) -> None:
        """Let the draft of an announcement speak of the new unit in place of an old one."""
        both = await tx.fetchval(
            "select 1 as found from broadcast_targets where broadcast_id = $1 and target_id = $2",
            broadcast_id,
            self.target_id,
        )
        await _retarget(tx, broadcast_id, unit_id, self.target_id)
        self.drafts.append([broadcast_id, unit_id, int(both is not None)])

    async def move_people(self, tx: Tx, unit_id: int) -> None:
        """Let everybody of an old unit, also who has left, belong to the new one."""
        self.moved.append([unit_id, await members(tx, unit_id)])
        await tx.execute("update people set unit_id = $2 where unit_id = $1", unit_id, self.target_id)

    async def intact(self, tx: Reading) -> bool:
        """Tell whether all is still as the merger left it."""
        for table, row_id, column, _, after in self.last_cells():
            if await _cell(tx, table, row_id, column) != after:
                return False
        for (course_id, unit_id), after in self.last_quotas().items():
            if await _quota(tx, course_id, unit_id) != after:
                return False
        return await self._rights_stand(tx) and await members(tx, self.target_id) == self.members

    def last_cells(self) -> list[list[Any]]:
        """Give each changed cell once, with its first value before and its last after."""
        found: dict[tuple[str, int, str], list[Any]] = {}
        for table, row_id, column, before, after in self.cells:
            first = found.get((table, row_id, column))
            found[table, row_id, column] = [table, row_id, column, first[3] if first else before, after]
        return list(found.values())

    def last_quotas(self) -> dict[tuple[int, int], int | None]:
        """Give the last places of each (course, unit): several units may have added to one quota in turn."""
        return {(course_id, unit_id): after for course_id, unit_id, _, after in self.quotas}

    async def _rights_stand(self, tx: Reading) -> bool:
        """Tell whether clerks still have their rights over the new unit, and none anew over an old one.

        Whoever lost them since, or has left, must not have the old ones back by an undo.
        """
        for right_id in (*self.granted, *self.held):
            if (
                await tx.fetchval("select 1 as found from rights where id = $1 and revoked_at is null", right_id)
                is None
            ):
                return False
        for table, right_id, *_ in self.last_cells():
            if table == "rights" and await tx.fetchval(_GIVEN_ANEW, right_id) is not None:
                return False
        return True

    @property
    def units(self) -> list[int]:
        """Give the numbers of the units between which people and places moved."""
        return [self.target_id, *(unit_id for unit_id, _ in self.moved)]

    async def take_back(self, tx: Tx, now: int) -> None:
        """Let everything be what it was."""
        for table, row_id, column, before, _ in reversed(self.cells):
            await _put(tx, table, row_id, column, before)
        for course_id, unit_id, before, _ in reversed(self.quotas):
            await _put_quota(tx, course_id, unit_id, before)
        for unit_id, people in self.moved:
            for person_id in people:
                await tx.execute("update people set unit_id = $2 where id = $1", person_id, unit_id)
        for broadcast_id, unit_id, both in self.drafts:
            await _retarget(tx, broadcast_id, 0 if both else self.target_id, unit_id)
        for right_id in self.granted:
            await tx.execute("update rights set revoked_at = $2 where id = $1 and revoked_at is null", right_id, now)

    async def grant(self, tx: Tx, person_id: int, by: int, now: int) -> None:
        """Give somebody HR rights over the new unit, if they have none there."""
        live = "select id from rights where person_id = $1 and role = 'hr' and unit_id = $2 and revoked_at is null"
        held = await tx.fetchval(live, person_id, self.target_id)
        if held is not None:
            self.held += [] if held in self.granted else [held]
            return
        await rights.grant_hr(tx, person_id, now, by=by, unit_id=self.target_id)
        granted = await tx.fetchval(live, person_id, self.target_id)
        self.granted += [] if granted is None else [granted]


async def members(tx: Reading, unit_id: int) -> list[int]:
    """Give the numbers of everybody of a unit, also of those who have left."""
    return [row["id"] for row in await tx.fetch("select id from people where unit_id = $1 order by id", unit_id)]


async def _cell(tx: Reading, table: str, row_id: int, column: str) -> Any:
    if column not in _CELLS[table]:
        raise KeyError(f"{table}.{column}")
    return await tx.fetchval(f"select {column} from {table} where id = $1", row_id)  # noqa: S608 (own names)


async def _put(tx: Tx, table: str, row_id: int, column: str, value: Any) -> None:
    if column not in _CELLS[table]:
        raise KeyError(f"{table}.{column}")
    await tx.execute(f"update {table} set {column} = $2 where id = $1", row_id, value)  # noqa: S608 (own names)


async def _quota(tx: Reading, course_id: int, unit_id: int) -> int | None:
    places: int | None = await tx.fetchval(
        "select places from course_quotas where course_id = $1 and unit_id = $2", course_id, unit_id
    )
    return places


async def _put_quota(tx: Tx, course_id: int, unit_id: int, places: int | None) -> None:
    await tx.execute("delete from course_quotas where course_id = $1 and unit_id = $2", course_id, unit_id)
    if places is not None:
        await tx.execute(
            "insert into course_quotas (course_id, unit_id, places) values ($1, $2, $3)", course_id, unit_id, places
        )


async def _retarget(tx: Tx, broadcast_id: int, old: int, new: int) -> None:
    await tx.execute("delete from broadcast_targets where broadcast_id = $1 and target_id = $2", broadcast_id, old)
    await tx.execute(
        "insert into broadcast_targets (broadcast_id, target_id) values ($1, $2) on conflict do nothing",
        broadcast_id,
        new,
    )
