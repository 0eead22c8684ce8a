from tests.courses.classes import course, seated
from tests.learning_gaps.posts_held import CLERK, LAND, holds, learned, required
from tests.rights.agency import unit_id, unit_under
from tests.talking import Chat, Office


async def ward(office: Office) -> tuple[Chat, Chat, Chat]:
    hr = await office.person("Hạnh", unit="Sở Nội vụ", hr=True, audience="VC")
    head = await holds(office, "Long", CLERK, head=True)
    lan = await holds(office, "Lan", LAND, unit="Phòng Kinh tế")
    await unit_under(office, "Phòng Kinh tế", "Xã Trí Phải")
    await holds(office, "Nga", CLERK, unit="Xã Biển Bạch")
    await required(hr, [LAND, "QLNN", "Một lần", "x"])
    return hr, head, lan


async def test_a_head_sees_figures_of_the_unit_and_who_is_away_soon(office: Office) -> None:
    _, head, lan = await ward(office)
    nga = office.chat("Nga")
    soon = await course(office, title="Luật Đất đai", sessions_at=(("2026-11-26", "07:30", "11:30"),))
    later = await course(office, title="Tiếng Anh", sessions_at=(("2026-12-20", "07:30", "11:30"),))
    for person, course_id in ((lan, soon), (lan, later), (nga, soon), (head, soon)):
        await seated(office, person, course_id)
    await learned(office, "Long", "PL", "05/03/2026")
    await head.sends("/start")
    await head.taps("Đơn vị của tôi")
    head.sees("Xã Trí Phải: 2 người, kể cả đơn vị trực thuộc", "Chờ anh/chị duyệt: 0",
              "Chưa có tiết nào năm 2026: 1 người", "Còn thiếu nội dung cần học: 1 người",
              "thứ Năm 26/11/2026, 07:30–11:30, Luật Đất đai: Lan\n")  # fmt: skip
    head.sees_no("Tiếng Anh")
    await head.taps("Còn thiếu nội dung")
    head.sees("Quản lý nhà nước: còn 1/1")
    await head.taps("Quay lại")
    await head.taps("Ai chưa?")
    head.sees("[Về đầu]")


async def test_who_stands_in_sees_it_as_long_as_they_do(office: Office) -> None:
    _, head, lan = await ward(office)
    unit = await unit_id(office, "Xã Trí Phải")
    now = office.clock.now()
    async with office.store.transaction() as tx:
        await tx.execute(
            "insert into acting_heads (unit_id, person_id, from_at, until_at, by_person, created_at) "
            "values ($1, $2, $3, $4, $5, $3)",
            unit, lan.person_id, now, now + 86_400, head.person_id,
        )  # fmt: skip
    await lan.sends("/start")
    await lan.taps("Đơn vị của tôi")
    lan.sees("Xã Trí Phải: 2 người")
    await lan.taps("Còn thiếu nội dung")
    await lan.taps("Quản lý nhà nước (1)")
    lan.sees("Phòng Kinh tế: Lan")
    office.clock.move_to(now + 86_401)
    await lan.taps_data("unit_board")
    lan.sees_no("2 người")
    await lan.sends("/start")
    lan.sees_no("Đơn vị của tôi")


async def test_in_english_and_nobody_away(office: Office) -> None:
    _, head, _ = await ward(office)
    await head.sends("/ngonngu")
    await head.taps("English")
    await head.taps_data("unit_board")
    head.sees("2 people, with the units under it", "Nobody of the unit is on a course")
