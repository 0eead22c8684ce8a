import asyncio

from bot.chat.events import Choice
from bot.training import course_changes
from bot.training.calendar import Calendar
from scheduler import swaps as sweep
from tests.courses.classes import course, seated, state_of
from tests.talking import ZONE, Chat, Office, at


async def seat_of_lan(office: Office, **fields: object) -> tuple[Chat, Chat, Chat, int]:
    """A head, Lan with a seat on a full course, Minh of the same unit; the course is Luật Đất đai."""
    long, lan, minh = await office.person("Long", head=True), await office.person("Lan"), await office.person("Minh")
    course_id = await course(office, title="Luật Đất đai", capacity=1, **fields)
    await seated(office, lan, course_id)
    return long, lan, minh, course_id


async def asks(lan: Chat, course_id: int, name: str) -> None:
    await lan.taps_data(f"course:{course_id}")
    await lan.taps("Đổi chỗ cho đồng nghiệp")
    await lan.taps(name)
    await lan.taps("Gửi đề nghị")


async def swept(office: Office) -> None:
    await sweep.tick(office.store, office.clock.now(), ZONE)
    await office.settle()


async def test_a_seat_passes_to_a_colleague_when_they_and_the_head_agree(office: Office) -> None:
    long, lan, minh, course_id = await seat_of_lan(office)
    await asks(lan, course_id, "Minh")
    assert lan.sees("Đã hỏi Minh", "chỗ vẫn là của anh/chị")
    await office.settle()
    assert minh.sees("Lan muốn nhường anh/chị chỗ ở lớp Luật Đất đai", "Nhận chỗ", "Nhường chỗ")
    await minh.taps("Nhận chỗ")
    assert minh.sees("Đang chờ thủ trưởng duyệt")
    assert await state_of(office, lan, course_id) == ["seat"]
    await office.settle()
    assert lan.sees("Minh đã nhận lời thay anh/chị")
    assert long.sees("Lan xin nhường chỗ", "cho Minh", "Duyệt", "Từ chối")
    await long.taps("Duyệt")
    assert long.sees("Đã duyệt: Minh có chỗ")
    assert await state_of(office, lan, course_id) == ["cancelled"]
    assert await state_of(office, minh, course_id) == ["seat"]
    await office.settle()
    assert lan.sees("nay là của Minh", "không nhắc lịch")
    assert minh.sees("đã có chỗ", "thay Lan")
    async with office.store.reading() as tx:
        assert await tx.fetchval("select reason from enrolments where person_id = $1", lan.person_id) == "swap"


async def test_only_the_new_holder_is_reminded_of_the_sessions(office: Office) -> None:
    long, lan, minh, course_id = await seat_of_lan(office)
    await asks(lan, course_id, "Minh")
    await office.settle()
    await minh.taps("Nhận chỗ")
    await office.settle()
    await long.taps("Duyệt")
    await office.time_passes(at("2026-12-07"))
    assert [chat for chat in (lan, minh) if "session_reminder" in {kind for _, kind, _ in chat.pushed}] == [minh]


async def test_the_waiting_list_is_not_asked_when_a_seat_passes_on(office: Office) -> None:
    long, lan, minh, course_id = await seat_of_lan(office)
    hung = await office.person("Hùng")
    await hung.taps_data(f"enrol:{course_id}")
    await asks(lan, course_id, "Minh")
    await office.settle()
    await minh.taps("Nhận chỗ")
    await office.settle()
    await long.taps("Duyệt")
    await office.settle()
    assert await state_of(office, hung, course_id) == ["waiting"]


async def test_a_colleague_is_found_by_a_part_of_the_name_and_only_in_the_own_unit(office: Office) -> None:
    _, lan, _, course_id = await seat_of_lan(office)
    await office.person("Minh Anh", unit="Xã Khác")
    await lan.taps_data(f"swap:{course_id}")
    assert lan.sees("Long", "Minh")
    assert lan.sees_no("Minh Anh")
    await lan.sends("min")
    assert lan.sees("Đang tìm “min”", "[Minh]")
    assert lan.sees_no("[Long]")
    await lan.taps("Tất cả đồng nghiệp")
    assert lan.sees("Long")


