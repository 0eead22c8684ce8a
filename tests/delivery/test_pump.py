import asyncio
import json
from typing import Any

import pytest

from bot import outbox
from bot.chat.events import Address
from bot.chat.screens import Rendered
from bot.clock import FixedClock
from bot.delivery.pacer import Pacer
from bot.delivery.pump import IN_HAND, Pump
from bot.messengers.base import Caps, Flood, MaybeSent, NotSent, Unreachable
from bot.outbox import BROADCAST, REMINDER, Owed
from bot.store import Store
from tests.talking import MONDAY, Office, at


class FakeMessenger:
    """Takes messages, or fails as told."""

    platform = "telegram"
    caps = Caps(max_text=4096, max_caption=1024, buttons=True, edit=True, files=True)

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.failures: list[Exception] = []

    async def send(self, to: Address, message: Rendered, replace: str | None = None) -> str:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append((to.id, message.text))
        return str(len(self.sent))


class Barrier(Pacer):
    """A pacer at which pushes stand still until it opens."""

    def __init__(self) -> None:
        super().__init__(rate=1000)
        self.opened = asyncio.Event()

    async def push(self, address: Address, priority: int) -> None:
        await self.opened.wait()


class Post:
    """An office whose outbox is brought by a real pump to a fake messenger."""

    def __init__(self, office: Office) -> None:
        self.office, self.clock = office, office.clock
        self.messenger = FakeMessenger()
        self.pacer = Pacer(rate=1000)
        self.pump = self.another()

    def another(self, pacer: Pacer | None = None) -> Pump:
        return Pump(self.office.conversation, [self.messenger], pacer or self.pacer)  # type: ignore[list-item]

    async def owes(self, person_id: int, key: str = "k", due: int = MONDAY, **facts: Any) -> None:
        async with self.office.store.transaction() as tx:
            await outbox.put(
                tx, Owed(key, "greeting", "course:1", person_id, due, facts.pop("until", due + 86400), **facts), due
            )

    def compose_plainly(self) -> None:
        """Let every notice be its kind and arguments, and one with `gone` no longer called for."""

        async def compose(tx: Any, address: Address, kind: str, args: list[Any]) -> Rendered | None:
            return None if args == ["gone"] else Rendered(f"{kind} {json.dumps(args)}")

        object.__setattr__(self.office.conversation, "compose", compose)

    async def round(self, pump: Pump | None = None) -> int:
        """Claim once and bring what was claimed to its end."""
        claimed = await (pump or self.pump).fill()
        await (pump or self.pump).finish()
        return claimed

    async def rows(self) -> list[tuple[str, str | None, int]]:
        async with self.office.store.reading() as tx:
            rows = await tx.fetch("select state, reason, attempts from outbox order by id")
            return [(row["state"], row["reason"], row["attempts"]) for row in rows]


@pytest.fixture
def post(office: Office) -> Post:
    post = Post(office)
    post.compose_plainly()
    return post


async def test_what_is_due_is_sent_once_and_recorded(post: Post) -> None:
    lan = await post.office.person("Lan")
    await post.owes(lan.person_id, args=[1])
    assert await post.round() == 1
    assert await post.round() == 0
    assert post.messenger.sent == [("Lan", "greeting [1]")]
    assert await post.rows() == [("sent", None, 1)]


async def test_the_same_intention_is_never_written_twice(post: Post) -> None:
    lan = await post.office.person("Lan")
    await post.owes(lan.person_id)
    await post.owes(lan.person_id)
    assert len(await post.rows()) == 1


async def test_what_the_facts_no_longer_call_for_is_skipped(post: Post) -> None:
    lan = await post.office.person("Lan")
    await post.owes(lan.person_id, args=["gone"])
    await post.round()
    assert (post.messenger.sent, await post.rows()) == ([], [("skipped", "no longer called for", 1)])


async def test_who_has_no_chat_is_skipped_with_the_reason(post: Post) -> None:
    lan = await post.office.person("Lan", linked=False)
    await post.owes(lan.person_id)
    await post.round()
    assert await post.rows() == [("skipped", "no chat", 1)]


async def test_many_without_a_chat_are_skipped_at_once_and_keep_nobody_waiting(post: Post) -> None:
    for number in range(60):
        stranger = await post.office.person(f"S{number}", code=f"S{number}", linked=False)
        await post.owes(stranger.person_id, f"s{number}")
    lan = await post.office.person("Lan")
    await post.owes(lan.person_id, "approval")
    await post.round()
    await post.round()
    assert post.messenger.sent == [("Lan", "greeting []")]
    assert (await post.rows()).count(("skipped", "no chat", 0)) == 60 - IN_HAND


async def test_what_is_of_no_use_any_more_is_not_sent(post: Post) -> None:
    lan = await post.office.person("Lan")
    await post.owes(lan.person_id, until=MONDAY + 60)
    post.clock.move_by(61)
    await post.round()
    assert (post.messenger.sent, await post.rows()) == ([], [("skipped", "expired", 0)])


async def test_what_was_withdrawn_is_not_sent(post: Post) -> None:
    lan = await post.office.person("Lan")
    await post.owes(lan.person_id)
    async with post.office.store.transaction() as tx:
        assert await outbox.withdraw(tx, "course:1", MONDAY, "cancelled") == 1
    assert await post.round() == 0
    assert await post.rows() == [("skipped", "cancelled", 0)]


