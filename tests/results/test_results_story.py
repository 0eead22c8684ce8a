from tests.results.classes import OVER, class_of, ledger, was_there
from tests.results.test_results_by_workbook import marks_file
from tests.talking import Office, at


async def test_marks_are_typed_one_after_the_other_and_closing_tells_each_learner_their_own(office: Office) -> None:
    hr = await office.person("Hoa", hr=True)
    lan, minh = await office.person("Lan"), await office.person("Minh")
    course_id = await class_of(office, lan, minh, hours=10)
    for one, hours in ((lan, 10), (minh, 6)):
        await was_there(office, one, course_id, hours)
    async with office.store.transaction() as tx:
        await tx.execute("update sessions set cancelled_at = 1 where course_id = $1 and number = 2", course_id)
    office.clock.move_to(OVER)
    await office.settle()
    await hr.taps_data(f"desk_course:{course_id}")
    await hr.taps("Kết quả")
    hr.sees("Lan: chưa hoàn thành (chưa có điểm, cần từ 5,0)", "cần 80 %", "6/10 tiết (60 %)")
    assert hr.last.count("chưa có điểm") == 2, "once a learner"
    await hr.taps("Lan")
    assert hr.last.count("chưa có điểm") == 1
    await hr.sends("7,5")
    hr.sees("Đã ghi cho Lan: 7,5 – hoàn thành", "còn 1 người", "Tiếp: Minh")
    await hr.taps("Tiếp: Minh")
    await hr.sends("8.5")
    await hr.taps("Kết quả cả lớp")
    await hr.taps("Chốt kết quả")
    hr.sees("Hoàn thành: 1", "Chưa hoàn thành: 1")
    await hr.taps("Chốt kết quả")
    hr.sees("Đã chốt kết quả", "Kết quả cả lớp")
    await office.settle()
    lan.sees("lớp Luật Đất đai: hoàn thành", "Điểm: 7,5 (Khá)", "10/40 tiết, còn thiếu 30 tiết")
    lan.sees_no("8,5")
    minh.sees("chưa hoàn thành", "dự 6/10 tiết (60 %), cần 80 %", "0/40")
    assert await ledger(office, lan) == [("course", "completed", 100, None)]
    await hr.taps_data(f"res_close_yes:{course_id}")
    before = len(lan.arrived)
    await office.settle()
    assert len(lan.arrived) == before


async def test_a_correction_after_closing_needs_a_reason_and_keeps_the_old_row(office: Office) -> None:
    hr, lan = await office.person("Hoa", hr=True), await office.person("Lan")
    course_id = await class_of(office, lan, hours=5)
    await was_there(office, lan, course_id, 10)
    office.clock.move_to(OVER)
    await office.settle()
    await hr.taps_data(f"res_one:{course_id}:{lan.person_id}")
    await hr.sends("4")
    await hr.taps_data(f"res_close_yes:{course_id}")
    await hr.taps_data(f"res_one:{course_id}:{lan.person_id}")
    await hr.taps("Điểm thi lại")
    await hr.sends("6")
    hr.sees("vì lý do gì")
    await hr.sends("Thi lại ngày 08/12")
    assert await ledger(office, lan) == [
        ("course", "failed", 100, None),
        ("course", "completed", 100, "Thi lại ngày 08/12"),
    ]
    await office.settle()
    assert [kind for _, kind, _ in lan.pushed].count("course_result") == 1
    lan.sees("hoàn thành", "6,0")


async def test_wrong_marks_are_explained_and_asked_again(office: Office) -> None:
    hr, lan = await office.person("Hoa", hr=True), await office.person("Lan")
    course_id = await class_of(office, lan)
    office.clock.move_to(OVER)
    await hr.taps_data(f"res_one:{course_id}:{lan.person_id}")
    await hr.taps_data(f"res_resit:{course_id}:{lan.person_id}")
    hr.sees("Chưa có điểm lần đầu")
    await hr.taps_data(f"res_one:{course_id}:{lan.person_id}")
    for typed in ("11", "-1", "giỏi"):
        await hr.sends(typed)
        hr.sees(f"“{typed}” không phải điểm từ 0 đến 10")
    await hr.sends("9")
    hr.sees("9,0")
    await hr.taps_data(f"res_resit:{course_id}:{lan.person_id}")
    hr.sees("đã đạt nên không thi lại")


