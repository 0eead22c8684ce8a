"""What somebody had whom a staff list took off, and bringing them back with it: chats, units, rights, places."""

from typing import Any

from bot.chat.events import Address
from bot.store import Reading, Tx
from bot.training import (
    accounts,
    audit,
    calendar,
    courses,
    directory,
    enrolments,
    granting,
    people,
    rights,
    signing_up,
    units,
)
from bot.training.calendar import Calendar
from bot.training.upload_changes import Change
from bot.training.upload_kinds import Sender


async def had(tx: Reading, person_id: int, now: int) -> dict[str, Any]:
    """Give what somebody has who is about to leave: chats, units they head, rights, places on courses not over."""
    chats = await tx.fetch("select platform, address from accounts where person_id = $1", person_id)
    heads = await tx.fetch("select id, head_proposed from units where head_id = $1", person_id)
    places = await tx.fetch(
        """
        select e.id, e.state from enrolments e join courses c on c.id = e.course_id
        where e.person_id = $1 and e.state in ('head', 'hr', 'seat', 'waiting', 'offered') and c.ends_at > $2
        order by e.course_id
        """,
        person_id,
        now,
    )
    return {
        "chats": [[row["platform"], row["address"]] for row in chats],
        "heads": [[row["id"], row["head_proposed"]] for row in heads],
        "rights": [[one.role, one.unit_id, one.institution_id] for one in await granting.of_person(tx, person_id)],
        "places": [[row["id"], row["state"]] for row in places],
    }


async def come_back(tx: Tx, change: Change, sender: Sender) -> str | None:
    """Bring somebody back with what they had; gives their name with what could not be given back, else None.

    What is somebody else's by now stays theirs, and nobody gives rights which are beyond their own. Nobody comes back
    to a unit that is closed.
    """
    had, by = change.old or {}, sender.person_id or 0
    for enrolment_id, _ in had["places"]:  # courses before diaries, as everywhere
        await courses.locked(tx, (await enrolments.find(tx, enrolment_id)).course_id)
    person = await people.find(tx, change.number)
    row = await tx.fetchrow("select active from people where id = $1 for update", person.id)
    if row is None or row["active"] or (await units.find(tx, person.unit_id)).closed:
        return person.name
    await directory.come_back(tx, person.id, by, sender.now)
    days = await calendar.load(tx, sender.zone)
    lost = [await _heads(tx, unit_id, proposed, person.id, sender) for unit_id, proposed in had["heads"]]
    lost += [await _grant(tx, person.id, right, sender, days) for right in had["rights"]]
    lost += [await _relink(tx, Address(*chat), person.id, sender.now) for chat in had["chats"]]
    lost += [await _place(tx, enrolment_id, state, sender, days) for enrolment_id, state in had["places"]]
    names = list(dict.fromkeys(one for one in lost if one))
    if any(one is not None for one in lost):
        return f"{person.name} ({', '.join(names)})" if names else person.name
    return None


async def _heads(tx: Tx, unit_id: int, proposed: int, person_id: int, sender: Sender) -> str | None:
    """Let somebody head a unit again that nobody heads by now; else gives its name."""
    unit = await units.find(tx, unit_id)
    if unit.closed or unit.head_id is not None or not await rights.covers(tx, sender.person_id or 0, unit_id):
        return unit.name
    await units.set_head(tx, unit_id, person_id, proposed=bool(proposed))
    await audit.record(tx, sender.person_id, "unit.head", f"unit:{unit_id}", sender.now, new=person_id)
    return None


async def _grant(
    tx: Tx, person_id: int, right: tuple[str, int | None, int | None], sender: Sender, days: Calendar
) -> str | None:
    """Give a right again, if the sender's own reach as far; else gives the name of what it is for, '' for the whole."""
    by = sender.person_id or 0
    role, unit_id, institution_id = right
    name = await granting.place_of(tx, role, unit_id or institution_id or 0) or ""
    closed = unit_id is not None and (await units.find(tx, unit_id)).closed
    if closed or not await rights.covers(tx, by, unit_id):
        return name
    await granting.give(tx, person_id, role, unit_id or institution_id or 0, by, sender.now, days)
    return None


async def _relink(tx: Tx, address: Address, person_id: int, now: int) -> str | None:
    """Link a chat again that is nobody's by now; '' when it is, and they link anew by a code."""
    if await accounts.owner(tx, address) is not None or await accounts.linked(tx, person_id):
        return ""
    await accounts.attach(tx, address, person_id, now)
    return None


async def _place(tx: Tx, enrolment_id: int, state: str, sender: Sender, days: Calendar) -> str | None:
    """Give a place on a course again, or a request for one; else gives the code of the course."""
    enrolment = await enrolments.find(tx, enrolment_id)
    course = await courses.locked(tx, enrolment.course_id)
    step = await signing_up.put_back(tx, course, enrolment, state, sender.person_id or 0, sender.now, days)
    return course.code if step is None else None