async def test_a_blocked_chat_is_marked_and_no_longer_written_to(post: Post) -> None:
    lan = await post.office.person("Lan")
    post.messenger.failures = [Unreachable("blocked")]
    await post.owes(lan.person_id, "a")
    await post.round()
    await post.owes(lan.person_id, "b")
    await post.round()
    assert await post.rows() == [("failed", "unreachable", 1), ("skipped", "no chat", 1)]
    await lan.sends("/trogiup")  # speaks again
    await post.owes(lan.person_id, "c")
    await post.round()
    assert len(post.messenger.sent) == 1


async def test_a_flood_pause_uses_up_no_attempt_and_holds_the_pushes(post: Post) -> None:
    lan = await post.office.person("Lan")
    post.messenger.failures = [Flood(3)]
    await post.owes(lan.person_id)
    await post.round()
    assert await post.rows() == [("pending", None, 0)]
    assert post.pacer.halted > 2
    post.clock.move_by(4)
    await post.round(post.another(Pacer(rate=1000)))
    assert await post.rows() == [("sent", None, 1)]


async def test_what_surely_was_not_sent_is_tried_again(post: Post) -> None:
    lan = await post.office.person("Lan")
    post.messenger.failures = [NotSent("away")] * 2
    await post.owes(lan.person_id)
    for _ in range(3):
        await post.round()
        post.clock.move_by(31)
    assert await post.rows() == [("sent", None, 3)]


@pytest.mark.parametrize(("priority", "tries"), [(REMINDER, 2), (BROADCAST, 1)])
async def test_what_may_have_arrived_is_repeated_once_for_a_reminder_and_never_for_a_broadcast(
    post: Post, priority: int, tries: int
) -> None:
    lan = await post.office.person("Lan")
    post.messenger.failures = [MaybeSent("cut")] * 5
    await post.owes(lan.person_id, priority=priority)
    for _ in range(4):
        await post.round()
        post.clock.move_by(31)
    assert await post.rows() == [("unknown", "maybe sent", tries)]


@pytest.mark.parametrize(
    ("priority", "on_wire", "attempts", "end"),
    [
        (REMINDER, False, 1, ("sent", None, 1)),
        (BROADCAST, False, 1, ("sent", None, 1)),
        (REMINDER, True, 1, ("sent", "repeated", 2)),
        (REMINDER, True, 2, ("unknown", "interrupted", 2)),
        (BROADCAST, True, 1, ("unknown", "interrupted", 1)),
    ],
)
async def test_what_a_dead_pump_held_is_sent_repeated_once_or_recorded_as_unknown(
    post: Post, priority: int, on_wire: bool, attempts: int, end: tuple[str, str | None, int]
) -> None:
    lan = await post.office.person("Lan")
    await post.owes(lan.person_id, priority=priority)
    async with post.office.store.transaction() as tx:
        for _ in range(attempts):
            (row,) = await outbox.claim(tx, MONDAY, 10, "another:1/1")
            if attempts == 2:
                await outbox.put_back(tx, row, MONDAY, used_up=True)
                attempts = 3
        if on_wire:
            assert await outbox.on_wire(tx, row, MONDAY)
    assert await post.round() == 0
    post.clock.move_by(outbox.LEASE + 1)
    await post.round()
    assert await post.rows() == [end]


async def test_a_pump_never_takes_its_own_rows_for_those_of_a_dead_one(post: Post) -> None:
    lan = await post.office.person("Lan")
    await post.owes(lan.person_id)
    barrier = Barrier()
    pump = post.another(barrier)
    assert await pump.fill() == 1
    post.clock.move_by(3600)  # the clock of the machine is set forward
    assert await pump.fill() == 0
    barrier.opened.set()
    await pump.finish()
    assert await post.rows() == [("sent", None, 1)]


async def test_a_lease_that_was_lost_sends_nothing(post: Post) -> None:
    lan = await post.office.person("Lan")
    await post.owes(lan.person_id)
    barrier = Barrier()
    slow = post.another(barrier)
    await slow.fill()
    post.clock.move_by(3600)
    assert await post.round() == 1
    barrier.opened.set()
    await slow.finish()
    assert (len(post.messenger.sent), await post.rows()) == (1, [("sent", None, 1)])


async def test_what_is_late_does_not_come_at_night_but_in_the_next_calm_hour(post: Post) -> None:
    lan = await post.office.person("Lan")
    due = at("2026-11-27", "16:00")  # a Friday
    await post.owes(lan.person_id, due=due, until=at("2026-12-01"))
    post.clock.move_to(at("2026-11-27", "22:00"))
    await post.round()
    assert post.messenger.sent == []
    post.clock.move_to(at("2026-11-29", "10:00"))
    await post.round()
    assert post.messenger.sent == []
    post.clock.move_to(at("2026-11-30", "07:30"))
    await post.round()
    assert len(post.messenger.sent) == 1


async def test_what_was_meant_for_the_night_goes_at_once(post: Post) -> None:
    lan = await post.office.person("Lan")
    night = at("2026-11-27", "22:00")
    post.clock.move_to(night)
    await post.owes(lan.person_id, due=night)
    await post.round()
    assert len(post.messenger.sent) == 1


async def test_two_pumps_never_bring_the_same_row(store: Store, clock: FixedClock, post: Post) -> None:
    people = [await post.office.person(f"P{n}", code=f"C{n}") for n in range(40)]
    for person in people:
        await post.owes(person.person_id, f"k{person.person_id}")
    other = post.another()
    while await post.round() + await post.round(other):
        await asyncio.gather(post.round(), post.round(other))
    assert sorted(to for to, _ in post.messenger.sent) == sorted(f"P{n}" for n in range(40))
