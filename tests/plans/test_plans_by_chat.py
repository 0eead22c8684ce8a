from tests.plans.planning import ledger, line, plan
from tests.talking import Office


async def test_a_plan_of_two_years_shows_what_was_promised_against_what_was_done(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await ledger(office)
    await plan(hr)
    hr.sees("Kế hoạch 774/KH-UBND", "2016–2017", "Đào tạo cán bộ", "Chưa có dòng nào")
    await line(hr, "Quản lý nhà nước", turns="150")
    hr.sees("Quản lý nhà nước: 150/150 lượt (100 %)", "Cộng: 150/150 lượt (100 %)")
    await line(hr, "Lãnh đạo, quản lý", turns="40", classes="2", money="250tr")
    hr.sees("Lãnh đạo, quản lý: 11/40 lượt (27 %), 0/2 lớp, đã chi 0/250.000.000 đồng", "Cộng: 161/190 lượt (84 %)")
    await hr.taps("Quay lại")
    hr.sees("Kế hoạch đào tạo, bồi dưỡng: 1", "774/KH-UBND (2016–2017)")
