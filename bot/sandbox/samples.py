"""Sample people, courses and legal updates, and who holds which phone in the demo. No real person is among them."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from bot import outbox
from bot.chat.events import Address, Text
from bot.sandbox.phones import Phone
from bot.sandbox.world import World
from bot.store import Reading, Store, Tx
from bot.training import (
    accounts,
    agency,
    consents,
    course_import,
    invites,
    legal,
    legal_import,
    offers,
    people,
    rights,
    roster,
)
from bot.training.upload_kinds import Sender

DATA = Path(__file__).parent / "data"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
BEGINS = 1795395600  # Monday 23/11/2026, 08:00 in Vietnam: before every deadline of the sample data
PLATFORM = "telegram"
WITHOUT_CHAT = 25  # one of so many of the others has none
BLOCKED = 40  # one of so many has blocked the assistant
NOT_LINKED = " – chưa liên kết"  # behind the caption of a phone, until its holder has linked it
SAMPLE_WORDS = "sample data: agreed before the demo began"


@dataclass(frozen=True)
class Holder:
    """Somebody of the sample list with a phone on the page; `link` false leaves it to the visitor."""

    code: str
    role: Literal["official", "head", "hr"]
    caption: str
    link: bool = True


# All of one ward, so that what one does reaches the next.
HOLDERS = (
    Holder("DB0004", "official", f"Công chức{NOT_LINKED}", link=False),
    Holder("DB0003", "official", "Công chức"),
    Holder("DB0001", "head", "Thủ trưởng đơn vị"),
    Holder("DB0007", "hr", "Tổ chức cán bộ"),
)


async def seed(store: Store, world: World, now: int) -> None:
    """Take in the sample workbooks, then give out the phones."""
    async with store.transaction() as tx:
        await _lists(tx, now)
        await agency.keep(tx, "name", "UBND thành phố Điện Biên Phủ (dữ liệu mẫu)")
        await agency.keep(tx, "contact", "Phòng Nội vụ, điện thoại 0215 000 000")
        for holder in HOLDERS:
            await _hand_out(tx, world, holder, now)
        await _others(tx, world, now)


async def crowd(store: Store, world: World, size: int, now: int) -> list[Phone]:
    """Take in the sample workbooks and give linked phones to the first `size` people: for the bench."""
    async with store.transaction() as tx:
        await _lists(tx, now)
        rows = await tx.fetch("select id, name from people order by id limit $1", size)
        phones = []
        for row in rows:
            phone = world.phone(row["name"], started=True)
            await _link(tx, phone, row["id"], now)
            phones.append(phone)
        return phones


async def _lists(tx: Tx, now: int) -> None:
    staff, classes, laws = (
        _content(f) for f in ("dien-bien-phu-cbccvc.xlsx", "lop-boi-duong-2026-12.xlsx", "phap-luat-2026.yaml")
    )
    await roster.apply(tx, await asyncio.to_thread(roster.read, *staff), Sender(None, now, ZONE))
    await course_import.apply(tx, await asyncio.to_thread(course_import.read, *classes), now, ZONE)
    await legal_import.apply(tx, legal_import.read(*laws), now, ZONE)


def _content(file: str) -> tuple[bytes, str]:
    return (DATA / file).read_bytes(), file


async def _hand_out(tx: Tx, world: World, holder: Holder, now: int) -> None:
    row = await tx.fetchrow("select id, name, phone from people where code = $1", holder.code)
    if row is None:
        raise LookupError(f"the sample list has no {holder.code}")
    phone = world.phone(f"{row['name']} · {holder.caption}", row["phone"], started=holder.link)
    if holder.role == "hr":
        await rights.grant_hr(tx, row["id"], now)
    if holder.link:
        await _link(tx, phone, row["id"], now)
    else:
        code = await invites.create(tx, holder.code, holder.role, now)
        phone.note = f"Mã mời: {invites.grouped(code)}"


async def take_slips(tx: Reading, world: World, now: int) -> int:
    """Take the slip with the code from each phone that was linked since; gives how many slips are left."""
    for phone in world.phones.values():
        if phone.note and await people.speaker(tx, Address(PLATFORM, str(phone.id)), now) is not None:
            phone.chat.name = phone.name.removesuffix(NOT_LINKED)
            phone.note = ""
    return sum(bool(phone.note) for phone in world.phones.values())


async def _others(tx: Tx, world: World, now: int) -> None:
    """Give nearly everybody else a chat that is on no page, so that an announcement to all takes its time.

    They have done this year's legal updates: else their reminders would keep the phones on the page waiting.
    """
    holders = ", ".join(f"'{holder.code}'" for holder in HOLDERS)
    rows = await tx.fetch(f"select id, name from people where code not in ({holders}) order by id")  # noqa: S608
    linked = [row for n, row in enumerate(rows, 1) if n % WITHOUT_CHAT]
    for n, row in enumerate(linked, 1):
        phone = world.phone(row["name"], started=True, aside=True)
        phone.chat.blocked = n % BLOCKED == 0
        await _link(tx, phone, row["id"], now)
    for update in await legal.everything(tx):
        questions = len((await legal.content(tx, update)).questions)
        await tx.execute(
            f"""
            insert into legal_evidence (person_id, update_id, version, at, right_answers, questions)
            select p.id, $1, $2, $3, $4, $4 from people p join accounts a on a.person_id = p.id
            join legal_audience l on l.update_id = $1 and l.audience = p.audience
            where p.code not in ({holders})
            """,  # noqa: S608 (constants)
            update.id,
            update.version,
            now,
            questions,
        )


async def _link(tx: Tx, phone: Phone, person_id: int, now: int) -> None:
    address = Address(PLATFORM, str(phone.id))
    await people.spoke(tx, address, now, Text("/start"))
    await accounts.attach(tx, address, person_id, now)
    agreed: tuple[consents.Purpose, ...] = ("link", "comments")
    for purpose in agreed:
        await consents.record(tx, person_id, purpose, True, SAMPLE_WORDS, address, now)


async def next_due(tx: Reading, after: int) -> int | None:
    """Give the next instant (UTC seconds) at which somebody may hear something; empty classes are silent."""
    milestone: int | None = await tx.fetchval(
        """
        select min(m.due_at) as due from milestones m
        where m.state = 'pending' and m.due_at > $1 and (
            m.kind not in ('session', 'course_end')
            or exists (
                select 1 from enrolments e join sessions s on s.course_id = e.course_id
                where e.state = 'seat' and m.subject in (
                    'session:' || cast(s.id as text), 'course_end:' || cast(e.course_id as text)
                )
            )
        )
        """,
        after,
    )
    dues = (milestone, await outbox.next_due(tx, after), await offers.next_due(tx, after))
    return min((due for due in dues if due is not None), default=None)
