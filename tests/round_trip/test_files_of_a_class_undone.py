from tests.attendance.rooms import school, teacher
from tests.results.classes import OVER, class_of, was_there
from tests.round_trip.editing import button, edited, sends, sets, undoes
from tests.talking import Chat, Office

MARKS = ("Mã lớp", "Mã cán bộ", "Điểm", "Điểm thi lại", "Kết quả")
CERTIFICATES = ("Mã lớp", "Mã cán bộ", "Số chứng chỉ", "Ngày cấp", "Nơi cấp")
MONEY = ("Mã lớp", "Mã cán bộ", "Khoản chi", "Nguồn", "Dự kiến", "Được duyệt", "Đã chi", "Ngày chi")
DAY = 86_400


async def learners(office: Office) -> tuple[Chat, Chat, Chat]:
    hr = await office.person("Hoa", hr=True)
    return hr, await office.person("Lan", code="A1"), await office.person("Minh", code="A2")


async def actions(office: Office, like: str) -> list[str]:
    async with office.store.reading() as tx:
        rows = await tx.fetch("select action from audit where action like $1 order by id", like)
    return [row["action"] for row in rows]


async def test_marks_of_a_class_closed_since_stay(office: Office) -> None:
    hr, lan, minh = await learners(office)
    course_id = await class_of(office, lan, minh)
    await was_there(office, lan, course_id, 20)
    office.clock.move_to(OVER)
    await sends(hr, MARKS, ("DD1", "A1", 7, None, None))
    undo = button(hr, "Hoàn tác")
    await hr.taps_data(f"res_close_yes:{course_id}")
    await undoes(hr, undo)
    hr.sees("Chưa hoàn tác được", "để nguyên (1): Lan (DD1)")
    await hr.taps_data(f"res:{course_id}")
    hr.sees("Lan: 7,0")


async def test_after_a_day_nothing_is_taken_back(office: Office) -> None:
    hr, lan, minh = await learners(office)
    await class_of(office, lan, minh)
    office.clock.move_to(OVER)
    await sends(hr, MARKS, ("DD1", "A1", 7, None, None))
    office.clock.move_by(DAY + 1)
    await undoes(hr)
    hr.sees("quá 24 giờ")


async def test_a_lecturer_takes_back_their_own_marks_and_nobody_elses(office: Office) -> None:
    hr, lan, minh = await learners(office)
    course_id = await class_of(office, lan, minh)
    office.clock.move_to(OVER)
    binh = await teacher(office, "Bình", course_id)
    await sends(hr, MARKS, ("DD1", "A2", 8, None, None))
    of_hr = button(hr, "Hoàn tác")
    await binh.taps_data(f"res:{course_id}")
    await binh.taps("Bảng điểm (Excel)")
    await sends(binh, MARKS, ("DD1", "A1", 7, None, None))
    await undoes(binh)
    binh.sees("trả lại 1 mục")
    await undoes(binh, of_hr)
    binh.sees("không thuộc về anh/chị")
    await hr.taps_data(f"res:{course_id}")
    hr.sees("Minh: 8,0")
    hr.sees_no("Lan: 7,0")


async def test_who_lost_the_class_meanwhile_takes_nothing_back(office: Office) -> None:
    _, lan, minh = await learners(office)
    course_id = await class_of(office, lan, minh)
    office.clock.move_to(OVER)
    binh = await teacher(office, "Bình", course_id)
    other = await class_of(office, lan, code="KHAC")
    async with office.store.transaction() as tx:
        await tx.execute("insert into course_lecturers select $1, lecturer_id from course_lecturers", other)
    await binh.taps_data(f"res:{course_id}")
    await binh.taps("Bảng điểm (Excel)")
    await sends(binh, MARKS, ("DD1", "A1", 7, None, None))
    async with office.store.transaction() as tx:
        await tx.execute("delete from course_lecturers where course_id = $1", course_id)
    await undoes(binh)
    binh.sees("để nguyên (1): Lan (DD1)")


async def completed(office: Office) -> tuple[Chat, Chat, Chat, int]:
    hr, lan, minh = await learners(office)
    course_id = await class_of(office, lan, minh, pass_mark=0, institution="Trường Chính trị")
    for one in (lan, minh):
        await was_there(office, one, course_id, 20)
    office.clock.move_to(OVER)
    await hr.taps_data(f"res_close_yes:{course_id}")
    return hr, lan, minh, course_id


