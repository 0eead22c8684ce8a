from bot.training import calendar, nominations
from scheduler import offers as sweep
from tests.courses.classes import course, seated, state_of
from tests.talking import ZONE, Chat, Office, at


async def unit_of_three(office: Office) -> tuple[Chat, Chat, Chat]:
    long = await office.person("Long", head=True)
    return long, await office.person("Lan"), await office.person("Minh")


async def test_a_head_chooses_from_a_list_and_the_nominee_takes_the_place(office: Office) -> None:
    long, lan, minh = await unit_of_three(office)
    course_id = await course(office, title="Luật Đất đai", capacity=1)
    await long.sends("/duyet")
    await long.taps("Đề cử cán bộ")
    await long.taps("Luật Đất đai")
    assert long.sees("Đề cử: Luật Đất đai", "Còn 1/1 chỗ", "Lan (XLan): đủ điều kiện", "Chọn Lan")
    assert long.sees("Minh (XMinh): đủ điều kiện")  # each for themself: nobody has been chosen yet
    await long.taps("Chọn Lan")
    assert long.sees("đã chọn", "Bỏ Lan")
    await long.taps("Xem lại 1 người")
    assert long.sees("Được giữ chỗ (1): Lan")
    await long.taps("Đề cử 1 người")
    assert long.sees("Đã đề cử 1 người", "Lan")
    assert await state_of(office, lan, course_id) == ["offered"]
    await office.settle()
    assert lan.sees("Long đề cử anh/chị học lớp Luật Đất đai", "cứ nhường chỗ", "Nhận chỗ", "Nhường chỗ")
    await minh.taps_data(f"enrol:{course_id}")
    assert minh.sees("Trong danh sách chờ")  # the nomination holds the place
    await lan.taps("Nhận chỗ")
    assert lan.sees("Đã có chỗ")
    assert await state_of(office, lan, course_id) == ["seat"]


async def test_who_was_nominated_by_their_head_still_passes_hr_where_the_course_asks_it(office: Office) -> None:
    long, lan, _ = await unit_of_three(office)
    hr = await office.person("Hoa", hr=True, unit="Sở Nội vụ")
    course_id = await course(office, needs_hr=1)
    await nominated(long, course_id, lan)
    await lan.taps_data(f"offer_yes:{await enrolment_of(office, lan)}")
    assert lan.sees("Chờ bộ phận tổ chức cán bộ duyệt")
    await office.settle()
    await hr.taps("Duyệt")
    assert await state_of(office, lan, course_id) == ["seat"]
    assert not long.saw("xin học lớp")  # the head has agreed by nominating


async def test_who_does_not_answer_loses_the_place_to_the_next_and_the_head_is_told(office: Office) -> None:
    long, lan, minh = await unit_of_three(office)
    course_id = await course(office, title="Luật Đất đai", capacity=1)
    await nominated(long, course_id, lan)
    await minh.taps_data(f"enrol:{course_id}")
    await office.settle()
    assert lan.sees("Chỗ được giữ đến", "26/11")  # two working days: the 24th is a public holiday
    office.clock.move_to(at("2026-11-26", "17:30"))
    await sweep.tick(office.store, office.clock.now(), ZONE)
    await office.settle()
    assert await state_of(office, lan, course_id) == ["lapsed"]
    assert minh.sees("vừa có chỗ trống dành cho anh/chị")
    assert long.sees("chưa nhận chỗ", "Lan: không trả lời kịp", "Đề cử tiếp")


async def test_the_place_of_a_nominee_who_leaves_it_goes_on_and_the_head_is_told(office: Office) -> None:
    long, lan, minh = await unit_of_three(office)
    course_id = await course(office, capacity=1)
    await nominated(long, course_id, lan)
    await office.settle()
    await minh.taps_data(f"enrol:{course_id}")
    await lan.taps("Nhường chỗ")
    await lan.taps("Nhường chỗ")
    await office.settle()
    assert minh.sees("Nhận chỗ")
    assert long.sees("Lan: đã nhường chỗ")
    assert [kind for _, kind, _ in long.pushed].count("nominations_lost") == 1


async def test_an_answer_ends_with_sign_up_when_that_is_earlier(office: Office) -> None:
    long, lan, _ = await unit_of_three(office)
    course_id = await course(office, deadline=at("2026-11-24", "12:00"))
    await nominated(long, course_id, lan)
    await office.settle()
    assert lan.sees("Chỗ được giữ đến", "24/11", "12:00")


