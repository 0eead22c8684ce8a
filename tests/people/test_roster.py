from collections.abc import Sequence

import pytest

from bot.errors import BadFile
from bot.store import Store
from bot.training import roster
from bot.training.roster import Difference
from bot.training.upload_kinds import Sender
from tests.people_sheets import AN, DATA, HEADINGS, HOA, NASTY, sheet
from tests.talking import MONDAY, ZONE

COMMAND_LINE = Sender(None, MONDAY, ZONE)


def sample(name: str) -> roster.Roster:
    return roster.read((DATA / name).read_bytes(), name)


async def bring(store: Store, content: bytes | roster.Roster) -> Difference:
    read = content if isinstance(content, roster.Roster) else roster.read(content, "ds.xlsx")
    async with store.transaction() as tx:
        return await roster.apply(tx, read, COMMAND_LINE)


async def dry(store: Store, content: bytes) -> Difference:
    async with store.reading() as tx:
        return await roster.compare(tx, roster.read(content, "ds.xlsx"), COMMAND_LINE)


async def people(store: Store) -> list[dict[str, object]]:
    async with store.reading() as tx:
        rows = await tx.fetch("select p.*, u.name as unit from people p join units u on u.id = p.unit_id order by p.id")
    return [dict(zip(row.keys(), [row[k] for k in row.keys()], strict=True)) for row in rows]  # noqa: SIM118


def reasons(difference: Difference) -> list[tuple[int, str]]:
    return [(error.number, error.reason) for error in difference.errors]


@pytest.mark.parametrize(
    ("name", "count", "units"), [("thoi-binh-cbcc.xlsx", 111, 12), ("dien-bien-phu-cbccvc.xlsx", 1196, 48)]
)
async def test_the_sample_lists_come_in_whole(store: Store, name: str, count: int, units: int) -> None:
    first = await bring(store, sample(name))
    assert (len(first.new), len(first.units_new), first.errors, first.notes) == (count, units, [], [])
    assert len(first.heads) == units
    async with store.reading() as tx:
        assert await tx.fetchval("select count(*) from people where active = 1") == count
        assert await tx.fetchval("select count(*) from units where head_id is not null and head_proposed = 1") == units
        deputies = await tx.fetch(
            """
            select p.title from units u join people p on p.id = u.head_id
            where p.title like 'Phó%' or p.unit_id <> u.id
            """
        )
    assert deputies == []
    second = await bring(store, sample(name))
    assert (second.nothing, second.same, second.left) == (True, count, [])


@pytest.mark.parametrize("before", [None, "thoi-binh-cbcc.xlsx", "dien-bien-phu-cbccvc.xlsx"])
async def test_the_sheet_of_slips_gives_exactly_its_errors_whatever_is_there_already(
    store: Store, before: str | None
) -> None:
    if before:
        await bring(store, sample(before))
    difference = await bring(store, sample("loi-nhap-lieu.xlsx"))
    assert reasons(difference) == [
        (10, "date_impossible"),
        (11, "name_missing"),
        (12, "formula"),
        (14, "person_twice"),
        (15, "audience_unknown"),
        (15, "unit_unknown"),
    ]
    assert [(note.number, note.reason) for note in difference.notes] == [(13, "phone_left_out")]
    new = [person for person in await people(store) if str(person["code"]).startswith("TAM-")]
    assert [(p["name"], p["unit"], p["birth_year"], p["gender"], p["phone"], p["audience"]) for p in new] == [
        ("Nguyễn Văn An", "Xã Trí Phải", 1985, "M", "0912345678", "CB"),
        ("Lê Thị Hường", "Xã Trí Phải", 1990, "F", "0912345679", "CC"),
        ("Trần Quốc Bảo", "Xã Trí Phải", 1979, "M", "0912345680", "CC"),
        ("Đặng Ngọc Mai", "Xã Trí Lực", 1994, "F", None, "CC"),
    ]
    assert (await bring(store, sample("loi-nhap-lieu.xlsx"))).nothing


async def test_a_second_list_tells_what_is_new_what_changed_and_who_is_not_on_it(store: Store) -> None:
    await bring(store, sheet(AN, HOA))
    moved = ("A2", "Lê Thị Hoà", 1990, "Công chức Một cửa", "Xã Trí Lực", "VC", "")
    difference = await dry(store, sheet(moved, ("A3", "Trần Tâm", 1988, "", "Xã Trí Lực", "CC", "")))
    (change,) = difference.changed
    assert change.fields == {
        "name": ("Lê Thị Hoa", "Lê Thị Hoà"),
        "unit": ("Xã Trí Phải", "Xã Trí Lực"),
        "audience": ("CC", "VC"),
    }
    assert [entry.name for entry in difference.new] == ["Trần Tâm"]
    assert [(left.code, left.name) for left in difference.left] == [("A1", "Nguyễn Văn An")]
    assert [person["name"] for person in await people(store)] == ["Nguyễn Văn An", "Lê Thị Hoa"]
    await bring(store, sheet(moved))
    after = {person["code"]: person for person in await people(store)}
    assert (after["A2"]["name"], after["A2"]["unit"], after["A2"]["fold"]) == ("Lê Thị Hoà", "Xã Trí Lực", "le thi hoa")
    assert after["A1"]["active"] == 1


