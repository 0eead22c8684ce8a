import asyncio

from bot.training import course_import, schedule_changes
from bot.training.calendar import Calendar
from bot.training.schedule_changes import Done
from bot.training.schedule_wishes import Wish
from tests.courses.classes import seated, state_of
from tests.courses.test_course_import import read, sheet
from tests.round_trip.editing import undoes
from tests.schedule_changes.changing import a_class, changed, gives_up, news, previewed, rows
from tests.talking import ZONE, Office, at


async def moved_quietly(office: Office, hr, course_id: int, session_id: int, kind: str, value: str = "") -> None:
    """Change a schedule without letting the news leave."""
    await previewed(hr, course_id, session_id, kind, value)
    await hr.taps("Ghi nhận")
    hr.sees("Đã ghi lịch mới")


async def test_what_was_changed_back_before_it_was_told_is_told_to_nobody(office: Office) -> None:
    course_id, hr, (lan,) = await a_class(office, "Lan")
    await moved_quietly(office, hr, course_id, 1, "move", "10/12/2026")
    await moved_quietly(office, hr, course_id, 1, "move", "07/12/2026")
    hr.sees("Không ai cần được báo")
    await office.time_passes(at("2026-11-28"), step=6 * 3600)
    assert news(lan) == []
    assert await state_of(office, lan, course_id) == ["seat"]
    await hr.taps_data(f"desk_answers:{course_id}")
    hr.sees("Không có ai cần xác nhận")


async def test_two_changes_before_the_news_leaves_are_told_once_as_the_net_of_both(office: Office) -> None:
    course_id, hr, (lan,) = await a_class(office, "Lan")
    await moved_quietly(office, hr, course_id, 1, "move", "10/12/2026")
    await moved_quietly(office, hr, course_id, 2, "place", "Hội trường B")
    await office.settle()
    assert len(news(lan)) == 1
    lan.sees("Buổi 1: thứ Hai 07/12/2026, 07:30–11:30 → thứ Năm 10/12/2026", "Phòng họp số 2 → Hội trường B")
    await lan.taps("Tôi còn đi được")
    await hr.taps_data(f"desk_answers:{course_id}")
    hr.sees("1 đi được, 0 không, 0 chưa trả lời")


async def test_an_older_question_says_that_the_schedule_has_changed_again(office: Office) -> None:
    course_id, hr, (lan,) = await a_class(office, "Lan")
    await changed(office, hr, course_id, 1, "move", "10/12/2026")
    await changed(office, hr, course_id, 1, "move", "11/12/2026")
    lan.sees("thứ Năm 10/12/2026, 07:30–11:30 → thứ Sáu 11/12/2026")
    await lan.taps_data("change_no:1")
    lan.sees("đã đổi thêm lần nữa", "thứ Sáu 11/12/2026", "Tôi còn đi được")
    assert await state_of(office, lan, course_id) == ["seat"]
    await lan.taps("Tôi còn đi được")
    lan.sees("chỗ của anh/chị được giữ")
    await office.time_passes(at("2026-12-01"), step=6 * 3600)
    assert await state_of(office, lan, course_id) == ["seat"]


async def test_double_taps_on_either_answer_are_harmless(office: Office) -> None:
    course_id, hr, (lan, mai) = await a_class(office, "Lan", "Mai")
    await changed(office, hr, course_id, 1, "move", "10/12/2026")
    for _ in range(2):
        await lan.taps_data("change_yes:1")
        lan.sees("chỗ của anh/chị được giữ")
        await mai.taps_data("change_off:1")
        mai.sees("Chỗ đã trả lại lớp")
    assert await state_of(office, lan, course_id) == ["seat"]
    assert await state_of(office, mai, course_id) == ["cancelled"]
    assert len(await rows(office, "select * from change_answers")) == 2


async def test_who_said_yes_may_still_say_no(office: Office) -> None:
    course_id, hr, (lan,) = await a_class(office, "Lan")
    await changed(office, hr, course_id, 1, "move", "10/12/2026")
    await lan.taps("Tôi còn đi được")
    await gives_up(lan)
    lan.sees("Chỗ đã trả lại lớp")
    assert await state_of(office, lan, course_id) == ["cancelled"]