async def test_certificates_issued_by_mistake_are_withdrawn_and_their_numbers_free_again(office: Office) -> None:
    hr, lan, _, course_id = await completed(office)
    await sends(
        hr, CERTIFICATES, ("DD1", "A1", "01/CN", "08/12/2026", None), ("DD1", "A2", "02/CN", "08/12/2026", None)
    )
    await lan.taps_data("certs")
    lan.sees("01/CN", "có hiệu lực")
    await undoes(hr)
    hr.sees("trả lại 2 mục")
    await office.settle()
    assert "certificate_issued" not in [kind for _, kind, _ in lan.pushed]
    await lan.taps_data("certs")
    lan.sees("01/CN", "đã rút vì ghi nhầm")
    await lan.taps("01/CN")
    lan.sees("đã rút vì ghi nhầm")
    lan.sees_no("withdrawn")
    await hr.taps_data(f"cert_class:{course_id}")
    hr.sees("Đã cấp 0/2")
    await sends(hr, CERTIFICATES, ("DD1", "A2", "01/CN", "08/12/2026", None))
    assert await actions(office, "certificate.withdraw") == ["certificate.withdraw"] * 2


async def test_a_certificate_issued_anew_since_stays(office: Office) -> None:
    hr, _, _, course_id = await completed(office)
    await sends(
        hr, CERTIFICATES, ("DD1", "A1", "01/CN", "08/12/2026", None), ("DD1", "A2", "02/CN", "08/12/2026", None)
    )
    undo = button(hr, "Hoàn tác")
    await hr.taps_data(f"cert_class:{course_id}")
    await hr.taps("Lan")
    await hr.sends("Sai ngày sinh")
    await hr.sends("03/CN")
    await hr.taps("Hôm nay")
    hr.sees("03/CN")
    await undoes(hr, undo)
    hr.sees("trả lại 1 mục", "để nguyên (1): Lan (DD1)")


async def test_who_had_planned_and_approved_money_is_known_again(office: Office) -> None:
    hr, lan, minh = await learners(office)
    mai = await office.person("Mai", hr=True)
    await class_of(office, lan, minh)
    await sends(hr, MONEY, ("DD1", "A1", "Học phí", "Đơn vị", "1tr", "900k", None, None))
    await sends(mai, MONEY, ("DD1", "A1", "Học phí", "Đơn vị", "1tr", "800k", "800k", "20/11/2026"))
    await undoes(mai)
    mai.sees("trả lại 1 mục")
    async with office.store.reading() as tx:
        (row,) = await tx.fetch("select approved, approved_by, paid, paid_by from support")
    assert tuple(row[name] for name in ("approved", "approved_by", "paid", "paid_by")) == (
        900_000, hr.person_id, None, None,
    )  # fmt: skip


async def test_who_is_hr_no_more_but_teaches_takes_back_files_of_classes_only(office: Office) -> None:
    _, lan, minh = await learners(office)
    await office.person("Mai", hr=True)
    course_id = await class_of(office, lan, minh)
    office.clock.move_to(OVER)
    lecturer = await teacher(office, "Bình", course_id)
    async with office.store.transaction() as tx:
        await tx.execute("insert into rights (person_id, role, granted_at) values ($1, 'hr', 1)", lecturer.person_id)
    people = ("Mã CBCC", "Họ và tên", "Đơn vị công tác", "Đối tượng")
    await sends(lecturer, people, ("A9", "Nga", "Xã Trí Phải", "CC"))
    staff = button(lecturer, "Hoàn tác")
    await sends(lecturer, MARKS, ("DD1", "A1", 7, None, None))
    marks = button(lecturer, "Hoàn tác")
    async with office.store.transaction() as tx:
        await tx.execute("delete from rights where person_id = $1", lecturer.person_id)
    await undoes(lecturer, staff)
    lecturer.sees("không hoàn tác được nữa")
    await undoes(lecturer, marks)
    lecturer.sees("trả lại 1 mục")
    async with office.store.reading() as tx:
        assert await tx.fetchval("select active from people where code = 'A9'") == 1


async def test_a_school_sends_the_list_of_certificates_back_and_takes_it_back(office: Office) -> None:
    _, lan, _, course_id = await completed(office)
    clerk = await school(office, "Giáo vụ", course_id)
    await clerk.taps_data(f"cert_class_sheet:{course_id}")
    content = clerk.arrived[-1].attachments[0].content
    for heading, value in (("Số chứng chỉ", "01/CN"), ("Ngày cấp", "08/12/2026")):
        content = edited(content, sets("Lan", heading, value))
    await clerk.uploads("chung-chi.xlsx", content)
    clerk.sees("Cấp mới: 1")
    await clerk.taps("Ghi nhận")
    await lan.taps_data("certs")
    lan.sees("có hiệu lực")
    await undoes(clerk)
    clerk.sees("trả lại 1 mục")
    await lan.taps_data("certs")
    lan.sees("đã rút vì ghi nhầm")
