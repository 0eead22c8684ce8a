from tests.courses.classes import state_of
from tests.mergers.communes import communes, kept_places, merges
from tests.round_trip.editing import undoes
from tests.talking import Office


async def test_who_waits_is_offered_the_place_that_a_merger_of_quotas_frees(office: Office) -> None:
    hr = await communes(office)
    course_id = await kept_places(office, 2, 1)
    for name in ("An", "Bình"):
        await office.chat(name).taps_data(f"enrol:{course_id}")
    assert await state_of(office, office.chat("Bình"), course_id) == ["waiting"]
    await merges(hr, "Xã Mới", "Xã Trí Phải", "Xã Tân Lộc")
    await hr.taps("Ghi nhận")
    assert await state_of(office, office.chat("Bình"), course_id) == ["offered"]


async def test_who_waits_is_offered_the_place_that_an_undo_frees(office: Office) -> None:
    hr = await communes(office)
    course_id = await kept_places(office, 4, 1)
    await merges(hr, "Xã Tân Lộc", "Xã Trí Phải")
    await hr.taps("Ghi nhận")
    for name in ("An", "Bình", "Chi"):
        await office.chat(name).taps_data(f"enrol:{course_id}")
    assert await state_of(office, office.chat("Chi"), course_id) == ["waiting"]
    await undoes(hr)
    assert await state_of(office, office.chat("Chi"), course_id) == ["offered"]
