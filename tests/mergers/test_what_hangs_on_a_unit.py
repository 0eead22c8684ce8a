import re
from pathlib import Path

from bot.training import deciders
from tests.mergers.communes import communes, merges, unit_id, value
from tests.round_trip.editing import undoes
from tests.talking import Chat, Office, at

MIGRATIONS = Path(__file__).parents[2] / "bot" / "store" / "migrations"
MOVED = {
    "units.parent_id", "people.unit_id", "rights.unit_id", "acting_heads.unit_id", "courses.owner_unit_id",
    "course_drafts.owner_unit_id", "course_quotas.unit_id",
}  # fmt: skip
STAYS = {"units.merged_into", "mergers.target_id"}  # what a merger did; read through the units merged since


def test_every_column_that_numbers_a_unit_is_moved_or_known_to_stay() -> None:
    found = set()
    for file in MIGRATIONS.glob("*.sql"):
        table = ""
        for line in file.read_text(encoding="utf-8").splitlines():
            named = re.match(r"(?:create|alter) table (\w+)", line)
            table = named[1] if named else table
            column = re.search(r"(\w+) integer [^,]*references units\(id\)", line)
            if column:
                found.add(f"{table}.{column[1]}")
    assert found == MOVED | STAYS, "a merger must move it: training.mergers._close"


async def hands_over(office: Office, unit: str, name: str) -> None:
    """Let somebody stand in for the head of a unit, from now on for days."""
    async with office.store.transaction() as tx:
        await tx.execute(
            """insert into acting_heads (unit_id, person_id, from_at, until_at, created_at)
            values ($1, $2, $3, $4, $3)""",
            await tx.fetchval("select id from units where name = $1", unit),
            office.chat(name).person_id,
            office.clock.now(),
            at("2026-12-31"),
        )


async def decide_on(office: Office, person: Chat) -> set[int]:
    async with office.store.reading() as tx:
        return set(await deciders.of_person(tx, person.person_id, office.clock.now()))


async def test_who_stands_in_for_a_head_that_goes_on_stands_in_for_them_in_the_new_unit(office: Office) -> None:
    hr = await communes(office)
    long, binh, chi = (office.chat(name) for name in ("Long", "Bình", "Chi"))
    await hands_over(office, "Xã Trí Phải", "Bình")
    await merges(hr, "Xã Trí Lực", "Xã Trí Phải", "Xã Tân Lộc")
    await hr.taps("Thủ trưởng: Long")
    await hr.taps("Ghi nhận")
    assert await decide_on(office, chi) == {long.person_id, binh.person_id}
    await undoes(hr)
    assert await decide_on(office, chi) == {office.chat("Mai").person_id}
    assert await value(office, "select unit_id from acting_heads") == await unit_id(office, "Xã Trí Phải")


async def test_who_stood_in_for_a_head_that_goes_decides_on_nobody_of_the_new_unit(office: Office) -> None:
    hr = await communes(office)
    mai, chi = office.chat("Mai"), office.chat("Chi")
    await hands_over(office, "Xã Trí Phải", "Bình")
    await merges(hr, "Xã Tân Lộc", "Xã Trí Phải", "Xã Tân Lộc")
    await hr.taps("Ghi nhận")
    assert await decide_on(office, chi) == {mai.person_id}
    await undoes(hr)
    assert await decide_on(office, office.chat("An")) == {office.chat(name).person_id for name in ("Long", "Bình")}


async def test_a_unit_under_one_that_ends_stands_under_the_one_that_stays(office: Office) -> None:
    hr = await communes(office)
    await office.person("Dung", unit="Thôn Một")
    async with office.store.transaction() as tx:
        await tx.execute(
            "update units set parent_id = (select id from units where name = 'Xã Trí Phải') where name = 'Thôn Một'"
        )
    await merges(hr, "Xã Tân Lộc", "Xã Trí Phải", "Xã Tân Lộc")
    await hr.taps("Ghi nhận")
    above = "select u.name from units t join units u on u.id = t.parent_id where t.name = 'Thôn Một'"
    assert await value(office, above) == "Xã Tân Lộc"
    await undoes(hr)
    assert await value(office, above) == "Xã Trí Phải"
