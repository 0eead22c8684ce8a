"""One turn of a conversation: who speaks, where, when, in which open transaction. What they may do is the router's."""

import json
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from bot.chat.events import Address, Text
from bot.store import Reading, Row, Tx

AWAITED_FOR = 12 * 3600  # seconds
IN_THE_MIDDLE = 600  # seconds since somebody last spoke
LONGEST_MENU = 60  # buttons
DRAFT_KEPT = 7 * 86_400  # seconds


class Role(Enum):
    """What somebody may be; a person has several. Each entry of a handler names the one it asks for."""

    ANYONE = "anyone"  # any chat at all
    LINKED = "linked"  # a chat that belongs to a person of the HR list
    OFFICIAL = "official"  # … who has agreed to be written to here
    HEAD = "head"  # … and heads a unit, or stands in for its head today
    TEACHER = "teacher"  # … and is a lecturer of some course
    SCHOOL = "school"  # … and works for a training institution (giáo vụ): its own classes only
    HR = "hr"  # … and has HR rights over a unit and what is under it, or over the whole
    HR_ALL = "hr_all"  # … over the whole
    OPERATOR = "operator"  # … and runs the program: deliveries and the log, nobody's data


@dataclass(frozen=True)
class Speaker:
    """The person a chat belongs to, as far as a conversation needs to know them."""

    person_id: int
    name: str
    unit_id: int
    roles: frozenset[Role]


@dataclass
class Dialogue:
    """What a chat is in the middle of; kept in the database, never in memory only."""

    menu: list[tuple[str, str]] = field(default_factory=list)
    awaits: str | None = None
    awaits_args: list[int | str] = field(default_factory=list)
    awaits_file: str | None = None
    draft: dict[str, Any] = field(default_factory=dict)

    def forget(self) -> None:
        """Await nothing any more and drop the draft."""
        self.awaits, self.awaits_args, self.awaits_file, self.draft = None, [], None, {}


class Words(Protocol):
    """Gives one block of a template as plain words in a language."""

    def __call__(self, language: str, template: str, block: str, **values: Any) -> str:
        """Word `block` of `template`."""
        ...


@dataclass
class Turn:
    """Everything a handler may use: it reads and writes through `tx`, and answers by returning a screen."""

    tx: Tx
    now: int  # UTC seconds
    zone: ZoneInfo
    address: Address
    language: str
    speaker: Speaker | None
    dialogue: Dialogue
    wording: Words
    arrival: int = 0  # place in the order of arrival; 0 for a notice
    typed: Text | None = None  # the text as it came, with its lines and formatting
    commands: str = ""  # what the chat's menu of commands showed when the turn began

    @property
    def person(self) -> Speaker:
        """Give the linked person; only entries for Role.LINKED and above may ask."""
        if self.speaker is None:
            raise LookupError("nobody is linked to this chat")
        return self.speaker

    def has(self, *roles: Role) -> bool:
        """Tell whether the speaker has one of `roles`."""
        return Role.ANYONE in roles or (self.speaker is not None and not self.speaker.roles.isdisjoint(roles))

    def words(self, template: str, block: str, **values: Any) -> str:
        """Give one block of a template as plain words, for what is not a screen: a sheet's heading, a file's name."""
        return self.wording(self.language, template, block, **values)

    def ask(self, answer: str, *args: int | str) -> None:
        """Let the next free text go to the @answer of that name, with `args`."""
        self.dialogue.awaits, self.dialogue.awaits_args = answer, list(args)

    def ask_file(self, name: str) -> None:
        """Let the next file go to the @file of that name."""
        self.dialogue.awaits_file = name

    @property
    def draft(self) -> dict[str, Any]:
        """Give what this chat is putting together: JSON values only; kept until `dialogue.forget()`."""
        return self.dialogue.draft


async def read_dialogue(tx: Reading, address: Address, now: int) -> Dialogue:
    """Read what a chat is in the middle of; what was asked half a day ago is awaited no more.

    Somebody asked yesterday why they give up their seat would else lose it by typing words to search for.
    """
    row = await tx.fetchrow("select * from dialogue where platform = $1 and address = $2", address.platform, address.id)
    if row is None:
        return Dialogue()
    dialogue = _dialogue(row)
    if row["updated_at"] < now - AWAITED_FOR:
        dialogue.awaits, dialogue.awaits_args, dialogue.awaits_file = None, [], None
    return dialogue


def _dialogue(row: Row) -> Dialogue:
    return Dialogue(
        menu=[(words, choice) for words, choice in json.loads(row["menu"])],
        awaits=row["awaits"],
        awaits_args=json.loads(row["awaits_args"]),
        awaits_file=row["awaits_file"],
        draft=json.loads(row["draft"]),
    )


async def write_dialogue(tx: Tx, address: Address, dialogue: Dialogue, now: int) -> None:
    """Keep what a chat is in the middle of."""
    await tx.execute(
        """
        insert into dialogue (platform, address, menu, awaits, awaits_args, awaits_file, draft, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (platform, address) do update set
            menu = excluded.menu, awaits = excluded.awaits, awaits_args = excluded.awaits_args,
            awaits_file = excluded.awaits_file, draft = excluded.draft, updated_at = excluded.updated_at
        """,
        address.platform,
        address.id,
        json.dumps(dialogue.menu, ensure_ascii=False),
        dialogue.awaits,
        json.dumps(dialogue.awaits_args, ensure_ascii=False),
        dialogue.awaits_file,
        json.dumps(dialogue.draft, ensure_ascii=False),
        now,
    )


async def drop_drafts(tx: Tx, now: int) -> int:
    """Forget what chats left half-filled for a week (marks of a rating, for one); gives how many."""
    return await tx.execute(
        "update dialogue set draft = '{}' where draft <> '{}' and updated_at < $1", now - DRAFT_KEPT
    )


async def write_menu(tx: Tx, address: Address, menu: list[tuple[str, str]], now: int) -> None:
    """Keep the buttons of a message that was pushed; what the chat is in the middle of, and since when, stays.

    While somebody is in the middle of something, typed numbers go on meaning the buttons they are looking at: a
    reminder that came between a question and its answer has cost people their seats.
    """
    row = await tx.fetchrow("select * from dialogue where platform = $1 and address = $2", address.platform, address.id)
    if row is not None and row["updated_at"] > now - IN_THE_MIDDLE:
        menu = beside(_dialogue(row).menu, menu)
    await tx.execute(
        """
        insert into dialogue (platform, address, menu, updated_at) values ($1, $2, $3, $4)
        on conflict (platform, address) do update set menu = excluded.menu
        """,
        address.platform,
        address.id,
        json.dumps(menu, ensure_ascii=False),
        now,
    )


def beside(menu: list[tuple[str, str]], more: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Add buttons behind those that are open, so that their words can be typed and the numbers stay what they were."""
    return [*menu, *(button for button in more if button not in menu)][:LONGEST_MENU]