async def test_a_list_without_some_columns_leaves_those_facts_alone(store: Store) -> None:
    await bring(store, sheet(AN))
    short = sheet(("A1", "Nguyễn Văn An", "Xã Trí Phải", "CB"), headings=("Mã", "Họ tên", "Đơn vị", "Đối tượng"))
    assert (await bring(store, short)).nothing


async def test_a_cleared_cell_clears_the_fact_but_an_unusable_phone_does_not(store: Store) -> None:
    await bring(store, sheet(AN))
    difference = await bring(store, sheet(("A1", "Nguyễn Văn An", 1985, "", "Xã Trí Phải", "CB", "12345")))
    assert [change.fields for change in difference.changed] == [{"title": ("Chủ tịch UBND", None)}]
    assert [note.reason for note in difference.notes] == ["phone_left_out"]
    assert (await people(store))[0]["phone"] == "0912345678"


async def test_who_comes_without_a_code_is_known_again_and_gets_the_code_when_a_list_tells_it(store: Store) -> None:
    without = ("", *AN[1:])
    await bring(store, sheet(without))
    (first,) = await people(store)
    assert str(first["code"]).startswith("TAM-")
    assert (await bring(store, sheet(without))).nothing
    difference = await bring(store, sheet(AN))
    assert [change.fields for change in difference.changed] == [{"code": (first["code"], "A1")}]
    assert [person["code"] for person in await people(store)] == ["A1"]
    assert (await bring(store, sheet(without))).nothing


async def test_without_a_code_a_move_to_another_unit_is_known_by_the_phone(store: Store) -> None:
    await bring(store, sheet(AN))
    moved = ("", *AN[1:4], "Xã Trí Lực", *AN[5:])
    difference = await bring(store, sheet(moved))
    assert [change.fields for change in difference.changed] == [{"unit": ("Xã Trí Phải", "Xã Trí Lực")}]
    stranger = ("", *AN[1:4], "Xã Tân Bằng", "CB", "0987654321")
    assert len((await bring(store, sheet(stranger))).new) == 1


async def test_two_people_of_one_name_need_their_codes(store: Store) -> None:
    await bring(store, sheet(AN, ("A9", *AN[1:6], "0987654321")))
    difference = await dry(store, sheet(("", *AN[1:6], "")))
    assert reasons(difference) == [(2, "person_unclear")]


async def test_rows_that_repeat_a_code_or_a_person_are_told_with_the_first_row(store: Store) -> None:
    read = roster.read(sheet(AN, ("a1", "Khác Hẳn", 1980, "", "Xã Trí Phải", "CC", ""), ("", *AN[1:])), "ds.xlsx")
    assert [(e.number, e.reason, e.values["row"]) for e in read.errors] == [
        (3, "code_twice", 2),
        (4, "person_twice", 2),
    ]


async def test_two_codes_for_what_looks_like_one_person_are_noted_not_refused(store: Store) -> None:
    difference = await bring(store, sheet(AN, ("A9", *AN[1:])))
    assert (len(difference.new), [note.reason for note in difference.notes]) == (2, ["person_alike"])


async def test_units_are_one_whatever_their_case_spaces_and_dashes(store: Store) -> None:
    hoa = ("A2", "Lê Hoa", 1990, "", " xã  TRÍ-PHẢI ", "công chức", "")
    difference = await bring(store, sheet(AN, hoa, ("A3", "Tâm", 1990, "", "Xã Trí Phải.", "cc", "")))
    assert difference.units_new == ["Xã Trí Phải"]


async def test_a_new_unit_on_one_row_that_is_a_letter_away_is_taken_for_a_slip(store: Store) -> None:
    await bring(store, sheet(AN, HOA))
    slip = ("A3", "Trần Tâm", 1988, "", "Xã Trí Phảy", "CC", "")
    (error,) = (await dry(store, sheet(slip))).errors
    assert (error.reason, error.values) == ("unit_near", {"unit": "Xã Trí Phảy", "near": "Xã Trí Phải"})
    assert (await dry(store, sheet((*slip[:4], "Xã Trí Phải 2", *slip[5:])))).errors == []
    sure = sheet((*slip, "Xã Trí Phải"), headings=(*HEADINGS, "Đơn vị cấp trên"))
    assert (await dry(store, sure)).units_new == ["Xã Trí Phảy"]


async def test_schools_numbered_one_and_two_are_two_schools(store: Store) -> None:
    rows = [(f"A{n}", f"Giáo viên {n}", 1980, "", f"Trường Tiểu học số {n}", "VC", "") for n in (1, 2)]
    assert len((await bring(store, sheet(*rows))).units_new) == 2


