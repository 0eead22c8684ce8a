"""Forms that are Word files: paragraphs and rows keep their looks, marks are found even if Word split them in runs."""

import copy
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

import docx
from docx.opc.exceptions import OpcError
from docx.opc.part import XmlPart
from docx.oxml.ns import qn

from bot.errors import BadFile
from bot.forms.marks import MARK, Row, Values, name_of, names_in, worded
from bot.forms.text import FormText

_PARAGRAPH, _ROW, _TEXT = qn("w:p"), qn("w:tr"), qn("w:t")
_CODE = (qn("w:instrText"), qn("w:fldSimple"))
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def _opened(content: bytes, filename: str) -> Any:
    try:
        return docx.Document(io.BytesIO(content))
    except (OpcError, ValueError, KeyError, SyntaxError, AttributeError, OSError, zipfile.BadZipFile) as error:
        raise BadFile("files/damaged", filename=filename) from error


def _roots(document: Any) -> Iterator[Any]:
    """Give the parts in which words stand: the body, headers and footers."""
    for part in document.part.package.iter_parts():
        if isinstance(part, XmlPart) and any(True for _ in part.element.iter(_PARAGRAPH)):
            yield part.element


def text_of(content: bytes, filename: str) -> FormText:
    """Give the words and the field codes. Raises BadFile: files/damaged."""
    text = FormText()
    for root in _roots(_opened(content, filename)):
        text.words += [_words(paragraph) for paragraph in root.iter(_PARAGRAPH)]
        for code in root.iter(*_CODE):
            text.code.append((code.text or "") + (code.get(qn("w:instr")) or ""))
    return text


def fill(content: bytes, filename: str, values: Values, rows: Sequence[Row], row_marks: frozenset[str]) -> bytes:
    """Give the file with its marks replaced; a row of a table, or else a paragraph, with `row_marks` is repeated."""
    document = _opened(content, filename)
    for root in _roots(document):
        for element in _of_learners(root, row_marks):
            _repeat(element, values, rows)
        for paragraph in list(root.iter(_PARAGRAPH)):
            _write(paragraph, values)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _of_learners(root: Any, row_marks: frozenset[str]) -> list[Any]:
    """Give what stands once for each learner: the innermost rows with such marks, and paragraphs outside them."""
    found: dict[int, Any] = {}
    for paragraph in root.iter(_PARAGRAPH):
        if names_in(_words(paragraph)) & row_marks:
            element = next(paragraph.iterancestors(_ROW), paragraph)
            found[id(element)] = element
    return list(found.values())


def _repeat(element: Any, values: Values, rows: Sequence[Row]) -> None:
    """Put a filled copy of `element` for each learner in its place."""
    for row in rows or [{}]:
        filled = copy.deepcopy(element)
        element.addprevious(filled)
        for paragraph in list(filled.iter(_PARAGRAPH)):
            _write(paragraph, {**values, **row})
    element.getparent().remove(element)


def _texts(paragraph: Any) -> list[Any]:
    """Give the pieces of text of a paragraph itself, not those of a text box that hangs in it."""
    return [node for node in paragraph.iter(_TEXT) if next(node.iterancestors(_PARAGRAPH)) is paragraph]


def _words(paragraph: Any) -> str:
    return "".join(node.text or "" for node in _texts(paragraph))


def _write(paragraph: Any, values: Values) -> None:
    """Replace the marks of a paragraph, from the last to the first; each takes the looks of where it begins."""
    nodes = _texts(paragraph)
    words = "".join(node.text or "" for node in nodes)
    for found in reversed(list(MARK.finditer(words))):
        _replace(nodes, found, worded(values.get(name_of(found[1]))))


def _replace(nodes: list[Any], found: re.Match[str], value: str) -> None:
    at = 0
    for node in nodes:
        text = node.text or ""
        start, end = max(found.start() - at, 0), min(found.end() - at, len(text))
        at += len(text)
        if start >= end:
            continue
        node.text = text[:start] + value + text[end:]
        node.set(_SPACE, "preserve")
        value = ""
