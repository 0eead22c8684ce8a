from tests.rights.agency import unit_id
from tests.talking import Chat, Office, at

UNIT = "Xã Trí Phải"


async def gives(office: Office, hr: Chat, mai: Chat) -> None:
    await hr.taps_data(f"right_give:{mai.person_id}:hr:{await unit_id(office, UNIT)}:0")
    hr.sees("Sẽ báo cho: Mai.")
    await hr.taps("Cấp quyền")


async def takes(hr: Chat) -> None:
    await hr.taps("Thu quyền")
    hr.sees("Sẽ báo cho: Mai.")
    await hr.taps("Thu quyền")


async def test_whoever_gets_a_right_is_told_what_it_is_and_where_and_when_it_ends(office: Office) -> None:
    hr, mai = await office.person("Hạnh", hr=True), await office.person("Mai", unit=UNIT)
    await gives(office, hr, mai)
    await office.settle()
    mai.sees("Hạnh đã cấp cho anh/chị quyền: Quản lý Xã Trí Phải và các đơn vị trực thuộc", "/quanly", "/hoso")
    await mai.taps("Quản lý")
    mai.sees("Tìm người")
    await takes(hr)
    await office.settle()
    mai.sees("đã được thu lại: Quản lý Xã Trí Phải", "/hoso")
    await mai.taps("Hồ sơ")
    mai.sees_no("Quyền:")


async def test_a_right_taken_back_at_night_before_it_was_told_is_no_news(office: Office) -> None:
    hr, mai = await office.person("Hạnh", hr=True), await office.person("Mai", unit=UNIT)
    office.clock.move_to(at("2026-11-23", "22:00"))
    await gives(office, hr, mai)
    await takes(hr)
    await office.time_passes(at("2026-11-26"))
    assert mai.pushed == []


async def test_every_kind_of_right_is_told_in_its_own_words(office: Office) -> None:
    hr, mai = await office.person("Hạnh", hr=True), await office.person("Mai", unit=UNIT)
    await hr.taps_data(f"right_give:{mai.person_id}:operator:0:1")
    await office.settle()
    mai.sees("Vận hành", "nhật ký")
    await hr.taps_data(f"right_schools:{mai.person_id}:0")
    await hr.sends("Trường Chính trị tỉnh")
    hr.sees("Sẽ báo cho: Mai.")
    await hr.taps("Cấp quyền")
    await office.settle()
    mai.sees("Giáo vụ của Trường Chính trị tỉnh")
    await mai.taps("Lớp phụ trách")
    mai.sees("Hiện chưa có lớp nào")
