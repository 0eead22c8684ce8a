from scheduler import milestones
from tests.courses.classes import seated, state_of
from tests.schedule_changes.changing import a_class, changed, gives_up, news, previewed, rows
from tests.talking import ZONE, Office, at


async def test_hr_moves_a_session_after_a_look_at_what_it_does(office: Office) -> None:
    course_id, hr, (lan, mai) = await a_class(office, "Lan", "Mai", title="Luật Đất đai")
    await hr.taps_data(f"desk_course:{course_id}")
    await hr.taps("Thay đổi")
    await hr.taps("Đổi lịch")
    hr.sees("Anh/chị muốn đổi buổi nào?", "Buổi 1 · 07/12/2026 07:30", "Buổi 2", "Cả lớp")
    await hr.taps("Buổi 1")
    hr.sees(
        "Buổi 1: thứ Hai 07/12/2026, 07:30–11:30", "Đổi ngày giờ", "Đổi địa điểm", "Chuyển trực tuyến", "Bỏ buổi này"
    )
    await hr.taps("Đổi ngày giờ")
    hr.sees("Mời anh/chị gõ ngày giờ mới")
    await hr.sends("10/12 13h30-17h")
    hr.sees("thứ Hai 07/12/2026, 07:30–11:30 → thứ Năm 10/12/2026, 13:30–17:00", "Vì sao đổi?")
    await hr.sends("Giảng viên ốm & bão")
    hr.sees("chưa ghi gì", "Giảng viên ốm & bão", "2 người sẽ được báo", "Không ai trùng giờ", "Chờ trả lời đến")
    assert news(lan) == []
    await hr.taps("Ghi nhận")
    hr.sees("Đã ghi lịch mới", "2 người sẽ được báo")
    await office.settle()
    for person in (lan, mai):
        person.sees(
            "thứ Hai 07/12/2026, 07:30–11:30 → thứ Năm 10/12/2026, 13:30–17:00", "Giảng viên ốm & bão",
            "Tôi còn đi được", "Tôi không đi được", "Mời trả lời trước thứ Tư 25/11/2026, 08:00",
        )  # fmt: skip


async def test_course_and_reminders_follow_the_moved_session(office: Office) -> None:
    course_id, hr, (lan,) = await a_class(office, "Lan")
    await changed(office, hr, course_id, 1, "move", "10/12/2026 13:30-17:00")
    (row,) = await rows(office, "select starts_at, ends_at, cancel_until from courses")
    assert (row["starts_at"], row["ends_at"]) == (at("2026-12-08", "07:30"), at("2026-12-10", "17:00"))
    assert row["cancel_until"] == at("2026-12-07", "07:30")
    planned = await rows(
        office, "select step, due_at, expires_at from milestones where subject = 'session:1' and state = 'pending'"
    )
    assert {row["expires_at"] for row in planned} == {at("2026-12-10", "13:30")}
    await lan.taps("Tôi còn đi được")
    lan.sees("chỗ của anh/chị được giữ", "thứ Năm 10/12/2026, 13:30–17:00")
    await office.time_passes(at("2026-12-10", "12:00"), step=1800)
    reminded = [when for when, kind, subject in lan.pushed if (kind, subject) == ("session_reminder", "session:1")]
    assert reminded == [at("2026-12-03", "13:30"), at("2026-12-09", "13:30"), at("2026-12-10", "11:30")]


async def test_who_cannot_come_frees_the_seat_at_once_for_the_next(office: Office) -> None:
    course_id, hr, (lan,) = await a_class(office, "Lan", capacity=1)
    mai = await office.person("Mai")
    await mai.taps_data(f"enrol:{course_id}")
    await changed(office, hr, course_id, 1, "move", "10/12/2026")
    mai.sees("đổi lịch", "Xem thông tin lớp")
    mai.sees_no("Tôi còn đi được")
    await gives_up(lan)
    lan.sees("Chỗ đã được mời người đang chờ")
    assert await state_of(office, lan, course_id) == ["cancelled"]
    await office.settle()
    mai.sees("Nhận chỗ")
    await lan.taps_data("change_no:1")
    lan.sees("Chỗ đã trả lại lớp")
    await lan.taps_data("change_yes:1")
    lan.sees("không còn chỗ")
    assert await state_of(office, mai, course_id) == ["offered"]


