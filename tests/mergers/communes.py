"""Communes that merge: two with a head and people each, and HR of the whole."""

from typing import Any

from tests.courses.classes import course
from tests.talking import Chat, Office


async def communes(office: Office) -> Chat:
    """HR of the whole; Long heads Xã Trí Phải with An and Bình, Mai heads Xã Tân Lộc with Chi."""
    hr = await office.person("Hạnh", hr=True, unit="Sở Nội vụ")
    for name, unit in (("An", "Xã Trí Phải"), ("Bình", "Xã Trí Phải"), ("Chi", "Xã Tân Lộc")):
        await office.person(name, unit=unit)
    await office.person("Long", unit="Xã Trí Phải", head=True, title="Chủ tịch UBND")
    await office.person("Mai", unit="Xã Tân Lộc", head=True, title="Chủ tịch UBND")
    return hr


async def unit_id(office: Office, name: str) -> int:
    return int(await value(office, "select id from units where name = $1", name))


async def value(office: Office, sql: str, *args: Any) -> Any:
    async with office.store.reading() as tx:
        return await tx.fetchval(sql, *args)


async def requested(office: Office, *names: str) -> int:
    """A course for which these people wait for their head."""
    course_id = await course(office, title="Luật Đất đai", needs_head=1)
    for name in names:
        await office.chat(name).taps_data(f"enrol:{course_id}")
    await office.settle()
    return course_id


async def kept_places(office: Office, capacity: int, each: int) -> int:
    """A course that needs no yes, with places kept for each of the two communes."""
    course_id = await course(office, title="Luật", capacity=capacity, needs_head=0, needs_hr=0)
    for name in ("Xã Trí Phải", "Xã Tân Lộc"):
        number = await unit_id(office, name)
        async with office.store.transaction() as tx:
            await tx.execute(
                "insert into course_quotas (course_id, unit_id, places) values ($1, $2, $3)", course_id, number, each
            )
    return course_id


async def chooses(hr: Chat, *names: str) -> None:
    await hr.taps_data("desk_mergers")
    await hr.taps("Chọn đơn vị")
    for name in names:
        await hr.taps(name)


async def merges(hr: Chat, into: str, *names: str) -> None:
    """Choose, name, and see the review."""
    await chooses(hr, *names)
    await hr.taps("Đặt tên mới")
    await hr.sends(into)


async def unit_of(office: Office, name: str) -> str:
    return str(
        await value(office, "select u.name from people p join units u on u.id = p.unit_id where p.name = $1", name)
    )
