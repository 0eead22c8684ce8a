"""From the outbox to a messenger: claim, compose from the facts of the moment, send, record."""

import asyncio
import logging
import os
import socket
from collections.abc import Sequence

from bot import outbox
from bot.chat.events import Address
from bot.chat.screens import Rendered
from bot.conversation import Conversation
from bot.crashpoints import crashpoint
from bot.delivery.outcomes import outcome
from bot.delivery.pacer import Pacer
from bot.errors import StoreUnavailable
from bot.messengers.base import Flood, Messenger, SendError
from bot.outbox import Claimed
from bot.store import Reading
from bot.training import calendar, people

log = logging.getLogger(__name__)

WORKERS = 8  # more make python-telegram-bot slower: 94 messages a second at 10 in flight, 88 at 50
BATCH = 50
IDLE = 1.0  # seconds between looks at an empty outbox


class Pump:
    """Sends what is due, a batch at a time."""

    def __init__(self, conversation: Conversation, messengers: Sequence[Messenger], pacer: Pacer) -> None:
        self._conversation = conversation
        self._messengers = {messenger.platform: messenger for messenger in messengers}
        self._pacer = pacer
        self._holder = f"{socket.gethostname()}:{os.getpid()}"
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Send until `stop` is called."""
        while not self._stopping.is_set():
            try:
                busy = await self.round() > 0
            except StoreUnavailable as error:
                log.warning("the outbox waits for the database: %s", error)
                busy = False
            except Exception:
                log.exception("a round of sending failed")
                busy = False
            if not busy:
                await self._rest()

    def stop(self) -> None:
        """Claim nothing more; `run` returns when the batch under way is recorded."""
        self._stopping.set()

    async def round(self) -> int:
        """Claim one batch and bring it to its end; gives its size."""
        now = self._conversation.clock.now()
        crashpoint("claim.before")
        async with self._conversation.store.transaction() as tx:
            await outbox.abandoned(tx, now)
            await outbox.expire(tx, now)
            rows = await outbox.claim(tx, now, BATCH, self._holder)
        if rows:
            crashpoint("claim.after")
            workers = asyncio.Semaphore(WORKERS)
            await asyncio.gather(*(self._guarded(row, workers) for row in rows))
        return len(rows)

    async def _rest(self) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), IDLE)
        except TimeoutError:
            return

    async def _guarded(self, row: Claimed, workers: asyncio.Semaphore) -> None:
        async with workers:
            try:
                await self._bring(row)
            except StoreUnavailable as error:  # its lease runs out, then it is recorded as unknown
                log.warning("row %d is left to its lease: %s", row.id, error)
            except Exception:
                log.exception("row %d (%s) cannot be composed", row.id, row.kind)
                await self._settle(row, "failed", "fault")

    async def _bring(self, row: Claimed) -> None:
        now = self._conversation.clock.now()
        async with self._conversation.store.transaction() as tx:
            later = await self._later(row, now, tx)
            if later is not None:
                await outbox.put_back(tx, row.id, later, used_up=False)
                return
            address = row.chat or await people.chat_of(tx, row.person_id)
            message = None if address is None else await self._conversation.compose(tx, address, row.kind, row.args)
            if address is None or message is None:
                reason = "no chat" if address is None else "no longer called for"
                await outbox.settle(tx, row.id, now, "skipped", reason)
                return
        await self._pacer.push(address, row.priority)
        await self._send(row, address, message)

    async def _later(self, row: Claimed, now: int, tx: Reading) -> int | None:
        """Give when a row must wait until: one that was due in calm hours and is late does not come at night."""
        days = await calendar.load(tx, self._conversation.zone)
        if days.calm(now, any_day=not days.calm(row.due_at)) or not days.calm(row.due_at, any_day=True):
            return None
        later = days.soon(now, row.expires_at)
        return None if later == now else later

    async def _send(self, row: Claimed, address: Address, message: Rendered) -> None:
        crashpoint("send.before")
        try:
            ref = await self._messengers[address.platform].send(address, message)
        except SendError as error:
            await self._failed(row, address, error)
            return
        crashpoint("send.after")
        async with self._conversation.store.transaction() as tx:
            await outbox.settle(tx, row.id, self._conversation.clock.now(), "sent", message_ref=ref)
            await self._conversation.remember_menu(tx, address, message)
        crashpoint("record.after")

    async def _failed(self, row: Claimed, address: Address, error: SendError) -> None:
        if isinstance(error, Flood):
            self._pacer.halt(error.seconds)
        end = outcome(error, row.priority, row.attempts)
        log.info("row %d (%s): %s, %s", row.id, row.kind, end.state, end.reason)
        now = self._conversation.clock.now()
        async with self._conversation.store.transaction() as tx:
            if end.unreachable:
                await people.unreachable(tx, address, now)
            if end.state == "pending":
                await outbox.put_back(tx, row.id, now + end.pause, end.used_up)
            else:
                await outbox.settle(tx, row.id, now, end.state, end.reason)

    async def _settle(self, row: Claimed, state: str, reason: str) -> None:
        async with self._conversation.store.transaction() as tx:
            await outbox.settle(tx, row.id, self._conversation.clock.now(), state, reason)
