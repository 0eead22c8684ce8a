"""Every entry of the router, tried by every role with own and foreign numbers; the entries declare what they reach."""

from collections.abc import Iterator
from typing import Any

import pytest

import handlers
from bot.chat.choices import encode
from bot.chat.events import Body, Choice, Command, Text
from bot.chat.router import Entry, Router
from bot.chat.turns import Role
from bot.training.who_not import OF_CLASS
from tests.rights.things import KINDS, OWNERS, build
from tests.rights.world import OFFICIALS, PERSONAS, SECRET, Told, World
from tests.talking import Office

ENTRIES = list(Router(handlers.MODULES).entries.values())
UP_TO_OFFICIAL = {Role.ANYONE, Role.LINKED, Role.OFFICIAL}
PLAIN = {"", "none", "own", "list", "whole"}
WORDS = {  # words that lead somewhere, for entries that would turn "x" away at once
    "outbox_list": ("sent", "pending"),
    "bc_kind": ("all", "codes"),
    "bc_list": ("units", "course"),
    "bc_pick": ("units", "course"),
    "bc_group": ("CC",),
    "who_not_list": ("chat", "law", "receipt", *OF_CLASS),
    "who_not_nudge": OF_CLASS,
    "who_not_file": ("chat", "law", "receipt", *OF_CLASS),
    "desk_fact": ("name",),
    "right_give": ("hr",),
    "outbox_late": ("drop",),
    "log": ("person",),
}
TYPED = ("12", "ngoai")  # what is typed where words are awaited; the second finds the foreign names


def nouns(entry: Entry) -> list[str]:
    """What the first arguments of an entry number."""
    return [] if entry.reach in PLAIN else entry.reach.split()


def bodies(entry: Entry, numbers: list[int], rest: int) -> Iterator[tuple[Body, tuple[str, list[Any]] | None]]:
    """Every way to ask for an entry whose first arguments are `numbers`, the other numbers being `rest`."""
    match entry.kind:
        case "command":
            yield Command(entry.name, "1"), None
        case "choice":
            for args in _arguments(entry, numbers, rest, entry.types):
                yield Choice(encode(entry.name, *args)), None
        case "answer" if entry.name != "*":
            for args in _arguments(entry, numbers, rest, entry.types[1:]):
                for words in TYPED:
                    yield Text(words), (entry.name, args)


def _arguments(entry: Entry, numbers: list[int], rest: int, types: tuple[type, ...]) -> Iterator[list[int | str]]:
    for word in WORDS.get(entry.name, ("x",)):
        left = iter(numbers)
        yield [next(left, rest) if wanted is int else word for wanted in types]


def allowed(world: World, persona: str, entry: Entry) -> bool:
    return not world.roles[persona].isdisjoint(entry.who)


def fault(told: Told) -> str:
    """What is wrong with any answer to anybody but HR of the whole."""
    if "sự cố" in told.text:
        return "an incident"
    return "tells of the foreign unit" if SECRET in told.text else ""


async def tried(world: World, persona: str, entry: Entry, numbers: list[int], rest: int) -> list[Told]:
    return [await world.tries(persona, body, awaits) for body, awaits in bodies(entry, numbers, rest)]


def test_every_noun_that_an_entry_reaches_is_known_here() -> None:
    reached = {noun for entry in ENTRIES for noun in nouns(entry)}
    assert reached - KINDS.keys() == set(), "add it to KINDS and OWNERS in tests/rights/things.py"
    assert set(OWNERS) == set(KINDS)


def test_every_entry_beyond_what_an_official_may_declares_whose_data_it_reaches() -> None:
    beyond = [entry for entry in ENTRIES if not UP_TO_OFFICIAL.intersection(entry.who)]
    undeclared = [f"{entry.kind} {entry.name}" for entry in beyond if not entry.reach]
    assert undeclared == [], "each says reach=… in its handler file, see bot.chat.router.Entry"


def test_a_new_entry_without_a_declaration_would_be_found() -> None:
    def handler(turn: Any) -> None: ...

    new = Entry("choice", "new", (Role.HR,), handler, (), 0)  # type: ignore[arg-type]
    assert not UP_TO_OFFICIAL.intersection(new.who)
    assert not new.reach


