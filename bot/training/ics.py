"""Calendar files: the same session keeps its identity, so a calendar updates it instead of showing it twice."""

from collections.abc import Sequence
from datetime import UTC, datetime

from icalendar import Calendar, Event

from bot.training.sessions import Mine

_DOMAIN = "boiduong"


def calendar_file(mine: Sequence[Mine], made_at: int) -> bytes:
    """Give an .ics of a person's sessions, times in UTC; what has fallen away is in it as cancelled.

    `made_at` is UTC seconds. A session's UID never changes; SEQUENCE grows with every change (RFC 5545 §3.8.7.4).
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Boi Duong//VI")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    for one in mine:
        calendar.add_component(_event(one, made_at))
    content: bytes = calendar.to_ical()
    return content


def _event(mine: Mine, made_at: int) -> Event:
    session = mine.session
    event = Event()
    event.add("uid", f"session-{session.id}@{_DOMAIN}")
    event.add("sequence", mine.sequence)
    event.add("dtstamp", _utc(made_at))
    event.add("dtstart", _utc(session.starts_at))
    event.add("dtend", _utc(session.ends_at))
    event.add("summary", mine.title if mine.of < 2 else f"{mine.title} ({session.number}/{mine.of})")
    event.add("status", "CANCELLED" if mine.off else "CONFIRMED")
    if session.place:
        event.add("location", session.place)
    if session.link:
        event.add("url", session.link)
    return event


def _utc(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)
