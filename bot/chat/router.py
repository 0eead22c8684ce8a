"""From what came in to the handler that answers it, with rights checked and arguments typed. No words, no SQL."""

import inspect
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from types import ModuleType
from typing import Any, TypeVar, get_type_hints

from bot.chat.choices import decode
from bot.chat.events import Body, Choice, Command, Contact, File, ReceivedFile, Text, Unsupported
from bot.chat.screens import Screen
from bot.chat.turns import Role, Speaker, Turn
from bot.errors import NotAllowed, Refused, Stale
from bot.folding import fold, tidy

Handler = Callable[..., Awaitable[Screen | None]]
Prepare = Callable[[ReceivedFile], Awaitable[Any]]
Who = Role | tuple[Role, ...]  # one of several roles is enough
H = TypeVar("H", bound=Handler)
ANY_TEXT = "*"  # the @answer for free text that nothing awaits
LEAVING = ("0", "huy", "cancel")  # typed, they leave whatever is going on
ANY_FILE = "*"  # the @file for a file that nothing awaits


@dataclass(frozen=True)
class Entry:
    """One thing a chat can ask for: a handler, the roles that may ask, the types of its arguments after the turn.

    `reach` declares whose data it may touch: "none" (nobody's), "own" (the speaker's), "list" (a list narrowed to
    what the speaker's rights cover), "whole" (of the whole: the role alone decides), or what its first arguments are
    the numbers of, in order: "course", "unit person" … Those are what the handler must check; the matrix of rights
    in tests/rights taps each entry with foreign ones. An answer that `narrows`
    a list leaves numbers to its buttons.
    """

    kind: str
    name: str
    who: tuple[Role, ...]
    handler: Handler
    types: tuple[type, ...]
    required: int
    prepare: Prepare | None = None
    reach: str = ""
    narrows: bool = False


def _entry(
    kind: str, name: str, who: Who, handler: Handler, prepare: Prepare | None, reach: str, narrows: bool
) -> Entry:
    hints = get_type_hints(handler)
    parameters = list(inspect.signature(handler).parameters.values())[1:]
    types = tuple(hints[p.name] for p in parameters)
    required = sum(p.default is inspect.Parameter.empty for p in parameters)
    roles = (who,) if isinstance(who, Role) else who
    return Entry(kind, name, roles, handler, types, required, prepare, reach, narrows)


def _mark(
    kind: str, name: str, who: Who, prepare: Prepare | None = None, reach: str = "", narrows: bool = False
) -> Callable[[H], H]:
    def mark(handler: H) -> H:
        entries: list[Entry] = getattr(handler, "entries", [])
        handler.entries = [*entries, _entry(kind, name, who, handler, prepare, reach, narrows)]  # type: ignore[attr-defined]
        return handler

    return mark


def command(name: str, *, who: Who, reach: str = "") -> Callable[[H], H]:
    """Answer `/name words`: handler(turn, words)."""
    return _mark("command", name, who, reach=reach)


def choice(name: str, *, who: Who, reach: str = "") -> Callable[[H], H]:
    """Answer a tapped button: handler(turn, *args) with int or str arguments read from the button."""
    return _mark("choice", name, who, reach=reach)


def answer(name: str, *, who: Who, reach: str = "", narrows: bool = False) -> Callable[[H], H]:
    """Answer awaited free text: handler(turn, text, *args) with the arguments given to `turn.ask`.

    One that `narrows` a list leaves the numbers of the list's buttons to them.
    """
    return _mark("answer", name, who, reach=reach, narrows=narrows)


def file(name: str, *, who: Who, reach: str = "", prepare: Prepare | None = None) -> Callable[[H], H]:
    """Answer a file: handler(turn, file), or handler(turn, what `prepare` made of it).

    `prepare` is for long work such as reading a workbook: it runs before the turn's transaction opens, which would
    keep everybody else from writing.
    """
    return _mark("file", name, who, prepare, reach)


def contact(*, who: Who, reach: str = "") -> Callable[[H], H]:
    """Answer a shared contact: handler(turn, contact)."""
    return _mark("contact", "", who, reach=reach)


def notice(name: str) -> Callable[[H], H]:
    """Compose what the outbox owes: handler(turn, *args) → the screen, or None when the facts no longer call for it."""
    return _mark("notice", name, Role.ANYONE)


