from tests.courses.classes import course, imported, state_of
from tests.talking import Office, at


async def test_an_official_signs_up_is_approved_and_has_a_seat(office: Office) -> None:
    await imported(office)
    lan = await office.person("Lan", audience="CC")
    tam = await office.person("Tâm", audience="CB", head=True)

    await lan.sends("/lop")
    lan.sees("Lớp đang mở", "10 lớp", "07/12/2026 · Luật Đất đai")
    await lan.taps("Luật Đất đai")
    lan.sees("thứ Hai 07/12/2026, 07:30–11:30", "Hội trường UBND", "Còn 30/30 chỗ", "thứ Năm 03/12/2026")
    lan.sees("TS. Giảng viên mẫu", "Đơn vị cử đi", "100/KH-UBND")
    await lan.taps("Đăng ký")
    lan.sees("Chờ thủ trưởng duyệt")

    await office.settle()
    tam.sees("Lan", "Luật Đất đai", "xin học", "Duyệt", "Từ chối")
    await tam.taps("Duyệt")
    tam.sees("Đã duyệt", "Lan")
    await office.settle()
    lan.sees("đã có chỗ", "07/12/2026, 07:30")
    await lan.taps("Xem thông tin lớp")
    lan.sees("Đã có chỗ", "Còn 29/30 chỗ", "Huỷ đăng ký")
    await lan.sends("/lich")
    lan.sees("thứ Hai 07/12/2026, 07:30–11:30", "buổi 1/2", "buổi 2/2", "Hội trường UBND")


async def test_a_double_tap_signs_up_once(office: Office) -> None:
    course_id = await course(office)
    lan = await office.person("Lan")
    await office.person("Tâm", head=True)
    await lan.sends("/lop")
    await lan.taps("Lớp mẫu")
    await lan.taps("Đăng ký")
    await lan.taps_data(f"enrol:{course_id}")
    lan.sees("Chờ thủ trưởng duyệt")
    assert await state_of(office, lan, course_id) == ["head"]


async def test_a_head_refuses_with_a_reason_the_applicant_reads(office: Office) -> None:
    course_id = await course(office)
    lan, tam = await office.person("Lan"), await office.person("Tâm", head=True)
    await lan.taps_data(f"enrol:{course_id}")
    await tam.sends("/duyet")
    tam.sees("1 yêu cầu", "Lan")
    await tam.taps("Lan")
    await tam.taps("Từ chối")
    tam.sees("Vì sao", "Bỏ qua")
    await tam.sends("Tuần đó đơn vị <trực> & họp")
    tam.sees("bị từ chối", "<trực> & họp")
    await office.settle()
    lan.sees("không được duyệt", "Tuần đó đơn vị <trực> & họp")
    await tam.sends("/duyet")
    tam.sees("không có yêu cầu nào")


async def test_a_head_may_refuse_without_a_reason(office: Office) -> None:
    course_id = await course(office)
    lan, tam = await office.person("Lan"), await office.person("Tâm", head=True)
    await lan.taps_data(f"enrol:{course_id}")
    await office.settle()
    await tam.taps("Từ chối")
    await tam.taps("Bỏ qua")
    await office.settle()
    lan.sees("không được duyệt")
    lan.sees_no("Lý do")


async def test_without_a_head_hr_decides(office: Office) -> None:
    course_id = await course(office)
    lan, hr = await office.person("Lan"), await office.person("Hạnh", hr=True, unit="Sở Nội vụ")
    await lan.taps_data(f"enrol:{course_id}")
    lan.sees("Chờ bộ phận tổ chức cán bộ duyệt")
    await office.settle()
    await hr.taps("Duyệt")
    await office.settle()
    lan.sees("đã có chỗ")


async def test_a_course_that_asks_for_it_passes_head_then_hr(office: Office) -> None:
    course_id = await course(office, needs_hr=1)
    lan, tam = await office.person("Lan"), await office.person("Tâm", head=True)
    hr = await office.person("Hạnh", hr=True, unit="Sở Nội vụ")
    await lan.taps_data(f"enrol:{course_id}")
    await office.settle()
    await tam.taps("Duyệt")
    tam.sees("Thủ trưởng đã duyệt", "đang chờ bộ phận tổ chức cán bộ")
    await office.settle()
    lan.sees("Thủ trưởng đã đồng ý")
    await hr.sends("/duyet")
    hr.sees("1 yêu cầu")
    await hr.taps("Lan")
    await hr.taps("Duyệt")
    await office.settle()
    lan.sees("đã có chỗ")