async def test_silence_frees_the_seat_after_one_reminder(office: Office) -> None:
    course_id, hr, (lan, mai) = await a_class(office, "Lan", "Mai", capacity=2)
    nga = await office.person("Nga")
    await nga.taps_data(f"enrol:{course_id}")
    await changed(office, hr, course_id, 1, "move", "10/12/2026")
    await mai.taps("Tôi còn đi được")
    await office.time_passes(at("2026-11-25", "07:45"))
    assert [when for when, kind, _ in lan.pushed if kind == "change_reminder"] == [at("2026-11-23", "19:00")]
    lan.sees("tôi chưa nhận được trả lời", "Sau thứ Tư 25/11/2026, 08:00")
    assert await state_of(office, lan, course_id) == ["seat"]
    await office.time_passes(at("2026-11-25", "08:00"))
    lan.sees("chưa nhận được trả lời của anh/chị trong hạn")
    assert await state_of(office, lan, course_id) == ["lapsed"]
    assert await state_of(office, mai, course_id) == ["seat"]
    assert [kind for _, kind, _ in mai.pushed] == ["schedule_change"]
    nga.sees("Nhận chỗ")


async def test_who_gives_the_seat_up_is_owed_no_reminder_of_the_question(office: Office) -> None:
    course_id, hr, (lan,) = await a_class(office, "Lan")
    await changed(office, hr, course_id, 1, "move", "10/12/2026")
    office.clock.move_to(at("2026-11-23", "19:00"))
    await milestones.tick(office.store, office.clock.now(), ZONE)  # owed, and not sent yet
    await gives_up(lan)
    async with office.store.reading() as tx:
        found = await tx.fetch("select state, reason from outbox where kind = 'change_reminder'")
    assert [(row["state"], row["reason"]) for row in found] == [("skipped", "cancelled")]


async def test_an_answer_after_its_time_finds_the_seat_freed_though_no_tick_ran(office: Office) -> None:
    course_id, hr, (lan,) = await a_class(office, "Lan")
    await changed(office, hr, course_id, 1, "move", "10/12/2026")
    office.clock.move_to(at("2026-11-25", "08:00"))
    await lan.taps("Tôi còn đi được")
    lan.sees("quá hạn trả lời")
    assert await state_of(office, lan, course_id) == ["lapsed"]


async def test_people_without_a_chat_keep_the_seat_and_are_listed_with_their_phone(office: Office) -> None:
    course_id, hr, (lan,) = await a_class(office, "Lan")
    ba = await office.person("Ba", linked=False)
    async with office.store.transaction() as tx:
        await tx.execute("update people set phone = '0912345678' where id = $1", ba.person_id)
    await seated(office, ba, course_id)
    await previewed(hr, course_id, 1, "move", "10/12/2026")
    hr.sees("2 người sẽ được báo, trong đó 1 người chưa có trò chuyện")
    await hr.taps("Ghi nhận")
    hr.sees("1 người chưa có trò chuyện: mời anh/chị gọi điện")
    await office.time_passes(at("2026-11-26", "08:00"), step=3600)
    assert await state_of(office, ba, course_id) == ["seat"]
    assert await state_of(office, lan, course_id) == ["lapsed"]
    await hr.taps_data(f"desk_answers:{course_id}")
    hr.sees("1 hết hạn đã nhường chỗ, 1 chưa có trò chuyện", "1. Ba (Xã Trí Phải): chưa có trò chuyện, ĐT 0912345678")
    await hr.taps_data(f"desk_course:{course_id}")
    hr.sees("Xác nhận sau đổi lịch: 0 đi được, 0 không, 1 chưa trả lời, 1 hết hạn đã nhường chỗ")


async def test_a_mandatory_course_frees_no_seat_by_silence(office: Office) -> None:
    course_id, hr, (lan,) = await a_class(office, "Lan", mandatory=1)
    await previewed(hr, course_id, 1, "move", "10/12/2026")
    hr.sees("Lớp bắt buộc: ai không trả lời vẫn giữ chỗ")
    hr.sees_no("48 giờ")
    await hr.taps("Ghi nhận")
    await office.settle()
    lan.sees("Tôi còn đi được")
    await office.time_passes(at("2026-12-01"), step=6 * 3600)
    assert await state_of(office, lan, course_id) == ["seat"]


