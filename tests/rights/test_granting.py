from tests.rights.agency import audited, unit_id, unit_under
from tests.talking import Office


async def rights_of(office: Office, hr, person) -> None:
    await hr.taps_data(f"person:{person.person_id}")
    await hr.taps("Quyền hạn")


async def test_rights_over_a_unit_reach_what_is_under_it_and_nothing_else(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True, unit="Sở Nội vụ")
    mai = await office.person("Mai", unit="Phường Him Lam")
    await office.person("Nam", unit="Trạm Y tế")
    await office.person("Oanh", unit="Phường Thanh Bình")
    await unit_under(office, "Trạm Y tế", "Phường Him Lam")
    await rights_of(office, hr, mai)
    hr.sees("Chưa có quyền nào")
    await hr.taps("Cấp quyền quản lý")
    await hr.taps("Phường Him Lam")
    hr.sees("Phường Him Lam và các đơn vị trực thuộc")
    await hr.taps("Cấp quyền")
    hr.sees("Quản lý Phường Him Lam", "từ 23/11/2026, do Hạnh cấp")
    await mai.sends("/quanly")
    for name, found in (("Nam", True), ("Oanh", False), ("Hạnh", False)):
        await mai.taps_data("desk_people")
        await mai.sends(name)
        mai.sees("1 người" if found else "Không tìm thấy ai")
    assert ("rights.grant", f"person:{mai.person_id}") in await audited(office)


async def test_another_unit_is_picked_from_a_paged_list(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True, unit="Sở Nội vụ")
    mai = await office.person("Mai", unit="Phòng 1")
    for number in range(2, 10):
        await office.person(f"Người {number}", unit=f"Phòng {number}", linked=False)
    await rights_of(office, hr, mai)
    await hr.taps("Cấp quyền quản lý")
    await hr.taps("Đơn vị khác")
    hr.sees("trang 1/2")
    await hr.taps("Xem tiếp")
    await hr.taps("Phòng 9")
    await hr.taps("Cấp quyền")
    hr.sees("Quản lý Phòng 9")


async def test_rights_are_seen_in_the_own_profile_with_since_when_and_by_whom(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    mai = await office.person("Mai")
    await hr.taps_data(f"right_give:{mai.person_id}:hr:{await unit_id(office, 'Xã Trí Phải')}:1")
    await hr.taps_data(f"right_give:{mai.person_id}:operator:0:1")
    await mai.sends("/hoso")
    mai.sees("Quyền: Quản lý Xã Trí Phải và các đơn vị trực thuộc – từ 23/11/2026, do Hạnh cấp", "Quyền: Vận hành")
    await hr.sends("/hoso")
    hr.sees("Quyền: Quản lý toàn cơ quan – từ 23/11/2026")


async def test_a_right_taken_back_ends_at_once_whatever_was_open(office: Office) -> None:
    hr, mai = await office.person("Hạnh", hr=True), await office.person("Mai")
    lan = await office.person("Lan")
    await hr.taps_data(f"right_give:{mai.person_id}:hr:0:1")
    await mai.taps_data(f"person:{lan.person_id}")
    await mai.taps_data("desk_people")  # waits for a name
    await rights_of(office, hr, mai)
    await hr.taps("Thu quyền quản lý")
    await hr.taps("Thu quyền")
    hr.sees("Chưa có quyền nào")
    await mai.sends("Lan")  # the open question is not answered any more
    mai.sees("người được phân quyền")
    await mai.taps_data(f"person:{lan.person_id}")
    mai.sees("người được phân quyền")
    assert await audited(office, "refused") == [
        ("refused", "answer:desk_person"),
        ("refused", "choice:person"),
    ]


async def test_the_menu_of_commands_follows_the_rights_with_the_next_turn(office: Office) -> None:
    hr, mai = await office.person("Hạnh", hr=True), await office.person("Mai")
    await mai.sends("/start")
    await hr.taps_data(f"right_give:{mai.person_id}:hr:0:1")
    await mai.sends("/start")
    assert "quanly" in mai.commands
    await rights_of(office, hr, mai)
    await hr.taps("Thu quyền quản lý")
    await hr.taps("Thu quyền")
    await mai.sends("/start")
    assert "quanly" not in mai.commands


async def test_a_school_clerk_is_given_a_known_or_a_typed_institution(office: Office) -> None:
    hr, mai = await office.person("Hạnh", hr=True), await office.person("Mai")
    await rights_of(office, hr, mai)
    await hr.taps("Cấp quyền giáo vụ")
    hr.sees("gõ tên cơ sở")
    await hr.sends("Trường Chính trị tỉnh")
    hr.sees("Cấp quyền giáo vụ của Trường Chính trị tỉnh")
    await hr.taps("Cấp quyền")
    hr.sees("Giáo vụ của Trường Chính trị tỉnh")
    await hr.taps("Cấp quyền giáo vụ")
    await hr.taps("Trường Chính trị tỉnh")
    await hr.taps("Cấp quyền")  # twice the same is once
    assert hr.last.count("• Giáo vụ") == 1
    await hr.taps("Thu giáo vụ")
    await hr.taps("Thu quyền")
    hr.sees("Chưa có quyền nào")
    await hr.taps("Cấp quyền giáo vụ")
    await hr.sends("🙂")
    hr.sees("cần có chữ")


async def test_the_last_one_of_the_whole_stays_although_units_have_clerks(office: Office) -> None:
    hr, mai = await office.person("Hạnh", hr=True), await office.person("Mai")
    await hr.taps_data(f"right_give:{mai.person_id}:hr:{await unit_id(office, 'Xã Trí Phải')}:1")
    await rights_of(office, hr, hr)
    await hr.taps("Thu quyền quản lý")
    await hr.taps("Thu quyền")
    hr.sees("người cuối cùng")
    await mai.taps_data(f"person_here:{hr.person_id}:0:1")
    mai.sees("người cuối cùng")


async def test_a_clerk_of_a_unit_gives_and_takes_nothing(office: Office) -> None:
    hr, mai, lan = [await office.person(name, hr=name == "Hạnh") for name in ("Hạnh", "Mai", "Lan")]
    await hr.taps_data(f"right_give:{mai.person_id}:hr:{await unit_id(office, 'Xã Trí Phải')}:1")
    for data in (f"rights:{lan.person_id}", f"right_give:{lan.person_id}:hr:0:1", "right_take:1:1"):
        await mai.taps_data(data)
        mai.sees("người được phân quyền")
    await mai.taps_data(f"person:{lan.person_id}")
    mai.sees_no("Quyền hạn")


async def test_who_leaves_loses_every_right(office: Office) -> None:
    hr, mai = await office.person("Hạnh", hr=True), await office.person("Mai")
    await hr.taps_data(f"right_give:{mai.person_id}:operator:0:1")
    await hr.taps_data(f"person_here:{mai.person_id}:0:1")
    await rights_of(office, hr, hr)
    await hr.taps_data(f"rights:{mai.person_id}")
    hr.sees("Chưa có quyền nào")
    await hr.taps_data(f"right_give:{mai.person_id}:operator:0:1")
    hr.sees("đã thôi công tác")
