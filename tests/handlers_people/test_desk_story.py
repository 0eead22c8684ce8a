import io
import re

import openpyxl

from bot.folding import fold
from bot.training import agency
from tests.people_sheets import DATA, NASTY
from tests.talking import Office


async def whole_city(office: Office) -> None:
    hr = office.chat("Hạnh")
    await hr.uploads("ds.xlsx", (DATA / "dien-bien-phu-cbccvc.xlsx").read_bytes())
    await hr.taps("Ghi nhận")


async def test_hr_finds_a_person_issues_a_code_and_it_works(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await office.person("Đặng Ngọc Mai", code="TP07", linked=False)
    await hr.sends("/quanly")
    await hr.taps("Tìm người")
    await hr.sends("dang ngoc mai")
    await hr.taps("Đặng Ngọc Mai")
    hr.sees("TP07", "Liên kết: chưa")
    await hr.taps("Cấp mã mời")
    hr.sees("Mã mời của Đặng Ngọc Mai", "Dùng một lần")
    code = re.search(r"\d{4} \d{4}", hr.last)
    assert code is not None
    await office.chat("mai").sends(code[0])
    office.chat("mai").sees("Đặng Ngọc Mai", "Câu 1/3")


async def test_the_link_of_the_chat_is_shown_when_it_is_known(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    mai = await office.person("Mai", linked=False)
    async with office.store.transaction() as tx:
        await agency.keep(tx, "link_telegram", "https://t.me/boiduong_bot?start=")
    await hr.taps_data(f"person_invite:{mai.person_id}")
    link = re.search(r"https://t\.me/boiduong_bot\?start=(\d{8})", hr.last)
    assert link is not None
    await office.chat("mai").sends(f"/start {link[1]}")
    office.chat("mai").sees("Câu 1/3")


async def test_people_are_found_by_code_phone_unit_and_with_a_typo_page_by_page(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await whole_city(office)
    await hr.taps_data("desk_people")
    await hr.sends("db0001")
    hr.sees("1 người", "Phạm Gia Long")
    await hr.taps_data("desk_people")
    await hr.sends("0917898318")
    hr.sees("1 người", "Phạm Gia Long")
    await hr.taps_data("desk_people")
    await hr.sends("pham gia logn")
    hr.sees("Phạm Gia Long")
    await hr.taps_data("desk_people")
    await hr.sends("phuong him lam")
    hr.sees("27 người (trang 1/5)", "[Xem tiếp]")
    assert hr.last.count("Phường Him Lam") == 6
    for page in (2, 3, 4, 5):
        await hr.taps("Xem tiếp")
        hr.sees(f"trang {page}/5")
    await hr.sends("1")
    hr.sees("[Cấp mã mời]", "Him Lam")
    await hr.taps_data("desk_people")
    await hr.sends("truong")
    hr.sees("300 người (trang 1/50)")
    await hr.taps_data("desk_people")
    await hr.sends("% _ 🙂")
    hr.sees("Không tìm thấy ai")


async def test_rights_are_given_and_taken_after_one_question_but_never_from_the_last_one(office: Office) -> None:
    hr, mai = await office.person("Hạnh", hr=True), await office.person("Mai")
    await hr.taps_data(f"person:{hr.person_id}")
    await hr.taps("Quyền hạn")
    await hr.taps("Thu quyền quản lý")
    await hr.taps("Thu quyền")
    hr.sees("người cuối cùng")
    await hr.taps_data(f"person:{mai.person_id}")
    await hr.taps("Quyền hạn")
    await hr.taps("Cấp quyền quản lý")
    await hr.taps("Toàn cơ quan")
    hr.sees("nhập tệp")
    await hr.taps("Cấp quyền")
    hr.sees("Quản lý toàn cơ quan")
    await mai.sends("/quanly")
    mai.sees("Quản lý")
    await mai.taps_data(f"rights:{hr.person_id}")
    await mai.taps("Thu quyền quản lý")
    await mai.taps("Thu quyền")
    await hr.sends("/quanly")
    hr.sees("người được phân quyền")


async def test_who_leaves_loses_chat_rights_and_headship_and_can_come_back(office: Office) -> None:
    hr, mai = await office.person("Hạnh", hr=True), await office.person("Mai", head=True)
    await hr.taps_data(f"person:{mai.person_id}")
    hr.sees("Thủ trưởng đơn vị")
    await hr.taps("Thôi công tác")
    await hr.taps("Thôi công tác")
    hr.sees("đã thôi công tác")
    hr.sees_no("Cấp mã mời")
    await mai.sends("/start")
    mai.sees("chưa gắn với ai")
    await hr.taps("Công tác trở lại")
    await hr.taps("Công tác trở lại")
    hr.sees("[Cấp mã mời]", "Liên kết: chưa")
    hr.sees_no("Thủ trưởng đơn vị.")
    await hr.taps_data(f"person_here:{mai.person_id}:1:1")
    hr.sees("đã được ghi nhận từ trước")


async def test_heads_are_listed_confirmed_and_changed(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await whole_city(office)
    await hr.sends("/quanly")
    await hr.taps("Thủ trưởng đơn vị")
    hr.sees("49 đơn vị", "1 chưa có thủ trưởng", "Xã Trí Phải: chưa có", "(đề xuất)", "trang 1/9")
    await hr.taps("Phòng Kinh tế")
    hr.sees("Ngô Kim Nga", "chưa xác nhận", "10 người")
    await hr.taps("Xác nhận")
    hr.sees("Đặt Ngô Kim Nga", "chưa liên kết")
    await hr.taps("Đặt làm thủ trưởng")
    hr.sees_no("chưa xác nhận")
    await hr.taps("Chọn người khác")
    hr.sees("trang 1/2", "Phó Trưởng phòng")
    await hr.taps("Phó Trưởng phòng")
    hr.sees("thay Ngô Kim Nga?")
    await hr.taps("Đặt làm thủ trưởng")
    hr.sees_no("Ngô Kim Nga")


async def test_a_head_is_one_of_the_unit(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    mai = await office.person("Mai", unit="Xã Khác")
    async with office.store.reading() as tx:
        unit_id = await tx.fetchval("select id from units where fold = $1", fold("Xã Trí Phải"))
    await hr.taps_data(f"head_set:{unit_id}:{mai.person_id}:1")
    hr.sees("không còn dùng được")


async def test_the_facts_of_the_agency_are_told_to_everybody(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await hr.sends("/quanly")
    await hr.taps("Thiết lập")
    await hr.taps("Thông tin cơ quan")
    await hr.taps("Sửa tên cơ quan")
    await hr.sends("x" * 151)
    hr.sees("Dài quá 150 chữ")
    await hr.sends(NASTY)
    hr.sees(f"Tên cơ quan: {NASTY}")
    await hr.taps("Sửa người liên hệ")
    await hr.sends("chị Hạnh, 0215 3825 000")
    await office.chat("stranger").sends("/start")
    office.chat("stranger").sees(NASTY)
    await office.chat("stranger").sends("/trogiup")
    office.chat("stranger").sees("chị Hạnh, 0215 3825 000")


async def test_only_hr_sees_the_desk(office: Office) -> None:
    await office.person("Hạnh", hr=True)
    lan = await office.person("Lan", head=True)
    for data in (
        "desk", "desk_people", "person:1", "person_invite:1", "right_give:2:hr:0:1", "desk_heads", "desk_requests",
        "desk_days", "day_off:2027-01-01", "head_set:1:2:1", "desk_agency", "person_here:1:0:1",
    ):  # fmt: skip
        await lan.taps_data(data)
        lan.sees("người được phân quyền")


async def test_forged_numbers_are_answered_politely(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    for data in ("person:999", "person:x", "person:-1", "unit:999", "request:999", "head_set:1:999:1", "desk_fact:bank",
                 "people:99999", "upload_keep:5", "desk_heads:-7", "day:x", "person_invite:999"):  # fmt: skip
        await hr.taps_data(data)
        hr.sees_no("sự cố")


async def test_a_name_of_any_letters_survives_at_the_desk(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    mai = await office.person(NASTY, unit=NASTY, title=NASTY)
    await hr.taps_data("desk_people")
    await hr.sends("lop luat dat dai")
    hr.sees(f"{NASTY} · {NASTY}")
    for data in (
        f"person:{mai.person_id}",
        f"person_invite:{mai.person_id}",
        f"right_give:{mai.person_id}:hr:0:0",
        "desk_heads",
    ):
        await hr.taps_data(data)
        hr.sees(NASTY)
    await mai.sends("/hoso")
    mai.sees(f"Chức vụ: {NASTY}")
    await mai.taps("Yêu cầu sửa")
    await mai.sends(NASTY)
    await office.settle()
    hr.sees(f"Yêu cầu của {NASTY}")


async def test_a_whole_unit_gets_its_codes_in_a_workbook(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True, unit="Phòng Nội vụ")
    for name in ("Lan", NASTY):
        await office.person(name, code=f"TP {name}", unit=NASTY, linked=False)
    await hr.sends("/quanly")
    await hr.taps("Thủ trưởng đơn vị")
    await hr.taps(NASTY)
    await hr.taps("Mã mời cho cả đơn vị")
    hr.sees("chưa liên kết")
    await hr.taps("Cấp mã mời")
    hr.sees("Đã cấp 2 mã mời")
    (file,) = hr.arrived[-1].attachments
    rows = list(openpyxl.load_workbook(io.BytesIO(file.content)).active.iter_rows(values_only=True))
    codes = {row[1]: row[3] for row in rows if row[1] in ("Lan", NASTY)}
    assert len(codes) == 2
    await office.chat("lan").sends(codes["Lan"])
    office.chat("lan").sees("Lan", "Câu 1/3")
    await hr.taps_data("unit_invite:1:1")
    hr.sees("Mọi người của Phòng Nội vụ đã liên kết")


async def test_every_screen_of_people_and_hr_speaks_english_too(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True, head=True)
    lan = await office.person("Lan")
    await hr.taps_data("speak:en")
    await lan.taps_data("profile_fix")
    await lan.sends("Sai tên")
    await office.settle()
    for data in ("home", "help", "profile", "profile_consents", "profile_fix", "profile_unlink", "desk", "desk_agency",
                 "desk_fact:name", "desk_people", "person:2", "person_invite:2", "person_here:2:0:0", "rights:2",
                 "right_where:2", "right_units:2:0", "right_schools:2:0", "right_give:2:hr:1:0",
                 "right_give:2:school:1:0", "right_give:2:operator:0:0", "right_take:1:0",
                 "desk_heads", "unit:1", "unit_people:1:0", "head_set:1:2:0", "unit_invite:1:0", "unit_invite:1:1",
                 "desk_days", "day_add", "day:2027-01-01", "desk_requests", "request:1", "request_answer:1",
                 "desk_uploads", "upload_drop:1", "upload_keep:1", "person:99",
                 "language", "found:0", "people:0"):  # fmt: skip
        await hr.taps_data(data)
        hr.sees_no("something went wrong")
        hr.sees_no("anh/chị")
    await hr.uploads("ds.xlsx", (DATA / "loi-nhap-lieu.xlsx").read_bytes())
    hr.sees("Row 10", "A dry run", "Rows in error, left out: 5")
    await hr.taps("Apply")
    hr.sees("New people: 4")
