"""One question of a course's form: its words and buttons. Whether a draft or a course is asked about, callers know."""

from dataclasses import dataclass
from typing import Any

from bot.chat.pages import page_of
from bot.chat.screens import Screen
from bot.chat.turns import Turn
from bot.errors import Stale
from bot.excel.cells import CellError
from bot.training import course_fields, institutions, lecturers
from bot.training.course_drafts import STEPS
from bot.training.course_fields import Fault
from bot.training.course_sheet import fault_error
from handlers.course_topics import as_shown

_TICKED_AT_FIRST = {"audience": "CB,CC"}  # whom most courses are for
_PICKED_OR_TYPED = ("institution", "lecturer")
ADDED_TO = ("lecturer",)  # a picked name comes to those there are


@dataclass(frozen=True)
class Question:
    """A question about field `key` of the thing `number`; its buttons are the choices `prefix`_set, _pick …

    `value` is what the field has now, `picked` what is ticked so far of a field with several codes, `usual` what is
    often answered. `guided` when it is one of the row of questions that a new draft is asked.
    """

    prefix: str
    number: int
    key: str
    value: Any = None
    picked: str | None = None
    page: int = 0
    remark: str = ""
    usual: tuple[str, ...] = ()
    guided: bool = False


def remark(turn: Turn, key: str, error: CellError | Fault) -> str:
    """Say what is wrong with an answer, in the words that a workbook's red column has."""
    told = fault_error(0, Fault(key, error.reason, error.value))
    heading = turn.words("course_form/labels", "label", key=key)
    return turn.words(told.template, told.reason, **{**told.values, "heading": heading})


async def ask(turn: Turn, question: Question) -> Screen:
    """Show a question and await the answer."""
    field = course_fields.BY_KEY.get(question.key)
    if field is None:
        raise Stale
    turn.ask(f"{question.prefix}_told", question.number, question.key)
    step = STEPS.index(field.key) + 1 if question.guided and field.key in STEPS else 0
    screen = Screen("course_form/ask", key=field.key, value=as_shown(question.value), remark=question.remark,
                    picked=_picked(question), many=field.ask == "many", usual=bool(question.usual),
                    step=step, steps=len(STEPS))  # fmt: skip
    if field.ask == "one":
        _one(screen, question, field.options)
    elif field.ask == "many":
        _many(screen, question, field.options)
    elif field.ask == "yes_no":
        screen.button("say_yes", f"{question.prefix}_set", question.number, field.key, "1")
        screen.button("say_no", f"{question.prefix}_set", question.number, field.key, "0", beside=True)
    elif field.key in _PICKED_OR_TYPED:
        await _known(turn, screen, question)
    for at, words in enumerate(question.usual):
        screen.button("usual", f"{question.prefix}_set", question.number, field.key, words, beside=at > 0, words=words)
    if not field.required:
        block = "skip" if question.guided else "empty"
        screen.button(block, f"{question.prefix}_skip", question.number, field.key)
    return screen.button("card", question.prefix, question.number, beside=not field.required)


def _picked(question: Question) -> list[str]:
    """Give what is ticked, of a field with several codes."""
    field = course_fields.BY_KEY[question.key]
    told = question.value or _TICKED_AT_FIRST.get(field.key, "") if question.picked is None else question.picked
    return [code for code in field.options if code in told.split(",")] if field.ask == "many" else []


def _one(screen: Screen, question: Question, options: tuple[str, ...]) -> None:
    shown = page_of(options, question.page)
    for code in shown.items:
        screen.button("option", f"{question.prefix}_set", question.number, question.key, code, code=code)
    shown.buttons(screen, f"{question.prefix}_ask", question.number, question.key)


def _many(screen: Screen, question: Question, options: tuple[str, ...]) -> None:
    """Offer codes to be ticked; what is ticked travels in the buttons, so that any phone may go on."""
    picked, shown = _picked(question), page_of(options, question.page)
    for code in shown.items:
        wanted = [one for one in options if (one in picked) != (one == code)]
        if len(wanted) <= course_fields.MOST_TAGS:
            block = "ticked" if code in picked else "option"
            args = (question.number, question.key, ",".join(wanted), shown.number)
            screen.button(block, f"{question.prefix}_pick", *args, code=code)
    shown.buttons(screen, f"{question.prefix}_pick", question.number, question.key, ",".join(picked))
    if picked:
        screen.button("done", f"{question.prefix}_set", question.number, question.key, ",".join(picked), tone="go")


async def _known(turn: Turn, screen: Screen, question: Question) -> None:
    """Offer the names that are known; a new one is typed."""
    names = await known_names(turn, question.key)
    shown = page_of(names, question.page)
    for number, name in shown.items:
        screen.button("known", f"{question.prefix}_known", question.number, question.key, number, name=name)
    shown.buttons(screen, f"{question.prefix}_ask", question.number, question.key)


async def known_names(turn: Turn, key: str) -> list[tuple[int, str]]:
    """Give number and name of what can be picked for a field."""
    if key == "lecturer":
        return [(one.id, one.name) for one in await lecturers.everyone(turn.tx)]
    return [(one.id, one.name) for one in await institutions.everyone(turn.tx)]


async def picked_words(turn: Turn, key: str, number: int, value: Any) -> str:
    """Give the words that picking a known name stands for. Raises Stale when it is gone."""
    name = dict(await known_names(turn, key)).get(number)
    if name is None:
        raise Stale
    return f"{value}\n{name}" if key in ADDED_TO and value else name


def typed(turn: Turn, text: str) -> str:
    """Give the answer with its lines: names may stand one a line."""
    return turn.typed.text if turn.typed is not None else text


def tapped(turn: Turn, key: str, text: str) -> str | None:
    """Give the choice of the button whose number was typed, where a number is no answer by itself.

    A messenger without buttons shows them as a numbered list; while an answer is awaited the router leaves numbers
    to it.
    """
    field = course_fields.BY_KEY.get(key)
    picks = field is not None and (field.ask in ("one", "many", "yes_no", "day") or key in _PICKED_OR_TYPED)
    if not picks or not (text.isascii() and text.isdigit() and len(text) < 3):
        return None
    menu = turn.dialogue.menu
    return menu[int(text) - 1][1] if 1 <= int(text) <= len(menu) else None
