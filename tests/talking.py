"""Conversations in process: chats that send, tap and see, on a real store, without a messenger."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import handlers
from bot import inbox, outbox
from bot.chat.events import Address, Body, Choice, Command, Contact, File, Incoming, ReceivedFile, Text, Unsupported
from bot.chat.rendering import Renderer
from bot.chat.router import Router
from bot.chat.screens import Rendered
from bot.clock import FixedClock
from bot.conversation import Conversation
from bot.folding import fold
from bot.store import Store
from bot.training import people
from scheduler import attendance, broadcasts, milestones

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DATA = Path(__file__).resolve().parents[1] / "bot" / "sandbox" / "data"
MONDAY = int(datetime(2026, 11, 23, 8, 0, tzinfo=ZONE).timestamp())


def at(day: str, hour: str = "08:00") -> int:
    """Give `at("2026-12-07", "07:30")` in local time as UTC seconds."""
    return int(datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=ZONE).timestamp())


async def add_person(
    store: Store, now: int, name: str, *, chat: str, code: str = "", unit: str = "Xã Trí Phải", audience: str = "CC",
    title: str = "", hr: bool = False, head: bool = False, linked: bool = True,
) -> int:  # fmt: skip
    """A person of the HR list; `linked` gives them the chat `chat` with consent, as if they had joined."""
    async with store.transaction() as tx:
        await tx.execute(
            "insert into units (name, fold) values ($1, $2) on conflict (fold) do nothing", unit, fold(unit)
        )
        unit_id = await tx.fetchval("select id from units where fold = $1", fold(unit))
        person_id = await tx.fetchval(
            """insert into people (code, name, fold, unit_id, audience, title, created_at)
            values ($1, $2, $3, $4, $5, $6, $7) returning id""",
            code or f"X{name}", name, fold(name), unit_id, audience, title, now,
        )  # fmt: skip
        if head:
            await tx.execute("update units set head_id = $1 where id = $2", person_id, unit_id)
        if hr:
            await tx.execute("insert into rights (person_id, role, granted_at) values ($1, 'hr', $2)", person_id, now)
        if linked:
            await tx.execute(
                "insert into accounts (platform, address, person_id, linked_at) values ('telegram', $1, $2, $3)",
                chat, person_id, now,
            )  # fmt: skip
            await tx.execute(
                """insert into consents (person_id, purpose, given, wording, chat_hash, at)
                values ($1, 'link', 1, '1', 'test', $2)""",
                person_id, now,
            )  # fmt: skip
    return person_id


class Office:
    """The program without its edges: conversations, milestones, outbox; time moves only when told."""

    def __init__(self, store: Store, clock: FixedClock) -> None:
        self.store, self.clock = store, clock
        self.conversation = Conversation(store, Router(handlers.MODULES), Renderer(ZONE), clock, ZONE)
        self.chats: dict[str, Chat] = {}
        self._keys = 0

    def chat(self, name: str) -> "Chat":
        return self.chats.setdefault(name, Chat(self, Address("telegram", name)))

    async def person(self, name: str, **facts: Any) -> "Chat":
        """A person of the HR list, see `add_person`; their chat, if they are linked, is named `name`."""
        chat = self.chat(name)
        chat.person_id = await add_person(self.store, self.clock.now(), name, chat=name, **facts)
        return chat

    async def take(self, address: Address, body: Body, file: ReceivedFile | None = None) -> Rendered | None:
        self._keys += 1
        key = str(self._keys)
        async with self.store.transaction() as tx:
            update = inbox.Update(key, address.id, "{}")
            (arrived,) = await inbox.keep(tx, address.platform, [update], self.clock.now())
        answer = await self.conversation.take(arrived.seq, Incoming(address, body), file)
        if answer.commands is not None:
            self.chat(address.id).commands = [name for name, _ in answer.commands]
        return answer.shown

    async def settle(self) -> None:
        """Let everything due now happen: milestones, sweeps, then the outbox to the chats; twice, for what follows."""
        for _ in range(2):
            await attendance.tick(self.store, self.clock.now(), ZONE)
            await milestones.tick(self.store, self.clock.now(), ZONE)
            await broadcasts.tick(self.store, self.clock.now(), ZONE)
            await self._deliver_all()

    async def _deliver_all(self) -> None:
        while True:
            async with self.store.transaction() as tx:
                await outbox.expire(tx, self.clock.now())
                claimed = await outbox.claim(tx, self.clock.now(), 500, "test")
                for row in claimed:
                    await self._deliver(tx, row)
            if not claimed:
                return

    async def _deliver(self, tx, row: outbox.Claimed) -> None:
        address = row.chat or await people.chat_of(tx, row.person_id)
        if address is None:
            await outbox.settle(tx, row, self.clock.now(), "skipped", "no chat")
            return
        rendered = await self.conversation.compose(tx, address, row.kind, row.args)
        if rendered is None:
            await outbox.settle(tx, row, self.clock.now(), "skipped", "no longer called for")
            return
        chat = self.chat(address.id)
        if row.replace_ref is None:
            await self.conversation.remember_menu(tx, address, rendered)
            chat.arrived.append(rendered)
        else:
            chat.arrived[int(row.replace_ref)] = rendered
        ref = row.replace_ref or str(len(chat.arrived) - 1)
        await outbox.settle(tx, row, self.clock.now(), "sent", message_ref=ref)
        self.chat(address.id).pushed.append((self.clock.now(), row.kind, row.subject))

    async def time_passes(self, until: int, step: int = 900) -> None:
        """Walk the clock to `until` (UTC seconds) in quarter hours, letting everything due happen on the way."""
        while self.clock.now() < until:
            self.clock.move_to(min(until, self.clock.now() + step))
            await self.settle()


@dataclass
class Chat:
    """One chat, as the person sees it."""

    office: Office
    address: Address
    person_id: int = 0
    arrived: list[Rendered] = field(default_factory=list)
    pushed: list[tuple[int, str, str]] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)  # those its menu shows

    async def sends(self, text: str) -> "Chat":
        if text.startswith("/"):
            name, _, words = text[1:].partition(" ")
            return await self._does(Command(name, words))
        return await self._does(Text(text))

    async def writes(self, text: str, html: str) -> "Chat":
        """Send a text with formatting, as the messenger hands it on."""
        return await self._does(Text(text, html))

    async def taps(self, words: str) -> "Chat":
        """Press the newest button whose words contain `words`."""
        for message in reversed(self.arrived):
            for label, data in message.menu:
                if words in label:
                    return await self._does(Choice(data))
        raise AssertionError(f"no button {words!r}; buttons: {[m.menu for m in self.arrived[-3:]]}")

    async def taps_data(self, data: str) -> "Chat":
        return await self._does(Choice(data))

    async def shares_contact(self, phone: str, own: bool = True) -> "Chat":
        return await self._does(Contact(phone, own))

    async def uploads(self, name: str, content: bytes) -> "Chat":
        return await self._gives(File("ref", name, len(content)), content)

    async def sends_photo(self, content: bytes) -> "Chat":
        return await self._gives(File("ref", "photo.jpg", len(content), photo=True), content)

    async def _gives(self, file: File, content: bytes) -> "Chat":
        if await self.office.conversation.wants_file(self.address, file.photo):
            return await self._does(file, ReceivedFile(file.name, content, file.photo))
        return await self._does(file)

    async def sends_voice(self) -> "Chat":
        return await self._does(Unsupported("voice"))

    async def _does(self, body: Body, file: ReceivedFile | None = None) -> "Chat":
        rendered = await self.office.take(self.address, body, file)
        if rendered is not None:
            self.arrived.append(rendered)
        return self

    @property
    def last(self) -> str:
        """The newest message as plain text with its buttons."""
        return _shown(self.arrived[-1])

    def sees(self, *words: str) -> bool:
        """Assert that the newest message has all of `words` (in text or buttons)."""
        assert all(w in self.last for w in words), f"{words} not all in:\n{self.last}"
        return True

    def saw(self, words: str) -> bool:
        """Tell whether any message so far has `words`."""
        return any(words in _shown(m) for m in self.arrived)

    def sees_no(self, words: str) -> bool:
        assert words not in self.last, self.last
        return True


def _shown(message: Rendered) -> str:
    from markupsafe import Markup

    text = str(Markup(re.sub(r"</?(b|i|u|code|pre|a)\b[^>]*>", "", message.text)).unescape())
    buttons = "\n".join(" | ".join(f"[{b.words}]" for b in row) for row in message.rows)
    return f"{text}\n{buttons}".strip()
