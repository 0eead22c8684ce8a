"""Which chat belongs to which person: linked, moved, unlinked, its language. Who may link is told by invites."""

from bot import outbox
from bot.chat.events import Address
from bot.outbox import Owed
from bot.store import Reading, Tx

TOLD_FOR = 7 * 86_400  # seconds that the news of a moved link is worth telling


async def owner(tx: Reading, address: Address) -> int | None:
    """Give the active person a chat belongs to."""
    person_id: int | None = await tx.fetchval(
        """
        select p.id from accounts a join people p on p.id = a.person_id and p.active = 1
        where a.platform = $1 and a.address = $2
        """,
        address.platform,
        address.id,
    )
    return person_id


async def chat_on(tx: Reading, person_id: int, platform: str) -> Address | None:
    """Give the chat a person has on a platform: there is at most one."""
    found = await tx.fetchval(
        "select address from accounts where person_id = $1 and platform = $2", person_id, platform
    )
    return None if found is None else Address(platform, found)


async def linked(tx: Reading, person_id: int) -> list[str]:
    """Give the platforms on which a person has a chat."""
    rows = await tx.fetch("select platform from accounts where person_id = $1 order by platform", person_id)
    return [row["platform"] for row in rows]


async def attach(tx: Tx, address: Address, person_id: int, now: int) -> bool:
    """Link a chat to a person; True when another chat on the same platform lost the link, which is told there.

    The row of the person is locked first, so of two chats that claim one person the later moves the link.
    """
    await tx.fetchrow("select id from people where id = $1 for update", person_id)
    old = await chat_on(tx, person_id, address.platform)
    moved = old is not None and old != address
    if old is not None and moved:
        await detach(tx, old)
        await outbox.put(tx, _farewell(old, person_id, now), now)
    await tx.execute(
        "update accounts set person_id = $3, linked_at = $4 where platform = $1 and address = $2",
        address.platform,
        address.id,
        person_id,
        now,
    )
    return moved


def _farewell(old: Address, person_id: int, now: int) -> Owed:
    """The old chat is told at once and at any hour: if its owner did not move, somebody took their place."""
    key = f"link:{person_id}:moved:{old.platform}:{old.id}:{now}"
    return Owed(key, "link_moved", f"link:{person_id}", person_id, now, now + TOLD_FOR, [person_id], chat=old)


async def detach(tx: Tx, address: Address) -> None:
    """Take the link off a chat."""
    await tx.execute(
        "update accounts set person_id = null, linked_at = null where platform = $1 and address = $2",
        address.platform,
        address.id,
    )


async def detach_all(tx: Tx, person_id: int) -> None:
    """Take the link off every chat of a person."""
    await tx.execute("update accounts set person_id = null, linked_at = null where person_id = $1", person_id)


async def speak(tx: Tx, address: Address, language: str) -> None:
    """Keep the language of a chat: 'vi' or 'en'."""
    await tx.execute(
        "update accounts set language = $3 where platform = $1 and address = $2", address.platform, address.id, language
    )
