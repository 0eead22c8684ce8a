"""Heads who cannot be asked, people who have left, words that cannot be seen."""

from tests.courses import classes
from tests.talking import Office


async def test_hr_sees_a_request_whose_head_has_linked_but_never_agreed(office: Office) -> None:
    hr, lan = await office.person("hr", hr=True, unit="Sở"), await office.person("lan")
    head = await office.person("head", head=True)
    async with office.store.transaction() as tx:
        await tx.execute("delete from consents where person_id = $1", head.person_id)
    course_id = await classes.course(office)
    await lan.taps_data(f"enrol:{course_id}")

    await hr.sends("/duyet")

    hr.sees("lan")


async def test_an_old_button_makes_nobody_head_who_has_left(office: Office) -> None:
    hr, lan = await office.person("hr", hr=True), await office.person("lan")
    unit = f"select unit_id from people where id = {lan.person_id}"
    async with office.store.transaction() as tx:
        unit_id = await tx.fetchval(unit)
        await tx.execute("update people set active = 0 where id = $1", lan.person_id)

    await hr.taps_data(f"head_set:{unit_id}:{lan.person_id}:1")

    async with office.store.reading() as tx:
        assert await tx.fetchval("select head_id from units where id = $1", unit_id) is None


async def test_an_old_button_gives_no_rights_to_somebody_who_has_left(office: Office) -> None:
    hr, lan = await office.person("hr", hr=True), await office.person("lan")
    await hr.taps_data(f"person_here:{lan.person_id}:0:1")

    await hr.taps_data(f"right_give:{lan.person_id}:hr:0:1")
    await hr.taps_data(f"person_here:{lan.person_id}:1:1")

    async with office.store.reading() as tx:
        assert (
            await tx.fetchval("select count(*) from rights where person_id = $1 and revoked_at is null", lan.person_id)
            == 0
        )


async def test_words_that_cannot_be_seen_are_no_request(office: Office) -> None:
    await office.person("hr", hr=True)
    lan = await office.person("lan")
    await lan.taps_data("profile_fix")

    await lan.sends("\u200b\u200b")

    async with office.store.reading() as tx:
        assert await tx.fetchval("select count(*) from requests") == 0


async def test_a_number_that_no_person_has_is_answered_politely(office: Office) -> None:
    hr = await office.person("hr", hr=True)
    for data in ("outbox_of:999999999999999", "right_give:999999999999999:hr:0:1", "person_here:999999999999999:0:1"):
        await hr.taps_data(data)
        hr.sees_no("sự cố")
