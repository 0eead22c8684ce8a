"""From a screen to words: one template is one screen, its text and its buttons. No word stands in code."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from bot.chat.screens import Button, Label, Rendered, Screen
from bot.clock import UNDATED

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
LANGUAGES = ("vi", "en")
BASE = "base.j2"
Shown = Callable[[Any], str]


class Renderer:
    """Renders screens in every language; times are shown in one zone."""

    def __init__(self, zone: ZoneInfo, folder: Path = TEMPLATES) -> None:
        self._zone = zone
        self._environments = {language: self._environment(folder / language) for language in LANGUAGES}

    def render(self, screen: Screen, language: str) -> Rendered:
        """Give the screen in words. Raises on an unknown template, block or value: that is a bug, not an event."""
        environment = self._environments[language]
        words = Words(environment, screen.template, screen.values)
        return Rendered(
            text=words.of("text"),
            rows=[[self._label(environment, screen, button) for button in row] for row in screen.rows],
            attachments=screen.attachments,
            fresh=screen.fresh,
            share_contact=_plain(words.of(screen.share_contact)) if screen.share_contact else None,
            no_more_sharing=_plain(words.of(screen.no_more_sharing)) if screen.no_more_sharing else None,
        )

    def words(self, language: str, template: str, block: str, **values: Any) -> str:
        """Give one block of a template as plain words: a sheet's heading, a file's name, a command's description."""
        return _plain(Words(self._environments[language], template, values).of(block))

    def _label(self, environment: Environment, screen: Screen, button: Button) -> Label:
        words = Words(environment, screen.template, {**screen.values, **button.values}).of(button.block)
        return Label(_plain(words), button.choice, button.url, button.copy, button.tone)

    def _environment(self, folder: Path) -> Environment:
        environment = Environment(
            loader=FileSystemLoader(folder),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        names = _weekdays(environment)
        local = self._local
        dated = _dated(environment)
        environment.filters |= {
            "moment": dated(lambda at: f"{names()[local(at).weekday()]} {local(at):%d/%m/%Y, %H:%M}"),
            "day": dated(lambda at: f"{names()[local(at).weekday()]} {local(at):%d/%m/%Y}"),
            "date": dated(lambda at: f"{local(at):%d/%m/%Y}"),
            "hour": dated(lambda at: f"{local(at):%H:%M}"),
            "number": lambda n: f"{n:,}".replace(",", "." if folder.name == "vi" else ","),
        }
        return environment

    def _local(self, at: int | str) -> datetime:
        if isinstance(at, str):  # a local day as ISO text
            return datetime.fromisoformat(at)
        return datetime.fromtimestamp(at, UTC).astimezone(self._zone)


class Words:
    """The blocks of one template with their values; a block the template lacks is taken from the base template."""

    def __init__(self, environment: Environment, template: str, values: dict[str, Any]) -> None:
        self._templates = [environment.get_template(f"{template}.j2"), environment.get_template(BASE)]
        self._values = values

    def of(self, block: str) -> str:
        """Give a block in words, without outer blank lines. Raises KeyError for a block that nobody has."""
        for template in self._templates:
            if block in template.blocks:
                return _block(template, block, self._values)
        raise KeyError(f"{self._templates[0].name} has no block {block!r}")


def _block(template: Template, block: str, values: dict[str, Any]) -> str:
    text = "".join(template.blocks[block](template.new_context(values)))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _plain(words: str) -> str:
    """Give button words without markup: a messenger shows them as they are."""
    return " ".join(Markup(words).striptags().split())  # noqa: S704 (unescapes; the result is not markup)


def _weekdays(environment: Environment) -> Any:
    """Give a function that reads the weekday names of the language, Monday first, from `words.j2`, once."""

    @cache
    def names() -> list[str]:
        return list(environment.get_template("words.j2").module.weekdays)  # type: ignore[attr-defined]

    return names


def _dated(environment: Environment) -> Callable[[Shown], Shown]:
    """Give what lets a filter of instants say, in the language's own words, that no day is set yet."""

    def dated(shown: Shown) -> Shown:
        return lambda at: environment.get_template("words.j2").module.undated if at == UNDATED else shown(at)  # type: ignore[attr-defined]

    return dated
