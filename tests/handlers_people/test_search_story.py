from tests.people_sheets import DATA
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
    lan.sees("trang 1/2", "[Xem tiếp]")
    await lan.taps("Xem tiếp")
    lan.sees("trang 2/2", "[Trang trước]")
    await lan.sends("1")
    lan.sees_no("kết quả")
