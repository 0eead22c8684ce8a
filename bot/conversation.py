"""One turn: from something that came in to the answer in words, in one transaction, with one error path.

Where it came from and how the answer travels is the business of intake, delivery and the messengers.
"""

import logging
import secrets
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from bot import inbox
from bot.chat.events import Address, Incoming, Reach, ReceivedFile
from bot.chat.rendering import Renderer
from bot.chat.router import Router
from bot.chat.screens import Rendered, Screen
from bot.chat.turns import Role, Turn, beside, read_dialogue, write_dialogue, write_menu
from bot.clock import Clock
from bot.errors import Explained, NotAllowed, StoreUnavailable
from bot.store import Store, Tx
from bot.training import audit, people
from bot.training.people import Chat

log = logging.getLogger(__name__)


# The menu of commands, in order, each for whom.
COMMANDS = (
    ("start", Role.ANYONE),
    ("lop", Role.OFFICIAL),
    ("lich", Role.OFFICIAL),
    ("phapluat", Role.OFFICIAL),
    ("danhgia", Role.OFFICIAL),
    ("duyet", Role.HEAD),
    ("quanly", Role.HR),
    ("hoso", Role.LINKED),
    ("ngonngu", Role.ANYONE),
    ("trogiup", Role.ANYONE),
    ("huy", Role.ANYONE),
)


class AlreadyDone(Exception):
    """This update took effect before; nothing of the second run may be kept."""


@dataclass(frozen=True)
class Answer:
    """What to show, and the menu of commands when it has changed for this chat."""

    shown: Rendered | None
    commands: list[tuple[str, str]] | None = None


@dataclass(frozen=True)
class Conversation:
    """Takes turns and composes notices; every word that leaves the program passes here."""

    store: Store
    router: Router
    renderer: Renderer
    clock: Clock
    zone: ZoneInfo

    async def take(self, seq: int, incoming: Incoming, received: ReceivedFile | None = None) -> Answer:
        """Let an update take effect exactly once and give the answer, kept in the inbox until it is sent.

        Raises StoreUnavailable (nothing has happened: try again) and AlreadyDone.
        """
        try:
            prepared = None if received is None else await self._prepared(incoming.address, received)
            return await self._turn(seq, incoming, prepared)
        except (StoreUnavailable, AlreadyDone):
            raise
        except Explained as answer:
            refused = answer.attempt if isinstance(answer, NotAllowed) else None
            return await self.tell(seq, incoming.address, _explanation(answer), refused)
        except Exception:
            incident = secrets.token_hex(3).upper()
            log.exception("incident %s in a turn of %s", incident, type(incoming.body).__name__)
            screen = Screen("errors/incident", incident=incident).button("home", "home")
            return await self.tell(seq, incoming.address, screen)

    async def tell(self, seq: int, address: Address, screen: Screen, refused: str | None = None) -> Answer:
        """Answer an update with a screen without letting it take effect; what rights `refused` goes into the log."""
        async with self.store.transaction() as tx:
            turn = await self._open(tx, seq, address)
            if refused is not None and turn.speaker is not None:
                await audit.record(tx, turn.speaker.person_id, "refused", refused, turn.now)
            return await self._keep(turn, screen, aside=True)

    async def wants_file(self, address: Address, photo: bool = False) -> bool:
        """Tell whether a file sent in this chat would be read, so that it is fetched only then.

        A photo is read only where one is awaited: nothing is imported from pictures.
        """
        async with self.store.reading() as tx:
            speaker = await people.speaker(tx, address, self.clock.now())
            dialogue = await read_dialogue(tx, address, self.clock.now())
        if photo and dialogue.awaits_file is None:
            return False
        return self.router.wants_file(dialogue.awaits_file, speaker)

    async def compose(self, tx: Tx, address: Address, kind: str, args: list[Any]) -> Rendered | None:
        """Compose a notice from the facts of this moment; None when they no longer call for it."""
        turn = await self._open(tx, 0, address)
        try:
            screen = await self.router.compose(turn, kind, args)
        except Explained:  # what it speaks of is gone
            return None
        return None if screen is None else self.renderer.render(screen, turn.language)

    async def remember_menu(self, tx: Tx, address: Address, rendered: Rendered) -> None:
        """Let the buttons of a notice that was sent be the ones that typed numbers mean."""
        if rendered.menu:
            await write_menu(tx, address, rendered.menu, self.clock.now())

    async def _prepared(self, address: Address, received: ReceivedFile) -> Any:
        async with self.store.reading() as tx:
            dialogue = await read_dialogue(tx, address, self.clock.now())
        return await self.router.prepare(dialogue.awaits_file, received)

    async def _turn(self, seq: int, incoming: Incoming, received: Any) -> Answer:
        async with self.store.transaction() as tx:
            chat = await people.chat(tx, incoming.address, self.clock.now())
            await people.spoke(tx, incoming.address, self.clock.now(), incoming.body, chat)
            turn = await self._open(tx, seq, incoming.address, chat)
            if isinstance(incoming.body, Reach):
                return await self._keep(turn, None)
            return await self._keep(turn, await self.router.dispatch(turn, incoming.body, received))

    async def _open(self, tx: Tx, seq: int, address: Address, chat: Chat | None = None) -> Turn:
        now = self.clock.now()
        chat = chat or await people.chat(tx, address, now)
        return Turn(
            tx,
            now,
            self.zone,
            address,
            chat.language,
            chat.speaker,
            await read_dialogue(tx, address, now),
            self.renderer.words,
            seq,
            commands=chat.commands,
        )

    async def _keep(self, turn: Turn, screen: Screen | None, *, aside: bool = False) -> Answer:
        """Keep the turn with its answer; one that is said `aside`, an explanation, leaves the open buttons open."""
        rendered = None if screen is None else self.renderer.render(screen, turn.language)
        if rendered is not None and rendered.menu:
            turn.dialogue.menu = beside(turn.dialogue.menu, rendered.menu) if aside else rendered.menu
        await write_dialogue(turn.tx, turn.address, turn.dialogue, turn.now)
        if not await inbox.done(turn.tx, turn.arrival, turn.now, rendered.dump() if rendered else None):
            raise AlreadyDone
        return Answer(rendered, await self._commands(turn))

    async def _commands(self, turn: Turn) -> list[tuple[str, str]] | None:
        """Give the commands of this chat when they are not those its menu shows."""
        names = [name for name, who in COMMANDS if turn.has(who)]
        menu = f"{turn.language} {' '.join(names)}"
        if menu == turn.commands or not await people.menu_changed(turn.tx, turn.address, menu):
            return None
        return [(name, self.renderer.words(turn.language, "commands", name)) for name in names]


def _explanation(answer: Explained) -> Screen:
    return Screen(answer.screen, fresh=True, **answer.values).button("home", "home")