async def test_a_forged_colleague_of_another_unit_is_refused_and_logged(office: Office) -> None:
    _, lan, minh, course_id = await seat_of_lan(office)
    stranger = await office.person("Kẻ Lạ", unit="Xã Khác")
    await lan.taps_data(f"swap_send:{course_id}:{stranger.person_id}")
    await lan.taps_data(f"swap_who:{course_id}:{stranger.person_id}")
    assert lan.sees_no("Kẻ Lạ")
    await asks(lan, course_id, "Minh")
    await stranger.taps_data("swap_yes:1")
    await stranger.taps_data("swap_card:1")
    await minh.taps_data("swap_approve:1")
    async with office.store.reading() as tx:
        rows = await tx.fetch("select subject from audit where action = 'refused' order by id")
    assert [row["subject"] for row in rows][:4] == [f"person:{stranger.person_id}"] * 2 + ["swap:1"] * 2
    assert await state_of(office, lan, course_id) == ["seat"]


async def test_a_colleague_who_declines_leaves_the_seat_where_it_is_and_another_can_be_asked(office: Office) -> None:
    _, lan, minh, course_id = await seat_of_lan(office)
    await office.person("Hùng")
    await asks(lan, course_id, "Minh")
    await lan.taps_data(f"swap_send:{course_id}:{(await person(office, 'Hùng'))}")
    assert lan.sees("đang hỏi Minh")
    await office.settle()
    await minh.taps("Nhường chỗ")
    await minh.taps_data("swap_no:1")
    await office.settle()
    assert lan.sees("Minh chưa nhận được chỗ", "vẫn là của anh/chị")
    await asks(lan, course_id, "Hùng")
    assert lan.sees("Đã hỏi Hùng")
    await minh.taps_data("swap_yes:1")
    assert minh.sees("hết hạn hoặc đã khép lại")


async def test_the_head_refuses_with_a_reason_that_both_read(office: Office) -> None:
    long, lan, minh, course_id = await seat_of_lan(office)
    await asks(lan, course_id, "Minh")
    await office.settle()
    await minh.taps("Nhận chỗ")
    await office.settle()
    await long.taps("Từ chối")
    await long.sends("Minh bận trực")
    assert long.sees("Đã từ chối")
    await office.settle()
    assert lan.sees("không duyệt", "Minh bận trực", "Chỗ vẫn là của anh/chị")
    assert minh.sees("không duyệt", "Minh bận trực")
    assert await state_of(office, lan, course_id) == ["seat"]
    assert await state_of(office, minh, course_id) == []


async def test_either_of_the_two_may_call_it_off(office: Office) -> None:
    _, lan, minh, course_id = await seat_of_lan(office)
    await asks(lan, course_id, "Minh")
    await lan.taps("Rút đề nghị")
    assert lan.sees("đã được rút lại")
    await asks(lan, course_id, "Minh")
    await office.settle()
    await minh.taps("Nhận chỗ")
    await minh.taps("Rút đề nghị")
    await office.settle()
    assert lan.sees("đã được rút lại", "Chỗ vẫn là của anh/chị")
    assert await state_of(office, lan, course_id) == ["seat"]


async def test_nobody_answers_and_the_seat_stays(office: Office) -> None:
    long, lan, minh, course_id = await seat_of_lan(office)
    await asks(lan, course_id, "Minh")
    await office.settle()
    office.clock.move_to(at("2026-11-26", "17:00"))
    await minh.taps("Nhận chỗ")
    assert minh.sees("đã hết hạn")
    await swept(office)
    assert lan.sees("đã hết hạn", "Chỗ vẫn là của anh/chị")
    await long.taps_data("swap_approve:1")
    assert await state_of(office, lan, course_id) == ["seat"]


async def test_a_colleague_who_came_on_the_course_meanwhile_does_not_get_a_second_seat(office: Office) -> None:
    long, lan, minh, course_id = await seat_of_lan(office)
    await asks(lan, course_id, "Minh")
    await office.settle()
    await minh.taps("Nhận chỗ")
    await office.settle()
    await minh.taps_data(f"enrol:{course_id}")
    await long.taps_data("swap_approve:1")
    assert long.sees("người nhận đã có tên ở lớp này")
    assert await state_of(office, minh, course_id) == ["waiting"]
    assert await state_of(office, lan, course_id) == ["seat"]
    await swept(office)
    assert lan.sees("không thực hiện được nữa")


async def test_a_clash_that_came_meanwhile_is_seen_at_the_end(office: Office) -> None:
    long, lan, minh, course_id = await seat_of_lan(office)
    await asks(lan, course_id, "Minh")
    await office.settle()
    await minh.taps("Nhận chỗ")
    await office.settle()
    await seated(office, minh, await course(office, title="Lớp khác"))
    await long.taps_data("swap_approve:1")
    assert long.sees("có buổi học khác trùng giờ")
    assert await state_of(office, lan, course_id) == ["seat"]


