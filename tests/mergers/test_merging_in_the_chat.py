from tests.mergers.communes import chooses, communes, merges, requested, unit_id, unit_of, value
from tests.people_sheets import sheet
from tests.round_trip.editing import edited, sets, staff_list
from tests.talking import Office

DAY = 86_400


async def test_two_communes_become_a_new_one_after_a_review(office: Office) -> None:
    hr = await communes(office)
    await requested(office, "An", "Chi")
    await merges(hr, "Xã Trí Lực", "Xã Trí Phải", "Xã Tân Lộc")
    hr.sees("Xã Trí Phải; Xã Tân Lộc nhập vào Xã Trí Lực (đơn vị mới)", "Người chuyển theo: 5",
            "chờ thủ trưởng duyệt: 2", "Đơn vị mới chưa có thủ trưởng", "Chưa ghi gì")  # fmt: skip
    assert await unit_of(office, "An") == "Xã Trí Phải"
    await hr.taps("Thủ trưởng: Mai")
    hr.sees("Thủ trưởng: Mai")
    await hr.taps("Ghi nhận")
    hr.sees("Đã nhập", "5 người, 2 đăng ký chờ duyệt chuyển theo")
    assert {await unit_of(office, name) for name in ("An", "Bình", "Chi", "Long", "Mai")} == {"Xã Trí Lực"}
    await hr.taps_data("desk_heads")
    hr.sees("Xã Trí Lực")
    hr.sees_no("Xã Tân Lộc")


async def test_the_new_head_is_told_once_and_decides_on_what_waited(office: Office) -> None:
    hr = await communes(office)
    await requested(office, "An", "Bình")
    long, mai = office.chat("Long"), office.chat("Mai")
    await merges(hr, "Xã Tân Lộc", "Xã Trí Phải", "Xã Tân Lộc")
    hr.sees("(đang có)", "Thủ trưởng: Mai")
    await hr.taps("Ghi nhận")
    await office.settle()
    mai.sees("sáp nhập thành Xã Tân Lộc", "đang có 2 đăng ký chờ")
    assert [kind for _, kind, _ in mai.pushed] == ["merged_unit"]
    await mai.sends("/duyet")
    mai.sees("An")
    await long.sends("/duyet")
    assert "Luật Đất đai" not in long.last


async def test_a_commune_gets_another_name_and_stays_the_same(office: Office) -> None:
    hr = await communes(office)
    number = await unit_id(office, "Xã Trí Phải")
    await merges(hr, "Phường Trí Phải", "Xã Trí Phải")
    hr.sees("Đổi tên Xã Trí Phải thành Phường Trí Phải", "Thủ trưởng: Long")
    await hr.taps("Ghi nhận")
    assert (
        await value(office, "select old_name from units where id = $1 and name = 'Phường Trí Phải'", number)
        == "Xã Trí Phải"
    )
    await hr.taps("Hoàn tác")
    hr.sees("Đã hoàn tác")
    assert await value(office, "select old_name from units where id = $1 and name = 'Xã Trí Phải'", number) is None


async def test_rights_quotas_courses_and_drafts_move_along_and_back(office: Office) -> None:
    hr = await communes(office)
    old, kept = await unit_id(office, "Xã Trí Phải"), await unit_id(office, "Xã Tân Lộc")
    course_id = await requested(office)
    binh = office.chat("Bình").person_id
    async with office.store.transaction() as tx:
        await tx.execute(
            "insert into rights (person_id, role, unit_id, granted_at) values ($1, 'hr', $2, 1)", binh, old
        )
        for number, places in ((old, 3), (kept, 4)):
            await tx.execute(
                "insert into course_quotas (course_id, unit_id, places) values ($1, $2, $3)", course_id, number, places
            )
        await tx.execute("update courses set owner_unit_id = $1, only_units = $2", old, f"{old},{kept}")
        await tx.execute(
            "insert into broadcasts (id, author_id, kind, created_at, updated_at) values (1, $1, 'units', 1, 1)",
            hr.person_id,
        )
        await tx.execute("insert into broadcast_targets (broadcast_id, target_id) values (1, $1), (1, $2)", old, kept)
    before = await everything(office)
    await merges(hr, "Xã Tân Lộc", "Xã Trí Phải")
    hr.sees("Cán bộ tổ chức phụ trách: Bình", "1 lớp", "Thông báo chưa gửi: 1")
    await hr.taps("Ghi nhận")
    assert await everything(office) == {
        "rights": [(binh, kept)], "quotas": [(kept, 7)], "courses": [(kept, str(kept))], "drafts": [(kept,)],
        "heads": [(kept, office.chat("Mai").person_id)],
    }  # fmt: skip
    await hr.taps("Hoàn tác")
    assert await everything(office) == before


async def everything(office: Office) -> dict[str, list[tuple[object, ...]]]:
    queries = {
        "rights": "select person_id, unit_id from rights where revoked_at is null and unit_id is not null order by id",
        "quotas": "select unit_id, places from course_quotas order by unit_id",
        "courses": "select owner_unit_id, only_units from courses order by id",
        "drafts": "select target_id from broadcast_targets order by target_id",
        "heads": "select id, head_id from units where head_id is not null order by id",
    }
    async with office.store.reading() as tx:
        rows = {name: await tx.fetch(sql) for name, sql in queries.items()}
    return {name: [tuple(row[key] for key in row.keys()) for row in found] for name, found in rows.items()}  # noqa: SIM118


