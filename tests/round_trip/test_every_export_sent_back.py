"""Whatever workbook the desk gives, sent back as it is: a list shows no difference, a report is taken for no list."""

import pytest

from tests.attendance.rooms import session_of
from tests.broadcasts.announcing import sent
from tests.console.test_class_console import opened
from tests.legal.law_office import law, publish
from tests.results.classes import OVER, class_of, was_there
from tests.results.test_history import history
from tests.round_trip.editing import edited, sets
from tests.talking import Chat, Office, at


async def full_class(office: Office) -> tuple[Chat, int]:
    """A class that is over, attended, marked, paid, closed; beside it a law, an older turn, Nga without a chat."""
    hr = await office.person("Hạnh", unit="Sở Nội vụ", hr=True, code="H1")
    lan, minh = await office.person("Lan", code="A1"), await office.person("Minh", code="A2")
    await office.person("Nga", code="A3", linked=False)
    await publish(office, law())
    deadline = at("2026-12-05", "23:59") + 59  # the last second of a day, as both doors write it
    course_id = await class_of(office, lan, minh, institution="Trường Chính trị", deadline=deadline)
    for person, hours in ((lan, 10), (minh, 20)):
        await was_there(office, person, course_id, hours)
    await hr.taps_data(f"money_plan:{course_id}:{lan.person_id}:tuition:unit")
    await hr.sends("1tr")
    office.clock.move_to(OVER)
    await office.settle()
    await hr.taps_data(f"att_set:{await session_of(office, course_id, 2)}:{lan.person_id}:present")
    for person, mark in ((lan, "8"), (minh, "7,5")):
        await hr.taps_data(f"res_one:{course_id}:{person.person_id}")
        await hr.sends(mark)
    await hr.taps_data(f"res_close_yes:{course_id}")
    await hr.taps_data(f"cert_issue:{course_id}:{lan.person_id}")
    await hr.sends("01/2026")
    await hr.taps("Hôm nay")
    await hr.taps_data("post_keep:CC:0:LLCT:0")
    await hr.taps_data(f"decision_new:{course_id}")
    await hr.sends("12/QĐ-UBND")
    await hr.taps("Hôm nay")
    await hr.uploads("cu.xlsx", history(["A1", "Lan", "Xã Trí Phải", "Tin học", "CDS", "01/03/2026", "05/03/2026", 16]))
    await hr.taps("Ghi nhận")
    return hr, course_id


def last_file(hr: Chat) -> bytes:
    (file,) = hr.arrived[-1].attachments
    return file.content


LISTS = {
    "learners": "desk_class_sheet:{0}",
    "marks": "res_sheet:{0}",
    "money": "money_sheet:{0}",
    "certificates": "cert_class_sheet:{0}",
    "course": "cx:{0}",
    "courses": "cx_all",
    "people": "people_sheet:0",
    "history": "history_sheet",
    "attendance of a session": "att_print:1",
    "attendance of all": "att_paper:{0}",
    "who was there": "att_matrix:{0}",
    "what posts call for": "posts_sheet",
}
# What is changed in each list (in whose row, under which heading, to what) and what the answer tells of it.
EDITED = {
    "money": ([("Lan", "Dự kiến", 1_200_000)], "Ghi hoặc sửa: 1 khoản"),
    "certificates": ([("Minh", "Số chứng chỉ", "02/2026"), ("Minh", "Ngày cấp", "08/12/2026")], "Cấp mới: 1"),
    "course": ([("DD1", "Địa điểm/Đường dẫn", "Phòng 9")], "Thay đổi: 1"),
    "courses": ([("DD1", "Địa điểm/Đường dẫn", "Phòng 9")], "Thay đổi: 1"),
    "people": ([("Lan", "Chức vụ/chức danh", "Chủ tịch")], "1 đổi, 0 thêm, 0 bỏ"),
    "history": ([("Tin học", "Số tiết", 24)], "Thay đổi: 1"),
    "attendance of a session": ([("Lan", "Trạng thái", "về sớm")], "Ghi mới hoặc thay đổi: 1"),
    "attendance of all": ([("Minh", "Trạng thái", "muộn")], "Ghi mới hoặc thay đổi: 1"),
    "who was there": ([("Lan", "Buổi 2 (07/12/2026)", "nửa buổi")], "Ghi mới hoặc thay đổi: 1"),
}
REPORTS = {
    "who has not": "who_not_file:rate:{0}",
    "register of certificates": "cert_register",
    "who lacks what": "gaps_sheet",
    "hours": "hours_sheet:0",
    "no hours": "hours_sheet:1",
    "hours by unit": "hours_units_sheet",
    "register of decisions": "decisions_sheet",
    "who learns much": "hours_ahead_sheet",
    "proofs of reading": "desk_law_proofs:1",
    "cut off": "outbox_cut_sheet",
    "invitations": "unit_invite:2:1",
}


