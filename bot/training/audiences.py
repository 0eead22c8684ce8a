"""Whom an announcement goes to: chosen while it is a draft, counted before it is sent. Sending is elsewhere."""

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.chat.events import ReceivedFile
from bot.errors import NotAllowed, Refused, Stale
from bot.excel import cells
from bot.excel.cells import CellError
from bot.excel.headers import Column
from bot.excel.reader import read_table
from bot.store import Reading, Tx
from bot.training import audit, broadcasts, rights
from bot.training.broadcasts import Broadcast
from bot.training.courses import AUDIENCES

PLAIN = ("all", "leaders")  # kinds that need nothing more to be picked
PICKED = ("units", "course", "legal")
MOST_CODES = 10_000
_CODES = (
    Column("code", ("Mã CBCC", "Mã CBCCVC", "Mã cán bộ", "Mã công chức", "Mã nhân viên", "Mã NV", "Mã số", "Mã",
                    "Staff code", "Code"), required=True),
)  # fmt: skip

# $1 is the announcement; every condition is about a person p.
_CONDITIONS = {
    "": "1 = 0",
    "all": "1 = 1",
    "leaders": "p.leader = 1",
    "units": """
        p.unit_id in (
            with recursive below(id) as (
                select target_id from broadcast_targets where broadcast_id = $1
                union
                select u.id from units u join below on u.parent_id = below.id)
            select id from below)""",
    "course": """
        exists (select 1 from broadcast_targets t join enrolments e on e.course_id = t.target_id
            where t.broadcast_id = $1 and e.person_id = p.id and e.state = 'seat')""",
    "legal": """
        exists (select 1 from broadcast_targets t join legal_updates l on l.id = t.target_id
            join legal_audience a on a.update_id = l.id and a.audience = p.audience
            where t.broadcast_id = $1 and not exists (select 1 from legal_evidence e
                where e.person_id = p.id and e.update_id = l.id and e.version = l.version))""",
    "codes": "exists (select 1 from broadcast_targets t where t.broadcast_id = $1 and t.target_id = p.id)",
    "got": """
        exists (select 1 from outbox o join broadcasts k on k.id = $1
            where o.subject = 'broadcast:' || cast(k.corrects_id as text) and o.kind = 'broadcast'
                and o.person_id = p.id and o.state in ('sent', 'unknown'))""",
}
# Whatever was picked, it goes no further than the rights of the clerk whose announcement it is reach at that moment.
_COVERED = rights.covered("p.unit_id", "(select k.author_id from broadcasts k where k.id = $1)")
_TURNED_OFF = "exists (select 1 from topics_off f where f.person_id = p.id and f.topic = 'general')"
REACHABLE = """
    (exists (select 1 from accounts a where a.person_id = p.id and a.unreachable_at is null)
    and coalesce((select c.given from consents c where c.person_id = p.id and c.purpose = 'link'
        order by c.id desc limit 1), 0) = 1)"""


@dataclass(frozen=True)
class UnitCount:
    """How many of a unit are concerned, and how many of them can be reached in a chat."""

    unit: str
    people: int
    reachable: int


@dataclass(frozen=True)
class Rehearsal:
    """Whom sending would reach: by unit; and how many have turned general news off."""

    units: list[UnitCount]
    turned_off: int

    @property
    def people(self) -> int:
        """Give how many are concerned."""
        return sum(unit.people for unit in self.units)

    @property
    def reachable(self) -> int:
        """Give how many of them have a chat."""
        return sum(unit.reachable for unit in self.units)


@dataclass(frozen=True)
class Unreached:
    """Somebody without a chat, with what another route needs."""

    code: str
    name: str
    unit: str
    phone: str | None


@dataclass(frozen=True)
class Option:
    """Something that can be picked: a unit, a course, a legal update."""

    id: int
    name: str
    picked: bool


def chosen(broadcast: Broadcast, *, turned_off: bool = False) -> str:
    """Give the SQL that follows `select … from people p`, $1 the announcement.

    With `turned_off`, those who are left out because they turned general news off. A correction goes to all who got
    the first one.
    """
    groups = [group for group in broadcast.groups if group in AUDIENCES]
    among = ", ".join(f"'{group}'" for group in groups)
    conditions = [
        "p.active = 1",
        _COVERED,
        _CONDITIONS[broadcast.kind],
        *([f"p.audience in ({among})"] if groups else []),
    ]
    heeded = broadcast.topic == "general" and broadcast.kind != "got"
    if turned_off:
        conditions.append(_TURNED_OFF if heeded else "1 = 0")
    elif heeded:
        conditions.append(f"not {_TURNED_OFF}")
    return " where cast($1 as bigint) is not null and " + " and ".join(conditions)


