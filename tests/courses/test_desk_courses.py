import io

import openpyxl

from tests.courses.classes import course, seated, state_of
from tests.courses.test_waiting_list import full
from tests.talking import Chat, Office, at


async def cancelled(hr: Chat, course_id: int, reason: str = "Giảng viên ốm & bão") -> None:
    await hr.taps_data(f"desk_cancel:{course_id}")
    await hr.sends(reason)
    await hr.taps("Huỷ lớp và báo")


async def test_who_is_invited_is_not_said_to_be_waiting(office: Office) -> None:
    hr, course_id = await office.person("Hạnh", hr=True), await course(office, capacity=3)
    lan = await office.person("Lan", code="A1")
    await hr.taps_data(f"nominate_pick:{course_id}:{lan.person_id}:0:0")
    await hr.taps_data(f"nominate_review:{course_id}")
    await hr.taps("Đề cử 1 người")
    await hr.taps_data("desk_courses")
    hr.sees("0/3 có chỗ, 1 đang được mời")
    hr.sees_no("danh sách chờ")


async def test_hr_sees_the_counts_of_every_course(office: Office) -> None:
    await full(office)
    hr = await office.person("Hạnh", hr=True)
    await hr.taps_data("desk_courses")
    hr.sees("Lớp mẫu", "1/1 có chỗ, 2 trong danh sách chờ")
    await hr.taps("Lớp mẫu")
    hr.sees("Có chỗ: 1/1", "Danh sách chờ: 2")
    await hr.taps("Thay đổi")
    hr.sees("Đóng đăng ký", "Huỷ lớp")


async def test_what_is_zero_is_not_counted_up_in_the_list(office: Office) -> None:
    await course(office, title="Tin học")
    hr = await office.person("Hạnh", hr=True)
    await hr.taps_data("desk_courses")
    hr.sees("Tin học (07/12/2026): 0/30 có chỗ\n")
    hr.sees_no("chờ")


async def test_only_hr_gets_there(office: Office) -> None:
    course_id = await course(office)
    lan = await office.person("Lan", head=True)
    for data in (f"desk_course:{course_id}", f"desk_cancel_yes:{course_id}", f"desk_class_sheet:{course_id}"):
        await lan.taps_data(data)
        lan.sees("người được phân quyền")


async def test_hr_closes_and_opens_sign_up(office: Office) -> None:
    course_id = await course(office, needs_head=0)
    hr, lan = await office.person("Hạnh", hr=True), await office.person("Lan")
    await hr.taps_data(f"desk_course:{course_id}")
    await hr.taps("Thay đổi")
    await hr.taps("Đóng đăng ký")
    hr.sees("đã đóng")
    await lan.taps_data(f"enrol:{course_id}")
    lan.sees("đã đóng đăng ký")
    await hr.taps_data(f"class_edit:{course_id}")
    await hr.taps("Mở đăng ký")
    await lan.taps_data(f"enrol:{course_id}")
    lan.sees("Đã có chỗ")


async def test_capacity_takes_a_number_not_below_what_is_given_away(office: Office) -> None:
    course_id = await course(office, needs_head=0)
    hr = await office.person("Hạnh", hr=True)
    for name in ("Lan", "Mai"):
        await (await office.person(name)).taps_data(f"enrol:{course_id}")
    await hr.taps_data(f"desk_capacity:{course_id}")
    await hr.sends("nhiều")
    hr.sees("Tôi cần một số")
    await hr.sends("1")
    hr.sees("Đã có 2 người", "từ 2 đến 10.000")
    await hr.sends("2")
    hr.sees("Có chỗ: 2/2")


async def test_cancelling_tells_everybody_after_a_preview(office: Office) -> None:
    course_id, lan, mai, nga = await full(office)
    hr = await office.person("Hạnh", hr=True)
    await hr.taps_data(f"desk_course:{course_id}")
    await hr.taps("Thay đổi")
    await hr.taps("Huỷ lớp")
    hr.sees("Vì sao")
    await hr.sends("Giảng viên ốm & bão")
    hr.sees("3 người", "1 buổi học", "Giảng viên ốm & bão")
    assert await state_of(office, lan, course_id) == ["seat"]
    await hr.taps("Huỷ lớp và báo")
    hr.sees("Đã huỷ lớp", "3 người sẽ được báo")
    await office.settle()
    for person in (lan, mai, nga):
        person.sees("đã huỷ", "Giảng viên ốm & bão")
        assert await state_of(office, person, course_id) == ["withdrawn"]


