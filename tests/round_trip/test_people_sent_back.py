import pytest

from tests.courses.classes import course, seated, state_of
from tests.round_trip.editing import adds, columns, deletes, edited, row_of, sets, staff_list, undoes, ward
from tests.talking import Chat, Office

DAY = 86_400


async def small(office: Office) -> Chat:
    """A clerk of the whole with five people of one unit."""
    hr = await office.person("Hạnh", hr=True, unit="Sở Nội vụ", title="Chuyên viên")
    for name in ("An", "Bình", "Chi", "Dung", "Em"):
        await office.person(name, unit="Xã Trí Phải", title="Công chức", code=f"C-{name}")
    return hr


async def fact(office: Office, person: Chat, column: str) -> object:
    async with office.store.reading() as tx:
        return await tx.fetchval(f"select {column} from people where id = $1", person.person_id)


async def test_a_list_sent_back_unchanged_makes_no_difference(office: Office) -> None:
    hr = await ward(office)
    await hr.uploads("ds.xlsx", await staff_list(hr))
    hr.sees("Không có gì thay đổi", "0 đổi, 0 thêm, 0 bỏ", "Giữ nguyên: 1.197")
    hr.sees_no("Ghi nhận")
    assert hr.arrived[-1].attachments == []


async def test_what_was_edited_is_told_applied_and_undone(office: Office) -> None:
    hr = await small(office)
    an, em = office.chat("An"), office.chat("Em")
    content = edited(await staff_list(hr), sets("An", "Chức vụ/chức danh", "Phó Chủ tịch"))
    content = edited(content, deletes("Em"))
    content = edited(
        content, adds(Họ_và_tên="Phan Văn Giang", Đơn_vị_công_tác="Xã Trí Phải", Đối_tượng="CC", Mã_CBCC="C-G")
    )
    await hr.uploads("ds.xlsx", content)
    hr.sees("1 đổi, 1 thêm, 1 bỏ", "An: chức vụ", "sẽ ghi là đã nghỉ: 1 (Em)")
    await hr.taps("Ghi nhận")
    hr.sees("bỏ 1 người", "Đúng là họ đã nghỉ?")
    await hr.taps("Đúng, bỏ 1 người")
    hr.sees("Đã ghi", "[Hoàn tác]")
    assert (await fact(office, an, "title"), await fact(office, em, "active")) == ("Phó Chủ tịch", 0)
    await undoes(hr)
    hr.sees("Đã hoàn tác ds.xlsx", "trả lại 3 mục")
    assert (await fact(office, an, "title"), await fact(office, em, "active")) == ("Công chức", 1)
    await em.sends("/lop")
    em.sees("Lớp")
    async with office.store.reading() as tx:
        assert await tx.fetchval("select active from people where code = 'C-G'") == 0


async def test_an_undo_leaves_what_was_changed_since_and_names_it(office: Office) -> None:
    hr = await small(office)
    content = edited(await staff_list(hr), sets("An", "Chức vụ/chức danh", "Phó Chủ tịch"))
    await hr.uploads("ds.xlsx", edited(content, sets("Chi", "Chức vụ/chức danh", "Chủ tịch")))
    await hr.taps("Ghi nhận")
    async with office.store.transaction() as tx:
        await tx.execute("update people set title = 'Bí thư' where name = 'Chi'")
    await undoes(hr)
    hr.sees("để nguyên (1): Chi")
    assert await fact(office, office.chat("An"), "title") == "Công chức"
    assert await fact(office, office.chat("Chi"), "title") == "Bí thư"


async def test_a_file_is_undone_once_by_its_sender_and_for_a_day(office: Office) -> None:
    hr, other = await small(office), await office.person("Hoa", hr=True, unit="Sở Nội vụ")
    content = await staff_list(hr)
    await hr.uploads("a.xlsx", edited(content, sets("An", "Chức vụ/chức danh", "Phó Chủ tịch")))
    await hr.taps("Ghi nhận")
    (data,) = [d for _, d in hr.arrived[-1].menu if d.startswith("upload_undo")]
    await undoes(other, data)
    other.sees("không thuộc về anh/chị")
    await hr.taps_data("desk_uploads")
    await hr.taps("Hoàn tác: a.xlsx")
    await hr.taps("Có")
    await undoes(hr, data)
    hr.sees("đã được hoàn tác")
    await hr.uploads("b.xlsx", edited(content, sets("An", "Chức vụ/chức danh", "Bí thư")))
    await hr.taps("Ghi nhận")
    office.clock.move_by(DAY + 1)
    await undoes(hr)
    hr.sees("quá 24 giờ")
    assert await fact(office, office.chat("An"), "title") == "Bí thư"


