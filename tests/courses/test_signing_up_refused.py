import pytest

from tests.courses.classes import course, seated, state_of
from tests.talking import Office, at


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"audience": "VC"}, "dành cho viên chức"),
        ({"deadline": at("2026-11-22", "23:59")}, "hết hạn đăng ký (Chủ nhật 22/11/2026)"),
        ({"state": "closed"}, "đã đóng đăng ký"),
        ({"state": "cancelled"}, "đã huỷ"),
        ({"sessions_at": (("2026-11-23", "07:30", "11:30"),), "deadline": at("2026-11-24")}, "đã khai giảng"),
    ],
)
async def test_the_reason_is_shown_when_a_rule_says_no(office: Office, fields: dict, why: str) -> None:
    course_id = await course(office, **fields)
    lan = await office.person("Lan", audience="CC")
    await lan.taps_data(f"enrol:{course_id}")
    lan.sees("Chưa đăng ký được", why)
    await lan.taps_data(f"course:{course_id}")
    lan.sees(why)
    lan.sees_no("[Đăng ký]")
    assert await state_of(office, lan, course_id) == []


async def test_a_clash_names_the_other_course_and_its_time(office: Office) -> None:
    mine = await course(office, title="Lớp của tôi", sessions_at=(("2026-12-08", "13:30", "17:00"),))
    other = await course(office, sessions_at=(("2026-12-07", "07:30", "11:30"), ("2026-12-08", "16:00", "18:00")))
    lan = await office.person("Lan")
    await seated(office, lan, mine)
    await lan.sends("/lop")
    await lan.taps("Lớp mẫu")
    await lan.taps("Đăng ký")
    lan.sees("trùng giờ", "Lớp của tôi", "thứ Ba 08/12/2026, 13:30–17:00")
    assert await state_of(office, lan, other) == []


async def test_sessions_that_only_touch_do_not_clash(office: Office) -> None:
    mine = await course(office, sessions_at=(("2026-12-07", "07:30", "11:30"),))
    other = await course(office, needs_head=0, sessions_at=(("2026-12-07", "11:30", "13:00"),))
    lan = await office.person("Lan")
    await seated(office, lan, mine)
    await lan.taps_data(f"enrol:{other}")
    lan.sees("Đã có chỗ")


async def test_a_course_given_up_no_longer_clashes(office: Office) -> None:
    first, second = await course(office, needs_head=0), await course(office, needs_head=0)
    lan = await office.person("Lan")
    await lan.taps_data(f"enrol:{first}")
    await lan.taps_data(f"enrol_drop:{first}:other_course")
    await lan.taps_data(f"enrol:{second}")
    lan.sees("Đã có chỗ")


async def test_giving_up_asks_for_a_reason_and_takes_typed_words(office: Office) -> None:
    course_id = await course(office, needs_head=0)
    lan = await office.person("Lan")
    await lan.taps_data(f"enrol:{course_id}")
    await lan.taps_data(f"enrol_cancel:{course_id}")
    lan.sees("vì lý do gì", "Bận công tác", "Giữ đăng ký")
    await lan.sends("Con ốm & phải ở nhà")
    lan.sees("Đã huỷ đăng ký", "xếp sau")
    async with office.store.reading() as tx:
        assert await tx.fetchval("select reason from enrolments") == "Con ốm & phải ở nhà"
        states = [r["state"] for r in await tx.fetch("select state from enrolment_history order by id")]
    assert states == ["seat", "cancelled"]
    await lan.taps_data(f"enrol_drop:{course_id}:work")
    lan.sees("đã huỷ đăng ký", "trước đó")


async def test_after_the_cut_off_the_person_is_told_whom_to_contact(office: Office) -> None:
    course_id = await course(office, needs_head=0)
    lan = await office.person("Lan")
    await office.person("Hạnh", hr=True, unit="Phòng Văn hoá - Xã hội")
    await lan.taps_data(f"enrol:{course_id}")
    office.clock.move_to(at("2026-12-06", "07:31"))
    await lan.taps_data(f"enrol_cancel:{course_id}")
    lan.sees("quá hạn tự huỷ", "Hạnh", "Phòng Văn hoá - Xã hội")
    assert await state_of(office, lan, course_id) == ["seat"]


async def test_who_only_waits_may_leave_after_the_cut_off(office: Office) -> None:
    course_id = await course(office, needs_head=0, capacity=1, deadline=at("2026-12-06", "23:59"))
    lan, mai = await office.person("Lan"), await office.person("Mai")
    await lan.taps_data(f"enrol:{course_id}")
    await mai.taps_data(f"enrol:{course_id}")
    office.clock.move_to(at("2026-12-06", "12:00"))
    await mai.taps_data(f"enrol_drop:{course_id}:work")
    mai.sees("Đã huỷ đăng ký")


async def test_a_forged_course_number_is_answered_politely(office: Office) -> None:
    lan = await office.person("Lan")
    for data in ("enrol:99", "course:99", "enrol_cancel:99", "offer_yes:99", "courses:xx.yy.zz:99", "courses_by:x:y"):
        await lan.taps_data(data)
        lan.sees_no("sự cố")
