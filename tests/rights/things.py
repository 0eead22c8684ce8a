"""What is in the world of the rights matrix: the personas with their rights, and a thing of every noun in each unit.

A new noun in some entry's `reach` needs a line in KINDS, and in OWNERS who may reach it in the own unit.
"""

import json
from collections.abc import Awaitable, Callable

from bot import inbox
from bot.chat.turns import Role
from bot.store import Reading, Tx
from bot.training import acting, calendar, course_drafts, courses, decisions, granting, institutions, people, signing_up
from tests.courses.classes import course
from tests.legal.law_office import law, publish
from tests.rights.agency import unit_id, unit_under
from tests.rights.world import FOREIGN, OWN, PERSONAS, SECRET, TOP, World
from tests.talking import ZONE, Chat, Office, at


async def build(office: Office) -> World:
    """Make the world."""
    world = World(office)
    world.chats["stranger"] = office.chat("stranger")
    world.chats["hr"] = await office.person("Hạnh", unit=TOP, hr=True)
    for persona in PERSONAS[1:]:
        if persona != "hr":
            world.chats[persona] = await office.person(f"Nhà {persona}", unit=OWN, head=persona == "head")
    world.chats["foreign_head"] = await office.person(f"{SECRET} Long", unit=FOREIGN, head=True)
    for name in ("Lan", "clerk", "acting"):
        world.chats[f"foreign_{name}"] = await office.person(f"{SECRET} {name}", unit=FOREIGN, code=f"{SECRET}{name}")
    world.chats["foreign_Oanh"] = await office.person(f"{SECRET} Oanh", unit=FOREIGN, linked=False)
    for name in (OWN, FOREIGN):
        await unit_under(office, name, TOP)
    await publish(office, law())
    await _grant(world)
    for noun, make in KINDS.items():
        world.own[noun], world.foreign[noun] = await make(world)
    async with office.store.transaction() as tx:
        (arrived,) = await inbox.keep(tx, "telegram", [inbox.Update("matrix", "0", "{}")], office.clock.now())
    world.seq = arrived.seq
    await office.settle()
    async with office.store.reading() as tx:
        for persona, chat in world.chats.items():
            speaker = await people.speaker(tx, chat.address, office.clock.now())
            world.roles[persona] = frozenset({Role.ANYONE}) | (speaker.roles if speaker else frozenset())
    return world


async def _grant(world: World) -> None:
    office, chats = world.office, world.chats
    own, foreign = await unit_id(office, OWN), await unit_id(office, FOREIGN)
    hr, now, days = chats["hr"].person_id, office.clock.now(), calendar.Calendar(ZONE)
    async with office.store.transaction() as tx:
        await granting.give(tx, chats["clerk"].person_id, "hr", own, hr, now, days)
        await granting.give(tx, chats["foreign_clerk"].person_id, "hr", foreign, hr, now, days)
        await granting.give(tx, chats["operator"].person_id, "operator", 0, hr, now, days)
        school = await institutions.called(tx, "Trường Nhà")
        await granting.give(tx, chats["school"].person_id, "school", school or 0, hr, now, days)
        await tx.execute(
            "insert into lecturers (name, fold, person_id) values ('Nhà', 'nha', $1)", chats["teacher"].person_id
        )


Pair = tuple[list[int], list[int]]  # the numbers of the own and of the foreign unit


async def _persons(world: World) -> Pair:
    chats = world.chats
    return [chats["official"].person_id], [chats["foreign_Lan"].person_id]


async def _units(world: World) -> Pair:
    return [await unit_id(world.office, OWN)], [await unit_id(world.office, FOREIGN)]


async def _courses(world: World) -> Pair:
    """Both kinds are there: one to come with a request, one that is over with a seat."""
    office, own_unit, foreign_unit = world.office, world.own["unit"][0], world.foreign["unit"][0]
    async with office.store.transaction() as tx:
        school, other = await institutions.called(tx, "Trường Nhà"), await institutions.called(tx, "Trường Khác")
    over = {"sessions_at": (("2026-11-20", "07:30", "11:30"),), "deadline": at("2026-11-19")}
    mine = {"owner_unit_id": own_unit, "institution_id": school}
    theirs = {"owner_unit_id": foreign_unit, "institution_id": other}
    own = [await course(office, title="Lớp A", **mine), await course(office, title="Lớp B", **mine, **over)]
    foreign = [await course(office, title="Lớp C", **theirs), await course(office, title="Lớp D", **theirs, **over)]
    async with office.store.transaction() as tx:
        for course_id in own:
            await tx.execute("insert into course_lecturers select $1, id from lecturers", course_id)
        for ids, persona in ((own, "official"), (foreign, "foreign_Lan")):
            await _seat(tx, ids[1], world.chats[persona].person_id, office.clock.now())
    return own, foreign