async def test_a_nomination_at_night_is_told_in_the_morning(office: Office) -> None:
    long, lan, _ = await unit_of_three(office)
    course_id = await course(office)
    office.clock.move_to(at("2026-11-23", "22:00"))
    await nominated(long, course_id, lan)
    await office.time_passes(at("2026-11-25", "08:00"))
    assert [when for when, kind, _ in lan.pushed if kind == "offer"] == [at("2026-11-25", "07:30")]


async def test_pasted_codes_choose_and_a_foreign_one_tells_nothing(office: Office) -> None:
    long, _, minh = await unit_of_three(office)
    stranger = await office.person("Kẻ Lạ", code="Z9", unit="Xã Khác")
    course_id = await course(office)
    await long.taps_data(f"nominate_codes:{course_id}")
    await long.sends("XLan; xminh,\nZ9  KHONGCO")
    assert long.sees("Được giữ chỗ (2): Lan, Minh", "Không có mã này trong đơn vị của anh/chị: Z9, KHONGCO")
    assert long.sees_no("Kẻ Lạ")
    await long.taps("Đề cử 2 người")
    assert await state_of(office, minh, course_id) == ["offered"]
    async with office.store.reading() as tx:
        rows = await tx.fetch("select subject from audit where action = 'refused' and by_person = $1", long.person_id)
    assert [row["subject"] for row in rows] == [f"person:{stranger.person_id}"]


async def test_hr_of_the_whole_is_told_that_nobody_has_a_code(office: Office) -> None:
    await office.person("Lan")
    hr, course_id = await office.person("Hoa", hr=True), await course(office)
    await hr.taps_data(f"nominate_codes:{course_id}")
    await hr.sends("XLan, DB9999, XHoa")
    assert hr.sees("Được giữ chỗ (1): Lan", "Không có mã này: DB9999", "không tự đề cử mình: XHoa")
    assert hr.sees_no("đơn vị của anh/chị")


async def test_a_forged_tap_on_somebody_elses_person_is_refused_and_logged(office: Office) -> None:
    long, lan, _ = await unit_of_three(office)
    stranger = await office.person("Kẻ Lạ", unit="Xã Khác")
    course_id = await course(office)
    await long.taps_data(f"nominate_pick:{course_id}:{stranger.person_id}:0:0")
    assert long.sees_no("Kẻ Lạ")
    await lan.taps_data(f"nominate:{course_id}")
    async with office.store.reading() as tx:
        rows = await tx.fetch("select by_person, subject from audit where action = 'refused' order by id")
    assert [tuple(row) for row in rows] == [
        (long.person_id, f"person:{stranger.person_id}"),
        (lan.person_id, "choice:nominate"),
    ]


async def test_a_head_cannot_nominate_themself_nor_the_people_of_a_head_below(office: Office) -> None:
    long, lan, _ = await unit_of_three(office)
    below = await office.person("Dưới", unit="Trường học", head=True)
    teacher = await office.person("Cô Mai", unit="Trường học")
    async with office.store.transaction() as tx:
        await tx.execute("update units set parent_id = 1 where name = 'Trường học'")
        reached = [
            name
            for name, one in (("self", long), ("own", lan), ("head below", below), ("theirs", teacher))
            if await nominations.reaches(tx, long.person_id, one.person_id, office.clock.now())
        ]
    assert reached == ["own", "head below"]


async def test_each_reason_is_told_for_each_person(office: Office) -> None:
    long = await office.person("Long", head=True)
    on, busy = await office.person("An"), await office.person("Bình")
    await office.person("Cúc", audience="VC")
    other = await course(office, title="Lớp khác")
    course_id = await course(office, audience="CB,CC")
    await seated(office, on, course_id)
    await seated(office, busy, other)
    await long.taps_data(f"nominate:{course_id}")
    assert long.sees("An (XAn): đã có chỗ", "trùng giờ lớp Lớp khác", "không thuộc đối tượng của lớp")
    assert long.sees_no("Chọn Cúc")


