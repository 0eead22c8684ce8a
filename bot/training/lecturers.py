"""Lecturers: who they are, what kind (R54), on which courses they teach. How they are rated is in rating_results."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.errors import Refused, Stale
from bot.folding import fold
from bot.store import Reading, Row, Tx
from bot.training import audit

KINDS = ("co_huu", "kiem_nhiem", "chuyen_gia")  # of the institution, beside another post, an invited expert
LONGEST_NAME, LONGEST_PROFILE = 120, 800


@dataclass(frozen=True)
class Lecturer:
    """One lecturer; `person_id` if they are of the HR list: then their chat is a lecturer's."""

    id: int
    name: str
    kind: str
    profile: str | None
    person_id: int | None
    person: str | None
    courses: int


_SELECT = """
    select l.*, p.name as person,
        (select count(*) from course_lecturers t where t.lecturer_id = l.id) as courses
    from lecturers l left join people p on p.id = l.person_id
"""


async def everyone(tx: Reading) -> list[Lecturer]:
    """Give every lecturer, by name."""
    return [_lecturer(row) for row in await tx.fetch(f"{_SELECT} order by l.fold, l.id")]


async def find(tx: Reading, lecturer_id: int) -> Lecturer:
    """Read a lecturer. Raises Stale when there is none."""
    row = await tx.fetchrow(f"{_SELECT} where l.id = $1", lecturer_id)
    if row is None:
        raise Stale
    return _lecturer(row)


def _lecturer(row: Row) -> Lecturer:
    return Lecturer(
        row["id"], row["name"], row["kind"], row["profile"], row["person_id"], row["person"], row["courses"]
    )


async def called(tx: Tx, name: str) -> int:
    """Give the lecturer of that name, a new one if there is none. Raises Refused for a name that cannot be one."""
    if not fold(name) or len(name) > LONGEST_NAME:
        raise Refused("lecturers/name_wrong", limit=LONGEST_NAME)
    await tx.execute(
        "insert into lecturers (name, fold) values ($1, $2) on conflict (fold) do nothing", name, fold(name)
    )
    found: int = await tx.fetchval("select id from lecturers where fold = $1", fold(name))
    return found


async def teach(tx: Tx, course_id: int, names: Iterable[str]) -> None:
    """Let exactly these teach a course; who is not on the list yet is put on it."""
    wanted = {await called(tx, name) for name in names}
    await tx.execute("delete from course_lecturers where course_id = $1", course_id)
    for lecturer_id in sorted(wanted):
        await tx.execute(
            "insert into course_lecturers (course_id, lecturer_id) values ($1, $2)", course_id, lecturer_id
        )


async def teaches(tx: Reading, person_id: int, course_id: int) -> bool:
    """Tell whether a person is a lecturer of a course."""
    found = await tx.fetchval(
        """
        select 1 as found from course_lecturers t join lecturers l on l.id = t.lecturer_id
        where t.course_id = $1 and l.person_id = $2
        """,
        course_id,
        person_id,
    )
    return found is not None


async def change(tx: Tx, lecturer_id: int, fact: str, value: str | int | None, by: int, now: int) -> Lecturer:
    """Write the kind, the profile or the person of a lecturer, with its trace in the log. Raises Stale, Refused."""
    before = await find(tx, lecturer_id)
    if fact not in ("kind", "profile", "person_id") or (fact == "kind" and value not in KINDS):
        raise Stale
    if fact == "profile" and len(str(value or "")) > LONGEST_PROFILE:
        raise Refused("lecturers/profile_long", limit=LONGEST_PROFILE)
    await tx.execute(
        f"update lecturers set {fact} = $2 where id = $1",  # noqa: S608 (one of three columns)
        lecturer_id,
        value,
    )
    old = {fact: getattr(before, fact)}
    await audit.record(tx, by, "lecturer.edit", f"lecturer:{lecturer_id}", now, old=old, new={fact: value})
    return await find(tx, lecturer_id)


async def person_of_code(tx: Reading, code: str) -> int | None:
    """Give the person of a staff code who works here; None when there is nobody."""
    found: int | None = await tx.fetchval("select id from people where lower(code) = lower($1) and active = 1", code)
    return found