async def test_a_cancelled_course_leaves_nothing_pending(office: Office) -> None:
    course_id, lan, *_ = await full(office)
    hr = await office.person("Hạnh", hr=True)
    await cancelled(hr, course_id)
    await office.settle()
    async with office.store.reading() as tx:
        assert await tx.fetchval("select count(*) from milestones where state = 'pending'") == 0
        assert await tx.fetchval("select count(*) from outbox where state = 'pending'") == 0
    await office.time_passes(at("2026-12-08"), step=6 * 3600)
    assert [kind for _, kind, _ in lan.pushed] == ["course_cancelled"]
    await lan.sends("/lich")
    lan.sees("chưa có buổi học nào")


async def test_buttons_of_a_cancelled_course_answer_politely(office: Office) -> None:
    course_id, lan, mai, _ = await full(office)
    hr = await office.person("Hạnh", hr=True)
    await lan.taps_data(f"enrol_drop:{course_id}:work")
    await office.settle()
    await cancelled(hr, course_id)
    for data, words in (
        ("offer_yes:2", "đã huỷ"),
        ("offer_no:2", "đã huỷ"),
        (f"enrol:{course_id}", "đã huỷ"),
        (f"enrol_cancel:{course_id}", "đã huỷ"),
        (f"course:{course_id}", "Lớp này đã huỷ"),
    ):
        await mai.taps_data(data)
        mai.sees(words)
    for data in (f"desk_cancel:{course_id}", f"desk_open:{course_id}:1"):
        await hr.taps_data(data)
        hr.sees("đã huỷ trước đó")
    await hr.taps_data("approve:1")
    hr.sees_no("sự cố")


async def test_an_old_confirmation_does_not_cancel_again_or_another(office: Office) -> None:
    first, second = await course(office, title="Lớp A"), await course(office, title="Lớp B")
    hr = await office.person("Hạnh", hr=True)
    await hr.taps_data(f"desk_cancel:{first}")
    await hr.sends("Bão")
    await hr.taps_data(f"desk_cancel_yes:{second}")
    hr.sees("Lớp B", "đang mở")
    await hr.taps_data(f"desk_cancel_yes:{first}")
    hr.sees("đang mở")


async def test_at_night_people_are_told_in_the_morning_unless_a_session_is_nearer(office: Office) -> None:
    near = await course(office, sessions_at=(("2026-12-08", "06:00", "08:00"),))
    far = await course(office, sessions_at=(("2026-12-09", "13:30", "17:00"),))
    hr, lan, mai = await office.person("Hạnh", hr=True), await office.person("Lan"), await office.person("Mai")
    await seated(office, lan, near)
    await seated(office, mai, far)
    office.clock.move_to(at("2026-12-07", "22:00"))
    await cancelled(hr, near)
    await cancelled(hr, far)
    await office.settle()
    lan.sees("đã huỷ")
    assert mai.pushed == []
    await office.time_passes(at("2026-12-08", "07:30"), step=900)
    mai.sees("đã huỷ")


async def test_the_participants_are_listed_and_come_as_a_workbook(office: Office) -> None:
    course_id, *_ = await full(office, title='Lớp <Luật> & "Đất đai"')
    hr = await office.person("Hạnh", hr=True)
    await hr.taps_data(f"desk_course:{course_id}")
    await hr.taps("Học viên")
    hr.sees("3 người", "1. Lan (Xã Trí Phải): có chỗ", "2. Mai (Xã Trí Phải): danh sách chờ")
    await hr.taps("Tải danh sách")
    (file,) = hr.arrived[-1].attachments
    assert file.name == "danh-sach-l1.xlsx"
    page = openpyxl.load_workbook(io.BytesIO(file.content)).active
    cells = [[c.value for c in row] for row in page.iter_rows()]
    assert cells[0][0] == 'Lớp <Luật> & "Đất đai"'
    assert [row[1] for row in cells[3:]] == ["Họ và tên", "Lan", "Mai", "Nga"]
    assert [row[5] for row in cells[4:]] == ["Có chỗ", "Danh sách chờ", "Danh sách chờ"]


async def test_500_names_are_paged(office: Office) -> None:
    course_id = await course(office, capacity=600)
    hr = await office.person("Hạnh", hr=True)
    async with office.store.transaction() as tx:
        unit_id = await tx.fetchval("select id from units")
        for n in range(500):
            person_id = await tx.fetchval(
                """insert into people (code, name, fold, unit_id, audience, created_at)
                values ($1, $2, $2, $3, 'CC', 1) returning id""",
                f"N{n}", f"Người {n:03}", unit_id,
            )  # fmt: skip
            await tx.execute(
                """insert into enrolments (course_id, person_id, state, arrival, requested_at, seated_at)
                values ($1, $2, 'seat', $3, 1, 1)""",
                course_id, person_id, n,
            )  # fmt: skip
    await hr.taps_data(f"desk_class:{course_id}:83")
    hr.sees("Trang 84/84", "Người 499")
    await hr.taps("Trang trước")
    hr.sees("Trang 83/84")
    await hr.taps_data(f"desk_class_sheet:{course_id}")
    assert hr.arrived[-1].attachments
