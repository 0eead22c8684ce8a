"""From the inbox to an answer: one queue per chat, in order, none starving another. Rules are not here."""

import asyncio
import itertools
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from bot import inbox
from bot.chat.events import Address, Choice, File, Incoming, ReceivedFile
from bot.chat.rendering import LANGUAGES
from bot.chat.screens import Rendered, Screen
from bot.conversation import AlreadyDone, Conversation
from bot.crashpoints import crashpoint
from bot.delivery.pacer import Pacer
from bot.errors import Explained, StoreUnavailable
from bot.inbox import Arrived, Update
from bot.messengers.base import Flood, MaybeSent, Messenger, NotSent, SendError, Unreachable
from bot.store import Tx

log = logging.getLogger(__name__)

AT_ONCE = 16  # turns under way; the store has one writer, so more would only wait there
BACKLOG = 30  # unread messages of one chat; a person does not type faster
LARGEST_FILE = 10 * 1024 * 1024  # bytes
SPINS = 0.3  # seconds that a tapped button may spin before it is acknowledged without an answer
NOTED_WITHIN = 0.5  # seconds until an answer that went out is noted
PAUSES = (0.2, 0.5, 1, 2, 5)  # seconds between tries while the database or the messenger is away
REPLY_TRIES = 30  # about two minutes; then the reply stays in the inbox for the next start


