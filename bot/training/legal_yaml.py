"""Legal updates read from a YAML file: bounds, meanings, every fault named. What it changes is in legal_import."""

import datetime as dt
import hashlib
import json
import re
from dataclasses import asdict, dataclass, field
from typing import Any

import yaml

from bot.errors import BadFile
from bot.folding import fold, tidy
from bot.training.courses import AUDIENCES

MAX_KB = 512
MAX_ENTRIES, MAX_CARDS, MAX_QUESTIONS, MAX_ANSWERS = 60, 40, 40, 6
_DEEPEST = 8  # a right file nests four deep
_LONGEST = {"so": 60, "ten": 250, "thay_the": 250, "the": 1500, "hoi": 350, "dap": 150, "vi_sao": 500}
_KNOWN = {"so", "ten", "hieu_luc", "thay_the", "doi_tuong", "han", "dat", "the", "cau_hoi", "sua_doi"}
_KNOWN_OF_QUESTION = {"hoi", "dap", "dung", "vi_sao"}
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_LOCAL = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})")
_YES, _NO = {"true", "co", "x", "1", "yes", "dung"}, {"", "false", "khong", "0", "no", "sai"}


@dataclass(frozen=True)
class Fault:
    """What is wrong in one entry: template `desk_laws/fault` words it, block `reason` with `values`.

    `entry` counts from 1. `values` has always `number` (of the document, "" when it could not be read), `field`
    (as the file names it), `place` (in a list, from 1, else 0) and `question` (from 1, else 0).
    """

    entry: int
    reason: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """One question; `right` is the place of the right answer, from 0."""

    text: str
    answers: tuple[str, ...]
    right: int
    why: str


@dataclass(frozen=True)
class Entry:
    """One legal update as the file tells it; days are local, as ISO text."""

    number: str
    title: str
    effective_on: str
    replaces: str | None
    audience: tuple[str, ...]
    deadline_on: str
    pass_mark: int
    cards: tuple[str, ...]
    questions: tuple[Question, ...]
    amended: bool = False

    @property
    def digest(self) -> str:
        """Give a checksum of everything the entry says: the same file sent twice changes nothing."""
        told = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()


@dataclass(frozen=True)
class Plan:
    """What a file asks for: entries that can be brought in, and the faults of the others."""

    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...]


class _Wrong(Exception):
    """A fault inside one entry."""

    def __init__(self, reason: str, **values: Any) -> None:
        super().__init__(reason)
        self.reason, self.values = reason, {"field": "", "place": 0, "question": 0, **values}


class _Words(yaml.SafeLoader):
    """Reads every scalar as the words that stand there, and refuses what could blow up or hide something."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 (PyYAML's own class attribute)
    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Refuse aliases (a file of 1 KB could unfold to gigabytes), tags and absurd depth."""
        event = self.peek_event()  # type: ignore[no-untyped-call]  # the stubs leave it untyped
        if isinstance(event, yaml.AliasEvent) or getattr(event, "tag", None) or getattr(event, "anchor", None):
            raise yaml.constructor.ConstructorError(None, None, "alias or tag", event.start_mark)
        if self.depth >= _DEEPEST:
            raise yaml.constructor.ConstructorError(None, None, "too deep", event.start_mark)
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        """Refuse a field that is written twice: one of the two would be lost unseen."""
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, "field twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read(content: bytes, filename: str) -> Plan:
    """Read a file of legal updates. Raises BadFile when it is too large, no text, no YAML or no list."""
    items = _items(content, filename)
    entries: list[Entry] = []
    faults: list[Fault] = []
    seen: set[str] = set()
    for place, item in enumerate(items, start=1):
        number = (
            tidy(item["so"])[: _LONGEST["so"]] if isinstance(item, dict) and isinstance(item.get("so"), str) else ""
        )
        try:
            entry = _entry(item)
            if fold(entry.number) in seen:
                raise _Wrong("twice", field="so", value=entry.number)
            seen.add(fold(entry.number))
            entries.append(entry)
        except _Wrong as wrong:
            faults.append(Fault(place, wrong.reason, {**wrong.values, "number": number}))
    return Plan(tuple(entries), tuple(faults))