async def test_who_signed_up_again_need_not_answer_the_old_question(office: Office) -> None:
    course_id, hr, (lan,) = await a_class(office, "Lan")
    await changed(office, hr, course_id, 1, "move", "10/12/2026")
    await gives_up(lan)
    await lan.taps_data(f"enrol:{course_id}")
    await lan.taps_data("change_no:1")
    lan.sees("đã đăng ký lại")
    assert await state_of(office, lan, course_id) == ["cancelled", "seat"]


async def test_a_forged_answer_changes_nothing(office: Office) -> None:
    course_id, hr, (_lan,) = await a_class(office, "Lan")
    mai = await office.person("Mai")
    await changed(office, hr, course_id, 1, "move", "10/12/2026")
    for data in ("change_no:1", "change_off:1", "change_yes:1", "change:1", "change_yes:99"):
        await mai.taps_data(data)
        mai.sees("không còn dùng được")
    assert await rows(office, "select * from change_answers") == []


async def test_the_second_of_two_clerks_sees_what_holds_now_and_is_asked_again(office: Office) -> None:
    course_id, hr, (_lan,) = await a_class(office, "Lan")
    other = await office.person("Hiền", hr=True)
    await previewed(hr, course_id, 1, "move", "10/12/2026")
    await previewed(other, course_id, 1, "move", "11/12/2026")
    await other.taps("Ghi nhận")
    await hr.taps("Ghi nhận")
    hr.sees("Lịch vừa được người khác đổi", "thứ Sáu 11/12/2026, 07:30–11:30 → thứ Năm 10/12/2026")
    assert len(await rows(office, "select * from schedule_changes")) == 1
    await hr.taps("Ghi nhận")
    hr.sees("Đã ghi lịch mới")
    await hr.taps_data(f"desk_change_go:{course_id}:0")  # twice by mistake
    assert len(await rows(office, "select * from schedule_changes")) == 2


async def test_cancelling_after_a_move_leaves_one_message_and_no_question(office: Office) -> None:
    course_id, hr, (lan,) = await a_class(office, "Lan")
    await moved_quietly(office, hr, course_id, 1, "move", "10/12/2026")
    await hr.taps_data(f"desk_cancel:{course_id}")
    await hr.sends("Bão")
    await hr.taps("Huỷ lớp và báo")
    await office.time_passes(at("2026-12-12"), step=12 * 3600)
    assert [kind for _, kind, _ in lan.pushed] == ["course_cancelled"]
    await lan.taps_data("change_yes:1")
    lan.sees("đã huỷ")
    assert await rows(office, "select * from milestones where state = 'pending'") == []
    await hr.taps_data(f"desk_course:{course_id}")
    await hr.taps("Thay đổi")
    await hr.taps("Lịch sử thay đổi")
    hr.sees("Huỷ lớp", "Lý do: Bão", "không học", "Đổi ngày giờ")


async def test_a_workbook_with_several_changes_is_one_message_a_person(office: Office) -> None:
    two = {"Buổi": 2, "Ngày": "08/12/2026"}
    three = {"Buổi": 3, "Ngày": "09/12/2026"}
    await imported(office, {}, two, three)
    lan, hr = await office.person("Lan"), await office.person("Hạnh", hr=True)
    await seated(office, lan, 1)
    await imported(office, {"Ngày": "10/12/2026"}, {**two, "Địa điểm/Đường dẫn": "https://hop.vn/a"})
    await office.settle()
    assert len(news(lan)) == 1
    lan.sees(
        "thứ Hai 07/12/2026, 07:30–11:30 → thứ Năm 10/12/2026", "Phòng 2 → học trực tuyến tại https://hop.vn/a",
        "không học",
        "theo danh sách lớp gửi ngày 23/11/2026", "Tôi còn đi được",
    )  # fmt: skip
    await imported(office, {"Ngày": "10/12/2026"}, {**two, "Địa điểm/Đường dẫn": "https://hop.vn/a"})
    await office.settle()
    assert len(news(lan)) == 1
    await hr.taps_data("desk_history:1")
    hr.sees("Cập nhật từ danh sách lớp")


async def imported(office: Office, *lines: dict[str, object]) -> None:
    async with office.store.transaction() as tx:
        await course_import.apply(tx, read(*lines), office.clock.now(), ZONE)


