"""Made-up people by the thousand, written set-based, and an announcement to all of them. SQLite only."""

from bot.chat.events import Text
from bot.sandbox.phones import Phone
from bot.sandbox.world import World
from bot.store import Tx
from bot.training import broadcasts, sending

WORDS = "Nộp bản kê khai trước 15/12."
_COUNTED = "with recursive n(i) as (select 1 union all select i + 1 from n where i < $1)"


def phones(world: World, count: int) -> list[Phone]:
    """Give `count` people in Telegram; the first is HR's."""
    return [world.phone(f"P{n}", started=True) for n in range(count)]


async def people(tx: Tx, count: int, first_chat: int, now: int) -> None:
    """Write `count` people with chats from `first_chat` on, all agreed, the first with HR rights."""
    await tx.execute("insert into units (id, name, fold) values (1, 'X', 'x')")
    await tx.execute(
        f"""
        insert into people (id, code, name, fold, unit_id, audience, created_at)
        {_COUNTED} select i, 'B' || i, 'P' || i, 'p' || i, 1, 'CC', $2 from n
        """,  # noqa: S608 (a constant)
        count,
        now,
    )
    await tx.execute(
        f"""
        insert into accounts (platform, address, person_id, linked_at)
        {_COUNTED} select 'telegram', cast($2 + i - 1 as text), i, $3 from n
        """,  # noqa: S608 (a constant)
        count,
        first_chat,
        now,
    )
    await tx.execute(
        f"""
        insert into consents (person_id, purpose, given, wording, chat_hash, at)
        {_COUNTED} select i, 'link', 1, '1', 'bench', $2 from n
        """,  # noqa: S608 (a constant)
        count,
        now,
    )
    await tx.execute("insert into rights (person_id, role, granted_at) values (1, 'hr', $1)", now)


async def announce(tx: Tx, now: int) -> None:
    """Freeze an announcement to everybody, due now."""
    broadcast_id = await broadcasts.begin(tx, 1, now)
    await broadcasts.write(tx, await broadcasts.find(tx, broadcast_id), Text(WORDS), now)
    await tx.execute("update broadcasts set kind = 'all' where id = $1", broadcast_id)
    await sending.start(tx, await broadcasts.find(tx, broadcast_id), 1, now)


async def enrol(tx: Tx, count: int, now: int, starts_at: int) -> None:
    """Give the first `count` people a seat on one course with one session."""
    await tx.execute(
        """
        insert into courses (id, code, title, fold, category, audience, mode, capacity, deadline, cancel_until,
            starts_at, ends_at, created_at, updated_at)
        values (1, 'B', 'B', 'b', 'x', 'CC', 'truc_tiep', $1, $2, $2, $3, $3 + 3600, $2, $2)
        """,
        count,
        now,
        starts_at,
    )
    await tx.execute(
        "insert into sessions (id, course_id, number, starts_at, ends_at, updated_at) values (1, 1, 1, $1, $1, $2)",
        starts_at,
        now,
    )
    await tx.execute(
        f"""
        insert into enrolments (course_id, person_id, state, arrival, requested_at, seated_at)
        {_COUNTED} select 1, i, 'seat', i, $2, $2 from n
        """,  # noqa: S608 (a constant)
        count,
        now,
    )