async def count(tx: Reading, broadcast: Broadcast) -> int:
    """Count whom it would go to now."""
    found: int = await tx.fetchval(
        f"select count(*) from people p {chosen(broadcast)}",  # noqa: S608 (conditions are constants of this file)
        broadcast.id,
    )
    return found


async def rehearse(tx: Reading, broadcast: Broadcast) -> Rehearsal:
    """Count whom it would go to now, by unit, and who of them can be reached."""
    rows = await tx.fetch(
        f"""
        select u.name, count(*) as people, sum(case when {REACHABLE} then 1 else 0 end) as reachable
        from people p join units u on u.id = p.unit_id {chosen(broadcast)}
        group by u.id, u.name, u.fold order by u.fold
        """,  # noqa: S608 (conditions are constants of this file)
        broadcast.id,
    )
    off = await tx.fetchval(
        f"select count(*) from people p {chosen(broadcast, turned_off=True)}",  # noqa: S608 (constants, as above)
        broadcast.id,
    )
    return Rehearsal([UnitCount(r["name"], int(r["people"]), int(r["reachable"])) for r in rows], int(off))


async def unreached(tx: Reading, broadcast: Broadcast, clerk_id: int) -> list[Unreached]:
    """Give those without a chat, by unit and name; of one that was sent, those of its frozen audience.

    Only those whom the rights of the clerk who asks cover.
    """
    frozen = " join broadcast_people f on f.person_id = p.id and f.broadcast_id = $1"
    whom = chosen(broadcast) if broadcast.state in ("draft", "scheduled") else f"{frozen} where 1 = 1"
    rows = await tx.fetch(
        f"""
        select p.code, p.name, u.name as unit, p.phone from people p join units u on u.id = p.unit_id
        {whom} and not {REACHABLE} and {rights.covered("p.unit_id", "$2")} order by u.fold, p.fold, p.id
        """,  # noqa: S608 (constants, as above)
        broadcast.id,
        clerk_id,
    )
    return [Unreached(row["code"], row["name"], row["unit"], row["phone"]) for row in rows]


async def choose(tx: Tx, broadcast: Broadcast, kind: str, now: int) -> Broadcast:
    """Take another kind of audience; what was picked for the former one goes. Raises Stale for a forged one."""
    if kind not in (*PLAIN, *PICKED, "codes") or broadcast.kind == "got":
        raise Stale
    if kind != broadcast.kind:
        await tx.execute("delete from broadcast_targets where broadcast_id = $1", broadcast.id)
        await tx.execute("update broadcasts set kind = $2 where id = $1", broadcast.id, kind)
    return await broadcasts.changed(tx, broadcast, now)


async def pick(tx: Tx, broadcast: Broadcast, kind: str, target_id: int, now: int) -> Broadcast:
    """Pick a unit, course or update, or let go of it."""
    broadcast = await choose(tx, broadcast, kind, now)
    gone = await tx.execute(
        "delete from broadcast_targets where broadcast_id = $1 and target_id = $2", broadcast.id, target_id
    )
    if not gone:
        await tx.execute("insert into broadcast_targets values ($1, $2)", broadcast.id, target_id)
    return broadcast


async def to_class(tx: Tx, course_id: int, clerk_id: int, now: int) -> int:
    """Give a draft of this clerk to everybody on one course: the one begun before and never filled, or a new one."""
    found: int | None = await tx.fetchval(
        """
        select min(b.id) as id from broadcasts b join broadcast_targets t on t.broadcast_id = b.id and t.target_id = $2
        where b.author_id = $1 and b.state = 'draft' and b.text = '' and b.file_id is null and b.kind = 'course'
            and not exists (select 1 from broadcast_targets o where o.broadcast_id = b.id and o.target_id <> $2)
        """,
        clerk_id,
        course_id,
    )
    if found is not None:
        return found
    draft = await broadcasts.find(tx, await broadcasts.begin(tx, clerk_id, now))
    return (await pick(tx, draft, "course", course_id, now)).id


async def narrow(tx: Tx, broadcast: Broadcast, group: str, now: int) -> Broadcast:
    """Narrow to a group, or no longer; without any other choice it is everybody of that group."""
    if group not in AUDIENCES or broadcast.kind == "got":
        raise Stale
    groups = [g for g in AUDIENCES if (g in broadcast.groups) != (g == group)]
    kind = broadcast.kind or "all"
    await tx.execute("update broadcasts set groups = $2, kind = $3 where id = $1", broadcast.id, ",".join(groups), kind)
    return await broadcasts.changed(tx, broadcast, now)


