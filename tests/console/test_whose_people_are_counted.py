from tests.attendance.rooms import session_of
from tests.broadcasts.announcing import got
from tests.courses.classes import course, seated
from tests.rights.agency import clerk, unit_id
from tests.talking import Chat, Office, at

HOME, OTHER = "Phường Nhà", "Phường Ngoài"


async def shared(office: Office) -> tuple[Chat, Chat, Chat, Chat, int]:
    """A class of the whole: HR, the clerk of one unit, a learner of that unit and one of another."""
    hr = await office.person("Hạnh", hr=True, unit="Sở Nội vụ")
    lan, oanh = await office.person("Lan", unit=HOME), await office.person("Oanh", unit=OTHER)
    mai = await clerk(office, "Mai", HOME)
    course_id = await course(office, title="Lớp chung")
    for person in (lan, oanh):
        await seated(office, person, course_id)
    return hr, mai, lan, oanh, course_id


async def test_a_clerk_of_one_unit_reads_attendance_and_results_of_their_own_people_only(office: Office) -> None:
    hr, mai, lan, oanh, course_id = await shared(office)
    office.clock.move_to(at("2026-12-07", "12:00"))
    session_id = await session_of(office, course_id)
    await hr.taps_data(f"att_set:{session_id}:{lan.person_id}:present")
    await hr.taps_data(f"att_set:{session_id}:{oanh.person_id}:absent")
    for person in (lan, oanh):
        await hr.taps_data(f"res_pass:{course_id}:{person.person_id}:1")
    await hr.taps_data(f"desk_course:{course_id}")
    hr.sees("có mặt 1/2, 1 vắng", "Kết quả: 1 hoàn thành, 1 chưa đạt", "Đánh giá: 0/2 phiếu")
    await mai.taps_data(f"desk_course:{course_id}")
    mai.sees("Có chỗ: 2/30", "Người của đơn vị anh/chị có chỗ: 1", "có mặt 1/1", "Kết quả: 1 hoàn thành, 0 chưa đạt")
    for hidden in ("vắng", "Đánh giá", "Kinh phí:"):
        mai.sees_no(hidden)
    await mai.taps("Điểm danh")
    mai.sees("Số người có chỗ: 1", "có mặt 1/1")


async def test_a_clerk_of_one_unit_reads_the_quotas_that_bound_their_people(office: Office) -> None:
    hr, mai, _, _, course_id = await shared(office)
    async with office.store.transaction() as tx:
        for name in (HOME, OTHER):
            unit = await unit_id(office, name)
            await tx.execute(
                "insert into course_quotas (course_id, unit_id, places) values ($1, $2, 5)", course_id, unit
            )
    await hr.taps_data(f"desk_course:{course_id}")
    hr.sees(f"{HOME} 1/5", f"{OTHER} 1/5")
    await mai.taps_data(f"desk_course:{course_id}")
    mai.sees(f"{HOME} 1/5")
    mai.sees_no(OTHER)


async def test_a_message_of_a_clerk_of_one_unit_reaches_their_own_people_in_the_class(office: Office) -> None:
    _, mai, lan, oanh, course_id = await shared(office)
    await mai.taps_data(f"desk_course:{course_id}")
    await mai.taps("Nhắn cả lớp")
    mai.sees("Gửi cho: người có chỗ ở lớp: Lớp chung")
    await mai.sends("Nhớ mang thẻ.")
    mai.sees("1 người")
    await mai.taps("Xem trước")
    await office.settle()
    await mai.taps("Gửi")
    await office.settle()
    assert [got(person, "Nhớ mang thẻ.") for person in (lan, oanh)] == [1, 0]


async def test_lists_of_a_class_name_a_clerks_own_people_only(office: Office) -> None:
    _, mai, _, _, course_id = await shared(office)
    office.clock.move_to(at("2026-12-07", "12:00"))
    await mai.taps_data(f"desk_course:{course_id}")
    await mai.taps("Ai chưa?")
    await mai.taps("Chưa điểm danh (1)")
    mai.sees("Lan")
    mai.sees_no("Oanh")
    await mai.taps("Ai chưa? của lớp")
    mai.sees("Lớp chung", "Chưa có kết quả (1)")


async def test_who_may_only_look_at_a_class_is_not_asked_what_to_change(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True, unit="Sở Nội vụ")
    mai = await clerk(office, "Mai", HOME)
    course_id = await course(office, title="Lớp chung")
    await mai.taps_data(f"class_edit:{course_id}")
    mai.sees("Anh/chị xem được lớp Lớp chung; việc sửa là của nơi mở lớp.")
    mai.sees_no("muốn thay đổi gì")
    await hr.taps_data(f"class_edit:{course_id}")
    hr.sees("Anh/chị muốn thay đổi gì ở lớp Lớp chung?")


async def test_of_a_class_of_another_unit_no_figure_is_told(office: Office) -> None:
    await office.person("Hạnh", hr=True, unit="Sở Nội vụ")
    await office.person("Oanh", unit=OTHER)
    mai = await clerk(office, "Mai", HOME)
    course_id = await course(office, title="Lớp ngoài", owner_unit_id=await unit_id(office, OTHER))
    for entry in ("desk_course", "class_edit", "class_files", "class_message", "class_who_not"):
        await mai.taps_data(f"{entry}:{course_id}")
        mai.sees("người được phân quyền")
        mai.sees_no("Lớp ngoài")
