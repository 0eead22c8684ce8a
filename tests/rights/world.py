"""Two units side by side, and a way to try something in them without it staying. What is in them: things."""

import io
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.chat.events import Body, Incoming
from bot.chat.screens import Rendered
from bot.chat.turns import Dialogue, Role, write_dialogue
from bot.conversation import Conversation
from bot.store import Store, Tx
from tests.talking import Chat, Office

SECRET = "Ngoại"  # stands in every name and text of the foreign unit
OWN, FOREIGN, TOP = "Phường Nhà", f"Phường {SECRET}", "Sở Nội vụ"
PERSONAS = ("stranger", "official", "head", "acting", "teacher", "school", "clerk", "hr", "operator")
OFFICIALS = ("official", "operator")  # who has no right over anybody


class Undone:
    """A store in which every transaction is taken back at its end; what it wrote into the log is kept aside."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.engine = store.engine
        self.logged: list[tuple[str, str]] = []

    def reading(self) -> Any:
        return self._store.reading()

    async def close(self) -> None:
        await self._store.close()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        try:
            async with self._store.transaction() as tx:
                before = await tx.fetchval("select coalesce(max(id), 0) from audit")
                yield tx
                rows = await tx.fetch("select action, subject from audit where id > $1 order by id", before)
                self.logged += [(row["action"], row["subject"]) for row in rows]
                raise _TakenBack
        except _TakenBack:
            pass


class _TakenBack(Exception):
    pass


@dataclass(frozen=True)
class Told:
    """What an attempt led to: the answer, and what it wrote into the log."""

    shown: Rendered | None
    logged: list[tuple[str, str]]

    @property
    def refused(self) -> bool:
        return any(action == "refused" for action, _ in self.logged)

    @property
    def text(self) -> str:
        """Everything that can be read: text, buttons, names and contents of files."""
        if self.shown is None:
            return ""
        buttons = [button.words for row in self.shown.rows for button in row]
        files = [f"{one.name} {_inside(one.content)}" for one in self.shown.attachments]
        return "\n".join([self.shown.text, *buttons, *files])


def _inside(content: bytes) -> str:
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


@dataclass
class World:
    """The office with its personas, the numbers of things, and a way to try something without it staying."""

    office: Office
    chats: dict[str, Chat] = field(default_factory=dict)
    own: dict[str, list[int]] = field(default_factory=dict)
    foreign: dict[str, list[int]] = field(default_factory=dict)
    roles: dict[str, frozenset[Role]] = field(default_factory=dict)
    seq: int = 0

    async def tries(self, persona: str, body: Body, awaits: tuple[str, list[Any]] | None = None) -> Told:
        """Let a persona say something, at first awaiting an answer if one is given, and take it back."""
        undone = Undone(self.office.store)
        whole = self.office.conversation
        conversation = Conversation(undone, whole.router, whole.renderer, whole.clock, whole.zone)
        address = self.chats[persona].address
        if awaits is not None:
            dialogue = Dialogue(awaits=awaits[0], awaits_args=awaits[1])
            async with self.office.store.transaction() as tx:
                await write_dialogue(tx, address, dialogue, self.office.clock.now())
        answer = await conversation.take(self.seq, Incoming(address, body))
        return Told(answer.shown, undone.logged)
