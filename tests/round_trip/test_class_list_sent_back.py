from tests.courses.classes import course, seated, state_of
from tests.round_trip.editing import adds, deletes, edited, sets, undoes
from tests.talking import Chat, Office


async def classroom(office: Office, **fields: object) -> tuple[Chat, int]:
    """A clerk of the whole and a class with eight seats taken; Mai and Nga are not on it."""
    hr = await office.person("Hạnh", hr=True, unit="Sở Nội vụ")
    course_id = await course(office, **{"title": "Luật Đất đai", "capacity": 9, "code": "L1", **fields})
    for name in ("An", "Bình", "Chi", "Dung", "Em", "Gia", "Hà", "Khoa"):
        await seated(office, await office.person(name, code=f"C-{name}"), course_id)
    for name in ("Mai", "Nga"):
        await office.person(name, code=f"C-{name}")
    return hr, course_id


async def class_list(hr: Chat, course_id: int) -> bytes:
    await hr.taps_data(f"desk_class_sheet:{course_id}")
    (file,) = hr.arrived[-1].attachments
    return file.content


async def test_a_class_list_sent_back_unchanged_makes_no_difference(office: Office) -> None:
    hr, course_id = await classroom(office)
    await hr.uploads("lop.xlsx", await class_list(hr, course_id))
    hr.sees("Danh sách lớp Luật Đất đai", "Không có gì thay đổi", "0 đổi, 0 thêm, 0 bỏ", "Giữ nguyên: 8")
    hr.sees_no("Ghi nhận")


async def test_a_deleted_row_gives_the_seat_up_and_an_added_one_is_nominated(office: Office) -> None:
    hr, course_id = await classroom(office)
    content = edited(await class_list(hr, course_id), deletes("An"))
    await hr.uploads("lop.xlsx", edited(content, adds(Họ_và_tên="Mai", Mã_cán_bộ="C-Mai")))
    hr.sees("0 đổi, 1 thêm, 1 bỏ", "Rút tên: 1 (An)")
    await hr.taps("Ghi nhận")
    hr.sees("rút tên 1 người")
    await hr.taps("Đúng, bỏ 1 người")
    hr.sees("Đã ghi")
    an, mai = office.chat("An"), office.chat("Mai")
    assert (await state_of(office, an, course_id), await state_of(office, mai, course_id)) == (
        ["cancelled"],
        ["offered"],
    )
    await office.settle()
    an.sees("đã rút tên anh/chị khỏi lớp Luật Đất đai")
    await an.taps_data(f"course:{course_id}")
    an.sees("Đăng ký của anh/chị: Bộ phận tổ chức cán bộ đã rút tên anh/chị")
    assert mai.saw("Luật Đất đai")
    await undoes(hr)
    hr.sees("trả lại 2 mục")
    assert (await state_of(office, an, course_id), await state_of(office, mai, course_id)) == (["seat"], ["cancelled"])


async def test_who_took_the_offer_meanwhile_stays_and_is_named(office: Office) -> None:
    hr, course_id = await classroom(office)
    content = edited(await class_list(hr, course_id), adds(Họ_và_tên="Mai", Mã_cán_bộ="C-Mai"))
    await hr.uploads("lop.xlsx", content)
    await hr.taps("Ghi nhận")
    await office.settle()
    await office.chat("Mai").taps("Nhận chỗ")
    await undoes(hr)
    hr.sees("để nguyên (1): Mai")


async def test_a_full_class_puts_added_people_on_the_waiting_list(office: Office) -> None:
    hr, course_id = await classroom(office, capacity=8)
    content = edited(await class_list(hr, course_id), adds(Họ_và_tên="Mai", Mã_cán_bộ="C-Mai"))
    await hr.uploads("lop.xlsx", content)
    hr.sees("Vào danh sách chờ: 1", "Lớp hết chỗ: Mai vào danh sách chờ")
    await hr.taps("Ghi nhận")
    assert await state_of(office, office.chat("Mai"), course_id) == ["waiting"]


async def swap(hr: Chat, course_id: int, off: str, on: str) -> None:
    """Send the list back with one row taken out and another one in its place."""
    content = edited(await class_list(hr, course_id), deletes(off))
    await hr.uploads("lop.xlsx", edited(content, adds(Họ_và_tên=on, Mã_cán_bộ=f"C-{on}")))


