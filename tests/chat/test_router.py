import types
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.chat.events import Address, Choice, Command, Text, Unsupported
from bot.chat.router import Router, answer, choice, command
from bot.chat.screens import Screen
from bot.chat.turns import Dialogue, Role, Speaker, Turn
from bot.errors import Refused, Stale

seen: list[Any] = []


@command("start", who=Role.ANYONE)
async def start(turn: Turn, words: str) -> Screen:
    seen.append(("start", words))
    return Screen("start")


@command("huy", who=Role.ANYONE)
async def leave(turn: Turn, words: str) -> Screen:
    seen.append("huy")
    return Screen("left")


@choice("pick", who=Role.OFFICIAL)
async def pick(turn: Turn, number: int, word: str = "") -> Screen:
    seen.append(("pick", number, word))
    return Screen("picked")


@choice("desk", who=Role.HR)
async def desk(turn: Turn) -> Screen:
    return Screen("desk")


@answer("reason", who=Role.OFFICIAL)
async def reason(turn: Turn, text: str, number: int) -> Screen:
    seen.append(("reason", text, number))
    return Screen("thanks")


@answer("name", who=Role.OFFICIAL, narrows=True)
async def name(turn: Turn, text: str) -> Screen:
    seen.append(("name", text))
    return Screen("list")


@answer("*", who=Role.ANYONE)
async def anything(turn: Turn, text: str) -> Screen:
    seen.append(("anything", text))
    return Screen("found")


module = types.ModuleType("module")
for handler in (start, leave, pick, desk, reason, name, anything):
    setattr(module, handler.__name__, handler)
router = Router([module])


def turn(*roles: Role, **dialogue: Any) -> Turn:
    seen.clear()
    speaker = Speaker(1, "Lan", 1, frozenset({Role.LINKED, *roles})) if roles else None
    return Turn(
        None,  # type: ignore[arg-type]
        0, ZoneInfo("UTC"), Address("telegram", "1"), "vi", speaker, Dialogue(**dialogue), lambda *a, **k: "",
    )  # fmt: skip


MENU = [("Luật Đất đai", "pick:1"), ("Đăng ký", "pick:2:now")]


@pytest.mark.parametrize("data", ["", "nothing", "pick", "pick:x", "pick:1:a:b", "pick:١", "pick:" + "9" * 40, ":::"])
async def test_a_forged_or_old_button_is_stale(data: str) -> None:
    with pytest.raises(Stale):
        await router.dispatch(turn(Role.OFFICIAL), Choice(data))
    assert seen == []


async def test_arguments_come_typed_from_the_button() -> None:
    await router.dispatch(turn(Role.OFFICIAL), Choice("pick:7:now"))
    assert seen == [("pick", 7, "now")]


@pytest.mark.parametrize(("typed", "data"), [("1", 1), ("chọn 2", 2), ("2", 2)])
async def test_a_number_stands_for_a_button(typed: str, data: int) -> None:
    await router.dispatch(turn(Role.OFFICIAL, menu=MENU), Text(typed))
    assert seen[0][:2] == ("pick", data)


async def test_words_typed_without_diacritics_stand_for_a_button() -> None:
    await router.dispatch(turn(Role.OFFICIAL, menu=MENU), Text("dang ky"))
    assert seen == [("pick", 2, "now")]


async def test_a_number_the_menu_lacks_is_told() -> None:
    with pytest.raises(Refused, match="no_such_number"):
        await router.dispatch(turn(Role.OFFICIAL, menu=MENU), Text("9"))


async def test_awaited_text_goes_to_its_answer_even_when_it_is_a_number() -> None:
    await router.dispatch(turn(Role.OFFICIAL, menu=MENU, awaits="reason", awaits_args=[5]), Text("2"))
    assert seen == [("reason", "2", 5)]


@pytest.mark.parametrize(("typed", "told"), [("2", ("pick", 2, "now")), ("9", ("name", "9")), ("dat", ("name", "dat"))])
async def test_on_a_list_that_words_narrow_a_number_is_a_button(typed: str, told: tuple[Any, ...]) -> None:
    await router.dispatch(turn(Role.OFFICIAL, menu=MENU, awaits="name"), Text(typed))
    assert seen == [told]


@pytest.mark.parametrize("typed", ["huỷ", "hủy", "0", "Cancel"])
async def test_an_awaited_answer_can_always_be_left(typed: str) -> None:
    await router.dispatch(turn(Role.OFFICIAL, awaits="reason", awaits_args=[5]), Text(typed))
    assert seen == ["huy"]


async def test_text_that_nothing_awaits_is_searched_for() -> None:
    await router.dispatch(turn(Role.OFFICIAL, menu=MENU), Text("luật  đất"))
    assert seen == [("anything", "luật đất")]


async def test_who_lacks_the_right_is_refused() -> None:
    with pytest.raises(Refused, match="not_allowed"):
        await router.dispatch(turn(Role.OFFICIAL), Choice("desk"))


async def test_who_is_not_linked_is_shown_how_to_begin() -> None:
    screen = await router.dispatch(turn(), Choice("pick:1"))
    assert screen is not None
    assert screen.template == "start"
    assert seen == [("start", "")]


async def test_a_voice_message_where_text_is_awaited_says_so() -> None:
    with pytest.raises(Refused, match="text_awaited"):
        await router.dispatch(turn(Role.OFFICIAL, awaits="reason", awaits_args=[5]), Unsupported("voice"))


async def test_a_command_forgets_what_was_awaited() -> None:
    asked = turn(Role.OFFICIAL, awaits="reason", awaits_args=[5], draft={"a": 1})
    await router.dispatch(asked, Command("start", "123"))
    assert (asked.dialogue.awaits, asked.draft) == (None, {})


def test_two_handlers_of_one_name_are_refused_at_start() -> None:
    @choice("pick", who=Role.OFFICIAL)
    async def second(turn: Turn) -> Screen:
        return Screen("x")

    other = types.ModuleType("other")
    other.second = second  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match="two handlers"):
        Router([module, other])