async def test_a_correction_of_what_is_over_is_told_to_nobody(office: Office) -> None:
    await imported(office, {}, {"Buổi": 2, "Ngày": "14/12/2026"})
    lan = await office.person("Lan")
    await seated(office, lan, 1)
    office.clock.move_to(at("2026-12-08"))
    await imported(office, {"Giờ kết thúc": "11:00"}, {"Buổi": 2, "Ngày": "14/12/2026"})
    await office.settle()
    assert news(lan) == []


async def test_at_night_the_news_waits_for_the_morning_and_the_time_to_answer_with_it(office: Office) -> None:
    course_id, hr, (lan,) = await a_class(office, "Lan")
    office.clock.move_to(at("2026-11-25", "22:00"))
    await previewed(hr, course_id, 1, "move", "10/12/2026")
    hr.sees("Chờ trả lời đến thứ Hai 30/11/2026, 07:30")
    await hr.taps("Ghi nhận")
    await office.settle()
    assert news(lan) == []
    await office.time_passes(at("2026-11-26", "08:00"))
    assert news(lan) == [at("2026-11-26", "07:30")]


async def test_a_list_sent_in_the_chat_says_beforehand_how_many_are_told(office: Office) -> None:
    await imported(office, {})
    lan, hr = await office.person("Lan"), await office.person("Hạnh", hr=True)
    await seated(office, lan, 1)
    await hr.uploads("lop.xlsx", sheet({"Ngày": "10/12/2026"}))
    hr.sees("Xem trước", "1 người sẽ được báo")
    await hr.taps("Ghi nhận")
    hr.sees("Đã ghi", "1 người được báo")
    await office.settle()
    lan.sees("→ thứ Năm 10/12/2026", "theo danh sách lớp gửi ngày 23/11/2026")
    await hr.taps_data("desk_history:1")
    hr.sees("Hạnh")


async def test_of_two_clerks_at_the_same_instant_one_is_asked_again(office: Office) -> None:
    course_id, hr, _ = await a_class(office, "Lan")
    days, now = Calendar(ZONE), office.clock.now()

    async def applies(day: str) -> Done | None:
        wish = Wish(course_id, 1, "move", day, "Bão")
        async with office.store.reading() as tx:
            seen = (await schedule_changes.preview(tx, wish, now, days)).seen
        await both.wait()
        async with office.store.transaction() as tx:
            return await schedule_changes.apply(tx, wish, seen, hr.person_id, now, days)

    both = asyncio.Barrier(2)
    done = await asyncio.gather(applies("10/12/2026"), applies("11/12/2026"))
    assert sorted(one is None for one in done) == [False, True]
    assert len(await rows(office, "select * from schedule_changes")) == 1


async def test_a_list_taken_back_is_told_to_whoever_was_told_of_it(office: Office) -> None:
    await imported(office, {})
    lan, hr = await office.person("Lan"), await office.person("Hạnh", hr=True)
    await seated(office, lan, 1)
    office.clock.move_by(3600)
    await hr.uploads("lop.xlsx", sheet({"Ngày": "10/12/2026"}))
    await hr.taps("Ghi nhận")
    await office.settle()
    lan.sees("07/12/2026, 07:30–11:30 → thứ Năm 10/12/2026")
    await undoes(hr)
    hr.sees("Đã hoàn tác")
    await office.settle()
    lan.sees("10/12/2026, 07:30–11:30 → thứ Hai 07/12/2026", "danh sách lớp đã gửi được hoàn tác", "Tôi còn đi được")
    await hr.uploads("lop.xlsx", sheet({"Ngày": "11/12/2026"}))
    await hr.taps("Ghi nhận")
    await undoes(hr)  # before the news has left
    await office.settle()
    assert len(news(lan)) == 2


async def test_who_could_not_come_is_still_counted_after_the_next_change(office: Office) -> None:
    course_id, hr, (lan, mai) = await a_class(office, "Lan", "Mai")
    await changed(office, hr, course_id, 1, "move", "10/12/2026")
    await gives_up(lan)
    await mai.taps("Tôi còn đi được")
    await changed(office, hr, course_id, 1, "move", "11/12/2026")
    await hr.taps_data(f"desk_course:{course_id}")
    hr.sees("Xác nhận sau đổi lịch: 0 đi được, 1 không, 1 chưa trả lời")
    await seated(office, lan, course_id)
    await hr.taps_data(f"desk_course:{course_id}")
    hr.sees("Xác nhận sau đổi lịch: 0 đi được, 0 không, 1 chưa trả lời")