def _items(content: bytes, filename: str) -> list[Any]:
    if len(content) > MAX_KB * 1024:
        raise BadFile("desk_laws/too_large", filename=filename, size_kb=len(content) // 1024, limit_kb=MAX_KB)
    items = _load(_decoded(content, filename), filename)
    if isinstance(items, dict):
        items = [items]  # a single update, written without the dash
    if not isinstance(items, list) or not items:
        raise BadFile("desk_laws/no_list", filename=filename)
    if len(items) > MAX_ENTRIES:
        raise BadFile("desk_laws/too_many", filename=filename, found=len(items), limit=MAX_ENTRIES)
    return items


def _decoded(content: bytes, filename: str) -> str:
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        return content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile("desk_laws/not_text", filename=filename) from error


def _load(text: str, filename: str) -> Any:
    try:
        loader = _Words(text)
        try:
            return loader.get_single_data()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise BadFile("desk_laws/not_yaml", filename=filename, line=line) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise BadFile("desk_laws/not_yaml", filename=filename, line=0) from error


def _entry(item: Any) -> Entry:
    if not isinstance(item, dict):
        raise _Wrong("no_fields")
    _no_strangers(item, _KNOWN)
    questions = tuple(_question(place, one) for place, one in enumerate(_list(item, "cau_hoi", MAX_QUESTIONS), start=1))
    entry = Entry(
        number=_text(item, "so"),
        title=_text(item, "ten"),
        effective_on=_day(item, "hieu_luc"),
        replaces=_text(item, "thay_the") if item.get("thay_the") else None,
        audience=_audience(item),
        deadline_on=_day(item, "han"),
        pass_mark=_number(item, "dat"),
        cards=tuple(_words("the", one, place) for place, one in enumerate(_list(item, "the", MAX_CARDS), start=1)),
        questions=questions,
        amended=_yes_no(item, "sua_doi"),
    )
    if not 1 <= entry.pass_mark <= len(questions):
        raise _Wrong("pass_mark", field="dat", value=entry.pass_mark, questions=len(questions))
    return entry


def _question(place: int, item: Any) -> Question:
    try:
        if not isinstance(item, dict):
            raise _Wrong("no_fields")
        _no_strangers(item, _KNOWN_OF_QUESTION)
        answers = tuple(_words("dap", one, at) for at, one in enumerate(_list(item, "dap", MAX_ANSWERS), start=1))
        right = _number(item, "dung")
        if len(answers) < 2:
            raise _Wrong("few_answers", field="dap")
        if len(set(answers)) < len(answers):
            raise _Wrong("same_answers", field="dap")
        if not 1 <= right <= len(answers):
            raise _Wrong("right_answer", field="dung", value=right, answers=len(answers))
        return Question(_text(item, "hoi"), answers, right - 1, _text(item, "vi_sao"))
    except _Wrong as wrong:
        raise _Wrong(wrong.reason, **{**wrong.values, "question": place}) from None


def _no_strangers(item: dict[Any, Any], known: set[str]) -> None:
    strangers = sorted(str(key) for key in item if key not in known)
    if strangers:
        raise _Wrong("unknown_field", field=strangers[0][:40])


def _told(item: dict[Any, Any], name: str) -> Any:
    if name not in item or item[name] in ("", None):
        raise _Wrong("missing", field=name)
    return item[name]


def _text(item: dict[Any, Any], name: str) -> str:
    return _words(name, _told(item, name))


def _words(name: str, value: Any, place: int = 0) -> str:
    """Give tidy words; cards keep their lines."""
    if not isinstance(value, str):
        raise _Wrong("no_text", field=name, place=place)
    words = "\n".join(map(tidy, value.strip().splitlines())) if name == "the" else tidy(value)
    if not words.strip():
        raise _Wrong("missing", field=name)
    if len(words) > _LONGEST[name]:
        raise _Wrong("too_long", field=name, place=place, length=len(words), limit=_LONGEST[name])
    return words


def _list(item: dict[Any, Any], name: str, most: int) -> list[Any]:
    value = _told(item, name)
    if not isinstance(value, list) or not value:
        raise _Wrong("no_list", field=name)
    if len(value) > most:
        raise _Wrong("too_many", field=name, found=len(value), limit=most)
    return value


def _number(item: dict[Any, Any], name: str) -> int:
    words = _text_of_scalar(item, name)
    if not re.fullmatch(r"[0-9]{1,4}", words):
        raise _Wrong("no_number", field=name, value=words[:40])
    return int(words)


def _text_of_scalar(item: dict[Any, Any], name: str) -> str:
    value = _told(item, name)
    if not isinstance(value, str):
        raise _Wrong("no_text", field=name, place=0)
    return tidy(value)


def _day(item: dict[Any, Any], name: str) -> str:
    words = _text_of_scalar(item, name)
    iso, local = _ISO.fullmatch(words), _LOCAL.fullmatch(words)
    if not iso and not local:
        raise _Wrong("no_day", field=name, value=words[:40])
    year, month, day = map(int, iso.groups() if iso else reversed(local.groups()) if local else ())
    try:
        if not 1945 <= year <= 2100:
            raise ValueError
        return dt.date(year, month, day).isoformat()
    except ValueError:
        raise _Wrong("impossible_day", field=name, value=words[:40]) from None


def _audience(item: dict[Any, Any]) -> tuple[str, ...]:
    value = _told(item, "doi_tuong")
    told = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else [value]
    groups = [fold(one).upper() if isinstance(one, str) else "" for one in told]
    strangers = [one for one in groups if one not in AUDIENCES]
    if strangers or not groups:
        raise _Wrong("audience", field="doi_tuong", value=(strangers or [""])[0][:40])
    return tuple(a for a in AUDIENCES if a in groups)


def _yes_no(item: dict[Any, Any], name: str) -> bool:
    value = item.get(name, "")
    words = fold(value) if isinstance(value, str) else "?"
    if words not in _YES | _NO:
        raise _Wrong("no_yes_no", field=name, value=words[:40])
    return words in _YES
