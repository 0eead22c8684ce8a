"""Marks such as {{ho_ten}} in a text: found, taken for what they mean, replaced. Which marks there are, callers say.

A mark is only ever looked up by its name: nothing in a form is evaluated.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from bot.folding import fold

Value = str | int | dt.date | None
Values = Mapping[str, Value]
Row = Mapping[str, Value]
MARK = re.compile(r"\{\{([^{}]{1,80})\}\}")
_BRACES = re.compile(r"\{\{|\}\}")
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # no XML takes them
_NEAR = 65  # percent alike
_SHOWN = 40


@dataclass(frozen=True)
class Unknown:
    """A mark that nobody knows, as it was written, and the one that may be meant."""

    written: str
    near: str | None


def name_of(written: str) -> str:
    """Give the name a mark was meant to have: "Họ tên" is ho_ten."""
    return "_".join(fold(written.replace("_", " ")).split())


def names_in(text: str) -> set[str]:
    """Give the names of the marks in a text."""
    return {name_of(found[1]) for found in MARK.finditer(text)}


def unknown_in(text: str, known: Iterable[str]) -> list[Unknown]:
    """Give the marks of a text that are not known, and braces that are no whole mark, each once."""
    names = list(known)
    written = [found[1].strip() for found in MARK.finditer(text)]
    unknown = {w: Unknown(f"{{{{{w}}}}}", _near(name_of(w), names)) for w in written if name_of(w) not in names}
    rest = MARK.sub("", text)
    broken = [Unknown(rest[at.start() : at.start() + _SHOWN], None) for at in _BRACES.finditer(rest)]
    return [*unknown.values(), *broken[:1]]


def _near(name: str, names: list[str]) -> str | None:
    best = max(names, key=lambda other: fuzz.ratio(name, other), default=None)
    return best if best is not None and fuzz.ratio(name, best) >= _NEAR else None


def replaced(text: str, values: Values) -> str:
    """Give a text with its marks replaced; a name without a value becomes nothing."""
    return MARK.sub(lambda found: worded(values.get(name_of(found[1]))), text)


def worded(value: Value) -> str:
    """Give a value as it stands in a sentence: 07/12/2026, 1.196."""
    match value:
        case None:
            return ""
        case int():
            return f"{value:,}".replace(",", ".")
        case dt.date():
            return f"{value.day:02}/{value.month:02}/{value.year:04}"
    return _UNFIT.sub("", value).replace("{{", "{ {").replace("}}", "} }")  # a value is no mark
