from tests.courses.classes import course
from tests.rights.agency import clerk, unit_id
from tests.talking import Chat, Office

UNIT, OTHER = "Xã Trí Phải", "Xã Tân Lộc"


async def office_of(office: Office) -> tuple[Chat, Chat]:
    """A clerk of one commune with its head Long and nine officials; Lan Anh works in another commune."""
    hr = await clerk(office, "Hạnh", UNIT)
    long = await office.person("Long", unit=UNIT, head=True)
    for number in range(8):
        await office.person(f"Người {number}", unit=UNIT, linked=False)
    await office.person("Lan", unit=UNIT, code="TP77", linked=False)
    await office.person("Lan Anh", unit=OTHER, code="TL01", linked=False)
    return hr, long


async def test_a_name_typed_after_no_hit_looks_for_people_again(office: Office) -> None:
    hr, _ = await office_of(office)
    await hr.taps_data("desk_people")
    await hr.sends("zzzz")
    hr.sees("Không tìm thấy ai")
    await hr.sends("lan")
    hr.sees("1 người", "Lan · Xã Trí Phải")
    await hr.sends("long")
    hr.sees("[Long · Xã Trí Phải]")


async def test_a_head_narrows_whom_to_nominate_and_stays_there_when_choosing(office: Office) -> None:
    _, long = await office_of(office)
    course_id = await course(office, title="Luật Đất đai")
    await long.taps_data(f"nominate:{course_id}")
    await long.sends("nguoi")
    long.sees("Tìm “nguoi”: 8 kết quả (trang 1/2)")
    await long.taps("Xem tiếp")
    long.sees("trang 2/2")
    await long.taps("Chọn Người 7")
    long.sees("Tìm “nguoi”", "Đã chọn 1 người", "[Bỏ Người 7]")
    await long.sends("lan")
    long.sees("1 kết quả", "[Chọn Lan]", "Đã chọn 1 người")
    long.sees_no("Lan Anh")  # of another unit
    await long.sends("TL01")
    long.sees("0 kết quả", "Không có ai")
    await long.taps("Xem tất cả")
    long.sees("10 người")
    await long.sends("tp77")
    long.sees("[Chọn Lan]")
    await long.sends("🙂")
    long.sees("0 kết quả")


async def test_units_are_narrowed_by_their_name_or_their_heads(office: Office) -> None:
    await office_of(office)
    hr = await office.person("Mai", hr=True, unit="Sở Nội vụ")
    await hr.taps_data("desk_heads")
    hr.sees("Gõ vài chữ")
    for typed in ("tri phai", "long"):
        await hr.sends(typed)
        hr.sees(f"Tìm “{typed}”: 1 kết quả", f"[{UNIT}]")
        hr.sees_no(OTHER)
    await hr.taps("Xem tất cả")
    hr.sees(OTHER)


async def test_a_clerk_of_a_unit_finds_no_other_unit(office: Office) -> None:
    hr, _ = await office_of(office)
    await hr.taps_data("desk_heads")
    await hr.sends("tan loc")
    hr.sees("0 kết quả")


async def test_the_people_of_a_unit_are_narrowed_to_choose_its_head(office: Office) -> None:
    hr, _ = await office_of(office)
    await hr.taps_data(f"unit_people:{await unit_id(office, UNIT)}:0")
    await hr.sends("la")
    hr.sees("1 kết quả", "[Lan]")
    await hr.sends("1")  # a number is a button's
    hr.sees("Đặt Lan")
    await hr.taps_data(f"unit_people:{await unit_id(office, UNIT)}:0")  # opened anew it is whole
    hr.sees("trang 1/2")
    await hr.sends("nguoi")
    await hr.taps("Xem tiếp")
    hr.sees("Tìm “nguoi”: 8 kết quả (trang 2/2)")


async def test_colleagues_are_narrowed_to_choose_who_stands_in(office: Office) -> None:
    _, long = await office_of(office)
    await long.taps_data(f"acting_people:{await unit_id(office, UNIT)}:0")
    await long.sends("nguoi")
    long.sees("Tìm “nguoi”: 8 kết quả (trang 1/2)")
    await long.taps("Xem tiếp")
    long.sees("Người 7")
    await long.sends("lan anh")
    long.sees("không có đồng nghiệp nào như vậy")
    await long.taps("Xem tất cả")
    long.sees("giao quyền cho ai (trang 1/2)")


async def test_units_are_narrowed_where_rights_are_given(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True, unit="Sở Nội vụ")
    for number in range(8):
        await office.person(f"Người {number}", unit=f"Phòng {number}", linked=False)
    await hr.taps_data(f"right_units:{hr.person_id}:0")
    await hr.sends("phong")
    await hr.taps("Xem tiếp")
    hr.sees("trang 2/2", "[Phòng 7]")
    await hr.sends("phong 3")
    hr.sees("1 kết quả", "[Phòng 3]")
    await hr.taps("Xem tất cả")
    hr.sees("trang 1/2")
