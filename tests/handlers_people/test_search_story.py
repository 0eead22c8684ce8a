from tests.courses.classes import course
from tests.people_sheets import DATA
from tests.rights.agency import clerk
from tests.talking import Office


async def test_any_free_text_searches_courses_and_legal_updates_that_the_person_may_see(office: Office) -> None:
    hr, lan = await office.person("Hạnh", hr=True), await office.person("Lan", audience="CC")
    child = await office.person("Thợ", audience="HDLD")
    for name in ("lop-boi-duong-2026-12.xlsx", "phap-luat-2026.yaml"):
        await hr.uploads(name, (DATA / name).read_bytes())
        await hr.taps("Ghi nhận")
    await lan.sends("luat dat dai")
    lan.sees("1 kết quả", "Luật Đất đai")
    await lan.sends("du lieu ca nhan")
    lan.sees("Luật Bảo vệ dữ liệu cá nhân")
    await lan.taps("Luật Bảo vệ dữ liệu cá nhân")
    lan.sees("Bảo vệ dữ liệu cá nhân")
    await child.sends("luat dat dai")
    child.sees("chưa tìm thấy")


async def test_many_results_come_page_by_page_and_a_digit_chooses(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    lan = await office.person("Lan", audience="CC")
    for name in ("lop-boi-duong-2026-12.xlsx", "phap-luat-2026.yaml"):
        await hr.uploads(name, (DATA / name).read_bytes())
        await hr.taps("Ghi nhận")
    await lan.sends("c")
    lan.sees("trang 1/3", "[Xem tiếp]")
    await lan.taps("Xem tiếp")
    lan.sees("trang 2/3", "[Trang trước]")
    await lan.sends("1")
    lan.sees_no("kết quả")


async def test_the_sections_of_the_first_screen_are_found_by_their_words(office: Office) -> None:
    lan = await office.person("Lan")
    await lan.sends("phap luat")
    lan.sees("1 kết quả", "[Cập nhật pháp luật]")
    await lan.taps("Cập nhật pháp luật")
    lan.sees_no("kết quả")
    await lan.sends("ho so")
    await lan.taps("Hồ sơ")
    lan.sees("Hồ sơ của anh/chị")


async def test_hr_finds_every_class_they_see_by_title_or_code_with_its_code(office: Office) -> None:
    hr, lan = await office.person("Hạnh", hr=True, audience="CB"), await office.person("Lan", audience="CC")
    nga = await clerk(office, "Nga", "Xã Tân Lộc", audience="CB")
    number = await course(office, title="Phổ biến pháp luật đất đai", code="PL-07", audience="CC")
    async with office.store.transaction() as tx:
        unit = await tx.fetchval("select unit_id from people where id = $1", lan.person_id)
        await tx.execute("update courses set owner_unit_id = $2 where id = $1", number, unit)
    for query in ("dat dai", "pl-07"):
        await hr.sends(query)
        hr.sees("1 kết quả", "[PL-07 · Phổ biến pháp luật đất đai]")
    await hr.taps("PL-07")
    hr.sees("PL-07", "Học viên")
    await lan.sends("dat dai")
    lan.sees("[Phổ biến pháp luật đất đai]")
    await nga.sends("dat dai")  # a class of another unit
    nga.sees("chưa tìm thấy")