async def test_a_holder_who_gives_the_seat_up_ends_the_swap(office: Office) -> None:
    long, lan, minh, course_id = await seat_of_lan(office)
    await asks(lan, course_id, "Minh")
    await office.settle()
    await minh.taps("Nhận chỗ")
    await lan.taps_data(f"enrol_drop:{course_id}:work")
    await office.settle()
    assert minh.sees("không thực hiện được nữa")
    assert not long.saw("xin nhường chỗ")  # what was owed to the head was taken back
    await long.taps_data("swap_approve:1")
    assert await state_of(office, minh, course_id) == []


async def test_a_cancelled_course_ends_it_without_another_word(office: Office) -> None:
    _, lan, minh, course_id = await seat_of_lan(office)
    await asks(lan, course_id, "Minh")
    async with office.store.transaction() as tx:
        await course_changes.cancel(tx, course_id, "x", lan.person_id, office.clock.now(), Calendar(ZONE))
    await office.settle()
    assert [kind for _, kind, _ in minh.pushed] == []
    async with office.store.reading() as tx:
        assert await tx.fetchval("select state from seat_swaps") == "void"


async def test_after_the_time_to_give_a_seat_back_it_cannot_pass_on(office: Office) -> None:
    _, lan, _, course_id = await seat_of_lan(office)
    office.clock.move_to(at("2026-12-06", "09:00"))
    await lan.taps_data(f"course:{course_id}")
    assert lan.sees_no("Đổi chỗ cho đồng nghiệp")
    await lan.taps_data(f"swap:{course_id}")
    assert lan.sees("Đã quá hạn đổi chỗ")


async def test_a_seat_can_pass_on_after_sign_up_has_ended(office: Office) -> None:
    _, lan, minh, course_id = await seat_of_lan(office, deadline=at("2026-11-24"), state="closed")
    office.clock.move_to(at("2026-11-26"))
    await asks(lan, course_id, "Minh")
    await office.settle()
    assert minh.sees("Nhận chỗ")


async def test_a_head_who_passes_on_their_own_seat_is_decided_on_by_the_next_level(office: Office) -> None:
    top = await office.person("Tỉnh", unit="Tỉnh", head=True)
    long, minh = await office.person("Long", head=True), await office.person("Minh")
    async with office.store.transaction() as tx:
        await tx.execute("update units set parent_id = (select id from units where fold = 'tinh') where fold <> 'tinh'")
    course_id = await course(office)
    await seated(office, minh, course_id)
    await asks(minh, course_id, "Long")  # the head is the colleague
    await office.settle()
    await long.taps("Nhận chỗ")
    await office.settle()
    await long.taps_data("swap_approve:1")
    assert await state_of(office, minh, course_id) == ["seat"]
    assert top.sees("Minh xin nhường chỗ", "cho Long")
    await top.taps("Duyệt")
    assert await state_of(office, long, course_id) == ["seat"]


async def test_without_a_head_hr_decides_and_finds_it_in_the_list(office: Office) -> None:
    hr = await office.person("Hoa", unit="Sở Nội vụ", hr=True)
    lan, minh = await office.person("Lan"), await office.person("Minh")
    course_id = await course(office)
    await seated(office, lan, course_id)
    await asks(lan, course_id, "Minh")
    await office.settle()
    await minh.taps("Nhận chỗ")
    await hr.sends("/start")
    assert hr.sees("1 đăng ký chờ anh/chị duyệt")
    await hr.sends("/duyet")
    await hr.taps("Đổi chỗ (1)")
    await hr.taps("Lan")
    await hr.taps("Duyệt")
    assert await state_of(office, minh, course_id) == ["seat"]


async def test_two_taps_of_the_head_at_once_move_the_seat_once(office: Office) -> None:
    long, lan, minh, course_id = await seat_of_lan(office)
    await asks(lan, course_id, "Minh")
    await office.settle()
    await minh.taps("Nhận chỗ")
    await asyncio.gather(*(office.take(long.address, Choice("swap_approve:1")) for _ in range(4)))
    assert await state_of(office, minh, course_id) == ["seat"]
    assert await state_of(office, lan, course_id) == ["cancelled"]


async def person(office: Office, name: str) -> int:
    async with office.store.reading() as tx:
        number: int = await tx.fetchval("select id from people where name = $1", name)
    return number