async def _seat(tx: Tx, course_id: int, person_id: int, now: int) -> None:
    await tx.execute(
        "insert into enrolments (course_id, person_id, state, arrival, requested_at) values ($1, $2, 'seat', 1, $3)",
        course_id,
        person_id,
        now,
    )


async def _enrolments(world: World) -> Pair:
    """A request to decide on in each unit, on the course of that unit."""
    made: list[list[int]] = []
    for courses_of, persona in ((world.own, "official"), (world.foreign, "foreign_Lan")):
        chat = world.chats[persona]
        async with world.office.store.transaction() as tx:
            days = await calendar.load(tx, ZONE)
            found = await courses.find(tx, courses_of["course"][0])
            await signing_up.sign_up(tx, chat.person_id, found.id, 1, world.office.clock.now(), days)
            made.append([await _last(tx, "enrolments")])
    return made[0], made[1]


async def _last(tx: Reading, table: str) -> int:
    found: int = await tx.fetchval(f"select max(id) from {table}")
    return found


async def _sessions(world: World) -> Pair:
    async with world.office.store.reading() as tx:
        rows = await tx.fetch("select id, course_id from sessions order by id")
    own, foreign = ([r["id"] for r in rows if r["course_id"] in ids] for ids in _both(world, "course"))
    return own, foreign


def _both(world: World, noun: str) -> tuple[list[int], list[int]]:
    return world.own[noun], world.foreign[noun]


async def _each(world: World, make: Callable[[Tx, Chat, str], Awaitable[None]], table: str) -> Pair:
    """Let somebody of each unit make a thing, its words telling whose it is."""
    made: list[list[int]] = []
    for persona, words in (("official", "của nhà"), ("foreign_Lan", f"của {SECRET}")):
        async with world.office.store.transaction() as tx:
            await make(tx, world.chats[persona], words)
            made.append([await _last(tx, table)])
    return made[0], made[1]


async def _requests(world: World) -> Pair:
    async def make(tx: Tx, chat: Chat, words: str) -> None:
        sql = "insert into requests (person_id, text, created_at, due_at) values ($1, $2, $3, $4)"
        await tx.execute(sql, chat.person_id, words, world.office.clock.now(), world.office.clock.now() + 86_400)

    return await _each(world, make, "requests")


async def _broadcasts(world: World) -> Pair:
    """A draft and one that was sent with a receipt asked for, of the clerk of each unit."""
    made: list[list[int]] = []
    now = world.office.clock.now()
    for clerk, reader, words in (("clerk", "official", "Của nhà"), ("foreign_clerk", "foreign_Lan", f"Của {SECRET}")):
        ids = []
        async with world.office.store.transaction() as tx:
            for state, started in (("draft", None), ("running", now)):
                ids.append(
                    await tx.fetchval(
                        """
                        insert into broadcasts (author_id, sent_by, text, html, same, kind, receipt, state, created_at,
                            updated_at, started_at) values ($1, $2, $3, $3, $3, 'all', 1, $4, $5, $5, $6) returning id
                        """,
                        world.chats[clerk].person_id,
                        None if started is None else world.chats[clerk].person_id,
                        words,
                        state,
                        now,
                        started,
                    )
                )
            await _sent(tx, ids[1], world.chats[reader].person_id, now)
        made.append(ids)
    return made[0], made[1]


async def _sent(tx: Tx, broadcast_id: int, person_id: int, now: int) -> None:
    await tx.execute("insert into broadcast_people values ($1, $2)", broadcast_id, person_id)
    await tx.execute(
        """
        insert into outbox (unique_key, kind, priority, subject, person_id, args, due_at, expires_at, created_at, state,
            settled_at) values ($1, 'broadcast', 1, $1, $2, '[]', $3, $3, $3, 'sent', $3)
        """,
        f"broadcast:{broadcast_id}",
        person_id,
        now,
    )


async def _deliveries(world: World) -> Pair:
    async with world.office.store.reading() as tx:
        own, foreign = [
            [await tx.fetchval("select max(id) from outbox where person_id = $1", world.chats[who].person_id)]
            for who in ("official", "foreign_Lan")
        ]
    return own, foreign


async def _questions(world: World) -> Pair:
    async def make(tx: Tx, chat: Chat, words: str) -> None:
        broadcast_id = (world.foreign if SECRET in words else world.own)["broadcast"][1]
        sql = "insert into questions (broadcast_id, person_id, text, asked_at) values ($1, $2, $3, $4)"
        await tx.execute(sql, broadcast_id, chat.person_id, words, world.office.clock.now())

    return await _each(world, make, "questions")


async def _acting(world: World) -> Pair:
    made: list[list[int]] = []
    for noun, head, one in ((world.own, "head", "acting"), (world.foreign, "foreign_head", "foreign_acting")):
        async with world.office.store.transaction() as tx:
            days = await calendar.load(tx, ZONE)
            speaker = await people.speaker(tx, world.chats[head].address, world.office.clock.now())
            assert speaker is not None
            today = days.local(world.office.clock.now()).date()
            unit, who = noun["unit"][0], world.chats[one].person_id
            given = await acting.hand_over(tx, speaker, unit, who, today, today, days, world.office.clock.now())
            made.append([given.id])
    return made[0], made[1]


