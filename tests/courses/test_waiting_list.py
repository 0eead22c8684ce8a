from scheduler import offers
from tests.courses.classes import course, state_of
from tests.talking import ZONE, Chat, Office, at

DAY = 86_400


async def full(office: Office, **fields: object) -> tuple[int, Chat, Chat, Chat]:
    """A course of one place: Lan has it, Mai and Nga wait. It is a Wednesday: the day before was a holiday."""
    office.clock.move_to(at("2026-11-25", "08:00"))
    course_id = await course(office, capacity=1, **{"needs_head": 0, **fields})
    lan, mai, nga = [await office.person(name) for name in ("Lan", "Mai", "Nga")]
    for person in (lan, mai, nga):
        await person.taps_data(f"enrol:{course_id}")
    return course_id, lan, mai, nga


async def swept(office: Office) -> int:
    moved = await offers.tick(office.store, office.clock.now(), ZONE)
    await office.settle()
    return moved


async def test_a_full_course_puts_the_next_on_the_waiting_list_with_their_place(office: Office) -> None:
    course_id = await course(office, capacity=1, needs_head=0)
    lan, mai = await office.person("Lan"), await office.person("Mai")
    await lan.taps_data(f"enrol:{course_id}")
    await mai.sends("/lop")
    await mai.taps("Lớp mẫu")
    mai.sees("Còn 0/1 chỗ", "Vào danh sách chờ")
    await mai.taps("Vào danh sách chờ")
    mai.sees("Trong danh sách chờ, thứ 1")
    await mai.taps("Xem thông tin lớp")
    mai.sees("thứ 1", "Huỷ đăng ký")


async def test_a_freed_seat_is_offered_to_the_next_and_taken(office: Office) -> None:
    course_id, lan, mai, nga = await full(office)
    await lan.taps_data(f"enrol_drop:{course_id}:sick")
    await office.settle()
    mai.sees("vừa có chỗ trống", "thứ Năm 26/11/2026, 08:00", "Nhận chỗ", "Nhường chỗ")
    await nga.taps_data(f"course:{course_id}")
    nga.sees("thứ 1", "Còn 0/1 chỗ")
    await mai.taps("Nhận chỗ")
    mai.sees("Đã có chỗ")
    await mai.taps("Nhận chỗ")
    mai.sees("Đã có chỗ")


async def test_an_accepted_offer_still_asks_the_head(office: Office) -> None:
    course_id = await course(office, capacity=1)
    tam = await office.person("Tâm", head=True)
    lan, mai = await office.person("Lan"), await office.person("Mai")
    await lan.taps_data(f"enrol:{course_id}")
    await mai.taps_data(f"enrol:{course_id}")
    await tam.taps_data("refuse_now:1")
    await office.settle()
    await mai.taps("Nhận chỗ")
    mai.sees("Chờ thủ trưởng duyệt")
    await office.settle()
    tam.sees("Mai")
    await tam.taps("Duyệt")
    await office.settle()
    mai.sees("đã có chỗ")


async def test_a_declined_offer_goes_to_the_next(office: Office) -> None:
    course_id, lan, mai, nga = await full(office)
    await lan.taps_data(f"enrol_drop:{course_id}:work")
    await office.settle()
    await mai.taps("Nhường chỗ")
    mai.sees("Tôi sẽ mời người kế tiếp nhận chỗ")
    await office.settle()
    nga.sees("Nhận chỗ")
    await mai.taps_data("offer_yes:2")
    mai.sees("Anh/chị đã trả lời lời mời này", "đã nhường chỗ")
    assert await state_of(office, nga, course_id) == ["offered"]


async def test_an_unanswered_offer_lapses_and_goes_on(office: Office) -> None:
    course_id, lan, mai, nga = await full(office)
    await lan.taps_data(f"enrol_drop:{course_id}:work")
    await office.settle()
    office.clock.move_by(DAY - 1)
    assert await swept(office) == 0
    office.clock.move_by(1)
    assert await swept(office) == 2
    mai.sees("Thời hạn nhận chỗ", "đã hết")
    nga.sees("Nhận chỗ")


async def test_an_offer_out_of_time_cannot_be_taken_even_before_the_sweep(office: Office) -> None:
    course_id, lan, mai, nga = await full(office)
    await lan.taps_data(f"enrol_drop:{course_id}:work")
    await office.settle()
    office.clock.move_by(DAY)
    await mai.taps("Nhận chỗ")
    mai.sees("đã hết")
    binh = await office.person("Bình")
    await binh.taps_data(f"enrol:{course_id}")  # the freed place goes to who waited, not to who comes now
    binh.sees("danh sách chờ")
    assert await state_of(office, nga, course_id) == ["offered"]