async def test_a_seat_comes_back_with_the_person_or_is_named_when_it_is_gone(office: Office) -> None:
    hr = await small(office)
    em, an = office.chat("Em"), office.chat("An")
    kept, lost = await course(office, title="Luật Đất đai"), await course(office, title="Tin học", capacity=1)
    await seated(office, em, kept)
    await seated(office, em, lost)
    await hr.uploads("ds.xlsx", edited(await staff_list(hr), deletes("Em")))
    await hr.taps("Ghi nhận")
    await hr.taps("Đúng, bỏ 1 người")
    assert await state_of(office, em, kept) == ["cancelled"]
    await seated(office, an, lost)
    await undoes(hr)
    hr.sees("để nguyên (1): Em")
    assert await state_of(office, em, kept) == ["seat"]
    assert await state_of(office, em, lost) == ["cancelled"]


async def test_a_list_that_would_remove_half_the_people_wants_their_number(office: Office) -> None:
    hr = await small(office)
    await hr.uploads("ds.xlsx", edited(await staff_list(hr), deletes("An", "Bình", "Chi")))
    await hr.taps("Ghi nhận")
    hr.sees("bỏ 3 người", "gõ số 3")
    hr.sees_no("Đúng, bỏ")
    await hr.sends("có")
    hr.sees("chưa ghi gì")
    await hr.taps("Ghi nhận")
    await hr.sends("4")
    hr.sees("khác với số anh/chị vừa xác nhận", "chưa ghi gì")
    assert await fact(office, office.chat("An"), "active") == 1
    await hr.taps("Ghi nhận")
    await hr.sends("3")
    hr.sees("Đã ghi", "Đã ghi là nghỉ: 3")
    assert await fact(office, office.chat("An"), "active") == 0


async def test_a_button_that_says_no_number_removes_nobody(office: Office) -> None:
    hr = await small(office)
    await hr.uploads("ds.xlsx", edited(await staff_list(hr), deletes("An", "Bình", "Chi")))
    (data,) = [d for _, d in hr.arrived[-1].menu if d.startswith("upload_removing")]
    await hr.taps_data(f"upload_keep:{data.split(':')[1]}")
    hr.sees("chưa ghi gì")
    assert await fact(office, office.chat("An"), "active") == 1


async def test_an_ordinary_list_removes_nobody(office: Office) -> None:
    hr = await small(office)

    def without_mark(page, at) -> None:
        page.cell(2, 1).value = None

    content = edited(edited(await staff_list(hr), without_mark), deletes("An", "Bình", "Chi"))
    await hr.uploads("ds.xlsx", content)
    hr.sees("Không có gì thay đổi", "không có trong tệp: 3 (không bị xoá)")


async def test_a_row_in_error_is_no_removal(office: Office) -> None:
    hr = await small(office)
    content = edited(await staff_list(hr), sets("An", "Đối tượng", "XX"))
    await hr.uploads("ds.xlsx", edited(content, sets("Bình", "Năm sinh", "31/02/1992")))
    hr.sees("0 đổi, 0 thêm, 0 bỏ", "Đối tượng “XX” không rõ")
    (file,) = hr.arrived[-1].attachments
    content = edited(file.content, sets("An", "Đối tượng", "CC"))
    await hr.uploads("ds.xlsx", edited(content, sets("Bình", "Năm sinh", 1992)))
    hr.sees("1 đổi, 0 thêm, 0 bỏ", "Bình: năm sinh")


async def test_what_others_changed_meanwhile_is_not_overwritten(office: Office) -> None:
    hr = await small(office)
    content = await staff_list(hr)
    async with office.store.transaction() as tx:
        await tx.execute("update people set title = 'Bí thư' where name in ('An', 'Chi')")
    await hr.uploads("ds.xlsx", content)
    hr.sees("Không có gì thay đổi")
    content = edited(content, sets("An", "Chức vụ/chức danh", "Chủ tịch"))
    await hr.uploads("ds.xlsx", edited(content, sets("Bình", "Chức vụ/chức danh", "Trưởng phòng")))
    hr.sees("1 đổi", "Người khác đã sửa", "chức vụ thành “Bí thư”, tệp ghi “Chủ tịch”")
    await hr.taps("Ghi nhận, giữ bản mới")
    assert await fact(office, office.chat("An"), "title") == "Bí thư"
    assert await fact(office, office.chat("Bình"), "title") == "Trưởng phòng"


