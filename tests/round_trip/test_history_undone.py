from bot.training import records
from tests.round_trip.editing import button, sends, undoes
from tests.talking import Chat, Office

HEADINGS = ("Mã CBCC", "Họ và tên", "Đơn vị công tác", "Tên chương trình", "Mã loại", "Từ ngày", "Đến ngày", "Số tiết")


def turn(code: str, name: str, hours: int) -> tuple[object, ...]:
    return (code, name, "Xã A", "Tin học", "CDS", "01/03/2026", "05/03/2026", hours)


async def office_of_two(office: Office) -> tuple[Chat, Chat, Chat]:
    hr = await office.person("Hoa", hr=True)
    lan = await office.person("Lan", code="A1", unit="Xã A")
    return hr, lan, await office.person("Minh", code="A2", unit="Xã A")


async def rows_of(office: Office) -> list[tuple[str, int, bool, str | None]]:
    """Every row of the ledger: whose, hours in tenths, whether it stands, its reason."""
    async with office.store.reading() as tx:
        rows = await tx.fetch("select name, hours_tenths, ended_at, reason from training_records order by id")
    return [(row["name"], row["hours_tenths"], row["ended_at"] is None, row["reason"]) for row in rows]


async def test_a_turn_told_otherwise_is_told_as_before_by_a_new_row(office: Office) -> None:
    hr, lan, _ = await office_of_two(office)
    await sends(hr, HEADINGS, turn("A1", "Lan", 16))
    await sends(hr, HEADINGS, turn("A1", "Lan", 24))
    await undoes(hr)
    hr.sees("trả lại 1 mục")
    assert await rows_of(office) == [
        ("Lan", 160, False, None),
        ("Lan", 240, False, None),
        ("Lan", 160, True, "undone"),
    ]
    await lan.sends("/hoso")
    lan.sees("16/40 tiết")


async def test_a_turn_that_another_list_has_changed_since_stays(office: Office) -> None:
    hr, _, _ = await office_of_two(office)
    await sends(hr, HEADINGS, turn("A1", "Lan", 16), turn("A2", "Minh", 16))
    undo = button(hr, "Hoàn tác")
    await sends(hr, HEADINGS, turn("A1", "Lan", 30))
    await undoes(hr, undo)
    hr.sees("trả lại 1 mục", "để nguyên (1): Lan")
    assert await rows_of(office) == [("Lan", 160, False, None), ("Minh", 160, False, None), ("Lan", 300, True, None)]


async def test_a_clerk_whose_units_were_narrowed_takes_back_no_others(office: Office) -> None:
    hr, _, _ = await office_of_two(office)
    await office.person("Nam", hr=True)
    await sends(hr, HEADINGS, turn("A1", "Lan", 16))
    async with office.store.transaction() as tx:
        unit_id = await tx.fetchval("select unit_id from people where id = $1", hr.person_id)
        await tx.execute("update rights set unit_id = $2 where person_id = $1", hr.person_id, unit_id)
    await undoes(hr)
    hr.sees("Chưa hoàn tác được", "để nguyên (1): Lan")
    async with office.store.reading() as tx:
        assert len(await records.living(tx, 2026, 2026)) == 1