async def test_units_stand_under_the_unit_that_the_list_names_and_keep_their_former_name(store: Store) -> None:
    headings = (*HEADINGS, "Đơn vị cấp trên", "Tên đơn vị cũ")
    school = ("A1", "Nguyễn An", 1985, "Hiệu trưởng", "Trường Tiểu học Him Lam", "VC", "", "Phường Điện Biên Phủ", "")
    ward = (
        "A2",
        "Lê Hoa",
        1980,
        "Chủ tịch UBND",
        "Phường Điện Biên Phủ",
        "CB",
        "",
        "UBND huyện Điện Biên",
        "Phường Him Lam",
    )
    difference = await bring(store, sheet(school, ward, headings=headings))
    assert [note.reason for note in difference.notes] == ["district"]
    async with store.reading() as tx:
        rows = await tx.fetch(
            """
            select u.name, u.old_name, a.name as above
            from units u left join units a on a.id = u.parent_id order by u.id
            """
        )
    assert [(row["name"], row["old_name"], row["above"]) for row in rows] == [
        ("Trường Tiểu học Him Lam", None, "Phường Điện Biên Phủ"),
        ("Phường Điện Biên Phủ", "Phường Him Lam", None),
    ]
    assert (await bring(store, sheet(school, ward, headings=headings))).nothing
    by_former_name = ("A3", "Tâm", 1990, "", "phường him lam", "CC", "", "", "")
    assert (await bring(store, sheet(by_former_name, headings=headings))).units_new == []


async def test_two_units_cannot_stand_above_each_other(store: Store) -> None:
    headings = (*HEADINGS, "Đơn vị cấp trên")
    rows = [
        ("A1", "An", 1985, "", "Phòng A", "CC", "", "Phòng B"),
        ("A2", "Hoa", 1985, "", "Phòng B", "CC", "", "Phòng A"),
    ]
    difference = await bring(store, sheet(*rows, headings=headings))
    assert [note.reason for note in difference.notes] == ["circle"]


async def test_a_head_that_hr_chose_is_not_proposed_away(store: Store) -> None:
    await bring(store, sheet(HOA))
    async with store.transaction() as tx:
        await tx.execute("update units set head_id = (select id from people where code = 'A2')")
    assert (await bring(store, sheet(HOA, AN))).heads == []


async def test_a_proposed_head_who_has_moved_is_replaced(store: Store) -> None:
    assert (await bring(store, sheet(AN))).heads == [("Xã Trí Phải", "Nguyễn Văn An")]
    moved = ("A1", *AN[1:4], "Xã Trí Lực", *AN[5:])
    new = ("A5", "Trần Tâm", 1980, "Chủ tịch UBND", "Xã Trí Phải", "CB", "")
    difference = await bring(store, sheet(moved, new))
    assert sorted(difference.heads) == [("Xã Trí Lực", "Nguyễn Văn An"), ("Xã Trí Phải", "Trần Tâm")]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("A1", "12345", 1985, "", "Xã A", "CC", ""), "name_wrong"),
        (("A1", "An", 1985, "", "", "CC", ""), "unit_missing"),
        (("A1", "An", 1985, "", "Xã A", "", ""), "audience_missing"),
        (("A1", "An", 1985, "", "Xã A", "CBCC", ""), "audience_unknown"),
        (("A1", "An", "năm ngoái", "", "Xã A", "CC", ""), "date_wrong"),
        (("A1", "An", 1985, "x" * 201, "Xã A", "CC", ""), "too_long"),
        (("A1", "An", 1985, "", "Xã A", "CC", "=A1"), "formula"),
    ],
)
def test_a_bad_cell_is_told_with_its_reason(row: Sequence[object], reason: str) -> None:
    read = roster.read(sheet(row, HOA), "ds.xlsx")
    assert [(error.number, error.reason) for error in read.errors] == [(2, reason)]
    assert [entry.name for entry in read.rows] == ["Lê Thị Hoa"]


def test_missing_columns_are_named() -> None:
    with pytest.raises(BadFile) as bad:
        roster.read(sheet(("An", "x"), headings=("Họ và tên", "Ghi chú")), "ds.xlsx")
    assert bad.value.values["names"] == ["Đơn vị công tác", "Đối tượng"]


async def test_a_name_of_any_letters_is_kept_as_plain_text(store: Store) -> None:
    await bring(store, sheet(("A1", NASTY, 1985, NASTY, NASTY, "CC", "")))
    (person,) = await people(store)
    assert (person["name"], person["title"], person["unit"]) == (NASTY, NASTY, NASTY)


async def test_who_had_left_and_is_on_the_list_again_is_back(store: Store) -> None:
    await bring(store, sheet(AN))
    async with store.transaction() as tx:
        await tx.execute("update people set active = 0")
    difference = await bring(store, sheet(AN))
    assert [change.fields for change in difference.changed] == [{"active": (False, True)}]


async def test_progress_is_told_row_by_row(store: Store) -> None:
    told: list[tuple[int, int]] = []
    async with store.transaction() as tx:
        sender = Sender(None, MONDAY, ZONE, lambda n, of: told.append((n, of)))
        await roster.apply(tx, roster.read(sheet(AN, HOA), "ds.xlsx"), sender)
    assert told == [(1, 2), (2, 2)]
