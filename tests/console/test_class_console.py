import pytest

from bot.messengers.texts import length
from bot.training import class_console, courses
from tests.attendance.rooms import session_of
from tests.broadcasts.announcing import got
from tests.courses.classes import course, seated
from tests.courses.test_courses_in_english import english
from tests.ratings.test_rating_story import rates
from tests.talking import Chat, Office, at

NARROWEST = 2000  # characters that the narrowest messenger takes
THREE = tuple((f"2026-12-{day:02}", "07:30", "11:30") for day in (7, 8, 9))


async def opened(hr: Chat, course_id: int) -> Chat:
    return await hr.taps_data(f"desk_course:{course_id}")


async def test_the_card_counts_seats_offers_approvals_and_who_waits(office: Office) -> None:
    hr, long = await office.person("Hạnh", unit="Sở Nội vụ", hr=True), await office.person("Long", head=True)
    lan, mai, nam = [await office.person(name) for name in ("Lan", "Mai", "Nam")]
    course_id = await course(office, capacity=2)
    await lan.taps_data(f"enrol:{course_id}")
    await mai.taps_data(f"enrol:{course_id}")
    await nam.taps_data(f"enrol:{course_id}")
    await opened(hr, course_id)
    hr.sees("Đăng ký: đang mở, hạn Chủ nhật 06/12/2026", "Có chỗ: 0/2", "Chờ thủ trưởng duyệt: 2", "Danh sách chờ: 1")
    await long.sends("/duyet")
    await long.taps("Lan")
    await long.taps("Duyệt")
    await opened(hr, course_id)
    hr.sees("Có chỗ: 1/2", "Chờ thủ trưởng duyệt: 1", "Buổi học: 0/1 đã học", "buổi 1, thứ Hai 07/12/2026, 07:30")
    hr.sees_no("Đang được mời")


async def test_the_card_follows_the_sessions_and_tells_who_was_there(office: Office) -> None:
    hr, lan, mai = await office.person("Hạnh", hr=True), await office.person("Lan"), await office.person("Mai")
    course_id = await course(office, sessions_at=THREE, place="Hội trường A")
    for person in (lan, mai):
        await seated(office, person, course_id)
    office.clock.move_to(at("2026-12-07", "08:00"))
    await opened(hr, course_id)
    hr.sees("Lớp đang học.", "0/3 đã học", "Buổi tới: buổi 1", "Hội trường A")
    session_id = await session_of(office, course_id)
    await hr.taps_data(f"att_set:{session_id}:{lan.person_id}:present")
    office.clock.move_to(at("2026-12-08", "12:00"))
    await opened(hr, course_id)
    hr.sees("2/3 đã học", "(07/12/2026): có mặt 1/2, 1 chưa ghi", "(08/12/2026): chưa điểm danh", "Buổi tới: buổi 3")