@pytest.mark.parametrize("name", LISTS)
async def test_a_list_sent_back_as_it_is_makes_no_difference(office: Office, name: str) -> None:
    hr, course_id = await full_class(office)
    await hr.taps_data(LISTS[name].format(course_id))
    await hr.uploads("lai.xlsx", last_file(hr))
    hr.sees("Không có gì thay đổi")
    hr.sees_no("[Ghi nhận]")
    hr.sees_no("Dòng lỗi")


@pytest.mark.parametrize("name", EDITED)
async def test_what_is_changed_in_a_list_is_the_only_difference(office: Office, name: str) -> None:
    hr, course_id = await full_class(office)
    await hr.taps_data(LISTS[name].format(course_id))
    changes, told = EDITED[name]
    content = last_file(hr)
    for change in changes:
        content = edited(content, sets(*change))
    await hr.uploads("lai.xlsx", content)
    hr.sees(told, "[Ghi nhận]")


async def test_a_mark_changed_in_the_list_of_a_class_not_yet_final_is_the_only_difference(office: Office) -> None:
    hr, lan = await office.person("Hạnh", hr=True), await office.person("Lan", code="A1")
    course_id = await class_of(office, lan, await office.person("Minh", code="A2"))
    office.clock.move_to(OVER)
    await hr.taps_data(f"res_sheet:{course_id}")
    await hr.uploads("lai.xlsx", edited(last_file(hr), sets("Lan", "Điểm", "7,5")))
    hr.sees("Ghi hoặc sửa: 1", "Giữ nguyên: 1", "[Ghi nhận]")


@pytest.mark.parametrize("name", REPORTS)
async def test_a_report_sent_back_is_told_to_be_one(office: Office, name: str) -> None:
    hr, course_id = await full_class(office)
    await hr.taps_data(REPORTS[name].format(course_id))
    await hr.uploads("lai.xlsx", last_file(hr))
    hr.sees("lai.xlsx là bảng để xem", "Danh sách cán bộ")
    hr.sees_no("[Ghi nhận]")


@pytest.mark.parametrize("data", ["rc_sheet:1", "bc_unreached:1"])
async def test_who_got_a_message_is_a_report_too(office: Office, data: str) -> None:
    hr = await office.person("Hạnh", hr=True)
    await office.person("Nga", code="A3", linked=False)
    await sent(office, hr)
    await hr.taps_data(data)
    await hr.uploads("lai.xlsx", last_file(hr))
    hr.sees("lai.xlsx là bảng để xem")


async def test_a_report_without_its_line_is_read_like_any_list(office: Office) -> None:
    hr, _ = await full_class(office)
    await hr.taps_data("hours_sheet:0")
    await hr.uploads("lai.xlsx", edited(last_file(hr), lambda page, _: page.delete_rows(1, 2)))
    hr.sees("còn thiếu cột")


async def test_the_class_offers_its_files_at_one_place(office: Office) -> None:
    hr, course_id = await full_class(office)
    await opened(hr, course_id)
    await hr.taps("Tệp, văn bản")
    hr.sees("Danh sách học viên", "Bảng điểm (Excel)", "Kinh phí (Excel)", "Chứng chỉ (Excel)", "Lớp (Excel)")