async def test_the_personas_have_the_roles_they_are_named_for(office: Office) -> None:
    world = await build(office)
    special = {persona: world.roles[persona] - {Role.ANYONE, Role.LINKED, Role.OFFICIAL} for persona in PERSONAS}
    assert special == {
        "stranger": set(), "official": set(), "head": {Role.HEAD}, "acting": {Role.HEAD}, "teacher": {Role.TEACHER},
        "school": {Role.SCHOOL}, "clerk": {Role.HR}, "hr": {Role.HR, Role.HR_ALL}, "operator": {Role.OPERATOR},
    }  # fmt: skip


@pytest.mark.parametrize("persona", PERSONAS)
async def test_who_lacks_the_role_of_an_entry_is_refused_and_logged_and_sees_nothing(
    office: Office, persona: str
) -> None:
    world, wrong = await build(office), []
    for entry in ENTRIES:
        if entry.kind in ("notice", "contact", "file") or allowed(world, persona, entry):
            continue
        numbers = [world.own[noun][0] for noun in nouns(entry)]
        for told in await tried(world, persona, entry, numbers, 1):
            expected = [] if persona == "stranger" else [("refused", f"{entry.kind}:{entry.name}")]
            if told.logged != expected or fault(told):
                wrong.append((entry.kind, entry.name, told.logged, fault(told)))
    assert wrong == [], "\n".join(str(one) for one in wrong)


@pytest.mark.parametrize("persona", [persona for persona in PERSONAS if persona not in ("stranger", "hr")])
async def test_what_is_of_another_unit_is_refused_and_logged_and_nothing_is_shown(office: Office, persona: str) -> None:
    world, wrong = await build(office), []
    for entry in ENTRIES:
        if not nouns(entry) or not allowed(world, persona, entry):
            continue
        strict = persona in OFFICIALS or all(persona in OWNERS[noun] for noun in nouns(entry))
        for numbers in _foreign(world, entry):
            for rest in (0, 1):
                wrong += [
                    (entry.kind, entry.name, numbers, rest, told.logged, fault(told), told.text[:80])
                    for told in await tried(world, persona, entry, numbers, rest)
                    if fault(told) or (strict and not told.refused)
                ]
    assert wrong == [], "\n".join(str(one) for one in wrong)


def _foreign(world: World, entry: Entry) -> Iterator[list[int]]:
    """Foreign numbers in every place, then in each place beside own ones."""
    places = nouns(entry)
    for at_place, noun in enumerate(places):
        for number in world.foreign[noun]:
            own = [world.own[other][0] for other in places]
            yield [*own[:at_place], number, *own[at_place + 1 :]]
    if len(places) > 1 and all(world.foreign[noun] for noun in places):
        yield [world.foreign[noun][0] for noun in places]


@pytest.mark.parametrize("persona", [persona for persona in PERSONAS if persona != "stranger"])
async def test_what_is_of_the_own_unit_is_answered_without_a_word_of_the_other(office: Office, persona: str) -> None:
    world, wrong = await build(office), []
    for entry in ENTRIES:
        if not allowed(world, persona, entry) or not all(persona in OWNERS[noun] for noun in nouns(entry)):
            continue
        for numbers in _own(world, entry):
            for rest in (0, 1):
                for told in await tried(world, persona, entry, numbers, rest):
                    bad = "an incident" if "sự cố" in told.text else "" if persona == "hr" else fault(told)
                    if bad or (nouns(entry) and told.refused):
                        wrong.append((entry.kind, entry.name, numbers, rest, told.logged, bad, told.text[:80]))
    assert wrong == [], "\n".join(str(one) for one in wrong)


def _own(world: World, entry: Entry) -> Iterator[list[int]]:
    places = nouns(entry)
    if not places:
        yield []
    for number in world.own[places[0]] if places else []:
        yield [number, *(world.own[noun][0] for noun in places[1:])]


@pytest.mark.parametrize("persona", ["official", "head", "clerk", "operator"])
async def test_what_is_only_ones_own_tells_nothing_whatever_number_is_forged(office: Office, persona: str) -> None:
    world, wrong = await build(office), []
    numbers = sorted({number for ids in world.foreign.values() for number in ids})
    for entry in ENTRIES:
        if nouns(entry) or entry.kind == "command" or not allowed(world, persona, entry):
            continue
        for number in numbers if int in entry.types else []:
            wrong += [
                (entry.kind, entry.name, number, told.logged, fault(told), told.text[:80])
                for told in await tried(world, persona, entry, [number] * len(entry.types), number)
                if fault(told)
            ]
    assert wrong == [], "\n".join(str(one) for one in wrong)
