"""Materials of a course (R24): files and links with version and date; who has a seat hears of a new version."""

import hashlib
from dataclasses import dataclass

from bot import outbox
from bot.chat.events import ReceivedFile
from bot.chat.turns import Role, Speaker
from bot.errors import BadFile, NotAllowed, Refused, Stale
from bot.folding import fold, tidy
from bot.outbox import REMINDER
from bot.store import Reading, Row, Tx
from bot.training import audit, courses, enrolments, rights
from bot.training.calendar import Calendar
from bot.training.courses import Course

LARGEST_FILE = 10 * 1024 * 1024  # bytes
LONGEST_NAME, LONGEST_LINK = 80, 500
MOST = 40  # names a course may have; more is a mistake
_LINKS = ("https://", "http://")


@dataclass(frozen=True)
class Material:
    """One version of a material; `at` in UTC seconds, `size` in bytes (0 for a link)."""

    id: int
    course_id: int
    name: str
    version: int
    link: str | None
    filename: str | None
    size: int
    by: str
    at: int
    withdrawn: bool

    @property
    def subject(self) -> str:
        """Give the subject of what is told about this version."""
        return f"material:{self.id}"


_SELECT = """
    select m.id, m.course_id, m.name, m.version, m.link, m.filename, m.added_at, m.withdrawn_at, p.name as by_name,
        coalesce(length(m.content), 0) as size
    from materials m left join people p on p.id = m.added_by
"""


def _material(row: Row) -> Material:
    return Material(
        row["id"],
        row["course_id"],
        row["name"],
        row["version"],
        row["link"],
        row["filename"],
        row["size"],
        row["by_name"] or "",
        row["added_at"],
        row["withdrawn_at"] is not None,
    )


async def current(tx: Reading, course_id: int) -> list[Material]:
    """Give the newest version of each material of a course that was not withdrawn, by name."""
    rows = await tx.fetch(
        f"""
        {_SELECT} where m.course_id = $1 and m.withdrawn_at is null and not exists (
            select 1 from materials n where n.course_id = m.course_id and n.name = m.name and n.version > m.version)
        order by m.name, m.id
        """,  # noqa: S608 (a constant)
        course_id,
    )
    return [_material(row) for row in rows]


async def find(tx: Reading, material_id: int) -> Material:
    """Read one version. Raises Stale when there is none."""
    row = await tx.fetchrow(f"{_SELECT} where m.id = $1", material_id)
    if row is None:
        raise Stale
    return _material(row)


async def content(tx: Reading, material: Material) -> bytes:
    """Give the file of a version; b"" for a link."""
    found = await tx.fetchval("select content from materials where id = $1", material.id)
    return bytes(found or b"")


async def runs(tx: Reading, speaker: Speaker, course: Course) -> bool:
    """Tell whether somebody may add to a course: HR of its owner, its school, its lecturers."""
    try:
        await rights.check_runs_course(tx, speaker, course)
    except NotAllowed:
        return False
    return True


async def reads_at_desk(tx: Reading, speaker: Speaker, course: Course) -> bool:
    """Tell whether somebody sees the course at HR's desk."""
    return Role.HR in speaker.roles and await rights.covers(tx, speaker.person_id, course.owner_unit_id)


async def check_reader(tx: Reading, speaker: Speaker, course: Course) -> None:
    """Let pass who has a seat, and who runs the course. Raises NotAllowed."""
    enrolment = await enrolments.latest(tx, speaker.person_id, course.id)
    if enrolment is None or enrolment.state != "seat":
        await rights.check_runs_course(tx, speaker, course)


async def check_name(tx: Reading, course_id: int, name: str) -> str:
    """Give the name as it is kept: that of a material there is, however it is typed. Raises Refused."""
    told = tidy(name)
    if not fold(told) or len(told) > LONGEST_NAME:
        raise Refused("materials/name_wrong", limit=LONGEST_NAME)
    rows = await tx.fetch("select distinct name from materials where course_id = $1", course_id)
    known = next((row["name"] for row in rows if fold(row["name"]) == fold(told)), None)
    if known is None and len(rows) >= MOST:
        raise Refused("materials/too_many", limit=MOST)
    return known or told


