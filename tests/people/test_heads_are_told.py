from tests.courses.classes import course
from tests.rights.agency import audited, unit_id
from tests.talking import Chat, Office

UNIT = "Xã Trí Phải"


async def commune(office: Office) -> tuple[Chat, Chat, Chat]:
    """HR of the whole; Long heads the commune, Mai works there."""
    hr = await office.person("Hạnh", hr=True, unit="Sở Nội vụ")
    return hr, await office.person("Long", unit=UNIT, head=True), await office.person("Mai", unit=UNIT)


async def chooses(hr: Chat, name: str) -> None:
    await hr.taps_data("desk_heads")
    await hr.taps(UNIT)
    await hr.taps("Chọn người khác")
    await hr.taps(name)


async def test_both_heads_are_named_beforehand_and_told(office: Office) -> None:
    hr, long, mai = await commune(office)
    lan = await office.person("Lan", unit=UNIT)
    await lan.taps_data(f"enrol:{await course(office, title='Luật Đất đai', needs_head=1)}")
    await office.settle()
    await chooses(hr, "Mai")
    hr.sees("thay Long?", "đang chờ chuyển sang người này", "Sẽ báo cho: Mai; Long.")
    await hr.taps("Đặt làm thủ trưởng")
    await office.settle()
    mai.sees("Từ nay anh/chị là thủ trưởng Xã Trí Phải", "/duyet", "Đang có 1 đăng ký chờ")
    await mai.taps("Danh sách chờ duyệt")
    mai.sees("Lan")
    long.sees("không còn là thủ trưởng Xã Trí Phải", "Từ nay Mai làm thủ trưởng")
    assert not hr.pushed


async def test_who_is_not_linked_is_named_as_somebody_to_be_told_otherwise(office: Office) -> None:
    hr, *_ = await commune(office)
    await office.person("Nam", unit=UNIT, linked=False)
    await chooses(hr, "Nam")
    hr.sees("Nam (chưa liên kết nên không nhận được tin, anh/chị báo giúp); Long.")


async def test_a_proposed_head_is_asked_about_once_and_told_when_confirmed(office: Office) -> None:
    hr, long, _ = await commune(office)
    async with office.store.transaction() as tx:
        await tx.execute("update units set head_proposed = 1 where head_id = $1", long.person_id)
    await hr.taps_data(f"unit:{await unit_id(office, UNIT)}")
    await hr.taps("Xác nhận")
    hr.sees("Đặt Long", "Sẽ báo cho: Long.")
    hr.sees_no("thay Long")
    await hr.taps("Đặt làm thủ trưởng")
    await hr.taps_data(f"head_set:{await unit_id(office, UNIT)}:{long.person_id}:1")  # once more changes nothing
    await office.settle()
    assert [kind for _, kind, _ in long.pushed] == ["head_given"]
    assert len(await audited(office, "unit.head")) == 1


async def test_a_change_taken_back_before_it_was_told_is_no_news(office: Office) -> None:
    hr, long, mai = await commune(office)
    for head in (mai, long):
        await hr.taps_data(f"head_set:{await unit_id(office, UNIT)}:{head.person_id}:1")
        office.clock.move_to(office.clock.now() + 1)
    await office.settle()
    assert (long.pushed, mai.pushed) == ([], [])


async def test_a_clerk_who_becomes_the_head_sees_it_and_the_old_one_is_told(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True, unit=UNIT)
    long = await office.person("Long", unit=UNIT, head=True)
    await chooses(hr, "Hạnh")
    hr.sees("Sẽ báo cho: Long.")
    await hr.taps("Đặt làm thủ trưởng")
    await office.settle()
    long.sees("Từ nay Hạnh làm thủ trưởng")
    assert hr.pushed == []
