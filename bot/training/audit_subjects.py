"""What a line of the log was done to, in parts with names for the eyes of HR: 'course:17:person:4' → class, person.

The words for the nouns are in templates/log; without names (for operators) a part tells its number only.
"""

from dataclasses import dataclass

from bot.store import Reading

_PERSON = "p.name as person"
_COURSE = "c.code || ' – ' || c.title as course"
_OF_COURSE = f"select {_COURSE} from courses c where c.id = $1"  # noqa: S608 (constants)
# What a noun's number is the number of: each column of the row is a part of its own.
_NUMBERED = {
    "person": "select name as person from people where id = $1",
    "unit": "select name as unit from units where id = $1",
    "course": _OF_COURSE,
    "law": "select title as law from legal_updates where id = $1",
    "legal": "select title as legal from legal_updates where id = $1",
    "broadcast": "select substr(text, 1, 80) as broadcast from broadcasts where id = $1",
    "receipt": "select substr(text, 1, 80) as receipt from broadcasts where id = $1",
    "session": f"select {_COURSE}, s.number as session from sessions s join courses c on c.id = s.course_id "  # noqa: S608
    "where s.id = $1",
    "attendance": f"select {_PERSON}, {_COURSE}, s.number as session from attendance_decisions d "  # noqa: S608
    "join people p on p.id = d.person_id join sessions s on s.id = d.session_id "
    "join courses c on c.id = s.course_id where d.id = $1",
    "enrolment": f"select {_PERSON}, {_COURSE} from enrolments e join people p on p.id = e.person_id "  # noqa: S608
    "join courses c on c.id = e.course_id where e.id = $1",
    "swap": f"select {_PERSON}, {_COURSE} from seat_swaps s join enrolments e on e.id = s.enrolment_id "  # noqa: S608
    "join people p on p.id = e.person_id join courses c on c.id = e.course_id where s.id = $1",
    "certificate": f"select k.number as certificate, {_PERSON} from certificates k "  # noqa: S608
    "join people p on p.id = k.person_id where k.id = $1",
    "material": f"select m.name as material, {_COURSE} from materials m join courses c on c.id = m.course_id "  # noqa: S608
    "where m.id = $1",
    "acting": f"select {_PERSON}, u.name as unit from acting_heads h join people p on p.id = h.person_id "  # noqa: S608
    "join units u on u.id = h.unit_id where h.id = $1",
    "request": f"select {_PERSON} from requests r join people p on p.id = r.person_id where r.id = $1",  # noqa: S608
    "question": f"select {_PERSON} from questions q join people p on p.id = q.person_id where q.id = $1",  # noqa: S608
    "merger": "select u.name as unit from mergers m join units u on u.id = m.target_id where m.id = $1",
    "upload": "select filename as upload from applied_uploads where id = $1",
    "form": "select name as form from forms where id = $1",
    "decision": f"select d.number as decision, {_COURSE} from decisions d "  # noqa: S608 (constants)
    "join courses c on c.id = d.course_id where d.id = $1",
    "post": "select name as post from posts where id = $1",
    "lecturer": "select name as lecturer from lecturers where id = $1",
    "course_draft": f"select {_PERSON} from course_drafts d join people p on p.id = d.by_person where d.id = $1",  # noqa: S608
} | dict.fromkeys(("decide", "change", "confirm", "class_chat", "recorded", "result", "rate"), _OF_COURSE)
# Nouns that are followed by a word, not by a number: a day, a group, what was typed in a file.
_VALUED = frozenset(
    (
        "day",
        "year",
        "years",
        "state",
        "fact",
        "group",
        "behind",
        "name",
        "class",
        "file",
        "choice",
        "answer",
        "command",
        "category",
    )
)
_TELLS_NAMES = frozenset(("file", "name", "class"))  # such a word is not for those who see no names


@dataclass(frozen=True)
class Part:
    """One part of a subject: a noun with its name or word, with the number of what has no name (any more), or alone."""

    noun: str
    name: str | None = None
    number: str | None = None


async def parts(tx: Reading, subject: str, *, named: bool) -> list[Part]:
    """Read a subject part by part; only with `named` are people, units and things called by their names."""
    found: list[Part] = []
    rest = [word for word in subject.split(":") if word]
    while rest:
        noun = rest.pop(0)
        if noun in _VALUED and rest:
            value = rest.pop(0)
            found.append(Part(noun, None if noun in _TELLS_NAMES and not named else value))
        elif rest and _number(rest[0]):
            found += await _numbered(tx, noun, rest.pop(0), named=named)
        elif noun.isdigit():
            found.append(Part("year", noun))
        else:
            found.append(Part(noun))
    return found


def _number(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) < 16


async def _numbered(tx: Reading, noun: str, number: str, *, named: bool) -> list[Part]:
    row = await tx.fetchrow(_NUMBERED[noun], int(number)) if named and noun in _NUMBERED else None
    if row is None:
        return [Part(noun, number=None if number == "0" else number)]
    named_parts = [Part(column, str(value)) for column, value in dict(row).items()]
    return named_parts if noun in (named_parts[0].noun, "session") else [Part(noun), *named_parts]