async def test_nothing_is_closed_before_the_course_is_over(office: Office) -> None:
    hr, lan = await office.person("Hoa", hr=True), await office.person("Lan")
    course_id = await class_of(office, lan)
    await hr.taps_data(f"res_close:{course_id}")
    hr.sees("mới xong")
    await hr.taps_data(f"res_close_yes:{course_id}")
    hr.sees("mới xong")
    assert await ledger(office, lan) == []


async def test_without_attendance_hr_confirms_by_hand_with_a_reason(office: Office) -> None:
    hr, lan = await office.person("Hoa", hr=True), await office.person("Lan")
    course_id = await class_of(office, lan, pass_mark=0)
    office.clock.move_to(OVER)
    await office.settle()
    await hr.taps_data(f"res:{course_id}")
    hr.sees("chưa có điểm danh")
    await hr.taps("Lan")
    await hr.taps("Xác nhận đã dự")
    await hr.sends("Danh sách ký tên của trường")
    await hr.taps_data(f"res_close_yes:{course_id}")
    assert await ledger(office, lan) == [("course", "completed", 200, None)]
    async with office.store.reading() as tx:
        assert await tx.fetchval("select count(*) from audit where action = 'results.vouch'") == 1


async def test_only_who_runs_or_teaches_a_class_marks_it_and_nobody_marks_themself(office: Office) -> None:
    hr = await office.person("Hoa", hr=True)
    lan, teacher = await office.person("Lan"), await office.person("Thầy Nam")
    course_id = await class_of(office, lan, hr)
    office.clock.move_to(OVER)
    await lan.taps_data(f"res_one:{course_id}:{lan.person_id}")
    lan.sees("dành cho người được phân quyền")
    assert not lan.saw("Mời anh/chị gõ điểm")
    await hr.taps_data(f"res_one:{course_id}:{hr.person_id}")
    hr.sees("không tự ghi kết quả của mình")
    async with office.store.transaction() as tx:
        await tx.execute(
            "insert into lecturers (id, name, fold, person_id) values (1, 'Nam', 'nam', $1)", teacher.person_id
        )
        await tx.execute("insert into course_lecturers (course_id, lecturer_id) values ($1, 1)", course_id)
    await teacher.sends("/start")
    await teacher.taps("Lớp phụ trách")
    await teacher.taps("Luật Đất đai")
    await teacher.taps("Kết quả")
    await teacher.taps("Lan")
    await teacher.sends("8")
    teacher.sees("Đã ghi cho Lan: 8,0")
    await teacher.taps_data(f"res_close_yes:{course_id}")
    teacher.sees_no("Đã chốt")
    async with office.store.reading() as tx:
        assert await tx.fetchval("select count(*) from audit where action = 'refused'") >= 2


async def test_hr_of_a_unit_sees_only_their_own_people_of_a_course_of_the_whole(office: Office) -> None:
    clerk = await office.person("Thu", unit="Xã Trí Phải")
    lan, xa = await office.person("Lan", unit="Xã Trí Phải"), await office.person("Xa", unit="Xã Biển Bạch")
    async with office.store.transaction() as tx:
        unit_id = await tx.fetchval("select unit_id from people where id = $1", clerk.person_id)
        await tx.execute(
            "insert into rights (person_id, role, unit_id, granted_at) values ($1, 'hr', $2, 1)",
            clerk.person_id,
            unit_id,
        )
    course_id = await class_of(office, lan, xa)
    await clerk.taps_data(f"res:{course_id}")
    clerk.sees("Lan")
    clerk.sees_no("Xa:")
    clerk.sees_no("Chốt kết quả")
    await clerk.taps_data(f"res_one:{course_id}:{lan.person_id}")
    clerk.sees_no("Mời anh/chị gõ điểm")


async def test_sessions_without_planned_hours_count_by_their_length_and_an_excuse_is_no_record(office: Office) -> None:
    hr, lan = await office.person("Hoa", hr=True), await office.person("Lan")
    course_id = await class_of(office, lan, pass_mark=0)
    async with office.store.transaction() as tx:
        await tx.execute("update sessions set hours = null where course_id = $1", course_id)
        await tx.execute(
            """insert into attendance (session_id, person_id, state, hours_tenths, source, at)
            select id, $2, 'excused', 0, 'phone', 1 from sessions where course_id = $1 and number = 1""",
            course_id,
            lan.person_id,
        )
    await hr.taps_data(f"res:{course_id}")
    hr.sees("chưa có điểm danh")
    async with office.store.transaction() as tx:
        await tx.execute(
            "update attendance set state = 'present', hours_tenths = 40 where person_id = $1", lan.person_id
        )
    await hr.taps_data(f"res:{course_id}")
    hr.sees("dự 4/8 tiết (50 %), cần 80 %")


