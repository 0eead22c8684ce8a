from tests.mergers.communes import communes, merges, unit_of, value
from tests.talking import Chat, Office


async def undo_of(hr: Chat) -> str:
    await hr.taps("Ghi nhận")
    return next(data for _, data in hr.arrived[-1].menu if data.startswith("merger_undo"))


async def test_a_closed_unit_whose_name_was_taken_up_is_closed_again_as_it_was(office: Office) -> None:
    hr = await communes(office)
    await office.person("Dung", unit="Xã Khánh An")
    await merges(hr, "Xã Tân Lộc", "Xã Trí Phải")
    first = await undo_of(hr)
    closed = await value(office, "select merged_into from units where name = 'Xã Trí Phải'")
    await merges(hr, "Xã Trí Phải", "Xã Tân Lộc", "Xã Khánh An")
    await hr.taps_data(await undo_of(hr))
    hr.sees("như trước")
    assert await value(office, "select merged_into from units where name = 'Xã Trí Phải'") == closed is not None
    await hr.taps_data(first)
    hr.sees("như trước")
    assert await unit_of(office, "An") == "Xã Trí Phải"
