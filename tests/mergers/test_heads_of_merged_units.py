from tests.mergers.communes import communes, merges, unit_id
from tests.people_sheets import sheet
from tests.talking import Chat, Office

BOTH = ("Xã Trí Phải", "Xã Tân Lộc")


def kinds(chat: Chat) -> list[str]:
    return [kind for _, kind, _ in chat.pushed]


async def test_the_review_says_plainly_that_nobody_heads_the_new_unit_and_who_did(office: Office) -> None:
    hr = await communes(office)
    await merges(hr, "Xã Trí Lực", *BOTH)
    hr.sees("Đơn vị mới chưa có thủ trưởng.", "Long (Xã Trí Phải); Mai (Xã Tân Lộc)", "[Thủ trưởng: Long]",
            "[Ghi nhận, đặt sau]", "Sẽ báo cho: Long; Mai.")  # fmt: skip
    await hr.taps("Ghi nhận, đặt sau")
    hr.sees("Đơn vị chưa có thủ trưởng", "[Đặt thủ trưởng]")
    await office.settle()
    for name, old in (("Long", "Xã Trí Phải"), ("Mai", "Xã Tân Lộc")):
        office.chat(name).sees(f"không còn là thủ trưởng {old}", "Đơn vị mới chưa có thủ trưởng")
    await hr.taps("Đặt thủ trưởng")
    await hr.taps("An")
    await hr.taps("Đặt làm thủ trưởng")
    await office.settle()
    office.chat("An").sees("Từ nay anh/chị là thủ trưởng Xã Trí Lực")


async def test_units_without_any_head_are_merged_with_a_word_about_it(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True, unit="Sở Nội vụ")
    for name, unit in zip(("An", "Chi"), BOTH, strict=True):
        await office.person(name, unit=unit)
    await merges(hr, "Xã Trí Lực", *BOTH)
    hr.sees("Đơn vị mới chưa có thủ trưởng. Ghi nhận xong, anh/chị đặt ngay", "[Ghi nhận]")
    hr.sees_no("Sẽ báo cho")


async def test_the_chosen_head_is_told_although_nothing_waits_and_the_other_hears_who_it_is(office: Office) -> None:
    hr = await communes(office)
    await merges(hr, "Xã Trí Lực", *BOTH)
    await hr.taps("Thủ trưởng: Mai")
    hr.sees("Thủ trưởng: Mai", "Sẽ báo cho: Mai; Long.")
    hr.sees_no("chưa có thủ trưởng")
    await hr.taps("Ghi nhận")
    hr.sees("Thủ trưởng: Mai")
    await office.settle()
    office.chat("Mai").sees("sáp nhập thành Xã Trí Lực", "Anh/chị là thủ trưởng")
    office.chat("Long").sees("Xã Trí Phải đã nhập vào Xã Trí Lực", "Từ nay Mai làm thủ trưởng")
    assert (kinds(office.chat("Mai")), kinds(office.chat("Long"))) == (["merged_unit"], ["merged_head"])


async def test_the_head_of_the_unit_that_stays_is_told_when_another_follows(office: Office) -> None:
    hr = await communes(office)
    await merges(hr, "Xã Tân Lộc", "Xã Trí Phải")
    await hr.taps("Thủ trưởng: Long")
    await hr.taps("Ghi nhận")
    await office.settle()
    office.chat("Mai").sees("sáp nhập thành Xã Tân Lộc", "không còn là thủ trưởng đơn vị này", "Từ nay Long")


async def test_who_stood_in_for_a_head_that_ends_is_named_and_told(office: Office) -> None:
    hr = await communes(office)
    an = office.chat("An")
    old = await unit_id(office, "Xã Trí Phải")
    await office.chat("Long").taps_data(f"acting_give:{old}:{an.person_id}:20261123:20261127:1")
    await office.settle()
    await merges(hr, "Xã Tân Lộc", "Xã Trí Phải")
    hr.sees("Sẽ báo cho: Mai; Long; An.")
    await hr.taps("Ghi nhận")
    await office.settle()
    an.sees("thay thủ trưởng Xã Trí Phải đã kết thúc")
    await hr.taps("Hoàn tác")
    await office.settle()
    an.sees("đã được hoàn tác")
    office.chat("Long").sees("Việc sáp nhập thành Xã Tân Lộc đã được hoàn tác", "Anh/chị là thủ trưởng Xã Trí Phải")
    await an.sends("/duyet")
    an.sees("Chờ anh/chị duyệt")


async def test_a_merger_undone_before_it_was_told_is_no_news(office: Office) -> None:
    hr = await communes(office)
    await merges(hr, "Xã Trí Lực", *BOTH)
    await hr.taps("Ghi nhận")
    await hr.taps("Hoàn tác")
    await office.settle()
    assert kinds(office.chat("Long")) == kinds(office.chat("Mai")) == []


async def test_a_new_name_changes_no_head_and_tells_nobody(office: Office) -> None:
    hr = await communes(office)
    await merges(hr, "Phường Trí Phải", "Xã Trí Phải")
    hr.sees_no("Sẽ báo cho")
    await hr.taps("Ghi nhận")
    await office.settle()
    assert kinds(office.chat("Long")) == []


async def test_a_workbook_names_the_units_that_nobody_would_head(office: Office) -> None:
    hr = await communes(office)
    rows = [(name, "Xã Trí Lực") for name in BOTH]
    await hr.uploads("sap-nhap.xlsx", sheet(*rows, headings=("Đơn vị cũ", "Đơn vị mới")))
    hr.sees("Chưa có thủ trưởng: Xã Trí Lực")
    await hr.taps("Ghi nhận")
    await office.settle()
    office.chat("Long").sees("không còn là thủ trưởng Xã Trí Phải")