async def test_the_sender_may_say_that_the_file_counts(office: Office) -> None:
    hr = await small(office)
    content = edited(await staff_list(hr), sets("An", "Chức vụ/chức danh", "Chủ tịch"))
    async with office.store.transaction() as tx:
        await tx.execute("update people set title = 'Bí thư' where name in ('An', 'Chi')")
    await hr.uploads("ds.xlsx", content)
    await hr.taps("Ghi nhận theo tệp")
    assert await fact(office, office.chat("An"), "title") == "Chủ tịch"
    assert await fact(office, office.chat("Chi"), "title") == "Bí thư"
    await undoes(hr)
    assert await fact(office, office.chat("An"), "title") == "Bí thư"


async def test_the_same_file_twice_changes_something_once(office: Office) -> None:
    hr = await small(office)
    content = edited(await staff_list(hr), sets("An", "Chức vụ/chức danh", "Chủ tịch"))
    await hr.uploads("ds.xlsx", content)
    await hr.taps("Ghi nhận")
    await hr.uploads("ds.xlsx", content)
    hr.sees("Không có gì thay đổi")


async def clerk_of(office: Office, unit: str) -> Chat:
    clerk = await office.person("Ca", unit=unit, title="Công chức", code="C-Ca")
    async with office.store.transaction() as tx:
        unit_id = await tx.fetchval("select unit_id from people where id = $1", clerk.person_id)
        await tx.execute(
            "insert into rights (person_id, role, unit_id, granted_at) values ($1, 'hr', $2, 1)",
            clerk.person_id,
            unit_id,
        )
    return clerk


async def test_a_clerk_of_one_unit_gets_and_changes_their_own_people_only(office: Office) -> None:
    hr = await small(office)
    await office.person("Lan", unit="Xã Mường Phăng", title="Công chức", code="C-Lan")
    clerk = await clerk_of(office, "Xã Mường Phăng")
    mine = await staff_list(clerk)
    await clerk.uploads("ds.xlsx", edited(await staff_list(hr), sets("An", "Chức vụ/chức danh", "Chủ tịch")))
    clerk.sees("0 đổi, 0 thêm, 0 bỏ", "ngoài phạm vi anh/chị quản lý")
    clerk.sees_no("Ghi nhận")
    added = edited(mine, adds(Họ_và_tên="Phan Văn Giang", Đơn_vị_công_tác="Xã Trí Phải", Đối_tượng="CC"))
    moved = edited(added, sets("Lan", "Đơn vị công tác", "Xã Trí Phải"))
    await clerk.uploads("ds.xlsx", moved)
    clerk.sees("0 đổi, 0 thêm, 0 bỏ", "“Xã Trí Phải” ngoài phạm vi")
    await clerk.uploads("ds.xlsx", edited(mine, sets("Lan", "Chức vụ/chức danh", "Chủ tịch")))
    clerk.sees("1 đổi, 0 thêm, 0 bỏ")
    async with office.store.reading() as tx:
        rows = await tx.fetch("select subject from audit where action = 'refused' and by_person = $1", clerk.person_id)
        unit_id = await tx.fetchval("select unit_id from people where name = 'An'")
    assert f"unit:{unit_id}" in {row["subject"] for row in rows}
    await clerk.taps_data(f"people_sheet:{unit_id}")
    clerk.sees("người được phân quyền")


async def test_what_goes_out_and_comes_in_is_logged(office: Office) -> None:
    hr = await small(office)
    await hr.uploads("ds.xlsx", edited(await staff_list(hr), sets("An", "Chức vụ/chức danh", "Chủ tịch")))
    await hr.taps("Ghi nhận")
    await undoes(hr)
    async with office.store.reading() as tx:
        rows = await tx.fetch("select action from audit where by_person = $1 order by id", hr.person_id)
    told = [row["action"] for row in rows]
    assert told == ["people.export", "person.edit", "upload.apply", "unit.edit", "person.edit", "upload.undo"]


@pytest.mark.parametrize("words", ["=HYPERLINK(1)", "+84 x", "@x", "'x"])
async def test_words_that_look_like_formulas_come_back_as_they_were(office: Office, words: str) -> None:
    hr = await small(office)
    async with office.store.transaction() as tx:
        await tx.execute("update people set title = $1 where name = 'An'", words)
    content = await staff_list(hr)
    await hr.uploads("ds.xlsx", edited(content, lambda page, at: columns(page)["Mã CBCC"] or row_of(page, "An")))
    hr.sees("0 đổi, 0 thêm, 0 bỏ")