_OPTIONS = {
    "units": f"""select id, name from units u where {rights.covered("u.id", "$1")} and (
        exists (select 1 from people p where p.unit_id = u.id and p.active = 1)
        or exists (select 1 from units below where below.parent_id = u.id)) order by fold, id""",  # noqa: S608 (constants)
    "course": f"""select id, title as name from courses c
        where state <> 'cancelled' and {rights.seen("c.owner_unit_id", "$1")} order by starts_at desc, id""",  # noqa: S608 (constants)
    "legal": """select id, title as name from legal_updates
        where closed_at is null and cast($1 as bigint) is not null order by id desc""",
}


async def options(tx: Reading, broadcast: Broadcast, kind: str) -> list[Option]:
    """Give what can be picked. Raises Stale for a kind that picks nothing."""
    if kind not in _OPTIONS:
        raise Stale
    picked = await targets(tx, broadcast) if broadcast.kind == kind else set()
    return [
        Option(row["id"], row["name"], row["id"] in picked)
        for row in await tx.fetch(_OPTIONS[kind], broadcast.author_id)
    ]


async def targets(tx: Reading, broadcast: Broadcast) -> set[int]:
    """Give what was picked."""
    rows = await tx.fetch("select target_id from broadcast_targets where broadcast_id = $1", broadcast.id)
    return {row["target_id"] for row in rows}


async def names(tx: Reading, broadcast: Broadcast) -> list[str]:
    """Give the names of what was picked; nothing for people."""
    if broadcast.kind not in _OPTIONS:
        return []
    return [option.name for option in await options(tx, broadcast, broadcast.kind) if option.picked]


async def classes(tx: Reading, broadcast: Broadcast) -> list[Option]:
    """Give the classes that an announcement speaks to; a correction speaks to those of the one it corrects."""
    while broadcast.corrects_id is not None:
        broadcast = await broadcasts.find(tx, broadcast.corrects_id)
    if broadcast.kind != "course":
        return []
    rows = await tx.fetch(
        """
        select c.id, c.title from broadcast_targets t join courses c on c.id = t.target_id
        where t.broadcast_id = $1 order by c.starts_at, c.id
        """,
        broadcast.id,
    )
    return [Option(row["id"], row["title"], picked=True) for row in rows]


def codes_in(text: str) -> list[str]:
    """Give the staff codes of a pasted list, however it is separated."""
    return list(dict.fromkeys(filter(None, re.split(r"[\s,;]+", text))))


async def read_codes(file: ReceivedFile) -> list[str]:
    """Give the staff codes of a workbook's code column, in a thread. Raises BadFile."""
    table = await asyncio.to_thread(read_table, file.content, file.name, _CODES)
    found: dict[str, None] = {}
    for row in table.rows:
        try:
            found[cells.text(row.get("code"))] = None
        except CellError as error:
            found[error.value] = None  # told as unknown
    found.pop("", None)
    return list(found)


async def choose_codes(tx: Tx, broadcast: Broadcast, codes: Iterable[str], now: int) -> tuple[Broadcast, list[str]]:
    """Take exactly the people of these codes; gives the codes that nobody of the clerk's has.

    Raises Refused when nobody is left. A code of somebody else's is told as one that nobody has, and is logged.
    """
    wanted = list(codes)
    if not 0 < len(wanted) <= MOST_CODES:
        raise Refused("broadcasts/codes_wrong", limit=MOST_CODES)
    rows = await tx.fetch(
        f"""select id, code, case when {rights.covered("p.unit_id", "$1")} then 1 else 0 end as own
        from people p where active = 1""",  # noqa: S608 (constants)
        broadcast.author_id,
    )
    known = {row["code"].lower(): row["id"] for row in rows if row["own"]}
    others = {row["code"].lower() for row in rows if not row["own"]}
    foreign = [code for code in wanted if code.lower() in others]
    people = {known[code.lower()] for code in wanted if code.lower() in known}
    unknown = [code for code in wanted if code.lower() not in known]
    if not people:
        told = {"unknown": unknown[:10], "more": max(0, len(unknown) - 10)}
        if foreign:
            raise NotAllowed(f"{broadcast.subject}:codes", "broadcasts/codes_unknown", **told)
        raise Refused("broadcasts/codes_unknown", **told)
    if foreign:
        await audit.record(tx, broadcast.author_id, "refused", f"{broadcast.subject}:codes", now, new=foreign)
    broadcast = await choose(tx, broadcast, "codes", now)
    await tx.execute("delete from broadcast_targets where broadcast_id = $1", broadcast.id)
    for person_id in sorted(people):
        await tx.execute("insert into broadcast_targets values ($1, $2)", broadcast.id, person_id)
    return broadcast, unknown