async def test_in_a_full_class_the_freed_place_goes_to_the_row_in_its_stead(office: Office) -> None:
    hr, course_id = await classroom(office, capacity=8)
    await swap(hr, course_id, "An", "Mai")
    hr.sees("Đề cử thêm, chờ người đó nhận chỗ: 1", "Rút tên: 1 (An)")
    hr.sees_no("hết chỗ")
    assert not hr.arrived[-1].attachments
    assert await state_of(office, office.chat("An"), course_id) == ["seat"]
    await hr.taps("Ghi nhận")
    await hr.taps("Đúng, bỏ 1 người")
    hr.sees("chờ người đó nhận chỗ: 1")
    assert await state_of(office, office.chat("Mai"), course_id) == ["offered"]
    await office.settle()
    assert [kind for _, kind, _ in office.chat("An").pushed] == ["enrolment_result"]


async def test_whoever_waits_already_comes_first_and_that_is_said(office: Office) -> None:
    hr, course_id = await classroom(office, capacity=8)
    nga = office.chat("Nga")
    await nga.taps_data(f"enrol:{course_id}")
    await swap(hr, course_id, "An", "Mai")
    hr.sees("Vào danh sách chờ: 1", "Chỗ vừa trống mời người đang chờ trước, nên Mai vào danh sách chờ")
    assert not hr.arrived[-1].attachments
    await hr.taps("Ghi nhận")
    await hr.taps("Đúng, bỏ 1 người")
    assert await state_of(office, nga, course_id) == ["offered"]
    assert await state_of(office, office.chat("Mai"), course_id) == ["waiting"]


async def test_a_changed_state_is_passed_over_with_a_remark(office: Office) -> None:
    hr, course_id = await classroom(office)
    await hr.uploads("lop.xlsx", edited(await class_list(hr, course_id), sets("An", "Tình trạng", "Danh sách chờ")))
    hr.sees("Không có gì thay đổi", "Tình trạng ghi trong tệp không được tính")


async def test_rows_that_cannot_be_are_named_and_nobody_is_taken_off_for_them(office: Office) -> None:
    hr, course_id = await classroom(office)
    content = edited(await class_list(hr, course_id), sets("An", "Mã cán bộ", None))
    content = edited(content, adds(Họ_và_tên="Ai", Mã_cán_bộ="KHONG-CO"))
    await hr.uploads("lop.xlsx", edited(content, adds(Họ_và_tên="Bình", Mã_cán_bộ="C-Bình")))
    hr.sees("0 đổi, 0 thêm, 0 bỏ", "Thiếu mã cán bộ", "mang mã KHONG-CO", "Mã này đã có ở dòng")


async def test_taking_most_of_a_class_off_wants_the_number(office: Office) -> None:
    hr, course_id = await classroom(office)
    await hr.uploads("lop.xlsx", edited(await class_list(hr, course_id), deletes("An", "Bình", "Chi", "Dung")))
    await hr.taps("Ghi nhận")
    hr.sees("gõ số 4")
    await hr.sends("4")
    hr.sees("Đã ghi", "Rút tên: 4")


async def test_a_clerk_of_one_unit_edits_their_own_people_only(office: Office) -> None:
    hr, course_id = await classroom(office)
    clerk = await office.person("Ca", unit="Xã Mường Phăng", code="C-Ca")
    lan = await office.person("Lan", unit="Xã Mường Phăng", code="C-Lan")
    await seated(office, lan, course_id)
    async with office.store.transaction() as tx:
        await tx.execute(
            """insert into rights (person_id, role, unit_id, granted_at)
            select id, 'hr', unit_id, 1 from people where id = $1""",
            clerk.person_id,
        )
    content = edited(await class_list(clerk, course_id), adds(Họ_và_tên="Mai", Mã_cán_bộ="C-Mai"))
    await clerk.uploads("lop.xlsx", content)
    clerk.sees("Không có mã C-MAI trong phạm vi", "0 thêm, 0 bỏ")
    content = edited(await class_list(clerk, course_id), adds(Họ_và_tên="Ai", Mã_cán_bộ="KHONG-CO"))
    await clerk.uploads("lop.xlsx", content)
    clerk.sees("Không có mã KHONG-CO trong phạm vi")  # the same: whether there is such a code is not told
    foreign = edited(await class_list(hr, course_id), deletes("An"))
    await clerk.uploads("lop.xlsx", foreign)
    assert await state_of(office, office.chat("An"), course_id) == ["seat"]
    clerk.sees_no("Ghi nhận")
    async with office.store.reading() as tx:
        rows = await tx.fetch("select subject from audit where action = 'refused'")
    assert {row["subject"] for row in rows} >= {f"person:{office.chat('Mai').person_id}"}


async def test_an_old_list_is_to_be_fetched_anew(office: Office) -> None:
    hr, course_id = await classroom(office)
    content = await class_list(hr, course_id)
    async with office.store.transaction() as tx:
        await tx.execute("delete from exports")
    await hr.uploads("lop.xlsx", content)
    hr.sees("tải danh sách mới")
