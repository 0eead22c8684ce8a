import asyncio
import signal
from collections import Counter
from contextlib import suppress

import pytest

from bot.chat.events import Text
from bot.delivery.pump import WORKERS
from bot.training import broadcasts, sending
from bot.training.calendar import Calendar
from tests.stories.conftest import Town
from tests.talking import ZONE

PEOPLE = 1_000
WORDS = "Nộp bản kê khai trước 15/12."
PATIENCE = 180.0  # seconds for a thousand messages on a busy machine
OPEN = "select count(*) = 0 as done from outbox where kind = 'broadcast' and state in ('pending', 'sending')"
# The nth time that the program comes by is in the middle of the thousand.
POINTS = [
    "freeze.before", "freeze.after", "claim.before:12", "claim.after:12", "send.before:300", "send.after:300",
    "record.before:300", "record.after:300",
]  # fmt: skip


async def a_planned_broadcast(town: Town) -> int:
    """A thousand people with phones, and an announcement to all of them that starts in a minute."""
    town.world.limits = False
    town.settings = {"PUSHES_PER_SECOND": "5000"}
    now = town.clock.now()
    await town.person("Hạnh", hr=True, unit="Sở Nội vụ")
    phones = [town.world.phone(f"P{n}", started=True) for n in range(PEOPLE - 1)]
    async with town.store.transaction() as tx:
        hr = await tx.fetchrow("select id, unit_id from people")
        assert hr is not None
        for phone in phones:
            person_id = await tx.fetchval(
                """insert into people (code, name, fold, unit_id, audience, created_at)
                values ($1, $2, $3, $4, 'CC', $5) returning id""",
                phone.name, phone.name, phone.name.lower(), hr["unit_id"], now,
            )  # fmt: skip
            await tx.execute(
                "insert into accounts (platform, address, person_id, linked_at) values ('telegram', $1, $2, $3)",
                str(phone.id), person_id, now,
            )  # fmt: skip
        await tx.execute(
            """insert into consents (person_id, purpose, given, wording, chat_hash, at)
            select id, 'link', 1, '1', 'test', cast($1 as bigint) from people where id <> $2""",
            now, hr["id"],
        )  # fmt: skip
        broadcast_id = await broadcasts.begin(tx, hr["id"], now)
        await broadcasts.write(tx, await broadcasts.find(tx, broadcast_id), Text(WORDS), now)
        await tx.execute("update broadcasts set kind = 'all' where id = $1", broadcast_id)
        await sending.schedule(tx, await broadcasts.find(tx, broadcast_id), hr["id"], now + 60, Calendar(ZONE), now)
    return broadcast_id


async def opens(town: Town, crash_at: str = "") -> asyncio.subprocess.Process:
    """One more program on the same database."""
    town.settings["CRASH_AT"] = crash_at
    await town.opens(crash_at="")
    assert town.process is not None
    return town.process


async def finished(town: Town) -> None:
    """The announcement has come to its end; the lease of whoever died runs out."""
    await town.until_stored("select count(*) as n from outbox where kind = 'broadcast'", patience=PATIENCE)
    await town.until_stored(
        "select count(*) <= $1 as done from outbox where kind = 'broadcast' and state in ('pending', 'sending')",
        3 * WORKERS,
        patience=PATIENCE,
    )
    town.clock.move_by(200)
    await town.until_stored(OPEN, patience=PATIENCE)


async def nobody_twice_and_all_on_record(town: Town) -> int:
    """Assert it; gives how many are unknown."""
    received = Counter(
        phone.id  # the sender's card speaks of the words too, but nobody can ask back there
        for phone in town.world.phones.values()
        for m in phone.messages
        if m.from_bot and WORDS in m.text and "Hỏi lại" in m.buttons
    )
    rows = await town.stored(
        """select a.address, o.state from outbox o join accounts a on a.person_id = o.person_id
        where o.kind = 'broadcast'"""
    )
    assert len(rows) == PEOPLE
    assert max(received.values()) == 1
    came = {str(chat) for chat, count in received.items() if count}
    sent, unknown = ({row["address"] for row in rows if row["state"] == state} for state in ("sent", "unknown"))
    assert len(sent) + len(unknown) == PEOPLE
    assert sent <= came <= sent | unknown
    assert len(unknown) <= WORKERS
    return len(unknown)


@pytest.mark.parametrize("point", POINTS)
async def test_nobody_gets_a_broadcast_twice_wherever_the_program_is_killed(polled_town: Town, point: str) -> None:
    town = polled_town
    await a_planned_broadcast(town)
    first = await opens(town, point)
    town.clock.move_by(61)
    assert await asyncio.wait_for(first.wait(), PATIENCE) == -signal.SIGKILL, town.log
    await opens(town)
    await finished(town)
    unknown = await nobody_twice_and_all_on_record(town)
    if point.startswith("freeze"):  # nothing was on its way
        assert unknown == 0


@pytest.mark.parametrize("point", ["", *POINTS[2:]])
async def test_two_programs_share_a_broadcast_and_one_finishes_it_when_the_other_dies(
    postgres_town: Town, point: str
) -> None:
    town = postgres_town
    await a_planned_broadcast(town)
    first = await opens(town, point)
    second = await opens(town)
    try:
        town.clock.move_by(61)
        if point:
            assert await asyncio.wait_for(first.wait(), PATIENCE) == -signal.SIGKILL, town.log
        await finished(town)
        await nobody_twice_and_all_on_record(town)
        assert second.returncode is None
    finally:
        with suppress(ProcessLookupError):
            first.kill()
        await first.wait()
