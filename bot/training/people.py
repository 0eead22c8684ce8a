"""People and their units: who they are, whom they answer to. How they come in (workbook, invite) is elsewhere."""

from dataclasses import dataclass
from typing import Literal

from bot.chat.events import Address, Body, Reach
from bot.chat.turns import Role, Speaker
from bot.errors import Stale
from bot.store import Reading, Row, Tx

Audience = Literal["CB", "CC", "VC", "HDLD"]


@dataclass(frozen=True)
class Person:
    """One person of the HR list."""

    id: int
    code: str
    name: str
    unit_id: int
    unit: str
    audience: Audience
    title: str | None
    leader: bool
    phone: str | None


async def find(tx: Reading, person_id: int) -> Person:
    """Read a person. Raises Stale when there is none."""
    row = await tx.fetchrow(
        "select p.*, u.name as unit from people p join units u on u.id = p.unit_id where p.id = $1", person_id
    )
    if row is None:
        raise Stale
    return person_of(row)


def person_of(row: Row) -> Person:
    """Read a person from a row of `people` with the unit's name as `unit`."""
    return Person(
        row["id"],
        row["code"],
        row["name"],
        row["unit_id"],
        row["unit"],
        row["audience"],
        row["title"],
        bool(row["leader"]),
        row["phone"],
    )


async def approver(tx: Reading, person_id: int) -> int | None:
    """Give the head who decides on this person: of their unit, else of the nearest unit above; never themself.

    None when there is no such head: then HR decides.
    """
    person = await find(tx, person_id)
    unit_id: int | None = person.unit_id
    for _ in range(10):  # deeper than any real tree, and an end to a circle made by mistake
        row = await tx.fetchrow("select head_id, parent_id from units where id = $1", unit_id)
        if row is None:
            return None
        if row["head_id"] is not None and row["head_id"] != person_id:
            return int(row["head_id"])
        unit_id = row["parent_id"]
    return None


@dataclass(frozen=True)
class Details:
    """All that is kept about a person, for their own eyes and HR's."""

    person: Person
    birth_year: int | None
    gender: str | None
    position: str | None
    rank: str | None
    education: str | None
    politics: str | None
    management: str | None
    appointed_on: str | None
    active: bool


async def details(tx: Reading, person_id: int) -> Details:
    """Read everything that is kept about a person. Raises Stale when there is none."""
    row = await tx.fetchrow(
        "select p.*, u.name as unit from people p join units u on u.id = p.unit_id where p.id = $1", person_id
    )
    if row is None:
        raise Stale
    return Details(
        person_of(row),
        birth_year=row["birth_year"],
        gender=row["gender"],
        position=row["position"],
        rank=row["rank"],
        education=row["education"],
        politics=row["politics"],
        management=row["management"],
        appointed_on=row["appointed_on"],
        active=bool(row["active"]),
    )


@dataclass(frozen=True)
class Chat:
    """A chat as it is kept: who is linked to it (None: nobody), its language, and what it was last told and shown."""

    speaker: Speaker | None = None
    language: str = "vi"
    commands: str = ""  # what its menu of commands shows; see `menu_changed`
    reachable: bool | None = None  # None when it has never spoken


async def chat(tx: Reading, address: Address, now: int) -> Chat:
    """Read a chat and who speaks from it, with the roles they have at `now`."""
    row = await tx.fetchrow(
        """
        select a.language, a.menu, a.unreachable_at, p.id, p.name, p.unit_id,
            (select given from consents c where c.person_id = p.id and c.purpose = 'link' order by c.id desc limit 1)
                as consent,
            exists (select 1 from units u where u.head_id = p.id) or exists (
                select 1 from acting_heads h where h.person_id = p.id and h.ended_at is null
                    and h.from_at <= $3 and h.until_at > $3) as head,
            exists (select 1 from lecturers l join course_lecturers t on t.lecturer_id = l.id
                where l.person_id = p.id) as teacher,
            exists (select 1 from rights r where r.person_id = p.id and r.revoked_at is null
                and r.role = 'hr') as hr,
            exists (select 1 from rights r where r.person_id = p.id and r.revoked_at is null
                and r.role = 'hr' and r.unit_id is null) as hr_all,
            exists (select 1 from rights r where r.person_id = p.id and r.revoked_at is null
                and r.role = 'school') as school,
            exists (select 1 from rights r where r.person_id = p.id and r.revoked_at is null
                and r.role = 'operator') as operator
        from accounts a left join people p on p.id = a.person_id and p.active = 1
        where a.platform = $1 and a.address = $2
        """,
        address.platform,
        address.id,
        now,
    )
    if row is None:
        return Chat()
    speaker = None if row["id"] is None else Speaker(row["id"], row["name"], row["unit_id"], _roles(row))
    return Chat(speaker, row["language"], row["menu"], row["unreachable_at"] is None)


