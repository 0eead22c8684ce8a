"""Questionnaires as versioned data: read from files and checked. Who answers them, and what follows, is elsewhere."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.chat.rendering import LANGUAGES, TEMPLATES
from bot.errors import BoiDuongError

FOLDER = TEMPLATES / "questionnaires"
SOURCES = ("TT 03/2023", "đề án", "bản nháp")
_CODE = re.compile(r"[a-z][a-z0-9_-]{0,29}")
_FILE = re.compile(r"(?P<code>[a-z][a-z0-9_-]*)\.(?P<version>[0-9]+)\.yaml")


class QuestionnaireError(BoiDuongError):
    """A questionnaire file says something that cannot be used; the message names file and place."""


@dataclass(frozen=True)
class Item:
    """One thing that is rated; `words` by language, `source` one of SOURCES."""

    code: str
    words: dict[str, str]
    source: str


@dataclass(frozen=True)
class Mark:
    """One step of the scale; `stored` is its value on the scale 1–10."""

    mark: int
    words: dict[str, str]
    stored: int


@dataclass(frozen=True)
class Questionnaire:
    """One version of a questionnaire."""

    code: str
    version: int
    title: dict[str, str]
    scale: tuple[Mark, ...]
    items: tuple[Item, ...]

    def mark(self, mark: int) -> Mark | None:
        """Give a step of the scale, None when there is no such step."""
        return next((step for step in self.scale if step.mark == mark), None)


@cache
def known(folder: Path = FOLDER) -> dict[tuple[str, int], Questionnaire]:
    """Read every questionnaire, by code and version. Raises QuestionnaireError."""
    files = sorted(folder.glob("*.yaml"))
    return {(one.code, one.version): one for one in map(_read, files)}


def newest(code: str, folder: Path = FOLDER) -> Questionnaire:
    """Give the newest version of a questionnaire. Raises QuestionnaireError when there is none."""
    versions = [one for (name, _), one in known(folder).items() if name == code]
    if not versions:
        raise QuestionnaireError(f"there is no questionnaire {code!r} in {folder.name}")
    return max(versions, key=lambda one: one.version)


def item_of(code: str, item: str, folder: Path = FOLDER) -> Item | None:
    """Give an item of whatever version of a questionnaire has it, the newest first."""
    versions = sorted((one for (name, _), one in known(folder).items() if name == code), key=lambda q: -q.version)
    return next((found for one in versions for found in one.items if found.code == item), None)


def _read(file: Path) -> Questionnaire:
    try:
        return parse(yaml.safe_load(file.read_text(encoding="utf-8")), file.name)
    except yaml.YAMLError as error:
        raise QuestionnaireError(f"{file.name} is not YAML: {error}") from error


def parse(data: Any, filename: str) -> Questionnaire:
    """Check what a file says; its name is `<code>.<version>.yaml`. Raises QuestionnaireError naming the place."""
    named = _FILE.fullmatch(filename)
    if named is None or not isinstance(data, dict):
        raise QuestionnaireError(f"{filename}: a questionnaire is a mapping in a file <code>.<version>.yaml")
    if (data.get("code"), data.get("version")) != (named["code"], int(named["version"])):
        raise QuestionnaireError(f"{filename}: code and version differ from the file's name")
    questionnaire = Questionnaire(
        named["code"],
        int(named["version"]),
        _words(data.get("title"), f"{filename}: title"),
        _scale(data, filename),
        tuple(_item(one, f"{filename}: item {at}") for at, one in enumerate(_list(data, "items", filename), start=1)),
    )
    codes = [item.code for item in questionnaire.items]
    if len(set(codes)) < len(codes):
        raise QuestionnaireError(f"{filename}: an item code stands twice")
    return questionnaire


def _scale(data: dict[str, Any], filename: str) -> tuple[Mark, ...]:
    factor = data.get("factor", 1)
    marks: list[Mark] = []
    for at, one in enumerate(_list(data, "scale", filename), start=1):
        where = f"{filename}: step {at} of the scale"
        mark = one.get("mark") if isinstance(one, dict) else None
        if type(mark) is not int or type(factor) is not int or not 1 <= mark * factor <= 10:
            raise QuestionnaireError(f"{where}: mark times factor must be 1 to 10")
        marks.append(Mark(mark, _words(one, where), mark * factor))
    values = [step.mark for step in marks]
    if len(marks) < 2 or values != sorted(set(values)):
        raise QuestionnaireError(f"{filename}: the scale needs at least two marks, in ascending order")
    return tuple(marks)


def _item(one: Any, where: str) -> Item:
    code = one.get("code") if isinstance(one, dict) else None
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise QuestionnaireError(f"{where}: code must be small letters, digits, - or _")
    if one.get("nguon") not in SOURCES:
        raise QuestionnaireError(f"{where}: nguon must be one of {', '.join(SOURCES)}")
    return Item(code, _words(one, where), one["nguon"])


def _words(one: Any, where: str) -> dict[str, str]:
    words = {language: one.get(language) if isinstance(one, dict) else None for language in LANGUAGES}
    missing = [language for language, told in words.items() if not isinstance(told, str) or not told.strip()]
    if missing:
        raise QuestionnaireError(f"{where}: words in {' and '.join(missing)} are missing")
    return {language: str(told) for language, told in words.items()}


def _list(data: dict[str, Any], name: str, filename: str) -> list[Any]:
    value = data.get(name)
    if not isinstance(value, list) or not value:
        raise QuestionnaireError(f"{filename}: {name} must be a list")
    return value
