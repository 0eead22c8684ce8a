import pytest

from tests.courses.classes import course
from tests.plans.planning import line, plan
from tests.rights.agency import audited, clerk
from tests.round_trip.editing import button
from tests.talking import Chat, Office


async def with_a_line(office: Office, **facts: str) -> Chat:
    """A clerk of the whole before the card of a plan with one line."""
    hr = await office.person("Hạnh", hr=True, unit="Sở Nội vụ")
    await plan(hr, **{"years": "2026-2027", **facts})
    await line(hr, "Quản lý nhà nước", level="Cấp xã", year="2026", turns="150", classes="5")
    return hr


async def test_a_line_is_changed_field_by_field_and_its_class_under_way_is_told(office: Office) -> None:
    hr = await with_a_line(office)
    await course(office, category="QLNN", level="Cấp xã", capacity=25)
    await course(office, category="QLNN", level="Cấp tỉnh", capacity=99)
    await course(office, category="QLNN", level="Cấp xã", capacity=99, state="cancelled")
    await hr.taps("Quản lý nhà nước, Cấp xã, 2026")
    hr.sees("Kế hoạch giao: 150 lượt, 5 lớp", "đang mở 1 lớp, 25 chỗ")
    for what, words in (
        ("Sửa số lượt", "1.200"),
        ("Sửa số lớp", "6"),
        ("Sửa kinh phí", "2 tỷ"),
        ("Sửa cấp", "mọi cấp"),
    ):
        await hr.taps(what)
        await hr.sends(words)
    hr.sees("Kế hoạch giao: 1.200 lượt, 6 lớp, 2.000.000.000 đồng", "đang mở 2 lớp, 124 chỗ")
    await hr.taps("Sửa năm")
    await hr.sends("2027")
    hr.sees("Quản lý nhà nước, 2027")
    hr.sees_no("đang mở")
    await hr.taps("Sửa năm")
    await hr.sends("cả giai đoạn")
    hr.sees("Quản lý nhà nước\nKế hoạch 774/KH-UBND")


async def test_a_line_and_a_plan_are_removed_after_one_question_and_stay_in_the_log(office: Office) -> None:
    hr = await with_a_line(office)
    await hr.taps("Quản lý nhà nước")
    await hr.taps("Bỏ dòng")
    hr.sees("Bỏ dòng Quản lý nhà nước, Cấp xã, 2026 (150 lượt, 5 lớp)")
    await hr.taps("Đúng, bỏ dòng")
    hr.sees("Chưa có dòng nào")
    await hr.taps("Bỏ kế hoạch")
    hr.sees("Bỏ kế hoạch 774/KH-UBND", "với 0 dòng")
    await hr.taps("Đúng, bỏ kế hoạch")
    hr.sees("Chưa có kế hoạch nào")
    done = [action for action, subject in await audited(office) if subject == "plan:1"]
    assert done == ["plan.create", "plan.add_line", "plan.drop_line", "plan.drop"]
    await plan(hr)
    hr.sees("774/KH-UBND", "2016–2017")


async def test_number_title_period_and_day_are_changed(office: Office) -> None:
    hr = await with_a_line(office)
    await hr.taps("Sửa kế hoạch")
    for what, words in (("Sửa số", "08/KH-UBND"), ("Sửa tên", "Bồi dưỡng"), ("Sửa giai đoạn", "từ 2022 đến năm 2030"),
                        ("Sửa ngày ban hành", "23/02/2026")):  # fmt: skip
        await hr.taps(what)
        await hr.sends(words)
    hr.sees("Kế hoạch 08/KH-UBND", "Tên: Bồi dưỡng", "Giai đoạn: 2022–2030", "Ngày ban hành: 23/02/2026")
    await hr.taps("Bỏ ngày ban hành")
    hr.sees("Ngày ban hành: chưa ghi")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("2030-2022", "Năm đầu 2030 lại sau năm cuối 2022"),
        ("1999", "“1999” không phải năm hay giai đoạn trong khoảng 2000–2100"),
        ("2026-2101", "không phải năm hay giai đoạn"),
        ("năm nay", "“năm nay” không phải năm"),
        ("20260", "không phải năm"),
    ],
)
async def test_years_that_cannot_be_are_told_and_asked_again(office: Office, words: str, told: str) -> None:
    hr = await office.person("Hạnh", hr=True)
    await plan(hr, years=words)
    hr.sees(told)
    await hr.sends("2026")
    hr.sees("Kế hoạch 774/KH-UBND, 2026")