async def test_an_undo_is_refused_once_something_has_changed_and_after_a_day(office: Office) -> None:
    hr = await communes(office)
    await merges(hr, "Xã Trí Lực", "Xã Trí Phải", "Xã Tân Lộc")
    await hr.taps("Ghi nhận")
    await office.person("Dung", unit="Xã Trí Lực")
    await hr.taps("Hoàn tác")
    hr.sees("Từ lúc ghi nhận đã có thay đổi")
    async with office.store.transaction() as tx:
        await tx.execute("delete from consents")
        await tx.execute("delete from accounts where address = 'Dung'")
        await tx.execute("delete from people where name = 'Dung'")
        await tx.execute(
            """insert into consents (person_id, purpose, given, wording, chat_hash, at)
            values ($1, 'link', 1, '1', 'x', 1)""",
            hr.person_id,
        )
    office.clock.move_by(DAY + 1)
    await hr.taps("Hoàn tác")
    hr.sees("quá 24 giờ")
    assert await unit_of(office, "An") == "Xã Trí Lực"


async def test_an_undo_brings_everybody_back_and_can_be_done_again(office: Office) -> None:
    hr = await communes(office)
    for _ in range(2):
        await merges(hr, "Xã Trí Lực", "Xã Trí Phải", "Xã Tân Lộc")
        await hr.taps("Ghi nhận")
        assert await unit_of(office, "Chi") == "Xã Trí Lực"
        await hr.taps_data("desk_mergers")
        await hr.taps("Hoàn tác: Xã Trí Lực")
        assert [await unit_of(office, name) for name in ("An", "Chi")] == ["Xã Trí Phải", "Xã Tân Lộc"]
    assert await value(office, "select count(*) from units where closed_at is null") == 3


async def test_old_names_in_files_mean_the_new_unit(office: Office) -> None:
    hr = await communes(office)
    went_out = await staff_list(hr)
    await merges(hr, "Xã Trí Lực", "Xã Trí Phải", "Xã Tân Lộc")
    await hr.taps("Ghi nhận")
    await hr.uploads("ds.xlsx", edited(went_out, sets("An", "Chức vụ/chức danh", "Chủ tịch")))
    hr.sees("1 đổi, 0 thêm, 0 bỏ", "An: chức vụ")
    await hr.taps("Ghi nhận")
    assert await unit_of(office, "An") == "Xã Trí Lực"
    rows = ("Phan Văn Giang", "Xã Tân Lộc", "CC")
    await hr.uploads("moi.xlsx", sheet(rows, headings=("Họ và tên", "Đơn vị công tác", "Đối tượng")))
    await hr.taps("Ghi nhận")
    assert await unit_of(office, "Phan Văn Giang") == "Xã Trí Lực"


async def test_what_cannot_be_is_refused(office: Office) -> None:
    hr = await communes(office)
    async with office.store.transaction() as tx:
        await tx.execute(
            """update units set parent_id = (select id from units where name = 'Xã Trí Phải')
            where name = 'Xã Tân Lộc'"""
        )
    for name, words in (("Xã Trí Phải", "không có gì để đổi"), ("Xã Tân Lộc", "đang trực thuộc"), ("–", "cần có chữ")):
        await merges(hr, name, "Xã Trí Phải")
        hr.sees(words)
    await hr.taps_data("merger_apply")
    hr.sees("Chọn đơn vị")
    assert await value(office, "select count(*) from mergers") == 0


async def test_units_are_found_by_typed_words(office: Office) -> None:
    hr = await communes(office)
    await chooses(hr)
    await hr.sends("tri phai")
    hr.sees("Xã Trí Phải")
    hr.sees_no("Xã Tân Lộc")
    await hr.taps("Xã Trí Phải")
    hr.sees("Đã chọn: Xã Trí Phải", "Xem tất cả")
    await hr.taps("✓ Đã chọn: Xã Trí Phải")
    hr.sees("Chọn đơn vị sẽ sáp nhập")


async def test_only_hr_of_the_whole_merges_and_every_step_is_logged(office: Office) -> None:
    hr, clerk = await communes(office), office.chat("Bình")
    async with office.store.transaction() as tx:
        await tx.execute(
            """insert into rights (person_id, role, unit_id, granted_at)
            select id, 'hr', unit_id, 1 from people where name = 'Bình'"""
        )
    await clerk.taps_data("desk_mergers")
    clerk.sees("người được phân quyền")
    await merges(hr, "Xã Trí Lực", "Xã Trí Phải", "Xã Tân Lộc")
    await hr.taps("Ghi nhận")
    await hr.taps("Hoàn tác")
    async with office.store.reading() as tx:
        rows = await tx.fetch("select action from audit order by id")
    assert [row["action"] for row in rows] == ["refused", "unit.merge", "unit.unmerge"]