async def test_a_weekend_does_not_eat_the_time_to_answer(office: Office) -> None:
    course_id, lan, mai, _ = await full(office)
    office.clock.move_to(at("2026-11-27", "21:00"))  # Friday night: told on Monday morning
    await lan.taps_data(f"enrol_drop:{course_id}:work")
    await office.time_passes(at("2026-11-30", "08:00"), step=3600)
    mai.sees("thứ Ba 01/12/2026, 07:30")


async def test_no_offer_outlives_the_start_and_those_who_wait_are_told(office: Office) -> None:
    course_id, lan, mai, nga = await full(office, cancel_until=at("2026-12-07", "07:00"))
    office.clock.move_to(at("2026-12-06", "22:00"))
    await lan.taps_data(f"enrol_drop:{course_id}:work")
    async with office.store.reading() as tx:
        expires = await tx.fetchval("select offer_expires_at from enrolments where state = 'offered'")
    assert expires == at("2026-12-07", "07:30")
    office.clock.move_to(at("2026-12-07", "07:30"))
    await swept(office)
    assert await state_of(office, mai, course_id) == ["lapsed"]
    assert await state_of(office, nga, course_id) == ["lapsed"]
    nga.sees("đã khai giảng", "không còn chỗ trống")


async def test_who_cancelled_and_signs_up_again_comes_last(office: Office) -> None:
    course_id, lan, mai, nga = await full(office)
    await mai.taps_data(f"enrol_drop:{course_id}:work")
    await mai.taps_data(f"enrol:{course_id}")
    mai.sees("thứ 2")
    assert await state_of(office, mai, course_id) == ["cancelled", "waiting"]
    await lan.taps_data(f"enrol_drop:{course_id}:work")
    assert await state_of(office, nga, course_id) == ["offered"]


async def test_more_places_are_offered_to_those_who_wait(office: Office) -> None:
    course_id, _, mai, nga = await full(office)
    hr = await office.person("Hạnh", hr=True)
    await hr.taps_data(f"desk_capacity:{course_id}")
    await hr.sends("3")
    hr.sees("Có chỗ: 1/3", "Đang được mời nhận chỗ: 2")
    await office.settle()
    mai.sees("Nhận chỗ")
    nga.sees("Nhận chỗ")


async def test_an_offer_that_clashes_by_now_is_refused_by_name(office: Office) -> None:
    course_id, lan, mai, _ = await full(office)
    other = await course(office, title="Lớp khác", needs_head=0, sessions_at=(("2026-12-07", "10:00", "12:00"),))
    await mai.taps_data(f"enrol:{other}")
    await lan.taps_data(f"enrol_drop:{course_id}:work")
    await office.settle()
    await mai.taps("Nhận chỗ")
    mai.sees("trùng giờ", "Lớp khác", "10:00–12:00")
    assert await state_of(office, mai, course_id) == ["offered"]


async def test_somebody_elses_offer_cannot_be_taken(office: Office) -> None:
    course_id, lan, mai, nga = await full(office)
    await lan.taps_data(f"enrol_drop:{course_id}:work")
    await nga.taps_data("offer_yes:2")
    nga.sees("không còn dùng được")
    await nga.taps_data("offer_no:2")
    assert await state_of(office, mai, course_id) == ["offered"]


async def test_a_place_lost_to_a_smaller_course_is_not_approved_twice(office: Office) -> None:
    course_id = await course(office, capacity=2)
    tam = await office.person("Tâm", head=True)
    hr = await office.person("Hạnh", hr=True, unit="Sở Nội vụ")
    lan, mai = await office.person("Lan"), await office.person("Mai")
    for person in (lan, mai):
        await person.taps_data(f"enrol:{course_id}")
    await hr.taps_data(f"desk_capacity:{course_id}")
    await hr.sends("1")
    await tam.taps_data("approve:1")
    await tam.taps_data("approve:2")
    tam.sees("đã hết chỗ", "Mai", "danh sách chờ")
    await office.settle()
    mai.sees("thứ 1")
    await lan.taps_data(f"enrol_drop:{course_id}:work")
    await office.settle()
    await mai.taps("Nhận chỗ")
    mai.sees("Đã có chỗ")
