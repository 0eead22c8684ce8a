from tests.courses.classes import course, seated
from tests.ratings.test_rating_story import rates
from tests.talking import Office, at


async def test_a_lecturer_of_the_list_sees_their_courses_in_the_chat(office: Office) -> None:
    hr, an = await office.person("Hạnh", hr=True), await office.person("An")
    course_id = await course(office, title="Lớp của An")
    await hr.taps_data(f"ce_ask:{course_id}:lecturer")
    await hr.sends("TS. An; TS. An; ThS. Mùa")
    await hr.taps_data("desk_courses")
    await hr.taps("Giảng viên")
    assert hr.sees("Giảng viên: 2", "TS. An (cơ hữu, 1 lớp)")
    await hr.taps("TS. An")
    await hr.taps("Là chuyên gia mời")
    await hr.taps("Sửa giới thiệu")
    await hr.sends("Hai mươi năm làm địa chính")
    await hr.taps("Gắn mã cán bộ")
    await hr.sends("KHONGCO")
    assert hr.sees("Không có ai đang công tác mang mã KHONGCO")
    await hr.sends("XAn")
    assert hr.sees("Loại: chuyên gia mời", "Hai mươi năm", "Trong danh sách cán bộ: An")
    await an.sends("/start")
    await an.taps("Lớp phụ trách")
    assert an.sees("Lớp của An")
    await hr.taps("Bỏ gắn mã")
    await an.taps_data("run")
    assert an.sees_no("Lớp của An")
    async with office.store.reading() as tx:
        assert await tx.fetchval("select count(*) from audit where action = 'lecturer.edit'") == 4


async def test_a_known_lecturer_and_institution_are_picked_with_a_tap(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await hr.taps_data("lecturer_new")
    await hr.sends("TS. An")
    first, second = await course(office, title="Một"), await course(office, title="Hai")
    await hr.taps_data(f"ce_ask:{first}:institution")
    await hr.sends("Trường Chính trị")
    await hr.taps_data(f"ce_ask:{second}:institution")
    await hr.taps("Trường Chính trị")
    await hr.taps_data(f"ce_ask:{second}:lecturer")
    await hr.sends("ThS. Mùa")
    await hr.taps_data(f"ce_ask:{second}:lecturer")
    await hr.taps("TS. An")
    assert hr.sees("Giảng viên: ThS. Mùa; TS. An")
    async with office.store.reading() as tx:
        rows = await tx.fetch("select institution_id from courses order by id")
        assert [row["institution_id"] for row in rows] == [1, 1]
        assert await tx.fetchval("select count(*) from course_lecturers") == 2


async def test_a_name_without_letters_is_no_lecturer(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await hr.taps_data("lecturer_new")
    await hr.sends("...")
    assert hr.sees("cần có chữ")
    await hr.taps_data("lecturer:99")
    assert hr.sees_no("Loại:")


async def test_a_lecturers_card_sums_up_how_the_courses_were_rated_from_five_forms_on(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    people = [await office.person(f"Người {n}") for n in range(5)]
    course_id = await course(office, title="Lớp của An")
    await hr.taps_data(f"ce_ask:{course_id}:lecturer")
    await hr.sends("TS. An")
    for person in people:
        await seated(office, person, course_id)
    await office.time_passes(at("2026-12-07", "13:00"), step=3600)
    for person in people[:4]:
        await rates(person, 5, 5, 4)
    await hr.taps_data("lecturer:1")
    assert hr.sees("chưa có lớp nào đủ 5 phiếu")
    await rates(people[4], 5, 5, 4)
    await hr.taps_data("lecturer:1")
    assert hr.sees("Đánh giá: 9,3/10 (1 lớp, 5 phiếu)")
