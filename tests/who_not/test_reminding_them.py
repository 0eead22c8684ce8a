from tests.courses.classes import course, seated
from tests.courses.test_courses_in_english import english
from tests.legal.law_office import law, publish
from tests.results.classes import OVER, class_of, was_there
from tests.schedule_changes.changing import a_class, changed
from tests.talking import Chat, Office

DAY = 86_400


def reminded(chat: Chat) -> int:
    return [kind for _, kind, _ in chat.pushed].count("who_not_nudge")


async def invited(office: Office, person: Chat) -> int:
    """A course that offers the person a place."""
    course_id = await course(office, code=f"M{person.person_id}", title="Lớp mời")
    await seated(office, person, course_id)
    async with office.store.transaction() as tx:
        await tx.execute(
            "update enrolments set state = 'offered', offer_expires_at = $2 where course_id = $1",
            course_id,
            office.clock.now() + 3 * DAY,
        )
    return course_id


async def test_who_has_not_answered_a_change_is_reminded_once_a_day_with_the_way_to_answer(office: Office) -> None:
    course_id, hr, (lan, mai) = await a_class(office, "Lan", "Mai")
    await changed(office, hr, course_id, 1, "move", "15/12/2026")
    await mai.taps("Tôi còn đi được")
    await hr.taps_data(f"class_who_not:{course_id}")
    await hr.taps("Chưa trả lời đổi lịch (1)")
    await hr.taps("Nhắc giúp tôi")
    hr.sees("Tôi đang nhắn riêng 1 người")
    await hr.taps_data(f"who_not_nudge:change:{course_id}")
    hr.sees("Mỗi người chỉ được nhắc một lần một ngày")
    await office.settle()
    lan.sees("đã đổi lịch", "còn đi được không")
    assert (reminded(lan), reminded(mai)) == (1, 0)
    await lan.taps("Xem lịch mới")
    lan.sees("15/12/2026", "Tôi còn đi được")
    office.clock.move_by(2 * DAY)  # the day between is a day off
    await hr.taps_data(f"who_not_nudge:change:{course_id}")
    hr.sees("Tôi đang nhắn riêng 1 người")
    await lan.taps("Tôi còn đi được")
    await office.settle()
    assert reminded(lan) == 1, "who has answered meanwhile is left alone"


async def test_a_head_and_the_invited_are_reminded_too_and_who_has_no_chat_is_told_of(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True, unit="Xã B")
    head = await office.person("Long", unit="Xã A", head=True)
    lan, minh = await office.person("Lan", unit="Xã A"), await office.person("Minh", linked=False)
    course_id = await course(office, capacity=5)
    await lan.taps_data(f"enrol:{course_id}")
    await hr.taps_data(f"who_not_list:decide:{course_id}")
    await hr.taps("Nhắc giúp tôi")
    await office.settle()
    assert reminded(head) == 1
    await head.taps("Xem đăng ký")
    head.sees("Lan")
    of_lan, of_minh = await invited(office, lan), await invited(office, minh)
    await hr.taps_data(f"who_not_nudge:confirm:{of_lan}")
    hr.sees("Tôi đang nhắn riêng 1 người")
    await office.settle()
    lan.sees("giữ chỗ cho anh/chị và chờ anh/chị trả lời")
    await lan.taps("Xem và trả lời")
    lan.sees("Nhận chỗ")
    await hr.taps_data(f"who_not_nudge:confirm:{of_minh}")
    hr.sees("1 người chưa liên lạc được")
    hr.sees_no("trong ngày")


async def test_who_has_not_rated_is_reminded_while_the_rating_is_open(office: Office) -> None:
    hr, lan = await office.person("Hạnh", hr=True), await office.person("Lan")
    course_id = await class_of(office, lan)
    await was_there(office, lan, course_id, 5)
    office.clock.move_to(OVER)
    await hr.taps_data(f"who_not_list:rate:{course_id}")
    await hr.taps("Nhắc giúp tôi")
    await office.settle()
    assert reminded(lan) == 1
    await lan.taps("Đánh giá")
    lan.sees("Đánh giá nhanh 1/3")
    office.clock.move_to(OVER + 40 * DAY)
    await hr.taps_data(f"who_not_list:rate:{course_id}")
    hr.sees("Lan")
    hr.sees_no("Nhắc giúp tôi")
    await hr.taps_data(f"who_not_nudge:rate:{course_id}")
    hr.sees("không còn dùng được")


async def test_what_others_enter_is_no_cause_to_remind_and_a_law_has_its_own_reminder(office: Office) -> None:
    hr, lan = await office.person("Hạnh", hr=True, audience="CB"), await office.person("Lan")
    course_id = await class_of(office, lan)
    await publish(office, law())
    await hr.taps_data("who_not_list:law:1")
    await hr.taps("Nhắc giúp tôi")
    hr.sees("1 người")
    office.clock.move_to(OVER)
    for kind in ("recorded", "result"):
        await hr.taps_data(f"who_not_list:{kind}:{course_id}")
        hr.sees("Lan")
        hr.sees_no("Nhắc giúp tôi")


async def test_a_clerk_of_one_unit_reminds_the_own_people_only(office: Office) -> None:
    clerk = await office.person("Hạnh", unit="Xã A", audience="CB")
    lan, binh = await office.person("Lan", unit="Xã A"), await office.person("Bình", unit="Xã B")
    async with office.store.transaction() as tx:
        await tx.execute(
            """insert into rights (person_id, role, unit_id, granted_at)
            select id, 'hr', unit_id, 0 from people where name = 'Hạnh'"""
        )
    course_id = await class_of(office, lan, binh)
    office.clock.move_to(OVER)
    await clerk.taps_data(f"who_not_nudge:rate:{course_id}")
    clerk.sees("1 người")
    await office.settle()
    assert (reminded(lan), reminded(binh)) == (1, 0)
    await lan.taps_data(f"who_not_nudge:rate:{course_id}")
    lan.sees("dành cho người được phân quyền")


async def test_reminding_them_in_english(office: Office) -> None:
    hr, lan = await office.person("Hạnh", hr=True), await office.person("Lan")
    await english(office, hr, lan)
    course_id = await class_of(office, lan)
    office.clock.move_to(OVER)
    await hr.taps_data(f"who_not_list:rate:{course_id}")
    await hr.taps("Remind them for me")
    hr.sees("1 people are being reminded privately")
    await office.settle()
    assert lan.saw("is over and waits for your rating")
    assert lan.saw("[Rate it]")