async def add_link(
    tx: Tx, speaker: Speaker, course_id: int, name: str, link: str, now: int, days: Calendar
) -> Material:
    """Add a link under a name: the next version, if the name is there. Raises Refused for no address."""
    if not link.startswith(_LINKS) or len(link) > LONGEST_LINK or " " in link:
        raise Refused("materials/link_wrong", limit=LONGEST_LINK)
    return await _add(tx, speaker, course_id, name, (link, None, None, None), now, days)


async def add_file(tx: Tx, speaker: Speaker, course_id: int, name: str, file: ReceivedFile, now: int,
                   days: Calendar) -> Material:  # fmt: skip
    """Add a file under a name: the next version, if the name is there. Raises BadFile for an empty or large one."""
    if not file.content:
        raise BadFile("materials/empty", filename=file.name)
    if len(file.content) > LARGEST_FILE:
        size_mb = -(-len(file.content) // 2**20)
        raise BadFile("files/too_large", filename=file.name, size_mb=size_mb, limit_mb=LARGEST_FILE // 2**20)
    digest = hashlib.sha256(file.content).hexdigest()
    return await _add(tx, speaker, course_id, name, (None, tidy(file.name)[:120], file.content, digest), now, days)


async def _add(tx: Tx, speaker: Speaker, course_id: int, name: str, what: tuple[object, ...], now: int,
               days: Calendar) -> Material:  # fmt: skip
    course = await courses.locked(tx, course_id)
    await rights.check_runs_course(tx, speaker, course)
    name = await check_name(tx, course_id, name)
    before = await tx.fetch("select id from materials where course_id = $1 and name = $2", course_id, name)
    version = 1 + int(
        await tx.fetchval(
            "select coalesce(max(version), 0) as v from materials where course_id = $1 and name = $2", course_id, name
        )
    )
    material_id: int = await tx.fetchval(
        """
        insert into materials (course_id, name, version, link, filename, content, sha256, added_by, added_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id
        """,
        course_id, name, version, *what, speaker.person_id, now,
    )  # fmt: skip
    for row in before:
        await outbox.withdraw(tx, f"material:{row['id']}", now, "superseded")
    material = await find(tx, material_id)
    if version > 1:
        await _tell(tx, course, material, now, days)
    new = {"name": name, "version": version, "sha256": what[3], "link": what[0]}
    await audit.record(tx, speaker.person_id, "material.add", course.subject, now, new=new)
    return material


async def _tell(tx: Tx, course: Course, material: Material, now: int, days: Calendar) -> None:
    """Owe the news of a version to everybody with a seat, once each, while the course is not over."""
    if course.cancelled or now >= course.ends_at:
        return
    await tx.execute(
        """
        insert into outbox (unique_key, kind, priority, subject, person_id, args, due_at, expires_at, created_at)
        select $1 || ':' || cast(e.person_id as text), 'material_new', cast($2 as bigint), $1, e.person_id, $3,
            cast($4 as bigint), cast($5 as bigint), cast($6 as bigint)
        from enrolments e where e.course_id = $7 and e.state = 'seat'
        on conflict (unique_key) do nothing
        """,
        material.subject,
        REMINDER,
        f"[{material.id}]",
        days.soon(now, course.ends_at),
        course.ends_at,
        now,
        course.id,
    )


async def withdraw(tx: Tx, speaker: Speaker, material_id: int, now: int) -> Material:
    """Take a material off with all its versions; what was still to be told of it is withdrawn."""
    material = await find(tx, material_id)
    course = await courses.locked(tx, material.course_id)
    await rights.check_runs_course(tx, speaker, course)
    rows = await tx.fetch(
        "select id from materials where course_id = $1 and name = $2 and withdrawn_at is null",
        course.id,
        material.name,
    )
    for row in rows:
        await tx.execute("update materials set withdrawn_at = $2 where id = $1", row["id"], now)
        await outbox.withdraw(tx, f"material:{row['id']}", now, "withdrawn")
    await audit.record(tx, speaker.person_id, "material.withdraw", course.subject, now, old=material.name)
    return await find(tx, material_id)


async def news(tx: Reading, material_id: int, person_id: int) -> tuple[Material, Course] | None:
    """Give what is to be told of a version, None when it is no longer called for."""
    material = await find(tx, material_id)
    course = await courses.find(tx, material.course_id)
    newest = {one.id for one in await current(tx, course.id)}
    enrolment = await enrolments.latest(tx, person_id, course.id)
    has_seat = enrolment is not None and enrolment.state == "seat"
    return (material, course) if material.id in newest and has_seat and not course.cancelled else None
