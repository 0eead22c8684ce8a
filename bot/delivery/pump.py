"""From the outbox to a messenger: claim, compose from the facts of the moment, send, record."""

import asyncio
import itertools
import logging
import os
import secrets
import socket
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from bot import outbox
from bot.chat.events import Address
from bot.chat.screens import Rendered
from bot.conversation import Conversation
from bot.crashpoints import crashpoint
from bot.delivery.ledger import Ledger
from bot.delivery.outcomes import outcome
from bot.delivery.pacer import Pacer
from bot.errors import StoreUnavailable
from bot.messengers.base import Flood, Messenger, SendError, requests
from bot.outbox import Claimed
from bot.store import Tx
from bot.training import calendar, people
from bot.training.calendar import Calendar

log = logging.getLogger(__name__)

WORKERS = 8  # so many rows at most are unknown after a crash; at 100 ms a call they bring 77 a second
IN_HAND = 3 * WORKERS  # rows claimed and not yet recorded: little, so that what is urgent is soon seen
SHARE = 5  # one row of so many is a broadcast's even while reminders wait
IDLE = 1.0  # seconds between looks at an empty outbox


class Pump:
    """Sends what is due, a few rows at a time."""

    def __init__(self, conversation: Conversation, messengers: Sequence[Messenger], pacer: Pacer) -> None:
        self._conversation = conversation
        self._messengers = {messenger.platform: messenger for messenger in messengers}
        self._pacer = pacer
        self._ledger = Ledger(conversation.store)
        self._name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"
        self._claims = itertools.count(1)
        self._claimed = 0
        self._workers = asyncio.Semaphore(WORKERS)
        self._under_way: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()
        self._stuck = False
        self._days: Calendar

    async def run(self) -> None:
        """Send until `stop` is called."""
        try:
            while not self._stopping.is_set():
                if self._pacer.halted or not await self._fill_safely():
                    await self._rest(IDLE)
                while len(self._under_way) > IN_HAND // 2 and not self._stopping.is_set():
                    await asyncio.wait(self._under_way, timeout=IDLE, return_when=asyncio.FIRST_COMPLETED)
            await self.finish()
        finally:  # cancelled: what had not left is pending again when its lease runs out
            for task in self._under_way:
                task.cancel()
            await asyncio.gather(*self._under_way, return_exceptions=True)

    def stop(self) -> None:
        """Claim nothing more; `run` returns when what is in hand is recorded."""
        self._stopping.set()

    async def fill(self) -> int:
        """Claim what is due, up to what may be in hand, and begin to send it; gives how many rows were claimed."""
        crashpoint("claim.before")
        async with self._conversation.store.transaction() as tx:
            rows = await self._claim(tx, IN_HAND - len(self._under_way))
            ready = await self._sort_out(tx, rows) if rows else []
        if rows:
            crashpoint("claim.after")
        for row, address in ready:
            task = asyncio.create_task(self._guarded(row, address))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        return len(rows)

    async def _claim(self, tx: Tx, room: int) -> list[Claimed]:
        now = self._conversation.clock.now()
        share = (self._claimed + room) // SHARE - self._claimed // SHARE
        await outbox.abandoned(tx, now, self._name)
        await outbox.expire(tx, now)
        rows = await outbox.claim(tx, now, room, f"{self._name}/{next(self._claims)}", share)
        self._claimed += len(rows)
        return rows

    async def _sort_out(self, tx: Tx, rows: list[Claimed]) -> list[tuple[Claimed, Address]]:
        """Give the claimed rows that can go now, each with its chat; settle or put back the others."""
        now = self._conversation.clock.now()
        self._days = await calendar.load(tx, self._conversation.zone)
        reached = await people.chats_of_claimed(tx, rows[0].holder)
        ready: list[tuple[Claimed, Address]] = []
        unreached: set[str] = set()
        for row in rows:
            address = row.chat or reached.get(row.person_id)
            if address is None:
                await outbox.settle(tx, row, now, "skipped", "no chat")
                unreached.add(row.subject)
            elif await self._due(tx, row, now):
                ready.append((row, address))
        for subject in unreached:
            await people.skip_unreachable(tx, subject, now)
        return ready

    async def finish(self) -> None:
        """Wait until everything in hand is recorded."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def _fill_safely(self) -> int:
        try:
            claimed = await self.fill()
        except StoreUnavailable as error:
            self._say_stuck(error)
            return 0
        except Exception:
            log.exception("nothing could be claimed")
            return 0
        if self._stuck:
            log.warning("the database is back: sending goes on")
            self._stuck = False
        return claimed

    def _say_stuck(self, error: StoreUnavailable) -> None:
        """Say once that nothing is sent: without a note in the database no message leaves."""
        if not self._stuck:
            log.error("nothing is sent until the database can be written again: %s", error)
        self._stuck = True

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    async def _guarded(self, row: Claimed, address: Address) -> None:
        async with self._workers:
            try:
                await self._bring(row, address)
            except StoreUnavailable as error:  # not noted as on the wire: its lease runs out, then it is pending again
                self._say_stuck(error)
            except Exception:
                log.exception("row %d (%s) cannot be composed", row.id, row.kind)
                await self._settle(row, "failed", "fault")

    async def _bring(self, row: Claimed, address: Address) -> None:
        await self._pacer.push(address, row.priority)
        while self._pacer.halted:  # asked to wait after this row's turn had come
            await self._pacer.push(address, row.priority)
        message = await self._compose(row, address)
        if message is None:
            return
        messenger = self._messengers[address.platform]
        for _ in range(requests(message, messenger.caps) - 1):
            self._pacer.reply(address)  # what a long text or a file takes beside the turn it waited for
        await self._pacer.leave()
        crashpoint("send.before")
        try:
            ref = await messenger.send(address, message, row.replace_ref)
        except SendError as error:
            await self._failed(row, address, error)
            return
        crashpoint("send.after")
        await self._record(lambda tx: self._sent(tx, row, address, message, ref))
        crashpoint("record.after")

    async def _compose(self, row: Claimed, address: Address) -> Rendered | None:
        """Compose a row and note that it is about to leave; None when it is not to be sent now."""
        now = self._conversation.clock.now()

        async def compose(tx: Tx) -> Rendered | None:
            if not await self._due(tx, row, now) or not await outbox.on_wire(tx, row, now):
                return None
            message = await self._conversation.compose(tx, address, row.kind, row.args)
            if message is None:
                await outbox.settle(tx, row, now, "skipped", "no longer called for")
            return message

        return await self._ledger.write(compose)

    async def _due(self, tx: Tx, row: Claimed, now: int) -> bool:
        """Tell whether a row may come now: one that was due in calm hours and is late does not come at night."""
        days = self._days
        if days.calm(now, any_day=not days.calm(row.due_at)) or not days.calm(row.due_at, any_day=True):
            return True
        later = days.soon(now, row.expires_at)
        if later == now:
            return True
        await outbox.put_back(tx, row, later, used_up=False)
        return False

    async def _sent(self, tx: Tx, row: Claimed, address: Address, message: Rendered, ref: str | None) -> None:
        await outbox.settle(tx, row, self._conversation.clock.now(), "sent", message_ref=ref)
        if row.replace_ref is None:  # typed numbers go on meaning the newest message
            await self._conversation.remember_menu(tx, address, message)
        crashpoint("record.before")

    async def _failed(self, row: Claimed, address: Address, error: SendError) -> None:
        if isinstance(error, Flood):
            self._pacer.halt(error.seconds)
        end = outcome(error, row.priority, row.attempts)
        log.info("row %d (%s): %s, %s", row.id, row.kind, end.state, end.reason)
        now = self._conversation.clock.now()

        async def note(tx: Tx) -> None:
            if end.unreachable:
                await people.unreachable(tx, address, now)
            if end.state == "pending":
                await outbox.put_back(tx, row, now + end.pause, end.used_up, repeated=end.reason == "maybe sent")
            else:
                await outbox.settle(tx, row, now, end.state, end.reason)

        await self._record(note)

    async def _settle(self, row: Claimed, state: str, reason: str) -> None:
        now = self._conversation.clock.now()
        await self._record(lambda tx: outbox.settle(tx, row, now, state, reason))

    async def _record(self, note: Callable[[Tx], Awaitable[None]]) -> None:
        """Write what became of a row, waiting for the database as long as the program runs: nobody else knows it."""
        while True:
            try:
                await self._ledger.write(note)
                return
            except StoreUnavailable as error:
                self._say_stuck(error)
                if self._stopping.is_set():
                    raise
                await self._rest(IDLE)