class Router:
    """All entries of the handlers, found by kind and name."""

    def __init__(self, modules: Iterable[ModuleType]) -> None:
        self.entries: dict[tuple[str, str], Entry] = {}
        for module in modules:
            for value in vars(module).values():
                for entry in getattr(value, "entries", []) if inspect.isfunction(value) else []:
                    if self.entries.setdefault((entry.kind, entry.name), entry) is not entry:
                        raise ValueError(f"two handlers for {entry.kind} {entry.name!r}")

    async def dispatch(self, turn: Turn, body: Body, received: Any = None) -> Screen | None:
        """Let the right handler answer. Raises Explained for what a person should be told instead."""
        match body:
            case Command():
                return await self._command(turn, body)
            case Choice():
                turn.tapped = body.message_ref
                return await self._choice(turn, body.data)
            case Text():
                turn.typed = body
                return await self._text(turn, body.text)
            case Contact():
                return await self._call(turn, "contact", "", body)
            case File() if received is not None:
                name = turn.dialogue.awaits_file or ANY_FILE
                return await self._call(turn, "file", name, received)
            case Unsupported() | File(photo=True) if turn.dialogue.awaits is not None:
                raise Refused("errors/text_awaited")
            case Unsupported() | File():
                raise Refused("errors/not_read")
            case _:
                return None

    async def compose(self, turn: Turn, kind: str, args: list[Any]) -> Screen | None:
        """Let the @notice of that kind compose its screen from the facts of this moment."""
        return await self.entries["notice", kind].handler(turn, *args)

    def wants_file(self, awaited: str | None, speaker: Speaker | None) -> bool:
        """Tell whether a file of this speaker would be read, so that it is fetched only then."""
        entry = self.entries.get(("file", awaited or ANY_FILE))
        return entry is not None and speaker is not None and not speaker.roles.isdisjoint(entry.who)

    async def prepare(self, awaited: str | None, received: ReceivedFile) -> Any:
        """Do the long work on a file, outside any transaction. Raises BadFile."""
        entry = self.entries.get(("file", awaited or ANY_FILE))
        return received if entry is None or entry.prepare is None else await entry.prepare(received)

    async def _command(self, turn: Turn, body: Command) -> Screen | None:
        turn.dialogue.forget()
        name = body.name if ("command", body.name) in self.entries else "trogiup"
        return await self._call(turn, "command", name, body.words)

    async def _choice(self, turn: Turn, data: str) -> Screen | None:
        name, texts = decode(data)
        entry = self.entries.get(("choice", name))
        if entry is None:
            raise Stale
        args = _typed(entry, texts)
        turn.dialogue.awaits, turn.dialogue.awaits_args, turn.dialogue.awaits_file = None, [], None
        return await self._call(turn, "choice", name, *args)

    async def _text(self, turn: Turn, text: str) -> Screen | None:
        """Take typed words for a button's, else an awaited answer, else a button's number, else free text.

        On a list that typed words narrow, a button's number comes first.
        """
        dialogue = turn.dialogue
        typed = fold(text)
        by_words = [data for words, data in dialogue.menu if typed and fold(words) == typed]
        if by_words:
            return await self._choice(turn, by_words[0])
        if typed in LEAVING:
            return await self._command(turn, Command("huy"))
        number = typed.removeprefix("chon ").strip()
        place = int(number) if number.isdecimal() and len(number) < 3 and dialogue.menu else None
        if place is not None and 1 <= place <= len(dialogue.menu) and self._leaves_numbers(dialogue.awaits):
            return await self._choice(turn, dialogue.menu[place - 1][1])
        if dialogue.awaits is not None:
            if not tidy(text):  # letters that nobody can see
                raise Refused("errors/text_awaited")
            name, args = dialogue.awaits, dialogue.awaits_args
            dialogue.awaits, dialogue.awaits_args = None, []
            return await self._call(turn, "answer", name, tidy(text), *args)
        if place is not None:
            raise Refused("errors/no_such_number", count=len(dialogue.menu))
        return await self._call(turn, "answer", ANY_TEXT, tidy(text))

    def _leaves_numbers(self, awaits: str | None) -> bool:
        entry = self.entries.get(("answer", awaits or ANY_TEXT))
        return awaits is None or (entry is not None and entry.narrows)

    async def _call(self, turn: Turn, kind: str, name: str, *args: Any) -> Screen | None:
        entry = self.entries.get((kind, name))
        if entry is None:
            raise Stale
        if turn.has(*entry.who):
            return await entry.handler(turn, *args)
        if not turn.has(Role.OFFICIAL):
            return await self.entries["command", "start"].handler(turn, "")
        raise NotAllowed(f"{kind}:{name}")


def _typed(entry: Entry, texts: list[str]) -> list[int | str]:
    """Read the arguments as the handler's types. Raises Stale for anything a button of ours would not say."""
    if not entry.required <= len(texts) <= len(entry.types):
        raise Stale
    args: list[int | str] = []
    for text, wanted in zip(texts, entry.types, strict=False):
        if wanted is int:
            if not (text.isascii() and text.removeprefix("-").isdigit() and len(text) < 16):
                raise Stale
            args.append(int(text))
        elif not text.isprintable():
            raise Stale
        else:
            args.append(text)
    return args
