from tests.course_desk.filling import answered, opened
from tests.courses.classes import course
from tests.talking import Office


async def test_two_clerks_at_one_course_the_second_is_told_and_asked_again(office: Office) -> None:
    hr, mai = await office.person("Hạnh", hr=True), await office.person("Mai", hr=True)
    course_id = await course(office, title="Lớp chung")
    for chat in (hr, mai):
        await chat.taps_data(f"ce_ask:{course_id}:title")
    await hr.sends("Tên của Hạnh")
    await mai.sends("Tên của Mai")
    assert mai.sees("Hạnh vừa đổi lớp này: Tên lớp", "hiện là: Tên của Hạnh", "định ghi: Tên của Mai")
    assert (await opened(office)).title == "Tên của Hạnh"
    await mai.taps("Vẫn ghi")
    assert (await opened(office)).title == "Tên của Mai"
    async with office.store.reading() as tx:
        rows = await tx.fetch("select old, new from audit where action = 'course.edit' order by id")
    assert [("Tên của Hạnh" in r["new"], "Tên của Hạnh" in (r["old"] or "")) for r in rows] == [
        (True, False),
        (False, True),
    ]


async def test_more_places_by_the_form_are_offered_to_those_who_wait(office: Office) -> None:
    hr, lan, mai = await office.person("Hạnh", hr=True), await office.person("Lan"), await office.person("Mai")
    course_id = await course(office, capacity=1, needs_head=0)
    for one in (lan, mai):
        await one.taps_data(f"enrol:{course_id}")
    await hr.taps_data(f"ce_ask:{course_id}:capacity")
    await hr.sends("99999")
    assert hr.sees("không phải số chỗ")
    await hr.sends("2")
    await office.settle()
    assert mai.sees("Nhận chỗ")
    await mai.taps("Nhận chỗ")
    await hr.taps_data(f"ce_ask:{course_id}:capacity")
    await hr.sends("1")
    assert hr.sees("đã có 2 người có chỗ")


async def test_what_was_done_to_an_open_course_is_said_above_its_card(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    course_id = await course(office, title="Luật Đất đai")
    for choice, said in (
        (f"desk_open:{course_id}:0", "Đã đóng đăng ký."),
        (f"desk_open:{course_id}:1", "Đã mở đăng ký."),
    ):
        await hr.taps_data(choice)
        assert hr.sees(said, "Luật Đất đai")
        await hr.taps_data(choice)  # again: nothing was done
        assert hr.sees_no(said)
    await hr.taps_data(f"desk_capacity:{course_id}")
    await hr.sends("12")
    assert hr.sees("Đã ghi chỉ tiêu mới.", "0/12")
    await hr.taps_data(f"desk_course:{course_id}")
    assert hr.sees_no("Đã ghi")
    await hr.taps_data(f"ce_ask:{course_id}:title")
    await hr.sends("Luật Nhà ở")
    assert hr.sees("Đã ghi: Tên lớp.", "Luật Nhà ở")
    await hr.taps_data(f"ce_ask:{course_id}:lecturer")
    await hr.sends("TS. Lê An")
    assert hr.sees("Đã ghi: Giảng viên.", "Giảng viên: TS. Lê An")


async def test_a_quota_larger_than_the_capacity_is_refused(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True, unit="Xã A")
    course_id = await course(office, capacity=5)
    await hr.taps_data(f"ce_ask:{course_id}:quotas")
    await hr.sends("Xã A: 6")
    assert hr.sees("nhiều hơn chỉ tiêu của lớp", "6 > 5")
    await hr.sends("Xã Z: 2")
    assert hr.sees("không có đơn vị “Xã Z”")
    await hr.sends("Xã A: 4")
    assert hr.sees("Đã ghi: Chỉ tiêu đơn vị.", "Chỉ tiêu đơn vị: Xã A: 4", "theo đơn vị: Xã A 0/4")
    await hr.taps_data(f"desk_capacity:{course_id}")
    await hr.sends("3")
    assert hr.sees("không thể ít hơn")


async def test_the_opening_checklist_shows_who_ticked_what(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    course_id = await course(office)
    await hr.taps_data(f"ce:{course_id}")
    await answered(hr, "[Chuẩn bị mở lớp]", "[Xong: kinh phí]")
    assert hr.sees("kinh phí: đã xong (Hạnh)")
    await hr.taps("Chưa xong: kinh phí")
    assert hr.sees("kinh phí: chưa")