class Intake:
    """Keeps what comes in, lets it take effect in order per chat, and answers."""

    def __init__(self, conversation: Conversation, messengers: Sequence[Messenger], pacer: Pacer) -> None:
        self._conversation = conversation
        self._messengers = {messenger.platform: messenger for messenger in messengers}
        self._pacer = pacer
        self._queues: dict[Address, deque[Arrived]] = {}
        self._scolded: set[Address] = set()
        self._sent: list[int] = []  # answered, not yet noted
        self._draining = asyncio.Event()
        self._work = asyncio.Semaphore(AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()

    async def replay(self) -> int:
        """Take up again what was left undone or unanswered at the last stop; gives how many."""
        async with self._conversation.store.reading() as tx:
            left = await inbox.unfinished(tx)
        for arrived in left:
            self._enqueue(arrived)
        return len(left)

    async def keep(self, platform: str, updates: Sequence[Update]) -> None:
        """Write updates, then queue those that are new. Raises StoreUnavailable: then nothing was taken."""
        if not updates:
            return
        crashpoint("keep.before")
        sent, self._sent = self._sent, []
        try:
            async with self._conversation.store.transaction() as tx:
                new = await inbox.keep(tx, platform, updates, self._conversation.clock.now())
                if sent:
                    await inbox.replied(tx, sent)
        except BaseException:
            self._sent += sent
            raise
        crashpoint("keep.after")
        for arrived in new:
            self._enqueue(arrived)

    async def drain(self, seconds: float) -> None:
        """Finish what is under way within `seconds`; the rest stays in the inbox for the next start."""
        self._draining.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._tasks:
                    await asyncio.wait(self._tasks)
        late = list(self._tasks)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    @property
    def idle(self) -> bool:
        """Tell whether nothing is queued or under way."""
        return not self._tasks

    def _enqueue(self, arrived: Arrived) -> None:
        address = Address(arrived.platform, arrived.chat)
        queue = self._queues.get(address)
        if queue is None:
            self._queues[address] = deque([arrived])
            self._spawn(self._work_off(address))
        elif len(queue) < BACKLOG:
            queue.append(arrived)
        else:
            self._spawn(self._leave_out(address, arrived))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work_off(self, address: Address) -> None:
        queue = self._queues[address]
        try:
            while queue:
                try:
                    await self._handle(address, queue[0])
                except Exception:
                    log.exception("update %d is left for the next start", queue[0].seq)
                queue.popleft()
        finally:
            del self._queues[address]
            self._scolded.discard(address)

    async def _leave_out(self, address: Address, arrived: Arrived) -> None:
        """Drop what exceeds a chat's backlog, and say so once."""
        await self._done_with(arrived)
        if address not in self._scolded:
            self._scolded.add(address)
            await self._show(address, self._in_every_language("errors/too_fast"), None)

    def _in_every_language(self, screen: str) -> Rendered:
        """Word what cannot ask the database which language a chat speaks."""
        worded = [self._conversation.renderer.render(Screen(screen), language) for language in LANGUAGES]
        return replace(worded[0], text="\n\n".join(one.text for one in worded))

    async def _handle(self, address: Address, arrived: Arrived) -> None:
        if arrived.reply is not None:  # it took effect before the last stop; only the answer is missing
            await self._answer(address, arrived, Rendered.load(arrived.reply), None)
            return
        incoming = self._messengers[arrived.platform].read(arrived.chat, arrived.payload)
        if incoming is None:
            await self._done_with(arrived)
            return
        answered = asyncio.Event()
        if incoming.tap_id is not None:
            self._spawn(self._acknowledge(incoming, answered))
        try:
            await self._converse(address, arrived, incoming)
        finally:
            answered.set()

    async def _acknowledge(self, incoming: Incoming, answered: asyncio.Event) -> None:
        """Let the tapped button stop spinning when the answer is there, or soon if it takes longer.

        The answer first: a call takes time of the one loop, by which it would come later.
        """
        await _wait(answered, SPINS)
        await self._messengers[incoming.address.platform].acknowledge(incoming)

    async def _converse(self, address: Address, arrived: Arrived, incoming: Incoming) -> None:
        async with self._work:
            try:
                answer = await self._patiently(address, arrived, incoming)
            except AlreadyDone:
                return
        if answer.commands is not None:
            self._spawn(self._offer(address, answer.commands))
        if answer.shown is not None:
            tapped = incoming.body.message_ref if isinstance(incoming.body, Choice) else None
            await self._answer(address, arrived, answer.shown, tapped)

    async def _patiently(self, address: Address, arrived: Arrived, incoming: Incoming) -> Any:
        """Take the turn, waiting out a database that is locked or gone; after a while the person is told."""
        for attempt in range(1_000_000):
            try:
                try:
                    received = await self._received(address, incoming)
                except Explained as error:  # the file cannot be fetched
                    screen = Screen(error.screen, **error.values).button("home", "home")
                    return await self._conversation.tell(arrived.seq, address, screen)
                crashpoint("take.before")
                answer = await self._conversation.take(arrived.seq, incoming, received)
                crashpoint("take.after")
                return answer
            except StoreUnavailable as error:
                log.warning("update %d waits for the database: %s", arrived.seq, error)
                if attempt == len(PAUSES):
                    await self._show(address, self._in_every_language("errors/busy"), None)
                await asyncio.sleep(PAUSES[min(attempt, len(PAUSES) - 1)])
        raise AssertionError("unreachable")

    async def _received(self, address: Address, incoming: Incoming) -> ReceivedFile | None:
        """Fetch a file that is awaited, before the turn opens: no network inside a transaction."""
        file = incoming.body
        if not isinstance(file, File) or not await self._conversation.wants_file(address, file.photo):
            return None
        if file.size > LARGEST_FILE:
            raise Explained(
                "files/too_large", filename=file.name, size_mb=file.size // 2**20, limit_mb=LARGEST_FILE // 2**20
            )
        try:
            return ReceivedFile(file.name, await self._messengers[address.platform].fetch(file), file.photo)
        except SendError as error:
            log.warning("a file could not be fetched: %s", error)
            raise Explained("files/not_fetched") from error

    async def _answer(self, address: Address, arrived: Arrived, shown: Rendered, tapped: str | None) -> None:
        crashpoint("reply.before")
        if await self._show(address, shown, tapped):
            crashpoint("reply.after")
            self._sent.append(arrived.seq)
            if len(self._sent) == 1:
                self._spawn(self._note_sent())

    async def _note_sent(self) -> None:
        """Note answers that have gone out, unless the next updates have taken the note along.

        A transaction of its own for each would make a press a fifth dearer; what a crash leaves unnoted is shown
        once more at the start.
        """
        await _wait(self._draining, NOTED_WITHIN)
        sent, self._sent = self._sent, []
        if sent:
            await self._note(lambda tx: inbox.replied(tx, sent))

    async def _done_with(self, arrived: Arrived) -> None:
        await self._note(lambda tx: inbox.done(tx, arrived.seq, self._conversation.clock.now(), None))

    async def _note(self, note: Callable[[Tx], Awaitable[object]]) -> None:
        """Write what became of an update, waiting out a database that is locked or gone: else it came up again."""
        for attempt in itertools.count():
            try:
                async with self._conversation.store.transaction() as tx:
                    await note(tx)
                return
            except StoreUnavailable as error:
                log.warning("an answer cannot be noted yet: %s", error)
                await asyncio.sleep(PAUSES[min(attempt, len(PAUSES) - 1)])

    async def _show(self, address: Address, shown: Rendered, tapped: str | None) -> bool:
        """Send a reply, waiting out a messenger that is away; False when it is to be tried at the next start.

        A reply whose connection broke is sent again: the same screen twice does no harm, silence does.
        """
        messenger = self._messengers[address.platform]
        for attempt in range(REPLY_TRIES):
            self._pacer.reply(address)
            try:
                await messenger.send(address, shown, tapped)
                return True
            except Flood as error:
                await asyncio.sleep(error.seconds)
            except (NotSent, MaybeSent) as error:
                log.warning("a reply waits for %s: %s", address.platform, error)
                await asyncio.sleep(PAUSES[min(attempt, len(PAUSES) - 1)])
            except Unreachable:
                return True
            except SendError:
                log.exception("a reply was refused")
                return True
        return False

    async def _offer(self, address: Address, commands: list[tuple[str, str]]) -> None:
        try:
            await self._messengers[address.platform].offer_commands(address, commands)
        except SendError as error:
            log.info("the menu of commands was not set: %s", error)


async def _wait(event: asyncio.Event, seconds: float) -> None:
    """Wait for an event, at most `seconds`."""
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
