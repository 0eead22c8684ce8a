"""The fields of a course as its form shows them: what every course needs first, the rarer ones by topic."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.chat.screens import Screen
from bot.errors import Stale
from bot.training import course_fields

MAIN = ("title", "kind", "category", "audience", "mode", "capacity", "sessions", "deadline")
TOPICS = {
    "content": ("objective", "tags", "level", "hours_theory", "hours_practice", "bring"),
    "teaching": ("lecturer", "institution", "contact", "owner"),
    "money": ("payer", "document", "document_on"),
    "who": ("only_titles", "only_ranks", "only_units", "only_leaders", "quotas", "mandatory"),
    "approval": ("needs_head", "needs_hr", "approve_until"),
    "results": ("attendance_share", "pass_mark"),
}
KEYS = (*MAIN, *(key for keys in TOPICS.values() for key in keys))


@dataclass(frozen=True)
class Form:
    """Whose fields are shown: the choices `prefix`, `prefix`_ask, `prefix`_more of the thing `number`.

    `sessions` is the choice that its sessions are changed by.
    """

    prefix: str
    sessions: str
    number: int
    title: str
    fields: dict[str, Any]
    mine: bool = True  # may be changed


def as_shown(value: Any) -> Any:
    """Give a value as templates take it: days as ISO text."""
    return value.isoformat() if isinstance(value, date) else value


def topic_of(key: str) -> str:
    """Give the topic of a field, "" for one that every course needs."""
    return next((topic for topic, keys in TOPICS.items() if key in keys), "")


def lines(fields: dict[str, Any], keys: Iterable[str]) -> list[tuple[str, Any]]:
    """Give fields with their values, for templates."""
    return [(key, as_shown(fields.get(key))) for key in keys]


def told(fields: dict[str, Any], keys: Iterable[str]) -> list[str]:
    """Give those of the rarer fields that are not as usual."""
    return [key for key in keys if fields.get(key) not in (None, "", course_fields.BY_KEY[key].blank)]


def details(fields: dict[str, Any]) -> list[str]:
    """Give all of the rarer fields that are not as usual."""
    return [key for keys in TOPICS.values() for key in told(fields, keys)]


def edits(screen: Screen, form: Form, keys: Sequence[str], missing: Sequence[str] = ()) -> None:
    """Add a button to change each field, two a row."""
    for at, key in enumerate(keys):
        block = "give" if key in missing else "edit"
        if key == "sessions":
            screen.button(block, form.sessions, form.number, beside=at % 2 == 1, key=key)
        else:
            screen.button(block, f"{form.prefix}_ask", form.number, key, beside=at % 2 == 1, key=key)


def overview(form: Form) -> Screen:
    """Offer the topics, each with what is told of it."""
    found = [(topic, known) for topic, keys in TOPICS.items() if (known := told(form.fields, keys))]
    screen = Screen("course_form/more", title=form.title, topics=found, mine=form.mine)
    for at, topic in enumerate(TOPICS):
        screen.button("topic", f"{form.prefix}_more", form.number, topic, beside=at % 2 == 1, topic=topic)
    return screen.button("card", form.prefix, form.number)


def one_topic(form: Form, topic: str, said: str = "", used: Sequence[Any] = ()) -> Screen:
    """Show one topic, each line with its button; `said` is the field that was just written. Raises Stale."""
    if topic not in TOPICS:
        raise Stale
    keys = TOPICS[topic]
    screen = Screen("course_form/topic", title=form.title, topic=topic, lines=lines(form.fields, keys), said=said,
                    used=used if "quotas" in keys else ())  # fmt: skip
    if form.mine:
        edits(screen, form, keys)
    return screen.button("others", f"{form.prefix}_more", form.number).button(
        "card", form.prefix, form.number, beside=True
    )