async def test_each_session_tells_who_was_late_left_was_excused_or_absent(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    course_id = await course(office)
    told = ("present", "late", "half", "left_early", "absent")
    people = [await office.person(f"Người {n}") for n in range(len(told) + 2)]
    for person in people:
        await seated(office, person, course_id)
    office.clock.move_to(at("2026-12-07", "12:00"))
    session_id = await session_of(office, course_id)
    for person, state in zip(people, told, strict=False):
        await hr.taps_data(f"att_set:{session_id}:{person.person_id}:{state}")
    await hr.taps_data(f"att_set:{session_id}:{people[5].person_id}:excused")
    await hr.sends("Ốm")
    await opened(hr, course_id)
    hr.sees("có mặt 4/7, 1 đi muộn, 2 nửa buổi hoặc về sớm, 1 vắng có lý do, 1 vắng, 1 chưa ghi")


async def test_the_card_tells_the_last_three_sessions_and_says_that_there_were_more(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    days = tuple((f"2026-12-{day:02}", "07:30", "11:30") for day in (7, 8, 9, 10, 11))
    course_id = await course(office, sessions_at=days)
    office.clock.move_to(at("2026-12-10", "12:00"))
    await opened(hr, course_id)
    hr.sees("4/5 đã học; 3 buổi gần nhất:", "Buổi 2 (08/12/2026)", "Buổi 4 (10/12/2026)")
    hr.sees_no("Buổi 1 (")


async def test_what_came_of_a_class_is_told_when_it_is_over(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    people = [await office.person(name) for name in ("Lan", "Mai", "Nam")]
    course_id = await course(office, sessions_at=THREE[:2], attendance_share=0)
    for person in people:
        await seated(office, person, course_id)
    office.clock.move_to(at("2026-12-07", "12:00"))
    await opened(hr, course_id)
    hr.sees_no("Kết quả:")
    office.clock.move_to(at("2026-12-08", "12:00"))
    for person, passed in ((people[0], 1), (people[1], 0)):
        await hr.taps_data(f"res_pass:{course_id}:{person.person_id}:{passed}")
    await opened(hr, course_id)
    hr.sees("Kết quả: 1 hoàn thành, 1 chưa đạt, 1 còn thiếu điểm hoặc điểm danh, chưa chốt")
    await hr.taps_data(f"res_close_yes:{course_id}")
    await opened(hr, course_id)
    hr.sees("đã chốt 08/12/2026")


async def test_the_money_of_a_class_is_one_line(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    course_id = await course(office)
    await opened(hr, course_id)
    hr.sees_no("Kinh phí:")
    for column, amount in (("planned", "12tr"), ("spent", "3,5tr")):
        await hr.taps_data(f"money_source:{course_id}:state:{column}")
        await hr.sends(amount)
    await opened(hr, course_id)
    hr.sees("Kinh phí: dự toán 12.000.000 đồng, đã chi 3.500.000 đồng")


async def test_to_a_cancelled_class_nothing_is_written(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    course_id = await course(office, title="Tin học", state="cancelled")
    await opened(hr, course_id)
    hr.sees_no("Nhắn cả lớp")
    await hr.taps_data(f"class_message:{course_id}")
    hr.sees("Tin học đã huỷ")


async def test_the_list_of_classes_says_what_has_become_of_each(office: Office) -> None:
    hr, lan = await office.person("Hạnh", hr=True), await office.person("Lan")
    past = (("2026-11-20", "07:30", "11:30"),)
    running = (("2026-11-20", "07:30", "11:30"), ("2026-11-27", "07:30", "11:30"))
    await course(office, title="Sắp học")
    await course(office, title="Hoãn lại", postponed_at=1)
    await course(office, title="Học dở", sessions_at=running)
    await seated(office, lan, await course(office, title="Học xong", sessions_at=past, state="closed"))
    await hr.taps_data("desk_courses")
    hr.sees("Sắp học (07/12/2026): 0/30 có chỗ", "Hoãn lại (07/12/2026): tạm hoãn, 0/30", "đang học, 0/30")
    hr.sees("Học xong (20/11/2026): đã kết thúc, 1 học viên")
    hr.sees_no("đã kết thúc, 1 học viên, đã đóng")


async def test_what_is_to_be_worked_on_comes_first_in_the_list(office: Office) -> None:
    hr, lan = await office.person("Hạnh", hr=True), await office.person("Lan")
    days = {"Xa": "2026-06-01", "Vừa xong": "2026-11-20", "Xong trước": "2026-11-10", "Đã chốt": "2026-11-19",
            "Sắp học": "2026-12-07"}  # fmt: skip
    for title, day in days.items():
        made = await course(office, title=title, code=title, sessions_at=((day, "07:30", "11:30"),))
        await seated(office, lan, made)
        if title == "Đã chốt":
            await hr.taps_data(f"res_close_yes:{made}")
    running = (("2026-11-20", "07:30", "11:30"), ("2026-11-27", "07:30", "11:30"))
    await course(office, title="Học dở", sessions_at=running)
    await hr.taps_data("desk_courses")
    hr.sees("Vừa xong (20/11/2026): đã kết thúc, 1 học viên, chưa chốt kết quả")
    titles = ["Học dở", "Vừa xong", "Xong trước", "Sắp học", "Đã chốt", "Xa"]
    places = [hr.last.index(f"{place}. {title}") for place, title in enumerate(titles, start=1)]
    assert places == sorted(places)
    hr.sees("Đã chốt (19/11/2026): đã kết thúc, 1 học viên\n")


async def test_a_finished_class_says_so_with_what_came_of_it(office: Office) -> None:
    hr, lan, mai = await office.person("Hạnh", hr=True), await office.person("Lan"), await office.person("Mai")
    course_id = await course(office)
    for person in (lan, mai):
        await seated(office, person, course_id)
    office.clock.move_to(at("2026-12-07", "12:00"))
    await hr.taps_data(f"res_pass:{course_id}:{lan.person_id}:1")
    await opened(hr, course_id)
    hr.sees("Lớp đã kết thúc thứ Hai 07/12/2026", "1/1 đã học", "chưa chốt", "Đánh giá: 0/2 phiếu", "từ 5 phiếu")
    hr.sees_no("đang mở")
    hr.sees_no("Buổi tới")


async def test_the_mean_of_ratings_is_shown_from_five_forms_on(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    people = [await office.person(f"Người {n}") for n in range(5)]
    course_id = await course(office)
    for person in people:
        await seated(office, person, course_id)
    await office.time_passes(at("2026-12-07", "13:00"), step=3600)
    for person in people[:4]:
        await rates(person, 5, 5, 5)
    await opened(hr, course_id)
    hr.sees("Đánh giá: 4/5 phiếu, từ 5 phiếu mới hiện kết quả")
    await rates(people[4], 5, 5, 5)
    await opened(hr, course_id)
    hr.sees("Đánh giá: 5/5 phiếu, chung 10,0/10")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"state": "cancelled", "cancel_reason": "Bão"}, "Lớp đã huỷ. Lý do: Bão"),
        ({"postponed_at": 1}, "đang tạm hoãn"),
        ({"state": "closed"}, "Đăng ký: đã đóng"),
        ({"deadline": 1}, "Đăng ký: đã hết hạn"),
    ],
)
async def test_what_stops_a_class_stands_first(office: Office, fields: dict, told: str) -> None:
    hr = await office.person("Hạnh", hr=True)
    await opened(hr, await course(office, **fields))
    hr.sees(told)
    hr.sees_no("đang mở")


async def test_sixty_sessions_and_a_hundred_quotas_stay_one_message(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    days = tuple((f"2026-{month:02}-{day:02}", "07:30", "11:30") for month in (11, 12) for day in range(1, 31))
    course_id = await course(office, title="Lớp " + "rất dài " * 30, sessions_at=days, capacity=500)
    async with office.store.transaction() as tx:
        for n in range(100):
            unit = await tx.fetchval(
                "insert into units (name, fold) values ($1, $2) returning id", f"Xã {n} " + "dài " * 30, f"xa {n}"
            )
            await tx.execute(
                "insert into course_quotas (course_id, unit_id, places) values ($1, $2, 5)", course_id, unit
            )
    await opened(hr, course_id)
    hr.sees("và 96 đơn vị khác", "/60 đã học")
    assert length(hr.arrived[-1].text) < NARROWEST


async def test_a_message_to_the_class_reaches_exactly_the_class(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    lan, mai, nam = [await office.person(name) for name in ("Lan", "Mai", "Nam")]
    course_id, other = await course(office, title="Luật Đất đai"), await course(office, title="Tin học")
    for person in (lan, mai):
        await seated(office, person, course_id)
    await seated(office, nam, other)
    await opened(hr, course_id)
    await hr.taps("Nhắn cả lớp")
    await opened(hr, course_id)
    await hr.taps("Nhắn cả lớp")  # again: the same empty draft
    await hr.sends("Mai học ở phòng 5.")
    hr.sees("Luật Đất đai", "2 người", "bắt buộc – ai cũng nhận, kể cả người đã tắt tin chung", "[Về lớp]")
    await hr.taps("Xem trước")
    await office.settle()
    await hr.taps("Gửi")
    await office.settle()
    assert [got(person, "Mai học ở phòng 5.") for person in (lan, mai, nam)] == [1, 1, 0]
    lan.sees("Lớp: Luật Đất đai\nNgười gửi: Hạnh, Xã Trí Phải\n\nMai học ở phòng 5.")
    assert sum("Đã gửi xong" in message.text for message in hr.arrived) == 1
    await hr.taps("Đính chính")
    await hr.sends("Phòng 6.")
    await hr.taps("Xem trước")
    await office.settle()
    await hr.taps("Gửi")
    await office.settle()
    lan.sees("Đính chính", "Lớp: Luật Đất đai\nNgười gửi: Hạnh", "Phòng 6.")
    await hr.taps("Về lớp")
    hr.sees("Nhắn cả lớp", "Có chỗ: 2/30")
    async with office.store.reading() as tx:
        assert await tx.fetchval("select count(*) from broadcasts") == 2


async def test_each_list_of_who_has_not_is_one_tap_from_the_class(office: Office) -> None:
    hr = await office.person("Hạnh", unit="Sở Nội vụ", hr=True)
    lan, mai = await office.person("Lan"), await office.person("Mai")
    bich = await office.person("Bích", linked=False)
    course_id = await course(office)
    for person in (lan, mai, bich):
        await seated(office, person, course_id)
    await opened(hr, course_id)
    await hr.taps("Ai chưa?")
    hr.sees("[Chưa liên kết (1)]")
    hr.sees_no("Chưa điểm danh")
    office.clock.move_to(at("2026-12-07", "12:00"))
    await hr.taps_data(f"att_set:{await session_of(office, course_id)}:{lan.person_id}:present")
    await hr.taps_data(f"res_pass:{course_id}:{mai.person_id}:1")
    await hr.taps_data(f"class_who_not:{course_id}")
    hr.sees("[Chưa điểm danh (2)]", "[Chưa có kết quả (2)]")
    await hr.taps("Chưa điểm danh")
    hr.sees("Chưa được điểm danh đủ", "Bích, Mai")
    await hr.taps_data(f"who_not_list:result:{course_id}")
    hr.sees("Chưa có kết quả", "Bích, Lan")
    hr.sees_no("Mai")


async def test_who_has_not_answered_an_offer_is_listed_until_they_do(office: Office) -> None:
    hr, lan = await office.person("Hạnh", unit="Sở Nội vụ", hr=True), await office.person("Lan")
    course_id = await course(office)
    await hr.taps_data(f"nominate:{course_id}:1")
    await hr.taps("Chọn Lan")
    await hr.taps("Xem lại 1 người")
    await hr.taps("Đề cử 1 người")
    await hr.taps_data(f"who_not_list:confirm:{course_id}")
    hr.sees("Chưa trả lời lời mời", "1 người", "Lan")
    await lan.taps_data(f"offer_yes:{course_id}")
    await hr.taps_data(f"who_not_list:confirm:{course_id}")
    hr.sees("không còn ai")


async def test_files_and_changes_of_a_class_are_behind_two_buttons(office: Office) -> None:
    hr, lan = await office.person("Hạnh", hr=True), await office.person("Lan")
    course_id = await course(office)
    await seated(office, lan, course_id)
    await opened(hr, course_id)
    await hr.taps("Tệp, văn bản")
    hr.sees("Danh sách học viên", "Bảng điểm danh", "Bảng điểm (Excel)", "Chứng chỉ (Excel)", "Lớp (Excel)", "Văn bản")
    for button in ("Danh sách học viên", "Bảng điểm danh", "Bảng điểm (Excel)", "Lớp (Excel)"):
        await hr.taps_data(f"class_files:{course_id}")
        await hr.taps(button)
        assert hr.arrived[-1].attachments, button
    await hr.taps_data(f"class_edit:{course_id}")
    hr.sees("Đóng đăng ký", "Đổi chỉ tiêu", "Đổi lịch", "Tài liệu", "Thông tin, sửa", "Đề cử", "Lịch sử", "Huỷ lớp")


async def test_the_console_speaks_english_too(office: Office) -> None:
    hr, lan = await office.person("Hạnh", hr=True), await office.person("Lan")
    course_id = await course(office, title="Land Law")
    await seated(office, lan, course_id)
    await english(office, hr, lan)
    await opened(hr, course_id)
    hr.sees("Sign-up: open", "Seats given: 1/30", "Next: session 1", "Write to the class")
    await hr.taps("Files, papers")
    hr.sees("Marks (Excel)")
    await hr.taps_data(f"class_edit:{course_id}")
    hr.sees("Change the size", "Cancel the course")
    office.clock.move_to(at("2026-12-07", "12:00"))
    await opened(hr, course_id)
    hr.sees("This course ended", "0/1 forms")
    await hr.taps("Who has not?")
    hr.sees("No result (1)")
    await hr.taps("No result")
    hr.sees("[Others of the class]")


@pytest.mark.parametrize(
    ("now", "fields", "phase"),
    [
        (10, {}, "open"),
        (51, {}, "expired"),
        (10, {"state": "closed"}, "closed"),
        (100, {"state": "closed"}, "under_way"),
        (200, {}, "over"),
        (300, {"state": "cancelled"}, "cancelled"),
        (300, {"postponed_at": 5}, "postponed"),
    ],
)
async def test_a_class_is_in_one_phase(office: Office, now: int, fields: dict, phase: str) -> None:
    course_id = await course(office, **{"deadline": 50, "starts_at": 100, "ends_at": 200, **fields})
    async with office.store.reading() as tx:
        assert class_console.phase(await courses.find(tx, course_id), now) == phase
