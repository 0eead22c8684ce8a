"""A form before it is kept: its kind, its size, its traps, its marks. Filling it is elsewhere."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.errors import BadFile
from bot.excel.package import MEBIBYTE, open_parts
from bot.forms import word, workbook
from bot.forms.marks import names_in, unknown_in

MAX_MB = 5
_MAIN = {".xlsx": "xl/workbook.xml", ".docx": "word/document.xml"}
_ACTIVE = re.compile(r"vbaproject|/embeddings/|/activex/|/externallinks/|/macrosheets/", re.IGNORECASE)
_LINKED = re.compile(rb'<Relationship\b(?=[^>]*TargetMode="External")(?![^>]*/relationships/hyperlink")[^>]*>')
_FETCHES = re.compile(r"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|LINK)\b|^=\s*[\w.]+\|", re.IGNORECASE)


@dataclass(frozen=True)
class Form:
    """A form that can be filled: which marks it has, and whether it has pictures that a filled workbook loses."""

    ending: str
    marks: frozenset[str]
    loses_pictures: bool


def check(content: bytes, filename: str, known: Iterable[str]) -> Form:
    """Check a form and give what it has; long work, so call it in a thread.

    Raises BadFile: forms/wrong_type, forms/too_large, forms/active (macros, embedded or linked things),
    forms/unknown_marks, forms/no_marks, and those of bot.excel.package.
    """
    ending = _ending(content, filename)
    names, parts = open_parts(content, filename, _MAIN[ending])
    if any(_ACTIVE.search(name) for name in names) or any(map(_LINKED.search, parts.values())):
        raise BadFile("forms/active", filename=filename)
    text = (workbook if ending == ".xlsx" else word).text_of(content, filename)
    if any(_FETCHES.search(code) for code in text.code):
        raise BadFile("forms/active", filename=filename)
    known_names = list(known)
    unknown = [one for told in text.words for one in unknown_in(told, known_names)]
    if unknown:
        raise BadFile("forms/unknown_marks", filename=filename, unknown=list(dict.fromkeys(unknown)))
    found = frozenset(name for told in text.words for name in names_in(told))
    if not found:
        raise BadFile("forms/no_marks", filename=filename)
    return Form(ending, found, ending == ".xlsx" and any(name.startswith("xl/drawings/") for name in names))


def _ending(content: bytes, filename: str) -> str:
    if len(content) > MAX_MB * MEBIBYTE:
        raise BadFile("forms/too_large", filename=filename, limit_mb=MAX_MB)
    ending = next((known for known in _MAIN if filename.lower().endswith(known)), None)
    if ending is None:
        raise BadFile("forms/wrong_type", filename=filename)
    return ending