async def test_passed_or_not_is_told_by_a_tap_and_a_mark_typed_later_decides(office: Office) -> None:
    hr, lan, minh = await office.person("Hoa", hr=True), await office.person("Lan"), await office.person("Minh")
    course_id = await class_of(office, lan, minh)
    office.clock.move_to(OVER)
    for one in (lan, minh):
        await was_there(office, one, course_id, 20)
    await hr.taps_data(f"res_one:{course_id}:{lan.person_id}")
    await hr.taps("Đạt")
    hr.sees("Đã ghi cho Lan: đạt – hoàn thành")
    await hr.taps("Tiếp: Minh")
    await hr.taps("Không đạt")
    hr.sees("Đã ghi cho Minh: không đạt – chưa hoàn thành (không đạt kiểm tra)", "còn 0 người")
    await hr.taps("Sửa lại")
    await hr.sends("6")
    hr.sees("Đã ghi cho Minh: 6,0 – hoàn thành")
    await hr.taps_data(f"res_pass:{course_id}:{minh.person_id}:0")
    hr.sees("6,0", "Hiện là: hoàn thành")


async def test_closing_names_first_who_has_no_mark_and_which_session_nobody_recorded(office: Office) -> None:
    hr = await office.person("Hoa", hr=True)
    lan, *others = [await office.person(name) for name in ("Lan", *(f"Người {n:02}" for n in range(12)))]
    course_id = await class_of(office, lan, *others)
    await was_there(office, lan, course_id, 10)
    office.clock.move_to(OVER)
    await hr.taps_data(f"res_one:{course_id}:{lan.person_id}")
    await hr.sends("7")
    await hr.taps_data(f"res_close:{course_id}")
    hr.sees("Chưa có điểm: Người 00, Người 01", "Người 09 và 2 người khác", "Chưa điểm danh: buổi 2 (07/12/2026)")
    hr.sees_no("Lan")


async def test_closing_warns_of_nothing_when_all_is_entered(office: Office) -> None:
    hr, lan = await office.person("Hoa", hr=True), await office.person("Lan")
    course_id = await class_of(office, lan, pass_mark=0)
    office.clock.move_to(OVER)
    await hr.taps_data(f"res_close:{course_id}")
    hr.sees("Chưa điểm danh: buổi 1 (07/12/2026), buổi 2")
    await hr.taps_data(f"res_one:{course_id}:{lan.person_id}")
    await hr.taps("Xác nhận đã dự")
    await hr.sends("Danh sách ký tên của trường")
    await hr.taps_data(f"res_close:{course_id}")
    hr.sees_no("Chưa điểm danh")
    hr.sees_no("Chưa có điểm")


async def test_a_class_that_has_not_begun_takes_no_marks_by_chat_or_by_workbook(office: Office) -> None:
    hr, lan = await office.person("Hoa", hr=True), await office.person("Lan", code="A1")
    course_id = await class_of(office, lan)
    await hr.taps_data(f"res:{course_id}")
    hr.sees("Lớp bắt đầu thứ Hai 07/12/2026, 07:30; từ lúc đó mới ghi kết quả")
    hr.sees_no("[Lan]")
    for entry in ("res_one", "res_vouch"):
        await hr.taps_data(f"{entry}:{course_id}:{lan.person_id}")
        hr.sees("mới bắt đầu nên chưa ghi kết quả được")
    await hr.uploads("diem.xlsx", marks_file(["DD1", "A1", "Lan", 7, None, None]))
    hr.sees("lớp “DD1” chưa bắt đầu", "Dòng lỗi, để lại: 1")
    hr.sees_no("[Ghi nhận]")
    office.clock.move_to(at("2026-12-07", "07:30"))
    await hr.taps_data(f"res:{course_id}")
    await hr.taps("Lan")
    await hr.sends("7")
    hr.sees("Đã ghi cho Lan: 7,0")