async def speaker(tx: Reading, address: Address, now: int) -> Speaker | None:
    """Give who speaks from a chat at `now`; None when nobody is linked."""
    return (await chat(tx, address, now)).speaker


_WITH_CONSENT = (Role.HEAD, Role.TEACHER, Role.SCHOOL, Role.HR, Role.HR_ALL, Role.OPERATOR)


def _roles(row: Row) -> frozenset[Role]:
    if not row["consent"]:
        return frozenset({Role.LINKED})
    return frozenset({Role.LINKED, Role.OFFICIAL, *(role for role in _WITH_CONSENT if row[role.value])})


async def spoke(tx: Tx, address: Address, now: int, body: Body, kept: Chat | None = None) -> None:
    """Keep the chat, and note that it can be reached again, or that the person has just blocked us.

    Nothing is written when it is `kept` (as `chat` gave it in this transaction) like that already.
    """
    blocked = isinstance(body, Reach) and not body.open
    if kept is not None and kept.reachable is (not blocked):
        return
    await tx.execute(
        """
        insert into accounts (platform, address, unreachable_at) values ($1, $2, $3)
        on conflict (platform, address) do update set unreachable_at = excluded.unreachable_at
        where (accounts.unreachable_at is null) <> (excluded.unreachable_at is null)
        """,
        address.platform,
        address.id,
        now if blocked else None,
    )


async def chat_of(tx: Reading, person_id: int) -> Address | None:
    """Give the chat in which a person can be reached and has agreed to be; None: another route is needed."""
    row = await tx.fetchrow(
        """
        select a.platform, a.address from accounts a join people p on p.id = a.person_id
        where a.person_id = $1 and a.unreachable_at is null and p.active = 1
            and (select given from consents c
                where c.person_id = $1 and c.purpose = 'link' order by c.id desc limit 1) = 1
        order by a.linked_at desc limit 1
        """,
        person_id,
    )
    return None if row is None else Address(row["platform"], row["address"])


async def chats_of_claimed(tx: Reading, holder: str) -> dict[int, Address]:
    """Give `chat_of` for everybody whose outbox rows one claim holds, by person; who is missing needs another route."""
    rows = await tx.fetch(
        """
        select a.person_id, a.platform, a.address from outbox o
        join people p on p.id = o.person_id and p.active = 1
        join accounts a on a.person_id = p.id and a.unreachable_at is null
        where o.state = 'sending' and o.lease_holder = $1
            and (select given from consents c
                where c.person_id = p.id and c.purpose = 'link' order by c.id desc limit 1) = 1
        order by a.linked_at
        """,
        holder,
    )
    return {row["person_id"]: Address(row["platform"], row["address"]) for row in rows}


async def skip_unreachable(tx: Tx, subject: str, now: int) -> int:
    """Settle at once what is due on a subject to people without a chat; gives how many.

    A legal update concerns 1,196 people of whom four have a chat: one by one, the rows of the others would keep an
    approval waiting for ten seconds.
    """
    return await tx.execute(
        """
        update outbox set state = 'skipped', reason = 'no chat', settled_at = $2
        where subject = $1 and state = 'pending' and due_at <= $2 and platform is null and not exists (
            select 1 from accounts a join people p on p.id = a.person_id and p.active = 1
            where a.person_id = outbox.person_id and a.unreachable_at is null
                and (select given from consents c
                    where c.person_id = p.id and c.purpose = 'link' order by c.id desc limit 1) = 1)
        """,
        subject,
        now,
    )


async def menu_changed(tx: Tx, address: Address, menu: str) -> bool:
    """Keep what the chat's menu of commands is to show; tells whether that is new."""
    changed = await tx.execute(
        "update accounts set menu = $3 where platform = $1 and address = $2 and menu <> $3",
        address.platform,
        address.id,
        menu,
    )
    return changed > 0


async def unreachable(tx: Tx, address: Address, now: int) -> None:
    """Mark a chat that blocked the assistant or is gone, until it speaks again."""
    await tx.execute(
        "update accounts set unreachable_at = $3 where platform = $1 and address = $2",
        address.platform,
        address.id,
        now,
    )