async def _swaps(world: World) -> Pair:
    """A seat that two colleagues of a unit want to hand on, agreed between them, waiting for those who decide."""
    made: list[list[int]] = []
    now = world.office.clock.now()
    for noun, giver, taker in ((world.own, "teacher", "school"), (world.foreign, "foreign_Oanh", "foreign_clerk")):
        async with world.office.store.transaction() as tx:
            await _seat(tx, noun["course"][0], world.chats[giver].person_id, now)
            await tx.execute(
                """
                insert into seat_swaps (enrolment_id, colleague_id, state, arrival, asked_at, expires_at)
                values ($1, $2, 'head', 1, $3, $4)
                """,
                await _last(tx, "enrolments"),
                world.chats[taker].person_id,
                now,
                now + 86_400,
            )
            made.append([await _last(tx, "seat_swaps")])
    return made[0], made[1]


async def _certificates(world: World) -> Pair:
    """One from outside that waits for a clerk's yes, in each unit."""

    async def make(tx: Tx, chat: Chat, words: str) -> None:
        await tx.execute(
            """
            insert into certificates (person_id, title, category, issuer, issuer_fold, number, number_fold, issued_on,
                state, at) values ($1, $2, 'CDS', $2, $2, $2, $2, '2026-10-01', 'waiting', $3)
            """,
            chat.person_id,
            f"Chứng chỉ {words}",
            world.office.clock.now(),
        )

    return await _each(world, make, "certificates")


async def _drafts(world: World) -> Pair:
    """A course that the clerk of each unit is putting together."""
    made: list[list[int]] = []
    for clerk, words in (("clerk", "Lớp nhà"), ("foreign_clerk", f"Lớp {SECRET}")):
        async with world.office.store.transaction() as tx:
            draft = await course_drafts.begin(tx, world.chats[clerk].person_id, world.office.clock.now())
            fields = json.dumps({**draft.fields, "title": words}, ensure_ascii=False)
            await tx.execute("update course_drafts set fields = $2 where id = $1", draft.id, fields)
            made.append([draft.id])
    return made[0], made[1]


async def _materials(world: World) -> Pair:
    made: list[list[int]] = []
    for noun, words in ((world.own, "Bài nhà"), (world.foreign, f"Bài {SECRET}")):
        async with world.office.store.transaction() as tx:
            await tx.execute(
                "insert into materials (course_id, name, version, link, added_at) values ($1, $2, 1, 'https://a', $3)",
                noun["course"][0],
                words,
                world.office.clock.now(),
            )
            made.append([await _last(tx, "materials")])
    return made[0], made[1]


async def _decisions(world: World) -> Pair:
    made: list[list[int]] = []
    for noun, words, persona in ((world.own, "1/QĐ nhà", "clerk"), (world.foreign, f"2/QĐ {SECRET}", "foreign_clerk")):
        by, now = world.chats[persona].person_id, world.office.clock.now()
        async with world.office.store.transaction() as tx:
            found = await courses.find(tx, noun["course"][0])
            made.append([await decisions.record(tx, found, words, "2026-11-02", by, now)])
    return made[0], made[1]


async def _lecturers(world: World) -> Pair:
    async with world.office.store.reading() as tx:
        return [await _last(tx, "lecturers")], []  # one list for every clerk


async def _laws(world: World) -> Pair:
    async with world.office.store.reading() as tx:
        return [await _last(tx, "legal_updates")], []  # for everybody; whose counts are shown is what differs


KINDS: dict[str, Callable[[World], Awaitable[Pair]]] = {
    "person": _persons,
    "unit": _units,
    "course": _courses,
    "session": _sessions,
    "enrolment": _enrolments,
    "request": _requests,
    "broadcast": _broadcasts,
    "delivery": _deliveries,
    "question": _questions,
    "acting": _acting,
    "swap": _swaps,
    "certificate": _certificates,
    "decision": _decisions,
    "draft": _drafts,
    "material": _materials,
    "lecturer": _lecturers,
    "law": _laws,
}
HR = frozenset({"clerk", "hr"})
RUNS = HR | {"teacher", "school"}
OWNERS: dict[str, frozenset[str]] = {  # who may reach the own one, if the entry is for their role at all
    "person": HR | {"head", "acting"},
    "unit": HR | {"head"},
    "course": RUNS,
    "session": RUNS,
    "enrolment": HR | {"head", "acting"},
    "swap": HR | {"head", "acting"},
    "request": HR,
    "broadcast": HR,
    "delivery": HR,
    "question": HR,
    "acting": HR | {"head"},
    "certificate": HR,
    "decision": HR,
    "draft": HR,
    "material": RUNS,
    "lecturer": HR,
    "law": HR | {"head"},
}
