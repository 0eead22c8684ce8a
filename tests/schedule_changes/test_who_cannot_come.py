from tests.courses.classes import seated, state_of
from tests.schedule_changes.changing import a_class, changed, gives_up, rows
from tests.talking import Chat, Office, at


def told_of_declines(clerk: Chat) -> list[int]:
    return [when for when, kind, _ in clerk.pushed if kind == "change_declined"]


async def test_a_seat_is_given_up_only_after_a_question_with_a_way_back(office: Office) -> None:
    course_id, hr, (lan,) = await a_class(office, "Lan", title="Luật Đất đai")
    await changed(office, hr, course_id, 1, "move", "10/12/2026")
    await lan.taps("Tôi không đi được")
    lan.sees("Bỏ chỗ ở lớp Luật Đất đai?", "đăng ký lại từ đầu", "Bỏ chỗ", "Quay lại, giữ chỗ")
    lan.sees_no("đang chờ")
    assert await state_of(office, lan, course_id) == ["seat"]
    assert await rows(office, "select * from change_answers") == []
    await lan.taps("Quay lại, giữ chỗ")
    lan.sees("Tôi còn đi được", "Tôi không đi được")
    await gives_up(lan)
    lan.sees("Chỗ đã trả lại lớp", "Bộ phận tổ chức cán bộ được báo")
    lan.sees_no("đang chờ")
    assert await state_of(office, lan, course_id) == ["cancelled"]


async def test_the_question_says_who_waits_and_that_there_is_no_way_back_after_the_deadline(office: Office) -> None:
    course_id, hr, (lan,) = await a_class(office, "Lan", capacity=1, deadline=at("2026-11-24", "17:00"))
    mai = await office.person("Mai")
    await mai.taps_data(f"enrol:{course_id}")
    await changed(office, hr, course_id, 1, "move", "10/12/2026")
    await lan.taps("Tôi không đi được")
    lan.sees("Có 1 người đang chờ", "xếp sau những người đang chờ")
    office.clock.move_to(at("2026-11-24", "18:00"))
    await lan.taps_data("change_no:1")
    lan.sees("không đăng ký lại được")


async def test_the_clerk_of_the_class_is_told_who_cannot_come(office: Office) -> None:
    course_id, hr, (lan, _) = await a_class(office, "Lan", "Mai", title="Luật Đất đai", capacity=2)
    nga = await office.person("Nga")
    await nga.taps_data(f"enrol:{course_id}")
    await changed(office, hr, course_id, 1, "move", "10/12/2026")
    await gives_up(lan)
    await lan.taps_data("change_off:1")
    await office.settle()
    assert told_of_declines(hr) == [office.clock.now()]
    hr.sees(
        "1 người trả lời không đi được lớp Luật Đất đai", "Lan (Xã Trí Phải)",
        "Lớp hiện có 1/2 người có chỗ, đang mời 1 người nhận chỗ, không có ai chờ", "Ai còn đi được", "Xem lớp",
    )  # fmt: skip
    await hr.taps("Ai còn đi được")
    hr.sees("Lan (Xã Trí Phải): không đi được")


async def test_answers_that_follow_soon_are_told_together(office: Office) -> None:
    course_id, hr, people = await a_class(office, "Lan", "Mai", "Nga")
    await changed(office, hr, course_id, 1, "move", "10/12/2026")
    for person in people:
        await gives_up(person)
        await office.settle()
    assert len(told_of_declines(hr)) == 1
    await office.time_passes(office.clock.now() + 3600)
    assert len(told_of_declines(hr)) == 2
    hr.sees("3 người trả lời", "Lan", "Mai", "Nga")


async def test_answers_of_a_night_are_told_once_in_the_morning(office: Office) -> None:
    course_id, hr, people = await a_class(office, "Lan", "Mai")
    await changed(office, hr, course_id, 1, "move", "10/12/2026")
    office.clock.move_to(at("2026-11-23", "22:00"))
    for person in people:
        await gives_up(person)
        office.clock.move_to(office.clock.now() + 3600)
    await office.time_passes(at("2026-11-25", "12:00"))  # the 24th is a day off
    (told,) = told_of_declines(hr)
    assert told > at("2026-11-24", "06:00")
    hr.sees("2 người trả lời")


async def test_nobody_hears_of_who_is_on_the_course_again(office: Office) -> None:
    course_id, hr, (lan,) = await a_class(office, "Lan")
    await changed(office, hr, course_id, 1, "move", "10/12/2026")
    await gives_up(lan)
    await lan.taps_data(f"enrol:{course_id}")
    await office.settle()
    assert told_of_declines(hr) == []


async def test_who_cannot_come_to_a_course_that_has_begun_loses_nothing_and_is_not_asked(office: Office) -> None:
    course_id, hr, (lan, mai) = await a_class(office, "Lan", "Mai")
    office.clock.move_to(at("2026-12-07", "13:00"))
    await changed(office, hr, course_id, 2, "move", "10/12/2026")
    await lan.taps("Tôi không đi được")
    lan.sees("vẫn có tên trong lớp", "được báo")
    await office.settle()
    hr.sees("1 người trả lời không đi được", "Ai trả lời sau khi lớp khai giảng vẫn có tên trong lớp")
    await changed(office, hr, course_id, 2, "move", "11/12/2026")
    await mai.taps("Tôi không đi được")
    await office.time_passes(office.clock.now() + 900)
    hr.sees("1 người trả lời", "Mai")


async def test_a_clerk_of_a_unit_hears_of_their_own_people_and_the_whole_of_the_others(office: Office) -> None:
    clerk = await office.person("Hoa", unit="Xã Khánh Hưng")
    async with office.store.transaction() as tx:
        unit_id = await tx.fetchval("select unit_id from people where id = $1", clerk.person_id)
        await tx.execute(
            "insert into rights (person_id, role, unit_id, granted_at) values ($1, 'hr', $2, 1)",
            clerk.person_id, unit_id,
        )  # fmt: skip
    course_id, hr, (lan,) = await a_class(office, "Lan", owner_unit_id=unit_id)
    own = await office.person("Minh", unit="Xã Khánh Hưng")
    await seated(office, own, course_id)
    await changed(office, clerk, course_id, 1, "move", "10/12/2026")
    await gives_up(lan)
    await office.settle()
    assert told_of_declines(clerk) == []
    hr.sees("1 người trả lời", "Lan")
    await gives_up(own)
    await office.time_passes(office.clock.now() + 900)
    clerk.sees("1 người trả lời", "Minh")
    assert not clerk.saw("Lan (")