async def test_figures_that_cannot_be_are_told_and_asked_again(office: Office) -> None:
    hr = await with_a_line(office)
    await hr.taps("Quản lý nhà nước")
    for what, words, told in (
        ("Sửa số lượt", "-5", "“-5” không phải số nguyên từ 1 đến 1.000.000"),
        ("Sửa số lượt", "1000000000000", "không phải số nguyên"),
        ("Sửa số lớp", "12,5", "không phải số nguyên từ 1 đến 10.000"),
        ("Sửa kinh phí", "1000000000000", "không phải số tiền từ 0 đến 500.000.000.000 đồng"),
        ("Sửa năm", "2025", "không phải năm trong kế hoạch này (2026–2027)"),
        ("Sửa cấp", "x" * 61, "dài quá 60 ký tự"),
    ):
        await hr.taps(what)
        await hr.sends(words)
        hr.sees(told)
        await hr.taps("Thôi")
    await hr.taps("Sửa số lớp")
    await hr.taps("Để trống")
    hr.sees("Kế hoạch giao: 150 lượt\n")
    await hr.taps("Sửa số lượt")
    await hr.taps("Để trống")
    hr.sees("cần số lượt hoặc số lớp lớn hơn 0")


async def test_a_line_without_any_figure_is_not_added(office: Office) -> None:
    hr = await with_a_line(office)
    await line(hr, "Pháp luật", turns="", classes="")
    hr.sees("cần số lượt hoặc số lớp lớn hơn 0")
    await hr.sends("3")
    await hr.taps("Bỏ qua")
    hr.sees("Pháp luật: 0 lượt, 0/3 lớp")


async def test_a_number_is_used_once_a_year_and_begins_anew_in_the_next(office: Office) -> None:
    hr = await with_a_line(office)
    await plan(hr, number="774 / kh-ubnd", years="2026")
    hr.sees("Đã có kế hoạch 774/KH-UBND bắt đầu năm 2026")
    await hr.sends("2027")
    hr.sees("Kế hoạch 774 / kh-ubnd, 2027")


async def test_a_line_is_told_once_and_its_year_keeps_the_plan_from_shrinking(office: Office) -> None:
    hr = await with_a_line(office)
    await line(hr, "Quản lý nhà nước", level="cấp xã", year="2026", turns="10")
    hr.sees("Kế hoạch đã có dòng Quản lý nhà nước, cấp xã, 2026")
    await hr.taps_data("plan_edit:1")
    await hr.taps("Sửa giai đoạn")
    await hr.sends("2027")
    hr.sees("còn dòng của năm 2026, ngoài giai đoạn 2027")


async def test_a_part_of_another_line_is_not_added_twice(office: Office) -> None:
    hr = await with_a_line(office)
    await course(office, category="QLNN", level="Cấp xã", capacity=25)
    await line(hr, "Quản lý nhà nước", turns="400")
    hr.sees("Quản lý nhà nước, Cấp xã, 2026: 0/150 lượt (0 %)", "Cộng: 0/400 lượt (0 %); đang mở 1 lớp, 25 chỗ")


async def test_of_two_clerks_the_second_is_told_what_the_first_wrote(office: Office) -> None:
    hr = await with_a_line(office)
    nam = await office.person("Nam", hr=True, unit="Sở Nội vụ")
    for one in (hr, nam):
        await one.taps_data("plan_ask:1:turns")
    await hr.sends("160")
    await nam.sends("170")
    nam.sees("đồng nghiệp vừa đổi kế hoạch này", "160 lượt, 5 lớp")
    await nam.taps("Sửa lại")
    nam.sees("Hiện là: 160 lượt")
    await nam.sends("170")
    nam.sees("Kế hoạch giao: 170 lượt")
    for one in (hr, nam):
        await one.taps_data("plan_what:1:title")
    await hr.sends("Tên A")
    await nam.sends("Tên B")
    nam.sees("đồng nghiệp vừa đổi kế hoạch này", "Tên A")