async def test_beyond_the_places_people_wait_only_when_the_head_says_so(office: Office) -> None:
    long, lan, minh = await unit_of_three(office)
    course_id = await course(office, capacity=1)
    await long.taps_data(f"nominate_codes:{course_id}")
    await long.sends("XLan XMinh")
    assert long.sees("Được giữ chỗ (1): Lan", "Hết chỗ (1)", "Minh: lớp đã đủ chỗ", "Kèm danh sách chờ")
    await long.taps("Đề cử 1 người")
    assert long.sees("Chưa đề cử được", "Minh: lớp đã đủ chỗ")
    assert await state_of(office, minh, course_id) == []
    await long.taps_data(f"nominate_codes:{course_id}")
    await long.sends("XMinh")
    await long.taps("Kèm danh sách chờ")
    assert long.sees("Vào danh sách chờ 1 người: Minh")
    await office.settle()
    await lan.taps("Nhường chỗ")
    await office.settle()
    assert minh.sees("Long đề cử anh/chị", "Nhận chỗ")


async def test_the_quota_of_the_unit_is_counted(office: Office) -> None:
    long, lan, minh = await unit_of_three(office)
    course_id = await course(office, capacity=10)
    async with office.store.transaction() as tx:
        await tx.execute("insert into course_quotas (course_id, unit_id, places) values ($1, 1, 1)", course_id)
    await long.taps_data(f"nominate_codes:{course_id}")
    await long.sends("XLan XMinh")
    assert long.sees("Được giữ chỗ (1): Lan", "Minh: đã hết chỉ tiêu của đơn vị")
    await long.taps("Đề cử 1 người")
    assert await state_of(office, lan, course_id) == ["offered"]
    await minh.taps_data(f"enrol:{course_id}")
    assert await state_of(office, minh, course_id) == ["waiting"]


async def test_nominating_twice_changes_nothing(office: Office) -> None:
    long, lan, _ = await unit_of_three(office)
    course_id = await course(office)
    await nominated(long, course_id, lan)
    await long.taps_data(f"nominate_send:{course_id}:0")
    await nominated(long, course_id, lan)
    assert await state_of(office, lan, course_id) == ["offered"]
    await long.taps_data(f"nominate_made:{course_id}")
    assert long.sees("Lan: chờ trả lời")


async def test_who_stands_in_for_the_head_nominates_too_but_not_themself(office: Office) -> None:
    _, _, minh = await unit_of_three(office)
    course_id = await course(office)
    async with office.store.transaction() as tx:
        await tx.execute(
            """insert into acting_heads (unit_id, person_id, from_at, until_at, created_at)
            values (1, $1, $2, $3, $2)""",
            minh.person_id, office.clock.now(), at("2026-11-24"),
        )  # fmt: skip
    await minh.taps_data(f"nominate:{course_id}")
    assert minh.sees("Chọn Lan")
    assert minh.sees_no("Chọn Minh")
    assert minh.sees_no("Chọn Long")
    office.clock.move_to(at("2026-11-24"))
    await minh.taps_data(f"nominate:{course_id}")
    assert minh.sees_no("Chọn Lan")


async def test_a_nominee_with_another_session_then_cannot_take_the_place(office: Office) -> None:
    long, lan, _ = await unit_of_three(office)
    one, other = await course(office, title="Một"), await course(office, title="Hai")
    await nominated(long, one, lan)
    await seated(office, lan, other)
    await office.settle()
    await lan.taps("Nhận chỗ")
    assert lan.sees("trùng giờ với lớp Hai")


async def test_the_time_to_answer_is_two_working_days(office: Office) -> None:
    course_id = await course(office, deadline=at("2026-12-06"))
    async with office.store.reading() as tx:
        found = await nominations.courses.find(tx, course_id)
    days = calendar.Calendar(ZONE)
    assert nominations.answer_until(found, at("2026-11-27", "09:00"), days) == at("2026-12-01", "17:00")


async def test_who_has_no_chat_is_named_so_that_the_head_tells_them(office: Office) -> None:
    long = await office.person("Long", head=True)
    await office.person("Cụ Tư", code="T4", linked=False)
    course_id = await course(office)
    await long.taps_data(f"nominate_codes:{course_id}")
    await long.sends("T4")
    await long.taps("Đề cử 1 người")
    assert long.sees("Chưa kết nối với trợ lý", "báo trực tiếp", "Cụ Tư")


async def nominated(head: Chat, course_id: int, *people: Chat) -> None:
    await head.taps_data(f"nominate_codes:{course_id}")
    await head.sends(" ".join(f"X{one.address.id}" for one in people))
    await head.taps_data(f"nominate_send:{course_id}:0")


async def enrolment_of(office: Office, person: Chat) -> int:
    async with office.store.reading() as tx:
        number: int = await tx.fetchval("select max(id) from enrolments where person_id = $1", person.person_id)
    return number