async def test_a_course_that_needs_nobody_gives_the_seat_at_once(office: Office) -> None:
    course_id = await course(office, needs_head=0)
    lan = await office.person("Lan")
    await lan.taps_data(f"enrol:{course_id}")
    lan.sees("Đã có chỗ")


async def test_hr_is_asked_when_the_head_has_no_chat(office: Office) -> None:
    course_id = await course(office)
    lan = await office.person("Lan")
    await office.person("Tâm", head=True, linked=False)
    hr = await office.person("Hạnh", hr=True, unit="Sở Nội vụ")
    await lan.taps_data(f"enrol:{course_id}")
    await office.settle()
    hr.sees("Lan", "Duyệt")
    await hr.sends("/duyet")
    hr.sees("1 yêu cầu")


async def test_only_the_persons_own_head_or_hr_may_decide(office: Office) -> None:
    course_id = await course(office)
    lan = await office.person("Lan")
    await office.person("Tâm", head=True)
    other = await office.person("Sơn", head=True, unit="Xã Biển Bạch")
    await lan.taps_data(f"enrol:{course_id}")
    for data in ("approve:1", "refuse:1", "refuse_now:1", "approval:1"):
        await other.taps_data(data)
        other.sees("người được phân quyền")
        await lan.taps_data(data)
        lan.sees("người được phân quyền")
    assert await state_of(office, lan, course_id) == ["head"]


async def test_the_second_to_decide_sees_what_the_first_decided(office: Office) -> None:
    course_id = await course(office)
    lan, tam = await office.person("Lan"), await office.person("Tâm", head=True)
    hr = await office.person("Hạnh", hr=True, unit="Sở Nội vụ")
    await lan.taps_data(f"enrol:{course_id}")
    await tam.taps_data("approve:1")
    await hr.taps_data("refuse_now:1")
    hr.sees("có chỗ")
    await tam.taps_data("approve:1")
    tam.sees("có chỗ")
    assert await state_of(office, lan, course_id) == ["seat"]


async def test_a_head_asks_the_head_above(office: Office) -> None:
    course_id = await course(office)
    tam = await office.person("Tâm", head=True, unit="Phòng Kinh tế")
    chu = await office.person("Chủ tịch Bình", head=True, unit="Xã Trí Phải")
    async with office.store.transaction() as tx:
        await tx.execute(
            """update units set parent_id = (select id from units where name = 'Xã Trí Phải')
            where name = 'Phòng Kinh tế'"""
        )
    await tam.taps_data(f"enrol:{course_id}")
    await office.settle()
    chu.sees("Tâm", "Duyệt")
    await tam.sends("/duyet")
    tam.sees("không có yêu cầu nào")
    await chu.sends("/duyet")
    chu.sees("1 yêu cầu")


async def test_names_with_marks_are_shown_as_they_are(office: Office) -> None:
    odd = 'Lớp <Luật> & "Đất đai"'
    course_id = await course(
        office, title=odd, objective=odd, lecturer=odd, institution=odd, payer=odd, document=odd, bring=odd, place=odd
    )
    lan, tam = await office.person("Lan <b>"), await office.person("Tâm & Co", head=True, hr=True)
    await lan.sends("/lop")
    await lan.taps(odd)
    lan.sees(odd, f"Giảng viên: {odd}", f"Địa điểm: {odd}")
    await lan.taps("Đăng ký")
    lan.sees(odd)
    await office.settle()
    tam.sees("Lan <b>", odd)
    await tam.taps("Duyệt")
    await office.settle()
    lan.sees(odd)
    await lan.sends("/lich")
    lan.sees(odd)
    await tam.taps_data(f"desk_course:{course_id}")
    await tam.taps("Học viên")
    tam.sees("Lan <b>", odd)
    await office.time_passes(at("2026-12-07", "05:00"), step=3600)
    assert lan.saw("Nhắc lịch")
    lan.sees(odd)