async def test_what_was_removed_meanwhile_is_gone_for_every_button_and_answer(office: Office) -> None:
    hr = await with_a_line(office)
    nam = await office.person("Nam", hr=True, unit="Sở Nội vụ")
    await nam.taps_data("plan_ask:1:turns")
    await hr.taps_data("plan_drop:1:1")
    await nam.sends("170")
    nam.sees("không còn dùng được")
    for data in ("plan:1", "plan_line:1", "plan_cats:1:0", "plan_edit:1", "plan_drop:1:1", "plan_cut:1:1", "plan:99",
                 "plan_cat:1:QLNN", "plan_skip:1:turns"):  # fmt: skip
        await nam.taps_data(data)
        nam.sees("không còn dùng được")


async def test_a_clerk_of_a_unit_sees_figures_of_their_own_and_changes_nothing(office: Office) -> None:
    hr = await with_a_line(office)
    await course(office, category="QLNN", level="Cấp xã", capacity=25)
    thu = await clerk(office, "Thu", "Xã Trí Phải")
    await thu.sends("/quanly")
    await thu.taps("Kế hoạch")
    thu.sees_no("Thêm kế hoạch")
    await thu.taps("774/KH-UBND")
    thu.sees("Số đã thực hiện là của phần anh/chị phụ trách", "Quản lý nhà nước, Cấp xã, 2026: 0/150 lượt")
    for absent in ("Thêm dòng", "Sửa kế hoạch", "Bỏ kế hoạch", "đang mở"):
        thu.sees_no(absent)
    for data in ("plan_new", "plan_drop:1:1", "plan_edit:1", "plan_line:1", "plan_cut:1:1", "plan_cats:1:0"):
        await thu.taps_data(data)
        thu.sees("người được phân quyền")
    assert len(await audited(office, "refused")) == 6
    await hr.taps_data("plan:1")
    hr.sees("đang mở 1 lớp, 25 chỗ")


async def test_lists_run_over_pages_and_old_buttons_still_lead_somewhere(office: Office) -> None:
    hr = await with_a_line(office)
    for number in range(2, 9):
        await plan(hr, number=f"{number:02}/KH", years="2026")
    await hr.taps_data("plans")
    hr.sees("Kế hoạch đào tạo, bồi dưỡng: 8", "Trang 1/2")
    await hr.taps("Xem tiếp")
    hr.sees("Trang 2/2")
    assert button(hr, "Trang trước") == "plans:0"


async def test_a_new_line_is_seen_at_once_on_whatever_page_it_stands(office: Office) -> None:
    hr = await with_a_line(office)
    for category in ("Chuyển đổi số", "Ngoại ngữ", "Pháp luật", "Đào tạo", "Cải cách hành chính", "Quốc phòng"):
        await line(hr, category)
    hr.sees("Trang 2/2", "Quốc phòng, an ninh: 0/150 lượt")


async def test_the_screens_speak_english_too(office: Office) -> None:
    hr = await with_a_line(office)
    await hr.taps_data("speak:en")
    for data in ("plans", "plan:1", "plan_line:1", "plan_edit:1", "plan_cats:1:0", "plan_cat:1:QLNN", "plan_lv:1:",
                 "plan_yr:1:0", "plan_skip:1:turns", "plan_skip:1:classes", "plan_skip:1:money",
                 "plan_ask:1:level", "plan_ask:1:year", "plan_ask:1:money", "plan_what:1:day", "plan_drop:1:0",
                 "plan_cut:1:0"):  # fmt: skip
        await hr.taps_data(data)
        hr.sees_no("something went wrong")
        hr.sees_no("anh/chị")