async def test_hr_chooses_how_long_answers_are_awaited(office: Office) -> None:
    course_id, hr, (lan,) = await a_class(office, "Lan")
    await previewed(hr, course_id, 1, "move", "10/12/2026")
    hr.sees("12 giờ", "24 giờ", "48 giờ", "Không thu hồi chỗ", "Chờ trả lời đến thứ Tư 25/11/2026, 08:00")
    await hr.taps("12 giờ")
    hr.sees("Chờ trả lời đến thứ Tư 25/11/2026, 07:30")  # 20:00 is no calm hour, and the 24th is a holiday
    await hr.taps("Không thu hồi chỗ")
    hr.sees("Ai không trả lời vẫn giữ chỗ")
    await hr.taps("Ghi nhận")
    await office.time_passes(at("2026-12-01"), step=6 * 3600)
    assert await state_of(office, lan, course_id) == ["seat"]
    lan.sees_no("Mời trả lời trước")


async def test_who_is_on_a_course_that_has_begun_stays_on_it(office: Office) -> None:
    course_id, hr, (lan,) = await a_class(office, "Lan")
    office.clock.move_to(at("2026-12-07", "13:00"))
    await changed(office, hr, course_id, 2, "move", "10/12/2026")
    lan.sees_no("Mời trả lời trước")
    await lan.taps("Tôi không đi được")
    lan.sees("vẫn có tên trong lớp")
    assert await state_of(office, lan, course_id) == ["seat"]
    await hr.taps_data(f"desk_answers:{course_id}")
    hr.sees("1. Lan (Xã Trí Phải): không đi được")


async def test_lich_shows_the_change_and_takes_the_answer(office: Office) -> None:
    course_id, hr, (lan,) = await a_class(office, "Lan")
    await changed(office, hr, course_id, 1, "move", "10/12/2026")
    await lan.sends("/start")
    lan.sees("1 lớp đổi lịch chờ anh/chị trả lời")
    await lan.sends("/lich")
    lan.sees("trước đây: thứ Hai 07/12/2026, 07:30–11:30", "chờ anh/chị trả lời", "Trả lời: Lớp mẫu")
    await lan.taps("Trả lời: Lớp mẫu")
    await lan.taps("Tôi còn đi được")
    await lan.sends("/lich")
    lan.sees_no("Trả lời:")


async def test_the_history_is_shown_to_hr_with_who_and_to_people_without(office: Office) -> None:
    course_id, hr, (lan,) = await a_class(office, "Lan")
    await changed(office, hr, course_id, 1, "move", "10/12/2026")
    await hr.taps_data(f"desk_history:{course_id}")
    hr.sees("Đổi ngày giờ", "Hạnh", "→ thứ Năm 10/12/2026", "Lý do: Giảng viên bận")
    await lan.taps_data(f"course:{course_id}")
    await lan.taps("Lịch sử thay đổi")
    lan.sees("Đổi ngày giờ", "→ thứ Năm 10/12/2026", "Lý do: Giảng viên bận")
    lan.sees_no("Hạnh")


async def test_who_has_not_answered_is_on_a_list_to_paste(office: Office) -> None:
    course_id, hr, (lan, _) = await a_class(office, "Lan", "Mai", title="Luật Đất đai")
    await changed(office, hr, course_id, 1, "move", "10/12/2026")
    await lan.taps("Tôi còn đi được")
    await hr.sends("ai chưa")
    await hr.taps("Chưa trả lời: Luật Đất đai (1)")
    hr.sees("Chưa trả lời sau đổi lịch lớp Luật Đất đai: 1 người", "Xã Trí Phải: Mai")


async def test_who_was_told_too_late_to_answer_keeps_the_seat(office: Office) -> None:
    course_id, hr, (lan,) = await a_class(office, "Lan")
    await previewed(hr, course_id, 1, "move", "10/12/2026")
    await hr.taps("Ghi nhận")
    office.clock.move_to(at("2026-11-25", "07:00"))  # an hour before the end; until then nothing could be sent
    await office.settle()
    lan.sees("Tôi còn đi được")
    await office.time_passes(at("2026-11-26"))
    assert await state_of(office, lan, course_id) == ["seat"]
    await hr.taps_data(f"desk_answers:{course_id}")
    hr.sees("1. Lan (Xã Trí Phải): chưa trả lời, ĐT chưa có số")
